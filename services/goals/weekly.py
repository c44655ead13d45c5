"""The goal of the week in each course: how many checkpoints a learner wants to complete, and has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, select, update
from sqlmodel import col

from models import Checkpoint, Course, Enrollment, Progress, Verb
from services import access
from services.access import Actor
from services.activity import recording
from services.activity.log import Entry
from services.core import zones
from services.core.database import Transaction
from services.core.errors import Invalid, NotEnrolled
from services.core.events import Recorded
from services.core.projection import Part, Projection
from services.goals.status import Outlook, of_week
from services.progress import enrollments
from services.progress.states import EnrollmentState, state_of

MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One learner in one course, this week."""

    course_id: int
    title: str
    state: EnrollmentState
    percent: int
    done: int
    """checkpoints that were completed first in this week, in either mode"""
    goal: int
    outlook: Outlook


def weeks(tx: Transaction, actor: Actor | None) -> dict[int, Week]:
    """Return how this week goes in each course that the actor learns in, by the id of the course."""
    actor = access.participant(tx, actor)
    return of_learner(tx, actor.user_id, actor.zone)


def of_learner(tx: Transaction, user_id: int, zone: ZoneInfo) -> dict[int, Week]:
    """Return how this week goes for a learner who lives in a zone; the caller has checked who may see it."""
    begun, days_gone = zones.start_of_week(zone, tx.now), zones.days_of_week_gone(zone, tx.now)
    first = func.min(col(Progress.completed_at))
    mine = col(Progress.user_id) == user_id, col(Progress.completed_at).is_not(None)
    new = (
        select(col(Progress.course_id))
        .join(Checkpoint, col(Checkpoint.id) == col(Progress.checkpoint_id))
        .where(*mine, enrollments.counted())
        .group_by(col(Progress.course_id), col(Progress.checkpoint_id))
        .having(first >= begun)
        .subquery()
    )
    done: dict[int, int] = dict(tx.execute(select(new.c.course_id, func.count()).group_by(new.c.course_id)).all())
    started = exists().where(
        col(Progress.course_id) == col(Enrollment.course_id), col(Progress.user_id) == col(Enrollment.user_id)
    )
    places = (
        select(Enrollment, col(Course.title), started)
        .join(Course, col(Course.id) == col(Enrollment.course_id))
        .where(col(Enrollment.user_id) == user_id, col(Enrollment.removed_at).is_(None))
        .where(col(Course.deleted_at).is_(None), col(Course.archived_at).is_(None))
        .order_by(col(Course.id).desc())
    )
    return {
        place.course_id: Week(
            course_id=place.course_id,
            title=title,
            state=state_of(completed=bool(place.completed_at), paused=bool(place.paused_at), started=has_begun),
            percent=place.percent,
            done=(number := done.get(place.course_id, 0)),
            goal=place.weekly_goal,
            outlook=of_week(
                done=number, goal=place.weekly_goal, days_gone=days_gone, is_first=place.enrolled_at >= begun
            ),
        )
        for place, title, has_begun in tx.execute(places)
    }


def choose(tx: Transaction, actor: Actor | None, course_id: int, *, checkpoints: int) -> None:
    """Choose how many checkpoints of a course the learner wants to complete in a week; a change goes into the log."""
    access.course(tx, actor, course_id)
    if isinstance(checkpoints, bool) or not isinstance(checkpoints, int) or not 1 <= checkpoints <= MOST:
        raise Invalid('A weekly goal is between 1 and {most} steps.', most=MOST, field='checkpoints')
    assert actor is not None
    mine = col(Enrollment.course_id) == course_id, col(Enrollment.user_id) == actor.user_id
    held = select(col(Enrollment.weekly_goal)).where(*mine, col(Enrollment.removed_at).is_(None)).with_for_update()
    before = tx.execute(held).scalar()
    if before is None:
        raise NotEnrolled
    if checkpoints != before:
        chosen = Entry(
            user_id=actor.user_id,
            tap_id=f'{Verb.GOAL_CHOSEN}:{uuid4().hex}',
            verb=Verb.GOAL_CHOSEN,
            course_id=course_id,
            details={'checkpoints': checkpoints, 'before': before},
            zone=actor.time_zone,
        )
        recording.record(tx, [chosen])


def fold(recorded: Iterable[Recorded]) -> dict[tuple[int, int], int]:
    """Return the goal that was chosen last, by (user, course)."""
    return {
        (each.user_id, each.of_course): int(each.details['checkpoints'])
        for each in recorded
        if each.verb is Verb.GOAL_CHOSEN and each.details
    }


def project(tx: Transaction, recorded: Sequence[Recorded]) -> None:
    """Store the goals that were chosen."""
    _store(tx, fold(recorded))


def rebuild(tx: Transaction, part: Part) -> None:
    """Store anew the goals that some people have chosen."""
    _store(tx, fold(part.own()))


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare the goals that some people have chosen with the log."""
    places = select(col(Enrollment.user_id), col(Enrollment.course_id), col(Enrollment.weekly_goal))
    chosen = fold(part.own())
    return [
        f'enrollment {(user_id, course_id)}: weekly goal {goal} instead of {chosen[user_id, course_id]}'
        for user_id, course_id, goal in tx.execute(places.where(col(Enrollment.user_id).in_(part.people)))
        if chosen.get((user_id, course_id), goal) != goal
    ]


def _store(tx: Transaction, goals: Mapping[tuple[int, int], int]) -> None:
    for (user_id, course_id), goal in goals.items():
        theirs = col(Enrollment.user_id) == user_id, col(Enrollment.course_id) == course_id
        tx.execute(update(Enrollment).where(*theirs).values(weekly_goal=goal))


PROJECTION = Projection(
    name='weekly goals',
    follows=frozenset({Verb.GOAL_CHOSEN}),
    project=project,
    rebuild=rebuild,
    differences=differences,
)
