"""The help queue: learners ask, somebody comes, and the log says who helped whom."""

from uuid import uuid4

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from models import Activity, Checkpoint, Course, HelpRequest, LiveSession, Progress, User, Verb
from services import access
from services.access import Actor
from services.activity import log, recording
from services.activity.log import LONGEST_TAP_ID, Entry
from services.core.errors import Forbidden, Gone, Invalid, NotEnrolled, NotFound, Refused
from services.core.events import HelperNamed
from services.core.phrases import phrase
from services.core.text import storable
from services.core.transaction import Transaction
from services.live.help import requests

LONGEST_WORDS = 200


def ask(
    tx: Transaction,
    actor: Actor | None,
    session_id: int,
    checkpoint_id: int,
    words: str = '',
    tap_id: str = '',
) -> int:
    """Ask for help with a checkpoint; returns the id of the request. Asking twice for the same is asking once."""
    actor = access.signed_in(tx, actor)
    tap_id = tap_id or uuid4().hex
    if len(tap_id) > LONGEST_TAP_ID or not tap_id.isprintable() or ':' in tap_id:
        raise Refused('This cannot be read. Load the page again.')
    if known := log.known(tx, [(actor.user_id, tap_id)]):
        return known[actor.user_id, tap_id].id
    words = _check_words(words)
    session = _session(tx, actor, session_id)
    checkpoint = _checkpoint(tx, actor, session, checkpoint_id)
    if before := _open_of(tx, actor.user_id, session):
        if before.checkpoint_id == checkpoint_id:
            return before.id
        asked_for = tx.session.get_one(Checkpoint, before.checkpoint_id)
        if not (asked_for.deleted_at or asked_for.is_preview):
            raise Refused(
                'You have asked for help with “{step}” already. Say that it works now first.', step=asked_for.title
            )
        _record(tx, actor.user_id, Verb.HELP_WITHDRAWN, before)
    entry = Entry(
        user_id=actor.user_id,
        tap_id=tap_id,
        verb=Verb.HELP_ASKED,
        course_id=session.course_id,
        checkpoint_id=checkpoint.id,
        session_id=session.id,
        about_id=actor.user_id,
        words=words,
        zone=actor.time_zone,
    )
    (asked,) = recording.record(tx, [entry])
    tx.note('help asked', course=session.course_id, user=actor.user_id, checkpoint=checkpoint.id)
    return asked.id


def ask_in_course(tx: Transaction, actor: Actor | None, course_id: int, checkpoint_id: int, words: str = '') -> int:
    """Ask for help in the class that is on in a course, or was the last; returns the id of the request."""
    access.course(tx, actor, course_id)
    latest = select(func.max(col(LiveSession.id))).where(col(LiveSession.course_id) == course_id)
    session_id = tx.execute(latest).scalar()
    if session_id is None:
        raise Refused('No class is running in this course. What was done stays.')
    return ask(tx, actor, session_id, checkpoint_id, words)


def withdraw(tx: Transaction, actor: Actor | None, request_id: int) -> None:
    """Withdraw the actor's own question; nobody has helped."""
    actor, request, _ = _request(tx, actor, request_id)
    if request.user_id != actor.user_id:
        raise Forbidden('Only the person who asked can take this back.')
    if not request.resolved_at:
        _record(tx, actor.user_id, Verb.HELP_WITHDRAWN, request)


def claim(tx: Transaction, actor: Actor | None, request_id: int) -> None:
    """Say that one is on the way; the first who does so is the helper."""
    actor, request, course = _request(tx, actor, request_id)
    if request.user_id == actor.user_id:
        raise Forbidden('This is your own question. Somebody else will come.')
    if not access.teaches(tx, actor, course):
        _check_classmate(tx, actor, request, course)
    if request.resolved_at:
        raise Gone('{name} does not need help now.', name=_name(tx, request.user_id))
    if course.archived_at:
        raise Gone('This course is archived. Bring it back first.')
    if request.helper_id == actor.user_id:
        return
    if request.helper_id:
        raise Refused('{name} is already helping.', name=_name(tx, request.helper_id))
    tx.announce(HelperNamed(course_id=course.id, user_id=actor.user_id, name=_name(tx, actor.user_id)))
    _record(tx, actor.user_id, Verb.HELP_CLAIMED, request)


def release(tx: Transaction, actor: Actor | None, request_id: int) -> None:
    """Put a request back to its place in the queue, for somebody else to claim."""
    actor, request, course = _request(tx, actor, request_id)
    if actor.user_id != request.helper_id and not access.teaches(tx, actor, course):
        raise Forbidden('Only the helper or an instructor can put this back into the queue.')
    if request.helper_id and not request.resolved_at:
        _record(tx, actor.user_id, Verb.HELP_RELEASED, request)


def resolve(tx: Transaction, actor: Actor | None, request_id: int) -> None:
    """Say that it works now: the helper, an instructor, or the learner."""
    actor, request, course = _request(tx, actor, request_id)
    if actor.user_id not in {request.user_id, request.helper_id} and not access.teaches(tx, actor, course):
        raise Forbidden('Only the person who asked, the helper or an instructor can say that it works now.')
    if request.resolved_at:
        return
    if actor.user_id != request.user_id and not request.helper_id:
        tx.announce(HelperNamed(course_id=course.id, user_id=actor.user_id, name=_name(tx, actor.user_id)))
    helper_id = request.helper_id or (actor.user_id if actor.user_id != request.user_id else None)
    recording.record(tx, [requests.resolution(request, by=actor.user_id, helper_id=helper_id)])
    tx.note('help resolved', course=request.course_id, user=actor.user_id, about=request.user_id)


