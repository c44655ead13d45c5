"""When things go wrong during a class: the network, the server, a proxy, and the course itself."""

import re
from dataclasses import replace

import pytest
from playwright.async_api import expect

from tests.support.browser_people import Learner, People, Teacher, is_connected, is_cut_off
from tests.support.proxy import a_proxy_without_websockets
from tests.support.running import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope='session')]


@pytest.mark.req('L3', 'L5')
async def test_while_the_network_is_gone_the_page_is_grey_and_takes_no_input(people: People) -> None:
    teacher = await people.teacher()
    lena = await people.learner_in(teacher.klass)
    await lena.marker.focus()

    await lena.page.context.set_offline(True)
    await is_cut_off(lena.page)
    await expect(lena.page.locator('#app')).to_have_css('filter', 'grayscale(1)')
    await expect(lena.page.locator('#popup')).to_be_visible()
    await lena.marker.click(force=True)
    for key in ('Space', 'Enter', 'Tab', 'Space', 'Enter', 'ArrowDown'):
        await lena.page.keyboard.press(key)
    await expect(lena.marker).not_to_be_checked()

    await lena.page.context.set_offline(False)
    await is_connected(lena.page)
    await expect(lena.said).to_contain_text('You are back')
    await lena.is_at('Step 1')
    await lena.has_done(0)
    await lena.taps()
    await lena.is_at('Step 2')
    await teacher.shows(1, 'done', teacher.klass.checkpoints[0])


@pytest.mark.req('L5')
async def test_what_happened_in_class_meanwhile_is_there_when_one_is_back(people: People) -> None:
    teacher = await people.teacher()
    phone = await people.learner_in(teacher.klass)
    tablet = await people.learner()
    await tablet.comes_back_with(await phone.own_code())
    await phone.page.context.set_offline(True)
    await is_cut_off(phone.page)

    await tablet.taps()
    await teacher.leads_to('3 Step 3')
    await tablet.is_at('Step 3')

    await phone.page.context.set_offline(False)
    await phone.is_at('Step 3')
    await phone.has_done(33)


@pytest.mark.req('L3', 'L5')
async def test_a_tap_that_never_arrived_goes_back_with_a_sentence(people: People, server: Server) -> None:
    teacher = await people.teacher()
    lena = await people.learner_in(teacher.klass)
    await expect(lena.page.get_by_role('radio').first).to_contain_text('started')
    server.pause()
    await lena.taps()
    await expect(lena.marker).to_be_checked()

    server.kill()
    await is_cut_off(lena.page)
    server.start()

    await lena.is_at('Step 1')
    await expect(lena.said).to_contain_text('If your last tap is missing, tap again')
    await lena.has_done(0)
    await lena.taps()
    await lena.is_at('Step 2')


@pytest.mark.req('L3', 'L5')
async def test_a_tap_sent_into_a_dead_line_goes_back_with_a_sentence(people: People, server: Server) -> None:
    teacher = await people.teacher()
    lena = await people.learner()
    await lena.page.add_init_script(DEAF)
    await lena.joins_by_link(teacher.klass.code, 'Lena Learner')
    await lena.page.evaluate('window.deaf = true')
    await lena.taps()
    await expect(lena.marker).to_be_checked()

    await lena.page.evaluate('window.socket.io.engine.close()')
    await lena.page.evaluate('window.deaf = false')
    await is_cut_off(lena.page)
    await lena.page.evaluate('window.socket.connect()')

    await is_connected(lena.page)
    await lena.is_at('Step 1')
    await expect(lena.said).to_contain_text('If your last tap is missing, tap again')


@pytest.mark.req('L5', 'O1')
async def test_the_server_is_killed_and_started_again_during_a_class(people: People, server: Server) -> None:
    teacher = await people.teacher()
    projector = await teacher.opens_the_projector()
    amina, ben = [await people.learner_in(teacher.klass, name) for name in ('Amina Yusuf', 'Ben Okafor')]
    await amina.taps()
    await expect(amina.said).to_have_text('Saved · step 1')

    server.kill()
    for page in (teacher.page, projector.page, amina.page, ben.page):
        await is_cut_off(page)
    server.start()

    await amina.is_at('Step 2')
    await amina.has_done(33)
    await ben.is_at('Step 1')
    for page in (teacher.page, projector.page, amina.page, ben.page):
        await is_connected(page)
    for screen, first in ((teacher, teacher.klass.checkpoints[0]), (projector, 1)):
        await screen.shows(1, 'done', first)
        await screen.says('2 here')
    await ben.taps()
    await ben.is_at('Step 2')
    for screen, first in ((teacher, teacher.klass.checkpoints[0]), (projector, 1)):
        await screen.shows(2, 'done', first)


