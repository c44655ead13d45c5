"""What those who teach a course write for the reports about a learner: comments, scores, suggestions, and things to do.

The words stand in tables of their own, never in the log, which says only that something was written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import func, select
from sqlmodel import col

from models import ActionPriority, ReportAction, ReportReader, ReportRemark, User, Verb
from services import access
from services.access import Actor
from services.activity import recording
from services.activity.log import Entry
from services.analytics import asked_days
from services.core.errors import Invalid, NotFound, Refused
from services.core.text import check_text, line
from services.core.transaction import Transaction
from services.reports.performance.document import ActionItem
from services.study.times import same_person

LONGEST_COMMENT = 10_000
LONGEST_LINES = 2_000
LONGEST_ACTION = 500
MOST_ACTIONS = 50
"""of one learner in one course"""
MOST_CREDIT = 1_000
"""hours"""
LATELY = timedelta(weeks=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What staff write about one learner in one course."""

    comment: str = ''
    behavior: int | None = None
    """0 to 100"""
    effort: int | None = None
    """0 to 100"""
    credit_hours: float | None = None
    behavioral: str = ''
    """suggestions, one on a line"""
    enrichment: str = ''
    support: str = ''
    for_parents: str = ''
    shows_learner: bool = True
    shows_parents: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written last, by whom and when."""

    remark: Remark
    by: str
    """empty where nothing was written"""
    by_id: int | None = None
    at: datetime | None


NOTHING = Written(remark=Remark(), by='', at=None)


def of_learner(tx: Transaction, actor: Actor | None, course_id: int, user_id: int) -> Written:
    """Return what was written about a learner, for those who teach the course."""
    access.taught_course(tx, actor, course_id)
    access.enrollment(tx, course_id, user_id)
    return written(tx, course_id, user_id)


def write(
    tx: Transaction, actor: Actor | None, course_id: int, user_id: int, *, remark: Remark, seen: datetime | None
) -> datetime:
    """Write about a learner, and return when; `seen` is when what was changed here had been written.

    Raises `Refused` where somebody else wrote something meanwhile: none of both is lost.
    """
    access.taught_course(tx, actor, course_id)
    assert actor is not None
    access.enrollment(tx, course_id, user_id, removed=False, locked=True)
    remark = _checked(remark)
    row = tx.session.get(ReportRemark, (course_id, user_id)) or ReportRemark(
        course_id=course_id, user_id=user_id, written_by=actor.user_id, written_at=tx.now
    )
    before = written(tx, course_id, user_id)
    if before.at != seen:
        raise Refused(
            '{name} wrote something here meanwhile. Copy what you typed, then load the page again.', name=before.by
        )
    row.comment, row.behavior, row.effort = remark.comment, remark.behavior, remark.effort
    row.credit_tenths = None if remark.credit_hours is None else round(remark.credit_hours * 10)
    row.behavioral, row.enrichment = remark.behavioral, remark.enrichment
    row.support, row.for_parents = remark.support, remark.for_parents
    row.shows_learner, row.shows_parents = remark.shows_learner, remark.shows_parents
    row.written_by, row.written_at = actor.user_id, tx.now
    tx.session.add(row)
    _record(tx, actor, course_id, user_id, 'remark')
    return tx.now


def add_action(
    tx: Transaction,
    actor: Actor | None,
    course_id: int,
    user_id: int,
    *,
    description: str,
    priority: str = ActionPriority.MEDIUM,
    assigned_to: str = ReportReader.STUDENT,
    due_on: date | None = None,
) -> int:
    """Agree on something that somebody does for a learner; returns its id."""
    access.taught_course(tx, actor, course_id)
    assert actor is not None
    access.enrollment(tx, course_id, user_id, removed=False, locked=True)
    description = line(check_text(description, most=LONGEST_ACTION, field='description'))
    if not description:
        raise Invalid('Say what is to be done.', field='description')
    if priority not in list(ActionPriority) or assigned_to not in _DOERS:
        raise Invalid('Choose how much it matters and who does it from the lists.', field='priority')
    if due_on is not None:
        asked_days.check_year(due_on, 'due_on')
    here = col(ReportAction.user_id) == user_id, col(ReportAction.course_id) == course_id
    if tx.execute(select(func.count()).select_from(ReportAction).where(*here)).scalar_one() >= MOST_ACTIONS:
        raise Refused('There are {most} things to do already. Delete some of them first.', most=MOST_ACTIONS)
    row = ReportAction(
        course_id=course_id,
        user_id=user_id,
        priority=ActionPriority(priority),
        description=description,
        due_on=due_on,
        assigned_to=ReportReader(assigned_to),
        made_by=actor.user_id,
        made_at=tx.now,
    )
    tx.session.add(row)
    tx.session.flush()
    _record(tx, actor, course_id, user_id, 'action')
    return row.id


def finish_action(tx: Transaction, actor: Actor | None, action_id: int, *, done: bool = True) -> None:
    """Say that something was done, or that it was not after all; its learner may say so of what they do themselves."""
    row = _action(tx, actor, action_id, own=True)
    assert actor is not None
    if bool(row.done_at) is done:
        return
    row.done_at = tx.now if done else None
    tx.session.add(row)
    _record(tx, actor, row.course_id, row.user_id, 'action')


def delete_action(tx: Transaction, actor: Actor | None, action_id: int) -> None:
    """Delete something that is to be done, for those who teach the course."""
    row = _action(tx, actor, action_id, own=False)
    assert actor is not None
    tx.session.delete(row)
    _record(tx, actor, row.course_id, row.user_id, 'action')


def written(tx: Transaction, course_id: int, user_id: int) -> Written:
    """Return what was written about a learner; the caller has checked who may see it."""
    theirs = col(ReportRemark.course_id) == course_id, col(ReportRemark.user_id).in_(same_person(tx, user_id))
    rows = (
        select(ReportRemark, col(User.name))
        .join(User, col(User.id) == col(ReportRemark.written_by))
        .where(*theirs)
        .order_by(col(ReportRemark.user_id) == user_id, col(ReportRemark.written_at))
    )
    found = tx.execute(rows).all()
    if not found:
        return NOTHING
    row, by = found[-1]
    return Written(remark=_remark(row), by=by, by_id=row.written_by, at=row.written_at)


def actions(tx: Transaction, course_id: int, user_id: int, *, since: datetime) -> tuple[ActionItem, ...]:
    """Return what is to be done for a learner, and what was done since a moment; the caller has checked who may know.

    What matters most comes first.
    """
    theirs = col(ReportAction.course_id) == course_id, col(ReportAction.user_id).in_(same_person(tx, user_id))
    is_shown = col(ReportAction.done_at).is_(None) | (col(ReportAction.done_at) >= since)
    rows: Sequence[ReportAction] = tx.session.scalars(select(ReportAction).where(*theirs, is_shown)).all()
    order = list(ActionPriority)
    return tuple(
        ActionItem(
            action_id=row.id,
            priority=row.priority,
            description=row.description,
            due_date=row.due_on,
            assigned_to=row.assigned_to,
            is_done=row.done_at is not None,
        )
        for row in sorted(
            rows, key=lambda row: (bool(row.done_at), order.index(row.priority), row.due_on or date.max, row.id)
        )
    )


def to_do(tx: Transaction, actor: Actor | None, course_id: int, user_id: int) -> tuple[ActionItem, ...]:
    """Return what is to be done for a learner and what was done lately, for those who teach the course."""
    access.taught_course(tx, actor, course_id)
    access.enrollment(tx, course_id, user_id)
    return actions(tx, course_id, user_id, since=tx.now - LATELY)


def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines of a text that have something on them."""
    return tuple(each.strip() for each in text.splitlines() if each.strip())


