"""Grades that were read back from platforms: which links are read when, and what was found there.

A reading is all or nothing for the eye: where a platform answers with a part only, what was read before stays.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, Text, and_, cast, exists, func, or_, select
from sqlmodel import col

from models import (
    Course,
    Enrollment,
    LtiIdentity,
    LtiLink,
    LtiPlatform,
    LtiReading,
    LtiResult,
    LtiScore,
    table,
)
from services import access
from services.access import Actor
from services.core.errors import NotFound, Refused
from services.core.phrases import Phrase, recalled, stored
from services.core.sql.upsert import upsert
from services.core.transaction import Transaction
from services.lms import services
from services.lms.connection import NotReached
from services.lms.milestones import OF_LINK
from services.lms.platforms import Platform, get, read
from services.lms.scores import LONGEST_PROBLEM
from services.lms.sent_grades import MOST_SHOWN
from services.lms.services import Result

EVERY = timedelta(hours=6)
ACTIVE_FOR = timedelta(days=60)
"""after the last launch of a link; after that its grades are read when a teacher asks for them"""
HELD_FOR = timedelta(minutes=10)
"""after which a reading that was interrupted is begun again"""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (15, 60, 180, 360))
JITTER = 20
SAME = 0.5
"""points out of 100 by which grades may differ and are still the same: platforms round"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One link whose grades are read."""

    link_id: int
    course_id: int
    platform: Platform
    line_item: str
    line_items: str
    resource_link_id: str
    scopes: tuple[str, ...]
    began_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a platform has of one learner."""

    user_id: int
    result: Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Links of one platform whose grades cannot be read for one reason."""

    platform: str
    problem: Phrase | str
    count: int
    since: datetime | None


def is_due(tx: Transaction) -> bool:
    """Tell whether there is a link to read: a look beside the writer."""
    return bool(tx.execute(select(_due(tx).exists())).scalar())


def take_next(tx: Transaction, without: frozenset[int] = frozenset()) -> Reading | None:
    """Take the link that has been due for longest; `without` are platforms that do not answer now."""
    waiting = _due(tx).where(col(LtiLink.platform_id).not_in(sorted(without)))
    order = col(LtiReading.due_at).is_not(None), col(LtiReading.due_at), col(LtiLink.id)
    link: LtiLink | None = tx.session.scalars(waiting.order_by(*order).limit(1)).first()
    return _taken(tx, link, read(tx.session.get_one(LtiPlatform, link.platform_id))) if link else None


def take(tx: Transaction, actor: Actor | None, course_id: int, link_id: int) -> Reading:
    """Take one link of a course that the actor teaches, to read it at once."""
    link = of_teacher(tx, actor, course_id, link_id)
    if not may_read(link):
        raise Refused('The platform does not let its grades be read here. Its admin can switch that on.')
    return _taken(tx, link, get(tx, link.platform_id))


def of_teacher(tx: Transaction, actor: Actor | None, course_id: int, link_id: int) -> LtiLink:
    """Return a link of a course that the actor teaches; absent and of another course look the same."""
    access.taught_course(tx, actor, course_id)
    link = tx.session.get(LtiLink, link_id)
    if link is None or link.course_id != course_id:
        raise NotFound('This link is gone. Load the page again.')
    return link


def may_read(link: LtiLink) -> bool:
    """Tell whether the platform lets the grades of a link be read."""
    return services.RESULT in link.scopes and bool(link.line_item or link.line_items) and not link.in_class


def matched(tx: Transaction, reading: Reading, results: Mapping[str, Result | None]) -> list[Found]:
    """Return what was found of the learners of the course; no grade of those who had one, or were sent one, before.

    People of the platform who do not learn here are left out, and so are results that make no sense.
    """
    rows = tx.execute(
        select(_scores.c.user_id, _scores.c.sent).where(
            _scores.c.link_id == reading.link_id, _scores.c.milestone_id.is_(None)
        )
    )
    expected = {user_id for user_id, sent in rows if score_of(sent) is not None}
    earlier = select(col(LtiResult.user_id)).where(col(LtiResult.link_id) == reading.link_id)
    expected.update(tx.execute(earlier).scalars())
    found: dict[int, Found] = {}
    for user_id, subject in tx.execute(_subjects(reading)):
        if user_id in found:
            continue  # they are known there twice; grades go to the first
        result = results.get(subject, NOTHING if user_id in expected else None)
        if result is not None:
            found[user_id] = Found(user_id=user_id, result=result)
    return list(found.values())


def keep(tx: Transaction, reading: Reading, some: Sequence[Found]) -> int:
    """Keep what was found of some learners, and since when it differs; returns of how many it does."""
    users = [each.user_id for each in some]
    of_results = col(LtiResult.link_id) == reading.link_id, col(LtiResult.user_id).in_(users)
    before = {row.user_id: row for row in tx.session.scalars(select(LtiResult).where(*of_results))}
    of_scores = col(LtiScore.link_id) == reading.link_id, OF_LINK, col(LtiScore.user_id).in_(users)
    scores = {row.user_id: row for row in tx.session.scalars(select(LtiScore).where(*of_scores))}
    rows = []
    for each in some:
        earlier, score = before.get(each.user_id), scores.get(each.user_id)
        if earlier and earlier.read_at > reading.began_at:
            continue  # a teacher has asked meanwhile, and was faster
        since = _since(tx, reading, each.result, earlier, score)
        rows.append(
            {
                'link_id': reading.link_id,
                'user_id': each.user_id,
                'score': each.result.score,
                'comment': each.result.comment,
                'read_at': reading.began_at,
                'differs_since': since,
            }
        )
    if rows:
        _KEEP.each(tx.connection, rows)
    return sum(row['differs_since'] is not None for row in rows)


