"""What the database is asked for the figures of learners: as many statements for a hundred of them as for one.

`courses` and `owners` say of whom: the ids of the courses, and the learners by their own ids and by those of the guests
who have turned out to be them. What is found is by place, which is a pair of (course id, user id).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select

from models import (
    Attendance,
    Checkpoint,
    CheckpointKind,
    DailyTotal,
    DayPart,
    LearningSession,
    LiveSession,
    Progress,
    StudyTime,
    Verb,
    table,
)
from services.analytics import course_queries, day_queries
from services.analytics.course_facts import Standing
from services.core import zones
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction

K = TypeVar('K')
Place = tuple[int, int]
"""(course id, user id)"""
Owners = Mapping[int, int]
"""learners by their own ids, and by those of the guests who have turned out to be them"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """How often and how long a learner did one kind of thing in one part of one day of theirs."""

    day: date
    verb: Verb
    part: DayPart
    count: int
    seconds: int
    sessions: int
    completed: int

    @property
    def is_deed(self) -> bool:
        """Whether the learner did it themselves."""
        return self.verb not in day_queries.NOT_OWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One learning session in the span."""

    day: date
    started_at: datetime
    active_seconds: int
    idle_seconds: int
    pages_viewed: int
    videos_watched: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassTime:
    """One class in the span that the learner came to."""

    day: date
    seconds: int


class Span(NamedTuple):
    """The days of learners in one zone, both ends included."""

    zone: ZoneInfo
    since: date
    until: date

    @property
    def moments(self) -> Mapping[str, datetime]:
        """When the first day begins and the last one is over."""
        return {
            'since': zones.start_of_day(self.zone, self.since),
            'until': zones.start_of_day(self.zone, self.until + timedelta(days=1)),
        }


def standings(tx: Transaction, courses: Sequence[int], user_ids: Sequence[int]) -> dict[Place, dict[int, Standing]]:
    """Return how learners stand at each checkpoint that they have started, and since when."""
    found: dict[Place, dict[int, Standing]] = {}
    for course_id, user_id, checkpoint_id, started_at, completed_at, seconds in _PROGRESS.rows(
        tx.connection, courses=list(courses), people=list(user_ids)
    ):
        here = found.setdefault((course_id, user_id), {})
        other = here.get(checkpoint_id)
        if other:
            started_at = min(started_at, other.started_at)
            completed_at = min(filter(None, (completed_at, other.completed_at)), default=None)
            seconds += other.seconds_in_class
        here[checkpoint_id] = Standing(started_at=started_at, completed_at=completed_at, seconds_in_class=seconds)
    return found


def studied(tx: Transaction, courses: Sequence[int], owners: Owners) -> dict[Place, dict[int, int]]:
    """Return how long learners studied each checkpoint on their own, ever, in seconds."""
    return _summed(_STUDIED.rows(tx.connection, courses=list(courses), people=list(owners)), owners)


def excused(tx: Transaction, courses: Sequence[int], owners: Owners) -> dict[Place, frozenset[int]]:
    """Return the checkpoints from which learners are excused."""
    rows = course_queries.excused_among(tx, courses, list(owners))
    return {place: frozenset(id_ for (id_,) in ids) for place, ids in _by_place(rows, owners).items()}


def totals(
    tx: Transaction, courses: Sequence[int], user_ids: Iterable[int], span: Span
) -> dict[Place, tuple[Total, ...]]:
    """Return the daily totals of learners in a span; course 0 is what belongs to no course, such as sign-ins."""
    days = {'since': span.since, 'until': span.until}
    rows = _TOTALS.rows(tx.connection, courses=list(courses), people=list(user_ids), **days)
    own = {row[1]: row[1] for row in rows}
    return {
        place: tuple(Total(**dict(zip(_TOTAL, row, strict=True))) for row in its)
        for place, its in _by_place(rows, own).items()
    }


def sessions(tx: Transaction, courses: Sequence[int], owners: Owners, span: Span) -> dict[Place, tuple[Session, ...]]:
    """Return the learning sessions of learners in a span, the oldest first."""
    rows = _SESSIONS.rows(tx.connection, courses=list(courses), people=list(owners), **span.moments)
    return {
        place: tuple(
            Session(
                day=zones.local_date(span.zone, started_at),
                started_at=started_at,
                active_seconds=active,
                idle_seconds=idle,
                pages_viewed=pages,
                videos_watched=videos,
            )
            for started_at, active, idle, pages, videos in its
        )
        for place, its in _by_place(rows, owners).items()
    }


def classes(tx: Transaction, courses: Sequence[int], owners: Owners, span: Span) -> dict[Place, tuple[ClassTime, ...]]:
    """Return the classes to which learners came in a span."""
    rows = _CLASSES.rows(tx.connection, courses=list(courses), people=list(owners), **span.moments)
    return {
        place: tuple(ClassTime(day=zones.local_date(span.zone, came_at), seconds=seconds) for came_at, seconds in its)
        for place, its in _by_place(rows, owners).items()
    }


