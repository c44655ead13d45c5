"""Study time: what a learner's devices tell of their use becomes learning sessions, and seconds at checkpoints.

All devices of a person make one chain of signs of life. The time from one sign to the next, if it is at most
`IDLE_AFTER_SECONDS`, is study and belongs to the device and the checkpoint at which the earlier one was given; a longer
gap is idle. So no second can be counted twice (see docs/decisions/0013-study-time.md).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, literal, select

from models import Checkpoint, Course, Enrollment, Mode, Progress, SignIn, table
from services import access
from services.access import Actor
from services.core import database, zones
from services.core.errors import DomainError, Gone, NotEnrolled, NotFound, Refused
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.study import session_end, session_store
from services.study.session_end import DAY, LEFT, SILENCE
from services.study.session_store import SILENT_AFTER, Studied, StudySession
from settings import settings

SECOND = timedelta(seconds=1)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What the page of a checkpoint, or a client, is told when it comes."""

    is_open: bool
    """whether time is being counted"""
    is_started: bool
    """whether the learner had started this checkpoint on their own before"""


@database.quick
def arrive(tx: Transaction, actor: Actor | None, checkpoint_id: int, *, interacts: bool) -> Arrival:
    """View the page of a checkpoint: goes on with the session of this device, which only an interaction can begin."""
    place = _place(tx, actor, checkpoint_id)
    is_open = _use(tx, place, tx.now, begins=interacts, views=1)
    return Arrival(is_open=is_open, is_started=place.is_started)


@database.quick
def beat(
    tx: Transaction, actor: Actor | None, checkpoint_id: int, *, at: datetime | None = None, plays: bool = False
) -> Arrival:
    """Say that this device was used last at a moment (now, unless it says so), and whether a video `plays` there.

    Repeated, late or impossible moments count nothing; where no session is open, a new one begins.
    """
    moment = min(at or tx.now, tx.now)
    is_fresh = tx.now - moment < _grace()
    place = _place(tx, actor, checkpoint_id)
    return Arrival(is_open=_use(tx, place, moment, begins=is_fresh, plays=plays), is_started=place.is_started)


