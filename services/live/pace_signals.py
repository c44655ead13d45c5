"""The pace signal: learners say whether the class is too fast, just right or too slow, and nobody learns who said what.

Signals are kept in memory alone. In the log each of them would have a name, and none of them matters tomorrow. The
instructor is given shares of those who are here, and these change only every few seconds, so that a change cannot be
matched with the learner who has just looked up from their phone.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from services.access import Actor
from services.core import watchers
from services.core.errors import NotEnrolled, Refused, TooManyAttempts
from services.live import elsewhere
from services.live.board.board import Board
from services.live.board.public_stats import FEWEST

TOLD_EVERY = 5.0
"""seconds between two changes of the shares"""
LASTS = 300.0 - TOLD_EVERY
"""seconds for which a signal counts, so that it has left the shares within five minutes"""
AGAIN_AFTER = 2.0
"""seconds until the same learner can signal again"""
ENOUGH = 20
"""percent of those who are here: when so many say that the class is too fast or too slow, the instructor is given a
hint"""


class PaceSignal(StrEnum):
    """What a learner says about the pace."""

    TOO_FAST = 'too_fast'
    JUST_RIGHT = 'just_right'
    TOO_SLOW = 'too_slow'


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceShares:
    """How many percent of those who are here say what; the others have said nothing in the last minutes."""

    too_fast: int = 0
    just_right: int = 0
    too_slow: int = 0

    @property
    def hint(self) -> PaceSignal | None:
        """What enough of them say for the instructor to do something about it."""
        share, says = max((self.too_fast, PaceSignal.TOO_FAST), (self.too_slow, PaceSignal.TOO_SLOW))
        return says if share >= ENOUGH else None


class PaceSignals:
    """The signals of one class, and the screens that show them."""

    def __init__(self, board: Callable[[], Board], count_here: Callable[[], int]) -> None:
        self._board = board
        self._count_here = count_here
        self._loop = asyncio.get_running_loop()
        self._session_id: int | None = None
        self._given: dict[int, tuple[PaceSignal, float]] = {}
        self._last: dict[int, float] = {}
        """when each learner signalled last; also for those who took their signal back"""
        self._shares: PaceShares | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._screens: list[Callable[[], None]] = []
        self._own: defaultdict[int, list[Callable[[], None]]] = defaultdict(list)
        self.version = 0
        """grows whenever the shares change"""

    @property
    def shares(self) -> PaceShares | None:
        """The shares as they were last given to the instructor; None while fewer than five learners are here."""
        return self._shares

    @property
    def is_open(self) -> bool:
        """Whether a class is running in which learners can signal."""
        return self._session_id is not None

    def of(self, user_id: int) -> PaceSignal | None:
        """Return what a learner says now, for their own page alone."""
        given = self._given.get(user_id)
        return given[0] if given else None

    def send(self, actor: Actor, signal: PaceSignal | None) -> None:
        """Say how the pace is, in place of what the learner said before; None takes it back."""
        learner = self._board().learners.get(actor.user_id)
        if learner is None:
            raise NotEnrolled
        if not self.is_open or not learner.joined:
            raise Refused('Join the class that is on; then you can say how the pace is.')
        if signal == self.of(actor.user_id):
            return
        now = self._loop.time()
        wait = self._last.get(actor.user_id, -AGAIN_AFTER) + AGAIN_AFTER - now
        if wait > 0:
            raise TooManyAttempts('Wait a moment before you change what you say about the pace.', seconds=ceil(wait))
        self.hear(actor.user_id, signal)
        elsewhere.here.say_pace(self._board().course_id, actor.user_id, signal)

    def hear(self, user_id: int, signal: PaceSignal | None) -> None:
        """Take what a learner says, here or in another process."""
        now = self._last[user_id] = self._loop.time()
        if signal is None:
            self._given.pop(user_id, None)
        else:
            self._given[user_id] = signal, now
        watchers.tell(self._own.get(user_id, ()))
        self._schedule()

    def watch(self, screen: Callable[[], None]) -> Callable[[], None]:
        """Call an instructor's screen when the shares have changed; returns the way to stop it."""
        return watchers.add(self._screens, screen)

    def watch_own(self, user_id: int, screen: Callable[[], None]) -> Callable[[], None]:
        """Call a learner's screen when their own signal came or faded, or a class began or ended."""
        stop_watching = watchers.add(self._own[user_id], screen)

        def stop() -> None:
            stop_watching()
            if not self._own.get(user_id):
                self._own.pop(user_id, None)

        return stop

    def follow(self) -> None:
        """Begin anew with each class; the signals of the last one are forgotten."""
        board = self._board()
        session_id = board.session.session_id if board.session and board.is_running else None
        if session_id == self._session_id:
            return
        self._session_id = session_id
        self._given.clear()
        self._last.clear()
        self._show(None)
        for screens in tuple(self._own.values()):
            watchers.tell(screens)

    def close(self) -> None:
        """Stop the clock by which signals fade."""
        if self._timer:
            self._timer.cancel()

    def _schedule(self) -> None:
        if self._timer is None:
            self._timer = self._loop.call_later(TOLD_EVERY, self._pass_time)

    def _pass_time(self) -> None:
        self._timer = None
        latest = self._loop.time() - LASTS
        for user_id in [user_id for user_id, (_, since) in self._given.items() if since <= latest]:
            del self._given[user_id]
            watchers.tell(self._own.get(user_id, ()))
        self._show(self._count())
        if self._given:
            self._schedule()

    def _count(self) -> PaceShares | None:
        """Return the shares of now; those who have signalled and left count as here, so that leaving betrays nobody."""
        here = max(self._count_here(), len(self._given))
        if here < FEWEST:
            return None
        said = Counter(signal for signal, _ in self._given.values())
        return PaceShares(**{signal.value: 100 * said[signal] // here for signal in PaceSignal})

    def _show(self, shares: PaceShares | None) -> None:
        if shares != self._shares:
            self._shares = shares
            self.version += 1
            watchers.tell(self._screens)
