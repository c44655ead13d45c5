"""Grades on their way to a platform: each once, the newest last, and none lost while the platform is down."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import update

from models import LtiIdentity, LtiLink, Reveal
from services import followers
from services.access import Actor
from services.activity import following
from services.core import clock, database
from services.core.errors import NotFound, Refused
from services.core.transaction import Transaction
from services.grades import overrides
from services.lms import connection, platforms, roster, scores, sending, sent_grades, services, tokens
from services.lms.connection import NotReached
from services.quizzes import quiz_settings
from services.quizzes.quiz_settings import Rules
from tests.factories.people import an_admin
from tests.factories.quizzes import RIGHT, WRONG, QuizAtHand, a_quiz, take
from tests.support.lti_platform import MEMBERSHIP, FakePlatform, a_platform

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('R3'), pytest.mark.both_databases]


PATIENCE = 60.0
"""seconds"""
FOLLOWING = [following.Running(follower) for follower in followers.ALL]


@pytest.fixture
async def campus(data_dir: object) -> AsyncIterator[FakePlatform]:
    tokens._tokens.clear()
    async with a_platform() as platform:
        await platform.register(await an_admin())
        yield platform


async def a_linked_quiz(campus: FakePlatform, *, learners: Sequence[str] = ('Lena Learner',)) -> QuizAtHand:
    """A quiz that a link of the platform opens, with learners who came from there."""
    quiz = await a_quiz(learners=learners)

    def link(tx: Transaction) -> None:
        for number, learner in enumerate(quiz.klass.learners, start=17):
            tx.session.add(
                LtiIdentity(issuer=campus.address, subject=f'lena-{number}', user_id=learner.user_id, made_at=tx.now)
            )
        tx.session.add(
            LtiLink(
                platform_id=1,
                deployment_id='dep-1',
                resource_link_id='link-1',
                context_id='course-9',
                course_id=quiz.klass.course_id,
                checkpoint_id=quiz.checkpoint_id,
                line_items=f'{campus.address}/columns?type=1',
                scopes=[services.LINE_ITEM, services.SCORE, services.RESULT],
                roster=f'{campus.address}/members',
                seen_at=tx.now,
            )
        )

    await database.write(link)
    return quiz


async def follow() -> None:
    for follower in FOLLOWING:
        await follower.catch_up()


async def send() -> int:
    await follow()
    return await sending.send_due()


async def set_grade(quiz: QuizAtHand, score: int, reason: str = 'Looked at again', *, of: Actor | None = None) -> None:
    await database.write(
        overrides.set_score,
        quiz.teacher,
        quiz.checkpoint_id,
        user_id=(of or quiz.learner).user_id,
        score=score,
        reason=reason,
    )


async def test_a_platform_that_takes_its_time_is_sent_some_at_once_and_makes_one_column(
    campus: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiz = await a_linked_quiz(campus, learners=[f'Learner {number}' for number in range(sending.AT_ONCE)])
    for learner in quiz.klass.learners:
        await take(quiz, RIGHT, by=learner)
    all_there, send_score = asyncio.Barrier(sending.AT_ONCE), services.send_score

    async def slowly(*args: Any) -> None:
        await all_there.wait()  # one after another, the first would wait here for ever
        await send_score(*args)

    monkeypatch.setattr(services, 'send_score', slowly)
    async with asyncio.timeout(PATIENCE):
        assert await send() == sending.AT_ONCE

    assert len(campus.columns) == 1
    assert {each['userId'] for each in campus.scores} == {f'lena-{17 + each}' for each in range(sending.AT_ONCE)}


def said(campus: FakePlatform) -> list[object]:
    return [each.get('scoreGiven') for each in campus.scores]


async def test_grades_arrive_once_with_their_comment_and_nought_is_one(campus: FakePlatform) -> None:
    quiz = await a_linked_quiz(campus)
    assert await send() == 0, 'nothing was done yet'
    await take(quiz, WRONG)
    assert (await send(), await send()) == (1, 0)
    ((column),) = campus.columns
    assert (column['label'], column['resourceLinkId']) == ('Soil quiz', 'link-1')
    assert campus.scores[0]['scoreGiven'] == 0
    assert (campus.scores[0]['userId'], campus.scores[0]['scoreMaximum']) == ('lena-17', 100)
    assert campus.scores[0]['gradingProgress'] == 'FullyGraded'

    await take(quiz, RIGHT)
    for score in (70, 60, 80):
        await set_grade(quiz, score)
    assert await send() == 1, 'three changes are one'
    await set_grade(quiz, 80)
    assert await send() == 0
    assert said(campus) == [0, 80]
    assert campus.scores[1]['comment'] == 'Looked at again'
    assert campus.scores[0]['timestamp'] < campus.scores[1]['timestamp']
    assert (len(campus.columns), campus.tokens) == (1, 2), 'one column, and a token for each thing that is asked'

    await database.write(
        overrides.excuse, quiz.teacher, quiz.checkpoint_id, user_id=quiz.learner.user_id, reason='Was ill'
    )
    assert await send() == 1
    assert campus.scores[2]['gradingProgress'] == 'NotReady'
    assert 'scoreGiven' not in campus.scores[2]


async def test_a_total_moves_once_a_score_may_be_seen_although_nobody_does_anything(campus: FakePlatform) -> None:
    quiz = await a_linked_quiz(campus)
    of_course = update(LtiLink).values(checkpoint_id=None)
    await database.write(lambda tx: tx.execute(of_course))
    await database.write(quiz_settings.set_rules, quiz.teacher, quiz.checkpoint_id, Rules(shows_score=Reveal.NEVER))
    await take(quiz, RIGHT)
    await send()
    assert [score for score in said(campus) if score is not None] == []

    await database.write(quiz_settings.set_rules, quiz.teacher, quiz.checkpoint_id, Rules())
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        assert await send() == 1

    assert said(campus)[-1] == 100
    await set_grade(quiz, 120)
    with time_machine.travel(clock.now() + timedelta(hours=3), tick=False):
        await send()
    assert said(campus)[-1] == 120, 'a total may have extra credit in it'


async def test_nothing_is_lost_while_the_platform_is_down_and_the_admin_sees_it(campus: FakePlatform) -> None:
    quiz, admin = await a_linked_quiz(campus), await an_admin()
    await take(quiz, WRONG)
    campus.status = 503
    now = clock.now()
    assert await send() == 0
    for hour in range(1, 30):
        with time_machine.travel(now + timedelta(hours=1.5 * hour), tick=False):
            await send()
            if hour == 20:
                await set_grade(quiz, 40)
    ((trouble),) = await database.read(sent_grades.of_school, admin)
    assert (trouble.platform, trouble.count, trouble.is_final) == ('Campus', 1, False)
    assert '503' in str(trouble.problem)

    campus.status = 200
    with time_machine.travel(now + timedelta(hours=60), tick=False):
        assert await send() == 1
    assert said(campus) == [40]
    assert await database.read(sent_grades.of_school, admin) == []


async def test_a_platform_that_asks_for_time_gets_it_and_refusals_wait_for_a_person(campus: FakePlatform) -> None:
    quiz, admin = await a_linked_quiz(campus), await an_admin()
    await take(quiz, WRONG)
    campus.status, campus.headers = 429, {'retry-after': '7200'}
    now = clock.now()
    await send()
    with time_machine.travel(now + timedelta(minutes=110), tick=False):
        asked = campus.asked
        await send()
        assert campus.asked == asked
    campus.status, campus.headers = 422, {}
    with time_machine.travel(now + timedelta(minutes=125), tick=False):
        await send()
        ((trouble),) = await database.read(sent_grades.of_school, admin)
        assert trouble.is_final
        campus.status = 200
        assert await send() == 0, 'trying again by itself is of no use'
        assert await database.write(sent_grades.send_again, admin) == 1
        assert await send() == 1


async def test_an_address_that_nobody_can_read_stops_no_other_grade(campus: FakePlatform) -> None:
    quiz, admin = await a_linked_quiz(campus), await an_admin()
    await take(quiz, WRONG)

    def spoil(tx: Transaction) -> None:
        good = tx.session.get_one(LtiLink, 1)
        for number, line_item in enumerate(('https://[x', 'https://127.0.0.1:99999/x'), start=2):
            told = good.model_dump(exclude={'id'}) | {'resource_link_id': f'link-{number}', 'line_item': line_item}
            tx.session.add(LtiLink(**told))
            tx.session.flush()
            scores.touch(tx, number, quiz.learner.user_id)

    await database.write(spoil)
    assert await send() == 1
    ((trouble),) = await database.read(sent_grades.of_school, admin)
    assert (trouble.count, trouble.is_final) == (2, True)


async def test_what_changes_while_a_grade_is_sent_is_sent_after_it(campus: FakePlatform) -> None:
    quiz = await a_linked_quiz(campus)
    await take(quiz, WRONG)
    await follow()
    taken = await database.write(scores.take_next)
    assert taken is not None
    assert await database.write(scores.take_next) is None, 'another process holds it'
    await set_grade(quiz, 55)
    await follow()
    await database.write(scores.finish, taken)
    assert await send() == 1
    assert said(campus) == [55]


async def test_a_class_list_is_compared_first_and_nobody_is_deleted(campus: FakePlatform) -> None:
    quiz = await a_linked_quiz(campus)
    course = quiz.klass.course_id
    campus.members = [
        {'user_id': 'lena-17', 'name': 'Lena', 'roles': ['Learner'], 'status': 'Active'},
        {'user_id': 'otto-1', 'name': 'Otto New', 'roles': ['Learner']},
        {'user_id': 'tess-1', 'name': 'Tess', 'roles': ['Instructor']},
        {'user_id': 'gone-1', 'name': 'Gone', 'roles': ['Learner'], 'status': 'Inactive'},
        {'user_id': ['7'], 'roles': 'Learner'},
    ]
    for _ in range(2):
        compared = await roster.compare(quiz.teacher, course, link_id=1)
        assert (compared.new, compared.here, compared.left, compared.others) == (('Otto New',), 1, (), 1)

    await roster.take_over(quiz.teacher, course, link_id=1)
    campus.members = campus.members[:1]
    compared = await roster.compare(quiz.teacher, course, link_id=1)
    assert (compared.new, compared.here, compared.left) == ((), 1, ('Otto New',))
    await roster.take_over(quiz.teacher, course, link_id=1)
    assert (await roster.compare(quiz.teacher, course, link_id=1)).left == (), 'marked once'
    campus.members = []
    with pytest.raises(Refused, match='empty'):
        await roster.take_over(quiz.teacher, course, link_id=1)
    with pytest.raises(NotFound):
        await roster.compare(quiz.learner, course, link_id=1)


async def test_a_class_list_may_be_one_long_page_as_in_moodle_or_many_short_ones_as_in_canvas(
    campus: FakePlatform,
) -> None:
    quiz = await a_linked_quiz(campus)
    course, learner = quiz.klass.course_id, f'{MEMBERSHIP}Learner'
    more = {'roles': [learner], 'status': 'Active', 'email': 'x' * 300, 'lis_person_sourcedid': ''}
    campus.members = [{'user_id': str(number), 'name': f'Learner {number}', **more} for number in range(5_000)]
    campus.page = 5_000
    assert len((await roster.compare(quiz.teacher, course, link_id=1)).new) == 5_000

    campus.members, campus.page = campus.members[:2_500], 10
    assert len((await roster.compare(quiz.teacher, course, link_id=1)).new) == 2_500


async def test_no_platform_leads_into_the_network_of_the_school(campus: FakePlatform) -> None:
    await a_linked_quiz(campus)
    platform = (await database.read(platforms.of_school, await an_admin()))[0]
    await connection.check_address(platform.hosts, f'{campus.address}/columns')
    for address in ('http://10.0.0.1/x', 'http://169.254.169.254/', 'http://[::1]/', 'file:///etc/passwd', 'http://'):
        with pytest.raises(NotReached):
            await connection.check_address(platform.hosts, address)
