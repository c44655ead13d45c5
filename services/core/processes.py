"""Several processes on one PostgreSQL database: what each has committed, all of them publish.

Redis carries the messages and keeps nothing. A process that does not hear Redis goes on by itself, and looks at the
number of the last commit: where that has moved, it loads what it shows anew. Without `REDIS_URL` there is none of this.
"""

import asyncio
import hmac
import secrets
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, get_args

import orjson
from pydantic import TypeAdapter
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from sqlalchemy import Connection, func, select, update
from sqlmodel import col

from models import Activity, CommitNumber, table
from services.core import database, hidden_names, hub, metrics, server_log
from services.core.catching_up import CatchingUp
from services.core.errors import DomainError
from services.core.events import Event
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.core.turns import Then, Turns

LOOK_EVERY = 1.0
"""seconds from one look at the number of the last commit to the next"""
AGAIN_AFTER = 0.5
ASK_AFTER = 2.0
"""seconds in which nothing is heard, before Redis is asked whether it is there"""
SILENCE = 5.0
"""seconds that Redis may take for an answer"""
MOST_UNSENT = 10_000
"""messages; where Redis stands still, the others notice by the numbers"""
LAST_WORDS = 1.0
"""seconds for what is not sent yet when the process ends"""

Heard = Callable[[str, Any], None]
"""told which process says what"""


class Processes:
    """This process among the others."""

    def __init__(self, url: str, *, secret: str) -> None:
        """Take the address of Redis; `secret` is what all processes of one school have in common."""
        hidden_names.use_secret(secret)
        self.name = secrets.token_hex(6)
        self._catching_up = CatchingUp()
        self._turns = Turns(publish=hub.publish, missed=self._catching_up.missed)
        self._channel = f'waymark:{hmac.new(secret.encode(), b"processes", "sha256").hexdigest()[:24]}'
        # a line that was cut has missed something, and its silence is noticed by `_messages`
        self._listening = _client(url, retries=0, health_check_interval=0)
        self._sending = _client(url, retries=1, health_check_interval=2)
        self._unsent: asyncio.Queue[bytes] = asyncio.Queue(MOST_UNSENT)
        self._listeners: defaultdict[str, list[Heard]] = defaultdict(list)
        self._tasks: list[asyncio.Task[None]] = []
        self.is_connected = False
        self._connected_at = 0.0
        self._own = 0
        """how many commits were of this process"""
        self._untold = 0
        """messages that could not be sent since the last one that was"""

    # what the database asks

    def number(self, connection: Connection) -> int:
        """Give the transaction its number; the last thing that it does."""
        return _next_number(connection)

    def committed(self, number: int, events: Sequence[Event], then: Then) -> None:
        """Publish what this process has committed, here in its turn and in the others; then call `then`."""
        self._send({'commit': number, 'events': [(type(event).__name__, event) for event in events]})
        self._own += 1
        if self.is_connected:
            self._turns.take(number, events, then)
        else:
            hub.publish(events)
            then()

    # what else processes say to each other

    def say(self, topic: str, message: Mapping[str, Any]) -> None:
        """Tell the other processes something that need not arrive."""
        self._send({'topic': topic, 'message': message})

    def hear(self, topic: str, heard: Heard) -> None:
        """Call a function with what other processes say about a topic."""
        self._listeners[topic].append(heard)

    def has_heard_for(self, seconds: float) -> bool:
        """Tell whether the others have been heard without a break for so long."""
        return self.is_connected and time.monotonic() - self._connected_at >= seconds

    # how it goes

    async def start(self) -> None:
        """Listen from now on; returns once Redis has answered, or at once where it does not."""
        heard = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(self._keep_listening(heard), name='processes: listening'),
            loop.create_task(self._keep_sending(), name='processes: sending'),
            loop.create_task(self._keep_looking(), name='processes: looking'),
        ]
        try:
            await asyncio.wait_for(heard.wait(), SILENCE)
        except TimeoutError:
            server_log.write_warning('other processes not heard', hint='REDIS_URL: Redis does not answer.')

    async def close(self) -> None:
        """Send what was not sent yet, and stop listening and sending."""
        if self.is_connected:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._unsent.join(), LAST_WORDS)
        for task in self._tasks:
            task.cancel()
        self._catching_up.close()
        self.is_connected = False
        self._turns.be_alone()  # callers that wait for their turn are answered, and later ones wait for nobody
        await self._listening.aclose()
        await self._sending.aclose()

    async def _keep_listening(self, heard: asyncio.Event) -> None:
        while True:
            try:
                async with self._listening.pubsub() as line:
                    await line.subscribe(self._channel)
                    async for message in _messages(line):
                        if message['type'] == 'subscribe':
                            await self._be_connected()
                            heard.set()
                        elif message['type'] == 'message':
                            self._take(message['data'])
            except Exception as error:  # noqa: BLE001 - whatever it was, the line is begun anew
                self._lose(error)
            await asyncio.sleep(AGAIN_AFTER)

    async def _be_connected(self) -> None:
        """Go on from the last commit; what the others have committed since this process was cut off was missed."""
        was_cut_off = not self.is_connected
        if was_cut_off:
            self._connected_at = time.monotonic()
            self._catching_up.hear()
        self.is_connected = True
        await self._look()
        if was_cut_off:
            server_log.write('other processes heard')

    def _lose(self, error: Exception) -> None:
        if self.is_connected:
            server_log.write_warning('other processes not heard', reason=f'{type(error).__name__}: {error}'[:200])
        self.is_connected = False
        self._turns.be_alone()

    async def _keep_looking(self) -> None:
        """Find what was missed where no later message tells of it, and what others do while Redis is away."""
        before: News | None = None
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if self.is_connected:
                before = None
                await self._look()
                continue
            try:
                found = await database.read(news, since=before.activity_id if before else None)
            except DomainError:
                continue  # the pages say so themselves
            of_others = found.number - self._own
            if before is None or of_others != before.number:
                self._catching_up.missed_alone(found.courses)
                before = News(number=of_others, activity_id=found.activity_id)

    async def _look(self) -> None:
        try:
            newest = await database.read(last_number)
        except DomainError:
            return
        await asyncio.sleep(0.2)  # what was committed a moment ago is on its way
        if self.is_connected:
            was_alone = self._turns.next is None
            self._turns.go_on_from(newest)
            if was_alone:  # also where the database did not answer when Redis did: until now nothing was heard
                self._catching_up.missed()

    def _take(self, data: bytes) -> None:
        try:
            said = orjson.loads(data)
            if said['from'] == self.name:
                return
            if 'commit' in said:
                self._turns.take(said['commit'], [_unpacked(event) for event in said['events']])
                return
            for heard in self._listeners[said['topic']]:
                heard(said['from'], said['message'])
        except Exception as error:  # noqa: BLE001 - another version may say what this one does not know
            server_log.write_problem('message not understood', error)
            self._catching_up.missed()

    def _send(self, message: dict[str, Any]) -> None:
        if self._unsent.full():
            self._count_untold(1, 'Redis takes nothing at the moment')
            return
        try:
            packed = orjson.dumps({'from': self.name, **message}, default=dict)
        except TypeError as error:  # those who wait for the commit must be answered all the same
            server_log.write_problem('message not packed', error)
            return
        self._unsent.put_nowait(packed)

    async def _keep_sending(self) -> None:
        while True:
            message = await self._unsent.get()
            try:
                await self._sending.publish(self._channel, message)
                self._tell_untold()
            except Exception as error:  # noqa: BLE001 - whatever it was, the others notice by the numbers
                self._count_untold(1 + self._drop_unsent(), f'{type(error).__name__}: {error}'[:200])
                await asyncio.sleep(AGAIN_AFTER)
            finally:
                self._unsent.task_done()

    def _drop_unsent(self) -> int:
        """Let go of what waits behind a message that could not be sent: the others load it once they can be told."""
        dropped = self._unsent.qsize()
        for _ in range(dropped):
            self._unsent.get_nowait()
            self._unsent.task_done()
        return dropped

    def _count_untold(self, messages: int, reason: str) -> None:
        if not self._untold:
            server_log.write_warning('other processes not told', reason=reason)
        self._untold += messages
        metrics.untold(messages)

    def _tell_untold(self) -> None:
        if self._untold:
            server_log.write('other processes told again', untold=self._untold)
            self._untold = 0


