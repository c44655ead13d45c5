"""Moments: what a learner is congratulated on, once, also if it happened while they were away."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from models import Achievement, AchievementKind, BadgeIcon, Course, MomentMark, table
from services import access
from services.access import Actor
from services.core.phrases import Phrase
from services.core.sql.prepared import Prepared
from services.core.sql.upsert import upsert
from services.core.transaction import Transaction
from services.motivation import levels, made_badges, parts
from services.motivation.parts import Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that a learner has reached."""

    kind: AchievementKind
    number: int
    """the badge, the points of a level, days of a streak, the course of a certificate"""
    name: Phrase | str
    """of the badge, the level or the course; empty with a streak"""
    icon: BadgeIcon | None = None


def are_there(tx: Transaction, actor: Actor | None) -> bool:
    """Tell whether there is something to congratulate the actor on."""
    actor = access.signed_in(tx, actor)
    return bool(_NEW.rows(tx.connection, user=actor.user_id))


def take(tx: Transaction, actor: Actor | None) -> tuple[Moment, ...]:
    """Return what there is to congratulate the actor on, oldest first; from now on it is no news for any device."""
    actor = access.signed_in(tx, actor)
    _HOLD.rows(tx.connection, user=actor.user_id)  # another device of theirs waits here, and finds nothing
    rows = _NEW.rows(tx.connection, user=actor.user_id)
    if rows:
        _MARK.each(tx.connection, [{'user_id': actor.user_id, 'seen_id': max(row[0] for row in rows)}])
    on = parts.in_courses(tx, {row[3] for row in rows})
    return tuple(_moment(tx, kind, number) for _, kind, number, at in sorted(rows) if _is_on(on[at], kind))


def _is_on(on: Parts, kind: AchievementKind) -> bool:
    part = {AchievementKind.BADGE: on.badges, AchievementKind.LEVEL: on.points, AchievementKind.STREAK: on.streaks}
    return part.get(kind, True)


def _moment(tx: Transaction, kind: AchievementKind, number: int) -> Moment:
    match kind:
        case AchievementKind.BADGE:
            badge = made_badges.one(tx, number)
            return Moment(
                kind=kind, number=number, name=badge.name if badge else '', icon=badge.icon if badge else None
            )
        case AchievementKind.LEVEL:
            return Moment(kind=kind, number=number, name=levels.level_at(number).name)
        case AchievementKind.CERTIFICATE:
            title = tx.execute(select(col(Course.title)).where(col(Course.id) == number)).scalar()
            return Moment(kind=kind, number=number, name=title or '')
        case _:
            return Moment(kind=kind, number=number, name='')


_reached, _marks = table(Achievement), table(MomentMark)
_HOLD = Prepared(select(_marks.c.seen_id).where(_marks.c.user_id == bindparam('user')).with_for_update())
_SEEN = select(_marks.c.seen_id).where(_marks.c.user_id == bindparam('user')).scalar_subquery()
_NEW = Prepared(
    select(_reached.c.activity_id, _reached.c.kind, _reached.c.number, _reached.c.course_id).where(
        _reached.c.user_id == bindparam('user'), _reached.c.activity_id > func.coalesce(_SEEN, 0)
    )
)
_MARK = upsert(_marks, ('user_id', 'seen_id'), key=('user_id',))
