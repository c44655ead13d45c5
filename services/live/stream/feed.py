"""A feed: what the clients that listen to one course are told, each what concerns it, in order.

Everything here happens on the event loop, in the step of the loop in which the board moves: a client that begins to
listen is given the board as it is and everything that moves it from then on, with no gap between and nothing twice.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from services.core import audience, hub, watchers
from services.core.audience import Channel, Interest, Published
from services.core.events import ClassChanged, Event, LiveQuestionMoved, PersonHidden, PersonNamed, Recorded
from services.live import rooms, spreading
from services.live.board.views import Change, Names
from services.live.room import Room
from services.live.spreading import Spreader
from services.live.stream import events as stream_events
from services.live.stream import snapshots
from services.live.stream.events import (
    Happened,
    News,
    PresenceChanged,
    SessionStats,
    Snapshot,
    StudentNamed,
)

KEPT = 1000
"""pieces of news for those whose connection was lost for a while; who missed more is given a snapshot"""
KEPT_EMPTY = 120.0
"""Seconds for which a feed goes on when nobody listens."""


class Listener(Protocol):
    """A client that is told."""

    @property
    def user_id(self) -> int:
        """Whose it is."""

    @property
    def sign_in_id(self) -> int:
        """On which device."""

    @property
    def teaches(self) -> bool:
        """Whether that person teaches the course, or else learns in it."""

    def hear(self, news: News) -> None:
        """Take what has happened."""

    def look_again(self) -> None:
        """Something is not as it was told: ask for `Feed.snapshot` when there is time for it."""


class Feed:
    """What is told of one course."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.version = room.board.version
        """the last activity that was told; it may be that of another course that is the next"""
        self._board = room.board
        self._listeners: defaultdict[Channel, list[Listener]] = defaultdict(list)
        self._teachers: list[Listener] = []
        self._learners: list[Listener] = []
        self._kept: deque[Happened] = deque()
        self._kept_since = self.version
        self._devices: set[int] = set()
        self._told: dict[bool, SessionStats] = {}
        self._loop = asyncio.get_running_loop()
        self._figure_timer: asyncio.TimerHandle | None = None
        self._spreader = Spreader('listener')
        self._stops = (
            hub.watch(audience.of_staff(room.board.course_id), self._on_events),
            room.screens.watch_grid(Names.TEACHER, self._on_tick),
        )

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell a client everything that concerns it from now on; returns the way to stop it."""
        self._devices.add(listener.sign_in_id)
        of_channels = [self._listeners[channel] for channel in self._interest(listener).channels]
        of_kind = self._teachers if listener.teaches else self._learners
        stops = [watchers.add(listeners, listener) for listeners in (of_kind, *of_channels)]

        def stop() -> None:
            for each in stops:
                each()
            if not self.is_heard:
                self._loop.call_later(KEPT_EMPTY, self.close_if_unheard)

        return stop

    def missed(self, listener: Listener, since: int) -> list[Happened] | None:
        """Return what a client was not told since a version; None where that has been forgotten."""
        self._follow_board()
        if listener.sign_in_id not in self._devices or not self._kept_since <= since <= self.version:
            return None
        interest = self._interest(listener)
        return [
            news
            for news in self._kept
            if interest.includes(news)
            and (news.version > since or (news.version == since and isinstance(news, _NOT_IN_THE_LOG)))
        ]

    def snapshot(self, listener: Listener) -> Snapshot:
        """Return all that a client may know, as it is now."""
        self._follow_board()
        board, version = self.room.board, str(self.version)
        return Snapshot(
            course_id=board.course_id,
            version=self.version,
            state=snapshots.class_state(board, self.room.presences, version, self.room.pace_signals.shares)
            if listener.teaches
            else snapshots.own_state(board, listener.user_id, version),
        )

    def standing(self, listener: Listener) -> list[News]:
        """Return how the class stands, and its figures."""
        standing = stream_events.of_class(self.room.board, self.version)
        question = stream_events.current_question(self.room.board, self.version)
        figures = self._stats(teaches=listener.teaches)
        return [news for news in (standing, question, figures) if news]

    @property
    def is_heard(self) -> bool:
        """Whether any client listens."""
        return bool(self._teachers or self._learners)

    def close_if_unheard(self) -> None:
        """Stop when nobody has listened for a while."""
        if not self.is_heard and _feeds.get(self.room.board.course_id) is self:
            del _feeds[self.room.board.course_id]
            self.close()

    def close(self) -> None:
        """Stop publishing."""
        for stop in self._stops:
            stop()
        if self._figure_timer:
            self._figure_timer.cancel()

    # what happens

    def _on_events(self, events: Sequence[Event]) -> None:
        for event in events:
            match event:
                case Recorded():
                    self._on_activity(event)
                case PersonNamed():
                    named = StudentNamed(
                        course_id=event.course_id, version=self.version, user_id=event.user_id, name=event.name
                    )
                    self._happened(named)
                case PersonHidden():
                    self._changed_shape(self._listening(event))
                case LiveQuestionMoved():
                    told = stream_events.of_question(event, self.version)
                    self._tell(self._listening(told), told)
                case ClassChanged():
                    if standing := stream_events.of_class(self.room.board, self.version):
                        self._tell(self._listening(standing), standing)

    def _on_activity(self, activity: Recorded) -> None:
        self._follow_board()
        if activity.id <= self.version:
            return  # it was on the board already when it was loaded
        self.version = activity.id
        if news := stream_events.of_activity(self.room.board, activity):
            self._happened(news)

    def _happened(self, news: Happened) -> None:
        self._kept.append(news)
        if len(self._kept) > KEPT:
            self._kept_since = self._kept.popleft().version + 1  # others of the same version may be gone already
        self._tell(self._listening(news), news)

    def _on_tick(self, change: Change | None) -> None:
        self._follow_board()
        if change and self.room.board.is_running:
            for news in stream_events.of_presence(self.room.board, change, self.version):
                self._happened(news)
        stats = self._stats(teaches=True)
        if self._is_new(stats, teaches=True):
            self._tell(self._teachers, stats)
        if self._learners and self._figure_timer is None:
            interval = spreading.figure_interval(len(self._learners))
            self._figure_timer = self._loop.call_later(interval, self._tell_learners)

    def _follow_board(self) -> None:
        """Take note of a board that was loaded anew, with everything in it that was committed until then."""
        if self.room.board is not self._board:
            self._board = self.room.board
            self.version = max(self.version, self._board.version)
            self._changed_shape(self._everybody)

    def _changed_shape(self, listeners: Sequence[Listener]) -> None:
        """The change has no event of its own: all subscribers look again, and so will those who are away."""
        self._kept.clear()
        self._kept_since = self.version
        self._devices = {listener.sign_in_id for listener in self._everybody}
        for listener in listeners:
            listener.look_again()

    # telling

    @property
    def _everybody(self) -> list[Listener]:
        return [*self._teachers, *self._learners]

    def _interest(self, listener: Listener) -> Interest:
        course_id = self.room.board.course_id
        return audience.of_staff(course_id) if listener.teaches else audience.of_learner(course_id, listener.user_id)

    def _listening(self, event: Published) -> list[Listener]:
        """Return the clients that an event reaches."""
        return [listener for channel in audience.channels(event) for listener in self._listeners.get(channel, ())]

    def _stats(self, *, teaches: bool) -> SessionStats:
        return stream_events.stats(self.room.board, self.room.presences, self.version, teaches=teaches)

    def _is_new(self, stats: SessionStats, *, teaches: bool) -> bool:
        """Tell whether figures differ from what was told last; that time has passed is told to nobody."""
        bare = replace(stats, version=0)
        is_new = self._told.get(teaches) != bare
        self._told[teaches] = bare
        return is_new

    def _tell_learners(self) -> None:
        self._figure_timer = None
        stats = self._stats(teaches=False)
        if self._is_new(stats, teaches=False):
            self._spreader.hand_out_figure([partial(listener.hear, stats) for listener in self._learners])

    def _tell(self, listeners: Sequence[Listener], news: News) -> None:
        watchers.tell([listener.hear for listener in listeners], news, who='listener')


_NOT_IN_THE_LOG = (StudentNamed, PresenceChanged)
"""What has the version of what happened before it, so that it is rather told twice than missed."""

_feeds: dict[int, Feed] = {}


async def of(course_id: int) -> Feed:
    """Return the feed of a course, beginning it if nobody listens yet. Access is checked by the caller."""
    room = await rooms.enter(course_id)
    feed = _feeds.get(course_id)
    if feed is None or feed.room is not room:
        feed = _feeds[course_id] = Feed(room)
    return feed


def close_all() -> None:
    """Forget all feeds, as when the process stops."""
    for feed in _feeds.values():
        feed.close()
    _feeds.clear()
