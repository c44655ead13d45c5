"""The files that learners hand in: taken in piece by piece, known by their content, and handed out to few.

They lie where the files of courses lie, but no checkpoint refers to them, and no copy of a course shares them.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from models import FileKind, Submission, SubmissionFile, SubmissionState
from services import access
from services.access import Actor
from services.assignments import file_types, submissions
from services.assignments import rules as assignment_rules
from services.assignments.file_types import Known
from services.content import pdf_pages
from services.content.pdf_access import Paper
from services.content.pdf_pages import Words
from services.content.uploads import receiving, storage
from services.content.uploads.file_types import look_into
from services.content.uploads.serving import Served
from services.content.uploads.slots import Part, about_file, clean_name
from services.content.uploads.storage import Arriving, folder
from services.core import database, picture_facts, threads
from services.core.errors import Busy, Invalid, NotFound, Refused
from services.core.phrases import phrase
from services.core.transaction import Transaction

LONGEST_SHOWN = 100_000
"""characters of a plain text"""
NO_FILE = phrase('There is no such file, or it is not yours.')


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A file that is whole in the data folder."""

    name: str
    size: int
    stored_as: str
    known: Known
    pages: int | None = None
    """of a PDF that can be shown page by page"""


def may_add(tx: Transaction, actor: Actor | None, checkpoint_id: int, *, replaces: int | None = None) -> None:
    """Refuse a file before any of it is taken in, if it could not be handed in afterwards.

    Runs in a transaction that may write: the draft is begun by it.
    """
    row = submissions.draft(tx, actor, checkpoint_id)
    _check_room(tx, row, replaces)


def add(
    tx: Transaction, actor: Actor | None, checkpoint_id: int, given: Arrived, *, replaces: int | None = None
) -> int:
    """Add a file to the draft of the actor, or put it in the place of another one; returns its id."""
    row = submissions.draft(tx, actor, checkpoint_id)
    _check_room(tx, row, replaces)
    if given.known.kind not in assignment_rules.rules_of(tx, checkpoint_id).file_kinds:
        raise Invalid('This assignment does not take files of this kind.', field='file')
    if replaces is not None:
        _own_file(tx, row, replaces).removed_at = tx.now
    file = SubmissionFile(
        submission_id=row.id,
        name=given.name,
        kind=given.known.kind,
        media_type=given.known.media_type,
        size=given.size,
        pages=given.pages,
        stored_as=given.stored_as,
        uploaded_at=tx.now,
    )
    tx.session.add(file)
    tx.session.flush()
    tx.note('file handed in', course=row.course_id, checkpoint=checkpoint_id, size=given.size)
    return file.id


def drop(tx: Transaction, actor: Actor | None, checkpoint_id: int, file_id: int) -> None:
    """Take a file out of the draft of the actor; what is out already stays out."""
    row = submissions.draft(tx, actor, checkpoint_id)
    file = tx.session.get(SubmissionFile, file_id)
    if file is None or file.submission_id != row.id or file.given_by is not None:
        raise NotFound(NO_FILE)
    if file.removed_at is None:
        file.removed_at = tx.now
        tx.session.add(file)


def drop_own(tx: Transaction, actor: Actor | None, file_id: int) -> None:
    """Take a file out of the draft to which it belongs; absent and somebody else's look the same."""
    actor = access.signed_in(tx, actor)
    file = tx.session.get(SubmissionFile, file_id)
    row = tx.session.get(Submission, file.submission_id) if file else None
    if row is None or row.user_id != actor.user_id:
        raise NotFound(NO_FILE)
    drop(tx, actor, row.checkpoint_id, file_id)


def served(tx: Transaction, actor: Actor | None, file_id: int) -> Served:
    """Return a file for its learner and the teachers of the course; absent and not theirs look the same."""
    file = _readable(tx, actor, file_id)
    return _served(file, name=_name_for(tx, actor, file))


def paper(tx: Transaction, actor: Actor | None, file_id: int) -> Paper:
    """Return a PDF to those who may have it, to be shown page by page."""
    file = _readable(tx, actor, file_id)
    return Paper(path=folder() / file.stored_as, pages=file.pages or 0)


async def words(actor: Actor | None, file_id: int, number: int) -> Words:
    """Return what a page of a PDF says."""
    found = await database.read(paper, actor, file_id)
    return await pdf_pages.words(found.path, found.index(number))


async def beginning(actor: Actor | None, file_id: int) -> str:
    """Return a plain text, as much of it as is read on screen."""
    file = await database.read(served, actor, file_id)
    return await threads.shared.run(_beginning, file.path)


