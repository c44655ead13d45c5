"""The page with the time of all courses: for admins alone, and the files have its cells."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from nicegui import ui

from services.activity.following import Running
from services.analytics import daily_totals
from tests.factories.classes import a_class
from tests.factories.people import an_admin
from tests.factories.study import a_morning
from tests.services.reports.test_school_months import study
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('R2', 'V4')


async def test_an_admin_looks_and_takes_it_away(enter: Enter) -> None:
    soil = await a_class(title='<b>Soil', checkpoints=1, learners=[])
    olga = await an_admin()
    with time_machine.travel(a_morning() - timedelta(days=40), tick=False) as at:
        await study(soil, [''] * 10, at)
        await Running(daily_totals.FOLLOWER).catch_up()
    admin = await enter(olga)

    await admin.open('/school/analytics')
    await admin.should_see('Time of all courses by month')
    await admin.open('/school/time')
    await admin.should_see('Workbook (XLSX)')
    await admin.should_see('&lt;b&gt;Soil')
    await admin.should_see('Their time on their own and in class in the month, divided by how many they are.')
    links = {str(link.props['href']) for link in admin.find(kind=ui.link).elements if 'table.' in link.props['href']}
    assert len(links) == 3
    (address,) = (link for link in links if 'csv' in link and 'commas' not in link)
    answer = await admin.http_client.get(address)
    _, (_, title, learners, *_) = csv.reader(io.StringIO(answer.content.decode('utf-8-sig'), newline=''))
    assert (title, learners) == ('<b>Soil', '10')
    await admin.open('/school/time?since=2020-01-01')
    await admin.should_see('Choose at most a year.')
    assert (await admin.http_client.get('/school/time/table.pdf')).status_code in {404, 422}

    teacher = await enter(soil.teacher)
    for path in ('/school/time', '/school/time/table.csv'):
        assert (await teacher.http_client.get(path)).status_code == 404


async def test_a_new_school_has_no_figures_yet(enter: Enter) -> None:
    admin = await enter(await an_admin())

    await admin.open('/school/analytics')
    await admin.should_see('The first figures of people are there once a day is over.')
    await admin.open('/school/time')
    await admin.should_see('There is nothing in these months.')
