"""The files that come back with feedback, such as a page with remarks on it: for their learner once it is returned."""

from collections.abc import AsyncIterator

from models import Submission, SubmissionFile
from services import access
from services.access import Actor
from services.assignments import desk, grading, submissions
from services.content.uploads import handed_in, storage
from services.content.uploads.handed_in import NO_FILE, Arrived
from services.content.uploads.slots import about_file
from services.core import database
from services.core.errors import NotFound, Refused
from services.core.transaction import Transaction

MOST_BACK = 5
"""files with one try"""


def may_add(tx: Transaction, actor: Actor | None, submission_id: int) -> None:
    """Refuse a file before any of it is taken in, if it could not come back with this work."""
    _check_room(tx, desk.taught_work(tx, actor, submission_id))


def add(tx: Transaction, actor: Actor | None, submission_id: int, given: Arrived) -> int:
    """Let a file come back with handed-in work; returns its id."""
    row = desk.taught_work(tx, actor, submission_id, locked=True)
    _check_room(tx, row)
    file = SubmissionFile(
        submission_id=row.id,
        given_by=access.signed_in(tx, actor).user_id,
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
    grading.announce(tx, row)
    tx.note('file given back', course=row.course_id, checkpoint=row.checkpoint_id, about=row.user_id, size=given.size)
    return file.id


def drop(tx: Transaction, actor: Actor | None, submission_id: int, file_id: int) -> None:
    """Take away a file that would come back, or did; what is out already stays out."""
    row = desk.taught_work(tx, actor, submission_id, locked=True)
    file = tx.session.get(SubmissionFile, file_id)
    if file is None or file.submission_id != row.id or file.given_by is None:
        raise NotFound(NO_FILE)
    if file.removed_at is None:
        file.removed_at = tx.now
        tx.session.add(file)
        grading.announce(tx, row)


async def take(
    actor: Actor | None, submission_id: int, pieces: AsyncIterator[bytes], *, name: str, size: int | None = None
) -> int:
    """Take a file that comes back and return its id; a person who may not give one is refused before it is read."""
    await database.read(may_add, actor, submission_id)
    with about_file(name):
        given = await handed_in.receive(pieces, name=name, size=size)
    try:
        return await database.write(add, actor, submission_id, given)
    except Exception:  # not where this was cancelled: the write is in line, and is committed all the same
        storage.remove(given.stored_as)
        raise


def _check_room(tx: Transaction, row: Submission) -> None:
    if len(submissions.files_back(tx, row.id)) >= MOST_BACK:
        raise Refused('There are {most} files already. Remove one first.', most=MOST_BACK)
