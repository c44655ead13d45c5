"""A class that is over, looked at again: the grid at any moment of it, and how long each step took."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median, quantiles

from sqlalchemy import select
from sqlmodel import col

from models import Activity, LiveSession, User, Verb
from services import access, outline
from services.access import Actor
from services.core import log
from services.core.database import Transaction
from services.core.errors import NotFound, Refused
from services.core.events import Recorded
from services.live.board import LIVE, MARK_OF, OWN, bits_after
from services.live.board_help import STUCK
from services.live.views import Change, ClassView, Column, Headcount, Presence, Row

SHARES = (50, 90)
"""percent of those who joined, whose moment is told for each step"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """At one moment a cell became another, or (without a cell) somebody joined."""

    second: int
    user_id: int
    index: int | None = None
    bits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTimes:
    """How one step went: when how many were done, and how long it took each; in seconds."""

    column: Column
    reached: tuple[int | None, ...]
    """since the class began, by `SHARES`; None if it never was"""
    took: tuple[int, ...]
    """from start to done of each who did it in this class, the quickest first"""

    @property
    def quarters(self) -> tuple[int, int, int] | None:
        """A quarter, half, and three quarters of those took no longer; None where fewer than two did it."""
        if len(self.took) < 2:
            return None
        first, half, third = quantiles(self.took, n=4, method='inclusive')
        return int(first), int(half), int(third)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One class of a course, to be compared with the others."""

    session_id: int
    started_at: datetime
    seconds: int
    people: int
    percent: int
    step_seconds: int | None
    """the median over all steps that were done"""


@dataclass(slots=True, kw_only=True)
class Replay:
    """One class from its beginning to its end."""

    title: str
    held: Held
    columns: tuple[Column, ...]
    names: dict[int, str]
    before: dict[int, bytes]
    """what was done before the class, by learner"""
    moves: tuple[Move, ...]
    times: tuple[StepTimes, ...]

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


def of_class(tx: Transaction, actor: Actor | None, course_id: int, session_id: int) -> Replay:
    """Return a class that is over, for those who teach the course."""
    course = access.taught_course(tx, actor, course_id)
    session = tx.session.get(LiveSession, session_id)
    if session is None or session.course_id != course_id:
        raise NotFound('There is no such class, or it is not one of yours.')
    if session.ended_at is None:
        raise Refused('This class is still on. It can be looked at again once it has ended.')
    return _told(tx, course_id, course.title, session)


def of_course(tx: Transaction, actor: Actor | None, course_id: int) -> tuple[str, list[Held]]:
    """Return the title of a course and all its classes that are over, the latest first."""
    course = access.taught_course(tx, actor, course_id)
    over = col(LiveSession.course_id) == course_id, col(LiveSession.ended_at).is_not(None)
    sessions = tx.session.scalars(select(LiveSession).where(*over).order_by(col(LiveSession.id).desc())).all()
    return course.title, [_told(tx, course_id, course.title, session).held for session in sessions]


