"""Notices follow the log: what happened to somebody is in their inbox a moment later.

Unlike other tables that follow the log, notices are not made anew by a rebuild: they hold what was read. A notice that
is there stays as it is, and what is older than a week is history and notifies nobody.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, update
from sqlmodel import col

from models import Notice, Verb, table
from services.activity.following import Follower
from services.core.events import NoticesChanged, Recorded
from services.core.transaction import Transaction
from services.notices import from_log, milestones, writing
from services.quizzes.mastery import owners_of

HISTORY = timedelta(days=7)
"""older activities notify nobody: not after a rebuild, and not after the first start with an older log"""
_FOLLOWING = frozenset({Verb.BADGE_EARNED, Verb.MODULE_COMPLETED})
"""what other followers record of deeds that may be long ago"""


def take(tx: Transaction, activities: Sequence[Recorded]) -> None:
    """Write the notices of some activities, oldest first."""
    recent = [each for each in activities if tx.now - _since(each) < HISTORY]
    writing.write(tx, [*from_log.drafts(tx, recent), *milestones.drafts(tx, recent)])
    if guests := {each.about_id for each in activities if each.verb is Verb.MERGED and each.about_id}:
        _bring_along(tx, guests)


def _since(activity: Recorded) -> datetime:
    """Return since when an activity is history: what follows from older ones, such as a badge, is as old as they are.

    After an upgrade that brings badges, the log says now what learners earned with the deeds of years.
    """
    return activity.happened_at if activity.verb in _FOLLOWING else activity.at


def _clear(_: Transaction) -> bool:
    """Remove nothing: nobody unreads what they have read."""
    return False


def _bring_along(tx: Transaction, guests: set[int]) -> None:
    """Let people have the notices of the guests who they have turned out to be; what they have twice is dropped."""
    other = table(Notice).alias('other')
    for guest_id, person_id in sorted(owners_of(tx, guests).items()):
        twice = exists().where(
            other.c.user_id == person_id,
            other.c.kind == col(Notice.kind),
            other.c.object_key == col(Notice.object_key),
            other.c.occurrence == col(Notice.occurrence),
        )
        theirs = col(Notice.user_id) == guest_id
        tx.execute(delete(Notice).where(theirs, twice))
        if tx.change(update(Notice).where(theirs).values(user_id=person_id)):
            tx.announce(NoticesChanged(user_id=person_id))


FOLLOWER = Follower(name='notices', take=take, clear=_clear)
