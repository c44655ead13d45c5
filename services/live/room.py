"""A room: the board of one course, who is in front of it, and the tick that moves their screens.

Everything here happens on the event loop. What changed is collected for at most `TICK` seconds, turned
into one change for each kind of screen, and handed out; the first change of a quiet moment goes out at once.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from math import inf

from services.core import audience, database, hub, server_log
from services.core.errors import DomainError, NotSaved
from services.core.events import Event, Recorded
from services.live import elsewhere
from services.live.alerts.monitor import AlertMonitor
from services.live.board import loading as boards
from services.live.board import view_builders
from services.live.board.board import Board, Touched
from services.live.board.views import ClassView, Names, OwnView
from services.live.elsewhere import Clients
from services.live.pace_signals import PaceSignals
from services.live.presence import Presences
from services.live.questions import views
from services.live.questions.countdown import Countdown
from services.live.screens import Screens
from services.live.spreading import Settling

TICK = 0.03
"""seconds; at 0.05 a grid was 20 ms later and the CPU of a tap the same"""
KEPT_EMPTY = 60.0
RELOAD_AGAIN = 1.0
PRESENCE_INTERVAL = 1.0


class Room:
    """One watched course."""

    def __init__(self, board: Board, forget: Callable[[int], object]) -> None:
        """`forget` is told the id of the course when nobody has watched it for a while."""
        self.board = board
        self._forget = forget
        self.born = secrets.token_hex(4)
        """tells it from the rooms that this course had before"""
        self.presences = Presences()
        self.screens = Screens(lambda: self.board, self.presences, self._screen_left)
        self._touched = Touched(cells=set(), learners=set())
        self._loop = asyncio.get_running_loop()
        self._tick: asyncio.TimerHandle | None = None
        self._last_tick = 0.0
        self._reloading: asyncio.Task[None] | None = None
        self._missed: list[Event] | None = None
        self._moves = 0
        self._looked_in = -inf
        self._let_go: asyncio.TimerHandle | None = None
        self.is_closed = False
        self._settling = Settling()
        self._presence_timer: asyncio.TimerHandle | None = None
        self._countdown = Countdown(lambda: self.board)
        self.alerts = AlertMonitor(lambda: self.board)
        self.pace_signals = PaceSignals(lambda: self.board, self._count_here)
        self._stop_watching = hub.watch(audience.of_staff(board.course_id), self._on_events)
        self._begin_presence()
        self.pace_signals.follow()
        self._countdown.follow()

    # what screens ask

    def class_view(self, names: Names, group: str = '') -> ClassView:
        """Return the whole grid, or that of one group."""
        return view_builders.class_view(self.board, names, self.presences, group)

    def own_view(self, user_id: int) -> OwnView:
        """Return what a learner's own page shows."""
        return view_builders.own_view(self.board, user_id)

    def own_version(self, user_id: int) -> tuple[int, int]:
        """Return what tells whether `own_view` has moved."""
        return view_builders.version(self.board, user_id)

    @property
    def version(self) -> int:
        """What tells two states of the whole class apart: it grows with whatever moves."""
        return self._moves + self.presences.version + self.pace_signals.version

    # who is in front of it

    def arrive(self, user_id: int) -> bool:
        """Somebody opened a page; returns whether they were not here before."""
        is_first = self.presences.arrive(user_id, self._loop.time())
        self._show_presence()
        return is_first

    def lose(self, user_id: int) -> None:
        """The connection of somebody's page is gone; for a moment that is shown to nobody."""
        self.presences.lose(user_id, self._loop.time())

    def regain(self, user_id: int) -> None:
        """Somebody's page is connected again."""
        self.presences.regain(user_id, self._loop.time())
        self._show_presence()

    def act(self, user_id: int) -> None:
        """Somebody does something on their page, whether or not it leaves anything in the log."""
        self.presences.act(user_id, self._loop.time())
        self._show_presence()

    def leave(self, user_id: int) -> bool:
        """Somebody's page is gone for good; returns whether it was their last one."""
        was_last = self.presences.leave(user_id, self._loop.time())
        self._show_presence()
        return was_last

    def move_elsewhere(self, people: Mapping[int, tuple[Clients, Clients]]) -> None:
        """Clients in another process have come or gone: by learner, how many there were and how many there are."""
        for user_id, (before, after) in people.items():
            elsewhere.move(self.presences, user_id, before, after, self._loop.time())
        self._show_presence()

    def look_in(self) -> None:
        """Somebody looked without staying, as clients do that ask again and again: the board is kept for a while."""
        self._looked_in = self._loop.time()
        if self._let_go is None:
            self._let_go = self._loop.call_later(KEPT_EMPTY, self._let_go_if_empty)

    def silent_for(self, user_id: int) -> int:
        """Return for how many seconds somebody has had no connection."""
        return self.presences.silent_for(user_id, self._loop.time())

    def settle(self, draw: Callable[[], None]) -> None:
        """Draw what follows a receipt, a moment later."""
        self._settling.add(draw)

    # what moves it

    def _on_events(self, events: Sequence[Event]) -> None:
        if self._missed is not None:
            self._missed.extend(events)
        session_id = self._session_id
        self._moves += 1
        moved = self.board.apply(events)
        self.alerts.follow(events)
        self._touched.cells |= moved.cells
        self._touched.learners |= moved.learners
        self._touched.everything |= moved.everything
        if self._session_id != session_id:
            self._begin_presence()
        self.pace_signals.follow()
        self._follow_presence(events, moved)
        self._touched.helped |= moved.helped
        self._touched.own |= moved.own
        self._touched.help |= moved.help
        self._touched.question |= moved.question
        self._touched.answered |= moved.answered
        if moved.question:
            self._countdown.follow()
        if moved.question or moved.answered:
            self._touched.question |= views.advance(self.board)
        if moved.reload:
            self._reload()
        self._schedule()

    def _schedule(self) -> None:
        if self._tick is None:
            wait = self._last_tick + TICK - self._loop.time()
            self._tick = self._loop.call_later(max(0.0, wait), self._flush)

    def _flush(self) -> None:
        self._tick = None
        self._last_tick = self._loop.time()
        touched, self._touched = self._touched, Touched(cells=set(), learners=set())
        came_or_went = self.presences.take_moved()
        if touched.everything:
            self.screens.look_again()
        else:
            self.screens.tell(touched, came_or_went)

    def _reload(self) -> None:
        """Load a fresh board beside the old one; what happens meanwhile moves both."""
        if self._reloading and not self._reloading.done():
            self._reloading.cancel()
        self._missed = []
        self._reloading = self._loop.create_task(self._load_fresh())

    async def _load_fresh(self) -> None:
        try:
            fresh = await database.read(boards.load, self.board.course_id)
        except DomainError as error:
            server_log.write('board not loaded', course=self.board.course_id, reason=str(error))
            self._missed = None
            if isinstance(error, NotSaved):
                self._loop.call_later(RELOAD_AGAIN, self._reload)
            return
        missed, self._missed = self._missed or [], None
        for learner_id, learner in self.board.learners.items():
            if learner_id in fresh.learners:
                fresh.learners[learner_id].version = learner.version + 1
        fresh.steered = self.board.steered + 1
        fresh.apply(missed)
        self.board = fresh
        self._moves += 1
        self._begin_presence()
        self.pace_signals.follow()
        self._countdown.follow()
        self._touched = Touched(cells=set(), learners=set(), everything=True)
        self._schedule()

    # who is here, also as time passes

    @property
    def _session_id(self) -> int | None:
        return self.board.session.session_id if self.board.session else None

    def _begin_presence(self) -> None:
        """Take over from the board who has joined, and watch the time while the class runs."""
        joined = [learner.user_id for learner in self.board.learners.values() if learner.joined]
        self.presences.begin(joined, self._loop.time())
        if self.board.is_running and self._presence_timer is None:
            self._presence_timer = self._loop.call_later(PRESENCE_INTERVAL, self._pass_time)

    def _count_here(self) -> int:
        return self.presences.counts(len(self.board.learners)).here

    def _follow_presence(self, events: Sequence[Event], moved: Touched) -> None:
        now = self._loop.time()
        for user_id in moved.learners:
            if self.board.learners[user_id].joined:
                self.presences.join(user_id, now)
        for event in events:
            if isinstance(event, Recorded) and event.is_sign_of_life:
                self.presences.act(event.user_id, now)

    def _show_presence(self) -> None:
        if self.presences.have_moved:
            self._schedule()

    def _pass_time(self) -> None:
        self._presence_timer = None
        if not self.board.is_running:
            return
        self.presences.pass_time(self._loop.time())
        self._show_presence()
        self._presence_timer = self._loop.call_later(PRESENCE_INTERVAL, self._pass_time)

    def _screen_left(self) -> None:
        self._loop.call_later(KEPT_EMPTY, self.close_if_empty)

    @property
    def is_watched(self) -> bool:
        """Whether any page is in front of it."""
        return self.screens.are_there or self._is_looked_at or self.presences.is_anybody_here

    @property
    def _is_looked_at(self) -> bool:
        return self._loop.time() < self._looked_in + KEPT_EMPTY

    @property
    def is_attended(self) -> bool:
        """Whether a learner or an instructor is in front of it; a projector that was left on is nobody."""
        return self.is_led or self.screens.are_of_learners or self.presences.is_anybody_here

    @property
    def is_led(self) -> bool:
        """Whether a teacher is in front of it."""
        return self.screens.are_of_teachers

    def _let_go_if_empty(self) -> None:
        self._let_go = None
        if self._is_looked_at:
            self._let_go = self._loop.call_at(self._looked_in + KEPT_EMPTY, self._let_go_if_empty)
        else:
            self.close_if_empty()

    def close_if_empty(self) -> None:
        """Let go of the board when nobody has watched it for a while."""
        if not (self.is_watched or self.is_closed):
            self.close()
            self._forget(self.board.course_id)

    def close(self) -> None:
        """Unsubscribe from all events."""
        self.is_closed = True
        self._stop_watching()
        self.alerts.close()
        self.pace_signals.close()
        self._countdown.close()
        for timer in self._presence_timer, self._let_go:
            if timer:
                timer.cancel()