def _told(tx: Transaction, course_id: int, title: str, session: LiveSession) -> Replay:
    counted = [step for step in outline.in_order(tx, course_id) if not step.is_preview]
    columns = tuple(
        Column(checkpoint_id=step.id, number=n, title=step.title) for n, step in enumerate(counted, start=1)
    )
    merged = select(col(User.id), col(User.merged_into_id)).where(col(User.merged_into_id).is_not(None))
    owners = {guest: person for guest, person in tx.execute(merged) if person is not None}
    activities = log.read(tx, col(Activity.course_id) == course_id)
    end = session.ended_at or tx.now
    joined = {
        owners.get(a.user_id, a.user_id) for a in activities if a.session_id == session.id and a.verb is Verb.JOINED
    }
    people = select(col(User.id), col(User.name)).where(col(User.id).in_(joined)).order_by(col(User.plain_name))
    names: dict[int, str] = dict(tx.execute(people).all())
    places = {column.checkpoint_id: index for index, column in enumerate(columns)}
    cells = {user_id: bytearray(len(columns)) for user_id in names}
    before: dict[int, bytes] | None = None
    moves: list[Move] = []
    for activity in activities:
        if activity.at > end:
            break
        if before is None and activity.at >= session.started_at:
            before = {user_id: bytes(bits) for user_id, bits in cells.items()}
        who = _whose(activity, owners)
        if who not in cells:
            continue
        second = max(0, int((activity.at - session.started_at).total_seconds()))
        if activity.verb is Verb.JOINED and activity.session_id == session.id:
            moves.append(Move(second=second, user_id=who))
        elif activity.checkpoint_id in places:
            index = places[activity.checkpoint_id]
            bits = _bits(cells[who][index], activity)
            if bits != cells[who][index]:
                cells[who][index] = bits
                if before is not None:
                    moves.append(Move(second=second, user_id=who, index=index, bits=bits))
    times = _times(columns, moves, len(names))
    return Replay(
        title=title,
        held=Held(
            session_id=session.id,
            started_at=session.started_at,
            seconds=max(1, int((end - session.started_at).total_seconds())),
            people=len(names),
            percent=_all_percent(cells, cells.keys(), len(columns)),
            step_seconds=int(median(took)) if (took := [each for step in times for each in step.took]) else None,
        ),
        columns=columns,
        names=names,
        before=before if before is not None else {user_id: bytes(bits) for user_id, bits in cells.items()},
        moves=tuple(moves),
        times=times,
    )


def _whose(activity: Recorded, owners: dict[int, int]) -> int:
    user_id = activity.about_id if activity.verb in _HELP and activity.about_id else activity.user_id
    return owners.get(user_id, user_id)


def _bits(bits: int, activity: Recorded) -> int:
    if activity.verb is Verb.HELP_ASKED:
        return bits | STUCK
    if activity.verb in {Verb.HELP_WITHDRAWN, Verb.HELP_RESOLVED}:
        return bits & ~STUCK
    return bits_after(bits, activity)


def _times(columns: Sequence[Column], moves: Sequence[Move], people: int) -> tuple[StepTimes, ...]:
    """Tell each step by the last time that it was done in this class, for those who did not take it back."""
    started: dict[tuple[int, int], int] = {}
    done: list[dict[int, int]] = [{} for _ in columns]
    for move in moves:
        if move.index is None:
            continue
        started.setdefault((move.user_id, move.index), move.second)
        if not move.bits & LIVE:
            done[move.index].pop(move.user_id, None)
        else:
            done[move.index].setdefault(move.user_id, move.second)
    return tuple(
        StepTimes(
            column=column,
            reached=tuple(_when(sorted(done[index].values()), people, share) for share in SHARES),
            took=tuple(sorted(second - started[user_id, index] for user_id, second in done[index].items())),
        )
        for index, column in enumerate(columns)
    )


def _when(moments: Sequence[int], people: int, share: int) -> int | None:
    needed = max(1, -(-people * share // 100))
    return moments[needed - 1] if len(moments) >= needed else None


def _done(cells: Iterable[int]) -> int:
    return sum(bool(bits & (LIVE | OWN)) for bits in cells)


def _percent(cells: bytearray) -> int:
    return 100 * _done(cells) // max(1, len(cells))


def _shares(cells: dict[int, bytearray], joined: set[int], places: int) -> tuple[int, ...]:
    return tuple(
        100 * sum(bool(cells[user_id][index] & (LIVE | OWN)) for user_id in joined) // max(1, len(joined))
        for index in range(places)
    )


def _all_percent(cells: dict[int, bytearray], joined: Iterable[int], places: int) -> int:
    who = list(joined)
    return 100 * sum(_done(cells[user_id]) for user_id in who) // max(1, len(who) * places)


_HELP = frozenset({Verb.HELP_ASKED, Verb.HELP_WITHDRAWN, Verb.HELP_RESOLVED})
