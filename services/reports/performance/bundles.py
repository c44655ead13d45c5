"""The reports of a class as one ZIP: made by a job in the background, resumed after a killed server, kept for a week.

Each report is a file of its own as soon as it is made, so nothing is made twice. What is in them, learners and their
parents may see.
"""

import asyncio
import errno
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

from sqlalchemy import Select, delete, func, select
from sqlmodel import col

from models import (
    CourseGroup,
    Enrollment,
    ReportBundle,
    ReportDetail,
    ReportKind,
    ReportReader,
    User,
)
from services import access
from services.access import Actor
from services.analytics import learner_facts
from services.core import database, jobs, threads, typesetting, zones
from services.core.errors import Gone, NotFound, NotSaved, Refused
from services.core.jobs import Kind
from services.core.languages import translations
from services.core.phrases import Phrase, phrase, plural, recalled, stored
from services.core.spooling import KEPT_FREE
from services.core.text import line
from services.core.transaction import Transaction
from services.core.typesetting import NotPrinted
from services.live import course_groups
from services.reports import made_files
from services.reports.made_files import CLEAR_EVERY, KEPT_FOR, LONGEST_PROBLEM
from services.reports.performance import building, paper
from services.reports.performance.document import Contact, Options
from settings import settings

NAME, CLEARING = 'class reports', 'old class reports'
AT_ONCE = 2
"""reports that are made at the same time, each in a process of its own with low priority"""
ATTEMPTS = 2
"""at a report that cannot be printed"""
FEW = 5
"""reports that cannot be printed, while none can, after which the rest is not tried"""
UNPRINTED = '.reason'
LEFT_OUT = 'not printed.txt'
MOST = 2_000
MOST_SHOWN = 10
READERS = frozenset({ReportReader.STUDENT, ReportReader.PARENT})
FULL = phrase('The disk of the server is full. The reports go on by themselves once there is room.')


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
class Piece:
    """One report that is to be made."""

    user_id: int
    facts: dict[str, object]
    language: str


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
    since, until = learner_facts.span(options.since, options.until, today=today, field='start')
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
    if made_files.is_over(tx, row, path_of(bundle_id)):
        raise Gone('These reports are gone: they are kept for a week. Have them made again.')
    access.note_look(tx, actor, 'class reports', course=course.id)
    return File(path=path_of(bundle_id), name=f'reports-{course.id}-{row.made_at:%Y-%m-%d}.zip')


def kind() -> Kind:
    """Return the job that makes the reports of a class."""
    return Kind(name=NAME, work=lambda key: make(int(key)))


def clearing() -> Kind:
    """Return the job that clears away what is older than a week."""
    return Kind(name=CLEARING, work=lambda _: clear_away(), repeats=CLEAR_EVERY)


async def make(bundle_id: int) -> None:
    """Make every report that is missing, then the ZIP; it goes on where it stopped.

    A report that cannot be printed is left out and named in the ZIP; only where none can, all of it is put off.
    Where there is nothing to pack, because nobody of those may make or get reports any more, all of it is forgotten:
    else nobody could have any made in this course. What was cleared away meanwhile leaves no file behind.
    """
    is_wanted = True
    try:
        while is_wanted and (pieces := await database.read(next_pieces, bundle_id)):
            await asyncio.gather(*(_print(bundle_id, piece) for piece in pieces))
            await threads.shared.go_on(_check_some_printed, bundle_id, FEW)
            is_wanted = await database.write(_count, bundle_id, [piece.user_id for piece in pieces])
        if is_wanted and (names := await database.read(_names, bundle_id)):
            await threads.shared.go_on(_check_some_printed, bundle_id, 1)
            left_out = await threads.shared.go_on(_pack, bundle_id, names)
            is_wanted = await database.write(_finish, bundle_id, left_out)
            await threads.shared.go_on(_remove_pieces, bundle_id)  # not before: else a second try packs nothing
        elif await database.write(_forget_unmade, bundle_id):
            is_wanted = False
        if not is_wanted:
            await threads.shared.go_on(_remove, bundle_id)
    except OSError as error:
        problem = made_files.problem_of(error, full=FULL)
        await database.write(made_files.put_off, ReportBundle, bundle_id, problem)
        raise NotSaved(problem) from error
    except NotPrinted as error:  # none of them can be printed: the typesetter is broken, and all of it is tried again
        await database.write(_begin_again, bundle_id)
        await database.write(made_files.put_off, ReportBundle, bundle_id, error.sentence)
        raise NotSaved(error.sentence) from error


