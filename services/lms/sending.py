"""Sending grades: a few at once, as long as their platform answers; one that is down does not stop the others."""

import asyncio
from dataclasses import dataclass, field
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
CONFLICT = 409
"""about this one score, and not about the platform"""
AT_ONCE = 4
"""scores on their way: a platform elsewhere takes a fifth of a second for each"""


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
    async with await connection.new_client() as client, asyncio.TaskGroup() as at_once:
        sending = _Round(client)
        for _ in range(AT_ONCE):
            at_once.create_task(sending.go_on())
    return sending.sent


@dataclass(slots=True)
class _Round:
    """Everything that waits, sent by a few who each take the next."""

    client: httpx.AsyncClient
    sent: int = 0
    _silent: frozenset[int] = frozenset()
    """platforms that do not answer now"""
    _one_column: asyncio.Lock = field(default_factory=asyncio.Lock)
    """the second learner of a link finds the column that the first one made"""

    async def go_on(self) -> None:
        while taken := await database.write(scores.take_next, self._silent):
            if taken.message is None:
                await database.write(scores.finish, taken)
                continue
            try:
                await self._send_readable(taken)
            except NotReached as why:
                await database.write(scores.put_off, taken, why)
                if not why.is_final and why.status != CONFLICT:
                    self._silent |= {taken.platform.platform_id}
            else:
                await database.write(scores.finish, taken)
                self.sent += 1

    async def _send_readable(self, taken: Taken) -> None:
        """Send a grade; an address of the platform that cannot be read stops this one, and not those of all others."""
        try:
            await self._send(taken)
        except ValueError:
            raise NotReached(phrase('The platform gives no address that can be asked.'), is_final=True) from None

    async def _send(self, taken: Taken) -> None:
        assert taken.message is not None
        column = taken.line_item or await self._column(taken)
        try:
            await services.send_score(self.client, taken.platform, column, taken.message)
        except NotReached as why:
            if why.status == 404 and taken.line_items and services.LINE_ITEM in taken.scopes:
                await database.write(scores.keep_line_item, taken.link_id, taken.milestone_id, '')
                column = await self._column(taken)  # it was deleted there: a new one is made, once
                await services.send_score(self.client, taken.platform, column, taken.message)
                return
            raise

    async def _column(self, taken: Taken) -> str:
        if not taken.line_items or services.LINE_ITEM not in taken.scopes:
            raise NotReached(
                phrase('The link has no column in the gradebook there, and none may be made.'), is_final=True
            )
        async with self._one_column:
            column = await services.find_or_make_column(
                self.client, taken.platform, columns=taken.line_items, wanted=taken.column
            )
            await database.write(scores.keep_line_item, taken.link_id, taken.milestone_id, column)
        return column