def studied_by_kind(
    tx: Transaction, courses: Sequence[int], owners: Owners, span: Span
) -> dict[Place, dict[CheckpointKind, int]]:
    """Return how long learners studied each kind of checkpoint in a span, in seconds."""
    rows = _BY_KIND.rows(tx.connection, courses=list(courses), people=list(owners), **span.moments)
    return _summed(rows, owners)


def _summed(rows: Iterable[Sequence[Any]], owners: Owners) -> dict[Place, dict[K, int]]:
    """Return seconds by place and key; what a guest did is added to what the learner did."""
    found: dict[Place, dict[K, int]] = {}
    for course_id, whose, key, seconds in rows:
        here = found.setdefault((course_id, owners[whose]), {})
        here[key] = here.get(key, 0) + int(seconds or 0)
    return found


def _by_place(rows: Iterable[Sequence[Any]], owners: Owners) -> dict[Place, list[list[Any]]]:
    """Return what follows the course and the person in some rows, by place and in their order."""
    found: dict[Place, list[list[Any]]] = {}
    for course_id, whose, *rest in rows:
        found.setdefault((course_id, owners[whose]), []).append(rest)
    return found


_progress, _totals, _sessions, _times = table(Progress), table(DailyTotal), table(LearningSession), table(StudyTime)
_checkpoints, _attendance, _live = table(Checkpoint), table(Attendance), table(LiveSession)
_PROGRESS = Prepared(
    select(
        _progress.c.course_id,
        _progress.c.user_id,
        _progress.c.checkpoint_id,
        _progress.c.started_at,
        _progress.c.completed_at,
        course_queries.IN_CLASS,
    ).where(among(_progress.c.course_id, 'courses'), among(_progress.c.user_id, 'people'))
)
_STUDIED = Prepared(
    select(_times.c.course_id, _times.c.user_id, _times.c.checkpoint_id, func.sum(_times.c.seconds))
    .where(among(_times.c.user_id, 'people'), among(_times.c.course_id, 'courses'))
    .group_by(_times.c.course_id, _times.c.user_id, _times.c.checkpoint_id)
)
_TOTAL = ('day', 'verb', 'part', 'count', 'seconds', 'sessions', 'completed')
_DAY = _totals.c.local_date.type
_TOTALS = Prepared(
    select(
        _totals.c.course_id,
        _totals.c.user_id,
        _totals.c.local_date,
        _totals.c.verb,
        _totals.c.part,
        _totals.c.count,
        _totals.c.seconds,
        _totals.c.sessions,
        _totals.c.completed,
    )
    .where(
        among(_totals.c.user_id, 'people'),
        among(_totals.c.course_id, 'courses'),
        _totals.c.local_date >= bindparam('since', type_=_DAY),
        _totals.c.local_date <= bindparam('until', type_=_DAY),
    )
    .order_by(_totals.c.local_date)
)
_MOMENT = _sessions.c.started_at.type
_IN_SPAN = (
    among(_sessions.c.user_id, 'people'),
    among(_sessions.c.course_id, 'courses'),
    _sessions.c.started_at >= bindparam('since', type_=_MOMENT),
    _sessions.c.started_at < bindparam('until', type_=_MOMENT),
    _sessions.c.ended_at.is_not(None),
)
_SESSIONS = Prepared(
    select(
        _sessions.c.course_id,
        _sessions.c.user_id,
        _sessions.c.started_at,
        _sessions.c.active_seconds,
        _sessions.c.idle_seconds,
        _sessions.c.pages_viewed,
        _sessions.c.videos_watched,
    )
    .where(*_IN_SPAN)
    .order_by(_sessions.c.started_at)
)
_BY_KIND = Prepared(
    select(_sessions.c.course_id, _sessions.c.user_id, _checkpoints.c.kind, func.sum(_times.c.seconds))
    .select_from(_sessions)
    .join(_times, _times.c.session_id == _sessions.c.id)
    .join(_checkpoints, _checkpoints.c.id == _times.c.checkpoint_id)
    .where(*_IN_SPAN)
    .group_by(_sessions.c.course_id, _sessions.c.user_id, _checkpoints.c.kind)
)
_CLASSES = Prepared(
    select(_live.c.course_id, _attendance.c.user_id, _attendance.c.came_at, _attendance.c.seconds)
    .join(_live, _live.c.id == _attendance.c.session_id)
    .where(
        among(_attendance.c.user_id, 'people'),
        among(_live.c.course_id, 'courses'),
        _attendance.c.came_at >= bindparam('since', type_=_MOMENT),
        _attendance.c.came_at < bindparam('until', type_=_MOMENT),
    )
)
