"""Snapshots of a class, for clients that ask for it again and again, and a version that tells them apart.

The same version is the same snapshot, to the byte. Those who teach get all of the class, a learner their own part.
"""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from pydantic import TypeAdapter

from services.access import Actor
from services.core import database
from services.live import class_access
from services.live.board import view_builders
from services.live.board.public_stats import class_percent
from services.live.room import Room
from services.live.stream.snapshots import ClassState, OwnState, class_state, own_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One state, and the same as JSON."""

    state: ClassState | OwnState
    body: bytes

    @property
    def version(self) -> str:
        """What tells this state from others."""
        return self.state.version


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Through which one person looks at a class: what it shows is always of this moment."""

    room: Room
    user_id: int
    learns: bool

    @property
    def version(self) -> str:
        """What tells whether anything has moved for this person, without drawing it."""
        if not self.learns:
            return f'{self.room.born}.{self.room.version}'
        steered, moved = view_builders.version(self.room.board, self.user_id)
        figure = class_percent(self.room.board)
        return f'{self.room.born}.{self.user_id}.{steered}.{moved}.{"" if figure is None else figure}'

    def look(self) -> Snapshot:
        """Return how it stands now; all who teach are given the one that was made first."""
        if self.learns:
            own = own_state(self.room.board, self.user_id, self.version)
            return Snapshot(state=own, body=_OWN.dump_json(own))
        made = _made.get(self.room)
        if made is None or made.version != self.version:
            pace = self.room.pace_signals.shares
            state = class_state(self.room.board, self.room.presences, self.version, pace)
            made = _made[self.room] = Snapshot(state=state, body=_CLASS.dump_json(state))
        return made


async def window(actor: Actor | None, course_id: int) -> Window:
    """Open the window of a learner or teacher of a course; raises `NotFound` for everybody else.

    The board is kept for as long as somebody comes to look.
    """
    place = await database.read(class_access.place, actor, course_id)
    return Window(room=await class_access.enter(course_id), user_id=actor.user_id if actor else 0, learns=place.learns)


async def of_class(actor: Actor | None, course_id: int) -> Snapshot:
    """Return how a class stands for a learner or teacher of the course."""
    return (await window(actor, course_id)).look()


_made: WeakKeyDictionary[Room, Snapshot] = WeakKeyDictionary()
"""the latest for those who teach: a hundred clients that ask cost one encoding"""

_CLASS, _OWN = TypeAdapter(ClassState), TypeAdapter(OwnState)
