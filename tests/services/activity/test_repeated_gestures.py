"""A gesture that comes again, because its receipt was lost: the same receipt, whatever has become a rule since."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from models import Reveal
from services.core import clock, database
from services.core.errors import Gone, KeyTaken, Refused, Removed
from services.courses import catalog, checkpoints
from services.live import own_alias, sessions
from services.live.questions import answering as live_answering
from services.live.questions import asking
from services.people import participants
from services.quizzes import attempts, closing, quiz_settings
from services.quizzes.quiz_settings import Rules
from tests.factories.classes import assert_log_and_projections_agree, join_class, tap
from tests.factories.people import another_device
from tests.factories.quizzes import FINEST, RIGHT, WRONG, QuizAtHand, a_quiz, begin, give

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.both_databases]


async def _submitted(quiz: QuizAtHand, attempt_id: int) -> None:
    await database.write(closing.submit, await another_device(of=quiz.learner), attempt_id)


async def _closed_by_the_clock(quiz: QuizAtHand, attempt_id: int) -> None:
    assert await database.write(closing.close_due) == 1


async def _archived(quiz: QuizAtHand, attempt_id: int) -> None:
    await database.write(catalog.archive, quiz.teacher, quiz.klass.course_id, archived=True)


async def _removed(quiz: QuizAtHand, attempt_id: int) -> None:
    await database.write(participants.remove, quiz.teacher, quiz.klass.course_id, user_id=quiz.learner.user_id)


async def _deleted(quiz: QuizAtHand, attempt_id: int) -> None:
    await database.write(checkpoints.delete, quiz.teacher, quiz.checkpoint_id)


async def _gone_on(quiz: QuizAtHand, attempt_id: int) -> None:
    await give(quiz, attempt_id, 0, WRONG[0])


Happens = Callable[[QuizAtHand, int], Awaitable[None]]


@pytest.mark.req('Q1', 'Q2')
@pytest.mark.parametrize(
    ('rules', 'minutes', 'happens', 'refusal'),
    [
        (Rules(minutes=10), 0, _submitted, Gone),
        (Rules(minutes=10), 11, None, Gone),
        (Rules(minutes=10), 11, _closed_by_the_clock, Gone),
        (Rules(minutes=10), 0, _archived, Gone),
        (Rules(minutes=10), 0, _removed, Removed),
        (Rules(minutes=10), 0, _deleted, Gone),
        (Rules(), 0, _gone_on, None),
        (Rules(shows_right=Reveal.AFTER_ANSWER), 0, None, Refused),
    ],
)
async def test_an_answer_that_comes_again_has_its_first_receipt_whatever_was_decided_since(
    rules: Rules, minutes: int, happens: Happens | None, refusal: type[Exception] | None
) -> None:
    quiz = await a_quiz(rules=rules)
    attempt_id = await begin(quiz)
    first = await give(quiz, attempt_id, 0, RIGHT[0], tap_id='the first')

    with time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=False):
        if happens:
            await happens(quiz, attempt_id)
        again = await give(quiz, attempt_id, 0, RIGHT[0], tap_id='the first')
        assert again == first
        if refusal:
            with pytest.raises(refusal):
                await give(quiz, attempt_id, 0, RIGHT[0], tap_id='another')
    await assert_log_and_projections_agree()


@pytest.mark.req('Q2')
async def test_by_how_much_an_answer_was_late_stays_in_its_receipt() -> None:
    quiz = await a_quiz(rules=Rules(minutes=10))
    attempt_id = await begin(quiz)
    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=6), tick=False) as travel:
        first = await give(quiz, attempt_id, 0, RIGHT[0], tap_id='the first')
        assert first.late_seconds in {6, 7}
        travel.shift(timedelta(minutes=1))
        assert await give(quiz, attempt_id, 0, RIGHT[0], tap_id='the first') == first


@pytest.mark.req('Q2', 'L15')
async def test_one_gesture_never_stands_for_two() -> None:
    quiz = await a_quiz()
    attempt_id = await begin(quiz)
    await tap(quiz.klass, quiz.klass.checkpoints[0], tap_id='a tap')
    await give(quiz, attempt_id, 0, RIGHT[0], tap_id='the first')
    for tap_id in ('the first', 'a tap'):
        with pytest.raises(KeyTaken):
            await give(quiz, attempt_id, 1, RIGHT[1], tap_id=tap_id)
    asked = await database.write(asking.ask_new, quiz.teacher, quiz.klass.course_id, FINEST)
    with pytest.raises(KeyTaken):
        await live_answering.save(
            live_answering.Given(actor=quiz.learner, live_question_id=asked, tap_id='the first', answer=RIGHT[0])
        )
    assert (await database.read(attempts.paper, quiz.learner, attempt_id)).asked[1].answer is None


@pytest.mark.req('Q2')
async def test_an_attempt_that_was_begun_is_begun_also_where_none_may_begin_now() -> None:
    quiz = await a_quiz(rules=Rules(attempts_allowed=1))
    start = (attempts.start, quiz.learner, quiz.checkpoint_id)
    first = await database.write(*start, tap_id='the first')
    await database.write(closing.submit, quiz.learner, first)
    await database.write(quiz_settings.publish, quiz.teacher, quiz.checkpoint_id, published=False)
    for happens in (_archived, _removed):
        await happens(quiz, first)
        assert await database.write(*start, tap_id='the first') == first


@pytest.mark.req('L15')
async def test_an_answer_in_class_that_comes_again_has_its_first_receipt_also_after_the_class() -> None:
    quiz = await a_quiz()
    klass, lena = quiz.klass, quiz.learner
    await join_class(klass, by=lena)
    asked = await database.write(asking.ask_new, klass.teacher, klass.course_id, FINEST)
    given = live_answering.Given(actor=lena, live_question_id=asked, tap_id='the first', answer=RIGHT[0])
    first = await live_answering.save(given)
    changed = await live_answering.save(replace(given, tap_id='the second', answer=WRONG[0]))
    assert await live_answering.save(given) == first != changed

    await database.write(sessions.end, klass.teacher, klass.course_id)
    await _archived(quiz, 0)
    await _removed(quiz, 0)
    assert await live_answering.save(given) == first
    with pytest.raises(Removed):
        await live_answering.save(replace(given, tap_id='the third'))
    await assert_log_and_projections_agree()


@pytest.mark.req('L9')
async def test_another_alias_that_was_taken_is_taken_also_after_the_class() -> None:
    quiz = await a_quiz()
    swap = (own_alias.swap, quiz.learner, quiz.klass.course_id)
    await database.write(*swap, tap_id='the first')
    await database.write(sessions.end, quiz.teacher, quiz.klass.course_id)
    await database.write(*swap, tap_id='the first')
    with pytest.raises(Gone):
        await database.write(*swap, tap_id='the second')
