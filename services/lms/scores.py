"""Grades and milestones on their way to platforms: an outbox of learners who may stand differently there than here.

A row says only that somebody's grade is to be looked at. What is sent is made when it is sent, of the gradebook as it
is then: a grade that was changed three times meanwhile is sent once, an older one never arrives after a newer one, and
what the platform knows already is not sent again.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select, update
from sqlmodel import col

from models import Enrollment, LtiIdentity, LtiLink, LtiMilestone, LtiPlatform, LtiScore, User, Verb, table
from services import access
from services.access import Actor
from services.activity.following import Follower
from services.core.events import Recorded
from services.core.phrases import stored
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.lms import milestones, standing
from services.lms.connection import NotReached
from services.lms.milestones import NEW, touching
from services.lms.platforms import Platform, read
from services.lms.services import Column
from services.lms.standing import Standing

LEASE = timedelta(minutes=2)
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""before the second try, the third …; the last wait is that of every further try: a platform that is down for days
gets everything when it is back"""
TOO_OLD = 400
"""what Canvas answers to a score that is older than what it has, by its own clock; Moodle answers with 409"""
SUBMISSION = 'https://canvas.instructure.com/lti/submission'
LOOK_AGAIN = timedelta(hours=1)
"""after which a grade is looked at again that the learner may not see yet"""
JITTER = 20
LONGEST_PROBLEM = 280
MOVING = frozenset(
    {
        Verb.COMPLETED,
        Verb.UNDONE,
        Verb.MODULE_COMPLETED,
        Verb.COURSE_COMPLETED,
        Verb.QUIZ_SUBMITTED,
        Verb.GRADED,
        Verb.REGRADED,
        Verb.RESULT_OPENED,
        Verb.GRADE_SET,
        Verb.ASSIGNMENT_SUBMITTED,
        Verb.RETURNED,
        Verb.MERGED,
        Verb.UNMERGED,
    }
)
"""what may change a grade, or reach a milestone"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One learner at one link, whose grade this process sends."""

    score_id: int
    holder: str
    moved: int
    attempts: int
    platform: Platform
    link_id: int
    milestone_id: int | None
    line_item: str
    line_items: str
    column: Column
    scopes: tuple[str, ...]
    message: dict[str, Any] | None
    """what is sent; None where the platform knows it already, or nothing is to be known"""
    is_hidden: bool


def take(tx: Transaction, activities: Sequence[Recorded]) -> None:
    """Note whose grades may have changed, in courses that platforms have links to."""
    moved = {(each.of_course, each.user_id) for each in activities if each.course_id and each.verb in MOVING}
    if not moved:
        return
    linked = set(tx.session.scalars(select(col(LtiLink.course_id)).distinct()))
    for course_id, user_id in sorted(moved):
        if course_id in linked:
            for link_id, whose in _AFFECTED.rows(tx.connection, course=course_id, user=user_id):
                touch(tx, link_id, whose)
    milestones.touch(tx, moved)


def touch(tx: Transaction, link_id: int, user_id: int) -> None:
    """Have the grade of a learner at a link looked at soon."""
    _TOUCH.rows(tx.connection, link_id=link_id, user_id=user_id, due_at=tx.now, **NEW)


def send_anew(tx: Transaction, link_id: int, user_id: int) -> None:
    """Have the grade of a learner at a link sent soon, also where the platform has taken the same before."""
    touch(tx, link_id, user_id)
    theirs = col(LtiScore.link_id) == link_id, milestones.OF_LINK, col(LtiScore.user_id) == user_id
    tx.execute(update(LtiScore).where(*theirs).values(sent={}))