@database.quick
def leave(tx: Transaction, actor: Actor | None, course_id: int) -> None:
    """Say that the last page of a course on this device is gone."""
    access.course(tx, actor, course_id)
    if actor:
        own = [each for each in session_store.of_person(tx, actor.user_id) if each.is_on(actor.sign_in_id, course_id)]
        session_end.end(tx, own, by=LEFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Who is where, on which device."""

    actor: Actor
    device: str
    course_id: int
    checkpoint_id: int
    is_started: bool


def _place(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> _Place:
    sign_in_id = actor.sign_in_id if actor else 0
    for device, course_id, started_at in _PLACE.rows(
        tx.connection, sign_in=sign_in_id, checkpoint=checkpoint_id, now=tx.now
    ):
        assert actor is not None
        return _Place(
            actor=actor,
            device=device,
            course_id=course_id,
            checkpoint_id=checkpoint_id,
            is_started=started_at is not None,
        )
    raise _why_not(tx, access.signed_in(tx, actor), checkpoint_id)


def _why_not(tx: Transaction, actor: Actor, checkpoint_id: int) -> DomainError:
    """Return why no time is counted here for this person."""
    checkpoint = tx.session.get(Checkpoint, checkpoint_id)
    try:
        course = access.course(tx, actor, checkpoint.course_id if checkpoint else 0)
    except NotFound:
        return NotFound('There is no such step, or it is not in one of your courses.')
    assert checkpoint is not None
    if not access.enrolled(tx, actor.user_id, course.id):
        return NotEnrolled()
    if checkpoint.deleted_at or course.archived_at:
        return Gone('This step has been removed. The time that you studied here is kept.')
    return Refused('A preview is only to be looked at; its time does not count.')


def _use(
    tx: Transaction, place: _Place, moment: datetime, *, begins: bool, views: int = 0, plays: bool = False
) -> bool:
    """Take a sign of life; returns whether a session is open."""
    sessions = _known(tx, place.actor.user_id)
    counted_until = max((each.counted_until for each in sessions), default=moment)
    silent = [each for each in sessions if each.ended_at is None and moment - each.seen_at >= SILENT_AFTER]
    session_end.end(tx, silent, by=SILENCE)
    still_open = [each for each in sessions if each.ended_at is None and each not in silent]
    if studied := _end_day(tx, place, still_open, counted_until, moment):
        begins = begins or any(each.is_on(place.actor.sign_in_id, place.course_id) for each in still_open)
        still_open = []
    own = next((each for each in still_open if each.is_on(place.actor.sign_in_id, place.course_id)), None)
    if own is None and not begins:
        return False
    if still_open:
        counted_until = _count(tx, still_open[-1], own, counted_until, moment)
    if own is None:
        session_store.begin(
            tx,
            user_id=place.actor.user_id,
            sign_in_id=place.actor.sign_in_id,
            course_id=place.course_id,
            checkpoint_id=place.checkpoint_id,
            device=place.device,
            plays=plays,
            studied=studied,
        )
        return True
    _move(tx, own, place, moment, counted_until, views)
    if plays:
        session_store.watch(tx, own, place.checkpoint_id)
    return True


def _end_day(
    tx: Transaction, place: _Place, still_open: list[StudySession], counted_until: datetime, moment: datetime
) -> Studied | None:
    """End what goes on from the day before, so that a day's figures are that day's.

    Returns what the sessions of the new day begin with: the seconds since midnight, if the study went on through it.
    """
    zone = place.actor.zone
    midnight = zones.start_of_day(zone, zones.local_date(zone, moment))
    if not still_open or still_open[-1].seen_at >= midnight:
        return None
    *others, latest = still_open
    studied = Studied(tx.now, tx.now, 0)
    if moment - latest.seen_at <= _grace():
        before = max(0, (midnight - _INSTANT - counted_until) // SECOND)
        until = counted_until + before * SECOND
        session_store.count(tx, latest, until, active=before, idle=0)
        latest = latest._replace(counted_until=until)
        seconds = (moment - until) // SECOND
        studied = Studied(midnight, until + seconds * SECOND, seconds)
    session_end.end(tx, [*others, latest], by=DAY)
    return studied


def _known(tx: Transaction, user_id: int) -> list[StudySession]:
    """Return the sessions of a person that matter now, the one that was used last at the end.

    Where the clock was set back, they go on from now: else nobody could study until the old time comes again.
    """
    sessions, now = session_store.of_person(tx, user_id), tx.now
    if all(each.seen_at <= now and each.counted_until <= now for each in sessions):
        return sessions
    session_store.set_back(tx, user_id)
    return [
        each._replace(seen_at=min(each.seen_at, now), counted_until=min(each.counted_until, now))
        for each in sessions
        if each.ended_at is None
    ]


def _count(
    tx: Transaction, latest: StudySession, own: StudySession | None, counted_until: datetime, moment: datetime
) -> datetime:
    """Count the whole seconds since the last sign of life of this person; returns until when they are counted."""
    gap = moment - latest.seen_at
    whole = (moment - counted_until) // SECOND
    if gap <= timedelta() or whole <= 0:
        return counted_until
    until = counted_until + whole * SECOND
    if gap <= _grace():
        session_store.count(tx, latest, until, active=whole, idle=0)
    elif latest is own:
        session_store.count(tx, latest, until, active=0, idle=whole)
    return until


def _move(
    tx: Transaction, own: StudySession, place: _Place, moment: datetime, counted_until: datetime, views: int
) -> None:
    if views or own.checkpoint_id != place.checkpoint_id:
        session_store.come_to(tx, own, place.checkpoint_id)
    if moment >= own.seen_at:
        own = own._replace(seen_at=moment, checkpoint_id=place.checkpoint_id)
    until = max(own.counted_until, min(counted_until, own.seen_at))
    session_store.move(tx, own._replace(counted_until=until), views=views)


def _grace() -> timedelta:
    return timedelta(seconds=settings().idle_after_seconds)


_sign_ins, _enrollments, _progress = table(SignIn), table(Enrollment), table(Progress)
_checkpoints, _courses = table(Checkpoint), table(Course)

_PLACE = Prepared(
    select(_sign_ins.c.device, _checkpoints.c.course_id, _progress.c.started_at)
    .join(_enrollments, _enrollments.c.user_id == _sign_ins.c.user_id)
    .join(_checkpoints, _checkpoints.c.course_id == _enrollments.c.course_id)
    .join(_courses, _courses.c.id == _checkpoints.c.course_id)
    .outerjoin(
        _progress,
        (_progress.c.user_id == _sign_ins.c.user_id)
        & (_progress.c.checkpoint_id == _checkpoints.c.id)
        & (_progress.c.mode == literal(Mode.SELF_PACED, _progress.c.mode.type)),
    )
    .where(
        _sign_ins.c.id == bindparam('sign_in'),
        _sign_ins.c.expires_at > bindparam('now'),
        _enrollments.c.removed_at.is_(None),
        _checkpoints.c.id == bindparam('checkpoint'),
        _checkpoints.c.deleted_at.is_(None),
        ~_checkpoints.c.is_preview,
        _courses.c.archived_at.is_(None),
        _courses.c.deleted_at.is_(None),
    )
)
