"""What the figures of one learner in one course are made of, in a span of days; read once for all of them."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam, func, select

from models import (
    Attendance,
    Checkpoint,
    CheckpointKind,
    Course,
    DailyTotal,
    DayPart,
    LearningSession,
    LiveSession,
    StudyTime,
    User,
    Verb,
    table,
)
from services import access
from services.access import Actor
from services.analytics import choices, course_queries
from services.analytics.course_facts import Learner, Standing, Step
from services.core import zones
from services.core.database import Transaction
from services.core.errors import Invalid, NotFound
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.grades import sources
from services.quizzes import skills
from services.study import times

SPAN = timedelta(weeks=12)
"""that a page shows: about a term"""
YEARS = range(2000, 2200)
"""in which a day can be asked for; the moments of others may be out of reach"""


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
        return self.verb not in course_queries.NOT_OWN


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerFacts:
    """One learner in one course."""

    course: Course
    learner: Learner
    now: datetime
    zone: ZoneInfo
    """of the learner"""
    today: date
    """where the learner is"""
    since: date
    until: date
    """the last day of the span"""
    steps: tuple[Step, ...]
    standings: Mapping[int, Standing]
    studied: Mapping[int, int]
    """by checkpoint, in seconds, ever"""
    studied_in_span: Mapping[CheckpointKind, int]
    scores: Mapping[int, int]
    """the best one by checkpoint, as far as the reader may see it"""
    ungraded: AbstractSet[int]
    """checkpoints whose work was handed in, and waits for a grade"""
    totals: tuple[Total, ...]
    sessions: tuple[Session, ...]
    classes: tuple[ClassTime, ...]
    choices: AbstractSet[str]
    mastered: AbstractSet[str]
    """skills of which the learner is sure now, as far as the reader may know; in lower case, as `skills_of` has them"""

    def seconds_at(self, step: Step) -> int:
        """Return how long the learner was at a step: studying on their own, and in class from start to completion."""
        standing = self.standings.get(step.checkpoint_id)
        return self.studied.get(step.checkpoint_id, 0) + (standing.seconds_in_class if standing else 0)

    def is_done(self, step: Step) -> bool:
        """Tell whether the learner has completed a step."""
        standing = self.standings.get(step.checkpoint_id)
        return standing is not None and standing.completed_at is not None


def skills_of(step: Step) -> set[str]:
    """Return what a step trains: its tags, in lower case."""
    return {tag.casefold() for tag in step.tags}


def read(
    tx: Transaction,
    actor: Actor | None,
    course_id: int,
    *,
    user_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
    length: timedelta | None = None,
    for_learner: bool = False,
) -> LearnerFacts:
    """Read what is known of a learner in a course whom it concerns the actor to see: of the actor unless named.

    The span ends today and is that of a page where nothing else is given; both its days are in it. What is read
    `for_learner` has no scores that the learner may not see yet.
    """
    actor = access.signed_in(tx, actor)
    for day in (since, until):
        if day is not None and day.year not in YEARS:
            raise Invalid('Choose a year from {first} to {last}.', first=YEARS[0], last=YEARS[-1], field='start_date')
    user_id = actor.user_id if user_id is None else user_id
    access.learner(tx, actor, user_id, course_id)
    return of_learner(
        tx,
        course_id,
        user_id,
        as_learner=for_learner or actor.user_id == user_id,
        since=since,
        until=until,
        length=length,
    )


def of_learner(
    tx: Transaction,
    course_id: int,
    user_id: int,
    *,
    as_learner: bool,
    since: date | None = None,
    until: date | None = None,
    length: timedelta | None = None,
) -> LearnerFacts:
    """Read what is known of a learner in a course; the caller has checked who may see it.

    Read `as_learner`, scores that the learner may not see yet are left out.
    """
    course = tx.session.get_one(Course, course_id)
    learner = next((each for each in course_queries.learners(tx, course_id) if each.user_id == user_id), None)
    if learner is None:
        raise NotFound(access.NOT_HERE)
    zone = zones.of(tx.session.get_one(User, user_id).time_zone)
    today = zones.local_date(zone, tx.now)
    until = until or today
    since = since or until - (length or SPAN) + timedelta(days=1)
    people = times.same_person(tx, user_id)
    span = _moments(zone, since, until)
    hidden = sources.hidden(tx, course_id, user_id) if as_learner else set()
    steps = course_queries.steps(tx, course_id)
    graded, excused = sources.results(tx, course_id, user_id), course_queries.excused(tx, course_id)
    learner = replace(learner, later=graded.later.get(user_id, {}), excused=excused.get(user_id, frozenset()))
    return LearnerFacts(
        course=course,
        learner=learner,
        now=tx.now,
        zone=zone,
        today=today,
        since=since,
        until=until,
        steps=steps,
        standings=course_queries.standings_of(tx, course_id, user_id),
        studied=times.seconds_by_checkpoint(tx, course_id, people),
        studied_in_span=_by_kind(tx, course_id, people, span),
        scores={
            checkpoint_id: score
            for (owner, checkpoint_id), score in graded.scores.items()
            if owner == user_id and checkpoint_id not in hidden
        },
        ungraded={checkpoint_id for owner, checkpoint_id in graded.waiting if owner == user_id},
        totals=totals(tx, course_id, user_id, since, until),
        sessions=_sessions(tx, course_id, people, zone, span),
        classes=_classes(tx, course_id, people, zone, span),
        choices=choices.of_person(tx, course_id, user_id),
        mastered=_mastered(tx, course_id, user_id, steps, as_learner=as_learner),
    )


def in_span(tx: Transaction, facts: LearnerFacts, since: date, until: date) -> LearnerFacts:
    """Return the same learner in another span."""
    course_id, user_id = facts.course.id, facts.learner.user_id
    people, span = times.same_person(tx, user_id), _moments(facts.zone, since, until)
    return replace(
        facts,
        since=since,
        until=until,
        studied_in_span=_by_kind(tx, course_id, people, span),
        totals=totals(tx, course_id, user_id, since, until),
        sessions=_sessions(tx, course_id, people, facts.zone, span),
        classes=_classes(tx, course_id, people, facts.zone, span),
    )


def totals(tx: Transaction, course_id: int, user_id: int, since: date, until: date) -> tuple[Total, ...]:
    """Return the daily totals of a learner in a course; 0 for what belongs to no course, such as sign-ins."""
    rows = _TOTALS.rows(tx.connection, course=course_id, user=user_id, since=since, until=until)
    return tuple(Total(**dict(zip(_TOTAL, row, strict=True))) for row in rows)


Span = Mapping[str, datetime]


def _moments(zone: ZoneInfo, since: date, until: date) -> Span:
    """Return when the first day of a span begins and the last one is over."""
    return {'since': zones.start_of_day(zone, since), 'until': zones.start_of_day(zone, until + timedelta(days=1))}


def _sessions(
    tx: Transaction, course_id: int, people: Sequence[int], zone: ZoneInfo, span: Span
) -> tuple[Session, ...]:
    rows = _SESSIONS.rows(tx.connection, course=course_id, people=list(people), **span)
    return tuple(
        Session(
            day=zones.local_date(zone, started_at),
            started_at=started_at,
            active_seconds=active,
            idle_seconds=idle,
            pages_viewed=pages,
            videos_watched=videos,
        )
        for started_at, active, idle, pages, videos in rows
    )


def _classes(
    tx: Transaction, course_id: int, people: Sequence[int], zone: ZoneInfo, span: Span
) -> tuple[ClassTime, ...]:
    rows = _CLASSES.rows(tx.connection, course=course_id, people=list(people), **span)
    return tuple(ClassTime(day=zones.local_date(zone, came_at), seconds=seconds) for came_at, seconds in rows)


def _mastered(
    tx: Transaction, course_id: int, user_id: int, steps: Sequence[Step], *, as_learner: bool
) -> frozenset[str]:
    """Return the skills of which a learner is sure; nothing is read for a course whose steps name none."""
    if not any(step.tags for step in steps):
        return frozenset()
    known = skills.known_of(tx, course_id, user_id, for_learner=as_learner)
    shown = skills.told(tx, course_id, known) if known else ()
    return frozenset(each.name.casefold() for each in shown if each.standing is skills.Standing.SURE)


def _by_kind(tx: Transaction, course_id: int, people: Sequence[int], span: Span) -> dict[CheckpointKind, int]:
    rows = _BY_KIND.rows(tx.connection, course=course_id, people=list(people), **span)
    return {kind: int(seconds) for kind, seconds in rows}


_totals_table, _sessions_table, _times = table(DailyTotal), table(LearningSession), table(StudyTime)
_checkpoints, _attendance, _live = table(Checkpoint), table(Attendance), table(LiveSession)
_COURSE: BindParameter[int] = bindparam('course')
_TOTAL = ('day', 'verb', 'part', 'count', 'seconds', 'sessions', 'completed')
_DAY = _totals_table.c.local_date.type
_TOTALS = Prepared(
    select(
        _totals_table.c.local_date,
        _totals_table.c.verb,
        _totals_table.c.part,
        _totals_table.c.count,
        _totals_table.c.seconds,
        _totals_table.c.sessions,
        _totals_table.c.completed,
    )
    .where(
        _totals_table.c.user_id == bindparam('user'),
        _totals_table.c.course_id == _COURSE,
        _totals_table.c.local_date >= bindparam('since', type_=_DAY),
        _totals_table.c.local_date <= bindparam('until', type_=_DAY),
    )
    .order_by(_totals_table.c.local_date)
)
_MOMENT = _sessions_table.c.started_at.type
_IN_SPAN = (
    among(_sessions_table.c.user_id, 'people'),
    _sessions_table.c.course_id == _COURSE,
    _sessions_table.c.started_at >= bindparam('since', type_=_MOMENT),
    _sessions_table.c.started_at < bindparam('until', type_=_MOMENT),
    _sessions_table.c.ended_at.is_not(None),
)
_SESSIONS = Prepared(
    select(
        _sessions_table.c.started_at,
        _sessions_table.c.active_seconds,
        _sessions_table.c.idle_seconds,
        _sessions_table.c.pages_viewed,
        _sessions_table.c.videos_watched,
    )
    .where(*_IN_SPAN)
    .order_by(_sessions_table.c.started_at)
)
_BY_KIND = Prepared(
    select(_checkpoints.c.kind, func.sum(_times.c.seconds))
    .select_from(_sessions_table)
    .join(_times, _times.c.session_id == _sessions_table.c.id)
    .join(_checkpoints, _checkpoints.c.id == _times.c.checkpoint_id)
    .where(*_IN_SPAN)
    .group_by(_checkpoints.c.kind)
)
_CLASSES = Prepared(
    select(_attendance.c.came_at, _attendance.c.seconds)
    .join(_live, _live.c.id == _attendance.c.session_id)
    .where(
        among(_attendance.c.user_id, 'people'),
        _live.c.course_id == _COURSE,
        _attendance.c.came_at >= bindparam('since', type_=_MOMENT),
        _attendance.c.came_at < bindparam('until', type_=_MOMENT),
    )
)