def touch_all(tx: Transaction, actor: Actor | None, course_id: int) -> int:
    """Have the grades and milestones of everybody in a course looked at, such as after its weights were changed.

    Returns how many.
    """
    access.taught_course(tx, actor, course_id)
    pairs = _EVERYBODY.rows(tx.connection, course=course_id)
    _TOUCH.each(  # together: a large course has thousands, and everybody else waits for the writer
        tx.connection,
        [{'link_id': link_id, 'user_id': user_id, 'due_at': tx.now, **NEW} for link_id, user_id in pairs],
    )
    count = len(pairs) + milestones.touch_all(tx, course_id)
    tx.note('grades sent again', course=course_id, count=count, by=actor.user_id if actor else 0)
    return count


def is_due(tx: Transaction) -> bool:
    """Tell whether there is anything to do: a look beside the writer."""
    return bool(tx.execute(select(exists().where(_is_due(tx), _can_be_sent()))).scalar())


def take_next(tx: Transaction, without: frozenset[int] = frozenset()) -> Taken | None:
    """Take what has been due for longest, and hold it for a while; `without` are platforms that do not answer now."""
    due = (
        select(LtiScore)
        .join(LtiLink, col(LtiLink.id) == col(LtiScore.link_id))
        .where(_is_due(tx), _can_be_sent(), col(LtiLink.platform_id).not_in(sorted(without)))
        .order_by(col(LtiScore.due_at), col(LtiScore.id))
        .limit(1)
    )
    row: LtiScore | None = tx.session.scalars(due.with_for_update(skip_locked=True, of=LtiScore)).one_or_none()
    if row is None:
        return None
    link = tx.session.get_one(LtiLink, row.link_id)
    platform = read(tx.session.get_one(LtiPlatform, link.platform_id))
    row.holder, row.lease_until, row.attempts = uuid4().hex, tx.now + LEASE, row.attempts + 1
    milestone = tx.session.get_one(LtiMilestone, row.milestone_id) if row.milestone_id else None
    now = standing.of_milestone(tx, link, milestone, row.user_id) if milestone else standing.of(tx, link, row.user_id)
    subject = _SUBJECT.rows(tx.connection, user=row.user_id, issuer=platform.issuer)
    message = None
    if subject and now.said != (standing.NOTHING if row.sent is None else row.sent):
        message = {**now.said, 'userId': subject[0][0], 'scoreMaximum': now.maximum, 'timestamp': _moment(tx, row)}
        if platform.is_canvas and row.sent is not None:
            message[SUBMISSION] = {'new_submission': False}
    tx.session.add(row)
    tx.session.flush()
    return Taken(
        score_id=row.id,
        holder=row.holder,
        moved=row.moved,
        attempts=row.attempts,
        platform=platform,
        link_id=link.id,
        milestone_id=row.milestone_id,
        line_item=(milestone or link).line_item,
        line_items=link.line_items,
        column=milestones.column(link, milestone, now) if milestone else _column(link, now),
        scopes=tuple(link.scopes),
        message=message,
        is_hidden=now.is_hidden,
    )


def finish(tx: Transaction, taken: Taken) -> None:
    """Keep what the platform has taken; what has moved meanwhile is looked at again."""
    row = tx.session.get(LtiScore, taken.score_id)
    if row is None or row.holder != taken.holder:
        return
    if taken.message is not None:
        row.sent, row.sent_at = _said(taken.message), tx.now
    if row.moved == taken.moved:
        row.due_at = tx.now + LOOK_AGAIN if taken.is_hidden else None
    row.holder, row.lease_until, row.attempts, row.problem, row.failed_since = '', None, 0, '', None
    tx.session.add(row)


def put_off(tx: Transaction, taken: Taken, why: NotReached) -> None:
    """Keep why a grade did not arrive, and when it is tried again, if that is of any use.

    A score that is refused may be too old for a clock that is minutes ahead of ours. So it is tried for a while, each
    time with the moment of the try, before a person has to look at it.
    """
    row = tx.session.get(LtiScore, taken.score_id)
    if row is None or row.holder != taken.holder:
        return
    wait = max(_with_jitter(WAITS[min(taken.attempts, len(WAITS)) - 1]), why.wait or timedelta(0))
    is_final = why.is_final and (why.status != TOO_OLD or taken.attempts >= len(WAITS))
    row.due_at = None if is_final and row.moved == taken.moved else tx.now + wait
    row.attempts = 0 if is_final else row.attempts
    row.holder, row.lease_until = '', None
    row.problem = stored(why.sentence, most=LONGEST_PROBLEM)
    row.failed_since = row.failed_since or tx.now
    tx.session.add(row)
    tx.note('grade not sent', score=row.id, attempts=taken.attempts, problem=str(why)[:LONGEST_PROBLEM])


