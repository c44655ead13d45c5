"""One course on one connection: what its client hears of it, and in which mode it takes part."""

from collections.abc import Callable, Hashable
from functools import partial

from api.sockets import packets
from api.sockets.outbox import Outbox
from api.sockets.packets import Message
from api.sockets.presence import BeingHere
from services.enums import Mode
from services.live.stream.admission import Seat
from services.live.stream.events import News, QuestionChanged, SessionStats
from services.live.stream.feed import Feed


class Stream:
    """Puts the news of one feed into the outbox of one connection."""

    def __init__(self, feed: Feed, outbox: Outbox, seat: Seat, mode: Mode, here: BeingHere | None) -> None:
        self.feed = feed
        self.seat = seat
        self.mode = mode
        self.here = here
        self._outbox = outbox
        self._is_to_look = False
        self._stop: Callable[[], None] | None = None

    @property
    def user_id(self) -> int:
        """Whose it is."""
        return self.seat.user_id

    @property
    def sign_in_id(self) -> int:
        """On which device."""
        return self.seat.sign_in_id

    @property
    def teaches(self) -> bool:
        """Whether that person teaches the course, or else learns in it."""
        return not self.seat.learns

    @property
    def session_id(self) -> int | None:
        """The class in which a tap counts; None where it counts at the learner's own pace."""
        board = self.feed.room.board
        return board.session.session_id if self.here and board.session and board.is_running else None

    def begin(self, since: int | None) -> bool:
        """Hear everything from now on, and before it what was missed, or else how it stands; tells which."""
        missed = None if since is None else self.feed.missed(self, since)
        self._stop = self.feed.listen(self)
        if missed is None:
            self.look_again()
            return False
        for news in (*missed, *self.feed.standing(self)):
            self.hear(news)
        return True

    def hear(self, news: News) -> None:
        """Take what has happened, unless it will be part of a snapshot anyway."""
        if not self._is_to_look:
            key = (SessionStats, self.seat.course_id) if isinstance(news, SessionStats) else None
            self._put(partial(packets.news_message, news), instead_of=key)

    def look_again(self) -> None:
        """Have a snapshot sent when its turn has come, with everything in it that has happened until then."""
        if not self._is_to_look:
            self._is_to_look = True
            self._put(self._snapshot, instead_of=(Stream, self.seat.course_id))

    def start_over(self) -> None:
        """Everything that waited was dropped."""
        self._is_to_look = False
        self.look_again()

    def stop(self) -> None:
        """Stop listening; what waits already is dropped."""
        if self._stop:
            self._stop()
        self._stop = None

    def _put(self, make: Callable[[], Message], instead_of: Hashable = None) -> None:
        self._outbox.put(lambda: make() if self._stop else None, instead_of=instead_of)

    def _snapshot(self) -> Message:
        self._is_to_look = False
        snapshot = self.feed.snapshot(self)
        for news in self.feed.standing(self):
            if isinstance(news, SessionStats | QuestionChanged):  # what a snapshot has not
                self.hear(news)
        return packets.message(packets.EVENTS[type(snapshot)], snapshot)
