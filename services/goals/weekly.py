"""The goal of the week in each course: how many checkpoints a learner wants to complete, and has."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, exists, func, select, update
from sqlmodel import col

from models import Checkpoint, Course, Enrollment, Progress, Verb, table
from services import access
from services.access import Actor
from services.activity import recording
from services.activity.log import Entry
from services.core import zones
from services.core.errors import Invalid, NotEnrolled
from services.core.events import Recorded
from services.core.projection import Part, Projection
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
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
    return of_learners(tx, {user_id: zone})[user_id]


def of_learners(tx: Transaction, homes: Mapping[int, ZoneInfo]) -> dict[int, dict[int, Week]]:
    """Return the same of many learners, by their id and that of the course; `homes` are the zones where they live."""
    begun = {user_id: zones.start_of_week(zone, tx.now) for user_id, zone in homes.items()}
    days_gone = {zone: zones.days_of_week_gone(zone, tx.now) for zone in set(homes.values())}
    done = _done(tx, begun)
    found: dict[int, dict[int, Week]] = {user_id: {} for user_id in homes}
    for user_id, course_id, title, percent, goal, since, is_completed, is_paused, has_begun in _PLACES.rows(
        tx.connection, people=sorted(homes)
    ):
        number = done[user_id, course_id]
        found[user_id][course_id] = Week(
            course_id=course_id,
            title=title,
            state=state_of(completed=bool(is_completed), paused=bool(is_paused), started=bool(has_begun)),
            percent=percent,
            done=number,
            goal=goal,
            outlook=of_week(
                done=number, goal=goal, days_gone=days_gone[homes[user_id]], is_first=since >= begun[user_id]
            ),
        )
    return found


def _done(tx: Transaction, begun: Mapping[int, datetime]) -> Counter[tuple[int, int]]:
    """Return how many checkpoints learners completed first since their week began, by (learner, course)."""
    since = min(begun.values(), default=tx.now)
    rows = _FIRST_DONE.rows(tx.connection, people=sorted(begun), since=since)
    return Counter((user_id, course_id) for user_id, course_id, at in rows if at >= begun[user_id])


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


_progress, _checkpoints = table(Progress), table(Checkpoint)
_enrollments, _courses = table(Enrollment), table(Course)
_first = func.min(_progress.c.completed_at)
_FIRST_DONE = Prepared(
    select(_progress.c.user_id, _progress.c.course_id, _first)
    .join(_checkpoints, _checkpoints.c.id == _progress.c.checkpoint_id)
    .where(among(_progress.c.user_id, 'people'), _progress.c.completed_at.is_not(None), enrollments.counted())
    .group_by(_progress.c.user_id, _progress.c.course_id, _progress.c.checkpoint_id)
    .having(_first >= bindparam('since', type_=_progress.c.completed_at.type))
)
_has_begun = exists().where(
    _progress.c.course_id == _enrollments.c.course_id, _progress.c.user_id == _enrollments.c.user_id
)
_PLACES = Prepared(
    select(
        _enrollments.c.user_id,
        _enrollments.c.course_id,
        _courses.c.title,
        _enrollments.c.percent,
        _enrollments.c.weekly_goal,
        _enrollments.c.enrolled_at,
        _enrollments.c.completed_at.is_not(None),
        _enrollments.c.paused_at.is_not(None),
        _has_begun,
    )
    .join(_courses, _courses.c.id == _enrollments.c.course_id)
    .where(
        among(_enrollments.c.user_id, 'people'),
        _enrollments.c.removed_at.is_(None),
        _courses.c.deleted_at.is_(None),
        _courses.c.archived_at.is_(None),
    )
    .order_by(_courses.c.id.desc())
)

PROJECTION = Projection(
    name='weekly goals',
    follows=frozenset({Verb.GOAL_CHOSEN}),
    project=project,
    rebuild=rebuild,
    differences=differences,
)
