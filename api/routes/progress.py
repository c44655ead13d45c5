"""`/api/progress`: marking, for oneself or as a service that an admin allowed to, and how far learners are."""

import math

import orjson
from fastapi import Response
from pydantic import Field

from api.auth import Bearer
from api.idempotency import IdempotencyKey
from api.subject import Subject
from api.types import Body, Id, IdField
from services.accounts.tokens import Claim
from services.enums import Verb
from services.live.stream import api_presence
from services.progress import marking
from services.progress.marking import EventType, Mark, Marked, Tracked

router = Subject(prefix='/progress', tags=['progress'])


class MarkBody(Body):
    """Where a mark is made, and for whom; without a body it is at the learner's own pace, and for oneself."""

    session_id: IdField | None = Field(default=None, description='of a class that is running: the mark is live')
    user_id: IdField | None = Field(default=None, description='the learner for whom a service marks')


class TrackBody(Body):
    """What a client tells of a learner at a checkpoint."""

    student_id: IdField = Field(examples=[7])
    concept_id: IdField = Field(examples=[31], description='the id of the checkpoint')
    event_type: EventType = Field(examples=[EventType.COMPLETED])
    score: float | None = Field(default=None, ge=0, le=1, allow_inf_nan=False, examples=[0.9])
    time_spent: int | None = Field(default=None, ge=0, le=86_400, description='in seconds', examples=[120])


@router.post('/{checkpoint_id}/complete', response_model=Marked)
async def complete(
    checkpoint_id: Id, claim: Bearer, body: MarkBody | None = None, idempotency_key: IdempotencyKey = None
) -> Response:
    """Mark a checkpoint as complete; marking it again keeps the first moment."""
    return await _mark(Verb.COMPLETED, checkpoint_id, claim, body, idempotency_key)


@router.post('/{checkpoint_id}/start', response_model=Marked)
async def start(
    checkpoint_id: Id, claim: Bearer, body: MarkBody | None = None, idempotency_key: IdempotencyKey = None
) -> Response:
    """Start a checkpoint; starting it again changes nothing."""
    return await _mark(Verb.STARTED, checkpoint_id, claim, body, idempotency_key)


@router.post('/{checkpoint_id}/undo', response_model=Marked)
async def undo(
    checkpoint_id: Id, claim: Bearer, body: MarkBody | None = None, idempotency_key: IdempotencyKey = None
) -> Response:
    """Take a completion back, in its own mode; certificates and the day of completion stay."""
    return await _mark(Verb.UNDONE, checkpoint_id, claim, body, idempotency_key)


@router.post('/track', response_model=Tracked)
async def track(told: TrackBody, claim: Bearer, idempotency_key: IdempotencyKey = None) -> Response:
    """Tell that a learner has started, completed or mastered a checkpoint.

    Scores and times are taken from services that an admin has allowed to tell them; what learners say of themselves is
    `ignored`, because it is measured here.
    """
    mark = Mark(
        claim=claim,
        verb=told.event_type,
        checkpoint_id=told.concept_id,
        key=idempotency_key,
        user_id=told.student_id,
        score=None if told.score is None else math.floor(told.score * 100 + 1e-9),
        seconds=told.time_spent,
    )
    marked = await _make(mark)
    measured = () if claim.service_hash else ('score', 'time_spent')
    ignored = [name for name in measured if getattr(told, name) is not None]
    return _answer(Tracked(mark=marked, ignored=ignored))


async def _mark(verb: Verb, checkpoint_id: int, claim: Claim, body: MarkBody | None, key: str | None) -> Response:
    body = body or MarkBody()
    mark = Mark(
        claim=claim,
        verb=verb,
        checkpoint_id=checkpoint_id,
        key=key,
        user_id=body.user_id,
        session_id=body.session_id,
    )
    return _answer(await _make(mark))


async def _make(mark: Mark) -> Marked:
    """Make a mark, which is also a sign of life in the class that the learner's client has joined."""
    marked = await marking.make(mark)
    api_presence.heard(mark.claim.sign_in_id, marked.user_id)
    return marked


def _answer(value: Marked | Tracked) -> Response:
    """Return it as JSON without a second look, which would cost as much as the mark."""
    return Response(orjson.dumps(value, option=orjson.OPT_UTC_Z), media_type='application/json')
