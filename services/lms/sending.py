"""Sending grades: one after another, as long as their platform answers; one that is down does not stop the others."""

from datetime import timedelta

import httpx

from services.core import database, jobs
from services.core.jobs import Kind
from services.core.phrases import phrase
from services.lms import connection, scores, services
from services.lms.connection import NotReached
from services.lms.scores import Taken

NAME = 'grades out'
LOOK_EVERY = timedelta(seconds=10)


def kind() -> Kind:
    """Return the job that sends what waits."""
    return Kind(name=NAME, work=lambda _: send_due(), repeats=LOOK_EVERY)


def hurry() -> None:
    """Let this process send at once what was noted just now."""
    jobs.hurry(NAME)


async def send_due() -> int:
    """Send what waits; returns how many scores were taken by platforms."""
    if not await database.read(scores.is_due):
        return 0
    sent, silent = 0, frozenset[int]()
    async with await connection.new_client() as client:
        while taken := await database.write(scores.take_next, silent):
            if taken.message is None:
                await database.write(scores.finish, taken)
                continue
            try:
                await _send_readable(client, taken)
            except NotReached as why:
                await database.write(scores.put_off, taken, why)
                if not why.is_final:
                    silent |= {taken.platform.platform_id}
            else:
                await database.write(scores.finish, taken)
                sent += 1
    return sent


async def _send_readable(client: httpx.AsyncClient, taken: Taken) -> None:
    """Send a grade; an address of the platform that cannot be read stops this grade, and not those of all others."""
    try:
        await _send(client, taken)
    except ValueError:
        raise NotReached(phrase('The platform gives no address that can be asked.'), is_final=True) from None


async def _send(client: httpx.AsyncClient, taken: Taken) -> None:
    assert taken.message is not None
    column = taken.line_item or await _column(client, taken)
    try:
        await services.send_score(client, taken.platform, column, taken.message)
    except NotReached as why:
        if why.status == 404 and taken.line_items and services.LINE_ITEM in taken.scopes:
            await database.write(scores.keep_line_item, taken.link_id, taken.milestone_id, '')
            column = await _column(client, taken)  # it was deleted there: a new one is made, once
            await services.send_score(client, taken.platform, column, taken.message)
            return
        raise


async def _column(client: httpx.AsyncClient, taken: Taken) -> str:
    if not taken.line_items or services.LINE_ITEM not in taken.scopes:
        raise NotReached(phrase('The link has no column in the gradebook there, and none may be made.'), is_final=True)
    column = await services.find_or_make_column(client, taken.platform, columns=taken.line_items, wanted=taken.column)
    await database.write(scores.keep_line_item, taken.link_id, taken.milestone_id, column)
    return column
