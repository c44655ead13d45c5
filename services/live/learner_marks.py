"""One learner of a class as the instructor sees them: what was done when, and marks that an instructor sets for them.

For a learner whose phone is dead, the instructor taps. The log says so: `details` names who set the mark.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, select
from sqlmodel import col

from models import Checkpoint, CourseGroup, LiveSession, Mode, Progress, User, Verb
from services import access
from services.access import Actor
from services.activity import recording
from services.activity.log import Entry
from services.checkpoint_kinds import KINDS
from services.core.errors import Gone, Invalid, NotFound, Refused
from services.core.events import PersonHidden
from services.core.text import storable
from services.core.transaction import Transaction

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerFacts:
    """What the board does not know of a learner."""

    rejoin_code: str | None
    """None for a learner with an account"""
    group: str
    extra_percent: int
    note: str
    """what those who teach the course noted of the learner"""
    done_at: Mapping[int, datetime]
    """checkpoint id → when the learner was done with it first"""


def of_learner(
    tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int, again: bool = False
) -> LearnerFacts:
    """Return the facts of one learner, for those who teach the course; `again` where they are shown already."""
    access.taught_course(tx, actor, course_id)
    place = access.enrollment(tx, course_id, user_id, removed=False)
    if not again:
        access.note_look(tx, actor, 'learner', course=course_id, about=user_id)
    group = tx.session.get(CourseGroup, place.group_id) if place.group_id else None
    done = (
        select(col(Progress.checkpoint_id), func.min(col(Progress.completed_at)))
        .where(
            col(Progress.course_id) == course_id,
            col(Progress.user_id) == user_id,
            col(Progress.completed_at).is_not(None),
        )
        .group_by(col(Progress.checkpoint_id))
    )
    return LearnerFacts(
        rejoin_code=tx.session.get_one(User, user_id).rejoin_code,
        group=group.name if group else '',
        extra_percent=place.extra_percent,
        note=place.note,
        done_at={id_: at for id_, at in tx.execute(done) if at},
    )


def set_mark(
    tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int, checkpoint_id: int, done: bool
) -> None:
    """Set the mark of a learner at a checkpoint in the class that is on, or take it back."""
    course = access.taught_course(tx, actor, course_id)
    access.enrollment(tx, course_id, user_id, removed=False)
    if course.archived_at:
        raise Refused('This course is archived. Bring it back before you set marks in it.')
    running = select(LiveSession).where(col(LiveSession.course_id) == course_id, col(LiveSession.ended_at).is_(None))
    session = tx.session.scalars(running).one_or_none()
    if session is None:
        raise Gone('This class has ended. Start another one to set marks.')
    verb = Verb.COMPLETED if done else Verb.UNDONE
    checkpoint = tx.session.get(Checkpoint, checkpoint_id)
    if checkpoint is None or checkpoint.course_id != course_id or checkpoint.deleted_at or checkpoint.is_preview:
        raise NotFound('This step is not part of the class now.')
    if verb not in (kind := KINDS[checkpoint.kind]).taps:
        raise Refused('This step is {kind}, which nobody can mark by hand.', kind=kind.name)
    by = actor.user_id if actor else 0
    entry = Entry(
        user_id=user_id,
        tap_id=uuid4().hex,
        verb=verb,
        course_id=course_id,
        checkpoint_id=checkpoint_id,
        session_id=session.id,
        mode=Mode.LIVE,
        details={'by': by},
    )
    recording.record(tx, [entry])
    tx.note('mark set for a learner', course=course_id, user=user_id, checkpoint=checkpoint_id, verb=verb, by=by)


def note(tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int, text: str) -> None:
    """Note something of a learner, for all who teach the course; nothing else is kept of what was noted before."""
    access.taught_course(tx, actor, course_id)
    place = access.enrollment(tx, course_id, user_id, removed=False)
    text = storable(text).strip()
    if len(text) > LONGEST_NOTE:
        raise Invalid('This note is too long; use at most {most} characters.', most=LONGEST_NOTE, field='text')
    place.note = text
    tx.session.add(place)
    tx.note('learner noted', course=course_id, user=user_id)


def hide(tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int, hidden: bool) -> None:
    """Keep a learner off the projector, or show them on it again."""
    access.taught_course(tx, actor, course_id)
    place = access.enrollment(tx, course_id, user_id, removed=False)
    place.is_hidden = hidden
    tx.session.add(place)
    tx.announce(PersonHidden(course_id=course_id, user_id=user_id, hidden=hidden))
    tx.note('hidden from the projector' if hidden else 'shown on the projector', course=course_id, user=user_id)
