"""Grades read back from a platform: where they differ, since when, and what a teacher does about it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from models import LtiIdentity, LtiLink
from services.core import clock, database
from services.core.errors import NotFound, Refused
from services.core.transaction import Transaction
from services.grades import gradebook
from services.lms import drift, reading_back, results, services, tokens
from services.lms.connection import NotReached
from services.lms.drift import Drift, LinkReport, Why
from services.people import participants
from tests.factories.people import a_guest, an_admin, an_instructor
from tests.factories.quizzes import WRONG, QuizAtHand, take
from tests.services.lms.test_grades_out import a_linked_quiz, send, set_grade
from tests.support.lti_platform import FakePlatform, a_platform

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('R3'), pytest.mark.both_databases]

HERE = {'link_id': 1}


@pytest.fixture
async def campus(data_dir: object) -> AsyncIterator[FakePlatform]:
    tokens._tokens.clear()
    async with a_platform() as platform:
        await platform.register(await an_admin())
        yield platform


async def a_quiz_with_grade(campus: FakePlatform, score: int = 80) -> QuizAtHand:
    """A quiz of which the platform has taken a grade."""
    quiz = await a_linked_quiz(campus)
    await take(quiz, WRONG)
    await set_grade(quiz, score)
    assert await send() == 1
    return quiz


async def report(quiz: QuizAtHand) -> LinkReport:
    (found,) = await database.read(drift.of_course, quiz.teacher, quiz.klass.course_id)
    return found


async def read(quiz: QuizAtHand) -> tuple[Drift, ...]:
    await reading_back.read_now(quiz.teacher, quiz.klass.course_id, link_id=1)
    return (await report(quiz)).drifts


async def grade(quiz: QuizAtHand) -> tuple[int | None, str]:
    own = await database.read(
        gradebook.of_learner, quiz.teacher, quiz.klass.course_id, user_id=quiz.learner.user_id, again=True
    )
    by_hand = own.by_hand.get(quiz.checkpoint_id)
    return own.row.cells[0].score, by_hand.reason if by_hand else ''


async def test_the_report_says_what_differs_since_when_and_why(campus: FakePlatform) -> None:
    quiz = await a_quiz_with_grade(campus)
    assert await reading_back.read_due() == 1
    assert (await report(quiz)).drifts == ()
    assert await reading_back.read_due() == 0, 'it is read again some hours later'

    campus.changed['lena-17'] = 70
    tuesday = clock.now() + timedelta(hours=8)
    with time_machine.travel(tuesday, tick=False):
        assert await reading_back.read_due() == 1
    with time_machine.travel(tuesday + timedelta(days=2), tick=False):
        assert await reading_back.read_due() == 1
        (found,) = (await report(quiz)).drifts
    assert (found.name, found.there, found.here, found.why) == ('Lena Learner', 70, 80, Why.CHANGED_THERE)
    assert abs(found.since - tuesday) < timedelta(seconds=1), 'since it was seen first'

    with time_machine.travel(tuesday + timedelta(days=3)):
        campus.changed['lena-17'] = None
        assert [(each.there, each.why) for each in await read(quiz)] == [(None, Why.REMOVED_THERE)]
        campus.changed['lena-17'] = 80.3
        assert await read(quiz) == (), 'platforms round'


async def test_theirs_is_taken_with_a_reason_and_is_sent_as_ours(campus: FakePlatform) -> None:
    quiz = await a_quiz_with_grade(campus)
    campus.changed['lena-17'] = 70
    await read(quiz)
    asked = {**HERE, 'user_id': quiz.learner.user_id, 'reason': 'As in Campus'}
    for nobody in (quiz.learner, await an_instructor()):
        with pytest.raises(NotFound):
            await database.write(drift.take_theirs, nobody, quiz.klass.course_id, shown=70, **asked)
    with pytest.raises(Refused, match='Another grade was read'):
        await database.write(drift.take_theirs, quiz.teacher, quiz.klass.course_id, shown=71, **asked)
    assert await grade(quiz) == (80, 'Looked at again')

    assert await database.write(drift.take_theirs, quiz.teacher, quiz.klass.course_id, shown=70, **asked) == 70
    assert await grade(quiz) == (70, 'As in Campus')
    assert (await report(quiz)).drifts == ()
    assert await send() == 1
    assert (campus.scores[-1]['scoreGiven'], campus.scores[-1]['comment']) == (70, 'As in Campus')
    assert await read(quiz) == ()


async def test_a_grade_that_cannot_be_one_here_is_not_taken(campus: FakePlatform) -> None:
    quiz = await a_quiz_with_grade(campus)
    campus.changed['lena-17'] = 151
    (found,) = await read(quiz)
    assert found.takes is None
    with pytest.raises(Refused, match='cannot be taken over'):
        await database.write(
            drift.take_theirs,
            quiz.teacher,
            quiz.klass.course_id,
            **HERE,
            user_id=quiz.learner.user_id,
            shown=151,
            reason='',
        )


async def test_extra_credit_is_taken_over_sent_and_read_back_without_a_difference(campus: FakePlatform) -> None:
    quiz = await a_quiz_with_grade(campus)
    campus.changed['lena-17'] = 120
    (found,) = await read(quiz)
    assert (found.there, found.takes) == (120, 120)
    asked = {**HERE, 'user_id': quiz.learner.user_id, 'shown': 120, 'reason': 'As in Campus'}
    assert await database.write(drift.take_theirs, quiz.teacher, quiz.klass.course_id, **asked) == 120
    assert await grade(quiz) == (120, 'As in Campus')
    assert await send() == 1
    assert (campus.scores[-1]['scoreGiven'], campus.scores[-1]['scoreMaximum']) == (120, 100)
    assert await read(quiz) == ()
    del campus.changed['lena-17']
    assert await read(quiz) == (), 'as it was sent'


async def test_a_platform_that_keeps_no_more_than_its_maximum_is_said_to_do_so(campus: FakePlatform) -> None:
    quiz = await a_quiz_with_grade(campus, 120)
    campus.changed['lena-17'] = 100
    (found,) = await read(quiz)
    assert (found.there, found.here, found.why, found.takes) == (100, 120, Why.CAPPED_THERE, None)
    asked = {**HERE, 'user_id': quiz.learner.user_id, 'shown': 100}
    with pytest.raises(Refused, match='cannot be taken over'):
        await database.write(drift.take_theirs, quiz.teacher, quiz.klass.course_id, **asked, reason='As in Campus')
    assert await grade(quiz) == (120, 'Looked at again'), 'no extra credit is lost'
    await database.write(drift.keep_ours, quiz.teacher, quiz.klass.course_id, **asked)
    assert [(each.why, each.takes) for each in (await report(quiz)).drifts] == [(Why.ON_ITS_WAY, None)]
    with pytest.raises(Refused, match='cannot be taken over'):
        await database.write(drift.take_theirs, quiz.teacher, quiz.klass.course_id, **asked, reason='As in Campus')
    assert await send() == 1
    assert [(each.why, each.takes) for each in (await report(quiz)).drifts] == [(Why.SENT_SINCE, None)]
    campus.changed['lena-17'] = 99
    assert [each.why for each in await read(quiz)] == [Why.CHANGED_THERE]


async def test_ours_is_sent_again_and_the_next_reading_says_whether_it_was_taken(campus: FakePlatform) -> None:
    quiz = await a_quiz_with_grade(campus)
    campus.changed['lena-17'] = 70
    await read(quiz)
    assert await send() == 0, 'the platform was sent this already'
    asked = {**HERE, 'user_id': quiz.learner.user_id, 'shown': 70}
    await database.write(drift.keep_ours, quiz.teacher, quiz.klass.course_id, **asked)
    assert [each.why for each in (await report(quiz)).drifts] == [Why.ON_ITS_WAY]
    assert await send() == 1
    assert campus.scores[-1]['scoreGiven'] == 80
    assert [each.why for each in (await report(quiz)).drifts] == [Why.SENT_SINCE]
    assert [each.why for each in await read(quiz)] == [Why.CHANGED_THERE], 'what was set there by hand stays'
    del campus.changed['lena-17']
    assert await read(quiz) == ()


async def test_what_is_ignored_comes_back_when_a_grade_changes(campus: FakePlatform) -> None:
    quiz = await a_quiz_with_grade(campus)
    campus.changed['lena-17'] = 70
    await read(quiz)
    asked = {**HERE, 'user_id': quiz.learner.user_id, 'shown': 70}
    await database.write(drift.ignore, quiz.teacher, quiz.klass.course_id, **asked)
    assert [each.is_ignored for each in await read(quiz)] == [True]
    campus.changed['lena-17'] = 60
    assert [each.is_ignored for each in await read(quiz)] == [False]
    campus.changed['lena-17'] = 70
    assert [each.is_ignored for each in await read(quiz)] == [True]
    await set_grade(quiz, 90)
    await send()
    assert [(each.here, each.is_ignored) for each in await read(quiz)] == [(90, False)]


async def test_long_lists_come_in_pages_and_strangers_are_left_out(campus: FakePlatform) -> None:
    quiz = await a_quiz_with_grade(campus)
    friends = [await a_guest(code=quiz.klass.code, name=f'Friend {number}') for number in range(5)]

    def arrive(tx: Transaction) -> None:
        for number, friend in enumerate(friends):
            tx.session.add(
                LtiIdentity(issuer=campus.address, subject=f's{number}', user_id=friend.user_id, made_at=tx.now)
            )

    await database.write(arrive)
    campus.changed = {f's{number}': 50 + number for number in range(5)} | {'nobody here': 10}
    found = await read(quiz)
    assert [(each.name, each.there, each.here) for each in found] == [
        (f'Friend {number}', 50 + number, None) for number in range(5)
    ]
    assert {each.why for each in found} == {Why.ONLY_THERE}


async def test_a_platform_that_does_not_answer_is_shown_and_nothing_read_is_lost(campus: FakePlatform) -> None:
    quiz, admin = await a_quiz_with_grade(campus), await an_admin()
    campus.changed['lena-17'] = 70
    await read(quiz)
    campus.status = 503
    with pytest.raises(NotReached, match='503'):
        await reading_back.read_now(quiz.teacher, quiz.klass.course_id, link_id=1)
    shown = await report(quiz)
    assert '503' in str(shown.problem)
    assert shown.failed_since
    assert [each.there for each in shown.drifts] == [70]
    ((unread),) = await database.read(results.of_school, admin)
    assert (unread.platform, unread.count) == ('Campus', 1)

    campus.status = 200
    with time_machine.travel(clock.now() + timedelta(minutes=20), tick=False):
        assert await reading_back.read_due() == 1
    assert (await report(quiz)).problem == ''
    assert await database.read(results.of_school, admin) == []


async def test_a_platform_that_lets_nothing_be_read_is_not_asked(campus: FakePlatform) -> None:
    quiz = await a_quiz_with_grade(campus)
    without = update(LtiLink).values(scopes=[services.LINE_ITEM, services.SCORE])
    await database.write(lambda tx: tx.execute(without))
    asked = campus.asked
    assert await reading_back.read_due() == 0
    with pytest.raises(Refused, match='does not let its grades be read'):
        await reading_back.read_now(quiz.teacher, quiz.klass.course_id, link_id=1)
    assert campus.asked == asked
    assert not (await report(quiz)).may_read


async def test_learners_who_have_left_are_out_of_the_report(campus: FakePlatform) -> None:
    quiz = await a_linked_quiz(campus)
    assert await read(quiz) == (), 'there is no column yet'
    await take(quiz, WRONG)
    await send()
    campus.changed['lena-17'] = 70
    assert len(await read(quiz)) == 1
    await database.write(participants.remove, quiz.teacher, quiz.klass.course_id, user_id=quiz.learner.user_id)
    assert (await report(quiz)).drifts == ()
    asked = {**HERE, 'user_id': quiz.learner.user_id, 'shown': 70}
    with pytest.raises(NotFound):
        await database.write(drift.keep_ours, quiz.teacher, quiz.klass.course_id, **asked)
