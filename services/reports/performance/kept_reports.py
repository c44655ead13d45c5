"""Kept reports as they are listed and opened, and who opened them.

Those who teach all courses of a report may open it, the learner and their parents where it is for them, and the admin
of the installation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import orjson
from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlmodel import col

from models import KeptFigure, KeptReport, ReportKind, ReportLink, ReportOpening, ReportReader, Role, User
from services import access
from services.access import Actor
from services.core.errors import NotFound
from services.core.phrases import Phrase, phrase
from services.core.transaction import Transaction
from services.reports.performance.document import Opening, PerformanceReport
from services.reports.performance.words import Words, recalled
from services.study.times import same_person

MOST_SHOWN = 50
ONE_LOOK = timedelta(minutes=10)
"""within which the same person opens a report once, however often they load it"""
GONE = phrase('There is no such report, or it is not for you.')
FORM: TypeAdapter[PerformanceReport] = TypeAdapter(PerformanceReport)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptShown:
    """A kept report in a list."""

    report_id: int
    kind: ReportKind
    title: Words
    description: Words
    made_at: datetime
    made_by: str
    shows_learner: bool
    shows_parents: bool
    openings: int


def of_learner(tx: Transaction, actor: Actor | None, user_id: int) -> tuple[KeptShown, ...]:
    """Return the kept reports about a learner that the actor may open, newest first."""
    actor = access.signed_in(tx, actor)
    if actor.user_id != user_id:
        access.learning(tx, actor, user_id)
    return _listed(tx, actor, user_id)


def of_child(tx: Transaction, actor: Actor | None, child_id: int) -> tuple[KeptShown, ...]:
    """Return the reports about a child that were kept for parents, newest first; for their parent."""
    access.child(tx, actor, child_id)
    assert actor is not None
    return _listed(tx, actor, child_id)


def open_(tx: Transaction, actor: Actor | None, report_id: int) -> PerformanceReport:
    """Return a kept report, with who opened it before, and record that the actor opens it now."""
    actor = access.signed_in(tx, actor)
    row = kept(tx, actor, report_id)
    role = _role(actor, row)
    report = read(tx, row)
    if actor.role is not Role.PARENT:
        report = replace(report, accessed_by=openings(tx, report_id))
    latest = col(ReportOpening.report_id) == report_id, col(ReportOpening.opened_by) == actor.user_id
    if not tx.execute(
        select(func.count()).select_from(ReportOpening).where(*latest, col(ReportOpening.opened_at) > tx.now - ONE_LOOK)
    ).scalar_one():
        tx.session.add(ReportOpening(report_id=report_id, opened_by=actor.user_id, role=role, opened_at=tx.now))
    if actor.user_id != row.user_id:
        access.note_look(tx, actor, 'kept report', about=row.user_id)
    return report


def kept(tx: Transaction, actor: Actor | None, report_id: int) -> KeptReport:
    """Return a kept report that the actor may open; absent and not theirs look the same."""
    actor = access.signed_in(tx, actor)
    row = tx.session.get(KeptReport, report_id)
    if row is None or is_erased(tx, row.user_id) or not _may_open(tx, actor, row):
        raise NotFound(GONE)
    return row


def is_erased(tx: Transaction, user_id: int) -> bool:
    """Tell whether the learner of a report was erased, though the report itself may go a moment later."""
    return tx.session.get_one(User, user_id).erased_at is not None


def handed_out_by(tx: Transaction, actor: Actor | None, report_id: int) -> KeptReport:
    """Return a kept report that the actor may hand out: the learner, and staff, but not a parent who reads it."""
    row = kept(tx, actor, report_id)
    if actor is None or actor.role is Role.PARENT:
        raise NotFound(GONE)
    return row


def read(tx: Transaction, row: KeptReport) -> PerformanceReport:
    """Return what a kept report says, with when its last link ends; the caller has checked who may see it."""
    report = FORM.validate_json(row.document)
    report = with_names(report, _names(tx, report))
    works = col(ReportLink.revoked_at).is_(None), col(ReportLink.expires_at) > tx.now
    last = select(func.max(col(ReportLink.expires_at))).where(col(ReportLink.report_id) == row.id, *works)
    expires_at: datetime | None = tx.execute(last).scalar_one()
    sharing = replace(report.configuration.sharing, shareable=row.shows_parents, expires_at=expires_at)
    return replace(report, id=row.id, configuration=replace(report.configuration, sharing=sharing))


def openings(tx: Transaction, report_id: int) -> tuple[Opening, ...]:
    """Return who opened a report, the newest first; the caller has checked who may know it."""
    rows = tx.execute(
        select(ReportOpening, func.coalesce(col(User.name), ''))
        .outerjoin(User, col(User.id) == col(ReportOpening.opened_by))
        .where(col(ReportOpening.report_id) == report_id)
        .order_by(col(ReportOpening.id).desc())
        .limit(MOST_SHOWN)
    )
    return tuple(
        Opening(user_id=row.opened_by, name=name, role=row.role, accessed_at=row.opened_at) for row, name in rows
    )


def _listed(tx: Transaction, actor: Actor, user_id: int) -> tuple[KeptShown, ...]:
    opened = select(func.count()).where(col(ReportOpening.report_id) == col(KeptReport.id)).scalar_subquery()
    rows = tx.execute(
        select(KeptReport, col(User.name), opened)
        .join(User, col(User.id) == col(KeptReport.made_by))
        .where(col(KeptReport.user_id).in_(same_person(tx, user_id)))
        .order_by(col(KeptReport.id).desc())
        .limit(MOST_SHOWN)
    ).all()
    return tuple(_shown(row, by, count) for row, by, count in rows if _may_open(tx, actor, row))


def _names(tx: Transaction, report: PerformanceReport) -> dict[int, str]:
    """Return what the staff in a report are called now: their names are not in what is kept, as they may be erased."""
    people = {report.generated_by, *(course.feedback.written_by_id for course in report.courses)}
    people |= {each.user_id for course in report.courses for each in course.first_page.ask}
    found = tx.execute(select(col(User.id), col(User.name)).where(col(User.id).in_(people - {None})))
    return dict(found.all())


def with_names(report: PerformanceReport, names: Mapping[int, str]) -> PerformanceReport:
    """Return a report with these names of staff; without any, none of them is in it."""
    courses = tuple(
        replace(
            course,
            first_page=replace(
                course.first_page,
                ask=tuple(replace(each, name=names.get(each.user_id, '')) for each in course.first_page.ask),
            ),
            feedback=replace(course.feedback, written_by=names.get(course.feedback.written_by_id or 0, '')),
        )
        for course in report.courses
    )
    return replace(report, courses=courses, generated_by_name=names.get(report.generated_by or 0, ''))


def _may_open(tx: Transaction, actor: Actor, row: KeptReport) -> bool:
    if row.user_id in same_person(tx, actor.user_id):
        return row.shows_learner
    if actor.role is Role.ADMIN:
        return True
    if actor.role is Role.PARENT:
        return row.shows_parents and row.user_id in {each.id for each in access.children(tx, actor)}
    figures = select(col(KeptFigure.course_id)).where(col(KeptFigure.report_id) == row.id)
    courses = set(tx.session.scalars(figures))
    try:
        return bool(courses) and courses <= set(access.learning(tx, actor, row.user_id))
    except NotFound:
        return False


def _role(actor: Actor, row: KeptReport) -> ReportReader:
    if actor.role in _ROLES:
        return _ROLES[actor.role]
    return ReportReader.TEACHER if actor.may_teach and actor.user_id != row.user_id else ReportReader.STUDENT


_ROLES = {Role.ADMIN: ReportReader.ADMINISTRATOR, Role.PARENT: ReportReader.PARENT}


def _shown(row: KeptReport, by: str, count: int) -> KeptShown:
    report = orjson.loads(row.document)  # two lines of it, not all of it as values
    title, description = recalled(report['title']), recalled(report['description'])
    assert isinstance(title, Phrase)
    assert isinstance(description, Phrase)
    return KeptShown(
        report_id=row.id,
        kind=row.kind,
        title=title,
        description=description,
        made_at=row.made_at,
        made_by=by,
        shows_learner=row.shows_learner,
        shows_parents=row.shows_parents,
        openings=count,
    )
