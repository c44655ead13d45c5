"""Reading grades back: link by link, some hours apart, or at once when a teacher asks."""

from collections.abc import Sequence
from datetime import timedelta

import httpx

from services.access import Actor
from services.core import database
from services.core.jobs import Kind
from services.core.phrases import phrase
from services.lms import connection, results, scores, services
from services.lms.connection import NotReached
from services.lms.results import Found, Reading

NAME = 'grades in'
LOOK_EVERY = timedelta(minutes=10)
SLICE = 200
"""learners in one transaction, so that taps do not wait"""


def kind() -> Kind:
    """Return the job that reads the grades of links that are due."""
    return Kind(name=NAME, work=lambda _: read_due(), repeats=LOOK_EVERY)


async def read_due() -> int:
    """Read the grades of all links that are due; returns of how many that worked."""
    if not await database.read(results.is_due):
        return 0
    count, silent = 0, frozenset[int]()
    async with await connection.new_client() as client:
        while reading := await database.write(results.take_next, silent):
            try:
                await _read(client, reading)
            except NotReached as why:
                if not why.is_final:
                    silent |= {reading.platform.platform_id}
            else:
                count += 1
    return count


async def read_now(actor: Actor | None, course_id: int, *, link_id: int) -> None:
    """Read the grades of one link of a course that the actor teaches; raises `NotReached`."""
    reading = await database.write(results.take, actor, course_id, link_id)
    async with await connection.new_client() as client:
        await _read(client, reading)


async def _read(client: httpx.AsyncClient, reading: Reading) -> None:
    """Read the grades of a link and keep them; why that failed is kept as well."""
    try:
        try:
            found = await _results(client, reading)
        except ValueError:
            raise NotReached(phrase('The platform gives no address that can be asked.'), is_final=True) from None
    except NotReached as why:
        await database.write(results.put_off, reading, why)
        raise
    learners: Sequence[Found] = await database.read(results.matched, reading, found)
    differ = 0
    for place in range(0, len(learners), SLICE):
        differ += await database.write(results.keep, reading, learners[place : place + SLICE])
    await database.write(results.finish, reading, count=len(learners), differ=differ)


async def _results(client: httpx.AsyncClient, reading: Reading) -> dict[str, services.Result | None]:
    """Return what the column of a link has; nothing where there is no column."""
    column = reading.line_item or await _column(client, reading)
    if not column:
        return {}
    try:
        return await services.results(client, reading.platform, column)
    except NotReached as why:
        if why.status != 404 or not reading.line_item:
            raise
        column = await _column(client, reading)
        if column == reading.line_item:
            raise
        return await services.results(client, reading.platform, column) if column else {}


async def _column(client: httpx.AsyncClient, reading: Reading) -> str:
    """Look for the column of a link, which may have been made or deleted there meanwhile; none is made."""
    scope = next((each for each in (services.LINE_ITEM, services.LINE_ITEM_READ) if each in reading.scopes), '')
    if not reading.line_items or not scope:
        raise NotReached(phrase('The link has no column in the gradebook there.'), is_final=True)
    column = await services.find_column(
        client,
        reading.platform,
        columns=reading.line_items,
        wanted=services.Column(resource_link_id=reading.resource_link_id),
        scope=scope,
    )
    if column != reading.line_item:
        await database.write(scores.keep_line_item, reading.link_id, None, column)
    return column