def next_pieces(tx: Transaction, bundle_id: int) -> list[Piece]:
    """Return the next reports to be made: those of learners who are still here, in the order of their ids."""
    row = tx.session.get(ReportBundle, bundle_id)
    if row is None or row.ended_at is not None or made_files.still_taught(tx, row) is None:
        return []
    waiting = learners_of(row.course_id, row.group_name).where(col(Enrollment.user_id) > row.last_user_id)
    people = list(tx.session.scalars(waiting.order_by(col(Enrollment.user_id)).limit(AT_ONCE)))
    options = Options(kind=row.kind, detail=row.detail, include_graphs=row.has_graphs, since=row.since, until=row.until)
    by = Contact(user_id=row.made_by, name=tx.session.get_one(User, row.made_by).name)
    return [
        Piece(
            user_id=user_id,
            facts=paper.facts_of(
                building.made(tx, [row.course_id], user_id, by=by, options=options, seen_by=READERS), row.language
            ),
            language=row.language,
        )
        for user_id in people
    ]


async def clear_away() -> None:
    """Remove what is older than a week, what never got ready, and what somebody was in who is erased by now."""
    for bundle_id in await database.read(made_files.outdated, ReportBundle):
        await threads.shared.go_on(_remove, bundle_id)
        await database.write(_forget, bundle_id)


def path_of(bundle_id: int) -> Path:
    """Return where a ZIP is kept."""
    return _folder() / f'{bundle_id}.zip'


def _folder() -> Path:
    return settings().data_dir / 'reports'


async def _print(bundle_id: int, piece: Piece) -> None:
    """Make one report; where it cannot be printed, also not again, the reason is kept in its place."""
    place = _folder() / str(bundle_id) / f'{piece.user_id}.pdf'
    reason = place.with_suffix(UNPRINTED)
    for attempt in range(ATTEMPTS):
        if place.exists() or reason.exists():
            return
        try:
            pdf = await typesetting.make_pdf(paper.TEMPLATE, piece.facts, all_letters=False)
            await threads.shared.go_on(_keep, place, pdf)
        except NotPrinted as problem:
            if attempt == ATTEMPTS - 1:
                said = problem.sentence.spoken(translations(piece.language))
                await threads.shared.go_on(_keep, reason, said.encode())


def _check_some_printed(bundle_id: int, enough: int) -> None:
    """Raise `NotPrinted` where so many reports could not be printed, and not a single one could."""
    pieces = _folder() / str(bundle_id)
    reasons = sorted(pieces.glob(f'*{UNPRINTED}'))
    if len(reasons) < enough or any(pieces.glob('*.pdf')):
        return
    said = reasons[0].read_text()
    for reason in reasons:
        reason.unlink()
    raise NotPrinted(phrase('{reason}', reason=said))


def _keep(place: Path, pdf: bytes) -> None:
    """Put a PDF in its place whole or not at all."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(place.parent).free - len(pdf) < KEPT_FREE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    part = place.with_suffix(f'.{os.getpid()}.part')
    try:
        part.write_bytes(pdf)
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)


def _pack(bundle_id: int, names: Sequence[tuple[int, str]]) -> int:
    """Put all reports into the ZIP, one after the other; nothing of it is held in memory.

    Returns how many are left out.
    """
    pieces, whole = _folder() / str(bundle_id), path_of(bundle_id)
    made = [(pieces / f'{user_id}.pdf', name) for user_id, name in names]
    made = [(place, name) for place, name in made if place.exists()]
    left_out = [(pieces / f'{user_id}{UNPRINTED}', name) for user_id, name in names]
    left_out = [(reason, name) for reason, name in left_out if reason.exists()]
    if shutil.disk_usage(_folder()).free - sum(place.stat().st_size for place, _ in made) < KEPT_FREE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    part = whole.with_suffix('.part')
    try:
        with part.open('wb') as file:
            with ZipFile(file, 'w', compression=ZIP_STORED) as archive:  # a PDF is compressed already
                for number, (place, name) in enumerate(made, start=1):
                    archive.write(place, f'{number:04} {_plain(name)}.pdf')
                if left_out:
                    listed = ''.join(f'{line(name)}: {reason.read_text()}\n' for reason, name in left_out)
                    archive.writestr(LEFT_OUT, listed)
            file.flush()
            os.fsync(file.fileno())
        part.replace(whole)
    finally:
        part.unlink(missing_ok=True)
    return len(left_out)


def _remove_pieces(bundle_id: int) -> None:
    shutil.rmtree(_folder() / str(bundle_id), ignore_errors=True)


def _remove(bundle_id: int) -> None:
    _remove_pieces(bundle_id)
    path_of(bundle_id).unlink(missing_ok=True)


def _plain(name: str) -> str:
    """Return a name as a file may be called on any system."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', '_', line(name)).strip(' .') or 'report'


