"""A teacher brings what they have: from the questions of another system to the grades that they hand on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from models import Attempt, Change, LiveQuestionState
from services.core import database
from services.core.transaction import Transaction
from services.grades import grade_file
from services.live.questions import answering, asking, past
from services.live.questions.answering import Given
from services.quizzes import bank, closing, importing, marking, regrading, results
from services.quizzes.answer import Answer
from services.quizzes.question import WHOLE, Option, QuestionKind
from services.quizzes.quiz_settings import Fixed, Rules
from tests.factories.classes import a_class, assert_log_and_projections_agree, join_class
from tests.factories.quizzes import a_quiz, begin, give, take
from tests.support.running import Server, token_of
from tests.support.visitor import Visitor

pytestmark = pytest.mark.req('Q2', 'Q3', 'Q7', 'Q9', 'L15', 'C7')

FINEST, ACID, ESSAY = 'Which soil is finest?', 'What turns soil acid?', 'Why does clay hold water?'


def choice(text: str, right: str, wrong: str) -> str:
    """Return a question as Moodle exports it."""
    return f"""<question type="multichoice"><name><text>{text}</text></name>
<questiontext format="html"><text><![CDATA[<p>{text}</p>]]></text></questiontext>
<defaultgrade>1.0000000</defaultgrade><single>true</single><shuffleanswers>true</shuffleanswers>
<answer fraction="100" format="html"><text>{right}</text></answer>
<answer fraction="0" format="html"><text>{wrong}</text></answer></question>"""


MOODLE = f"""<?xml version="1.0" encoding="UTF-8"?><quiz>
<question type="category"><category><text>$course$/top/Soil</text></category></question>
{choice(FINEST, 'Clay', 'Sand')}
{choice(ACID, 'Lime', 'Peat')}
<question type="essay"><name><text>{ESSAY}</text></name>
<questiontext format="html"><text><![CDATA[<p>{ESSAY}</p>]]></text></questiontext>
<defaultgrade>2.0000000</defaultgrade><responseformat>editor</responseformat></question></quiz>"""
"""the key of the second question is wrong"""


async def test_from_a_file_of_moodle_over_a_class_and_a_quiz_to_grades_in_a_workbook(
    server: Server, a_visitor: Callable[..., Visitor]
) -> None:
    klass = await a_class(checkpoints=1, learners=['Lena', 'Otto'])
    teacher, (lena, otto) = klass.teacher, klass.learners
    found = await importing.read('soil.xml', MOODLE.encode())
    assert (found.problems, found.left_out) == ((), ())
    added = await database.write(importing.bring_in, teacher, klass.course_id, found.questions)
    finest, acid, _ = added
    kinds = [(await database.read(bank.one, teacher, id_)).content.kind for id_ in added]
    assert kinds == [QuestionKind.SINGLE_CHOICE, QuestionKind.SINGLE_CHOICE, QuestionKind.ESSAY]

    # in class, the first one
    for who in (lena, otto):
        await join_class(klass, by=who)
    asked = await database.write(asking.ask, teacher, klass.course_id, finest)
    for who, place in ((lena, 0), (otto, 1)):
        given = Given(actor=who, live_question_id=asked, tap_id=uuid4().hex, answer=Answer(chosen=(place,)))
        await answering.save(given)
    for state in (LiveQuestionState.CLOSED, LiveQuestionState.DISTRIBUTION, LiveQuestionState.SOLUTION):
        await database.write(asking.move, teacher, asked, state)
    (kept,) = await database.read(past.of_class, klass.session_id)
    assert kept.right_percent == 50

    # at home, all three; Otto's time runs out, and what he had saved counts
    quiz = await a_quiz(
        klass=klass,
        questions=(),
        items=[Fixed(question_id=id_) for id_ in added],
        rules=Rules(minutes=20),
        title='Soil',
    )
    peat = Answer(chosen=(1,))
    first = await take(quiz, (Answer(chosen=(0,)), peat, Answer(text='Its pores are small.')), by=lena)
    second = await begin(quiz, by=otto)
    await give(quiz, second, 1, peat, by=otto)
    await database.write(let_time_run_out, second)
    await database.write(closing.close_due)  # if the clock of the server has not done it

    # the key was wrong
    key = (await database.read(bank.one, teacher, acid)).content
    mended = replace(key, options=(replace(key.options[0], credit=0), Option(text='Peat', credit=WHOLE)))
    await database.write(regrading.edit, teacher, acid, mended, change=Change.REGRADE, reason='Peat is acid.')
    await regrading.regrade_all()

    # an essay
    (pile,) = await database.read(marking.piles, teacher, klass.course_id)
    assert pile.waiting == 1
    about = {'position': 2, 'points': Decimal('1.5'), 'remark': 'And why are they?'}
    await database.write(marking.grade, teacher, first, **about)
    scores = {each.name: each.score for each in await database.read(results.of_quiz, teacher, quiz.checkpoint_id)}
    assert scores == {'Lena': 87, 'Otto': 25}
    await assert_log_and_projections_agree()

    # and on to somebody else
    visitor = a_visitor(token=await token_of(teacher))
    answer = await visitor.opens(f'/courses/{klass.course_id}/gradebook.xlsx')
    (_, heading), *rows = (await grade_file.read(answer.content)).rows
    assert heading == ('Waymark ID', 'Name', 'Group', f'Soil [#{quiz.checkpoint_id}]', 'Total')
    assert [row[1:] for _, row in rows] == [('Lena', '', '87', '87'), ('Otto', '', '25', '25')]


def let_time_run_out(tx: Transaction, attempt_id: int) -> None:
    """Move the end of an attempt into the past: the server has a clock of its own."""
    attempt = tx.session.get_one(Attempt, attempt_id)
    attempt.ends_at = tx.now - timedelta(minutes=1)
    tx.session.add(attempt)