@pytest.mark.req('L6')
async def test_whoever_closes_their_page_is_lost_until_they_are_back(people: People) -> None:
    teacher = await people.teacher()
    amina, ben = [await people.learner_in(teacher.klass, name) for name in ('Amina Yusuf', 'Ben Okafor')]
    await teacher.says('2 here')

    await amina.page.close()

    await teacher.says('1 here · 1 lost')
    row = teacher.page.locator('.ag-pinned-left-cols-container .ag-row')
    await expect(row.filter(has_text='Amina Yusuf').locator('.cell-here')).to_have_text('lost')
    await expect(row.filter(has_text='Ben Okafor').locator('.cell-here')).to_have_text('working')
    await ben.taps()
    await people.learner_in(teacher.klass, 'Chloé Petit')
    await teacher.says('2 here · 1 lost')


@pytest.mark.req('L5')
async def test_where_websockets_are_refused_everything_works_over_long_polling(people: People, server: Server) -> None:
    teacher = await people.teacher()
    async with a_proxy_without_websockets(server.port) as address:
        teacher = replace(teacher, page=await people.page(profile_of=teacher.page, origin=address))
        await teacher.opens_the_class()
        projector = await teacher.opens_the_projector()
        lena = Learner(await people.page(phone=True, origin=address))

        await lena.joins_by_code(teacher.klass.code, 'Lena Learner')
        await lena.taps()
        await lena.is_at('Step 2')

        for page in (lena.page, teacher.page, projector.page):
            assert await page.evaluate('window.socket.io.engine.transport.name') == 'polling'
            await expect(page.locator('.q-loading-bar')).to_have_attribute('aria-hidden', 'true')
        for screen, first in ((teacher, teacher.klass.checkpoints[0]), (projector, 1)):
            await screen.shows(1, 'done', first)
        await teacher.leads_to('3 Step 3')
        await lena.is_at('Step 3')
        await people.go_home()


@pytest.mark.req('L3', 'C3')
async def test_the_instructor_deletes_the_checkpoint_that_somebody_is_about_to_tap(people: People) -> None:
    teacher = await people.teacher()
    lena = await people.learner_in(teacher.klass)

    await delete_checkpoint(teacher, 'Step 1')

    await lena.is_at('Step 2')
    await expect(lena.page.get_by_text('1 of 2')).to_be_visible()
    await lena.taps()
    await lena.is_at('Step 3')
    await lena.has_done(50)
    await expect(teacher.names).to_have_text(['Lena Learner'])
    await teacher.shows(1, 'done', teacher.klass.checkpoints[1])


@pytest.mark.req('L3', 'C1')
async def test_a_course_is_archived_while_somebody_works(people: People) -> None:
    teacher = await people.teacher()
    lena = await people.learner_in(teacher.klass)
    editor = await teacher.page.context.new_page()
    await editor.goto(f'/courses/{teacher.klass.course_id}')
    await is_connected(editor)
    await editor.get_by_text('Settings').click()

    await editor.get_by_role('button', name='Archive', exact=True).click()

    await expect(editor.get_by_text('This course is archived')).to_be_visible()
    await expect(lena.heading).to_have_text('This course is archived')
    await expect(lena.marker).to_have_count(0)
    await editor.get_by_role('button', name='Bring back', exact=True).click()
    await lena.is_at('Step 1')
    await lena.taps()
    await lena.is_at('Step 2')


@pytest.mark.req('A3', 'L3')
async def test_somebody_signs_out_on_all_devices_while_a_page_is_open(people: People, server: Server) -> None:
    teacher = await people.teacher()
    lena = await people.learner_in(teacher.klass)
    other = await lena.page.context.new_page()
    await other.goto('/account')

    await other.get_by_role('button', name='Sign out everywhere').tap()
    await expect(other.get_by_label('Your code')).to_be_visible()

    await expect(lena.page).to_have_url(re.compile('/sign-in'), timeout=20_000)
    await teacher.shows(0, 'done', teacher.klass.checkpoints[0])


DEAF = """
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) { if (!window.deaf) send.call(this, data); };
"""


async def delete_checkpoint(teacher: Teacher, title: str) -> None:
    editor = await teacher.page.context.new_page()
    await editor.goto(f'/courses/{teacher.klass.course_id}')
    await is_connected(editor)
    await editor.get_by_role('button', name=f'More for {title}').click()
    await editor.get_by_role('menuitem', name='Delete').click()
    await expect(editor.get_by_text(f'“{title}” is deleted.')).to_be_visible()
    await editor.close()
