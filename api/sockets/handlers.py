"""What clients may send: a verb for each event, in the words of the seeds. Each returns its acknowledgement."""

from typing import Any, Literal
from uuid import uuid4

from pydantic import Field

from api.routes.live_questions import LiveAnswerForm
from api.sockets import connection
from api.sockets.connection import Connection
from api.sockets.presence import BeingHere
from api.sockets.subscription import Stream
from api.types import Body, IdField
from services.activity import taps
from services.activity.log import LONGEST_TAP_ID
from services.activity.taps import Tap
from services.core import database
from services.core.errors import KeyTaken, NotSignedIn
from services.enums import Mode, Verb
from services.live import class_access
from services.live.questions import answering
from services.live.questions.answering import Given
from services.live.stream import feed

Answer = dict[str, Any]

LARGEST_VERSION = 2**53


class JoinCourse(Body):
    """Listen to a course; in `live` mode, a learner is in class with it."""

    course_id: IdField
    mode: Mode = Mode.LIVE
    since: int | None = Field(default=None, ge=0, le=LARGEST_VERSION)
    """the `version` of the last event that arrived: what came after it is sent, or else a snapshot"""


class LeaveCourse(Body):
    """Stop listening, and leave its class."""

    course_id: IdField


class CheckpointCompleted(Body):
    """The client's own tap: live if it has joined the class and that is running, else self-paced."""

    checkpoint_id: IdField
    tap_id: str | None = Field(default=None, min_length=1, max_length=LONGEST_TAP_ID)
    """a random text of the client's; the same tap again changes nothing and gets the same receipt"""


class AnswerQuestion(LiveAnswerForm):
    """A learner's answer to the question that the class is asked."""

    live_question_id: IdField
    tap_id: str | None = Field(default=None, min_length=1, max_length=LONGEST_TAP_ID)
    """a random text that the client makes; the same tap again changes nothing and gets the same receipt"""


class Authenticate(Body):
    """A fresh access token, before the last one has run out."""

    token: str = Field(max_length=2000)


async def join_course(line: Connection, body: JoinCourse) -> Answer:
    """Begin to listen. What the client is to know comes as events, after this answer."""
    actor = line.acting()
    place = await database.read(class_access.place, actor, body.course_id)
    line.make_room_for(body.course_id)
    its_feed = await feed.of(body.course_id)
    before = line.streams.get(body.course_id)
    is_in_class = place.learns and body.mode is Mode.LIVE
    here = before.here if before and before.here and is_in_class else None
    if is_in_class and (here is None or here.room is not its_feed.room):
        here = BeingHere(its_feed.room, lambda: line.actor)
        await here.begin()
    if not line.is_open:
        if here:
            here.lose()
        raise NotSignedIn('The connection was closed meanwhile.')
    if before:
        line.drop(body.course_id)
        if before.here and before.here is not here:
            before.here.end()
    stream = Stream(its_feed, line.outbox, line.seat(body.course_id, learns=place.learns), body.mode, here)
    line.add(stream)
    resumed = stream.begin(body.since)
    return {
        'course_id': body.course_id,
        'mode': body.mode,
        'role': _role(stream),
        'session_id': stream.session_id,
        'version': its_feed.version,
        'resumed': resumed,
    }


async def leave_course(line: Connection, body: LeaveCourse) -> Answer:
    """Stop listening to a course."""
    if here := line.drop(body.course_id).here:
        here.end()
    return {'course_id': body.course_id}


async def checkpoint_completed(line: Connection, body: CheckpointCompleted) -> Answer:
    """Complete a checkpoint; the answer is the receipt, once it is on disk."""
    actor = line.acting()
    tap_id = body.tap_id or uuid4().hex
    stream = next((each for each in line.streams.values() if _has(each, body.checkpoint_id)), None)
    if stream and stream.here:
        stream.feed.room.act(actor.user_id)
    session_id = stream.session_id if stream else None
    receipt = await taps.take(
        Tap(
            actor=actor,
            session_id=session_id,
            verb=Verb.COMPLETED,
            tap_id=tap_id,
            checkpoint_id=body.checkpoint_id,
            on_its_way=True,
        )
    )
    if (receipt.verb, receipt.checkpoint_id) != (Verb.COMPLETED, body.checkpoint_id):
        raise KeyTaken('This tap_id was used for another tap. Make a new one for each.')
    return {
        'tap_id': tap_id,
        'checkpoint_id': receipt.checkpoint_id,
        'status': 'completed',
        'mode': Mode.SELF_PACED if session_id is None else Mode.LIVE,
        'version': receipt.activity_id,
        'at': receipt.at,
    }


async def answer_question(line: Connection, body: AnswerQuestion) -> Answer:
    """Answer the question that the class is asked; the answer is the receipt, once it is on disk."""
    actor = line.acting()
    answer_id = body.tap_id or uuid4().hex
    saved = await answering.save(
        Given(actor=actor, live_question_id=body.live_question_id, tap_id=answer_id, answer=body.answer())
    )
    return {'tap_id': answer_id, 'live_question_id': saved.live_question_id, 'at': saved.at}


async def authenticate(line: Connection, body: Authenticate) -> Answer:
    """Go on with a fresh token."""
    line.show(await connection.look_up(body.token))
    return {'until': line.until}


def _role(stream: Stream) -> Literal['teacher', 'learner']:
    return 'teacher' if stream.teaches else 'learner'


def _has(stream: Stream, checkpoint_id: int) -> bool:
    return stream.feed.room.board.index_of(checkpoint_id) is not None
