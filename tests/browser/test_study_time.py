"""Study time in real browsers: two devices at once, one of them idle, and a sign-out that ends what goes on."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import expect
from sqlalchemy import select
from sqlmodel import col

from models import LearningSession
from services.core import database
from services.core.transaction import Transaction
from services.people import joining
from tests.factories.classes import a_course, mark
from tests.factories.people import a_student
from tests.factories.study import learning_sessions
from tests.support.browser_people import People
from tests.support.eventually import found_soon
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.browser, pytest.mark.req('S7', 'S8'), pytest.mark.asyncio(loop_scope='session')]


LONG = timedelta(minutes=10)


async def test_two_devices_one_goes_idle_and_signing_out_ends(people: People, server: Server) -> None:
    async with server.at_hand():
        course = await a_course(checkpoints=3, title='Rivers')
        learner = await a_student(name='Rosa Rivera')
        await database.write(joining.join, learner, code=course.code)
        tokens = await token_of(learner), await token_of(learner)
    laptop, phone = await people.page(token=tokens[0]), await people.page(token=tokens[1], phone=True)
    address = f'/courses/{course.course_id}/learn'

    async def sessions(*, at_least: int) -> list[LearningSession]:
        async with server.at_hand():
            found = [row for row in await learning_sessions() if row.user_id == learner.user_id]
        return found if len(found) >= at_least else []

    await laptop.goto(address)
    await expect(laptop.get_by_role('heading', level=1)).to_have_text('Step 1')
    assert await sessions(at_least=1) == [], 'looking is not studying yet'
    await laptop.get_by_role('heading', name='Step 1').hover()
    await found_soon(lambda: sessions(at_least=1))

    async with server.at_hand():
        await database.write(nothing_happens_for_long, learner.user_id)
    await laptop.get_by_role('link', name='Next: Step 2').click()
    await expect(laptop.get_by_role('heading', level=1)).to_have_text('Step 2')

    await phone.goto(f'{address}/{course.checkpoints[2]}')
    await phone.get_by_role('heading', name='Step 3').tap()
    on_laptop, on_phone = await found_soon(lambda: sessions(at_least=2))
    assert (on_laptop.pages_viewed, on_phone.pages_viewed) == (2, 1)
    assert on_laptop.idle_seconds >= LONG.total_seconds() - 1, 'the gap as a whole is idle'
    assert on_laptop.active_seconds < LONG.total_seconds()
    assert (on_laptop.checkpoint_id, on_phone.checkpoint_id) == course.checkpoints[1:]

    await phone.get_by_role('button', name='Sign out').click()
    await expect(phone.get_by_role('link', name='Sign in').first).to_be_visible()
    on_laptop, on_phone = await sessions(at_least=2)
    assert on_laptop.ended_by == ''
    assert on_phone.ended_by == 'signed_out'

    async with server.at_hand():
        await mark(course.checkpoints[0], by=learner)
    await laptop.goto(f'/courses/{course.course_id}/time')
    rows = laptop.get_by_label('Sessions').get_by_role('row')
    await expect(rows).to_have_count(3)
    await expect(rows.nth(2)).to_contain_text(re.compile('(9|10) min'))
    await expect(rows.nth(2)).to_contain_text('goes on')
    await laptop.set_viewport_size({'width': 390, 'height': 844})
    row = laptop.get_by_label('Steps').get_by_role('row').filter(has=laptop.get_by_role('rowheader', name='1 Step 1'))
    done = row.get_by_role('cell').filter(has_text='done')
    await expect(done, 'also where a row is laid out as two lines').to_have_count(1)
    assert await done.evaluate("(cell) => getComputedStyle(cell, '::before').content") != 'none', 'its heading'
    server.kill()
    server.start()
    on_laptop, _ = await sessions(at_least=2)
    assert on_laptop.ended_by == 'silence', 'it died with the server'


def nothing_happens_for_long(tx: Transaction, user_id: int) -> None:
    """Move what is known of a learner into the past, as if it had been longer ago."""
    row = tx.session.scalars(select(LearningSession).where(col(LearningSession.user_id) == user_id)).one()
    for name in ('started_at', 'seen_at', 'counted_until'):
        setattr(row, name, getattr(row, name) - LONG)
    tx.session.add(row)
