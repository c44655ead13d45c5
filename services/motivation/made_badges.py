"""Badges that those who teach a course make for it. What is done after a badge was made or changed counts for it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from models import Activity, BadgeIcon, Course, Enrollment, MadeBadge, PointEntry, PointReason, table
from services import access
from services.access import Actor
from services.core.errors import Invalid, NotFound, Refused
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.text import line
from services.core.transaction import Transaction
from services.motivation import given_badges
from services.motivation.criteria import Criteria, Deed, Span, best
from services.motivation.given_badges import Badge

COUNTED = (
    PointReason.COMPLETED,
    PointReason.STARTED,
    PointReason.MASTERED,
    PointReason.PERFECT,
    PointReason.WEEKLY_GOAL,
    PointReason.DAY,
    PointReason.HELPED,
)
"""what a badge can be given for"""
MOST_BADGES = 30
MOST_POINTS = 100
MOST_TIMES = 1_000
LONGEST_NAME, LONGEST_DESCRIPTION = 60, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody who teaches says of a badge."""

    name: str
    description: str = ''
    icon: BadgeIcon = BadgeIcon.STAR
    points: int = 10
    reason: PointReason = PointReason.COMPLETED
    within: Span = Span.EVER
    at_least: int = 5


def of_course(tx: Transaction, actor: Actor | None, course_id: int) -> tuple[Badge, ...]:
    """Return the badges of a course to those who teach it, oldest first."""
    access.taught_course(tx, actor, course_id)
    return in_courses(tx, {course_id})


def in_courses(tx: Transaction, course_ids: Collection[int]) -> tuple[Badge, ...]:
    """Return the badges of some courses, oldest first; the caller has checked who may see them."""
    rows = _IN_COURSES.rows(tx.connection, courses=sorted(course_ids)) if course_ids else []
    return tuple(_badge(MadeBadge(**dict(zip(_COLUMNS, row, strict=True)))) for row in rows)


def one(tx: Transaction, badge_id: int) -> Badge | None:
    """Return any badge, also one that was deleted: who has it keeps it; None where there is none."""
    if badge_id < 0:
        return given_badges.one(badge_id)
    row = tx.session.get(MadeBadge, badge_id)
    return _badge(row) if row else None


def add(tx: Transaction, actor: Actor | None, course_id: int, *, wish: Wish) -> int:
    """Make a badge for a course; returns its id."""
    access.taught_course(tx, actor, course_id)
    wish = _check(wish)
    if len(in_courses(tx, {course_id})) >= MOST_BADGES:
        raise Refused('A course has at most {most} badges of its own.', most=MOST_BADGES)
    row = MadeBadge(course_id=course_id, since_id=_newest(tx), created_at=tx.now, **_columns(wish))
    tx.session.add(row)
    tx.session.flush()
    tx.note('badge changed', course=course_id, badge=row.id, by=actor.user_id if actor else 0)
    return row.id


def edit(tx: Transaction, actor: Actor | None, course_id: int, badge_id: int, *, wish: Wish) -> None:
    """Change a badge. Other criteria hold from now on; who has the badge keeps it."""
    row = _row(tx, actor, course_id, badge_id)
    wish = _check(wish)
    if (row.reason, row.within, row.at_least) != (wish.reason, wish.within.value, wish.at_least):
        row.since_id = _newest(tx)
    for name, value in _columns(wish).items():
        setattr(row, name, value)
    tx.session.add(row)
    tx.note('badge changed', course=course_id, badge=badge_id, by=actor.user_id if actor else 0)


def delete(tx: Transaction, actor: Actor | None, course_id: int, badge_id: int) -> None:
    """Let nobody earn a badge from now on; who has it keeps it."""
    row = _row(tx, actor, course_id, badge_id)
    row.deleted_at = tx.now
    tx.session.add(row)
    tx.note('badge changed', course=course_id, badge=badge_id, by=actor.user_id if actor else 0)


def preview(tx: Transaction, actor: Actor | None, course_id: int, *, wish: Wish) -> int:
    """Return how many learners of a course would have a badge today, if all that they did in it had counted."""
    access.taught_course(tx, actor, course_id)
    criteria = _criteria(_check(wish), course_id)
    here = col(Enrollment.course_id) == course_id, col(Enrollment.removed_at).is_(None)
    people = list(tx.execute(select(col(Enrollment.user_id)).where(*here)).scalars())
    by_person: dict[int, list[Deed]] = defaultdict(list)
    for row in _DEEDS.rows(tx.connection, people=sorted(people), reason=wish.reason, course=course_id):
        by_person[row[0]].append(Deed(*row))
    return sum(best(criteria, deeds) >= criteria.at_least for deeds in by_person.values())


def _row(tx: Transaction, actor: Actor | None, course_id: int, badge_id: int) -> MadeBadge:
    access.taught_course(tx, actor, course_id)
    row = tx.session.get(MadeBadge, badge_id, with_for_update=True)
    if row is None or row.course_id != course_id or row.deleted_at:
        raise NotFound('There is no such badge in this course.')
    return row


def _check(wish: Wish) -> Wish:
    name, description = line(wish.name), line(wish.description)
    if not name:
        raise Invalid('Give the badge a name.', field='name')
    for text, most, field in ((name, LONGEST_NAME, 'name'), (description, LONGEST_DESCRIPTION, 'description')):
        if len(text) > most:
            raise Invalid('Use at most {most} characters.', most=most, field=field)
    if not 0 <= wish.points <= MOST_POINTS:
        raise Invalid('A badge is worth at most {most} points.', most=MOST_POINTS, field='points')
    if not 1 <= wish.at_least <= MOST_TIMES:
        raise Invalid('Choose a number between 1 and {most}.', most=MOST_TIMES, field='at_least')
    if wish.reason not in COUNTED:
        raise Invalid('Choose what counts.', field='reason')
    return Wish(
        name=name,
        description=description,
        icon=wish.icon,
        points=wish.points,
        reason=wish.reason,
        within=wish.within,
        at_least=wish.at_least,
    )


def _columns(wish: Wish) -> dict[str, Any]:
    return {
        'name': wish.name,
        'description': wish.description,
        'icon': wish.icon,
        'points': wish.points,
        'reason': wish.reason,
        'within': wish.within.value,
        'at_least': wish.at_least,
    }


def _criteria(wish: Wish, course_id: int) -> Criteria:
    return Criteria(when=(wish.reason,), within=wish.within, at_least=wish.at_least, course_id=course_id)


def _badge(row: MadeBadge) -> Badge:
    return Badge(
        badge_id=row.id,
        name=row.name,
        description=row.description,
        icon=row.icon,
        points=row.points,
        criteria=Criteria(when=(row.reason,), within=Span(row.within), at_least=row.at_least, course_id=row.course_id),
        since=row.since_id,
    )


def _newest(tx: Transaction) -> int:
    return tx.execute(select(func.max(col(Activity.id)))).scalar() or 0


_made, _entries, _courses = table(MadeBadge), table(PointEntry), table(Course)
_COLUMNS = tuple(column.name for column in _made.c)
_IN_COURSES = Prepared(
    select(*_made.c)
    .where(among(_made.c.course_id, 'courses'), _made.c.deleted_at.is_(None))
    .order_by(_made.c.course_id, _made.c.id)
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
    .join(_courses, _courses.c.id == _entries.c.course_id)
    .where(
        among(_entries.c.user_id, 'people'),
        _entries.c.reason == bindparam('reason', type_=_entries.c.reason.type),
        _entries.c.course_id == bindparam('course'),
    )
)
