"""Pictures that were handed in before what a camera writes into them was blanked: blanked once, by a job.

Migration 0068 puts the job there. A blanked copy takes the place of each in one step, so that a server that ends in the
middle leaves a whole picture, and a browser that is being sent one gets all of it.
"""

import os
from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import col

from models import FileKind, SubmissionFile
from services.content.uploads import storage
from services.content.uploads.storage import Arriving, folder
from services.core import database, picture_facts, threads
from services.core.jobs import Kind
from services.core.transaction import Transaction

NAME = 'facts of pictures'
LOOKED_AT = 100
"""pictures in one look"""
MEGABYTE = 1024 * 1024


def kind() -> Kind:
    """Return the job that blanks."""
    return Kind(name=NAME, work=lambda _: blank_all())


async def blank_all() -> None:
    """Blank all pictures that are kept, one after the other."""
    position = 0
    while found := await database.read(pictures, position):
        for file_id, stored_as in found:
            await threads.shared.go_on(blank, stored_as)
            if not await database.read(is_kept, file_id):  # cleared away or erased while its copy was made
                await threads.shared.go_on(storage.remove, stored_as)
            position = file_id


def pictures(tx: Transaction, after: int) -> Sequence[tuple[int, str]]:
    """Return id and name on the disk of some pictures behind one of them, in order."""
    rows = select(col(SubmissionFile.id), col(SubmissionFile.stored_as))
    which = col(SubmissionFile.kind) == FileKind.PICTURE, col(SubmissionFile.id) > after
    return [
        (id_, name) for id_, name in tx.execute(rows.where(*which).order_by(col(SubmissionFile.id)).limit(LOOKED_AT))
    ]


def is_kept(tx: Transaction, file_id: int) -> bool:
    """Tell whether a file is still kept."""
    return tx.session.get(SubmissionFile, file_id) is not None


def blank(stored_as: str) -> None:
    """Put a blanked copy in the place of a picture; one that is not on the disk stays away."""
    try:
        picture = (folder() / stored_as).open('rb')
    except FileNotFoundError:
        return
    with picture:
        arriving = Arriving(os.fstat(picture.fileno()).st_size // MEGABYTE + 1)
        try:
            while piece := picture.read(MEGABYTE):
                arriving.write(piece)
            arriving.close()
            picture_facts.blank_file(arriving.path)
            arriving.replace(stored_as)
        finally:
            arriving.discard()
