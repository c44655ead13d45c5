"""The pages at which people learn on their own, as far as study time has to know them; those of this process.

They keep signs of life for a while, so that few are written: the first one after a pause goes on at once, the rest
once in a while, and everything as soon as another device is used or the page is left.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from services.access import Actor
from services.activity import taps
from services.activity.taps import Tap
from services.core import clock, database
from services.core.errors import DomainError, NotSaved
from services.enums import Verb
from services.study import sessions

SAVE_EVERY = timedelta(seconds=15)
"""How long signs of life may be kept."""


class StudyPage:
    """One page of one checkpoint, open on one device of a learner."""

    def __init__(self, actor: Actor, course_id: int, checkpoint_id: int) -> None:
        self._actor = actor
        self._course_id = course_id
        self._checkpoint_id = checkpoint_id
        self._is_open = False
        self._is_viewed = False
        """the session has this page among those viewed"""
        self._is_started = False
        """the learner has started this checkpoint"""
        self._is_over = False
        """nothing counts here now"""
        self._kept: datetime | None = None
        """the last sign of life that is not written yet"""
        self._plays = False
        """a video has played since then"""
        self._has_played = False
        self._is_used = False
        """the learner themselves has done something here"""
        self._saved_at = _LONG_AGO
        self._writing = asyncio.Lock()

    async def open(self) -> None:
        """The page is there: it goes on with the learning session of its device, if there is one."""
        if not self._is_open:
            self._is_open = True
            _open[self._key] += 1
            async with self._writing:
                await self._arrive(interacts=False)

    async def use(self, *, plays: bool = False) -> None:
        """The learner did something here, or a video is playing."""
        if self._is_over or not self._is_open:
            return
        self._is_used = True
        is_first_video = plays and not self._has_played
        self._kept, self._plays, self._has_played = clock.now(), self._plays or plays, self._has_played or plays
        other = _in_hand.get(self._actor.user_id)
        _in_hand[self._actor.user_id] = self
        if other and other is not self:
            await other.save()
        async with self._writing:
            if not self._is_viewed:
                await self._arrive(interacts=True)
            if not self._is_started:
                await self._start()
            if other is not self or is_first_video or clock.now() - self._saved_at >= SAVE_EVERY:
                await self._save()

    async def go_on(self) -> None:
        """Something has moved here: a sign of life, unless the page has only just come and moves by itself."""
        if self._is_used:
            await self.use()

    async def save(self) -> None:
        """Write what is kept."""
        async with self._writing:
            await self._save()

    async def leave(self) -> None:
        """The page is gone; with the last one of its course on this device the learning session ends."""
        if await self.close():
            with suppress(DomainError):  # signed out or taken out meanwhile: it has ended already
                await database.write(sessions.leave, self._actor, self._course_id)

    async def close(self) -> bool:
        """Write what is kept, and take no more; returns whether this was the last page of its course on this device."""
        if not self._is_open:
            return False
        await self.save()
        self._is_open = False
        if _in_hand.get(self._actor.user_id) is self:
            del _in_hand[self._actor.user_id]
        _open[self._key] -= 1
        is_last = not _open[self._key]
        if is_last:
            del _open[self._key]
        return is_last

    @property
    def _key(self) -> tuple[int, int]:
        return self._actor.sign_in_id, self._course_id

    async def _arrive(self, *, interacts: bool) -> None:
        with self._unless_over():
            arrival = await database.write(sessions.arrive, self._actor, self._checkpoint_id, interacts=interacts)
            self._is_viewed, self._is_started = arrival.is_open, arrival.is_started
            if arrival.is_open:
                self._saved_at = clock.now()
                self._kept = self._kept if self._plays else None  # coming was a sign of life itself

    async def _start(self) -> None:
        tap = Tap(
            actor=self._actor,
            session_id=None,
            verb=Verb.STARTED,
            tap_id=uuid4().hex,
            checkpoint_id=self._checkpoint_id,
        )
        with self._unless_over():
            await taps.take(tap)
            self._is_started = True

    async def _save(self) -> None:
        if self._kept is None or self._is_over:
            return
        at, plays = self._kept, self._plays
        with self._unless_over():
            await database.write(sessions.beat, self._actor, self._checkpoint_id, at=at, plays=plays)
            self._saved_at = clock.now()
            if self._kept == at:
                self._kept, self._plays = None, False

    @contextmanager
    def _unless_over(self) -> Iterator[None]:
        """Try again later where it was not saved; else the page is over, and its other parts tell the learner why."""
        try:
            yield
        except NotSaved:
            pass
        except DomainError:
            self._is_over = True


_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)

_open: Counter[tuple[int, int]] = Counter()
"""how many pages of a course are open on a device"""
_in_hand: dict[int, StudyPage] = {}
"""by learner, the page that they used last"""
