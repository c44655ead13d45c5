"""Access to a class: who may enter as a learner, who may teach it, and the room behind the door."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from models import Course, Enrollment, User, table
from services import access
from services.access import Actor
from services.core import database
from services.core.errors import NotEnrolled, NotSaved, Removed
from services.core.looks import Looked
from services.core.phrases import Phrase, phrase
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.live import rooms
from services.live.room import Room


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassPlace:
    """Where somebody belongs in a class: among the learners, or else in front of them."""

    learns: bool
    rejoin_code: str | None = None
    """with which a guest comes back on another device"""


@database.quick
def place(tx: Transaction, actor: Actor | None, course_id: int) -> ClassPlace:
    """Return where the actor belongs in the class of a course; raises `NotFound` for everybody else."""
    actor = access.signed_in(tx, actor)
    for rejoin_code, removed_at, merged_into_id in _LEARNER.rows(tx.connection, course=course_id, user=actor.user_id):
        if merged_into_id:
            raise Removed(_MERGED)
        if removed_at:
            raise Removed
        return ClassPlace(learns=True, rejoin_code=rejoin_code)
    access.taught_course(tx, actor, course_id)
    return ClassPlace(learns=False)


def may_teach(tx: Transaction, actor: Actor | None, course_id: int) -> None:
    """Raise `NotFound` unless the actor teaches a course."""
    access.taught_course(tx, actor, course_id)


def open_live(tx: Transaction, actor: Actor | None, course_id: int) -> None:
    """Let somebody who teaches a course open its live page, and note it in the server log."""
    access.taught_course(tx, actor, course_id)
    access.note_look(tx, actor, 'live', course=course_id)


async def open_page(actor: Actor | None, course_id: int) -> Phrase | None:
    """Open the live page as `open_live` does, also where the look cannot be written down, as the disk is full.

    A class that goes on is not shut to its teacher. The look is in the server log, and becomes a row with the next one
    that can be written. Returns the sentence that the page has to show then.
    """
    try:
        await database.read(open_live, actor, course_id)
    except NotSaved as full:
        await database.read(may_teach, actor, course_id)
        if actor is not None:
            _owed[actor.user_id, course_id] = Looked(
                by_id=actor.user_id, page='live', about_id=None, course_id=course_id
            )
        return full.sentence
    if owed := dict(_owed):
        await database.write(_write_down, owed.values())
        for key in owed:
            _owed.pop(key, None)
    return None


def _write_down(tx: Transaction, owed: Iterable[Looked]) -> None:
    tx.looks.extend(owed)


_owed: dict[tuple[int, int], Looked] = {}
"""looks that could not be written down yet, by person and course"""


async def teachers_room(actor: Actor | None, course_id: int) -> Room:
    """Return the room of a course that the actor teaches."""
    await database.read(may_teach, actor, course_id)
    return await enter(course_id)


async def learners_room(actor: Actor | None, course_id: int) -> Room:
    """Return the room of a course in which the actor learns."""
    found = await database.read(place, actor, course_id)
    if not found.learns:
        raise NotEnrolled
    return await enter(course_id)


async def enter(course_id: int) -> Room:
    """Return the room of a course for a client that does not stay; access is checked by the caller."""
    room = await rooms.enter(course_id)
    room.look_in()
    return room


_MERGED = phrase(
    'You are in this course under another name too, and what you did here counts there. '
    'Go on with your account, or with your own code from the other device.'
)

_enrollments, _courses, _users = table(Enrollment), table(Course), table(User)
_LEARNER = Prepared(
    select(_users.c.rejoin_code, _enrollments.c.removed_at, _users.c.merged_into_id)
    .join(_enrollments, _enrollments.c.user_id == _users.c.id)
    .join(_courses, _courses.c.id == _enrollments.c.course_id)
    .where(
        _users.c.id == bindparam('user'),
        _enrollments.c.course_id == bindparam('course'),
        _courses.c.deleted_at.is_(None),
    )
)
