"""Awarding badges: what is new in the ledger is compared with what badges are given for, and the log says who has won.

The log keeps the decision, so that a badge stays earned whatever becomes of its criteria, of courses or their subjects.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import bindparam, func, select

from models import AchievementKind, Course, PointEntry, Verb, table
from services.activity import log, recording
from services.activity.log import Entry
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.motivation import achievements, complete, made_badges, parts, reaching, streak_of
from services.motivation.achievements import Key
from services.motivation.criteria import Criteria, Deed, Measure, Of, Span, best, first_of
from services.motivation.given_badges import GIVEN, Badge
from services.motivation.paid import Paid


def award(tx: Transaction, paid: Sequence[Paid]) -> None:
    """Record the badges, levels and lengths of a streak that learners have reached with what was just paid."""
    if not paid:
        return
    has = achievements.of_people(tx, {each.user_id for each in paid})
    on = parts.in_courses(tx, {each.course_id for each in paid})
    entries = [
        *reaching.levels(tx, [each for each in paid if on[each.course_id].points], has),
        *reaching.lengths(tx, [each for each in paid if on[each.course_id].streaks], has),
    ]
    counting = [each for each in paid if on[each.course_id].badges]
    badges = (*GIVEN, *made_badges.in_courses(tx, {each.course_id for each in counting}))
    for badge, by_learner in _open(badges, counting, has).items():
        won = _winners(tx, badge, by_learner)
        entries += (_entry(badge, max(by_learner[user_id], key=lambda each: each.activity_id)) for user_id in won)
    recorded = log.known(tx, [(each.user_id, each.tap_id) for each in entries]) if entries else {}
    recording.record(tx, [each for each in entries if (each.user_id, each.tap_id) not in recorded])


def _open(
    badges: Sequence[Badge], paid: Sequence[Paid], has: Collection[Key]
) -> Mapping[Badge, Mapping[int, list[Paid]]]:
    """Return for each badge that can have been earned what is new of learners who do not have it."""
    found: dict[Badge, dict[int, list[Paid]]] = {}
    for badge in badges:
        for each in paid:
            if _counts(badge, each) and (each.user_id, AchievementKind.BADGE, badge.badge_id) not in has:
                found.setdefault(badge, defaultdict(list))[each.user_id].append(each)
    return found


def _counts(badge: Badge, paid: Paid) -> bool:
    criteria = badge.criteria
    is_there = criteria.course_id in (None, paid.course_id)
    return paid.reason in criteria.when and is_there and paid.activity_id > badge.since


def _winners(tx: Transaction, badge: Badge, by_learner: Mapping[int, Sequence[Paid]]) -> list[int]:
    """Return the learners who have earned a badge now."""
    match badge.criteria.measure, badge.criteria.of:
        case Measure.RUN, _:
            last_days = {user_id: max(each.local_date for each in rows) for user_id, rows in by_learner.items()}
            streaks = streak_of.on(tx, last_days)
            return [user_id for user_id, each in streaks.items() if each.current >= badge.criteria.at_least]
        case Measure.ALL, Of.SUBJECT:
            return [
                user_id
                for user_id, rows in by_learner.items()
                if any(complete.subject(tx, user_id, course_id) for course_id in {each.course_id for each in rows})
            ]
        case Measure.ALL, _:
            return [
                user_id
                for user_id, rows in by_learner.items()
                if any(complete.week(tx, user_id, each.course_id, date.fromisoformat(each.period)) for each in rows)
            ]
        case _:
            return _counted(tx, badge, by_learner)


def _counted(tx: Transaction, badge: Badge, by_learner: Mapping[int, Sequence[Paid]]) -> list[int]:
    criteria = badge.criteria
    days = [each.local_date for rows in by_learner.values() for each in rows]
    since = min(first_of(criteria.within, day) for day in days)
    course = criteria.course_id or ANYWHERE
    asked = {'people': sorted(by_learner), 'since': badge.since, 'first': since, 'course': course}
    if criteria.within is Span.EVER and criteria.measure is not Measure.SUM:
        asked['people'] = sorted(_may_have(tx, criteria, asked))
    by_person: dict[int, list[Deed]] = defaultdict(list)
    for reason in criteria.when:
        for row in _DEEDS.rows(tx.connection, reason=reason, **asked):
            by_person[row[0]].append(Deed(*row))
    return [user_id for user_id, deeds in by_person.items() if best(criteria, deeds) >= criteria.at_least]


def _may_have(tx: Transaction, criteria: Criteria, asked: Mapping[str, object]) -> Iterable[int]:
    """Return the learners who have enough rows, of which some may not count: most learners are far from it."""
    counts: dict[int, int] = defaultdict(int)
    for reason in criteria.when:
        for user_id, count in _HOW_MANY.rows(tx.connection, reason=reason, **asked):
            counts[user_id] += count
    return [user_id for user_id, count in counts.items() if count >= criteria.at_least]


def _entry(badge: Badge, paid: Paid) -> Entry:
    return Entry(
        user_id=paid.user_id,
        tap_id=f'badge:{badge.badge_id}',
        verb=Verb.BADGE_EARNED,
        course_id=paid.course_id,
        details={'badge': badge.badge_id, 'points': badge.points},
        happened_at=paid.earned_at,
    )


ANYWHERE = 0
_entries, _courses = table(PointEntry), table(Course)
_COURSE = bindparam('course', type_=_entries.c.course_id.type)
_ASKED = (
    among(_entries.c.user_id, 'people'),
    _entries.c.reason == bindparam('reason', type_=_entries.c.reason.type),
    _entries.c.activity_id > bindparam('since'),
    _entries.c.local_date >= bindparam('first', type_=_entries.c.local_date.type),
    (_COURSE == ANYWHERE) | (_entries.c.course_id == _COURSE),
)
_DEEDS = Prepared(
    select(
        _entries.c.user_id,
        _entries.c.reason,
        _entries.c.course_id,
        _courses.c.subject,
        _entries.c.points,
        _entries.c.local_date,
    )
    .join(_courses, (_courses.c.id == _entries.c.course_id) & _courses.c.shows_badges)
    .where(*_ASKED)
)
_HOW_MANY = Prepared(
    select(_entries.c.user_id, func.count(_entries.c.activity_id)).where(*_ASKED).group_by(_entries.c.user_id)
)
