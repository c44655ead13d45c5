"""Removes files to which no checkpoint refers.

A deleted checkpoint can come back, so it still refers to its files. A file that nothing refers to never comes back: it
goes first from the disk and then from the table, so that nothing is left over if the server stops in between.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, select
from sqlmodel import col

from models import Checkpoint, Upload
from services.content.uploads import storage
from services.core import clock, database, threads
from services.core.jobs import Kind
from services.core.transaction import Transaction

CHECK_EVERY = timedelta(hours=1)
KEPT_FOR = timedelta(days=1)


def kind() -> Kind:
    """Return the job that clears away, every hour."""
    return Kind(name='uploads', work=lambda _: clear_away(), repeats=CHECK_EVERY)


async def clear_away() -> None:
    """Remove what was given up a day ago or more, and what was still arriving then."""
    before = clock.now() - KEPT_FOR
    given_up = await database.read(unreferenced, before=before)
    await threads.shared.go_on(storage.clear, list(given_up.values()), arriving_before=before)
    if given_up:
        await database.write(forget, list(given_up))


def unreferenced(tx: Transaction, *, before: datetime) -> dict[int, str]:
    """Return id and name on the disk of each file that no checkpoint refers to, if it was there before then."""
    rows = tx.session.scalars(select(Upload).where(col(Upload.uploaded_at) < before, _given_up()))
    return {upload.id: upload.stored_as for upload in rows}


def forget(tx: Transaction, upload_ids: list[int]) -> None:
    """Remove the rows of files that are gone from the disk."""
    removed = tx.change(delete(Upload).where(col(Upload.id).in_(upload_ids), _given_up()))
    tx.note('files cleared away', files=removed)


def _given_up() -> ColumnElement[bool]:
    referring = (col(Checkpoint.file_id) == col(Upload.id)) | (col(Checkpoint.captions_id) == col(Upload.id))
    return ~exists().where(referring)
