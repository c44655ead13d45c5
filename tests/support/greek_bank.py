"""What those who teach see of the quizzes of the Greek school: the bank, each kind of question, results, the desk."""

from collections.abc import Sequence

from models import CheckpointKind
from services.core import database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.quizzes import bank, quiz_settings, results
from services.quizzes.answer import Answer
from services.quizzes.quiz_settings import Draw
from tests.factories.classes import ClassAtHand
from tests.factories.quizzes import a_quiz, take
from tests.support.greek_quizzes import QUESTIONS

ESSAY = 5
"""the place of the essay among the questions"""


async def greek_bank(klass: ClassAtHand, quizzes: Sequence[str]) -> tuple[str, ...]:
    """Prepare what is still missing; returns the addresses for those who teach."""
    teacher, course_id, first = klass.teacher, klass.course_id, int(quizzes[0])
    shown = await database.read(quiz_settings.of_checkpoint, teacher, first)
    ids = [item.question_id for item in shown.items if isinstance(item, quiz_settings.Fixed)]
    (attempt, *_others) = await database.read(results.of_quiz, teacher, first)
    details = Details(title='Κενό', kind=CheckpointKind.QUIZ)
    unset = await database.write(checkpoints.add_one, teacher, course_id, details=details)
    await database.write(bank.add, teacher, course_id, QUESTIONS[0])
    await database.write(quiz_settings.add_item, teacher, int(quizzes[2]), Draw(tag='', count=1))
    many = await _many_attempts(klass)
    course = f'/courses/{course_id}'
    quiz = f'{course}/quizzes/{first}'
    return (
        course,
        f'{course}/questions',
        *(f'{course}/questions/new?kind={question.kind}' for question in QUESTIONS),
        f'{course}/questions/import',
        *(f'/questions/{id_}' for id_ in ids),
        quiz,
        f'{course}/quizzes/{unset}',
        f'{course}/quizzes/{quizzes[2]}',
        f'{quiz}/preview',
        f'{quiz}/results',
        f'{course}/quizzes/{unset}/results',
        f'{course}/quizzes/{many}/results',
        f'{quiz}/results/{attempt.attempt_id}',
        f'{course}/grading/{first}/{ids[ESSAY]}',
    )


async def _many_attempts(klass: ClassAtHand) -> int:
    """A quiz that enough learners have taken to say something of its questions."""
    quiz = await a_quiz(klass=klass, title='Πολλά', questions=[QUESTIONS[0], QUESTIONS[4]])
    for place, learner in enumerate(klass.learners):
        await take(quiz, [Answer(chosen=(place % 2,)), Answer(text='άμμος')], by=learner)
    return quiz.checkpoint_id
