"""Milestones: completed modules and the completed course as columns of their own in a gradebook, where it is wanted.

Each is 1 of 1 as soon as it is reached, which happens once. A row of the outbox is made for those who have reached
something, so nothing is sent of all others.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, CompoundSelect, Dialect, bindparam, delete, func, select, union, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from models import (
    Enrollment,
    LtiIdentity,
    LtiLink,
    LtiMilestone,
    LtiPlatform,
    LtiScore,
    Module,
    ModuleCompletion,
    User,
    table,
)
from services import access
from services.access import Actor
from services.core.errors import NotFound, Refused
from services.core.phrases import Phrase, recalled
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.lms import services
from services.lms.services import Column
from services.lms.standing import Standing

OF_LINK: ColumnElement[bool] = col(LtiScore.milestone_id).is_(None)
"""says that a row of the outbox is about what a link opens, and not about a milestone"""
NEW = {'moved': 0, 'holder': '', 'attempts': 0, 'problem': ''}


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMilestone:
    """One column of a milestone in a gradebook."""

    title: str
    """of the module; empty for the course"""
    sent: int
    """how many learners have it there"""
    waiting: int
    problem: Phrase | str
    """why some did not arrive"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What a course there is sent of milestones; it is switched at one link."""

    link_id: int
    is_on: bool
    columns: tuple[SentMilestone, ...]


def touch(tx: Transaction, moved: Iterable[tuple[int, int]]) -> None:
    """Have the milestones looked at that some people have reached, each a pair of course and person."""
    wanted = set(tx.session.scalars(select(col(LtiLink.course_id)).where(col(LtiLink.sends_milestones))))
    for course_id, user_id in sorted(moved):
        if course_id in wanted:
            _touch(tx, _REACHED_BY.rows(tx.connection, course=course_id, user=user_id))


def touch_all(tx: Transaction, course_id: int) -> int:
    """Have all milestones looked at that were reached in a course; returns how many."""
    return _touch(tx, _REACHED.rows(tx.connection, course=course_id))


def switch(tx: Transaction, actor: Actor | None, course_id: int, *, link_id: int, is_on: bool) -> int:
    """Send the milestones of a course that the actor teaches to where a link is, or stop.

    Returns how many are compared and sent; `sending.hurry` follows the commit. Links in the same course there share
    its gradebook, so that only one of them sends.
    """
    access.taught_course(tx, actor, course_id)
    link = tx.session.get(LtiLink, link_id, with_for_update=True)
    if link is None or link.course_id != course_id:
        raise NotFound('This link is gone. Load the page again.')
    if is_on and not _may_send(link):
        raise Refused('The platform does not let columns be made in its gradebook. Its admin can switch that on.')
    siblings = list(
        tx.session.scalars(
            select(LtiLink).where(
                col(LtiLink.platform_id) == link.platform_id,
                col(LtiLink.context_id) == link.context_id,
                col(LtiLink.course_id) == course_id,
            )
        )
    )
    tx.note('milestones switched', link=link_id, on=is_on, by=actor.user_id if actor else 0)
    if is_on:
        if any(each.sends_milestones for each in siblings):
            return 0
        link.sends_milestones = True
        tx.session.flush()
        return touch_all(tx, course_id)
    for each in siblings:
        each.sends_milestones = False
    idle = {'due_at': None, 'problem': '', 'failed_since': None}
    theirs = col(LtiScore.link_id).in_([each.id for each in siblings]), ~OF_LINK
    tx.execute(update(LtiScore).where(*theirs).values(**idle))
    return 0


def forget(tx: Transaction, link: LtiLink) -> None:
    """Forget the milestones of a link that leads to another course from now on; the columns stay there."""
    link.sends_milestones = False
    tx.execute(delete(LtiMilestone).where(col(LtiMilestone.link_id) == link.id))


def of_course(tx: Transaction, actor: Actor | None, course_id: int) -> tuple[Sending, ...]:
    """Return where the milestones of a course that the actor teaches are sent, or could be: one link of each course."""
    access.taught_course(tx, actor, course_id)
    newest = col(LtiLink.sends_milestones).desc(), col(LtiLink.seen_at).desc(), col(LtiLink.id)
    links = tx.session.scalars(select(LtiLink).where(col(LtiLink.course_id) == course_id).order_by(*newest))
    first: dict[tuple[int, str], LtiLink] = {}
    for link in links:
        if link.sends_milestones or _may_send(link):
            first.setdefault((link.platform_id, link.context_id), link)
    columns = _columns(tx, course_id)
    return tuple(
        Sending(link_id=link.id, is_on=link.sends_milestones, columns=tuple(columns[link.id]))
        for link in first.values()
    )


def column(link: LtiLink, milestone: LtiMilestone, now: Standing) -> Column:
    """Return by what the column of a milestone is known there; it is found again where it was made before."""
    what = f'module-{milestone.module_id}' if milestone.module_id else f'course-{link.course_id}'
    return Column(resource_id=f'waymark-{what}', label=now.label, maximum=now.maximum)


def touching(key: str) -> Prepared:
    """Return the statement that has one learner looked at, at a link (`link_id`) or at a milestone (`milestone_id`)."""

    def statement(dialect: Dialect) -> sqlite.Insert | postgresql.Insert:
        row = sqlite.insert(_scores) if dialect.name == 'sqlite' else postgresql.insert(_scores)
        return row.on_conflict_do_update(
            index_elements=[key, 'user_id'],
            index_where=_scores.c.milestone_id.is_(None) if key == 'link_id' else _scores.c.milestone_id.is_not(None),
            set_={'due_at': row.excluded.due_at, 'moved': _scores.c.moved + 1},
        )

    return Prepared(statement, columns=tuple(dict.fromkeys(('link_id', key, 'user_id', 'due_at', *NEW))))


