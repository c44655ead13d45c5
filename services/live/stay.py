"""One client of a learner in class, be it a page or a client: it came, lost its connection, is back, is gone."""

from services.live import elsewhere
from services.live.room import Room


class Stay:
    """Tells the room of one client; the room counts the clients of each learner."""

    def __init__(self, room: Room, user_id: int) -> None:
        self._room = room
        self._user_id = user_id
        self._is_lost = False
        self.is_here = False
        """whether it came and is not gone for good"""

    @property
    def is_connected(self) -> bool:
        """Whether it is here and has its connection."""
        return self.is_here and not self._is_lost

    def connect(self) -> bool:
        """Note that it is here, or back; returns whether the learner was not here before."""
        if not self.is_here:
            self.is_here = True
            self._note(open=1, connected=1)
            return self._room.arrive(self._user_id)
        if self._is_lost:
            self._is_lost = False
            self._note(connected=1)
            self._room.regain(self._user_id)
        return False

    def lose(self) -> None:
        """Note that its connection is gone; it may come back."""
        if self.is_connected:
            self._is_lost = True
            self._note(connected=-1)
            self._room.lose(self._user_id)

    def leave(self) -> bool:
        """Note that it is gone for good; returns whether the learner is with it."""
        if not self.is_here:
            return False
        self._note(open=-1, connected=0 if self._is_lost else -1)
        self.is_here = self._is_lost = False
        return self._room.leave(self._user_id)

    def _note(self, *, open: int = 0, connected: int = 0) -> None:
        elsewhere.here.note(self._room.board.course_id, self._user_id, open=open, connected=connected)
