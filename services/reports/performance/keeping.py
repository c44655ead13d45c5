"""How reports are kept, as they were on a day, and deleted. A kept report has what all its readers may see."""

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import delete, func, select
from sqlmodel import col

from models import KeptFigure, KeptReport, ReportLink, ReportOpening, ReportReader, Verb
from services import access
from services.access import Actor
from services.activity import recording
from services.activity.log import Entry
from services.core import database
from services.core.errors import NotFound, Refused
from services.core.transaction import Transaction
from services.reports.performance import building
from services.reports.performance.document import Options, PerformanceReport
from services.reports.performance.kept_reports import FORM, GONE, handed_out_by, is_erased, with_names
from services.reports.performance.words import KEEP

MOST_KEPT = 200
"""of one learner, by one person"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A report that is made, and not kept yet."""

    report: PerformanceReport
    document: str
    shows_learner: bool
    shows_parents: bool


async def keep(
    actor: Actor | None,
    user_id: int,
    *,
    course_id: int | None = None,
    options: Options | None = None,
    shows_learner: bool = True,
    shows_parents: bool = False,
) -> int:
    """Keep the report about a learner as it is now; returns its id. A learner keeps theirs for themselves too.

    It is made beside the writer, for which others would wait meanwhile, and what was checked is checked again.
    """
    draft = await database.read(
        drafted,
        actor,
        user_id,
        course_id=course_id,
        options=options,
        shows_learner=shows_learner,
        shows_parents=shows_parents,
    )
    return await database.write(store, actor, draft)


def drafted(
    tx: Transaction,
    actor: Actor | None,
    user_id: int,
    *,
    course_id: int | None = None,
    options: Options | None = None,
    shows_learner: bool = True,
    shows_parents: bool = False,
) -> Draft:
    """Return the report about a learner as it is to be kept, for those whom it concerns."""
    actor = access.signed_in(tx, actor)
    shows_learner = shows_learner or actor.user_id == user_id
    readers = _readers(shows_learner=shows_learner, shows_parents=shows_parents)
    report = building.of_learner(tx, actor, user_id, course_id=course_id, options=options, readers=readers)
    return Draft(
        report=report,
        document=FORM.dump_json(with_names(report, {}), context=KEEP).decode(),
        shows_learner=shows_learner,
        shows_parents=shows_parents,
    )


def store(tx: Transaction, actor: Actor | None, draft: Draft) -> int:
    """Keep a report that was made a moment ago; returns its id. Who may not see it any more may not keep it."""
    actor, report = access.signed_in(tx, actor), draft.report
    user_id = report.student_id
    for course in report.courses:
        access.learner(tx, actor, user_id, course.course_id)
    if is_erased(tx, user_id):
        raise NotFound(GONE)
    own = col(KeptReport.user_id) == user_id, col(KeptReport.made_by) == actor.user_id
    if tx.execute(select(func.count()).select_from(KeptReport).where(*own)).scalar_one() >= MOST_KEPT:
        raise Refused('You have kept {most} reports already. Delete some of them first.', most=MOST_KEPT)
    row = KeptReport(
        user_id=user_id,
        kind=report.report_type,
        detail=report.configuration.detail_level,
        shows_learner=draft.shows_learner,
        shows_parents=draft.shows_parents,
        made_by=actor.user_id,
        made_at=report.generated_at,
        document=draft.document,
    )
    tx.session.add(row)
    tx.session.flush()
    for course in report.courses:
        percentage = course.summary.overall_percentage
        figure = KeptFigure(
            report_id=row.id,
            course_id=course.course_id,
            percent=course.summary.completion_rate,
            done=course.summary.steps_done,
            total_tenths=None if percentage is None else round(percentage * 10),
        )
        tx.session.add(figure)
    tx.session.flush()
    record(tx, actor, Verb.REPORT_KEPT, row)
    tx.note('report kept', report=row.id, about=user_id, by=actor.user_id)
    return row.id


def forget(tx: Transaction, actor: Actor | None, report_id: int) -> None:
    """Delete a kept report with its links: its maker, and those who teach its courses."""
    actor = access.signed_in(tx, actor)
    row = handed_out_by(tx, actor, report_id)
    if row.made_by != actor.user_id and row.user_id == actor.user_id:
        raise Refused('Your teacher has kept this report. Ask them to delete it.')
    for model in (ReportOpening, ReportLink, KeptFigure):
        tx.execute(delete(model).where(col(model.report_id) == report_id))
    tx.session.delete(row)
    tx.note('report deleted', report=report_id, about=row.user_id, by=actor.user_id)


def record(tx: Transaction, by: Actor, verb: Verb, row: KeptReport) -> None:
    """Record in the log, for each course of a report, that something was done with it."""
    courses = tx.session.scalars(select(col(KeptFigure.course_id)).where(col(KeptFigure.report_id) == row.id))
    entries = [
        Entry(
            user_id=by.user_id,
            tap_id=uuid4().hex,
            verb=verb,
            course_id=course_id,
            about_id=row.user_id,
            details={'report': row.id},
            zone=by.time_zone,
        )
        for course_id in courses
    ]
    recording.record(tx, entries)


def _readers(*, shows_learner: bool, shows_parents: bool) -> frozenset[ReportReader]:
    chosen = {ReportReader.STUDENT: shows_learner, ReportReader.PARENT: shows_parents}
    return frozenset(reader for reader, shows in chosen.items() if shows) or building.STAFF