def _touch(tx: Transaction, reached: Iterable[tuple[int, int | None, int | None, int]]) -> int:
    """Note who has reached what; a milestone that nobody had reached before becomes a row."""
    made: dict[tuple[int, int | None], int] = {}
    rows = []
    for link_id, module_id, known, user_id in reached:
        milestone_id = known or made.get((link_id, module_id))
        if milestone_id is None:
            milestone_id = made[link_id, module_id] = _row(tx, link_id, module_id)
        rows.append({'link_id': link_id, 'milestone_id': milestone_id, 'user_id': user_id, 'due_at': tx.now, **NEW})
    if rows:
        _TOUCH.each(tx.connection, rows)
    return len(rows)


def _row(tx: Transaction, link_id: int, module_id: int | None) -> int:
    """Return the id of a milestone; two that are reached at once become one row, because the link is held."""
    tx.session.get_one(LtiLink, link_id, with_for_update=True)
    one = col(LtiMilestone.link_id) == link_id, col(LtiMilestone.module_id).is_not_distinct_from(module_id)
    row: LtiMilestone | None = tx.session.scalars(select(LtiMilestone).where(*one)).one_or_none()
    if row is None:
        row = LtiMilestone(link_id=link_id, module_id=module_id)
        tx.session.add(row)
        tx.session.flush()
    return row.id


def _may_send(link: LtiLink) -> bool:
    return bool(link.line_items) and {services.LINE_ITEM, services.SCORE} <= set(link.scopes)


def _columns(tx: Transaction, course_id: int) -> dict[int, list[SentMilestone]]:
    """Return what was sent of each milestone, by link: the modules in their order, and then the course."""
    rows = tx.execute(
        select(
            col(LtiMilestone.link_id),
            col(Module.title),
            func.count(col(LtiScore.sent_at)),
            func.count(col(LtiScore.due_at)),
            func.max(col(LtiScore.problem)),
        )
        .join(LtiLink, col(LtiLink.id) == col(LtiMilestone.link_id))
        .join(LtiScore, col(LtiScore.milestone_id) == col(LtiMilestone.id))
        .outerjoin(Module, col(Module.id) == col(LtiMilestone.module_id))
        .where(col(LtiLink.course_id) == course_id)
        .group_by(col(LtiMilestone.id), col(LtiMilestone.link_id), col(Module.id), col(Module.title))
        .order_by(col(Module.id).is_(None), col(Module.position), col(LtiMilestone.id))
    )
    found: dict[int, list[SentMilestone]] = defaultdict(list)
    for link_id, title, sent, waiting, problem in rows:
        found[link_id].append(
            SentMilestone(title=title or '', sent=sent, waiting=waiting, problem=recalled(problem or ''))
        )
    return found


def _reached(*, by_one: bool) -> CompoundSelect[int, int | None, int | None, int]:
    """Return who of a course has reached which milestone: link, module or none, milestone if it is known, person."""
    learns = _links.join(_platforms, _platforms.c.id == _links.c.platform_id)
    learns = learns.join(_identities, _identities.c.issuer == _platforms.c.issuer)
    learns = learns.join(
        _enrollments,
        (_enrollments.c.user_id == _identities.c.user_id) & (_enrollments.c.course_id == _links.c.course_id),
    )
    is_module = (_completions.c.user_id == _enrollments.c.user_id) & (_completions.c.course_id == _links.c.course_id)
    is_known = (_milestones.c.link_id == _links.c.id) & (_milestones.c.module_id == _completions.c.module_id)
    is_course = (_milestones.c.link_id == _links.c.id) & _milestones.c.module_id.is_(None)
    here = [
        _links.c.course_id == bindparam('course'),
        _links.c.sends_milestones,
        _enrollments.c.removed_at.is_(None),
    ]
    if by_one:
        whose = select(func.coalesce(_users.c.merged_into_id, _users.c.id)).where(_users.c.id == bindparam('user'))
        here.append(_enrollments.c.user_id == whose.scalar_subquery())
    modules = (
        select(_links.c.id, _completions.c.module_id, _milestones.c.id, _enrollments.c.user_id)
        .select_from(learns.join(_completions, is_module).outerjoin(_milestones, is_known))
        .where(*here)
    )
    course = (
        select(_links.c.id, _milestones.c.module_id, _milestones.c.id, _enrollments.c.user_id)
        .select_from(learns.outerjoin(_milestones, is_course))
        .where(*here, _enrollments.c.completed_at.is_not(None))
    )
    taken_back = (  # a guest's work that is no longer theirs: the row is there, and what it says is looked at again
        select(_links.c.id, _milestones.c.module_id, _milestones.c.id, _enrollments.c.user_id)
        .select_from(
            learns.join(_milestones, _milestones.c.link_id == _links.c.id).join(
                _scores,
                (_scores.c.milestone_id == _milestones.c.id) & (_scores.c.user_id == _enrollments.c.user_id),
            )
        )
        .where(*here)
    )
    return union(modules, course, taken_back)


_scores, _links, _platforms, _milestones = table(LtiScore), table(LtiLink), table(LtiPlatform), table(LtiMilestone)
_identities, _users, _enrollments = table(LtiIdentity), table(User), table(Enrollment)
_completions = table(ModuleCompletion)
_TOUCH = touching('milestone_id')
_REACHED, _REACHED_BY = Prepared(_reached(by_one=False)), Prepared(_reached(by_one=True))
