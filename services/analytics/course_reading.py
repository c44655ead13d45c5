"""Reads what the figures of a course are made of, once for all of them.

Nothing here reads the log: all comes from daily totals and from what other projections keep. What a guest did is that
of the person who they have turned out to be.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from models import CheckpointKind, Course
from services.analytics import course_queries as queries
from services.analytics.course_facts import WEEKS, CourseFacts, HeldClass, Learner, monday
from services.core import zones
from services.core.database import Transaction
from services.core.errors import NotFound
from services.grades import sources
from services.live import course_groups


def read(
    tx: Transaction, course: Course, zone: ZoneInfo, *, group: str = '', session_id: int | None = None
) -> CourseFacts:
    """Read what is known of a course: of everybody, of one group, or of those who came to one class.

    Today and the weeks are those of a zone. The caller has checked who may see it.
    """
    today = zones.local_date(zone, tx.now)
    since = monday(today) - timedelta(weeks=WEEKS - 1)
    classes = _classes(tx, course.id, session_id)
    everybody = queries.learners(tx, course.id)
    learners = _chosen(tx, everybody, group, session_id)
    people = [each.user_id for each in learners]
    steps = queries.steps(tx, course.id)
    graded, excused = sources.results(tx, course.id), queries.excused(tx, course.id)
    learners = tuple(
        replace(each, later=graded.later.get(each.user_id, {}), excused=excused.get(each.user_id, frozenset()))
        for each in learners
    )
    helped, waiting = queries.help_asked(tx, course.id)
    whose = frozenset(people)
    return CourseFacts(
        course=course,
        now=tx.now,
        today=today,
        groups=course_groups.in_order(each.group for each in everybody),
        classes=classes,
        steps=steps,
        learners=learners,
        standings=queries.standings(tx, course.id, people),
        studied=queries.studied(tx, course.id),
        seen=queries.seen(tx, [step.checkpoint_id for step in steps if step.kind in _SHOWN]),
        helped=helped,
        waiting=tuple(each for each in waiting if each.user_id in whose),
        scores=graded.scores,
        attempts=queries.attempts(tx, course.id),
        ungraded={key for key in graded.waiting if key[0] in whose},
        last_days=queries.last_days(tx, course.id, people),
        days=queries.days(tx, course.id, people, since),
        in_class=_in_class(tx, course.id, zone, zones.start_of_day(zone, since)),
    )


def _chosen(tx: Transaction, everybody: Sequence[Learner], group: str, session_id: int | None) -> tuple[Learner, ...]:
    found = [each for each in everybody if not group or each.group == group]
    if session_id is not None:
        came = queries.came(tx, session_id)
        found = [each for each in found if each.user_id in came]
    return tuple(found)


def _classes(tx: Transaction, course_id: int, session_id: int | None) -> tuple[HeldClass, ...]:
    classes = queries.classes(tx, course_id)
    if session_id is not None and session_id not in {each.session_id for each in classes}:
        raise NotFound('There is no such class in this course.')
    return classes


def _in_class(tx: Transaction, course_id: int, zone: ZoneInfo, since: datetime) -> dict[tuple[int, date], int]:
    found: dict[tuple[int, date], int] = {}
    for user_id, began_at, seconds in queries.stays(tx, course_id, since):
        key = user_id, monday(zones.local_date(zone, began_at))
        found[key] = found.get(key, 0) + seconds
    return found


_SHOWN = frozenset({CheckpointKind.VIDEO, CheckpointKind.DOCUMENT})
