"""The reports of a class as one ZIP, for those who teach it: asked for, made by a job, kept for a week."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import col

from models import ReportBundle, ReportDetail, ReportKind, User
from services import access
from services.access import Actor
from services.analytics import asked_days
from services.core import jobs, zones
from services.core.errors import Gone, NotFound, Refused
from services.core.phrases import Phrase, recalled
from services.core.transaction import Transaction
from services.live import course_groups
from services.reports import made_files
from services.reports.made_files import KEPT_FOR
from services.reports.performance import bundle_zip
from services.reports.performance.bundle_making import NAME, learners_of
from services.reports.performance.document import Options

MOST = 2_000
MOST_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleShown:
    """The reports of a class, as those who teach it see them."""

    bundle_id: int
    kind: ReportKind
    detail: ReportDetail
    group: str
    made_at: datetime
    made_by: str
    made: int
    total: int
    is_ready: bool
    ends_at: datetime | None
    """until when it is kept"""
    problem: Phrase | str


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A ZIP that is ready."""

    path: Path
    name: str


def start(
    tx: Transaction,
    actor: Actor | None,
    course_id: int,
    *,
    options: Options,
    group: str = '',
    language: str = '',
) -> int:
    """Let the reports of a class be made, or of one group; returns the id. Call `jobs.hurry(NAME)` after the commit."""
    course = access.taught_course(tx, actor, course_id)
    assert actor is not None
    running = col(ReportBundle.course_id) == course_id, col(ReportBundle.ended_at).is_(None)
    if tx.execute(select(col(ReportBundle.id)).where(*running)).first():
        raise Refused('The reports of this class are being made already. Wait until they are ready.')
    total = tx.execute(select(func.count()).select_from(learners_of(course_id, group).subquery())).scalar_one()
    if not total:
        raise Refused('There is nobody here whose report could be made.')
    if total > MOST:
        raise Refused('There are more than {most} learners. Choose one group.', most=MOST)
    today = zones.local_date(zones.school(), tx.now)
    since, until = asked_days.span(options.since, options.until, today=today, field='start')
    row = ReportBundle(
        course_id=course.id,
        made_by=actor.user_id,
        made_at=tx.now,
        group_name=group,
        kind=options.kind,
        detail=options.detail,
        has_graphs=options.include_graphs,
        since=since,
        until=until,
        language=language[:12],
        total=total,
    )
    tx.session.add(row)
    tx.session.flush()
    jobs.put(tx, NAME, str(row.id), due_at=tx.now)
    access.note_look(tx, actor, 'class reports', course=course_id)
    tx.note('class reports asked for', course=course_id, by=actor.user_id, reports=total)
    return row.id


def of_course(tx: Transaction, actor: Actor | None, course_id: int) -> tuple[BundleShown, ...]:
    """Return the ZIPs of a course, the newest first, for those who teach it."""
    access.taught_course(tx, actor, course_id)
    rows = tx.execute(
        select(ReportBundle, col(User.name))
        .join(User, col(User.id) == col(ReportBundle.made_by))
        .where(col(ReportBundle.course_id) == course_id)
        .order_by(col(ReportBundle.id).desc())
        .limit(MOST_SHOWN)
    )
    return tuple(_shown(row, by) for row, by in rows)


def groups(tx: Transaction, actor: Actor | None, course_id: int) -> tuple[str, ...]:
    """Return the groups of a course of which reports can be made."""
    access.taught_course(tx, actor, course_id)
    return course_groups.in_order(course_groups.by_learner(tx, course_id).values())


def file_of(tx: Transaction, actor: Actor | None, bundle_id: int) -> File:
    """Return the ZIP to download, for those who teach the course; absent and not theirs look the same."""
    row = tx.session.get(ReportBundle, bundle_id)
    course = access.taught_course(tx, actor, row.course_id if row else 0)
    if row is None:
        raise NotFound('There are no such reports.')
    if row.ended_at is None:
        raise Refused('These reports are not ready yet.')
    if made_files.is_over(tx, row, bundle_zip.path_of(bundle_id)):
        raise Gone('These reports are gone: they are kept for a week. Have them made again.')
    access.note_look(tx, actor, 'class reports', course=course.id)
    return File(path=bundle_zip.path_of(bundle_id), name=f'reports-{course.id}-{row.made_at:%Y-%m-%d}.zip')


def _shown(row: ReportBundle, by: str) -> BundleShown:
    is_ready = row.ended_at is not None
    return BundleShown(
        bundle_id=row.id,
        kind=row.kind,
        detail=row.detail,
        group=row.group_name,
        made_at=row.made_at,
        made_by=by,
        made=row.made,
        total=row.total,
        is_ready=is_ready,
        ends_at=row.ended_at + KEPT_FOR if row.ended_at else None,
        problem=recalled(row.problem) if row.problem else '',
    )