_DOERS = ReportReader.STUDENT, ReportReader.PARENT, ReportReader.TEACHER


def _action(tx: Transaction, actor: Actor | None, action_id: int, *, own: bool) -> ReportAction:
    actor = access.signed_in(tx, actor)
    row = tx.session.get(ReportAction, action_id)
    is_own = own and row is not None and row.assigned_to is ReportReader.STUDENT
    if row is None or not (is_own and row.user_id in same_person(tx, actor.user_id)):
        access.taught_course(tx, actor, row.course_id if row else 0)  # absent and not theirs look the same
    if row is None:
        raise NotFound('This is not on the list now.')
    return row


def _checked(remark: Remark) -> Remark:
    for name in ('behavior', 'effort'):
        score = getattr(remark, name)
        if score is not None and (isinstance(score, bool) or not isinstance(score, int) or not 0 <= score <= 100):
            raise Invalid('A score is a whole number from 0 to 100.', field=name)
    hours = remark.credit_hours
    if hours is not None and not 0 <= hours <= MOST_CREDIT:  # also refuses what is no number
        raise Invalid('Credit hours are a number from 0 to {most}.', most=MOST_CREDIT, field='credit_hours')
    texts = {
        name: check_text(getattr(remark, name), most=LONGEST_LINES, field=name)
        for name in ('behavioral', 'enrichment', 'support', 'for_parents')
    }
    return Remark(
        comment=check_text(remark.comment, most=LONGEST_COMMENT, field='comment'),
        behavior=remark.behavior,
        effort=remark.effort,
        credit_hours=hours,
        **texts,
        shows_learner=bool(remark.shows_learner),
        shows_parents=bool(remark.shows_parents),
    )


def _remark(row: ReportRemark) -> Remark:
    return Remark(
        comment=row.comment,
        behavior=row.behavior,
        effort=row.effort,
        credit_hours=None if row.credit_tenths is None else row.credit_tenths / 10,
        behavioral=row.behavioral,
        enrichment=row.enrichment,
        support=row.support,
        for_parents=row.for_parents,
        shows_learner=row.shows_learner,
        shows_parents=row.shows_parents,
    )


def _record(tx: Transaction, actor: Actor, course_id: int, user_id: int, what: str) -> None:
    entry = Entry(
        user_id=actor.user_id,
        tap_id=uuid4().hex,
        verb=Verb.REPORT_REMARKED,
        course_id=course_id,
        about_id=user_id,
        details={'what': what},
        zone=actor.time_zone,
    )
    recording.record(tx, [entry])
    tx.note('report remarked', course=course_id, about=user_id, by=actor.user_id, what=what)
