"""How a file comes in: written piece by piece, looked into, then kept, or gone without a trace."""

import asyncio
from collections.abc import AsyncIterator

from services.access import Actor
from services.content.uploads import attaching, storage
from services.content.uploads.attaching import Given
from services.content.uploads.file_types import look_into
from services.content.uploads.slots import MEDIA_TYPES, Part, clean_name
from services.content.uploads.storage import Arriving
from services.core import database

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
    """Take a file for a step; `size` is what its sender says, if anything. Whoever may not is refused before any
    of it is read, and whatever goes wrong, nothing of it is left.
    """
    await database.read(attaching.may_give, actor, checkpoint_id, part)
    arriving = await asyncio.to_thread(Arriving, part)
    stored_as = ''
    try:
        await _write(arriving, pieces, size)
        found = await look_into(part, arriving.path)
        stored_as = await asyncio.to_thread(arriving.keep)
        ending = MEDIA_TYPES[part][found.media_type]
        given = Given(name=clean_name(name, ending), size=arriving.size, stored_as=stored_as, found=found)
        await database.write(attaching.attach, actor, checkpoint_id, part, given)
    except BaseException:
        if stored_as:
            storage.remove(stored_as)
        raise
    finally:
        arriving.discard()


async def _write(arriving: Arriving, pieces: AsyncIterator[bytes], size: int | None) -> None:
    if size is not None:
        await asyncio.to_thread(arriving.expect, size)
    waiting = bytearray()
    async for piece in pieces:
        waiting += piece
        if len(waiting) >= WRITTEN_AT_ONCE:
            await asyncio.to_thread(arriving.write, bytes(waiting))
            waiting.clear()
    await asyncio.to_thread(arriving.write, bytes(waiting))
    await asyncio.to_thread(arriving.close)
