"""Notes on a phone: written beside a checkpoint, kept through a lost connection, found again, taken along."""

import pytest
from playwright.async_api import expect

from services.access import Actor
from services.core import database
from services.notes import editing
from tests.browser.test_accessible import assert_accessible
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.people import a_guest
from tests.support.browser_people import People, is_connected
from tests.support.eventually import found_soon
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope='session'), pytest.mark.req('S9', 'O5')]


async def test_a_note_survives_a_killed_server_and_is_found_again(people: People, server: Server) -> None:
    async with server.at_hand():
        course = await a_course(checkpoints=2, title='Rocks')
        learner = await a_guest(code=course.code, name='Nora Notes')
        token = await token_of(learner)
    phone = await people.page(token=token, phone=True)
    checkpoint = f'/courses/{course.course_id}/learn/{course.checkpoints[0]}'
    await phone.goto(checkpoint)
    await is_connected(phone)

    await phone.get_by_role('button', name='Bookmark').tap()
    await expect(phone.get_by_role('listitem').filter(has_text='Bookmark')).to_be_visible()
    await phone.get_by_role('button', name='Write a note').tap()
    await phone.get_by_label('Note', exact=True).fill('Granite is **hard** <script>alert(1)</script>')
    await phone.get_by_label('Tags, with commas').fill('exam, Stone age')
    async with server.at_hand():
        await found_soon(lambda: are_kept(learner, course, 'exam', 'stone age'))
    await expect(phone.get_by_text('Saved', exact=True)).to_be_visible()
    await assert_accessible(phone)

    server.kill()
    server.start()
    phone = await people.page(profile_of=phone, phone=True)  # the page that was open loads itself anew, at any moment
    await phone.goto(checkpoint)
    await is_connected(phone)
    await expect(phone.locator('.note strong')).to_have_text('hard')
    await expect(phone.get_by_text('#stone age')).to_be_visible()
    await phone.get_by_role('button', name='More for this note').tap()
    await phone.get_by_role('menuitem', name='Edit').tap()
    await phone.get_by_label('Note', exact=True).fill('Gránite is old')
    await phone.get_by_role('button', name='Close note').tap()
    await expect(phone.locator('.note')).to_contain_text(['Bookmark', 'Gránite is old'])

    await phone.get_by_role('link', name='All your notes').tap()
    await is_connected(phone)
    await assert_accessible(phone)
    await phone.get_by_label('Search in your notes').fill('GRANI')
    await expect(phone.locator('mark')).to_have_text('Gránite')
    async with phone.expect_download() as download:
        await phone.get_by_role('link', name='Download as Markdown').tap()
    assert 'Gránite is old' in (await (await download.value).path()).read_text()
    await phone.get_by_role('link', name='Step 1').tap()
    await is_connected(phone)

    await phone.get_by_role('button', name='More for this note').tap()
    await phone.get_by_role('menuitem', name='Delete').tap()
    await expect(phone.locator('.note')).to_have_count(1)
    await phone.locator('.snackbar').get_by_role('button', name='Undo').tap()
    await expect(phone.locator('.note')).to_have_count(2)


async def test_what_was_typed_into_a_broken_connection_is_kept(people: People, server: Server) -> None:
    async with server.at_hand():
        course = await a_course(checkpoints=1, title='Fog')
        learner = await a_guest(code=course.code, name='Olaf Offline')
        token = await token_of(learner)
    phone = await people.page(token=token, phone=True, origin=server.origin)
    await phone.goto(f'/courses/{course.course_id}/learn/{course.checkpoints[0]}')
    await is_connected(phone)
    await phone.get_by_role('button', name='Write a note').tap()
    await phone.get_by_label('Note', exact=True).fill('before')
    await expect(phone.get_by_text('Saved', exact=True)).to_be_visible()

    await phone.evaluate('window.emit = window.socket.emit, window.socket.emit = () => window.socket')
    await phone.get_by_label('Note', exact=True).fill('typed into the void')
    # the line breaks, and the browser connects again by itself
    await phone.evaluate(
        'window.socket.emit = window.emit, window.did_handshake = false, window.socket.io.engine.close()'
    )
    await is_connected(phone)

    async with server.at_hand():
        await found_soon(lambda: is_written(learner, course, 'typed into the void'))
    await expect(phone.get_by_text('Saved', exact=True)).to_be_visible()
    await phone.get_by_role('button', name='Close note').tap()
    await expect(phone.locator('.note')).to_contain_text('typed into the void')


async def are_kept(learner: Actor, course: CourseAtHand, *tags: str) -> bool:
    notes = await database.read(editing.at_checkpoint, learner, course.checkpoints[0])
    return any(set(tags) <= set(note.tags) for note in notes)


async def is_written(learner: Actor, course: CourseAtHand, text: str) -> bool:
    notes = await database.read(editing.at_checkpoint, learner, course.checkpoints[0])
    return any(note.text == text for note in notes)
