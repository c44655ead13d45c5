"""`/api/courses/{course_id}/help` and `/api/help`: being stuck, and who comes."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from api.auth import Person
from api.idempotency import Once
from api.subject import Subject
from api.types import LARGEST_ID, Body, Group, Id, IdField, Made
from services.core import database
from services.live import class_access
from services.live.alerts import monitor
from services.live.alerts.rules import Reason
from services.live.board import help_views
from services.live.board.help_views import Offer, OwnRequest, Waiting
from services.live.help import queue as help_queue

router = Subject(tags=['help'])


class Question(Body):
    """With what one is stuck."""

    checkpoint_id: IdField
    words: str = Field(default='', max_length=2000, examples=['It says “no module named soil”'])


class Concern(BaseModel):
    """One reason, in words that follow the name of the learner."""

    reason: Reason
    words: str


class Look(BaseModel):
    """A learner who needs a look."""

    user_id: int
    name: str
    concern: Concern


class Dismissal(Body):
    """A learner and the reason for which they are hidden."""

    user_id: IdField
    reason: Reason


Declined = Annotated[
    tuple[Annotated[int, Field(ge=1, le=LARGEST_ID)], ...],
    Query(max_length=100, description='requests with which one will not help'),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHelp:
    """Your own request, and whom you may help or are helping; null where there is none."""

    request: OwnRequest | None
    offer: Offer | None


@router.get('/courses/{course_id}/help')
async def queue(course_id: Id, actor: Person, group: Group = '') -> tuple[Waiting, ...]:
    """The open requests of a class that one teaches, in the order in which they were asked."""
    return help_views.queue((await class_access.teachers_room(actor, course_id)).board, group)


@router.get('/courses/{course_id}/help/own')
async def own(course_id: Id, actor: Person, declined: Declined = ()) -> OwnHelp:
    """Your own request with its place in the queue, and the classmate who has waited longest and whom one may help."""
    board = (await class_access.learners_room(actor, course_id)).board
    return OwnHelp(request=help_views.own(board, actor.user_id), offer=help_views.offer(board, actor.user_id, declined))


@router.post('/courses/{course_id}/help', status_code=201)
async def ask(course_id: Id, question: Question, actor: Person, once: Once) -> Made:
    """Ask for help with a checkpoint; asking twice for the same is asking once."""
    asked = await once.write(int, help_queue.ask_in_course, actor, course_id, question.checkpoint_id, question.words)
    return Made(id=asked)


@router.post('/help/{request_id}/withdraw', status_code=204)
async def withdraw(request_id: Id, actor: Person) -> None:
    """Take your own request back; nobody has helped."""
    await database.write(help_queue.withdraw, actor, request_id)


@router.post('/help/{request_id}/claim', status_code=204)
async def claim(request_id: Id, actor: Person) -> None:
    """Say that one is on the way; the first who does so is the helper."""
    await database.write(help_queue.claim, actor, request_id)


@router.post('/help/{request_id}/release', status_code=204)
async def release(request_id: Id, actor: Person) -> None:
    """Put a request back to its place in the queue."""
    await database.write(help_queue.release, actor, request_id)


@router.post('/help/{request_id}/resolve', status_code=204)
async def resolve(request_id: Id, actor: Person) -> None:
    """Say that it works now."""
    await database.write(help_queue.resolve, actor, request_id)


@router.get('/courses/{course_id}/attention')
async def attention(course_id: Id, actor: Person, group: Group = '') -> tuple[Look, ...]:
    """Who needs a look, and why. Watch is kept while somebody asks: the first answers may still be empty."""
    room = await class_access.teachers_room(actor, course_id)
    looks = monitor.of_group(room.board, await room.alerts.ask(), group)
    return tuple(_look(each) for each in looks)


@router.post('/courses/{course_id}/attention/dismiss', status_code=204)
async def dismiss(course_id: Id, dismissal: Dismissal, actor: Person) -> None:
    """Hide a learner who is listed for this reason, until the class ends."""
    await database.write(monitor.dismiss, actor, course_id, dismissal.user_id, dismissal.reason.value)


def _look(found: monitor.Look) -> Look:
    concern = Concern(reason=found.concern.reason, words=str(found.concern.words))
    return Look(user_id=found.user_id, name=found.name, concern=concern)
