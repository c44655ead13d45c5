"""Reads what the figures of a course are made of, once for all of them.

Nothing here reads the log: all comes from daily totals and from what other projections keep. What a guest did is that
of the person who they have turned out to be.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from models import CheckpointKind, Course
from services.analytics import course_queries as queries
from services.analytics import day_queries, dues
from services.analytics.course_facts import WEEKS, ByCheckpoint, CourseFacts, HeldClass, Learner, Place, monday
from services.core import zones
from services.core.errors import NotFound
from services.core.transaction import Transaction
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
    checkpoints = queries.checkpoints(tx, course.id)
    graded, excused = sources.results(tx, course.id), queries.excused(tx, course.id)
    learners = tuple(
        replace(each, later=graded.later.get(each.user_id, {}), excused=excused.get(each.user_id, frozenset()))
        for each in learners
    )
    whose = frozenset(people)
    helped, waiting = queries.help_asked(tx, course.id)
    begun, done, in_class = queries.standings(tx, course.id, people)
    ungraded = _who(graded.waiting, whose)
    due = dues.until(tx.now, learners, checkpoints)
    active, sums = day_queries.days(tx, course.id, people, since)
    return CourseFacts(
        course=course,
        now=tx.now,
        today=today,
        groups=course_groups.in_order(each.group for each in everybody),
        classes=classes,
        checkpoints=checkpoints,
        learners=learners,
        begun=begun,
        done=done,
        spent=_spent(queries.studied(tx, course.id, people), in_class, whose),
        seen=_by_checkpoint(
            queries.seen(tx, [checkpoint.checkpoint_id for checkpoint in checkpoints if checkpoint.kind in _SHOWN]),
            whose,
        ),
        helped=_who(helped, whose),
        waiting=tuple(each for each in waiting if each.user_id in whose),
        scores=_scores(graded.by_learner, whose),
        attempts=_by_checkpoint(queries.attempts(tx, course.id), whose),
        ungraded=ungraded,
        due={user_id: len(its) for user_id, its in due.items()},
        overdue=dues.missing(due, done, ungraded),
        last_days=day_queries.last_days(tx, course.id, people, active),
        first_day=min(active, default=None),
        active=active,
        sums=sums,
        in_class=_in_class(tx, course.id, zone, zones.start_of_day(zone, since), whose),
    )


def _by_checkpoint(found: Mapping[Place, int], whose: AbstractSet[int]) -> dict[int, dict[int, int]]:
    """Return values by checkpoint and learner, of those learners who were chosen."""
    by_checkpoint: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for (user_id, checkpoint_id), value in found.items():
        if user_id in whose:
            by_checkpoint[checkpoint_id][user_id] = value
    return by_checkpoint


def _scores(by_learner: Mapping[int, Mapping[int, int]], whose: AbstractSet[int]) -> dict[int, dict[int, int]]:
    by_checkpoint: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for user_id in whose & by_learner.keys():
        for checkpoint_id, score in by_learner[user_id].items():
            by_checkpoint[checkpoint_id][user_id] = score
    return by_checkpoint


def _who(places: Iterable[Place], whose: AbstractSet[int]) -> dict[int, set[int]]:
    by_checkpoint: defaultdict[int, set[int]] = defaultdict(set)
    for user_id, checkpoint_id in places:
        if user_id in whose:
            by_checkpoint[checkpoint_id].add(user_id)
    return by_checkpoint


def _spent(
    studied: Mapping[int, Mapping[int, int]], in_class: Mapping[int, Mapping[int, int]], whose: AbstractSet[int]
) -> ByCheckpoint:
    """Return how long learners were at each checkpoint: studying on their own, and in class."""
    spent = {
        checkpoint_id: {user_id: seconds for user_id, seconds in its.items() if user_id in whose}
        for checkpoint_id, its in studied.items()
    }
    for checkpoint_id, its in in_class.items():
        at_checkpoint = spent.setdefault(checkpoint_id, {})
        for user_id, seconds in its.items():
            at_checkpoint[user_id] = at_checkpoint.get(user_id, 0) + seconds
    return spent


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


def _in_class(
    tx: Transaction, course_id: int, zone: ZoneInfo, since: datetime, whose: AbstractSet[int]
) -> dict[tuple[int, date], int]:
    found: Counter[tuple[int, date]] = Counter()
    week_of = cache(lambda began_at: monday(zones.local_date(zone, began_at)))  # many stays, a few classes
    for user_id, began_at, seconds in queries.stays(tx, course_id, since):
        if user_id in whose:
            found[user_id, week_of(began_at)] += seconds
    return found


_SHOWN = frozenset({CheckpointKind.VIDEO, CheckpointKind.DOCUMENT})
