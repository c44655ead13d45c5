"""Milestones: a quarter, half and three quarters of a course, each reached once. Learners see them pass by."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import bindparam, distinct, func, select

from models import Course, Enrollment, NoticeKind, Progress, Verb, table
from services.core.events import Recorded
from services.core.phrases import Phrase, phrase
from services.core.sql.in_list import number_pair_among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.notices.drafts import Draft

MARKS = (25, 50, 75)
"""percent"""
FEWEST_CHECKPOINTS = 8
"""A shorter course has no milestones: every other checkpoint would be one."""

Place = tuple[int, int]
"""(course id, user id)"""


def drafts(tx: Transaction, activities: Sequence[Recorded]) -> Iterator[Draft]:
    """Yield the milestones that learners have reached by completing checkpoints."""
    tapped: dict[Place, datetime] = {}
    for each in activities:
        if each.verb is Verb.COMPLETED:
            tapped.setdefault((each.of_course, each.user_id), each.at)
    reached = _REACHED.rows(tx.connection, places=sorted(tapped)) if tapped else []
    if not reached:
        return
    places, since = sorted((course_id, user_id) for course_id, user_id, *_ in reached), min(tapped.values())
    new = {(course, user): count for course, user, count in _NEW.rows(tx.connection, places=places, since=since)}
    for course_id, user_id, title, done, counted in reached:
        for mark in _passed(done - new.get((course_id, user_id), 0), done, counted):
            yield Draft(
                user_id=user_id,
                kind=NoticeKind.MILESTONE,
                object_key=f'course:{course_id}',
                occurrence=str(mark),
                course_id=course_id,
                title=_words(mark, title),
                address=f'/courses/{course_id}/learn',
                happened_at=tapped[course_id, user_id],
            )


def _passed(before: int, done: int, counted: int) -> Iterator[int]:
    """Yield the last mark that was passed with the latest checkpoints."""
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
        _courses.c.counted >= FEWEST_CHECKPOINTS,
    )
)
_NEW = Prepared(
    select(_progress.c.course_id, _progress.c.user_id, func.count(distinct(_progress.c.checkpoint_id)))
    .where(
        number_pair_among(_progress.c.course_id, _progress.c.user_id, 'places'),
        _progress.c.completed_at >= bindparam('since', type_=_progress.c.completed_at.type),
    )
    .group_by(_progress.c.course_id, _progress.c.user_id)
)
