"""Scores as Moodle and Canvas take them: each has its own idea of what is too old, and of what is one more attempt.

The two were written after what their sources do; none of it was copied.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from models import LtiPlatform
from services.core import clock, database
from services.core.transaction import Transaction
from services.lms import scores, sent_grades, tokens
from tests.factories.people import an_admin
from tests.factories.quizzes import RIGHT, WRONG, take
from tests.services.lms.test_grades_out import a_linked_quiz, said, send, set_grade
from tests.support.lti_platform import FakePlatform, a_platform

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('R3')]


@pytest.fixture
async def campus(data_dir: object) -> AsyncIterator[FakePlatform]:
    tokens._tokens.clear()
    async with a_platform() as platform:
        await platform.register(await an_admin())
        yield platform


@dataclass(slots=True)
class Moodle:
    """Refuses what is not a whole second later than what it has, and whom it cannot grade."""

    left: set[str] = field(default_factory=set)
    newest: dict[str, int] = field(default_factory=dict)

    def judge(self, score: dict[str, Any]) -> int:
        moment = int(datetime.fromisoformat(score['timestamp']).timestamp())
        if score['userId'] in self.left:
            return 400
        if moment <= self.newest.get(score['userId'], 0):
            return 409
        self.newest[score['userId']] = moment
        return 200


@dataclass(slots=True)
class Canvas:
    """Refuses what is older than what it has, by its own clock, and more submissions than a learner has attempts."""

    attempts: int
    changed_at: datetime | None = None
    """when somebody has changed the grade there"""

    def judge(self, score: dict[str, Any]) -> int:
        if self.changed_at and datetime.fromisoformat(score['timestamp']) < self.changed_at:
            return 400
        if score.get(scores.SUBMISSION, {}).get('new_submission') is not False:
            if not self.attempts:
                return 422
            self.attempts -= 1
        return 200


async def test_moodle_takes_two_scores_of_one_second(campus: FakePlatform) -> None:
    quiz = await a_linked_quiz(campus)
    campus.judge = Moodle().judge
    with time_machine.travel(clock.now().replace(microsecond=0), tick=False) as travelling:
        await take(quiz, WRONG)
        assert await send() == 1
        travelling.shift(timedelta(milliseconds=200))
        await set_grade(quiz, 80)
        assert await send() == 1, 'a second is a long time for a teacher who clicks'
        travelling.shift(timedelta(milliseconds=200))
        await set_grade(quiz, 60)
        assert await send() == 0
        travelling.shift(timedelta(minutes=2))
        assert await send() == 1, 'and a third one arrives a little later'
    assert said(campus) == [0, 80, 60]


async def test_one_score_that_conflicts_stops_no_other(campus: FakePlatform) -> None:
    quiz = await a_linked_quiz(campus, learners=[f'Learner {number}' for number in range(8)])
    moodle = Moodle(newest={f'lena-{17 + number}': 2**40 for number in range(7)})
    campus.judge = moodle.judge
    for learner in quiz.klass.learners:
        await take(quiz, RIGHT, by=learner)

    assert await send() == 1, 'the last one arrives with the same round'

    moodle.newest = {}
    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False):
        assert await send() == 7


async def test_canvas_whose_clock_is_five_minutes_ahead_takes_a_grade_after_it_was_changed_there(
    campus: FakePlatform,
) -> None:
    quiz, admin = await a_linked_quiz(campus), await an_admin()
    canvas = Canvas(attempts=1)
    campus.judge = canvas.judge

    def is_canvas(tx: Transaction) -> None:
        tx.session.get_one(LtiPlatform, 1).auth_login_url = f'{campus.address}/api/lti/authorize_redirect'

    await database.write(is_canvas)
    await take(quiz, WRONG)
    with time_machine.travel(clock.now(), tick=False) as travelling:
        assert await send() == 1
        canvas.changed_at = clock.now() + timedelta(minutes=5)
        await set_grade(quiz, 80)
        assert await send() == 0
        ((trouble),) = await database.read(sent_grades.of_school, admin)
        assert not trouble.is_final, 'it goes on by itself'
        for _ in range(3):
            travelling.shift(timedelta(minutes=6))
            await send()
    assert said(campus) == [0, 80], 'one attempt is enough for two grades'
    assert await database.read(sent_grades.of_school, admin) == []


async def test_a_clock_that_is_some_seconds_behind_ours_takes_our_proof(campus: FakePlatform) -> None:
    quiz = await a_linked_quiz(campus)
    campus.clock_behind = 20
    await take(quiz, RIGHT)
    assert await send() == 1


async def test_what_a_token_is_refused_for_is_told_to_the_admin_and_tried_until_it_is_mended(
    campus: FakePlatform,
) -> None:
    """Moodle says so where it cannot read our key set, for example because it asks no address of its own network."""
    quiz, admin = await a_linked_quiz(campus), await an_admin()
    campus.clock_behind = 600
    await take(quiz, RIGHT)
    now = clock.now()
    for hours in range(8):
        with time_machine.travel(now + timedelta(hours=2 * hours), tick=False):
            assert await send() == 0
    ((trouble),) = await database.read(sent_grades.of_school, admin)
    assert (str(trouble.problem), trouble.is_final) == ('127.0.0.1 answers with 400 (invalid_client).', False)
    campus.clock_behind = 0
    with time_machine.travel(now + timedelta(hours=20), tick=False):
        assert await send() == 1


async def test_somebody_whom_moodle_cannot_grade_waits_for_a_person_after_some_tries(campus: FakePlatform) -> None:
    quiz, admin = await a_linked_quiz(campus), await an_admin()
    moodle = Moodle(left={'lena-17'})
    campus.judge = moodle.judge
    await take(quiz, RIGHT)
    now = clock.now()
    for minutes in range(0, 50, 10):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            await send()
    ((trouble),) = await database.read(sent_grades.of_school, admin)
    assert trouble.is_final
    asked = campus.asked
    with time_machine.travel(now + timedelta(hours=3), tick=False):
        assert (await send(), campus.asked) == (0, asked)
        moodle.left = set()
        assert await database.write(sent_grades.send_again, admin) == 1
        assert await send() == 1
