"""Class lists of platforms: read page by page, compared first, and then taken over. Nobody is ever deleted by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from models import Checkpoint, Course, Enrollment, LtiIdentity, LtiLink, LtiMember, LtiPlatform, Role, User, table
from services import access
from services.access import Actor
from services.core import database
from services.core.errors import NotFound, Refused, Removed
from services.core.sql.upsert import upsert
from services.core.text import line
from services.core.transaction import Transaction
from services.lms import connection, people, platforms, services
from services.lms.messages import Launch, as_id
from services.lms.platforms import Platform
from services.lms.roles import Part, part_of
from services.progress import enrollments

SLICE = 25
"""people who are taken over in one transaction, so that taps do not wait"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseLink:
    """One link of a platform to a course, as those who teach it see it."""

    link_id: int
    platform: str
    context_title: str
    checkpoint_title: str
    """empty for the course as a whole"""
    in_class: bool
    has_grades: bool
    has_roster: bool
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A class list there beside the learners here."""

    new: tuple[str, ...]
    """names of those who learn there and not here"""
    here: int
    """how many are on both"""
    left: tuple[str, ...]
    """names of the learners who came from there, and are not on the list now"""
    others: int
    """how many teach there or look on"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    platform: Platform
    context_id: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    subject: str
    name: str
    part: Part


def of_course(tx: Transaction, actor: Actor | None, course_id: int) -> tuple[CourseLink, ...]:
    """Return the links of platforms to a course that the actor teaches, the one used last first."""
    access.taught_course(tx, actor, course_id)
    rows = tx.execute(
        select(LtiLink, col(LtiPlatform.name), col(Checkpoint.title))
        .join(LtiPlatform, col(LtiPlatform.id) == col(LtiLink.platform_id))
        .outerjoin(Checkpoint, col(Checkpoint.id) == col(LtiLink.checkpoint_id))
        .where(col(LtiLink.course_id) == course_id)
        .order_by(col(LtiLink.seen_at).desc(), col(LtiLink.id))
    )
    return tuple(
        CourseLink(
            link_id=link.id,
            platform=name,
            context_title=link.context_title,
            checkpoint_title=title or '',
            in_class=link.in_class,
            has_grades=bool(link.line_item or link.line_items) and not link.in_class,
            has_roster=bool(link.roster),
            seen_at=link.seen_at,
        )
        for link, name, title in rows
    )


def note_arrival(tx: Transaction, platform: Platform, launch: Launch, user_id: int) -> None:
    """Note a learner who comes from a course there: where its list does not have them later, they have left."""
    source = _Source(platform=platform, context_id=launch.context_id, address='')
    _note_member(tx, source, launch.subject, user_id)


async def compare(actor: Actor | None, course_id: int, *, link_id: int) -> Comparison:
    """Read a class list and say what taking it over would do; nothing is changed."""
    source = await database.read(_source, actor, course_id, link_id)
    return await database.read(_compare, course_id, source, await _read(source))


async def take_over(actor: Actor | None, course_id: int, *, link_id: int) -> Comparison:
    """Let everybody who learns there learn here, and mark those who have left; returns what was done."""
    source = await database.read(_source, actor, course_id, link_id)
    listed = await _read(source)
    done = await database.read(_compare, course_id, source, listed)
    learners = [each for each in listed if each.part is Part.LEARNS]
    for place in range(0, len(learners), SLICE):
        await database.write(_take_slice, actor, course_id, source, learners[place : place + SLICE])
    await database.write(_mark_left, actor, course_id, source, {each.subject for each in learners})
    return done


async def _read(source: _Source) -> list[_Listed]:
    async with await connection.new_client() as client:
        found = await services.members(client, source.platform, source.address)
    by_subject = {each.subject: each for member in found if (each := _listed(member))}
    if not by_subject:
        raise Refused('The class list of the platform is empty, so nothing was compared. Look at it there.')
    return list(by_subject.values())


def _listed(member: dict[str, Any]) -> _Listed | None:
    """Return one entry; None for people who are not active, and for entries that name nobody."""
    subject = as_id(member.get('user_id'))
    if not subject or member.get('status') not in {'Active', None}:
        return None
    whole, given, family = (
        each if isinstance(each := member.get(name), str) else '' for name in ('name', 'given_name', 'family_name')
    )
    roles = member.get('roles')
    return _Listed(
        subject=subject,
        name=line((whole.strip() or f'{given} {family}')[:1000]),
        part=part_of(roles if isinstance(roles, list) else []),
    )


