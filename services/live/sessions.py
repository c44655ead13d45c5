"""Starting, steering and ending a class."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlmodel import col

from models import Activity, Checkpoint, LiveSession, NameDisplay, Verb
from services import access
from services.access import Actor
from services.activity import log
from services.core.errors import Invalid, NotFound, Refused
from services.core.events import ClassChanged
from services.core.text import check_is_text, line
from services.core.transaction import Transaction
from services.courses import outline
from services.live.attendance import stays
from services.live.help import queue
from services.live.questions import asking

LONGEST_REASON = 120
LONGEST_TIME = 600
"""minutes"""
MORE_TIME = timedelta(minutes=1)
"""what the instructor adds to the time for a checkpoint, again and again if need be"""


def start(tx: Transaction, actor: Actor | None, course_id: int) -> int:
    """Start a class and return its session id; while one is running, that one is returned."""
    course = access.taught_course(tx, actor, course_id)
    if running := _running(tx, course_id):
        return running.id
    if course.archived_at:
        raise Refused('This course is archived. Bring it back before you hold a class.')
    has_checkpoints = select(col(Checkpoint.id)).where(
        col(Checkpoint.course_id) == course_id, col(Checkpoint.deleted_at).is_(None), ~col(Checkpoint.is_preview)
    )
    if not tx.execute(has_checkpoints).first():
        raise Refused('This course has no steps yet. Add at least one before you hold a class.')
    session = LiveSession(course_id=course_id, started_by=actor.user_id if actor else 0, started_at=tx.now)
    tx.session.add(session)
    _changed(tx, session, 'class started')
    return session.id


def end(tx: Transaction, actor: Actor | None, course_id: int) -> None:
    """End the class that is running; what was done stays."""
    session = _taught(tx, actor, course_id)
    _end(tx, session, tx.now, 'class ended', by=actor.user_id if actor else session.started_by)


def set_current(tx: Transaction, actor: Actor | None, course_id: int, checkpoint_id: int | None) -> None:
    """Lead everybody to a checkpoint, or let each go on at their own."""
    session = _taught(tx, actor, course_id)
    if checkpoint_id is not None:
        checkpoint = tx.session.get(Checkpoint, checkpoint_id)
        if checkpoint is None or checkpoint.course_id != course_id or checkpoint.deleted_at or checkpoint.is_preview:
            raise NotFound('This step is not part of the class now.')
    if checkpoint_id != session.current_checkpoint_id:
        session.led_since = None if checkpoint_id is None else tx.now
        session.timer_since = session.timer_seconds = None
    session.current_checkpoint_id = checkpoint_id
    _changed(tx, session, 'class steered')


def step(tx: Transaction, actor: Actor | None, course_id: int, by: Literal[-1, 1]) -> int:
    """Lead everybody to the checkpoint before or after the current one, and return its id."""
    session = _taught(tx, actor, course_id)
    checkpoints = [checkpoint.id for checkpoint in outline.in_order(tx, course_id) if not checkpoint.is_preview]
    current = session.current_checkpoint_id
    index = beside(len(checkpoints), checkpoints.index(current) if current in checkpoints else None, by)
    if index is None:
        raise Refused('There is no step before this one.' if by < 0 else 'There is no step after this one.')
    set_current(tx, actor, course_id, checkpoints[index])
    return checkpoints[index]


def beside(count: int, index: int | None, by: Literal[-1, 1]) -> int | None:
    """Return which of so many checkpoints is before or after one; after a class at its own pace comes the first one."""
    target = index + by if index is not None else 0 if by > 0 else -1
    return target if 0 <= target < count else None


def pause(tx: Transaction, actor: Actor | None, course_id: int, reason: str) -> None:
    """Have everybody stop for a while; done again, it only changes the reason that they are shown."""
    session = _taught(tx, actor, course_id)
    check_is_text(reason)
    if len(reason) <= 100 * LONGEST_REASON:
        reason = line(reason)
    if len(reason) > LONGEST_REASON:
        raise Invalid('This reason is too long; use at most {most} characters.', most=LONGEST_REASON, field='reason')
    session.paused_at = session.paused_at or tx.now
    session.pause_reason = reason
    _changed(tx, session, 'class paused')


def resume(tx: Transaction, actor: Actor | None, course_id: int) -> None:
    """Let everybody go on; the time for the current checkpoint goes on where it stood."""
    session = _taught(tx, actor, course_id)
    if session.paused_at is None:
        return
    if session.led_since:
        session.led_since += tx.now - max(session.paused_at, session.led_since)
    if session.timer_since:
        session.timer_since += tx.now - max(session.paused_at, session.timer_since)
    session.paused_at, session.pause_reason = None, ''
    _changed(tx, session, 'class resumed')


def set_time(tx: Transaction, actor: Actor | None, course_id: int, minutes: int | None) -> None:
    """Give the whole class so many minutes from now on, led to a checkpoint or not; None takes that time away.

    It lasts until the class is led elsewhere; then the estimate of that checkpoint counts.
    """
    session = _taught(tx, actor, course_id)
    if minutes is not None and not 1 <= minutes <= LONGEST_TIME:
        raise Invalid('Type a number of minutes between 1 and {most}.', most=LONGEST_TIME, field='minutes')
    session.timer_since = None if minutes is None else tx.now
    session.timer_seconds = None if minutes is None else 60 * minutes
    _changed(tx, session, 'time taken away' if minutes is None else 'time set')


def give_time(tx: Transaction, actor: Actor | None, course_id: int) -> None:
    """Give everybody another minute: of the time that was set, or else for the checkpoint to which they are led."""
    session = _taught(tx, actor, course_id)
    if session.timer_since is None and session.led_since is None:
        raise Refused('Set a time, or lead the class to a step; then there is a time to lengthen.')
    if session.paused_at:
        raise Refused('The time stands still in a pause. Let the class go on, and then lengthen it.')
    if session.timer_since:
        session.timer_since += MORE_TIME
    elif session.led_since:
        session.led_since += MORE_TIME
    _changed(tx, session, 'time given')


def set_names(tx: Transaction, actor: Actor | None, course_id: int, names: NameDisplay) -> None:
    """Choose which names the projector is sent."""
    session = _taught(tx, actor, course_id)
    session.names = names
    _changed(tx, session, 'class names chosen')


def latest(tx: Transaction, course_id: int) -> ClassChanged | None:
    """Return how the class that is running, or else the last one, stands; None if there never was one."""
    query = select(LiveSession).where(col(LiveSession.course_id) == course_id).order_by(col(LiveSession.id).desc())
    session = tx.session.scalars(query.limit(1)).one_or_none()
    return _standing(session) if session else None


def close_forgotten(tx: Transaction, *, idle_for: timedelta, except_in: Collection[int]) -> list[int]:
    """End every class in which nothing has happened for so long, as of the last thing that did.

    Courses in front of which somebody still is are left alone. Returns the ids of the sessions that were ended.
    """
    forgotten: list[int] = []
    for session in tx.session.scalars(select(LiveSession).where(col(LiveSession.ended_at).is_(None))).all():
        last = _last_sign(tx, session)
        if session.course_id not in except_in and tx.now - last >= idle_for:
            _end(tx, session, last, 'forgotten class ended', by=session.started_by)
            forgotten.append(session.id)
    return forgotten


def _last_sign(tx: Transaction, session: LiveSession) -> datetime:
    """Return when the last thing happened in a class; leaving is when somebody was last heard of."""
    of_class = col(Activity.session_id) == session.id
    newest = select(col(Activity.id), col(Activity.at)).where(of_class, col(Activity.verb) != Verb.LEFT)
    found = tx.execute(newest.order_by(col(Activity.id).desc()).limit(1)).first()
    last_id, at = (found[0], found[1]) if found else (0, session.started_at)
    left = log.read(tx, of_class & (col(Activity.verb) == Verb.LEFT) & (col(Activity.id) > last_id))
    return max([at, *(stays.moment(activity) for activity in left)])


def _end(tx: Transaction, session: LiveSession, at: datetime, what: str, *, by: int) -> None:
    queue.close_all(tx, session, ended_by=by)
    asking.close_all(tx, session)
    session.ended_at = at
    stays.close(tx, session.id, at)
    _changed(tx, session, what)


def _running(tx: Transaction, course_id: int) -> LiveSession | None:
    query = select(LiveSession).where(col(LiveSession.course_id) == course_id, col(LiveSession.ended_at).is_(None))
    return tx.session.scalars(query.with_for_update()).one_or_none()


def _taught(tx: Transaction, actor: Actor | None, course_id: int) -> LiveSession:
    access.taught_course(tx, actor, course_id)
    if session := _running(tx, course_id):
        return session
    raise Refused('No class is running in this course. What was done stays.')


def _changed(tx: Transaction, session: LiveSession, what: str) -> None:
    tx.session.add(session)
    tx.session.flush()
    tx.announce(_standing(session))
    tx.note(what, course=session.course_id, session=session.id, checkpoint=session.current_checkpoint_id)


def _standing(session: LiveSession) -> ClassChanged:
    return ClassChanged(
        course_id=session.course_id,
        session_id=session.id,
        started_at=session.started_at,
        ended_at=session.ended_at,
        current_checkpoint_id=session.current_checkpoint_id,
        led_since=session.led_since,
        timer_since=session.timer_since,
        timer_seconds=session.timer_seconds,
        paused_at=session.paused_at,
        pause_reason=session.pause_reason,
        names=session.names,
    )
