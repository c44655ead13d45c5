"""Being stuck, in real browsers: asked with a thumb, answered with the keyboard."""

import pytest
from playwright.async_api import expect

from services.core import database
from services.courses import catalog
from tests.factories.classes import a_class
from tests.support.browser_people import People
from tests.support.running import Server

pytestmark = [pytest.mark.browser, pytest.mark.req('L7', 'O5'), pytest.mark.asyncio(loop_scope='session')]


async def test_asked_with_a_thumb_and_answered_with_the_keyboard(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class(learners=())
        await database.write(catalog.let_classmates_help, klass.teacher, klass.course_id, allowed=True)
    teacher = await people.teacher_of(klass)
    otto = await people.learner_in(klass, 'Otto Old')
    lena = await people.learner_in(klass, 'Lena Low')
    pia = await people.learner_in(klass, 'Pia Punctual')
    await otto.is_at('Step 1')
    await otto.page.get_by_role('button', name='I’m stuck').tap()
    field = otto.page.get_by_label('What does not work?')
    await expect(field).to_be_focused()
    await field.fill('The colour stays blue, whatever I do')
    await field.press('Enter')
    await expect(otto.page.get_by_text('You are next')).to_be_visible()
    await expect(otto.page.get_by_role('button', name='It works now')).to_be_focused()
    await pia.page.get_by_role('button', name='I’m stuck').tap()
    await pia.page.get_by_role('button', name='Ask for help').tap()
    await expect(pia.page.get_by_text('You are 2nd in the queue')).to_be_visible()
    await lena.taps()
    await expect(lena.page.get_by_text('Otto is stuck')).to_be_visible()
    await lena.is_at('Step 2')
    claim = teacher.page.get_by_role('button', name='I’m on it: Otto Old')
    await expect(claim).to_be_visible()

    await claim.focus()
    await teacher.page.keyboard.press('Enter')

    await expect(otto.page.get_by_text('is on the way')).to_be_visible()
    await expect(pia.page.get_by_text('You are next')).to_be_visible()
    await expect(teacher.page.get_by_role('button', name='Put back: Otto Old')).to_be_focused()
    projector = await people.page(profile_of=teacher.page)
    await projector.goto(f'/courses/{klass.course_id}/projector')
    await expect(projector.get_by_text('1 waiting for help')).to_be_visible()
    await teacher.page.keyboard.press('Tab')
    await teacher.page.keyboard.press('Enter')
    await expect(otto.page.get_by_role('button', name='I’m stuck')).to_be_visible()
    await expect(teacher.page.get_by_role('button', name='I’m on it: Pia Punctual')).to_be_focused()
    await teacher.chooses('Stuck first')
    await teacher.shows_in_order('Pia Punctual', 'Lena Low', 'Otto Old')
