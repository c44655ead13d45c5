"""The figures of the whole school for its admins, as of the end of yesterday; small groups are hidden.

Days are those of each person, and what belongs to no course counts too. Nothing here names anybody.
"""

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, func, or_, select
from sqlmodel import col

from models import (
    Activity,
    Course,
    DailyTotal,
    Enrollment,
    FollowerState,
    Job,
    SubmissionFile,
    Upload,
    User,
    Verb,
    table,
)
from services import access
from services.access import Actor
from services.analytics import k_rule, recalculations
from services.analytics.course_facts import monday
from services.analytics.course_queries import NOT_OWN
from services.analytics.k_rule import SITE_WIDE, Rough
from services.analytics.recalculations import Recalculations
from services.core import metrics, zones
from services.core.database import Transaction
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from settings import settings

DAYS = 28
FEW = 500
"""activities that the totals may be behind, so that yesterday is in them"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolDay:
    """One day of the school."""

    day: date
    active_people: int | None
    """None where they are too few to be said"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolWeek:
    """One week of study in the whole school."""

    monday: date
    sessions: int | None
    mean_session_seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRate:
    """How many of those who take a course complete it; hidden where that would show a person."""

    course_id: int
    title: str
    enrolled: int | None
    completion_rate: int | Rough


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """How far one follower of the log is behind."""

    name: str
    behind: int
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolFigures:
    """Everything that the dashboard of an admin shows."""

    as_of: date
    """the last day that is in the figures"""
    days: tuple[SchoolDay, ...]
    """four weeks, the oldest first"""
    active_per_month: int | None
    """different people in four weeks"""
    active_month_before: int | None
    weeks: tuple[SchoolWeek, ...]
    courses: tuple[CourseRate, ...]
    """the largest first"""
    completion_rate: int | Rough
    days_to_completion: int | None
    stored_bytes: int
    free_bytes: int
    jobs_due: int
    jobs_failed: int
    followers: tuple[Following, ...]
    recalculations: Recalculations