def _source(tx: Transaction, actor: Actor | None, course_id: int, link_id: int) -> _Source:
    access.taught_course(tx, actor, course_id)
    link = tx.session.get(LtiLink, link_id)
    if link is None or link.course_id != course_id:
        raise NotFound('This link is gone. Load the page again.')
    if not link.roster:
        raise Refused('The platform does not offer its class list here. Its admin can switch that on.')
    return _Source(platform=platforms.get(tx, link.platform_id), context_id=link.context_id, address=link.roster)


def _compare(tx: Transaction, course_id: int, source: _Source, listed: Sequence[_Listed]) -> Comparison:
    learners = [each for each in listed if each.part is Part.LEARNS]
    here = _enrolled_subjects(tx, course_id, source.platform.issuer)
    subjects = {each.subject for each in learners}
    gone = [name for subject, name in _members(tx, source).items() if subject not in subjects]
    return Comparison(
        new=tuple(sorted(each.name or each.subject for each in learners if each.subject not in here)),
        here=sum(each.subject in here for each in learners),
        left=tuple(sorted(gone)),
        others=len(listed) - len(learners),
    )


def _take_slice(
    tx: Transaction, actor: Actor | None, course_id: int, source: _Source, learners: Sequence[_Listed]
) -> None:
    """Let some people learn here; those whom a teacher has taken out stay out."""
    course: Course = access.taught_course(tx, actor, course_id)
    for each in learners:
        person = people.known(tx, source.platform.issuer, each.subject)
        if person is None:
            person = people.make(tx, source.platform, subject=each.subject, name=each.name, role=Role.STUDENT)
        if person.role is Role.STUDENT and person.id != course.owner_id:
            try:
                enrollments.enroll(tx, course_id=course_id, user_id=person.id, name=person.name)
            except Removed:
                tx.note('left out of a class list', course=course_id, user=person.id)
        _note_member(tx, source, each.subject, person.id)


def _note_member(tx: Transaction, source: _Source, subject: str, user_id: int) -> None:
    _NOTE.rows(
        tx.connection,
        platform_id=source.platform.platform_id,
        context_id=source.context_id,
        subject=subject,
        user_id=user_id,
        seen_at=tx.now,
        left_at=None,
    )


def _mark_left(tx: Transaction, actor: Actor | None, course_id: int, source: _Source, subjects: set[str]) -> None:
    """Mark the learners who are not on the list now; they stay in the course until a teacher takes them out."""
    access.taught_course(tx, actor, course_id)
    gone = [subject for subject in _members(tx, source) if subject not in subjects]
    for subject in gone:
        tx.execute(update(LtiMember).where(*_of(source), col(LtiMember.subject) == subject).values(left_at=tx.now))
    tx.note('class list taken over', course=course_id, platform=source.platform.platform_id, left=len(gone))


def _members(tx: Transaction, source: _Source) -> dict[str, str]:
    """Return who was on the list when it was read last, or came since, by subject, with their name here."""
    there = select(col(LtiMember.subject), col(User.name)).join(User, col(User.id) == col(LtiMember.user_id))
    rows = tx.execute(there.where(*_of(source), col(LtiMember.left_at).is_(None))).all()
    return {row.subject: row.name for row in rows}


def _of(source: _Source) -> tuple[Any, Any]:
    return (
        col(LtiMember.platform_id) == source.platform.platform_id,
        col(LtiMember.context_id) == source.context_id,
    )


def _enrolled_subjects(tx: Transaction, course_id: int, issuer: str) -> set[str]:
    mine = (
        select(col(LtiIdentity.subject))
        .join(Enrollment, col(Enrollment.user_id) == col(LtiIdentity.user_id))
        .where(
            col(LtiIdentity.issuer) == issuer,
            col(Enrollment.course_id) == course_id,
            col(Enrollment.removed_at).is_(None),
        )
    )
    return set(tx.session.scalars(mine))


_KEY = 'platform_id', 'context_id', 'subject'
_NOTE = upsert(table(LtiMember), (*_KEY, 'user_id', 'seen_at', 'left_at'), key=_KEY)
