"""Points that staff award by hand: with a reason that the learner reads, and not more than so many on a day."""

from uuid import uuid4

import orjson
from sqlalchemy import select
from sqlmodel import col

from models import Activity, User, Verb
from services import access
from services.access import Actor
from services.activity import recording
from services.activity.log import Entry
from services.core import zones
from services.core.errors import Invalid, Refused
from services.core.text import line
from services.core.transaction import Transaction
from services.motivation import parts

MOST_AT_ONCE = 100
MOST_A_DAY = 1_000
"""that one person can award, to all learners together"""
LONGEST_REASON = 200


def award(tx: Transaction, actor: Actor | None, course_id: int, user_id: int, *, points: int, reason: str) -> int:
    """Award points to a learner of a course; returns how many the actor can still award today."""
    access.taught_course(tx, actor, course_id)
    access.enrollment(tx, course_id, user_id, removed=False)
    assert actor is not None
    if not parts.in_course(tx, course_id).points:
        raise Refused('Points are switched off in this course.')
    words = _check(points, reason)
    tx.session.get(User, actor.user_id, with_for_update=True)  # two awards at the same moment are counted both
    remaining = _left(tx, actor)
    if points > remaining:
        raise Refused('You can award {count} more points today.', count=remaining)
    entry = Entry(
        user_id=user_id,
        tap_id=f'{Verb.POINTS_AWARDED}:{uuid4().hex[:24]}',
        verb=Verb.POINTS_AWARDED,
        course_id=course_id,
        about_id=actor.user_id,
        words=words,
        details={'by': actor.user_id, 'points': points},
    )
    recording.record(tx, [entry])
    tx.note('points awarded', course=course_id, about=user_id, by=actor.user_id, points=points)
    return remaining - points


def left(tx: Transaction, actor: Actor | None, course_id: int) -> int:
    """Return how many points the actor can still award today, to those who teach a course."""
    access.taught_course(tx, actor, course_id)
    assert actor is not None
    return _left(tx, actor)


def _check(points: int, reason: str) -> str:
    if isinstance(points, bool) or not 1 <= points <= MOST_AT_ONCE:
        raise Invalid('Award between 1 and {most} points at a time.', most=MOST_AT_ONCE, field='points')
    words = line(reason)
    if not words:
        raise Invalid('Say for what; the learner reads it.', field='reason')
    if len(words) > LONGEST_REASON:
        raise Invalid('Say it in at most {most} characters.', most=LONGEST_REASON, field='reason')
    return words


def _left(tx: Transaction, actor: Actor) -> int:
    since = zones.start_of_day(actor.zone, zones.local_date(actor.zone, tx.now))
    given = tx.execute(
        select(col(Activity.details)).where(
            col(Activity.about_id) == actor.user_id,
            col(Activity.verb) == Verb.POINTS_AWARDED,
            col(Activity.at) >= since,
        )
    ).scalars()
    return max(0, MOST_A_DAY - sum(int(orjson.loads(each)['points']) for each in given if each))
