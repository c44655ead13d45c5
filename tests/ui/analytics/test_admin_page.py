"""The dashboard of the school: figures without anybody's name, small groups hidden, and the same in the files."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from nicegui import ui

from services.activity.following import Running
from services.analytics import daily_totals
from services.core import clock
from tests.factories.classes import a_class, mark
from tests.factories.people import an_admin
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('D4', 'N8', 'V4')


async def test_an_admin_sees_the_school_and_nobody_in_it(enter: Enter) -> None:
    with time_machine.travel(clock.now() - timedelta(days=2), tick=False):
        olga = await an_admin()
        klass = await a_class(learners=[f'Learner {number:02}' for number in range(12)])
        for learner in klass.learners[:11]:
            await mark(klass.steps[0], by=learner)
        await Running(daily_totals.FOLLOWER).catch_up()
    admin = await enter(olga)
    await admin.open('/school/analytics')

    await admin.should_see('The server keeps up.')
    await admin.should_see('14 people were active in four weeks; 0 in the four weeks before.')
    await admin.should_see('Half of the recalculations')
    assert admin.client
    tables = ' '.join(each.content for each in admin.client.elements.values() if isinstance(each, ui.html))
    assert 'Soil' in tables
    assert 'Learner' not in tables
    answer = await admin.http_client.get('/school/analytics/courses.csv')
    rows = list(csv.reader(io.StringIO(answer.content.decode('utf-8-sig'), newline='')))
    assert rows == [['Course', 'Enrolled', 'Completion rate'], ['Soil', '12', 'few']], 'nobody has completed it'

    teacher = await enter(klass.teacher)
    for file in ('days', 'weeks', 'courses'):
        assert (await teacher.http_client.get(f'/school/analytics/{file}.csv')).status_code == 404
    assert (await teacher.http_client.get('/school/analytics')).status_code == 404
