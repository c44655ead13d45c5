"""A class that is over, looked at again in a browser: dragged through, played, jumped in, and its chart."""

import asyncio
from datetime import timedelta

import pytest
import time_machine
from playwright.async_api import expect

from models import Verb
from services.core import clock, database
from services.live import sessions
from tests.browser.test_accessible import assert_accessible
from tests.factories.classes import ClassAtHand, a_class, join_class, tap
from tests.support.browser_people import People, Screen, is_connected
from tests.support.running import Server

pytestmark = [pytest.mark.browser, pytest.mark.req('L11', 'O5'), pytest.mark.asyncio(loop_scope='session')]


async def a_lesson() -> ClassAtHand:
    """Two minutes, an hour ago: two learners and two checkpoints; the second took Ben four times as long."""
    start = clock.now() - timedelta(hours=1)
    with time_machine.travel(start, tick=False) as time:
        klass = await a_class(checkpoints=2, learners=['Ada Alt', 'Ben <b>Bay</b>'])
        one, two = klass.checkpoints
        ada, ben = klass.learners
        for who in klass.learners:
            await join_class(klass, by=who)
            await tap(klass, one, by=who, verb=Verb.STARTED)
        for second, checkpoint, who in ((20, one, ada), (30, one, ben), (50, two, ada), (110, two, ben)):
            time.move_to(start + timedelta(seconds=second))
            await tap(klass, checkpoint, by=who, then=two if checkpoint == one else None)
        time.move_to(start + timedelta(seconds=120))
        await database.write(sessions.end, klass.teacher, klass.course_id)
    return klass


async def test_a_class_is_looked_at_again(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_lesson()
        page = await people.somebody(klass.teacher)
    asked: list[str] = []
    page.on('request', lambda request: asked.append(request.url))
    again = Screen(page)
    one, two = klass.checkpoints

    await page.goto(f'/courses/{klass.course_id}/classes')
    await page.get_by_role('table').get_by_role('link').click()
    await page.wait_for_url(f'**/classes/{klass.session_id}')
    await is_connected(page)
    await again.shows(2, 'done', two)

    slider, moment = page.get_by_role('slider', name='Moment of the class'), page.locator('.replay-controls .chip')
    await expect(moment).to_have_text('02:00')
    await slider.focus()
    await page.keyboard.press('Home')
    await expect(moment).to_have_text('00:00')
    await again.shows(2, 'not yet', two)
    for _ in range(25):
        await page.keyboard.press('ArrowRight')
    await expect(moment).to_have_text('00:25')
    await again.shows(1, 'done', one)

    await page.get_by_role('button', name='Play').click()
    began = asyncio.get_running_loop().time()
    await again.shows(2, 'done', two)
    assert 6 < asyncio.get_running_loop().time() - began < 20  # 85 seconds of the class, ten in one
    await expect(moment).to_have_text('02:00')
    await expect(page.get_by_role('button', name='Play')).to_be_visible()

    await page.get_by_role('combobox', name='Jump to').click()
    await page.get_by_role('option', name='half had done 2 Step 2').click()
    await expect(moment).to_have_text('00:50')
    await again.shows(1, 'done', two)

    chart = page.get_by_role('img', name='Fewer than 5 finished any step')
    await expect(chart.locator('.box')).to_have_count(2)
    await expect(chart.get_by_text('1 Step 1')).to_be_visible()
    await assert_accessible(page)
    assert {url for url in asked if not url.startswith((server.origin, server.origin.replace('http', 'ws')))} == set()


async def test_only_a_page_with_a_chart_loads_what_draws_it(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_lesson()
        page = await people.somebody(klass.teacher)
    asked: list[str] = []
    page.on('request', lambda request: asked.append(request.url))

    for path in ('', '/live', '/classes'):
        await page.goto(f'/courses/{klass.course_id}{path}')
        await is_connected(page)

    assert [url for url in asked if 'plotly' in url] == []
