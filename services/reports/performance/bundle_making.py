"""The job that makes the reports of a class: a report at a time, resumed after a killed server, then all in one ZIP."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, delete, select
from sqlmodel import col

from models import CourseGroup, Enrollment, ReportBundle, ReportReader, User
from services.core import database, threads, typesetting
from services.core.errors import NotSaved
from services.core.jobs import Kind
from services.core.languages import translations
from services.core.phrases import phrase, plural, stored
from services.core.transaction import Transaction
from services.core.typesetting import NotPrinted
from services.reports import made_files
from services.reports.made_files import CLEAR_EVERY, LONGEST_PROBLEM
from services.reports.performance import building, bundle_zip, paper
from services.reports.performance.document import Contact, Options

NAME, CLEARING = 'class reports', 'old class reports'
AT_ONCE = 2
"""reports that are made at the same time, each in a process of its own with low priority"""
ATTEMPTS = 2
"""at a report that cannot be printed"""
FEW = 5
"""reports that cannot be printed, while none can, after which the rest is not tried"""
READERS = frozenset({ReportReader.STUDENT, ReportReader.PARENT})
"""who may see what is in the reports"""
FULL = phrase('The disk of the server is full. The reports go on by themselves once there is room.')


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One report that is to be made."""

    user_id: int
    facts: dict[str, object]
    language: str


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
            await threads.shared.go_on(bundle_zip.check_some_printed, bundle_id, FEW)
            is_wanted = await database.write(_count, bundle_id, [piece.user_id for piece in pieces])
        if is_wanted and (names := await database.read(_names, bundle_id)):
            await threads.shared.go_on(bundle_zip.check_some_printed, bundle_id, 1)
            left_out = await threads.shared.go_on(bundle_zip.pack, bundle_id, names)
            is_wanted = await database.write(_finish, bundle_id, left_out)
            # not before: else a second try packs nothing
            await threads.shared.go_on(bundle_zip.remove_pieces, bundle_id)
        elif await database.write(_forget_unmade, bundle_id):
            is_wanted = False
        if not is_wanted:
            await threads.shared.go_on(bundle_zip.remove, bundle_id)
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
        await threads.shared.go_on(bundle_zip.remove, bundle_id)
        await database.write(_forget, bundle_id)


async def _print(bundle_id: int, piece: Piece) -> None:
    """Make one report; where it cannot be printed, also not again, the reason is kept in its place."""
    place = bundle_zip.piece(bundle_id, piece.user_id)
    reason = bundle_zip.reason_of(place)
    for attempt in range(ATTEMPTS):
        if place.exists() or reason.exists():
            return
        try:
            pdf = await typesetting.make_pdf(paper.TEMPLATE, piece.facts, all_letters=False)
            await threads.shared.go_on(bundle_zip.keep, place, pdf)
        except NotPrinted as problem:
            if attempt == ATTEMPTS - 1:
                said = problem.sentence.spoken(translations(piece.language))
                await threads.shared.go_on(bundle_zip.keep, reason, said.encode())


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
            file=bundle_zip.LEFT_OUT,
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
