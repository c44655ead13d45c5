"""`/api/checkpoints/{checkpoint_id}/attempts`, `/api/attempts`: taking a quiz, and what comes of it."""

from datetime import datetime
from typing import Annotated

from fastapi import Path, Request
from pydantic import BaseModel, Field

from api.attempt_forms import AnswerShown, AttemptSeen, Offered, attempt_seen
from api.auth import Person, address_of
from api.idempotency import IdempotencyKey, tap_id
from api.subject import Subject
from api.types import Body, Id, SaidOrNot
from services.core import database
from services.quizzes import adapting, answering, attempts, circumstances, closing, review
from services.quizzes.answer import LONGEST_ESSAY, MOST_PLACES, Answer
from services.quizzes.answering import Given
from services.quizzes.attempts import LONGEST_LOOK
from services.quizzes.quiz_settings import MOST_QUESTIONS

router = Subject(tags=['attempts'])

Position = Annotated[int, Path(ge=0, le=MOST_QUESTIONS, description='of the question, counted from 0')]
_Place = Annotated[int, Field(ge=0, le=MOST_PLACES)]
_Seconds = Annotated[
    float, Field(ge=0, le=LONGEST_LOOK, description='for how long the question was looked at since the last time')
]


class AnswerForm(Body):
    """An answer; only the part of the question's kind is sent, and nothing at all takes back what was answered."""

    chosen: tuple[_Place, ...] = Field(default=(), max_length=MOST_PLACES, examples=[[0]])
    text: str = Field(default='', max_length=LONGEST_ESSAY, description='a number, a short text or an essay')
    pairs: tuple[_Place | None, ...] = Field(
        default=(), max_length=MOST_PLACES, description='for each left part, the place of its right part'
    )
    order: tuple[_Place, ...] = Field(default=(), max_length=MOST_PLACES)
    confidence: int | None = Field(default=None, ge=1, le=5)
    seconds: _Seconds = 0
    has_pasted: bool = False
    has_left: bool = Field(
        default=False, description='whether the learner looked at another window since the last save, if you can tell'
    )

    def answer(self) -> Answer | None:
        """Return it as the services take it."""
        answer = Answer(chosen=self.chosen, text=self.text, pairs=self.pairs, order=self.order)
        return None if answer.is_empty else answer


class AnswerSaved(BaseModel):
    """The answer is on disk."""

    attempt_id: int
    position: int
    at: datetime
    late_seconds: int = Field(description='by how much it came after the end, as far as that is allowed')
    is_checked: bool
    shown: AnswerShown | None = Field(description='what is shown at once, where the quiz checks each answer')


class PlaceForm(Body):
    """The question at which the learner is."""

    position: int = Field(ge=0, le=MOST_QUESTIONS, examples=[1])
    seconds: _Seconds = 0


class NextShown(BaseModel):
    """The question that comes next."""

    place: int | None = Field(description='its position; null once all questions were answered')
    why: SaidOrNot = Field(description='why it was chosen')


@router.get('/checkpoints/{checkpoint_id}/quiz/offer')
async def offer(checkpoint_id: Id, actor: Person) -> Offered:
    """What a learner is told of a quiz before an attempt, with those that were made."""
    return Offered.model_validate(await database.read(attempts.offer, actor, checkpoint_id))


@router.post('/checkpoints/{checkpoint_id}/attempts', status_code=201)
async def begin(
    checkpoint_id: Id, request: Request, actor: Person, idempotency_key: IdempotencyKey = None
) -> AttemptSeen:
    """Begin an attempt, or go on with the one that is open."""
    attempt_id = await database.write(
        circumstances.begin,
        actor,
        checkpoint_id,
        tap_id=tap_id(idempotency_key, 'attempt', checkpoint_id),
        user_agent=request.headers.get('user-agent', ''),
        address=address_of(request),
    )
    return await one(attempt_id, actor)


@router.get('/attempts/{attempt_id}')
async def one(attempt_id: Id, actor: Person) -> AttemptSeen:
    """An attempt of the learner: its paper while it goes on, and then as much of its review as the quiz shows."""
    return attempt_seen(await database.read(review.seen, actor, attempt_id))


@router.put('/attempts/{attempt_id}/answers/{position}')
async def answer(
    attempt_id: Id, position: Position, form: AnswerForm, actor: Person, idempotency_key: IdempotencyKey = None
) -> AnswerSaved:
    """Save one answer. What is sent again with the same key counts once."""
    given = Given(
        actor=actor,
        attempt_id=attempt_id,
        position=position,
        tap_id=tap_id(idempotency_key, attempt_id, position, form),
        answer=form.answer(),
        confidence=form.confidence,
        seconds=form.seconds,
        has_pasted=form.has_pasted,
        has_left=form.has_left,
    )
    saved = await answering.save(given)
    shown = await database.read(review.checked, actor, attempt_id, position) if saved.is_checked else None
    return AnswerSaved(
        attempt_id=saved.attempt_id,
        position=saved.position,
        at=saved.at,
        late_seconds=saved.late_seconds,
        is_checked=saved.is_checked,
        shown=AnswerShown.of(shown) if shown else None,
    )


@router.put('/attempts/{attempt_id}/place', status_code=204)
async def go_to(attempt_id: Id, form: PlaceForm, actor: Person) -> None:
    """Go to a question of a quiz that shows them one at a time."""
    await database.write(attempts.go_to, actor, attempt_id, position=form.position, seconds=form.seconds)


@router.post('/attempts/{attempt_id}/next')
async def go_on(attempt_id: Id, actor: Person) -> NextShown:
    """Go to the next question of practice that adapts: the one that fits the learner now."""
    if not await adapting.go_on(actor, attempt_id):
        return NextShown(place=None, why=None)
    paper = await database.read(attempts.paper, actor, attempt_id)
    return NextShown(place=paper.place, why=await database.read(adapting.why, actor, attempt_id))


@router.post('/attempts/{attempt_id}/submit')
async def submit(attempt_id: Id, actor: Person) -> AttemptSeen:
    """Submit an attempt; doing so twice changes nothing."""
    await database.write(closing.submit, actor, attempt_id)
    return await one(attempt_id, actor)
