"""How a file comes in: written piece by piece, looked into, then kept, or gone without a trace."""

from collections.abc import AsyncIterator

from services.access import Actor
from services.content.uploads import attaching, storage
from services.content.uploads.attaching import Given
from services.content.uploads.file_types import look_into
from services.content.uploads.slots import MEDIA_TYPES, Part, about_file, clean_name, most_megabytes
from services.content.uploads.storage import Arriving
from services.core import database, threads

WRITTEN_AT_ONCE = 1024 * 1024


async def take(
    actor: Actor | None,
    checkpoint_id: int,
    part: Part,
    pieces: AsyncIterator[bytes],
    *,
    name: str,
    size: int | None = None,
) -> None:
    """Take a file for a checkpoint; `size` is what its sender says, if anything. A person who may not is refused before
    any of it is read, and whatever goes wrong, nothing of it is left.
    """
    await database.read(attaching.may_give, actor, checkpoint_id, part)
    with about_file(name):
        given = await receive(part, pieces, name=name, size=size)
    try:
        await database.write(attaching.attach, actor, checkpoint_id, part, given)
    except Exception:  # not where this was cancelled: the write is in line, and is committed all the same
        storage.remove(given.stored_as)
        raise


async def receive(part: Part, pieces: AsyncIterator[bytes], *, name: str, size: int | None = None) -> Given:
    """Write a file down and look into it; returns what it is. It is kept from now on: the caller gives it a place, or
    removes it. Whatever goes wrong before, nothing of it is left.
    """
    arriving = await threads.shared.go_on(Arriving, most_megabytes(part))
    stored_as = ''
    try:
        await write(arriving, pieces, size)
        found = await look_into(part, arriving.path)
        stored_as = await threads.shared.go_on(arriving.keep)
        ending = MEDIA_TYPES[part][found.media_type]
        return Given(name=clean_name(name, ending), size=arriving.size, stored_as=stored_as, found=found)
    except BaseException:
        if stored_as:
            storage.remove(stored_as)
        raise
    finally:
        arriving.discard()


async def write(arriving: Arriving, pieces: AsyncIterator[bytes], size: int | None) -> None:
    """Write a file as it comes; `size` is what its sender says, if anything."""
    if size is not None:
        await threads.shared.go_on(arriving.expect, size)
    waiting = bytearray()
    async for piece in pieces:
        waiting += piece
        if len(waiting) >= WRITTEN_AT_ONCE:
            await threads.shared.go_on(arriving.write, bytes(waiting))
            waiting.clear()
    await threads.shared.go_on(arriving.write, bytes(waiting))
    await threads.shared.go_on(arriving.close)