def of_school(tx: Transaction, actor: Actor | None) -> SchoolFigures:
    """Return the figures of the school for an admin."""
    actor = access.admin(tx, actor)
    access.note_look(tx, actor, 'school analytics')
    yesterday = _yesterday(tx)
    following = _followers(tx)
    use = _use(tx, yesterday, following)
    places = _places(tx, zones.start_of_day(zones.school(), yesterday + timedelta(days=1)))
    due, failed = _jobs(tx)
    return SchoolFigures(
        as_of=yesterday,
        days=use.days,
        active_per_month=use.per_month,
        active_month_before=use.month_before,
        weeks=use.weeks,
        courses=completion_rates(places),
        completion_rate=_rate(places),
        days_to_completion=days_to_completion(places),
        stored_bytes=_stored(tx),
        free_bytes=shutil.disk_usage(settings().data_dir).free,
        jobs_due=due,
        jobs_failed=failed,
        followers=following,
        recalculations=recalculations.of(metrics.latest_recalculations()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How the school was used up to the end of a day: a snapshot, which stays as it is until the next day.

    What is of fewer people than may be shown is None.
    """

    yesterday: date
    days: tuple[SchoolDay, ...]
    per_month: int | None
    month_before: int | None
    weeks: tuple[SchoolWeek, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """One enrollment, as of the end of yesterday."""

    course_id: int
    title: str
    enrolled_at: datetime
    completed_at: datetime | None


People = Mapping[date, set[int]]
"""day → who did something on it"""


def active_per_day(people: People, yesterday: date) -> tuple[SchoolDay, ...]:
    """Return how many people did something on each day of four weeks."""
    days = [yesterday - timedelta(days=number) for number in reversed(range(DAYS))]
    return tuple(SchoolDay(day=day, active_people=k_rule.count(len(people.get(day, ())), k=SITE_WIDE)) for day in days)


def active_people(people: People, last: date) -> int | None:
    """Return how many different people did something in the four weeks up to a day."""
    days = (last - timedelta(days=number) for number in range(DAYS))
    return k_rule.count(len({user_id for day in days for user_id in people.get(day, ())}), k=SITE_WIDE)


def completion_rates(places: Sequence[_Place]) -> tuple[CourseRate, ...]:
    """Return how many of those who take each course have completed it, the largest course first."""
    by_course: defaultdict[int, list[_Place]] = defaultdict(list)
    for place in places:
        by_course[place.course_id].append(place)
    rates = {course_id: _rate(its) for course_id, its in by_course.items()}
    hidden = [course_id for course_id, rate in rates.items() if rate is Rough.HIDDEN]
    shown = sorted(by_course.keys() - set(hidden), key=lambda course_id: (len(by_course[course_id]), course_id))
    # the rate of all is said too, so what is hidden must not be what is left of it
    while hidden and shown and _rate([place for each in hidden for place in by_course[each]]) is Rough.HIDDEN:
        hidden.append(shown.pop(0))
        rates[hidden[-1]] = Rough.HIDDEN
    return tuple(
        CourseRate(
            course_id=course_id,
            title=its[0].title,
            enrolled=k_rule.count(len(its), k=SITE_WIDE),
            completion_rate=rates[course_id],
        )
        for course_id, its in sorted(by_course.items(), key=lambda item: (-len(item[1]), item[0]))
    )


def days_to_completion(places: Iterable[_Place]) -> int | None:
    """Return after how many days half of those who completed a course had done so; None for too few."""
    took = [(place.completed_at - place.enrolled_at).days for place in places if place.completed_at]
    return int(median(took)) if len(took) >= SITE_WIDE else None


def _rate(places: Sequence[_Place]) -> int | Rough:
    return k_rule.share(sum(place.completed_at is not None for place in places), len(places), k=SITE_WIDE)


def use(tx: Transaction) -> Use:
    """Return how the school was used, for the metrics: nothing in it is of one person."""
    return _use(tx, _yesterday(tx), _followers(tx))


def forget() -> None:
    """Forget the snapshots of all databases, for when one of them is filled anew."""
    _snapshots.clear()


def _yesterday(tx: Transaction) -> date:
    return zones.local_date(zones.school(), tx.now) - timedelta(days=1)


def _use(tx: Transaction, yesterday: date, following: Sequence[Following]) -> Use:
    """Return how the school was used; taken once a day, as soon as the totals of yesterday are complete."""
    engine = tx.connection.engine
    kept = _snapshots.get(engine)
    if kept and kept.yesterday == yesterday:
        return kept
    people = _people_by_day(tx, yesterday - timedelta(days=2 * DAYS - 1), yesterday)
    taken = Use(
        yesterday=yesterday,
        days=active_per_day(people, yesterday),
        per_month=active_people(people, yesterday),
        month_before=active_people(people, yesterday - timedelta(days=DAYS)),
        weeks=_weeks(tx, yesterday),
    )
    if all(each.behind < FEW for each in following):
        _snapshots[engine] = taken
    return taken


def _people_by_day(tx: Transaction, since: date, until: date) -> People:
    found: defaultdict[date, set[int]] = defaultdict(set)
    for user_id, day in _ACTIVE.rows(tx.connection, people=_everybody(tx), since=since, until=until):
        found[day].add(user_id)
    return found


def _everybody(tx: Transaction) -> list[int]:
    return list(tx.execute(select(col(User.id)).where(col(User.merged_into_id).is_(None))).scalars())


def _places(tx: Transaction, before: datetime) -> list[_Place]:
    return [
        _Place(
            course_id=course_id,
            title=title,
            enrolled_at=enrolled_at,
            completed_at=completed_at if completed_at and completed_at < before else None,
        )
        for course_id, title, enrolled_at, completed_at in _PLACES.rows(tx.connection, before=before)
    ]


def _weeks(tx: Transaction, yesterday: date) -> tuple[SchoolWeek, ...]:
    """Return the study of the last weeks; where fewer than ten people studied, how much is hidden."""
    first = monday(yesterday) - timedelta(weeks=DAYS // 7 - 1)
    sessions: Counter[date] = Counter()
    seconds: Counter[date] = Counter()
    people: defaultdict[date, set[int]] = defaultdict(set)
    for user_id, day, its_sessions, its_seconds in _STUDY.rows(
        tx.connection, people=_everybody(tx), since=first, until=yesterday
    ):
        sessions[monday(day)] += its_sessions
        seconds[monday(day)] += its_seconds
        people[monday(day)].add(user_id)
    mondays = [first + timedelta(weeks=number) for number in range(DAYS // 7)]
    return tuple(
        SchoolWeek(
            monday=each,
            sessions=sessions[each] if _are_enough(people[each]) else None,
            mean_session_seconds=seconds[each] // sessions[each]
            if sessions[each] and _are_enough(people[each])
            else None,
        )
        for each in mondays
    )


def _are_enough(people: set[int]) -> bool:
    return k_rule.count(len(people), k=SITE_WIDE) is not None


def _stored(tx: Transaction) -> int:
    uploads = tx.execute(select(func.sum(col(Upload.size)))).scalar() or 0
    handed_in = select(func.sum(col(SubmissionFile.size))).where(col(SubmissionFile.removed_at).is_(None))
    return int(uploads) + int(tx.execute(handed_in).scalar() or 0)


def _jobs(tx: Transaction) -> tuple[int, int]:
    """Return how many jobs are due, and how many have failed."""
    due = select(func.count()).select_from(Job).where(col(Job.due_at) <= tx.now)
    failed = select(func.count()).select_from(Job).where(col(Job.problem) != '')
    return tx.execute(due).scalar() or 0, tx.execute(failed).scalar() or 0


def _followers(tx: Transaction) -> tuple[Following, ...]:
    newest = tx.execute(select(func.max(col(Activity.id)))).scalar() or 0
    rows = tx.session.scalars(select(FollowerState).order_by(col(FollowerState.name)))
    return tuple(
        Following(name=row.name, behind=newest - (0 if row.is_clearing else row.position), problem=row.problem)
        for row in rows
    )


_snapshots: WeakKeyDictionary[Engine, Use] = WeakKeyDictionary()
_totals = table(DailyTotal)
_enrollments, _courses = table(Enrollment), table(Course)
_DAY = _totals.c.local_date.type
_IN_SPAN = (
    among(_totals.c.user_id, 'people'),  # by the primary key, in which the person comes first
    _totals.c.local_date >= bindparam('since', type_=_DAY),
    _totals.c.local_date <= bindparam('until', type_=_DAY),
)
_ACTIVE = Prepared(
    select(_totals.c.user_id, _totals.c.local_date)
    .where(*_IN_SPAN, *(_totals.c.verb != verb for verb in NOT_OWN))
    .distinct()
)
_STUDY = Prepared(
    select(_totals.c.user_id, _totals.c.local_date, func.sum(_totals.c.sessions), func.sum(_totals.c.seconds))
    .where(*_IN_SPAN, _totals.c.verb == Verb.STUDIED)
    .group_by(_totals.c.user_id, _totals.c.local_date)
)
_BEFORE = bindparam('before', type_=_enrollments.c.enrolled_at.type)
_PLACES = Prepared(
    select(_enrollments.c.course_id, _courses.c.title, _enrollments.c.enrolled_at, _enrollments.c.completed_at)
    .join(_courses, _courses.c.id == _enrollments.c.course_id)
    .where(
        _courses.c.deleted_at.is_(None),
        or_(
            _enrollments.c.removed_at.is_(None),
            _enrollments.c.removed_at >= _BEFORE,  # until the day is over: the difference would tell of this person
            _enrollments.c.completed_at.is_not(None),
        ),
        _enrollments.c.enrolled_at < _BEFORE,
    )
)
