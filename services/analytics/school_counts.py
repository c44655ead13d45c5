"""What is counted of the whole school before noise is added: it goes to `school_releases` alone, and is kept nowhere.

Days are those of each person, and what belongs to no course counts too. What is of too few people is hidden here, by
the exact numbers.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select
from sqlmodel import col

from models import (
    Achievement,
    AchievementKind,
    Course,
    DailyTotal,
    Enrollment,
    LearningDay,
    Notice,
    SchoolFigure,
    User,
    Verb,
    table,
)
from services.analytics import k_rule
from services.analytics.course_facts import monday
from services.analytics.day_queries import IS_DEED
from services.analytics.k_rule import SITE_WIDE, Rough
from services.core import zones
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction

DAYS = 28
WEEK = timedelta(days=7)
MOST_SESSIONS, MOST_MINUTES = 7, 240
"""of one person in one week; what is beyond is cut off, in proportion, so that nobody changes a figure by more"""
MOST_NOTICES = 7
"""likewise: in the inbox of one person in one week, and the same by mail"""
MOST_BADGES = 3
"""likewise: earned by one person in one week"""
MOST_DAYS = 365
"""from enrollment to completion; longer ones count as this"""
ENOUGH = k_rule.SMALL * SITE_WIDE
"""people, for figures whose noise is larger: of fewer, they would say little but noise"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One figure as it was counted, or that it is hidden."""

    figure: SchoolFigure
    day: date
    course_id: int = 0
    value: int = 0
    rough: Rough | None = None
    values: tuple[int, ...] = ()
    """of which the median is to be said, where the figure is a median"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One enrollment, as of the end of a day."""

    course_id: int
    enrolled_at: datetime
    completed_at: datetime | None


People = Mapping[date, set[int]]
"""day → who did something on it"""


def of_days(tx: Transaction, days: Sequence[date]) -> Iterator[Counted]:
    """Yield how many people did something on each of some days."""
    people = _people_by_day(tx, min(days), max(days))
    for day in days:
        yield _people(SchoolFigure.ACTIVE_PEOPLE, day, people.get(day, set()))


def of_month(tx: Transaction, last: date) -> Counted:
    """Return how many different people did something in the four weeks up to a day."""
    people = _people_by_day(tx, last - timedelta(days=DAYS - 1), last)
    return _people(SchoolFigure.ACTIVE_PER_MONTH, last, set().union(*people.values()))


def of_week(tx: Transaction, last: date) -> tuple[Counted, Counted]:
    """Return how many learning sessions there were in the week up to a Sunday, and how many minutes they took."""
    its = defaultdict[int, list[int]](lambda: [0, 0])
    for user_id, sessions, seconds in _STUDY.rows(tx.connection, people=_everybody(tx), since=monday(last), until=last):
        its[user_id][0] += sessions
        its[user_id][1] += seconds // 60
    found = [_cut(sessions, minutes) for sessions, minutes in its.values() if sessions]
    rough = None if len(found) >= ENOUGH else Rough.HIDDEN
    sums = [sum(each) for each in zip(*found, strict=True)] or [0, 0]
    return (
        Counted(figure=SchoolFigure.SESSIONS, day=last, value=sums[0], rough=rough),
        Counted(figure=SchoolFigure.SESSION_MINUTES, day=last, value=sums[1], rough=rough),
    )


def of_notices(tx: Transaction, last: date) -> Iterator[Counted]:
    """Yield how many notices came into inboxes in the week up to a Sunday, were read in it, and went out by mail.

    Nothing tells whether a mail was opened: mails have no tracking pixels.
    """
    zone = zones.school()
    since, before = (zones.start_of_day(zone, day) for day in (monday(last), last + timedelta(days=1)))
    rows = [(int(come), int(read), int(mailed)) for *_, come, read, mailed in _NOTICES.rows(
        tx.connection, since=since, before=before
    )]  # fmt: skip
    come = [(come, read) for come, read, _ in rows if come]
    readers = sum(read > 0 for _, read in come)
    may_be_split = not isinstance(k_rule.share(readers, len(come), k=SITE_WIDE), Rough)
    mailed = [mailed for *_, mailed in rows if mailed]
    cut = [_cut_notices(*each) for each in come]
    for figure, value, is_shown in (
        (SchoolFigure.NOTICES, sum(each for each, _ in cut), len(come) >= ENOUGH),
        (SchoolFigure.NOTICES_READ, sum(read for _, read in cut), len(come) >= ENOUGH and may_be_split),
        (SchoolFigure.NOTICES_MAILED, sum(min(each, MOST_NOTICES) for each in mailed), len(mailed) >= ENOUGH),
    ):
        yield Counted(figure=figure, day=last, value=value, rough=None if is_shown else Rough.HIDDEN)


