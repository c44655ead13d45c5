"""The one shape of a projection: a table, or some of its columns, that is nothing but what the activity log says."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from models import Verb
from services.core.events import Recorded
from services.core.transaction import Transaction

Key = TypeVar('Key')
Value = TypeVar('Value')
Form = TypeAdapter
"""how a state is written to a snapshot: `Form(list[tuple[Key, Value]])`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class State(Generic[Key, Value]):
    """What a projection knows after some activities, by key: a snapshot can keep it, and folding goes on from there."""

    name: str
    form: TypeAdapter[list[tuple[Key, Value]]]
    fold: Callable[[Transaction, 'Part', dict[Key, Value]], object]
    """move a state by the activities of a part"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begins:
    """What is known of some people before the activities that are folded: nothing, or what a snapshot has kept."""

    since: int = 0
    """the id of the last activity that is in the states"""
    states: Mapping[str, Mapping[Any, Any]] = field(default_factory=dict)
    """by name"""

    def state(self, state: State[Key, Value]) -> dict[Key, Value]:
        """Return a copy of one state."""
        return dict(self.states.get(state.name, {}))


NOTHING = Begins()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some people and everything that the log has by them or about them, to rebuild or to compare."""

    people: frozenset[int]
    """their ids; guests come together with the person who they have turned out to be"""
    owners: Mapping[int, int]
    """guest → the person who they have turned out to be"""
    activities: Iterable[Recorded]
    """oldest first; each projection goes through them anew"""
    with_guest: int | None = None
    """the guest whose work has just become that of another person; courses that this completes depend on it"""
    begins: Begins = NOTHING
    ends: dict[str, dict[Any, Any]] = field(default_factory=dict)
    """the states after them, as far as they have been folded"""

    def folded(self, tx: Transaction, state: State[Key, Value]) -> Mapping[Key, Value]:
        """Return a state after the activities of this part; they are folded once."""
        if state.name not in self.ends:
            known = self.begins.state(state)
            state.fold(tx, self, known)
            self.ends[state.name] = known
        return self.ends[state.name]

    def own(self) -> Iterator[Recorded]:
        """Yield what these people did themselves."""
        return (each for each in self.activities if each.user_id in self.people)

    def owned(self) -> Iterator[Recorded]:
        """Yield what these people did, with the person in place of the guest."""
        for each in self.own():
            yield replace(each, user_id=self.owners[each.user_id]) if each.user_id in self.owners else each


def _nothing(_tx: Transaction, _: object) -> None:
    """Have nothing to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """What follows the log in the transaction that writes it.

    Where the log follows a table, as with certificates, there is nothing to project, only to compare.
    """

    name: str
    follows: frozenset[Verb] = frozenset()
    project: Callable[[Transaction, Sequence[Recorded]], None] = _nothing
    """fold activities just recorded, all with verbs that it follows, and store the result"""
    rebuild: Callable[[Transaction, Part], None] = _nothing
    """store what the log says of some people anew"""
    states: tuple[State[Any, Any], ...] = ()
    """all that `differences` knows from the log"""
    differences: Callable[[Transaction, Part], list[str]]
    """return one line for everything in which the table differs from the log"""


def compared(
    what: str, expected: Mapping[Key, Mapping[str, object]], stored: Mapping[Key, Mapping[str, object]]
) -> Iterable[str]:
    """Yield one line for each row that is in the log or in the table only, or that differs."""
    for key in expected.keys() ^ stored.keys():
        yield f'{what} {key}: in one of log and table only'
    for key in expected.keys() & stored.keys():
        kept = {name: stored[key][name] for name in expected[key]}
        if kept != expected[key]:
            yield f'{what} {key}: {kept} instead of {dict(expected[key])}'
