"""Listening asks for nothing itself, so every few seconds it is asked who may still listen."""

import asyncio
from datetime import timedelta

from api.sockets.connection import Connection
from api.sockets.server import Sockets
from services.access import Actor
from services.core import clock, database, jobs
from services.core.errors import DomainError, NotFound, NotSignedIn
from services.live import class_access
from services.live.stream import admission
from services.live.stream.admission import Admitted

CHECK_EVERY = 5.0
GRACE = timedelta(seconds=5)
"""for which a token that has run out may still be replaced"""


class Revocation:
    """Ends the connections of those who were signed out, and the listening of those who were taken out of a course."""

    def __init__(self, sockets: Sockets) -> None:
        self._sockets = sockets
        self._strangers: set[str] = set()

    def start(self) -> asyncio.Task[None]:
        """Look from now on, every few seconds, until the task is cancelled."""
        return jobs.every(CHECK_EVERY, 'revocation', self.look, at_once=False)

    async def look(self) -> None:
        """Look at everybody once."""
        await self._cut_strangers()
        lines = list(self._sockets.connections.values())
        if not lines:
            return
        seats = [seat for line in lines for seat in line.seats().values()]
        found = await database.read(admission.admitted, [line.actor for line in lines], seats)
        for line in lines:
            if line.is_open:
                await self._look_at(line, found)

    async def _look_at(self, line: Connection, found: Admitted) -> None:
        actor = found.actors.get(line.actor.sign_in_id)
        if actor is None:
            await self._sockets.end(line, NotSignedIn('This device was signed out. Sign in again to go on.'))
        elif line.until + GRACE <= clock.now():
            await self._sockets.end(
                line, NotSignedIn('The token of this connection has run out. Connect with a new one.')
            )
        else:
            line.actor = actor
            for course_id, seat in line.seats().items():
                if seat not in found.seats:
                    await self._close_course(line, course_id, actor)

    async def _close_course(self, line: Connection, course_id: int, actor: Actor) -> None:
        if here := line.drop(course_id).here:
            here.end()
        await self._sockets.say(line, await _why(actor, course_id), course_id=course_id)

    async def _cut_strangers(self) -> None:
        """Close the lines on which nobody has shown a token since the last look, and forget whose line is gone."""
        lines = self._sockets.lines.open()
        known = {line.line_id for line in self._sockets.connections.values()}
        for line_id in lines & self._strangers - known:
            await self._sockets.lines.cut(line_id)
        self._strangers = lines - known
        for line in [line for line in self._sockets.connections.values() if line.line_id not in lines]:
            line.close(on_purpose=False)
            self._sockets.connections.pop(line.sid, None)


async def _why(actor: Actor, course_id: int) -> DomainError:
    try:
        await database.read(class_access.place, actor, course_id)
    except DomainError as error:
        return error
    return NotFound('Your place in this course has changed. Join it again.')
