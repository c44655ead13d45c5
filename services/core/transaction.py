"""What a service verb works in: one moment of the database, and what it leaves for after the commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVarTuple, overload

from sqlalchemy import Connection, CursorResult, Executable, Result
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlmodel import Session

from services.core.events import Event
from services.core.looks import Looked
from services.core.looks import record as record_looks

if TYPE_CHECKING:
    from services.core.projection import Projection

Ts = TypeVarTuple('Ts')
Values = Mapping[str, Any] | Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Note:
    """One line for the server log, written once its transaction is committed."""

    event: str
    request: str
    facts: dict[str, object]


@dataclass(slots=True)
class Transaction:
    """What a service verb works in: a connection, one moment, and what to tell the world after the commit."""

    connection: Connection
    now: datetime
    request_id: str = ''
    request_ids: dict[int, str] = field(default_factory=dict)
    """by user, where one verb serves many requests"""
    zones: dict[int, str] = field(default_factory=dict)
    """names of the time zones of people that are known here already, by user; empty for that of the school"""
    projections: 'Sequence[Projection]' = ()
    """what follows the activities that are recorded here, in this order"""
    announcements: list[Event] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    looks: list[Looked] = field(default_factory=list)
    """at data of other people, to be recorded before anything leaves the server"""
    _session: Session | None = None

    @property
    def session(self) -> Session:
        """The session of this verb alone, which knows the models; the path of a tap does without."""
        if self._session is None:
            self._session = Session(self.connection, expire_on_commit=False, join_transaction_mode='rollback_only')
        return self._session

    def finish(self) -> None:
        """Write what the session still holds back, and who looked at whose data, and let go of it."""
        if self._session is not None:
            self._session.flush()
        if self.looks:
            record_looks(self, self.looks)
            self.looks.clear()
        self.forget()

    def forget(self) -> None:
        """Let go of the session and of what it holds back."""
        if self._session is not None:
            self._session.close()
        self._session = None

    @overload
    def execute(self, statement: TypedReturnsRows[*Ts], values: Values | None = None) -> Result[*Ts]: ...

    @overload
    def execute(self, statement: Executable, values: Values | None = None) -> Result[*tuple[Any, ...]]: ...

    def execute(self, statement: Executable, values: Values | None = None) -> Result[*tuple[Any, ...]]:
        """Run a statement through the session, which knows the models."""
        return self.session.execute(statement, values)

    def change(self, statement: Executable) -> int:
        """Run a changing statement and return how many rows it changed."""
        result = self.execute(statement)
        return result.rowcount if isinstance(result, CursorResult) else 0

    def announce(self, *events: Event) -> None:
        """Tell watchers about this once it is committed."""
        self.announcements.extend(events)

    def note(self, event: str, *, request: str = '', **facts: object) -> None:
        """Write a line to the server log once this is committed."""
        self.notes.append(Note(event, request or self.request_id, facts))
