"""The quizzes of the Greek school: one in each state in which a learner can meet it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from models import Reveal
from services.access import Actor
from services.core import clock, database
from services.people import joining
from services.quizzes.answer import Answer
from services.quizzes.question import WHOLE, NumberAnswer, Option, Pair, Question, QuestionKind, TextAnswer
from services.quizzes.quiz_settings import Band, Rules
from tests.factories.classes import ClassAtHand
from tests.factories.quizzes import QuizAtHand, a_quiz, begin, give, take

_ONE = QuestionKind.SINGLE_CHOICE
QUESTIONS = (
    Question(
        kind=_ONE,
        text='Ποιο χώμα;',
        options=(Option(text='Άργιλος', credit=WHOLE, feedback='Ναι'), Option(text='Άμμος **χοντρή**')),
    ),
    Question(
        kind=QuestionKind.MULTIPLE_CHOICE,
        text='Ποια;',
        options=(Option(text='Άργιλος', credit=WHOLE), Option(text='Άμμος'), Option(text='Χούμος', credit=WHOLE)),
    ),
    Question(kind=QuestionKind.TRUE_FALSE, text='Είναι;', options=(Option(credit=WHOLE), Option())),
    Question(
        kind=QuestionKind.NUMERIC,
        text='Πόσο;',
        points=Decimal('1.5'),
        numbers=(NumberAnswer(value=Decimal(7), tolerance=Decimal('0.5')),),
    ),
    Question(kind=QuestionKind.SHORT_TEXT, text='Τι;', texts=(TextAnswer(pattern='χούμος'),)),
    Question(kind=QuestionKind.ESSAY, text='Γιατί;', points=Decimal(4)),
    Question(
        kind=QuestionKind.MATCHING,
        text='Τι μαζί;',
        pairs=(Pair(left='Άργιλος', right='πολύ'), Pair(left='Άμμος', right='λίγο')),
    ),
    Question(kind=QuestionKind.ORDERING, text='Με σειρά;', order=('Άργιλος', 'Ιλύς', 'Άμμος')),
)
ANSWERS = (
    Answer(chosen=(0,)),
    Answer(chosen=(0, 1)),
    None,
    Answer(text='επτά'),
    Answer(text='άμμος'),
    Answer(text='Έτσι.'),
    Answer(pairs=(1, None)),
    Answer(order=(2, 1, 0)),
)
OPEN = Rules(minutes=30, closes_at=clock.now() + timedelta(days=300), shows_solution=Reveal.AFTER_SUBMIT)
BANDS = (Band(from_percent=0, text='Διάβασε ξανά.'),)


async def greek_quizzes(klass: ClassAtHand, student: Actor) -> tuple[str, ...]:
    """Prepare quizzes; returns the ends of their addresses."""
    await database.write(joining.join, student, code=klass.code)

    async def quiz(rules: Rules, questions: tuple[Question, ...] = QUESTIONS) -> QuizAtHand:
        return await a_quiz(klass=klass, title='Χώμα', questions=questions, rules=replace(rules, bands=BANDS))

    before = await quiz(replace(OPEN, attempts_allowed=3))
    await take(before, ANSWERS, by=student)
    closed = await quiz(Rules(attempts_allowed=1, is_practice=False, shows_solution=Reveal.AFTER_CLOSE), QUESTIONS[:5])
    await take(closed, ANSWERS[:5], by=student)
    practice = await quiz(Rules(is_practice=True, one_at_a_time=True, may_go_back=False))
    during = await quiz(replace(OPEN, asks_confidence=True))
    await _answer(during, await begin(during, by=student), by=student)
    one = await quiz(Rules(one_at_a_time=True))
    await begin(one, by=student)
    at_once = await quiz(Rules(**dict.fromkeys(_SHOWS, Reveal.AFTER_ANSWER)))  # type: ignore[arg-type]
    await _answer(at_once, await begin(at_once, by=student), by=student)
    unset = before.checkpoint_id, closed.checkpoint_id
    ends = [each.checkpoint_id for each in (before, closed, practice, during, one, at_once)]
    return *(f'{end}' for end in ends), *(f'{end}?attempt=1' for end in unset)


async def _answer(quiz: QuizAtHand, attempt_id: int, *, by: Actor) -> None:
    for position in (0, 1, 3):
        await give(quiz, attempt_id, position, ANSWERS[position], by=by)


_SHOWS = 'shows_score', 'shows_right', 'shows_solution', 'shows_feedback'
