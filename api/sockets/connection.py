"""One connection of a client: whose it is, until when its token is good, and the courses to which it listens."""

from dataclasses import dataclass
from datetime import datetime

from api.sockets.outbox import Outbox
from api.sockets.subscription import Stream
from api.sockets.transport import Lines
from services.access import Actor
from services.accounts import tokens
from services.core import clock, database
from services.core.errors import Forbidden, NotFound, NotSignedIn, Refused
from services.enums import DeviceKind
from services.live.stream.admission import Seat

MOST_COURSES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """A token that was looked up: who sends it, and until when it is good."""

    actor: Actor
    until: datetime


async def look_up(token: object) -> Pass:
    """Return who sends a token; raises `NotSignedIn` if it is none of ours, too old or revoked."""
    if not isinstance(token, str) or not token or not token.isascii():
        raise NotSignedIn('Send the access token in the connect packet: {"token": "…"}. Sign in to get one.')
    claim = tokens.read(token)
    holder = await database.read(tokens.holder, claim)
    if holder.kind is DeviceKind.SERVICE or claim.expires_at is None:
        raise Forbidden('The token of a service is good only for what it was made for.')
    return Pass(actor=holder.actor, until=claim.expires_at)


class Connection:
    """What is known of one connection."""

    def __init__(self, sid: str, line_id: str, passed: Pass, lines: Lines) -> None:
        self.sid = sid
        self.line_id = line_id
        self.streams: dict[int, Stream] = {}
        self.outbox = Outbox(lines, line_id, overflowed=self._start_over)
        self.is_open = True
        self._pass = passed

    @property
    def actor(self) -> Actor:
        """Whose it is."""
        return self._pass.actor

    @actor.setter
    def actor(self, actor: Actor) -> None:
        self._pass = Pass(actor=actor, until=self._pass.until)

    @property
    def until(self) -> datetime:
        """When its token runs out."""
        return self._pass.until

    def show(self, passed: Pass) -> None:
        """Go on with a fresh token of the same person."""
        if passed.actor.user_id != self.actor.user_id:
            raise Forbidden('This token is somebody else’s. Open a connection of its own for it.')
        self._pass = passed

    def acting(self) -> Actor:
        """Return who acts now; raises `NotSignedIn` once the token has run out."""
        if self.until <= clock.now():
            raise NotSignedIn('The token of this connection is too old. Send a fresh one with `authenticate`.')
        return self.actor

    def seat(self, course_id: int, *, learns: bool) -> Seat:
        """Return the place from which one course is listened to."""
        actor = self.actor
        return Seat(sign_in_id=actor.sign_in_id, user_id=actor.user_id, course_id=course_id, learns=learns)

    def seats(self) -> dict[int, Seat]:
        """Return all places from which it listens, by course."""
        return {id_: self.seat(id_, learns=stream.seat.learns) for id_, stream in self.streams.items()}

    def make_room_for(self, course_id: int) -> None:
        """Raise `Refused` if there are too many courses already."""
        if course_id not in self.streams and len(self.streams) >= MOST_COURSES:
            raise Refused(f'One connection listens to {MOST_COURSES} courses at most. Leave one of them first.')

    def add(self, stream: Stream) -> None:
        """Listen to a course."""
        self.streams[stream.seat.course_id] = stream

    def drop(self, course_id: int) -> Stream:
        """Stop listening to a course; the caller ends what was in class there."""
        stream = self.streams.pop(course_id, None)
        if stream is None:
            raise NotFound('This connection has not joined that course.')
        stream.stop()
        return stream

    def close(self, *, on_purpose: bool) -> None:
        """Be gone. Who did not mean it may come back for a while without having left any class."""
        self.is_open = False
        self.outbox.close()
        for course_id in list(self.streams):
            if here := self.drop(course_id).here:
                here.end() if on_purpose else here.lose()

    def _start_over(self) -> None:
        for stream in self.streams.values():
            stream.start_over()
