"""How messages look on the wire: JSON without binary parts, and the names of the events that the server sends."""

from functools import lru_cache
from typing import Any

import engineio.packet  # type: ignore[import-untyped]
import orjson
import socketio.packet  # type: ignore[import-untyped]

from services.live.stream.events import (
    ClassChanged,
    News,
    PresenceChanged,
    ProgressUpdate,
    QuestionChanged,
    SessionStats,
    Snapshot,
    StudentJoined,
    StudentLeft,
    StudentNamed,
)

NAMESPACE = '/class'

EVENTS: dict[type[News], str] = {
    ProgressUpdate: 'progress_update',
    StudentJoined: 'student_joined',
    StudentLeft: 'student_left',
    StudentNamed: 'student_named',
    PresenceChanged: 'presence_changed',
    ClassChanged: 'class_changed',
    QuestionChanged: 'question_changed',
    SessionStats: 'session_stats',
    Snapshot: 'snapshot',
}

RESERVED = {'connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener', '*'}
"""Names of the protocol itself: as events of a client they would reach the handlers that admit and dismiss it."""

PROBLEM = 'problem'
"""what the server says without being asked, in the shape of every refusal; with a `course_id` if it is about one"""


class _Json:
    """JSON as the REST side has it: no NaN, no lone surrogates, no bottomless nesting."""

    @staticmethod
    def dumps(value: object, separators: tuple[str, str] | None = None) -> str:
        return orjson.dumps(value, option=orjson.OPT_UTC_Z).decode()

    @staticmethod
    def loads(text: str) -> Any:
        return orjson.loads(text)


class ClientPacket(socketio.packet.Packet):  # type: ignore[misc]
    """A message of the protocol; what a client cannot have meant is a `ValueError`."""

    json = _Json

    @classmethod
    def data_is_binary(cls, data: object) -> bool:
        """Nothing here has binary parts."""
        return False

    def decode(self, encoded_packet: object) -> int:
        """Read a message. Binary parts would be collected without end before anybody could look at them."""
        if not isinstance(encoded_packet, str):
            raise ValueError('binary')
        super().decode(encoded_packet)
        if self.packet_type in {socketio.packet.BINARY_EVENT, socketio.packet.BINARY_ACK}:
            raise ValueError('binary')
        if self.packet_type in {socketio.packet.EVENT, socketio.packet.ACK} and not isinstance(self.data, list):
            raise ValueError('no list')
        if self.packet_type == socketio.packet.EVENT and not (self.data and isinstance(self.data[0], str)):
            raise ValueError('no event')
        if self.packet_type == socketio.packet.EVENT and self.data[0] in RESERVED:
            raise ValueError('reserved')
        return 0


class Message(engineio.packet.Packet):  # type: ignore[misc]
    """An event as it is sent, which may be handed to many lines."""


def message(event: str, data: object) -> Message:
    """Return an event of this namespace."""
    packet = ClientPacket(socketio.packet.EVENT, data=[event, data], namespace=NAMESPACE)
    return Message(engineio.packet.MESSAGE, packet.encode())


@lru_cache(maxsize=1024)
def news_message(news: News) -> Message:
    """Return news as they are sent; a class of listeners costs one encoding."""
    return message(EVENTS[type(news)], news)
