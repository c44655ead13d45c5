"""One page on which a video plays: from what the browser tells of it to what can have been really seen.

It knows no screen and no database; moments are seconds of a clock of ours that never jumps. The browser tells of
playing, pausing and seeking when it happens, and where the video is when it is asked.
"""

import math
from dataclasses import dataclass

from services.content.backlog import Backlog

FASTEST = 2.0
"""how much faster than life a video may be watched"""
PATIENCE = 6.0
"""seconds for which a video is believed to play on without a word from the browser: a heartbeat, and some more"""
SPARE = 5.0
"""seconds that may be carried over from one stretch to the next, because messages are late now and then"""
END = 1.0
"""so near the end nobody pauses, they have finished"""
ONE_SEEK = 2.0
"""seconds within which jumping about is one search for a place"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What played from one place of the video to another, while so many seconds passed here."""

    start: float
    stop: float
    elapsed: float

    @property
    def seen(self) -> tuple[float, float]:
        """The part that can have been seen in that time."""
        passed = self.elapsed if math.isfinite(self.elapsed) else 0.0
        return self.start, min(self.stop, self.start + passed * FASTEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsavedWatching:
    """What a page has been told of a video since it was last saved."""

    stretches: tuple[Stretch, ...] = ()
    position: float | None = None
    """where to go on, if it has moved here"""
    views: int = 0
    plays: int = 0
    pauses: int = 0
    seeks: int = 0
    finishes: int = 0
    watched: float = 0.0
    """how many seconds of the video played, if this ends a stretch of watching"""

    def __bool__(self) -> bool:
        return self != UnsavedWatching()

    def and_then(self, later: 'UnsavedWatching') -> 'UnsavedWatching':
        """Return both together."""
        counts = {name: getattr(self, name) + getattr(later, name) for name in _COUNTS}
        position = self.position if later.position is None else later.position
        return UnsavedWatching(stretches=self.stretches + later.stretches, position=position, **counts)


class Watch(Backlog[UnsavedWatching]):
    """Follows one video on one page."""

    def __init__(self, seconds: float, *, at: float = 0.0) -> None:
        super().__init__(UnsavedWatching())
        self.is_playing = False
        self._seconds = seconds
        self._at: float | None = at
        self._since = 0.0
        self._stopped_at: float | None = None
        self._is_open = False  # something has played whose end is not known yet
        self._spare = 1.0
        self._pace = 1.0
        self._is_pausing = self._own_jump = self._has_guessed = False
        self._jumped_at = -math.inf
        self._has_begun = False
        self._watched = 0.0

    def position(self, now: float) -> float:
        """Return where the video is, as far as is known."""
        at = self._at or 0.0
        return min(at + max(now - self._since, 0.0) * self._pace, self._seconds) if self.is_playing else at

    def play(self, now: float) -> None:
        """The video plays from where it is."""
        if self.is_playing:
            return
        self._add(UnsavedWatching(views=not self._has_begun, plays=1))
        self.is_playing = self._has_begun = True
        self._is_pausing, self._stopped_at, self._has_guessed = False, None, False
        if not self._is_open:
            self._is_open, self._since = True, now

    def pause(self, now: float) -> None:
        """The video stands still; the browser is asked where."""
        if self.is_playing:
            self.is_playing, self._is_pausing, self._stopped_at = False, True, now

    def tell(self, position: object, now: float) -> None:
        """The browser says where the video is; what is not in it is ignored."""
        if not isinstance(position, int | float) or not math.isfinite(position):
            return
        self._has_guessed = False
        self._arrive(min(max(float(position), 0.0), self._seconds), now)

    def end(self, now: float) -> None:
        """The video has played to its end."""
        self._add(UnsavedWatching(finishes=1))
        self._stopped_at = self._stopped_at or now
        self.is_playing = self._is_pausing = False
        self._arrive(self._seconds, now)

    def jump(self, now: float) -> None:
        """Somebody seeks: from here on it is not known where the video is."""
        is_counted = not self._own_jump and now - self._jumped_at > ONE_SEEK and self._at != self._seconds
        self._own_jump = False
        self._jumped_at = now
        self.guess(now)
        self._add(UnsavedWatching(seeks=is_counted))
        self._at = None

    def expect_jump(self) -> None:
        """The next jump is ours: the video is put where it was left."""
        self._own_jump = True

    def guess(self, now: float) -> None:
        """The browser cannot be asked: believe that the video played on as before, once, and not for long."""
        if self._is_open and self._at is not None and not self._has_guessed:
            self._has_guessed = True
            played = min(self._until(now) - self._since, PATIENCE) * self._pace
            self._arrive(min(self._at + max(played, 0.0), self._seconds), now)

    def leave(self, now: float) -> None:
        """The page is closed."""
        self.guess(now)
        self.is_playing = self._is_open = self._is_pausing = False
        self._end_stretch()

    def _arrive(self, position: float, now: float) -> None:
        if self._is_open and self._at is not None:
            self._see(self._at, position, self._until(now) - self._since)
        if position != self._at:
            self._add(UnsavedWatching(position=position))
        self._at, self._since = position, now
        if not self.is_playing:
            self._is_open = False
            self._add(UnsavedWatching(pauses=self._is_pausing and self._seconds - position > END))
            self._is_pausing = False
            self._end_stretch()

    def _see(self, start: float, stop: float, passed: float) -> None:
        """Take note of what has played; who watches at twice the speed uses up twice as much of what has passed."""
        elapsed = max(passed, 0.0) + self._spare
        if stop <= start:
            return
        stretch = Stretch(start=start, stop=stop, elapsed=elapsed)
        length = stretch.seen[1] - start
        self._spare = min(max(elapsed - length / FASTEST, 0.0), SPARE)
        if passed > 1:
            self._pace = min(length / passed, FASTEST)
        self._watched += length
        self._add(UnsavedWatching(stretches=(stretch,)))

    def _end_stretch(self) -> None:
        watched, self._watched = self._watched, 0.0
        self._add(UnsavedWatching(watched=watched))

    def _until(self, now: float) -> float:
        return now if self._stopped_at is None else self._stopped_at


_COUNTS = ('views', 'plays', 'pauses', 'seeks', 'finishes', 'watched')
