"""What a system is told of work that a person grades, of a question that was corrected, and of a class."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import update

from models import Change, LtiLink
from services.assignments import grading
from services.assignments.rules import Rules
from services.core import clock, database
from services.lms import tokens
from services.quizzes import regrading
from services.quizzes.answer import Answer
from tests.factories.assignments import AssignmentAtHand, an_assignment, hand_in
from tests.factories.people import an_admin
from tests.factories.quizzes import FINEST, RIGHT, SAND_IS_RIGHT, take
from tests.services.lms.test_grades_out import a_linked_quiz, said, send
from tests.support.lti_platform import FakePlatform, a_platform

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('R3')]


@pytest.fixture
async def campus(data_dir: object) -> AsyncIterator[FakePlatform]:
    tokens._tokens.clear()
    async with a_platform() as platform:
        await platform.register(await an_admin())
        yield platform


async def test_an_essay_is_pending_until_a_person_has_graded_it_and_carries_their_words(campus: FakePlatform) -> None:
    quiz = await a_linked_quiz(campus)
    work = await an_assignment(klass=quiz.klass, with_rules=Rules(may_resubmit=True))
    await opens(checkpoint_id=work.checkpoint_id)

    tried = await hand_in(work)
    assert (await send(), await send()) == (1, 0)
    assert told(campus) == ('Submitted', 'PendingManual', None, None)

    await grade(work, tried, 70, 'Look at the **clay** again: “ø” & 王')
    assert await send() == 0, 'graded and not given back: the learner does not know it either'
    await database.write(grading.give_back, work.teacher, work.checkpoint_id)
    assert (await send(), await send()) == (1, 0)
    assert told(campus) == ('Completed', 'FullyGraded', 70, 'Look at the **clay** again: “ø” & 王')

    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        again = await hand_in(work, 'Sandy, with clay.')
        await send()
        assert told(campus)[:3] == ('Completed', 'FullyGraded', 70), 'the first grade stands until the second is given'
        await grade(work, again, 0, 'Copied.')
        await database.write(grading.give_back, work.teacher, work.checkpoint_id)
        await send()
    assert told(campus)[2] == 70


async def test_a_question_that_is_corrected_sends_each_grade_that_moved_once(campus: FakePlatform) -> None:
    quiz = await a_linked_quiz(campus, learners=('Lena Learner', 'Otto Other'))
    lena, otto = quiz.klass.learners
    await take(quiz, RIGHT, by=lena)
    await take(quiz, (Answer(chosen=(1,)), *RIGHT[1:]), by=otto)
    assert await send() == 2
    before = {each['userId']: each['scoreGiven'] for each in campus.scores}
    assert before['lena-17'] == 100 > before['lena-18']

    await database.write(
        regrading.edit,
        quiz.teacher,
        quiz.question_ids[0],
        SAND_IS_RIGHT,
        change=Change.ACCEPT_BOTH,
        reason='Both hold.',
    )
    while await database.write(regrading.regrade_some):
        pass
    assert (await send(), await send()) == (1, 0)
    assert [(each['userId'], each['scoreGiven']) for each in campus.scores[2:]] == [('lena-18', 100)]

    for keeps_better, sent in (True, []), (False, [('lena-18', before['lena-18'])]):
        await database.write(
            regrading.edit,
            quiz.teacher,
            quiz.question_ids[0],
            FINEST,
            change=Change.REGRADE,
            keeps_better=keeps_better,
        )
        while await database.write(regrading.regrade_some):
            pass
        assert (await send(), await send()) == (len(sent), 0)
        assert [(each['userId'], each['scoreGiven']) for each in campus.scores[3:]] == sent


async def test_a_link_to_a_class_has_no_grade(campus: FakePlatform) -> None:
    quiz = await a_linked_quiz(campus)
    await opens(checkpoint_id=None, in_class=True)
    await take(quiz, RIGHT)
    assert await send() == 0
    assert (said(campus), campus.columns) == ([], [])


async def opens(**target: Any) -> None:
    """Let the link open something else than the quiz."""
    await database.write(lambda tx: tx.execute(update(LtiLink).values(**target)))


async def grade(work: AssignmentAtHand, submission_id: int, percent: int, feedback: str) -> None:
    await database.write(grading.grade, work.teacher, submission_id, grade=percent, feedback=feedback)


def told(campus: FakePlatform) -> tuple[Any, ...]:
    """The progress, the grade and the comment that have arrived last."""
    last = campus.scores[-1]
    return last['activityProgress'], last['gradingProgress'], last.get('scoreGiven'), last.get('comment')
