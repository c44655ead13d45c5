"""Where and on what a quiz is taken, and what interrupted it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from models import Attempt, DeviceClass, LearningSession, Mode
from services.access import Actor
from services.core import database
from services.core.transaction import Transaction
from services.live import sessions
from services.quizzes import answering, asked, attempts, circumstances, closing, results, review
from services.quizzes.answering import Given
from services.quizzes.quiz_settings import Rules
from services.study import sessions as learning_sessions
from services.study import times
from tests.factories.classes import join_class
from tests.factories.people import another_device
from tests.factories.quizzes import RIGHT, a_quiz, begin, give, take

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('Q2', 'Q5')]

PIXEL = 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36'
TAB = 'Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 Chrome/126.0 Safari/537.36'
IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1'
IPAD = 'Mozilla/5.0 (iPad; CPU OS 16_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1'
LAPTOP = 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0'


@pytest.mark.parametrize(
    ('agent', 'kind'),
    [
        (PIXEL, DeviceClass.MOBILE),
        (IPHONE, DeviceClass.MOBILE),
        (TAB, DeviceClass.TABLET),
        (IPAD, DeviceClass.TABLET),
        (LAPTOP, DeviceClass.DESKTOP),
        ('', DeviceClass.DESKTOP),
    ],
)
async def test_the_kind_of_device_is_read_from_what_the_browser_says(agent: str, kind: DeviceClass) -> None:
    assert circumstances.device_class(agent) is kind


async def test_an_address_is_kept_as_a_hash_that_says_only_whether_it_is_the_same() -> None:
    quiz = await a_quiz(rules=Rules(passing_percent=0))
    kept = []
    for agent, address in ((PIXEL, '192.0.2.7'), (LAPTOP, '192.0.2.7'), (LAPTOP, '192.0.2.8')):
        begun = {'tap_id': address + agent[13:19], 'user_agent': agent, 'address': address}
        attempt_id = await database.write(circumstances.begin, quiz.learner, quiz.checkpoint_id, **begun)
        kept.append(await attempt_of(attempt_id))
        await database.write(closing.submit, quiz.learner, attempt_id)
    assert [each.device for each in kept] == [DeviceClass.MOBILE, DeviceClass.DESKTOP, DeviceClass.DESKTOP]
    assert kept[0].address_hash == kept[1].address_hash != kept[2].address_hash
    assert len(kept[0].address_hash) == 64
    assert kept[0].browser


async def test_an_attempt_is_in_class_for_those_who_have_come_to_it() -> None:
    quiz = await a_quiz(learners=('Lena Learner', 'Otto Other'))
    await join_class(quiz.klass)
    lena, otto = quiz.klass.learners

    async def mode_of(learner: Actor) -> Mode:
        begun = await database.write(circumstances.begin, learner, quiz.checkpoint_id, tap_id='a')
        await database.write(closing.submit, learner, begun)
        return (await attempt_of(begun)).mode

    assert (await mode_of(lena), await mode_of(otto)) == (Mode.LIVE, Mode.SELF_PACED)
    await database.write(sessions.end, quiz.teacher, quiz.klass.course_id)
    begun = await database.write(circumstances.begin, lena, quiz.checkpoint_id, tap_id='b')
    assert (await attempt_of(begun)).mode is Mode.SELF_PACED


async def test_coming_back_is_counted_while_the_attempt_goes_on() -> None:
    quiz = await a_quiz()
    attempt_id = await begin(quiz)
    for _ in range(2):
        await database.write(circumstances.come_back, quiz.learner, attempt_id)
    assert (await attempt_of(attempt_id)).interruptions == 2
    await database.write(closing.submit, quiz.learner, attempt_id)
    await database.write(circumstances.come_back, quiz.learner, attempt_id)
    assert (await attempt_of(attempt_id)).interruptions == 2


@pytest.mark.both_databases
async def test_the_time_at_a_question_that_is_left_unanswered_counts() -> None:
    quiz = await a_quiz(rules=replace(Rules(), one_at_a_time=True))
    attempt_id = await begin(quiz)
    await database.write(attempts.go_to, quiz.learner, attempt_id, position=1, seconds=12.4)
    await give(quiz, attempt_id, 1, RIGHT[1])
    await database.write(attempts.go_to, quiz.learner, attempt_id, position=0, seconds=float('nan'))
    await database.write(attempts.go_to, quiz.learner, attempt_id, position=2, seconds=-4)

    def seconds(tx: Transaction) -> list[int]:
        return [row.seconds for row, _ in asked.rows_of(tx, attempt_id)]

    assert await database.read(seconds) == [12, 5, 0]


@pytest.mark.both_databases
async def test_a_learning_session_counts_the_attempts_that_begin_in_it() -> None:
    quiz = await a_quiz(rules=Rules(passing_percent=0))
    tablet = await another_device(of=quiz.learner)
    for device in (quiz.learner, tablet):
        await database.write(learning_sessions.beat, device, quiz.checkpoint_id)
    await take(quiz)
    await begin(quiz)
    assert await begin(quiz, by=tablet)  # goes on with the same attempt

    def attempted(tx: Transaction) -> dict[int | None, int]:
        return {row.sign_in_id: row.quizzes_attempted for row in tx.session.scalars(select(LearningSession))}

    assert await database.read(attempted) == {quiz.learner.sign_in_id: 2, tablet.sign_in_id: 0}
    learning = await database.read(times.own, quiz.learner, quiz.klass.course_id)
    assert sorted(each.quizzes_attempted for each in learning.sessions) == [0, 2]


async def attempt_of(attempt_id: int) -> Attempt:
    return await database.read(lambda tx: tx.session.get_one(Attempt, attempt_id).model_copy())


async def test_leaving_the_page_is_counted_told_to_both_and_moves_no_score() -> None:
    """A program may say so; it is once for each answer, however often that is sent, and never a verdict."""
    quiz = await a_quiz()
    attempt_id = await begin(quiz)
    for position, tap_id, has_left in ((0, 'a', True), (0, 'a', True), (1, 'b', False), (2, 'c', True)):
        given = Given(
            actor=quiz.learner,
            attempt_id=attempt_id,
            position=position,
            tap_id=tap_id,
            answer=RIGHT[position],
            has_left=has_left,
        )
        await answering.save(given)
    await database.write(closing.submit, quiz.learner, attempt_id)

    own = await database.read(review.review, quiz.learner, attempt_id)
    (of_staff,) = await database.read(results.of_quiz, quiz.teacher, quiz.checkpoint_id)
    assert (own.times_left, of_staff.times_left) == (2, 2)
    assert (own.score, own.is_passed) == (100, True)
