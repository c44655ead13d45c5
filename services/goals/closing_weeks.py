"""Closing the weeks that are over: once for each learner and course, into the log.

A job closes a week when it is over in the zone of the learner, with the goal that held then. A week is missed only if
the learner had all of it: they joined before it, did not pause in it, and there was something left to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlmodel import col

from models import Activity, Checkpoint, ClosedWeek, Course, Enrollment, Progress, User, Verb, table
from services.activity import log, recording
from services.activity.log import Entry
from services.core import clock, database, zones
from services.core.jobs import Kind
from services.core.transaction import Transaction
from services.progress import enrollments, states

LOOK_EVERY = timedelta(minutes=15)
"""by how much the clocks of two zones can differ"""
WEEKS_BACK = 4
"""how many weeks are closed at the most that ended while no server was running"""
SILENT_WEEKS = 8
"""after so many weeks without anything new in a course its weeks are kept again only when the learner goes on"""
IN_ONE_GO = 100

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """A week in one zone that is over."""

    zone: str
    monday: date

    @property
    def begun(self) -> datetime:
        """The moment at which it began."""
        return zones.start_of_day(zones.of(self.zone), self.monday)

    @property
    def ended(self) -> datetime:
        """The moment at which the next one began."""
        return zones.start_of_day(zones.of(self.zone), self.monday + WEEK)


def kind() -> Kind:
    """Return the job that closes weeks."""
    return Kind(name='weeks', work=lambda _: close_all(), repeats=LOOK_EVERY)


async def close_all() -> None:
    """Close every week that is over and not closed yet, some learners in a commit."""
    for zone in await database.read(_zones):
        for over in latest(zone, clock.now()):
            after: int | None = 0
            while after is not None:
                entries, after = await database.read(_due, over, col(Enrollment.id) > after)
                if entries:
                    await database.write(_close, entries)


def latest(zone: str, now: datetime) -> list[Over]:
    """Return the latest weeks that are over in a zone, oldest first."""
    monday = zones.local_date(zones.of(zone), zones.start_of_week(zones.of(zone), now))
    return [Over(zone=zone, monday=monday - back * WEEK) for back in range(WEEKS_BACK, 0, -1)]


def _zones(tx: Transaction) -> list[str]:
    learns = exists().where(col(Enrollment.user_id) == col(User.id))
    return list(tx.execute(select(col(User.time_zone)).where(learns).distinct()).scalars())


def _due(tx: Transaction, over: Over, whose: ColumnElement[bool]) -> tuple[list[Entry], int | None]:
    """Return what there is to record of a week, for some learners, and after which enrollment to go on."""
    places: Sequence[Enrollment] = tx.session.scalars(
        select(Enrollment)
        .join(User, col(User.id) == col(Enrollment.user_id))
        .join(Course, col(Course.id) == col(Enrollment.course_id))
        .where(whose, col(User.time_zone) == over.zone, *_open(over), ~_is_closed(over))
        .order_by(col(Enrollment.id))
        .limit(IN_ONE_GO)
    ).all()
    people = {place.user_id for place in places}
    done, goals, pauses = (_done(tx, over, people), _later_goals(tx, over, people), _pauses(tx, over, people))
    entries = []
    for place in places:
        key = place.user_id, place.course_id
        number, goal = done.get(key, 0), goals.get(key, place.weekly_goal)
        if number >= goal or (_had_all_of_it(place, over) and key not in pauses):
            entries.append(_entry(place, over, done=number, goal=goal))
    return entries, places[-1].id if len(places) == IN_ONE_GO else None


def _open(over: Over) -> list[ColumnElement[bool]]:
    """Return the conditions under which a learner was at work on a course at the end of a week, or not long before."""
    since = over.begun - SILENT_WEEKS * WEEK
    recent = or_(col(Progress.started_at) >= since, col(Progress.completed_at) >= since)
    here = col(Progress.course_id) == col(Enrollment.course_id), col(Progress.user_id) == col(Enrollment.user_id)
    return [
        col(Enrollment.removed_at).is_(None),
        col(Enrollment.enrolled_at) < over.ended,
        or_(col(Enrollment.completed_at).is_(None), col(Enrollment.completed_at) >= over.begun),
        col(Course.deleted_at).is_(None),
        col(Course.archived_at).is_(None),
        exists().where(*here, recent, col(Progress.started_at) < over.ended),
    ]


def _is_closed(over: Over) -> ColumnElement[bool]:
    return exists().where(
        col(ClosedWeek.user_id) == col(Enrollment.user_id),
        col(ClosedWeek.course_id) == col(Enrollment.course_id),
        col(ClosedWeek.monday) == over.monday,
    )


def _had_all_of_it(place: Enrollment, over: Over) -> bool:
    is_complete = place.completed_at is not None and place.completed_at < over.ended
    return place.enrolled_at < over.begun and not is_complete


def _done(tx: Transaction, over: Over, people: set[int]) -> dict[tuple[int, int], int]:
    """Return how many checkpoints each (user, course) completed first in a week."""
    first = func.min(col(Progress.completed_at))
    key = col(Progress.user_id), col(Progress.course_id)
    new = (
        select(*key)
        .join(Checkpoint, col(Checkpoint.id) == col(Progress.checkpoint_id))
        .where(col(Progress.user_id).in_(people), col(Progress.completed_at).is_not(None), enrollments.counted())
        .group_by(*key, col(Progress.checkpoint_id))
        .having(first >= over.begun, first < over.ended)
        .subquery()
    )
    rows = tx.execute(select(new.c.user_id, new.c.course_id, func.count()).group_by(new.c.user_id, new.c.course_id))
    return {(user_id, course_id): number for user_id, course_id, number in rows}


def _later_goals(tx: Transaction, over: Over, people: set[int]) -> dict[tuple[int, int], int]:
    """Return the goal that each (user, course) had at the end of a week, where another one was chosen since."""
    activities = table(Activity).c
    since = activities.user_id.in_(people) & (activities.verb == Verb.GOAL_CHOSEN) & (activities.at >= over.ended)
    goals: dict[tuple[int, int], int] = {}
    for chosen in log.read(tx, since):
        if chosen.details:
            goals.setdefault((chosen.user_id, chosen.of_course), int(chosen.details['before']))
    return goals


def _pauses(tx: Transaction, over: Over, people: set[int]) -> set[tuple[int, int]]:
    """Return which (user, course) was paused at some time of a week."""
    activities = table(Activity).c
    ever = log.read(tx, activities.user_id.in_(people) & (activities.verb == Verb.PAUSED))
    if not ever:
        return set()
    who = activities.user_id.in_({each.user_id for each in ever}) & activities.verb.in_(states.PROJECTION.follows)
    paused: dict[tuple[int, int], datetime] = {}
    states.fold(paused, log.read(tx, who & (activities.at < over.begun)))
    return set(paused) | {(each.user_id, each.of_course) for each in ever if over.begun <= each.at < over.ended}


def _entry(place: Enrollment, over: Over, *, done: int, goal: int) -> Entry:
    return Entry(
        user_id=place.user_id,
        tap_id=f'week:{place.course_id}:{over.monday}',
        verb=Verb.WEEK_CLOSED,
        course_id=place.course_id,
        details={'goal': goal, 'done': done},
        happened_at=over.ended - timedelta(seconds=1),
        zone=over.zone,
    )


def _close(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Record the weeks that another process has not recorded meanwhile."""
    known = log.known(tx, [(entry.user_id, entry.tap_id) for entry in entries])
    recording.record(tx, [entry for entry in entries if (entry.user_id, entry.tap_id) not in known])