def keep_line_item(tx: Transaction, link_id: int, milestone_id: int | None, address: str) -> None:
    """Keep the address of the column of a link, or of a milestone of it, in the gradebook; empty where it is gone."""
    if milestone_id:
        tx.execute(update(LtiMilestone).where(col(LtiMilestone.id) == milestone_id).values(line_item=address))
    else:
        tx.execute(update(LtiLink).where(col(LtiLink.id) == link_id).values(line_item=address))


def _column(link: LtiLink, now: Standing) -> Column:
    return Column(resource_link_id=link.resource_link_id, label=now.label)


def _said(message: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name not in _AROUND}


def _moment(tx: Transaction, row: LtiScore) -> str:
    """Return the moment of a score, a second later than that of the last one: Moodle compares whole seconds."""
    moment = max(tx.now, row.sent_at + timedelta(seconds=1)) if row.sent_at else tx.now
    return moment.isoformat(timespec='milliseconds')


def _with_jitter(wait: timedelta) -> timedelta:
    return wait * (100 + secrets.randbelow(JITTER + 1)) / 100


def _is_due(tx: Transaction) -> ColumnElement[bool]:
    is_free = or_(col(LtiScore.lease_until).is_(None), col(LtiScore.lease_until) <= tx.now)
    return and_(col(LtiScore.due_at).is_not(None), col(LtiScore.due_at) <= tx.now, is_free)


def _can_be_sent() -> ColumnElement[bool]:
    """Say that the platform is on, of which else everything waits, and that milestones are wanted."""
    return exists().where(
        _links.c.id == col(LtiScore.link_id),
        _platforms.c.id == _links.c.platform_id,
        _platforms.c.is_on,
        milestones.OF_LINK | _links.c.sends_milestones,
    )


def _clear(_: Transaction) -> bool:
    """Remove nothing: what platforms know stays as it is."""
    return False


FOLLOWER = Follower(name='grades out', take=take, clear=_clear)

_AROUND = frozenset({'userId', 'scoreMaximum', 'timestamp', SUBMISSION})
_links, _platforms = table(LtiLink), table(LtiPlatform)
_identities, _users, _enrollments = table(LtiIdentity), table(User), table(Enrollment)
_TOUCH = touching('link_id')
_whose = func.coalesce(_users.c.merged_into_id, _users.c.id)
_HAS_GRADES = ~_links.c.in_class & ((_links.c.line_item != '') | (_links.c.line_items != ''))
_PEOPLE = (
    select(_links.c.id, _identities.c.user_id)
    .join(_platforms, _platforms.c.id == _links.c.platform_id)
    .join(_identities, _identities.c.issuer == _platforms.c.issuer)
    .where(_links.c.course_id == bindparam('course'), _HAS_GRADES)
)
_AFFECTED = Prepared(
    _PEOPLE.join(_users, _users.c.id == bindparam('user')).where(_identities.c.user_id == _whose).distinct()
)
_EVERYBODY = Prepared(
    _PEOPLE.join(
        _enrollments,
        (_enrollments.c.user_id == _identities.c.user_id) & (_enrollments.c.course_id == _links.c.course_id),
    )
    .where(_enrollments.c.removed_at.is_(None))
    .distinct()
)
_SUBJECT = Prepared(
    select(_identities.c.subject)
    .where(_identities.c.user_id == bindparam('user'), _identities.c.issuer == bindparam('issuer'))
    .order_by(_identities.c.id)
    .limit(1)
)
