"""Milestones: a quarter, half and three quarters of a course, each reached once. Learners see them pass by."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import bindparam, distinct, func, select

from models import Course, Enrollment, NoticeKind, Progress, Verb, table
from services.core.database import Transaction
from services.core.events import Recorded
from services.core.phrases import Phrase, phrase
from services.core.sql.in_list import number_pair_among
from services.core.sql.prepared import Prepared
from services.notices.drafts import Draft

MARKS = (25, 50, 75)
"""percent"""
FEWEST_STEPS = 8
"""A shorter course has no milestones: every other step would be one."""


def drafts(tx: Transaction, activities: Sequence[Recorded]) -> Iterator[Draft]:
    """Yield the milestones that learners have reached by completing steps."""
    since: dict[tuple[int, int], datetime] = {}
    for each in activities:
        if each.verb is Verb.COMPLETED:
            place = each.of_course, each.user_id
            since[place] = min(since.get(place, each.at), each.at)
    if not since:
        return
    for course_id, user_id, title, done, counted in _REACHED.rows(tx.connection, places=sorted(since)):
        if counted < FEWEST_STEPS:
            continue
        at = since[course_id, user_id]
        now_done = _NEW.rows(tx.connection, course=course_id, user=user_id, since=at)[0][0]
        for mark in _passed(done - now_done, done, counted):
            yield Draft(
                user_id=user_id,
                kind=NoticeKind.MILESTONE,
                object_key=f'course:{course_id}',
                occurrence=str(mark),
                course_id=course_id,
                title=_words(mark, title),
                address=f'/courses/{course_id}/learn',
                happened_at=at,
            )


def _passed(before: int, done: int, counted: int) -> Iterator[int]:
    """Yield the last mark that was passed with the latest steps."""
    passed = [mark for mark in MARKS if 100 * before < mark * counted <= 100 * done]
    yield from passed[-1:]


def _words(mark: int, course: str) -> Phrase:
    if mark == 50:
        return phrase('You have done half of “{course}”.', course=course)
    if mark < 50:
        return phrase('You have done a quarter of “{course}”.', course=course)
    return phrase('You have done three quarters of “{course}”.', course=course)


_places, _courses, _progress = table(Enrollment), table(Course), table(Progress)
_REACHED = Prepared(
    select(_places.c.course_id, _places.c.user_id, _courses.c.title, _places.c.done, _courses.c.counted)
    .join(_courses, _courses.c.id == _places.c.course_id)
    .where(
        number_pair_among(_places.c.course_id, _places.c.user_id, 'places'),
        _places.c.completed_at.is_(None),
        _courses.c.counted >= FEWEST_STEPS,
    )
)
_NEW = Prepared(
    select(func.count(distinct(_progress.c.checkpoint_id))).where(
        _progress.c.course_id == bindparam('course'),
        _progress.c.user_id == bindparam('user'),
        _progress.c.completed_at >= bindparam('since', type_=_progress.c.completed_at.type),
    )
)
