"""The figures of the whole school for its admins: those of people as they were drawn, small groups hidden.

Figures of people are drawn once for each day or week (`school_releases`), so all faces say the same. How the server
does is exact, as people who run it need it. Nothing here names anybody.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlmodel import col

from models import (
    Activity,
    Course,
    FollowerState,
    Job,
    ReleasedFigure,
    SchoolFigure,
    SubmissionFile,
    Upload,
)
from services import access
from services.access import Actor
from services.analytics import recalculations
from services.analytics.k_rule import Rough
from services.analytics.recalculations import Recalculations
from services.analytics.school_counts import DAYS, WEEK
from services.core import metrics, zones
from services.core.transaction import Transaction
from settings import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolDay:
    """One day of the school."""

    day: date
    active_people: int | None
    """None where they are too few to be said"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolWeek:
    """One week of study in the whole school, of notices and of motivation."""

    monday: date
    sessions: int | None
    mean_session_seconds: int | None
    notices: int | None = None
    notices_read: int | None = None
    """percent"""
    notices_mailed: int | None = None
    streaks_kept: int | None = None
    """percent"""
    badges: int | None = None


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

    as_of: date | None
    """the last day that is in the figures by day; None before the first one is over"""
    week_as_of: date | None
    """the Sunday up to which all other figures of people go"""
    days: tuple[SchoolDay, ...]
    """four weeks, the oldest first"""
    active_per_month: int | None
    """different people in four weeks"""
    active_month_before: int | None
    weeks: tuple[SchoolWeek, ...]
    """four full ones, the oldest first"""
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
    found = use(tx)
    due, failed = _jobs(tx)
    return SchoolFigures(
        as_of=found.as_of,
        week_as_of=found.week_as_of,
        days=found.days,
        active_per_month=found.per_month,
        active_month_before=found.month_before,
        weeks=found.weeks,
        courses=found.courses,
        completion_rate=found.completion_rate,
        days_to_completion=found.days_to_completion,
        stored_bytes=_stored(tx),
        free_bytes=shutil.disk_usage(settings().data_dir).free,
        jobs_due=due,
        jobs_failed=failed,
        followers=_followers(tx),
        recalculations=recalculations.of(metrics.latest_recalculations()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How the school was used, as it was drawn; what is of fewer people than may be shown is None."""

    as_of: date | None
    week_as_of: date | None
    days: tuple[SchoolDay, ...]
    per_month: int | None
    month_before: int | None
    weeks: tuple[SchoolWeek, ...]
    courses: tuple[CourseRate, ...]
    completion_rate: int | Rough
    days_to_completion: int | None


def use(tx: Transaction) -> Use:
    """Return how the school was used, for the metrics: nothing in it is of one person."""
    drawn = _drawn(tx)
    by_day = [day for figure, day, _ in drawn if figure is SchoolFigure.ACTIVE_PEOPLE]
    sunday = max((day for figure, day, _ in drawn if figure is SchoolFigure.ENROLLED), default=None)

    def value(figure: SchoolFigure, weeks_before: int = 0) -> int | None:
        return _value(drawn, figure, sunday - weeks_before * WEEK) if sunday else None

    return Use(
        as_of=max(by_day, default=None),
        week_as_of=sunday,
        days=tuple(
            SchoolDay(day=day, active_people=drawn[SchoolFigure.ACTIVE_PEOPLE, day, 0].value)
            for day in sorted(by_day)[-DAYS:]
        ),
        per_month=value(SchoolFigure.ACTIVE_PER_MONTH),
        month_before=value(SchoolFigure.ACTIVE_PER_MONTH, DAYS // WEEK.days),
        weeks=_weeks(drawn),
        courses=_courses_of(tx, drawn, sunday) if sunday else (),
        completion_rate=_rate(drawn, sunday, 0) if sunday else Rough.HIDDEN,
        days_to_completion=value(SchoolFigure.DAYS_TO_COMPLETION),
    )


OF_WEEKS = (
    *(SchoolFigure.SESSIONS, SchoolFigure.SESSION_MINUTES),
    *(SchoolFigure.NOTICES, SchoolFigure.NOTICES_READ, SchoolFigure.NOTICES_MAILED),
    *(SchoolFigure.STREAKS, SchoolFigure.STREAKS_KEPT, SchoolFigure.BADGES),
)
Drawn = Mapping[tuple[SchoolFigure, date, int], ReleasedFigure]
"""by figure, last day and course (0 for the whole school)"""


def _drawn(tx: Transaction) -> Drawn:
    """Return what was drawn of the last weeks; of courses, the newest."""
    since = zones.local_date(zones.school(), tx.now) - (DAYS + 2 * WEEK.days) * timedelta(days=1)
    newest = select(func.max(col(ReleasedFigure.day))).where(col(ReleasedFigure.figure) == SchoolFigure.ENROLLED)
    rows = tx.session.scalars(
        select(ReleasedFigure).where(
            or_(
                (col(ReleasedFigure.course_id) == 0) & (col(ReleasedFigure.day) >= since),
                col(ReleasedFigure.day) == newest.scalar_subquery(),
            )
        )
    )
    return {(row.figure, row.day, row.course_id): row for row in rows}


def _weeks(drawn: Drawn) -> tuple[SchoolWeek, ...]:
    found = []
    for day in sorted(day for figure, day, _ in drawn if figure is SchoolFigure.SESSIONS)[-DAYS // WEEK.days :]:
        sessions, minutes, notices, read, mailed, streaks, kept, badges = (
            _value(drawn, figure, day) for figure in OF_WEEKS
        )
        found.append(
            SchoolWeek(
                monday=day - timedelta(days=6),
                sessions=sessions,
                mean_session_seconds=minutes * 60 // sessions if sessions and minutes is not None else None,
                notices=notices,
                notices_read=_percent(read, notices),
                notices_mailed=mailed,
                streaks_kept=_percent(kept, streaks),
                badges=badges,
            )
        )
    return tuple(found)


def _percent(part: int | None, whole: int | None) -> int | None:
    return min(100, part * 100 // whole) if whole and part is not None else None


def _value(drawn: Drawn, figure: SchoolFigure, day: date) -> int | None:
    row = drawn.get((figure, day, 0))
    return row.value if row else None


def _courses_of(tx: Transaction, drawn: Drawn, sunday: date) -> tuple[CourseRate, ...]:
    titles = dict(tx.execute(select(col(Course.id), col(Course.title)).where(col(Course.deleted_at).is_(None))).all())
    found = [
        CourseRate(
            course_id=course_id,
            title=titles[course_id],
            enrolled=row.value,
            completion_rate=_rate(drawn, sunday, course_id),
        )
        for (figure, day, course_id), row in drawn.items()
        if figure is SchoolFigure.ENROLLED and day == sunday and course_id in titles
    ]
    return tuple(sorted(found, key=lambda each: (-(each.enrolled or 0), each.course_id)))


def _rate(drawn: Drawn, sunday: date, course_id: int) -> int | Rough:
    enrolled = drawn[SchoolFigure.ENROLLED, sunday, course_id].value
    completed = drawn[SchoolFigure.COMPLETED, sunday, course_id]
    if completed.rough:
        return Rough(completed.rough)
    if completed.value is None or not enrolled:
        return Rough.HIDDEN
    return min(completed.value * 100 // enrolled, 100)


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