class Unheard:
    """A process that only counts what it commits, such as a command beside the servers: these notice by the number."""

    def number(self, connection: Connection) -> int:
        """Give the transaction its number."""
        return _next_number(connection)

    def committed(self, number: int, events: Sequence[Event], then: Then) -> None:
        """Publish it here alone, then call `then`."""
        hub.publish(events)
        then()


async def _messages(line: PubSub) -> AsyncIterator[dict[str, Any]]:
    """Yield what is heard; raises `TimeoutError` where a network brings nothing: no end of the line is told then."""
    while True:
        message = await line.get_message(timeout=ASK_AFTER)
        if message is None:
            await line.ping()
            message = await line.get_message(timeout=SILENCE)
        if message is None:
            raise TimeoutError('Redis says nothing')
        yield message


def _client(url: str, *, retries: int, health_check_interval: int) -> Redis:
    return Redis.from_url(
        url,
        socket_timeout=SILENCE,
        socket_connect_timeout=SILENCE,
        health_check_interval=health_check_interval,
        retry=Retry(NoBackoff(), retries),
    )


def _next_number(connection: Connection) -> int:
    ((number,),) = _COUNT.rows(connection)
    return int(number)


def last_number(tx: Transaction) -> int:
    """Return the number of the last commit that had something to tell."""
    return next((int(number) for (number,) in _LAST.rows(tx.connection)), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is new in the database, from whichever process."""

    number: int
    """of the last commit that had something to tell"""
    activity_id: int
    courses: frozenset[int] = frozenset()
    """in which something was done"""


def news(tx: Transaction, *, since: int | None) -> News:
    """Return what is new since an activity; without one, only from where to look on."""
    number = last_number(tx)
    if since is None:
        newest = tx.execute(select(func.max(col(Activity.id)))).scalar_one()
        return News(number=number, activity_id=newest or 0)
    new = select(col(Activity.course_id), func.max(col(Activity.id))).where(col(Activity.id) > since)
    found = {course_id: int(newest) for course_id, newest in tx.execute(new.group_by(col(Activity.course_id)))}
    courses = frozenset(course_id for course_id in found if course_id is not None)
    return News(number=number, activity_id=max(found.values(), default=since), courses=courses)


def _unpacked(packed: list[Any]) -> Event:
    name, facts = packed
    event: Event = _FORMS[name].validate_python(facts)
    return event


_FORMS: dict[str, TypeAdapter[Any]] = {kind.__name__: TypeAdapter(kind) for kind in get_args(Event)}
_numbers = table(CommitNumber)
_COUNT = Prepared(update(_numbers).values(number=_numbers.c.number + 1).returning(_numbers.c.number))
_LAST = Prepared(select(_numbers.c.number))
