"""Marks on the roll: late, excused, there or absent, as those who teach say. Kept in the log, with who said it.

A mark goes before what was seen of a learner's device, and leaves the minutes as they are. It can be taken back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import delete, select
from sqlmodel import col

from models import AttendanceMark, LiveSession, RollMark, User, Verb, table
from services import access
from services.access import Actor
from services.activity import recording
from services.activity.log import Entry
from services.core.errors import NotFound, Refused
from services.core.events import Recorded
from services.core.projection import Part, Projection, compared
from services.core.sql.upsert import upsert
from services.core.transaction import Transaction
from services.live.attendance.stays import Key
from services.quizzes.mastery import owners_of

NO_CLASS = 'There is no such class in this course.'


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One mark, and who has set it."""

    mark: RollMark
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """The last word on one learner in one class; `mark` is None where it was taken back."""

    course_id: int
    mark: RollMark | None
    by: int


def set_mark(
    tx: Transaction, actor: Actor | None, course_id: int, session_id: int, *, user_id: int, mark: RollMark | None
) -> None:
    """Say of a learner that they were there, late, excused or absent in one class; None takes the mark back."""
    course = access.taught_course(tx, actor, course_id)
    access.enrollment(tx, course_id, user_id)
    session = tx.session.get(LiveSession, session_id)
    if session is None or session.course_id != course_id:
        raise NotFound(NO_CLASS)
    if course.archived_at:
        raise Refused('This course is archived. Bring it back before you set marks in it.')
    assert actor is not None
    entry = Entry(
        user_id=user_id,
        tap_id=f'{Verb.ROLL_MARKED}:{uuid4().hex}',
        verb=Verb.ROLL_MARKED,
        course_id=course_id,
        session_id=session_id,
        details={'by': actor.user_id, 'mark': mark.value if mark else ''},
    )
    recording.record(tx, [entry])
    tx.note('roll marked', course=course_id, session=session_id, about=user_id, by=actor.user_id)


def of_course(
    tx: Transaction, course_id: int, session_id: int | None = None, user_id: int | None = None
) -> dict[Key, Said]:
    """Return the marks in all classes of a course or in one, of everybody or of one learner.

    The caller has checked who may see them.
    """
    keys = col(AttendanceMark.session_id), col(AttendanceMark.user_id)
    rows = (
        select(*keys, col(AttendanceMark.mark), col(User.name))
        .join(User, col(User.id) == col(AttendanceMark.marked_by))
        .where(col(AttendanceMark.course_id) == course_id)
    )
    if session_id is not None:
        rows = rows.where(keys[0] == session_id)
    if user_id is not None:
        rows = rows.where(keys[1] == user_id)
    return {(session, user): Said(mark=mark, by=name) for session, user, mark, name in tx.execute(rows)}


def fold(activities: Iterable[Recorded]) -> dict[Key, _Word]:
    """Return what activities, oldest first, say; the last word on a learner in a class holds."""
    return {
        (each.session_id, each.user_id): _Word(
            course_id=each.of_course,
            mark=RollMark(str(said)) if (said := each.details.get('mark')) else None,
            by=int(str(each.details['by'])),
        )
        for each in activities
        if each.verb is Verb.ROLL_MARKED and each.details and each.session_id is not None
    }


def project(tx: Transaction, activities: Sequence[Recorded]) -> None:
    """Store marks that have just been set or taken back."""
    owners = owners_of(tx, {each.user_id for each in activities})
    _store(tx, {(session, owners.get(user, user)): word for (session, user), word in fold(activities).items()})


def rebuild(tx: Transaction, part: Part) -> None:
    """Store the marks of some people anew."""
    tx.execute(delete(AttendanceMark).where(col(AttendanceMark.user_id).in_(part.people)))
    _store(tx, fold(part.owned()))


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare the marks of some people with the log."""
    rows = tx.session.scalars(select(AttendanceMark).where(col(AttendanceMark.user_id).in_(part.people)))
    stored = {(row.session_id, row.user_id): row.model_dump() for row in rows}
    told = {key: _row(key, word) for key, word in fold(part.owned()).items() if word.mark}
    return list(compared('attendance mark', told, stored))


def _store(tx: Transaction, words: dict[Key, _Word]) -> None:
    for session_id, user_id in (key for key, word in words.items() if word.mark is None):
        theirs = col(AttendanceMark.session_id) == session_id, col(AttendanceMark.user_id) == user_id
        tx.execute(delete(AttendanceMark).where(*theirs))
    if rows := [_row(key, word) for key, word in words.items() if word.mark]:
        _STORE.each(tx.connection, rows)


def _row(key: Key, word: _Word) -> dict[str, object]:
    return dict(zip(_COLUMNS, (*key, word.course_id, word.mark, word.by), strict=True))


_COLUMNS = ('session_id', 'user_id', 'course_id', 'mark', 'marked_by')
_STORE = upsert(table(AttendanceMark), _COLUMNS, key=_COLUMNS[:2])

PROJECTION = Projection(
    name='attendance marks',
    follows=frozenset({Verb.ROLL_MARKED}),
    project=project,
    rebuild=rebuild,
    differences=differences,
)