def _count(tx: Transaction, bundle_id: int, people: Sequence[int]) -> bool:
    """Note what is made; returns whether it is wanted still."""
    row = tx.session.get(ReportBundle, bundle_id)
    if row is None:
        return False
    row.made, row.last_user_id, row.problem = row.made + len(people), max(people), ''
    tx.session.add(row)
    return True


def _names(tx: Transaction, bundle_id: int) -> list[tuple[int, str]]:
    """Return who has a report in a ZIP that is to be packed, by name; nobody where there is nothing to pack."""
    row = tx.session.get(ReportBundle, bundle_id)
    if row is None or row.ended_at is not None:
        return []
    here = learners_of(row.course_id, row.group_name).where(col(Enrollment.user_id) <= row.last_user_id)
    people = select(col(User.id), col(User.name)).where(col(User.id).in_(here))
    found = tx.execute(people.order_by(col(User.plain_name), col(User.id)))
    return [(user_id, name) for user_id, name in found]


def _finish(tx: Transaction, bundle_id: int, left_out: int) -> bool:
    """Note that the ZIP is ready, and how many reports are not in it, and notify the teacher who asked for it.

    Returns whether it is wanted still.
    """
    row = tx.session.get(ReportBundle, bundle_id)
    if row is None:
        return False
    row.ended_at, row.problem, row.made = tx.now, '', row.made - left_out
    if left_out:
        missing = plural(
            '{count} report could not be printed: “{file}” in the ZIP has the name and the reason.',
            '{count} reports could not be printed: “{file}” in the ZIP has the names and the reasons.',
            left_out,
            file=LEFT_OUT,
        )
        row.problem = stored(missing, most=LONGEST_PROBLEM)
    tx.session.add(row)
    tx.session.flush()
    title, address = phrase('The reports of your class are ready to download.'), f'/courses/{row.course_id}/reports'
    made_files.say_ready(tx, row, title, key=f'class reports:{bundle_id}', address=address)
    tx.note('class reports ready', course=row.course_id, reports=row.made, left_out=left_out)
    return True


def _begin_again(tx: Transaction, bundle_id: int) -> None:
    row = tx.session.get(ReportBundle, bundle_id)
    if row is not None:
        row.made, row.last_user_id = 0, 0
        tx.session.add(row)


def _forget_unmade(tx: Transaction, bundle_id: int) -> bool:
    """Forget what cannot be made; returns whether there is no ZIP."""
    row = tx.session.get(ReportBundle, bundle_id)
    if row is not None and row.ended_at is not None:
        return False
    if row is not None:
        _forget(tx, bundle_id)
    return True


def _forget(tx: Transaction, bundle_id: int) -> None:
    tx.execute(delete(ReportBundle).where(col(ReportBundle.id) == bundle_id))
    tx.note('class reports cleared away', bundle=bundle_id)


def learners_of(course_id: int, group: str) -> Select[int]:
    """Return the ids of those who learn in a course, or in one group of it; the caller has checked who may know."""
    people = (
        select(col(Enrollment.user_id))
        .join(User, col(User.id) == col(Enrollment.user_id))
        .where(
            col(Enrollment.course_id) == course_id,
            col(Enrollment.removed_at).is_(None),
            col(User.merged_into_id).is_(None),
            col(User.erased_at).is_(None),
        )
    )
    if not group:
        return people
    return people.join(CourseGroup, col(CourseGroup.id) == col(Enrollment.group_id)).where(
        col(CourseGroup.name) == group
    )


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
