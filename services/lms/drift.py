"""The drift report: where the grade of a platform is not the one that it was sent, and what a teacher does about it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import col

from models import Checkpoint, Enrollment, LtiLink, LtiPlatform, LtiReading, LtiResult, LtiScore, User
from services import access
from services.access import Actor
from services.core.errors import NotFound, Refused
from services.core.phrases import Phrase, recalled
from services.core.transaction import Transaction
from services.grades import overrides, sources
from services.grades.overrides import HIGHEST
from services.lms import scores, standing
from services.lms.milestones import OF_LINK
from services.lms.results import differ, may_read, of_teacher, score_of
from services.lms.standing import MAXIMUM


class Why(StrEnum):
    """Why two grades differ, as far as that is known."""

    CHANGED_THERE = 'changed_there'
    """the platform has taken our grade, and has another one now"""
    CAPPED_THERE = 'capped_there'
    """ours has extra credit, and the platform keeps no more than its maximum"""
    REMOVED_THERE = 'removed_there'
    ONLY_THERE = 'only_there'
    """nothing was sent: there is no grade here, or none that the learner may see yet"""
    ON_ITS_WAY = 'on_its_way'
    """the grade here waits to be sent"""
    SENT_SINCE = 'sent_since'
    """the grade here was sent after the other one was read; the next reading shows whether it was taken"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One learner at one link, whose grade there is not the one here."""

    user_id: int
    name: str
    there: float | None
    here: float | None
    """what was sent; None for no grade"""
    since: datetime
    why: Why
    comment: str
    """what the platform says to its grade, where that is not from here"""
    problem: Phrase | str
    """why the grade here has not arrived"""
    takes: int | None
    """what the grade here would be if theirs was taken over; None where that cannot be, or would lose extra credit"""
    is_ignored: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkReport:
    """What reading the grades of one link has shown."""

    link_id: int
    platform: str
    label: str
    """the title of what is graded"""
    is_course: bool
    """whether the link leads to the course as a whole"""
    may_read: bool
    """whether the platform lets its grades be read"""
    read_at: datetime | None
    problem: Phrase | str
    failed_since: datetime | None
    drifts: tuple[Drift, ...]
    """by name; those that are ignored are among them"""


def of_course(tx: Transaction, actor: Actor | None, course_id: int, *, again: bool = False) -> tuple[LinkReport, ...]:
    """Return the report of each link with grades of a course that the actor teaches, the one used last first."""
    course = access.taught_course(tx, actor, course_id)
    graded = sources.graded(tx, course_id)
    rows = tx.execute(
        select(LtiLink, LtiReading, col(LtiPlatform.name), col(Checkpoint.title))
        .join(LtiPlatform, col(LtiPlatform.id) == col(LtiLink.platform_id))
        .outerjoin(LtiReading, col(LtiReading.link_id) == col(LtiLink.id))
        .outerjoin(Checkpoint, col(Checkpoint.id) == col(LtiLink.checkpoint_id))
        .where(col(LtiLink.course_id) == course_id, ~col(LtiLink.in_class))
        .order_by(col(LtiLink.seen_at).desc(), col(LtiLink.id))
    ).all()
    linked = [row for row in rows if row[0].line_item or row[0].line_items]
    drifts = _drifts(tx, course_id, {row[0].id for row in linked if row[0].checkpoint_id in graded})
    reports = tuple(
        LinkReport(
            link_id=link.id,
            platform=platform,
            label=title or course.title,
            is_course=link.checkpoint_id is None,
            may_read=may_read(link),
            read_at=reading.read_at if reading else None,
            problem=recalled(reading.problem) if reading else '',
            failed_since=reading.failed_since if reading else None,
            drifts=tuple(drifts[link.id]),
        )
        for link, reading, platform, title in linked
    )
    if not again and any(report.drifts for report in reports):
        access.note_look(tx, actor, 'lms', course=course_id)
    return reports


def take_theirs(
    tx: Transaction,
    actor: Actor | None,
    course_id: int,
    *,
    link_id: int,
    user_id: int,
    shown: float | None,
    reason: str,
) -> int:
    """Make the grade of a platform the one here, with a reason that the learner reads; returns it.

    `shown` is the grade that the teacher has seen: where another one was read since, nothing is done.
    """
    link, row = _row(tx, actor, course_id, link_id, user_id, shown)
    score = _taken(tx, link, row, _sent(tx, link_id, user_id))
    if score is None or link.checkpoint_id is None:
        raise Refused('This grade cannot be taken over. Set one in the gradebook.')
    overrides.set_score(tx, actor, link.checkpoint_id, user_id=user_id, score=score, reason=reason)
    scores.touch(tx, link_id, user_id)
    row.differs_since = None
    tx.session.add(row)
    _note(tx, actor, row, 'theirs')
    return score


def keep_ours(
    tx: Transaction, actor: Actor | None, course_id: int, *, link_id: int, user_id: int, shown: float | None
) -> None:
    """Have the grade here sent again, also where the platform has taken it before; `sending.hurry` follows the commit.

    Where there is no grade here, the platform is asked to clear its own.
    """
    _, row = _row(tx, actor, course_id, link_id, user_id, shown)
    scores.send_anew(tx, link_id, user_id)
    _note(tx, actor, row, 'ours')


