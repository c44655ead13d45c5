"""What nobody does by hand: files that were taken out of a draft, or away from what came back, are cleared away.

A file is out for a week before anything of it goes, so that a learner who took out the wrong one can still be helped.
It goes first from the disk and then from the table, so that nothing is left over if the server stops in between. What
was handed in, and what came back, stays; so does what a draft still has.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlmodel import col

from models import SubmissionFile
from services.content.uploads import storage
from services.core import clock, database, threads
from services.core.jobs import Kind
from services.core.transaction import Transaction

CHECK_EVERY = timedelta(hours=1)
KEPT_FOR = timedelta(days=7)
MOST_AT_ONCE = 500


def kind() -> Kind:
    """Return the job that clears away, every hour."""
    return Kind(name='handed in', work=lambda _: clear_away(), repeats=CHECK_EVERY)


async def clear_away() -> None:
    """Remove what was taken out a week ago or more."""
    given_up = await database.read(taken_out, before=clock.now() - KEPT_FOR)
    for stored_as in given_up.values():
        await threads.shared.go_on(storage.remove, stored_as)
    if given_up:
        await database.write(forget, list(given_up), before=clock.now() - KEPT_FOR)


def taken_out(tx: Transaction, *, before: datetime) -> dict[int, str]:
    """Return id and name on the disk of files that were taken out before then, the first of them."""
    out = select(SubmissionFile).where(col(SubmissionFile.removed_at) < before).order_by(col(SubmissionFile.id))
    return {file.id: file.stored_as for file in tx.session.scalars(out.limit(MOST_AT_ONCE))}


def forget(tx: Transaction, file_ids: list[int], *, before: datetime) -> None:
    """Remove the rows of files that are gone from the disk."""
    gone = col(SubmissionFile.id).in_(file_ids), col(SubmissionFile.removed_at) < before
    removed = tx.change(delete(SubmissionFile).where(*gone))
    tx.note('files cleared away', files=removed)
