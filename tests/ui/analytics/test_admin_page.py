"""The dashboard of the school: figures without anybody's name, small groups hidden, and the same in the files."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from nicegui import ui

from services.activity.following import Running
from services.analytics import daily_totals, school, school_releases
from services.core import clock, database
from services.motivation import ledger
from tests.factories.classes import a_class, mark
from tests.factories.people import an_admin
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('D4', 'N8', 'V4')


async def test_an_admin_sees_the_school_and_nobody_in_it(enter: Enter) -> None:
    with time_machine.travel(clock.now() - timedelta(days=9), tick=False):
        olga = await an_admin()
        klass = await a_class(learners=[f'Learner {number:02}' for number in range(12)])
        for learner in klass.learners[:11]:
            await mark(klass.checkpoints[0], by=learner)
    for each in (daily_totals.FOLLOWER, ledger.FOLLOWER):
        await Running(each).catch_up()
    await school_releases.release()
    figures = await database.read(school.of_school, olga)
    admin = await enter(olga)
    await admin.open('/school/analytics')

    await admin.should_see('The server keeps up.')
    await admin.should_see(f'About {figures.active_per_month} people were active in four weeks; 0 in the four weeks')
    await admin.should_see('once for each day or week and within a fixed budget')
    await admin.should_see('Half of the recalculations')
    assert admin.client
    tables = ' '.join(each.content for each in admin.client.elements.values() if isinstance(each, ui.html))
    assert 'Soil' in tables
    assert 'Learner' not in tables
    answer = await admin.http_client.get('/school/analytics/courses.csv')
    rows = list(csv.reader(io.StringIO(answer.content.decode('utf-8-sig'), newline='')))
    (soil,) = figures.courses
    assert rows == [['Course', 'Enrolled', 'Completion rate'], ['Soil', str(soil.enrolled), 'few']], 'nobody has'
    days = (await admin.http_client.get('/school/analytics/days.csv')).content.decode('utf-8-sig')
    said = [row[1] for row in csv.reader(io.StringIO(days, newline=''))][1:]
    assert said == [str(day.active_people) for day in figures.days], 'the noise is that of the page'

    await admin.should_see('mails from here have no tracking pixels')
    notices = (await admin.http_client.get('/school/analytics/notices.csv')).content.decode('utf-8-sig')
    assert notices.splitlines()[0] == 'Week from,Notices in inboxes,Read in the same week,Notices by mail'
    assert len(notices.splitlines()) == 1 + len(figures.weeks)
    await admin.should_see('Streaks and badges by week')
    motivation = (await admin.http_client.get('/school/analytics/motivation.csv')).content.decode('utf-8-sig')
    assert motivation.splitlines()[0] == 'Week from,Streaks kept,Badges earned'

    teacher = await enter(klass.teacher)
    for file in ('days', 'weeks', 'notices', 'motivation', 'courses'):
        assert (await teacher.http_client.get(f'/school/analytics/{file}.csv')).status_code == 404
    assert (await teacher.http_client.get('/school/analytics')).status_code == 404