def ignore(
    tx: Transaction,
    actor: Actor | None,
    course_id: int,
    *,
    link_id: int,
    user_id: int,
    shown: float | None,
    is_ignored: bool = True,
) -> None:
    """Leave a difference as it is until one of the two grades changes, or look at it again."""
    _, row = _row(tx, actor, course_id, link_id, user_id, shown)
    row.ignored_at = tx.now if is_ignored else None
    row.ignored_score, row.ignored_sent = row.score, _here(_sent(tx, link_id, user_id))
    tx.session.add(row)
    _note(tx, actor, row, 'ignored' if is_ignored else 'looked at again')


def _drifts(tx: Transaction, course_id: int, graded: Collection[int]) -> dict[int, list[Drift]]:
    """Return what differs in a course, by link; `graded` are the links to checkpoints with grades."""
    rows = tx.execute(
        select(LtiResult, LtiScore, LtiLink, col(User.name))
        .join(LtiLink, col(LtiLink.id) == col(LtiResult.link_id))
        .join(User, col(User.id) == col(LtiResult.user_id))
        .join(Enrollment, col(Enrollment.user_id) == col(LtiResult.user_id))
        .outerjoin(
            LtiScore,
            (col(LtiScore.link_id) == col(LtiResult.link_id))
            & OF_LINK
            & (col(LtiScore.user_id) == col(LtiResult.user_id)),
        )
        .where(
            col(LtiLink.course_id) == course_id,
            col(LtiResult.differs_since).is_not(None),
            col(Enrollment.course_id) == course_id,
            col(Enrollment.removed_at).is_(None),
        )
        .order_by(col(User.plain_name), col(User.id))
    )
    found: dict[int, list[Drift]] = defaultdict(list)
    for result, score, link, name in rows:
        if _is_open(score) or differ(result.score, _here(score)):
            takes = _taken(tx, link, result, score) if link.id in graded else None
            found[link.id].append(_drift(result, score, name, takes=takes))
    return found


def _drift(result: LtiResult, score: LtiScore | None, name: str, *, takes: int | None) -> Drift:
    here = _here(score)
    return Drift(
        user_id=result.user_id,
        name=name,
        there=result.score,
        here=here,
        since=result.differs_since or result.read_at,
        why=_why(result, score),
        comment='' if score and result.comment == (score.sent or {}).get('comment') else result.comment,
        problem=recalled(score.problem) if score else '',
        takes=takes,
        is_ignored=result.ignored_at is not None
        and not differ(result.score, result.ignored_score)
        and not differ(here, result.ignored_sent),
    )


def _why(result: LtiResult, score: LtiScore | None) -> Why:
    if _is_open(score):
        return Why.ON_ITS_WAY
    if score and score.sent_at and score.sent_at >= result.read_at:
        return Why.SENT_SINCE
    here = _here(score)
    if here is None:
        return Why.ONLY_THERE
    if _is_capped(result.score, here):
        return Why.CAPPED_THERE
    return Why.REMOVED_THERE if result.score is None else Why.CHANGED_THERE


def _is_open(score: LtiScore | None) -> bool:
    """Tell whether the grade here waits to be sent, or was not taken."""
    return score is not None and (score.sent == {} or bool(score.problem))


def _here(score: LtiScore | None) -> float | None:
    """Return the grade here as it was sent; None for no grade."""
    return score_of(score.sent if score else None)


def _is_capped(there: float | None, here: float | None) -> bool:
    """Tell whether the grade there is all that the platform keeps of extra credit here."""
    return here is not None and here > MAXIMUM and not differ(there, MAXIMUM)


def _taken(tx: Transaction, link: LtiLink, result: LtiResult, score: LtiScore | None) -> int | None:
    """Return a grade there as it can be set here, as a whole number; None where it is above `HIGHEST`, or none.

    None too where nobody has decided it: the maximum that a platform keeps of extra credit, which the gradebook knows
    while it waits to be sent.
    """
    if result.score is None:
        return None
    waits = score is not None and score.sent == {} and not differ(result.score, MAXIMUM)
    here = score_of(standing.of(tx, link, result.user_id).said) if waits else _here(score)
    whole = int(result.score + 0.5)
    return None if whole > HIGHEST or _is_capped(result.score, here) else whole


def _sent(tx: Transaction, link_id: int, user_id: int) -> LtiScore | None:
    mine = col(LtiScore.link_id) == link_id, OF_LINK, col(LtiScore.user_id) == user_id
    return tx.session.scalars(select(LtiScore).where(*mine)).one_or_none()


def _row(
    tx: Transaction, actor: Actor | None, course_id: int, link_id: int, user_id: int, shown: float | None
) -> tuple[LtiLink, LtiResult]:
    """Return what was read of a learner who is in the course; raises `Refused` where it is not what was shown."""
    link = of_teacher(tx, actor, course_id, link_id)
    mine = col(LtiResult.link_id) == link_id, col(LtiResult.user_id) == user_id
    row = tx.session.scalars(select(LtiResult).where(*mine)).one_or_none()
    if row is None:
        raise NotFound(access.NOT_HERE)
    if access.enrollment(tx, course_id, user_id).removed_at:
        raise NotFound(access.NOT_HERE)
    if row.score != shown:
        raise Refused('Another grade was read there meanwhile. Load the page again, and look at it.')
    return link, row


def _note(tx: Transaction, actor: Actor | None, row: LtiResult, how: str) -> None:
    by = actor.user_id if actor else 0
    tx.note('drift settled', link=row.link_id, user=row.user_id, how=how, by=by)
