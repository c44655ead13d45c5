"""Questions, and classes with a quiz in their course."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import uuid4

from models import CheckpointKind
from services.access import Actor
from services.core import database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.quizzes import answering, attempts, bank, closing, quiz_settings
from services.quizzes.answer import Answer
from services.quizzes.answering import Given, Saved
from services.quizzes.question import WHOLE, NumberAnswer, Option, Question, QuestionKind, TextAnswer
from services.quizzes.quiz_settings import Fixed, QuizItem, Rules
from services.rubrics import Criterion, Level
from tests.factories.classes import ClassAtHand, a_class

FINEST = Question(
    kind=QuestionKind.SINGLE_CHOICE,
    text='Which soil has the finest parts?',
    points=Decimal(2),
    tags=('soil',),
    options=(
        Option(text='Clay', credit=WHOLE, feedback='Its parts are below 0.002 mm.'),
        Option(text='Sand', feedback='Sand is the coarsest.'),
        Option(text='Silt'),
    ),
    feedback='Clay holds water.',
)
SAND_IS_RIGHT = replace(
    FINEST, options=(Option(text='Silt'), Option(text='Sand', credit=WHOLE), Option(text='Clay')), feedback='Sand!'
)
HOW_ACID = Question(
    kind=QuestionKind.NUMERIC,
    text='Which pH is neutral?',
    points=Decimal(1),
    tags=('soil', 'ph'),
    numbers=(NumberAnswer(value=Decimal(7), tolerance=Decimal('0.05')),),
)
NAME_IT = Question(
    kind=QuestionKind.SHORT_TEXT,
    text='What is dark and made of dead plants?',
    points=Decimal(1),
    texts=(TextAnswer(pattern='humus'),),
)
RUBRIC = (
    Criterion(title='What holds water', levels=(Level(points=3, text='the pores'), Level(points=0, text='nothing'))),
    Criterion(title='Why', levels=(Level(points=2, text='a reason'), Level(points=0, text='without one'))),
)
WHY = Question(kind=QuestionKind.ESSAY, text='Why does sand dry out?', points=Decimal(4), graders_note='Large pores.')
RIGHT = Answer(chosen=(0,)), Answer(text='7,0'), Answer(text='Humus')
WRONG = Answer(chosen=(1,)), Answer(text='5'), Answer(text='sand')


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizAtHand:
    """A class that is running, with a published quiz as the last checkpoint of its course."""

    klass: ClassAtHand
    checkpoint_id: int
    question_ids: tuple[int, ...]

    @property
    def teacher(self) -> Actor:
        return self.klass.teacher

    @property
    def learner(self) -> Actor:
        return self.klass.learner


async def a_quiz(
    *,
    questions: Sequence[Question] = (FINEST, HOW_ACID, NAME_IT),
    rules: Rules | None = None,
    items: Sequence[QuizItem] | None = None,
    learners: Sequence[str] = ('Lena Learner',),
    klass: ClassAtHand | None = None,
    title: str = 'Soil quiz',
    module_id: int | None = None,
) -> QuizAtHand:
    klass = klass or await a_class(checkpoints=1, learners=learners)
    checkpoint_id = await database.write(
        checkpoints.add_one,
        klass.teacher,
        klass.course_id,
        details=Details(title=title, kind=CheckpointKind.QUIZ),
        module_id=module_id,
    )
    ids = await database.write(bank.add_many, klass.teacher, klass.course_id, list(questions))
    await database.write(quiz_settings.set_rules, klass.teacher, checkpoint_id, rules or Rules())
    fixed = [Fixed(question_id=id_) for id_ in ids]
    await database.write(quiz_settings.set_items, klass.teacher, checkpoint_id, items if items is not None else fixed)
    await database.write(quiz_settings.publish, klass.teacher, checkpoint_id, published=True)
    return QuizAtHand(klass=klass, checkpoint_id=checkpoint_id, question_ids=tuple(ids))


async def begin(quiz: QuizAtHand, *, by: Actor | None = None) -> int:
    return await database.write(attempts.start, by or quiz.learner, quiz.checkpoint_id, tap_id=uuid4().hex)


async def give(
    quiz: QuizAtHand,
    attempt_id: int,
    position: int,
    answer: Answer | None,
    *,
    by: Actor | None = None,
    tap_id: str = '',
) -> Saved:
    given = Given(
        actor=by or quiz.learner,
        attempt_id=attempt_id,
        position=position,
        tap_id=tap_id or uuid4().hex,
        answer=answer,
        seconds=5,
    )
    return await answering.save(given)


async def take(quiz: QuizAtHand, answers: Sequence[Answer | None] = RIGHT, *, by: Actor | None = None) -> int:
    """Begin, answer in order and submit; returns the id of the attempt."""
    attempt_id = await begin(quiz, by=by)
    for position, answer in enumerate(answers):
        await give(quiz, attempt_id, position, answer, by=by)
    await database.write(closing.submit, by or quiz.learner, attempt_id)
    return attempt_id
