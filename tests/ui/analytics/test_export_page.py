"""The page where a teacher takes figures away: what is shown is what the files have, and long ones are made later."""

import csv
import io

import pytest
from nicegui import ui

from services.core import jobs
from services.reports.exports import making, showing
from tests.factories.classes import a_class, tap
from tests.factories.people import an_instructor
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('R2', 'C7'), pytest.mark.usefixtures('db')]


async def test_a_teacher_chooses_looks_and_takes_it_away(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class(checkpoints=2, learners=['Ada <b>Alt</b>', '=Bea'])
    await tap(klass, klass.checkpoints[0])
    page = await enter(klass.teacher)
    address = f'/courses/{klass.course_id}/exports'
    await page.open(f'/courses/{klass.course_id}/analytics')
    await page.should_see('Figures as files')
    await page.open(f'{address}?people={klass.learner.user_id}')
    await page.should_see('Ada &lt;b&gt;Alt&lt;/b&gt;')
    await page.open(f'{address}?names=no')
    await page.should_see('<thead>')
    await page.should_not_see('=Bea</th>')
    await page.open(address)
    await page.should_see('=Bea</th>')

    file = await page.http_client.get(f'{address}/table.csv?commas=yes')
    heads, *lines = csv.reader(io.StringIO(file.content.decode('utf-8-sig'), newline=''), delimiter=';')
    assert heads[:3] == ['Name', 'Group', 'Id']
    assert [line[0] for line in lines] == ["'=Bea", 'Ada <b>Alt</b>']
    for wrong in ('?what=nothing', '?people=x', '?people=999999', '?since=1000-01-01', '?until=x', '?group=%00'):
        answer = await page.http_client.get(f'{address}/table.json{wrong}')
        assert answer.status_code in {200, 409, 422}, wrong
        await page.open(address + wrong)
        await page.should_see('Figures as files')
    stranger = await enter(await an_instructor(email='else@example.org'))
    for path in (address, f'{address}/table.csv', f'{address}/1'):
        assert (await stranger.http_client.get(path)).status_code == 404

    monkeypatch.setattr(showing, 'AT_ONCE', 2)
    page = await enter(klass.teacher)
    await page.open(f'{address}?what=activities')
    await page.should_see('This table is long.')
    page.find(kind=ui.button, content='JSON').click()
    await page.should_see('being made')
    await jobs.run_due([making.kind()])
    await page.should_see('kept until')
    link = next(iter(page.find(kind=ui.link, content='JSON').elements)).props['href']
    assert 'completed a step' in (await page.http_client.get(link)).text
    assert (await stranger.http_client.get(link)).status_code == 404
    page.find(kind=ui.button, content='Delete').click()
    await page.should_not_see('Your files')