def finish(tx: Transaction, reading: Reading, *, count: int, differ: int) -> None:
    """Note that a link was read; it is read again after some hours."""
    row = tx.session.get_one(LtiReading, reading.link_id)
    row.due_at, row.read_at = tx.now + _with_jitter(EVERY), reading.began_at
    row.attempts, row.problem, row.failed_since = 0, '', None
    tx.session.add(row)
    tx.note('grades read', link=reading.link_id, count=count, differ=differ)


def put_off(tx: Transaction, reading: Reading, why: NotReached) -> None:
    """Keep why a link could not be read, and when it is tried again."""
    row = tx.session.get_one(LtiReading, reading.link_id)
    row.attempts += 1
    wait = _with_jitter(WAITS[min(row.attempts, len(WAITS)) - 1])
    row.due_at = tx.now + max(wait, why.wait or timedelta(0), EVERY if why.is_final else timedelta(0))
    row.problem, row.failed_since = stored(why.sentence, most=LONGEST_PROBLEM), row.failed_since or tx.now
    tx.session.add(row)
    tx.note('grades not read', link=reading.link_id, attempts=row.attempts, problem=str(why)[:LONGEST_PROBLEM])


def of_school(tx: Transaction, actor: Actor | None) -> list[Unread]:
    """Return why grades of platforms cannot be read, the newest reason first."""
    access.admin(tx, actor)
    since = func.min(LtiReading.failed_since)
    rows = tx.execute(
        select(col(LtiPlatform.name), col(LtiReading.problem), func.count(), since)
        .join(LtiLink, col(LtiLink.id) == col(LtiReading.link_id))
        .join(LtiPlatform, col(LtiPlatform.id) == col(LtiLink.platform_id))
        .where(col(LtiReading.problem) != '', col(LtiPlatform.is_on))
        .group_by(col(LtiPlatform.name), col(LtiReading.problem))
        .order_by(since.desc())
        .limit(MOST_SHOWN)
    )
    return [
        Unread(platform=name, problem=recalled(problem), count=count, since=since)
        for name, problem, count, since in rows
    ]


def score_of(sent: Mapping[str, object] | None) -> float | None:
    """Return the grade of what a platform was sent."""
    score = (sent or {}).get('scoreGiven')
    return float(score) if isinstance(score, int | float) else None


def differ(there: float | None, sent: float | None) -> bool:
    """Tell whether two grades are not the same, but for rounding."""
    if there is None or sent is None:
        return there is not sent
    return abs(there - sent) >= SAME


def _taken(tx: Transaction, link: LtiLink, platform: Platform) -> Reading:
    row = tx.session.get(LtiReading, link.id) or LtiReading(link_id=link.id, due_at=tx.now)
    row.due_at = tx.now + HELD_FOR
    tx.session.add(row)
    return Reading(
        link_id=link.id,
        course_id=link.course_id,
        platform=platform,
        line_item=link.line_item,
        line_items=link.line_items,
        resource_link_id=link.resource_link_id,
        scopes=tuple(link.scopes),
        began_at=tx.now,
    )


def _due(tx: Transaction) -> Select[LtiLink]:
    is_due: ColumnElement[bool] = or_(col(LtiReading.due_at).is_(None), col(LtiReading.due_at) <= tx.now)
    is_open = exists().where(
        col(Course.id) == col(LtiLink.course_id), col(Course.deleted_at).is_(None), col(Course.archived_at).is_(None)
    )
    is_on = exists().where(col(LtiPlatform.id) == col(LtiLink.platform_id), col(LtiPlatform.is_on))
    has_grades = and_(~col(LtiLink.in_class), or_(col(LtiLink.line_item) != '', col(LtiLink.line_items) != ''))
    return (
        select(LtiLink)
        .outerjoin(LtiReading, col(LtiReading.link_id) == col(LtiLink.id))
        .where(
            is_due,
            is_open,
            is_on,
            has_grades,
            cast(col(LtiLink.scopes), Text).contains(services.RESULT),
            col(LtiLink.seen_at) > tx.now - ACTIVE_FOR,
        )
    )


def _subjects(reading: Reading) -> Select[int, str]:
    """Return who learns in the course and comes from the platform; the first id of each is the one that counts."""
    return (
        select(col(LtiIdentity.user_id), col(LtiIdentity.subject))
        .join(Enrollment, col(Enrollment.user_id) == col(LtiIdentity.user_id))
        .where(
            col(LtiIdentity.issuer) == reading.platform.issuer,
            col(Enrollment.course_id) == reading.course_id,
            col(Enrollment.removed_at).is_(None),
        )
        .order_by(col(LtiIdentity.id))
    )


def _since(
    tx: Transaction, reading: Reading, result: Result, earlier: LtiResult | None, score: LtiScore | None
) -> datetime | None:
    """Return since when a grade is another one there: as the platform says it, or since it was seen first."""
    sent_at = score.sent_at if score else None
    if score and (score.holder or (sent_at and sent_at >= reading.began_at)):
        return earlier.differs_since if earlier else None  # it is sent while this is read: the next reading decides
    if not differ(result.score, score_of(score.sent if score else None)):
        return None
    if earlier and earlier.differs_since and not differ(earlier.score, result.score):
        return earlier.differs_since
    changed_at = min(result.changed_at, tx.now) if result.changed_at else tx.now
    return max(changed_at, sent_at) if sent_at else changed_at


def _with_jitter(wait: timedelta) -> timedelta:
    return wait * (100 + secrets.randbelow(JITTER + 1)) / 100


NOTHING = Result(score=None)
_scores = table(LtiScore)
_KEEP = upsert(
    table(LtiResult),
    ('link_id', 'user_id', 'score', 'comment', 'read_at', 'differs_since'),
    key=('link_id', 'user_id'),
)
