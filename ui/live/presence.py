"""One page of a learner, as far as the room has to know of it: opened, without connection, back, gone."""

from nicegui import Client

from services.live.room import Room


class BeingHere:
    """Tells the room how it stands with the connection of one page."""

    def __init__(self, room: Room, user_id: int, client: Client) -> None:
        self._room = room
        self._user_id = user_id
        self._client = client
        self._is_connected = False
        self.is_here = False
        client.on_disconnect(self._disconnected)

    def connected(self) -> bool:
        """Take note of a connection; returns whether the learner was not here before."""
        if self._is_connected:
            return False
        self._is_connected = True
        if self.is_here:
            self._room.regain(self._user_id)
            return False
        self.is_here = True
        return self._room.arrive(self._user_id)

    def gone(self) -> bool:
        """The page is gone for good; returns whether the learner is with it."""
        return self.is_here and self._room.leave(self._user_id)

    def _disconnected(self) -> None:
        # a phone that changes its network may be back before its old connection is given up
        if self._is_connected and not self._client.has_socket_connection:
            self._is_connected = False
            self._room.lose(self._user_id)
