"""`/api/checkpoints/{checkpoint_id}/quiz`: of what a quiz consists, how it is taken, and how it came out."""

from pydantic import Field

from api.auth import Person
from api.paging import Page, Paging, page_of
from api.quiz_forms import AnalysisShown, LimitsForm, QuizForm, QuizSeen
from api.subject import Subject
from api.types import Body, Id
from services.core import database
from services.quizzes import limits, question_results, quiz_settings, results
from services.quizzes.results import Result

router = Subject(tags=['quizzes'])


class Published(Body):
    """Whether learners can begin."""

    published: bool = Field(examples=[True])


@router.get('/checkpoints/{checkpoint_id}/quiz')
async def quiz(checkpoint_id: Id, actor: Person) -> QuizSeen:
    """A quiz for those who teach its course; one that nobody has set up has no question."""
    return QuizSeen.of(await database.read(quiz_settings.of_checkpoint, actor, checkpoint_id))


@router.put('/checkpoints/{checkpoint_id}/quiz')
async def set_up(checkpoint_id: Id, form: QuizForm, actor: Person) -> QuizSeen:
    """Say how a quiz is taken and of what it consists. Attempts that go on keep their questions."""
    rules, items = form.rules.rules(), [each.item() for each in form.items]
    await database.write(quiz_settings.set_up, actor, checkpoint_id, rules=rules, items=items)
    return await quiz(checkpoint_id, actor)


@router.post('/checkpoints/{checkpoint_id}/quiz/publish')
async def publish(checkpoint_id: Id, body: Published, actor: Person) -> QuizSeen:
    """Open a quiz to learners, or close it to those who have not begun."""
    await database.write(quiz_settings.publish, actor, checkpoint_id, published=body.published)
    return await quiz(checkpoint_id, actor)


@router.put('/checkpoints/{checkpoint_id}/quiz/limits/{user_id}', status_code=204)
async def agree(checkpoint_id: Id, user_id: Id, form: LimitsForm, actor: Person) -> None:
    """Agree on other limits with one learner. With none of them given, the rules of the quiz hold again."""
    await database.write(limits.agree, actor, checkpoint_id, user_id=user_id, **form.model_dump())


@router.get('/checkpoints/{checkpoint_id}/quiz/results')
async def attempts(checkpoint_id: Id, actor: Person, place: Paging) -> Page[Result]:
    """All attempts of those who learn in the course, in the order in which they were begun."""
    found = await database.read(results.of_quiz, actor, checkpoint_id)
    return page_of(found, place, by=lambda each: each.attempt_id)


@router.get('/checkpoints/{checkpoint_id}/quiz/analysis')
async def analysis(checkpoint_id: Id, actor: Person) -> AnalysisShown:
    """What the first graded attempt of each learner says of the questions, in words and in numbers."""
    return AnalysisShown.model_validate(await database.read(question_results.analysis, actor, checkpoint_id))