def close_all(tx: Transaction, session: LiveSession, *, ended_by: int) -> None:
    """Close what is still open when a class ends: who was being helped was helped, who waited was not."""
    _close(tx, col(HelpRequest.session_id) == session.id, by=ended_by)


def close_of(tx: Transaction, user_id: int, *, by: int) -> None:
    """Close what a learner has open, because nobody will come back to it under this name."""
    _close(tx, col(HelpRequest.user_id) == user_id, by=by)


def _close(tx: Transaction, which: ColumnElement[bool], *, by: int) -> None:
    query = select(HelpRequest).where(which, col(HelpRequest.resolved_at).is_(None))
    still_open = tx.session.scalars(query.order_by(col(HelpRequest.id))).all()
    recording.record(
        tx,
        [
            requests.resolution(each, by=by, helper_id=each.helper_id)
            if each.helper_id
            else _entry(by, Verb.HELP_WITHDRAWN, each)
            for each in still_open
        ],
    )


def _check_words(words: str) -> str:
    if storable(words) != words:
        raise Invalid('This message has a character in it that cannot be kept.', field='words')
    words = ' '.join(words.split())
    if len(words) > LONGEST_WORDS:
        raise Invalid('Say it in at most {most} characters.', most=LONGEST_WORDS, field='words')
    return words


def _session(tx: Transaction, actor: Actor, session_id: int) -> LiveSession:
    """Return the running class in which the actor learns."""
    session = tx.session.get(LiveSession, session_id, with_for_update=True)
    if session is None:
        raise NotFound('There is no such class, or it is not one of yours.')
    if not access.enrolled(tx, actor.user_id, session.course_id):
        raise NotEnrolled
    course = tx.session.get_one(Course, session.course_id)
    if course.archived_at or course.deleted_at:
        raise Gone('Your instructor has archived this course. What you did is kept.')
    if session.ended_at:
        raise Gone('This class has ended. What you did is kept.')
    return session


def _checkpoint(tx: Transaction, actor: Actor, session: LiveSession, checkpoint_id: int) -> Checkpoint:
    """Return the checkpoint with which somebody can be stuck now."""
    checkpoint = tx.session.get(Checkpoint, checkpoint_id)
    if checkpoint is None or checkpoint.course_id != session.course_id:
        raise NotFound('There is no such step in this class.')
    if checkpoint.deleted_at:
        raise Gone('Your instructor has removed this step. Go on with the next one.')
    if checkpoint.is_preview:
        raise Refused('A preview is only to be looked at. Ask for help with one of the steps.')
    if _has_done(tx, actor.user_id, checkpoint_id):
        raise Refused('You have done this step already. Undo it first if it does not work after all.')
    return checkpoint


def _request(tx: Transaction, actor: Actor | None, request_id: int) -> tuple[Actor, HelpRequest, Course]:
    """Return a request of a course that the actor teaches or learns in; absent and elsewhere look the same."""
    actor = access.signed_in(tx, actor)
    request = tx.session.get(HelpRequest, request_id, with_for_update=True)
    return actor, *_in_course(tx, actor, request)


def _in_course(tx: Transaction, actor: Actor, request: HelpRequest | None) -> tuple[HelpRequest, Course]:
    course = tx.session.get(Course, request.course_id) if request else None
    if request is None or course is None or course.deleted_at:
        raise NotFound(_NO_REQUEST)
    if not (access.teaches(tx, actor, course) or access.enrolled(tx, actor.user_id, course.id)):
        raise NotFound(_NO_REQUEST)
    return request, course


def _check_classmate(tx: Transaction, actor: Actor, request: HelpRequest, course: Course) -> None:
    if not course.classmates_help:
        raise Forbidden('In this class your instructor comes to help.')
    joined = select(col(Activity.id)).where(
        col(Activity.session_id) == request.session_id,
        col(Activity.user_id) == actor.user_id,
        col(Activity.verb) == Verb.JOINED,
    )
    if not tx.execute(joined.limit(1)).first():
        raise Forbidden('Open the page of the class first; then you can help.')
    if not _has_done(tx, actor.user_id, request.checkpoint_id):
        raise Forbidden('Finish this step yourself first; then you can help others with it.')


def _has_done(tx: Transaction, user_id: int, checkpoint_id: int) -> bool:
    done = select(col(Progress.id)).where(
        col(Progress.user_id) == user_id,
        col(Progress.checkpoint_id) == checkpoint_id,
        col(Progress.completed_at).is_not(None),
    )
    return tx.execute(done.limit(1)).first() is not None


def _open_of(tx: Transaction, user_id: int, session: LiveSession) -> HelpRequest | None:
    query = select(HelpRequest).where(
        col(HelpRequest.user_id) == user_id,
        col(HelpRequest.session_id) == session.id,
        col(HelpRequest.resolved_at).is_(None),
    )
    return tx.session.scalars(query).one_or_none()


def _record(tx: Transaction, user_id: int, verb: Verb, request: HelpRequest) -> None:
    recording.record(tx, [_entry(user_id, verb, request)])
    tx.note(verb.replace('_', ' '), course=request.course_id, user=user_id, about=request.user_id)


def _entry(user_id: int, verb: Verb, request: HelpRequest) -> Entry:
    return Entry(
        user_id=user_id,
        tap_id=uuid4().hex,
        verb=verb,
        course_id=request.course_id,
        checkpoint_id=request.checkpoint_id,
        session_id=request.session_id,
        about_id=request.user_id,
    )


def _name(tx: Transaction, user_id: int) -> str:
    return tx.session.get_one(User, user_id).name


_NO_REQUEST = phrase('There is no such question, or it is not in one of your classes.')
