"""`/api/courses/{course_id}/live/question`, `/api/live-questions`: questions to the class that is on, and answers."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.auth import Person
from api.idempotency import IdempotencyKey, Once, tap_id
from api.subject import Subject
from api.types import Body, Id, IdField, Made
from services.core import database
from services.enums import LiveQuestionState
from services.live import class_access
from services.live.questions import answering, asking, views
from services.live.questions.answering import LONGEST, Given
from services.live.questions.asking import LEAST_SECONDS, MOST_SECONDS
from services.live.questions.views import Counted, Own
from services.quizzes.answer import MOST_PLACES, Answer

router = Subject(tags=['live'])

PUT_AWAY = 'put_away'
_Place = Annotated[int, Field(ge=0, le=MOST_PLACES)]


class QuestionNow(BaseModel):
    """The question that the class is shown: counted for those who teach, or with the learner's own answer."""

    counted: Counted | None
    own: Own | None


class AskForm(Body):
    """A question of the bank."""

    question_id: IdField
    seconds: int | None = Field(
        default=None, ge=LEAST_SECONDS, le=MOST_SECONDS, description='after which it closes by itself', examples=[60]
    )
    shows_live: bool = Field(default=False, description='whether the room sees what is answered while it is open')


class StateForm(Body):
    """How far the question is to be."""

    state: Literal['open', 'closed', 'distribution', 'solution', 'put_away'] = Field(
        description='`put_away` takes it from all screens', examples=['closed']
    )


class LiveAnswerForm(Body):
    """An answer; nothing at all takes back what was answered."""

    chosen: tuple[_Place, ...] = Field(default=(), max_length=MOST_PLACES, description='places of options')
    text: str = Field(default='', max_length=LONGEST, description='a number or a word')

    def answer(self) -> Answer | None:
        """Return it as the services take it."""
        answer = Answer(chosen=self.chosen, text=self.text)
        return None if answer.is_empty else answer


class LiveAnswerSaved(BaseModel):
    """The answer is on disk."""

    live_question_id: int
    at: datetime


@router.get('/courses/{course_id}/live/question')
async def now(course_id: Id, actor: Person) -> QuestionNow:
    """The question that the class is shown. What is right is in it once the solution is shown."""
    place = await database.read(class_access.place, actor, course_id)
    room = await class_access.enter(course_id)
    if place.learns:
        return QuestionNow(counted=None, own=views.of_learner(room.board, actor.user_id))
    return QuestionNow(counted=views.of_staff(room.board, room.presences), own=None)


@router.post('/courses/{course_id}/live/questions', status_code=201)
async def ask(course_id: Id, form: AskForm, actor: Person, once: Once) -> Made:
    """Open a question for the class that is on. The id is its `live_question_id`."""
    return Made(id=await once.write(int, asking.ask, actor, course_id, **form.model_dump()))


@router.put('/live-questions/{live_question_id}/state', status_code=204)
async def move(live_question_id: Id, form: StateForm, actor: Person) -> None:
    """Close it, open it again, show what was answered or what is right, or take it from the screens."""
    if form.state == PUT_AWAY:
        await database.write(asking.put_away, actor, live_question_id)
    else:
        await database.write(asking.move, actor, live_question_id, LiveQuestionState(form.state))


@router.put('/live-questions/{live_question_id}/answer')
async def answer(
    live_question_id: Id, form: LiveAnswerForm, actor: Person, idempotency_key: IdempotencyKey = None
) -> LiveAnswerSaved:
    """Answer, or change the answer as long as the question is open. Sent again with the same key, it counts once."""
    given = Given(
        actor=actor,
        live_question_id=live_question_id,
        tap_id=tap_id(idempotency_key, 'live', live_question_id, form),
        answer=form.answer(),
    )
    saved = await answering.save(given)
    return LiveAnswerSaved(live_question_id=saved.live_question_id, at=saved.at)