def of_motivation(tx: Transaction, last: date) -> Iterator[Counted]:
    """Yield how many people learned in the week before, how many of them in the week up to a Sunday, too, and how many
    badges were earned in it.

    Days of learning are those of streaks, by the learner's own dates.
    """
    first = monday(last)
    rows = _LEARNED.rows(tx.connection, since=first - WEEK, until=last)
    before = {user_id for user_id, day in rows if day < first}
    kept = len(before & {user_id for user_id, day in rows if day >= first})
    is_hidden = isinstance(k_rule.share(kept, len(before), k=SITE_WIDE), Rough)
    zone = zones.school()
    since, end = (zones.start_of_day(zone, day) for day in (first, last + timedelta(days=1)))
    badges = [int(number) for _, number in _BADGES.rows(tx.connection, since=since, before=end)]
    for figure, value, is_shown in (
        (SchoolFigure.STREAKS, len(before), len(before) >= ENOUGH),
        (SchoolFigure.STREAKS_KEPT, kept, len(before) >= ENOUGH and not is_hidden),
        (SchoolFigure.BADGES, sum(min(each, MOST_BADGES) for each in badges), len(badges) >= ENOUGH),
    ):
        yield Counted(figure=figure, day=last, value=value, rough=None if is_shown else Rough.HIDDEN)


def of_courses(tx: Transaction, day: date) -> Iterator[Counted]:
    """Yield how many take each course and have completed it, the same of all, and how long that took."""
    places = _places(tx, zones.start_of_day(zones.school(), day + timedelta(days=1)))
    by_course: defaultdict[int, list[Place]] = defaultdict(list)
    for place in places:
        by_course[place.course_id].append(place)
    roughs = roughly(by_course)
    for course_id, its in [*by_course.items(), (0, places)]:
        hidden = None if len(its) >= SITE_WIDE else Rough.HIDDEN
        done = sum(place.completed_at is not None for place in its)
        rough = roughs[course_id]
        yield Counted(figure=SchoolFigure.ENROLLED, day=day, course_id=course_id, value=len(its), rough=hidden)
        yield Counted(figure=SchoolFigure.COMPLETED, day=day, course_id=course_id, value=done, rough=rough)
    took = tuple((place.completed_at - place.enrolled_at).days for place in places if place.completed_at)
    too_few = None if len(took) >= ENOUGH else Rough.HIDDEN
    yield Counted(figure=SchoolFigure.DAYS_TO_COMPLETION, day=day, values=took, rough=too_few)


def roughly(by_course: Mapping[int, Sequence[Place]]) -> dict[int, Rough | None]:
    """Return of each course, and by 0 of all together, how its completion rate has to be hidden, if at all."""
    roughs = {course_id: _rough(its) for course_id, its in by_course.items()}
    hidden = [course_id for course_id, rough in roughs.items() if rough is Rough.HIDDEN]
    shown = sorted(by_course.keys() - set(hidden), key=lambda course_id: (len(by_course[course_id]), course_id))
    # the rate of all is said too, so what is hidden must not be what is left of it
    while hidden and shown and _rough(_all(by_course[each] for each in hidden)) is Rough.HIDDEN:
        hidden.append(shown.pop(0))
        roughs[hidden[-1]] = Rough.HIDDEN
    return roughs | {0: _rough(_all(by_course.values()))}


def _all(parts: Iterable[Sequence[Place]]) -> list[Place]:
    return [place for part in parts for place in part]


def _rough(places: Sequence[Place]) -> Rough | None:
    said = k_rule.share(sum(place.completed_at is not None for place in places), len(places), k=SITE_WIDE)
    return said if isinstance(said, Rough) else None


