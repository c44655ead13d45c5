"""The learner's progress page: how far, what next and why, insights that can be hidden, a comparison if wanted."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from nicegui import ui

from services.activity.following import Running
from services.analytics import choices, daily_totals
from services.core import clock, database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from tests.factories.classes import a_class, mark
from tests.factories.quizzes import a_quiz, take
from tests.factories.study import arrive, beat, leave
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('D1', 'N2', 'N5', 'N9')


async def test_a_learner_sees_the_way_the_next_step_and_compares_only_if_wanted(enter: Enter) -> None:
    begun = (clock.now() - timedelta(days=6)).replace(hour=9)
    with time_machine.travel(begun, tick=False) as time:
        klass = await a_class(checkpoints=5, learners=[f'Learner {number}' for number in range(1, 8)])
        lena = klass.learner
        for checkpoint, minutes in zip(klass.checkpoints[:4], (30, 3, 12, 20), strict=True):
            await arrive(lena, checkpoint)
            for _ in range(minutes):
                time.shift(60)
                await beat(lena, checkpoint)
            await mark(checkpoint, by=lena)
            await leave(lena, klass.course_id)
            time.shift(timedelta(days=1))
        await Running(daily_totals.FOLLOWER).catch_up()
    page = await enter(lena)
    await page.open(f'/courses/{klass.course_id}/progress')

    await page.should_see('4 steps done, 1 to go.')
    await page.should_see('Steps 1, 4 and 3 took you longest.')
    await page.should_see('It is the next one on your path.')
    await page.should_see('You learn most in the morning: 100 % of the time.')
    assert page.client
    plots = [each for each in page.client.elements.values() if isinstance(each, ui.plotly)]
    assert len(plots) == 3, 'weeks, steps and the time of day'
    await page.should_not_see('Average of the others')
    page.find('Show me beside the others of the course').click()
    await page.should_see('Average of the others')
    chosen = await database.read(choices.of_person, klass.course_id, lena.user_id)
    assert chosen == {choices.COMPARE}

    answer = await page.http_client.get(f'/courses/{klass.course_id}/progress/steps.csv')
    rows = list(csv.reader(io.StringIO(answer.content.decode('utf-8-sig'), newline='')))
    assert [row[:3] for row in rows[1:]] == [
        ['1', 'Step 1', '1800'],
        ['2', 'Step 2', '180'],
        ['3', 'Step 3', '720'],
        ['4', 'Step 4', '1200'],
    ]

    teacher = await enter(klass.teacher)
    theirs = f'/courses/{klass.course_id}/people/{lena.user_id}/progress'
    await teacher.open(theirs)
    await teacher.should_see('4 steps done, 1 to go.')
    await teacher.should_not_see('Show me beside the others of the course')
    classmate = await enter(klass.learners[1])
    assert (await classmate.http_client.get(theirs)).status_code == 404


@pytest.mark.req('Q6')
async def test_a_mastered_skill_says_what_could_be_skipped(enter: Enter) -> None:
    quiz = await a_quiz()
    checkpoint = quiz.klass.checkpoints[0]
    await database.write(checkpoints.edit, quiz.teacher, checkpoint, Details(title='Feel the soil', tags=('soil',)))
    for _ in range(4):
        await take(quiz)
    lena = await enter(quiz.learner)
    await lena.open(f'/courses/{quiz.klass.course_id}/progress')

    await lena.should_see('You could skip these')
    await lena.should_see('You are sure of what it trains: soil.')
    await lena.should_see('As soon as two steps of courses with a subject have a score')
