"""What people read of grades on their way to platforms: what arrived, what did not, and why."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlmodel import col

from models import LtiLink, LtiPlatform, LtiScore, User
from services import access
from services.access import Actor
from services.core.errors import NotFound
from services.core.phrases import Phrase, recalled
from services.core.transaction import Transaction
from services.lms import milestones

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Grades that did not arrive for one reason."""

    platform: str
    problem: Phrase | str
    count: int
    since: datetime | None
    is_final: bool
    """whether they are not tried again by themselves"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentGrade:
    """What a platform knows of one learner at one link."""

    name: str
    score: float | None
    sent_at: datetime | None
    is_waiting: bool
    problem: Phrase | str


def of_school(tx: Transaction, actor: Actor | None) -> list[Trouble]:
    """Return why grades did not arrive, the newest reason first."""
    access.admin(tx, actor)
    is_final = col(LtiScore.due_at).is_(None)
    rows = tx.execute(
        select(col(LtiPlatform.name), col(LtiScore.problem), is_final, func.count(), func.min(LtiScore.failed_since))
        .join(LtiLink, col(LtiLink.id) == col(LtiScore.link_id))
        .join(LtiPlatform, col(LtiPlatform.id) == col(LtiLink.platform_id))
        .where(col(LtiScore.problem) != '')
        .group_by(col(LtiPlatform.name), col(LtiScore.problem), is_final)
        .order_by(func.min(LtiScore.failed_since).desc())
        .limit(MOST_SHOWN)
    )
    return [
        Trouble(platform=name, problem=recalled(problem), count=count, since=since, is_final=bool(final))
        for name, problem, final, count, since in rows
    ]


def send_again(tx: Transaction, actor: Actor | None) -> int:
    """Have everything tried again now that did not arrive; returns how many. `hurry` follows the commit."""
    actor = access.admin(tx, actor)
    idle = col(LtiScore.problem) != '', col(LtiScore.holder) == ''
    count = tx.change(update(LtiScore).where(*idle).values(due_at=tx.now, attempts=0))
    tx.note('grades tried again', count=count, by=actor.user_id)
    return count


def of_course(tx: Transaction, actor: Actor | None, course_id: int, *, link_id: int) -> list[SentGrade]:
    """Return what a platform knows of the learners at a link of a course that the actor teaches."""
    access.taught_course(tx, actor, course_id)
    link = tx.session.get(LtiLink, link_id)
    if link is None or link.course_id != course_id:
        raise NotFound('This link is gone. Load the page again.')
    access.note_look(tx, actor, 'lms', course=course_id)
    rows = tx.execute(
        select(LtiScore, col(User.name))
        .join(User, col(User.id) == col(LtiScore.user_id))
        .where(col(LtiScore.link_id) == link_id, milestones.OF_LINK)
        .order_by(col(User.plain_name), col(User.id))
    )
    return [
        SentGrade(
            name=name,
            score=(row.sent or {}).get('scoreGiven'),
            sent_at=row.sent_at,
            is_waiting=row.due_at is not None,
            problem=recalled(row.problem),
        )
        for row, name in rows
    ]