def _people(figure: SchoolFigure, day: date, people: set[int]) -> Counted:
    is_hidden = k_rule.count(len(people), k=SITE_WIDE) is None
    return Counted(figure=figure, day=day, value=len(people), rough=Rough.HIDDEN if is_hidden else None)


def _cut(sessions: int, minutes: int) -> tuple[int, int]:
    share = min(1.0, MOST_SESSIONS / sessions, MOST_MINUTES / max(minutes, 1))
    return int(sessions * share), int(minutes * share)


def _cut_notices(come: int, read: int) -> tuple[int, int]:
    share = min(1.0, MOST_NOTICES / come)
    return int(come * share), int(read * share)


def _people_by_day(tx: Transaction, since: date, until: date) -> People:
    found: defaultdict[date, set[int]] = defaultdict(set)
    for user_id, day in _ACTIVE.rows(tx.connection, people=_everybody(tx), since=since, until=until):
        found[day].add(user_id)
    return found


def _everybody(tx: Transaction) -> list[int]:
    return list(tx.execute(select(col(User.id)).where(col(User.merged_into_id).is_(None))).scalars())


def _places(tx: Transaction, before: datetime) -> list[Place]:
    return [
        Place(
            course_id=course_id,
            enrolled_at=enrolled_at,
            completed_at=completed_at if completed_at and completed_at < before else None,
        )
        for course_id, enrolled_at, completed_at in _PLACES.rows(tx.connection, before=before)
    ]


_totals = table(DailyTotal)
_enrollments, _courses = table(Enrollment), table(Course)
_DAY = _totals.c.local_date.type
_IN_SPAN = (
    among(_totals.c.user_id, 'people'),  # by the primary key, in which the person comes first
    _totals.c.local_date >= bindparam('since', type_=_DAY),
    _totals.c.local_date <= bindparam('until', type_=_DAY),
)
_ACTIVE = Prepared(select(_totals.c.user_id, _totals.c.local_date).where(*_IN_SPAN, IS_DEED).distinct())
_STUDY = Prepared(
    select(_totals.c.user_id, func.sum(_totals.c.sessions), func.sum(_totals.c.seconds))
    .where(*_IN_SPAN, _totals.c.verb == Verb.STUDIED)
    .group_by(_totals.c.user_id)
)
_BEFORE = bindparam('before', type_=_enrollments.c.enrolled_at.type)
_notices = table(Notice)
_since = bindparam('since', type_=_notices.c.written_at.type)


def _how_many(*which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((and_(*which), 1), else_=0))


_comes = _notices.c.is_in_app, _notices.c.written_at >= _since, _notices.c.written_at < _BEFORE
_NOTICES = Prepared(
    select(
        _notices.c.user_id,
        _how_many(*_comes),
        _how_many(*_comes, _notices.c.read_at < _BEFORE),
        _how_many(_notices.c.mailed_at >= _since, _notices.c.mailed_at < _BEFORE),
    )
    .where(or_(_notices.c.written_at >= _since, _notices.c.mailed_at >= _since))
    .group_by(_notices.c.user_id)
)
_learned, _achieved = table(LearningDay), table(Achievement)
_LEARNED = Prepared(
    select(_learned.c.user_id, _learned.c.local_date).where(
        _learned.c.counted_at.is_not(None),
        _learned.c.local_date >= bindparam('since', type_=_DAY),
        _learned.c.local_date <= bindparam('until', type_=_DAY),
    )
)
_BADGES = Prepared(
    select(_achieved.c.user_id, func.count())
    .where(
        _achieved.c.kind == AchievementKind.BADGE,
        _achieved.c.reached_at >= bindparam('since', type_=_achieved.c.reached_at.type),
        _achieved.c.reached_at < bindparam('before', type_=_achieved.c.reached_at.type),
    )
    .group_by(_achieved.c.user_id)
)
_PLACES = Prepared(
    select(_enrollments.c.course_id, _enrollments.c.enrolled_at, _enrollments.c.completed_at)
    .join(_courses, _courses.c.id == _enrollments.c.course_id)
    .where(
        _courses.c.deleted_at.is_(None),
        or_(
            _enrollments.c.removed_at.is_(None),
            _enrollments.c.removed_at >= _BEFORE,  # until the day is over: the difference would tell of this person
            _enrollments.c.completed_at.is_not(None),
        ),
        _enrollments.c.enrolled_at < _BEFORE,
    )
)
