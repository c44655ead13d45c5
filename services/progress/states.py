"""Pausing a course and going on: told by the log, and the state that an enrollment is in."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import bindparam, null, select, update
from sqlmodel import col

from models import TRAITS, Enrollment, Mode, Verb, table, verbs_where
from services import access
from services.access import Actor
from services.activity import recording
from services.activity.log import Entry
from services.core.errors import NotEnrolled, Refused
from services.core.events import Recorded
from services.core.projection import Form, Part, Projection, State
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction


class EnrollmentState(StrEnum):
    """How it stands with one learner in one course."""

    NOT_STARTED = 'not_started'
    IN_PROGRESS = 'in_progress'
    COMPLETED = 'completed'
    PAUSED = 'paused'


def state_of(*, completed: bool, paused: bool, started: bool) -> EnrollmentState:
    """Return the state; a learner who has completed a course is neither paused nor behind in it."""
    if completed:
        return EnrollmentState.COMPLETED
    if paused:
        return EnrollmentState.PAUSED
    return EnrollmentState.IN_PROGRESS if started else EnrollmentState.NOT_STARTED


def pause(tx: Transaction, actor: Actor | None, course_id: int) -> None:
    """Leave a course that one learns in for a while; what is done is kept, and nobody reminds. Idempotent."""
    place = _own_place(tx, actor, course_id)
    if place.completed_at:
        raise Refused('You have completed this course; there is nothing left to pause.')
    if place.paused_at is None:
        _tell(tx, place, Verb.PAUSED)


def resume(tx: Transaction, actor: Actor | None, course_id: int) -> None:
    """Go on with a paused course; idempotent."""
    place = _own_place(tx, actor, course_id)
    if place.paused_at is not None:
        _tell(tx, place, Verb.RESUMED)


def fold(paused: dict[tuple[int, int], datetime], recorded: Iterable[Recorded]) -> None:
    """Move who has paused which course (user, course) since when, by activities, oldest first."""
    for activity in recorded:
        if activity.verb is Verb.PAUSED:
            paused[activity.user_id, activity.of_course] = activity.at
        elif _resumes(activity):
            paused.pop((activity.user_id, activity.of_course), None)


def project(tx: Transaction, recorded: Sequence[Recorded]) -> None:
    """Bring the enrollments up to date; a learner who marks something on their own resumes the course."""
    for activity in recorded:
        if activity.verb is Verb.PAUSED:
            ids = {'course': activity.of_course, 'user': activity.user_id}
            _PAUSE.rows(tx.connection, **ids, at=activity.at)
    users: dict[int, set[int]] = {}
    for activity in recorded:
        if _resumes(activity):
            users.setdefault(activity.of_course, set()).add(activity.user_id)
    for course_id, user_ids in sorted(users.items()):
        _RESUME.rows(tx.connection, course=course_id, users=sorted(user_ids))


def rebuild(tx: Transaction, part: Part) -> None:
    """Store anew what some people have paused."""
    tx.execute(update(Enrollment).where(col(Enrollment.user_id).in_(part.people)).values(paused_at=None))
    for (user_id, course_id), at in part.folded(tx, STATE).items():
        _PAUSE.rows(tx.connection, course=course_id, user=user_id, at=at)


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare what some people have paused with the log."""
    paused = part.folded(tx, STATE)
    places = select(col(Enrollment.user_id), col(Enrollment.course_id), col(Enrollment.paused_at))
    return [
        f'enrollment {(user_id, course_id)}: paused at {at} instead of {paused.get((user_id, course_id))}'
        for user_id, course_id, at in tx.execute(places.where(col(Enrollment.user_id).in_(part.people)))
        if at != paused.get((user_id, course_id))
    ]


def _resumes(activity: Recorded) -> bool:
    return activity.verb is Verb.RESUMED or (activity.mode is Mode.SELF_PACED and TRAITS[activity.verb].moves_progress)


def _own_place(tx: Transaction, actor: Actor | None, course_id: int) -> Enrollment:
    access.course(tx, actor, course_id)
    mine = col(Enrollment.course_id) == course_id, col(Enrollment.user_id) == (actor.user_id if actor else 0)
    found = select(Enrollment).where(*mine, col(Enrollment.removed_at).is_(None)).with_for_update()
    place: Enrollment | None = tx.execute(found).scalar_one_or_none()
    if place is None:
        raise NotEnrolled
    return place


def _tell(tx: Transaction, place: Enrollment, verb: Verb) -> None:
    entry = Entry(user_id=place.user_id, tap_id=f'{verb}:{uuid4().hex}', verb=verb, course_id=place.course_id)
    recording.record(tx, [entry])


_enrollments = table(Enrollment)
_PAUSE = Prepared(
    update(_enrollments)
    .where(_enrollments.c.course_id == bindparam('course'), _enrollments.c.user_id == bindparam('user'))
    .values(paused_at=bindparam('at', type_=_enrollments.c.paused_at.type))
)
_RESUME = Prepared(
    update(_enrollments)
    .where(
        _enrollments.c.course_id == bindparam('course'),
        among(_enrollments.c.user_id, 'users'),
        _enrollments.c.paused_at.is_not(None),
    )
    .values(paused_at=null())
)

STATE: State[tuple[int, int], datetime] = State(
    name='paused',
    form=Form(list[tuple[tuple[int, int], datetime]]),
    fold=lambda _, part, paused: fold(paused, part.own()),
)
PROJECTION = Projection(
    name='pauses',
    follows=verbs_where(lambda traits: traits.moves_progress) | {Verb.PAUSED, Verb.RESUMED},
    project=project,
    rebuild=rebuild,
    states=(STATE,),
    differences=differences,
)
