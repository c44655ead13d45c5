"""A class that is over, looked at again: the grid at any moment of it, and how long each checkpoint took."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import select
from sqlmodel import col

from models import Course, LiveSession, User
from services import access
from services.access import Actor
from services.core.errors import NotFound, Refused
from services.core.transaction import Transaction
from services.courses import outline
from services.live import course_groups
from services.live.board.learner import LIVE, MARK_OF, OWN
from services.live.board.views import Change, ClassView, Column, Headcount, Presence, Row
from services.live.questions import past
from services.live.questions.past import PastQuestion
from services.live.replay import checkpoint_times, history
from services.live.replay.checkpoint_times import CheckpointTimes
from services.live.replay.history import Move, Past


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One class of a course, to be compared with the others."""

    session_id: int
    started_at: datetime
    seconds: int
    people: int
    percent: int
    step_seconds: int | None
    """the median over all checkpoints that were done"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldClasses:
    """All classes of a course that are over, the latest first."""

    groups: tuple[str, ...]
    """of the course"""
    held: tuple[Held, ...]


@dataclass(slots=True, kw_only=True)
class Replay:
    """One class from its beginning to its end."""

    title: str
    groups: tuple[str, ...]
    """of the course"""
    held: Held
    columns: tuple[Column, ...]
    names: dict[int, str]
    before: dict[int, bytes]
    """what was done before the class, by learner"""
    moves: tuple[Move, ...]
    times: tuple[CheckpointTimes, ...]
    questions: tuple[PastQuestion, ...]
    """that were asked in it"""

    def at(self, second: int) -> ClassView:
        """Return the grid as it was so many seconds after the class began."""
        cells, joined = self._state(second)
        shares = _shares(cells, joined, len(self.columns))
        rows = tuple(
            Row(
                key=str(user_id),
                name=name,
                marks=tuple(MARK_OF[bits] for bits in cells[user_id]),
                percent=_percent(cells[user_id]),
                presence=Presence.WORKING if user_id in joined else Presence.NOT_YET,
            )
            for user_id, name in self.names.items()
        )
        count = Headcount(here=len(joined), not_yet=len(self.names) - len(joined))
        return ClassView(
            columns=self.columns,
            rows=rows,
            shares=shares,
            percent=_all_percent(cells, joined, len(self.columns)),
            headcount=count,
            current=None,
        )

    def change(self, since: int, until: int) -> Change:
        """Return what moved after one moment and up to a later one."""
        view = self.at(until)
        moved = [move for move in self.moves if since < move.second <= until]
        touched = {move.user_id for move in moved}
        rows = {row.key: row for row in view.rows}
        cells = {(move.user_id, move.index) for move in moved if move.index is not None}
        return Change(
            cells=tuple(
                (str(user_id), self.columns[index].checkpoint_id, rows[str(user_id)].marks[index])
                for user_id, index in sorted(cells)
            ),
            percents=tuple((str(user_id), rows[str(user_id)].percent) for user_id in sorted(touched)),
            presence=tuple((str(user_id), rows[str(user_id)].presence) for user_id in sorted(touched)),
            shares=view.shares,
            percent=view.percent,
            headcount=view.headcount,
        )

    def _state(self, second: int) -> tuple[dict[int, bytearray], set[int]]:
        cells = {user_id: bytearray(bits) for user_id, bits in self.before.items()}
        joined: set[int] = set()
        for move in self.moves:
            if move.second > second:
                break
            if move.index is None:
                joined.add(move.user_id)
            else:
                cells[move.user_id][move.index] = move.bits
        return cells, joined


def of_class(tx: Transaction, actor: Actor | None, course_id: int, session_id: int, *, group: str = '') -> Replay:
    """Return a class that is over, for those who teach the course: of everybody, or of one group."""
    course = access.taught_course(tx, actor, course_id)
    access.note_look(tx, actor, 'replay', course=course_id)
    return again(tx, course, session_id, group=group)


def again(tx: Transaction, course: Course, session_id: int, *, group: str = '') -> Replay:
    """Return a class of a course that is over; the caller has checked who may see it."""
    course_id = course.id
    session = tx.session.get(LiveSession, session_id)
    if session is None or session.course_id != course_id:
        raise NotFound('There is no such class, or it is not one of yours.')
    if session.ended_at is None:
        raise Refused('This class is still on. It can be looked at again once it has ended.')
    shape = _shape(tx, course_id)
    groups = course_groups.by_learner(tx, course_id)
    (told,) = (_of_group(each, groups, group) for each in history.read(tx, course_id, [session], shape.places))
    people = select(col(User.id), col(User.name)).where(col(User.id).in_(told.before.keys()))
    names: dict[int, str] = dict(tx.execute(people.order_by(col(User.plain_name))).all())
    checkpoints = shape.times(told)
    return Replay(
        title=course.title,
        groups=course_groups.in_order(groups.values()),
        held=_held(told, checkpoints),
        columns=shape.columns,
        names=names,
        before=told.before,
        moves=tuple(told.moves),
        times=checkpoints,
        questions=past.of_class(tx, session_id, only=told.before.keys() if group else None),
    )


def of_course(tx: Transaction, actor: Actor | None, course_id: int, *, group: str = '') -> HeldClasses:
    """Return the classes of a course that are over, the latest first: with the figures of all, or of one group."""
    access.taught_course(tx, actor, course_id)
    access.note_look(tx, actor, 'classes', course=course_id)
    over = col(LiveSession.course_id) == course_id, col(LiveSession.ended_at).is_not(None)
    sessions = tx.session.scalars(select(LiveSession).where(*over).order_by(col(LiveSession.id))).all()
    shape = _shape(tx, course_id)
    groups = course_groups.by_learner(tx, course_id)
    past = (_of_group(each, groups, group) for each in history.read(tx, course_id, sessions, shape.places))
    held = [_held(each, shape.times(each)) for each in past]
    return HeldClasses(groups=course_groups.in_order(groups.values()), held=tuple(reversed(held)))


def _of_group(told: Past, groups: Mapping[int, str], group: str) -> Past:
    return told.only({user_id for user_id, its in groups.items() if its == group}) if group else told


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """The checkpoints of a course that count now."""

    columns: tuple[Column, ...]
    planned: tuple[int | None, ...]
    """in seconds"""

    @property
    def places(self) -> dict[int, int]:
        return {column.checkpoint_id: index for index, column in enumerate(self.columns)}

    def times(self, told: Past) -> tuple[CheckpointTimes, ...]:
        return checkpoint_times.times(self.columns, self.planned, told.moves, len(told.before))


def _shape(tx: Transaction, course_id: int) -> _Shape:
    counted = [checkpoint for checkpoint in outline.in_order(tx, course_id) if not checkpoint.is_preview]
    return _Shape(
        columns=tuple(
            Column(checkpoint_id=checkpoint.id, number=n, title=checkpoint.title)
            for n, checkpoint in enumerate(counted, start=1)
        ),
        planned=tuple(
            60 * checkpoint.estimated_minutes if checkpoint.estimated_minutes else None for checkpoint in counted
        ),
    )


def _held(told: Past, checkpoints: Sequence[CheckpointTimes]) -> Held:
    took = [each for checkpoint in checkpoints for each in checkpoint.took]
    return Held(
        session_id=told.session_id,
        started_at=told.started_at,
        seconds=told.seconds,
        people=len(told.before),
        percent=_all_percent(told.at_end, told.at_end, len(checkpoints)),
        step_seconds=int(median(took)) if took else None,
    )


def _done(cells: Iterable[int]) -> int:
    return sum(bool(bits & (LIVE | OWN)) for bits in cells)


def _percent(cells: bytearray) -> int:
    return 100 * _done(cells) // max(1, len(cells))


def _shares(cells: Mapping[int, bytearray], joined: set[int], places: int) -> tuple[int, ...]:
    return tuple(
        100 * sum(bool(cells[user_id][index] & (LIVE | OWN)) for user_id in joined) // max(1, len(joined))
        for index in range(places)
    )


def _all_percent(cells: Mapping[int, Iterable[int]], joined: Iterable[int], places: int) -> int:
    who = list(joined)
    return 100 * sum(_done(cells[user_id]) for user_id in who) // max(1, len(who) * places)
