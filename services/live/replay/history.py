"""Classes that are over, read from the log: what was done before each, and what moved in it."""

from collections import deque
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from models import TRAITS, Activity, LiveSession, User, Verb, verbs_where
from services.activity import log
from services.core.events import Recorded
from services.core.transaction import Transaction
from services.live.board.help_queue import STUCK
from services.live.board.learner import bits_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """At one moment a cell became another, or (without a cell) somebody joined."""

    second: int
    user_id: int
    index: int | None = None
    bits: int = 0


@dataclass(slots=True, kw_only=True)
class Past:
    """One class that is over, with the cells of those who joined it."""

    session_id: int
    started_at: datetime
    ended_at: datetime
    before: dict[int, bytes]
    """when it began"""
    moves: list[Move] = field(default_factory=list)
    at_end: dict[int, bytes] = field(default_factory=dict)

    @property
    def seconds(self) -> int:
        """How long it was."""
        return max(1, int((self.ended_at - self.started_at).total_seconds()))

    def only(self, learners: Container[int]) -> 'Past':
        """Return the same class as if none but these learners had joined it."""
        return Past(
            session_id=self.session_id,
            started_at=self.started_at,
            ended_at=self.ended_at,
            before={user_id: cells for user_id, cells in self.before.items() if user_id in learners},
            moves=[move for move in self.moves if move.user_id in learners],
            at_end={user_id: cells for user_id, cells in self.at_end.items() if user_id in learners},
        )


def read(tx: Transaction, course_id: int, sessions: Sequence[LiveSession], places: Mapping[int, int]) -> Iterator[Past]:
    """Tell classes of a course that are over, the oldest first; the log is read once, however many they are.

    `places` says which cell belongs to which checkpoint.
    """
    merged = select(col(User.id), col(User.merged_into_id)).where(col(User.merged_into_id).is_not(None))
    owners: dict[int, int] = {guest: person for guest, person in tx.execute(merged) if person}
    activities = log.read(tx, (col(Activity.course_id) == course_id) & col(Activity.verb).in_(_TOLD))
    joined: dict[int | None, set[int]] = {}
    for activity in activities:
        if activity.verb is Verb.JOINED:
            joined.setdefault(activity.session_id, set()).add(owners.get(activity.user_id, activity.user_id))
    walk = _Walk(deque(sessions), joined, len(places))
    for activity in activities:
        yield from walk.go_to(activity.at)
        walk.follow(activity, _whose(activity, owners), places.get(activity.checkpoint_id or 0))
    yield from walk.go_to(None)


class _Walk:
    """On the way through the log of a course, from class to class; at most one is on at a time."""

    def __init__(self, ahead: deque[LiveSession], joined: Mapping[int | None, set[int]], places: int) -> None:
        self._ahead = ahead
        self._joined = joined
        self._nothing = bytes(places)
        self._cells: dict[int, bytearray] = {}
        self._now: Past | None = None

    def go_to(self, moment: datetime | None) -> Iterator[Past]:
        """Go on to a moment, or to the end, and tell the classes that are over by then."""
        while True:
            if self._now is None:
                if not self._ahead or (moment and moment < self._ahead[0].started_at):
                    return
                self._begin(self._ahead.popleft())
            elif moment and moment <= self._now.ended_at:
                return
            else:
                over, self._now = self._now, None
                over.at_end = {user_id: self._of(user_id) for user_id in over.before}
                yield over

    def follow(self, activity: Recorded, who: int, index: int | None) -> None:
        """Let an activity move a cell."""
        now = self._now
        if activity.verb is Verb.JOINED:
            if now and activity.session_id == now.session_id:
                now.moves.append(Move(second=_second(now, activity), user_id=who))
        elif index is not None:
            cells = self._cells.get(who)
            if cells is None:
                cells = self._cells[who] = bytearray(self._nothing)
            bits = _bits(cells[index], activity)
            if bits != cells[index]:
                cells[index] = bits
                if now and who in now.before:
                    now.moves.append(Move(second=_second(now, activity), user_id=who, index=index, bits=bits))

    def _begin(self, session: LiveSession) -> None:
        assert session.ended_at
        self._now = Past(
            session_id=session.id,
            started_at=session.started_at,
            ended_at=session.ended_at,
            before={user_id: self._of(user_id) for user_id in self._joined.get(session.id, ())},
        )

    def _of(self, user_id: int) -> bytes:
        return bytes(self._cells.get(user_id, self._nothing))


def _second(past: Past, activity: Recorded) -> int:
    return max(0, int((activity.at - past.started_at).total_seconds()))


def _whose(activity: Recorded, owners: Mapping[int, int]) -> int:
    is_of_help = TRAITS[activity.verb].stuck is not None
    user_id = activity.about_id if is_of_help and activity.about_id else activity.user_id
    return owners.get(user_id, user_id)


def _bits(bits: int, activity: Recorded) -> int:
    stuck = TRAITS[activity.verb].stuck
    if stuck is None:
        return bits_after(bits, activity)
    return bits | STUCK if stuck else bits & ~STUCK


_TOLD = verbs_where(lambda traits: traits.moves_progress or traits.stuck is not None) | {Verb.JOINED}