def _readable(tx: Transaction, actor: Actor | None, file_id: int) -> SubmissionFile:
    actor = access.signed_in(tx, actor)
    file = tx.session.get(SubmissionFile, file_id)
    row = tx.session.get(Submission, file.submission_id) if file else None
    if file is None or row is None or file.removed_at:
        raise NotFound(NO_FILE)
    if row.user_id != actor.user_id:
        _check_teacher(tx, actor, row)
    elif file.given_by is not None and row.state is not SubmissionState.RETURNED:
        raise NotFound(NO_FILE)
    return file


def _name_for(tx: Transaction, actor: Actor | None, file: SubmissionFile) -> str:
    """Return what a file is called when it is saved: names of files can say whose they are."""
    row = tx.session.get_one(Submission, file.submission_id)
    is_own = actor is not None and actor.user_id == row.user_id
    if is_own or file.given_by is not None or not assignment_rules.rules_of(tx, row.checkpoint_id).hides_names:
        return file.name
    return submissions.nameless(file.name, file.id)


def _served(file: SubmissionFile, *, name: str) -> Served:
    return Served(
        upload_id=file.id,
        path=folder() / file.stored_as,
        media_type=file.media_type,
        name=name,
        etag=f'"{file.stored_as}"',
    )


async def take(
    actor: Actor | None,
    checkpoint_id: int,
    pieces: AsyncIterator[bytes],
    *,
    name: str,
    size: int | None = None,
    replaces: int | None = None,
) -> int:
    """Take a file of a learner and return its id; `size` is what its sender says, if anything.

    A file that cannot be handed in is refused before any of it is read, and nothing of it is left.
    """
    await database.write(may_add, actor, checkpoint_id, replaces=replaces)
    with about_file(name):
        given = await receive(pieces, name=name, size=size)
    try:
        with about_file(name):
            return await database.write(add, actor, checkpoint_id, given, replaces=replaces)
    except Exception:  # not where this was cancelled: the write is in line, and is committed all the same
        storage.remove(given.stored_as)
        raise


async def receive(pieces: AsyncIterator[bytes], *, name: str, size: int | None) -> Arrived:
    """Write a file down and look into it. It is kept from now on: the caller gives it a place, or removes it."""
    arriving = await threads.shared.go_on(Arriving, file_types.most_megabytes())
    try:
        await receiving.write(arriving, pieces, size)
        known = await threads.shared.run(file_types.look_into, arriving.path)
        if known.kind is FileKind.PICTURE:
            await threads.shared.run(picture_facts.blank_file, arriving.path)
        pages = await _pages(arriving.path) if known is file_types.PDF else None
        stored_as = await threads.shared.go_on(arriving.keep)
        name = clean_name(name, known.ending)
        return Arrived(name=name, size=arriving.size, stored_as=stored_as, known=known, pages=pages)
    finally:
        arriving.discard()


async def _pages(path: Path) -> int | None:
    """Return how many pages a PDF has; None for one that cannot be shown: it can be saved all the same."""
    try:
        return (await look_into(Part.FILE, path)).pages
    except (Invalid, Busy):
        return None


def _beginning(path: Path) -> str:
    with path.open(encoding='utf-8-sig', errors='replace') as file:
        return file.read(LONGEST_SHOWN)


def _check_room(tx: Transaction, row: Submission, replaces: int | None) -> None:
    most = assignment_rules.rules_of(tx, row.checkpoint_id).most_files
    if most == 0:
        raise Refused('This assignment takes a text, and no files.')
    if replaces is not None:
        _own_file(tx, row, replaces)
    elif len(submissions.files_of(tx, row.id)) >= most:
        raise Refused('There are {most} files already. Replace one, or remove one first.', most=most)


def _own_file(tx: Transaction, row: Submission, file_id: int) -> SubmissionFile:
    file = tx.session.get(SubmissionFile, file_id)
    if file is None or file.submission_id != row.id or file.removed_at or file.given_by is not None:
        raise NotFound(NO_FILE)
    return file


def _check_teacher(tx: Transaction, actor: Actor, row: Submission) -> None:
    """Let only those pass who teach the course, and only once it is handed in."""
    try:
        access.taught_course(tx, actor, row.course_id)
    except NotFound as refusal:
        raise NotFound(NO_FILE) from refusal
    if row.state is SubmissionState.DRAFT:
        raise NotFound(NO_FILE)
