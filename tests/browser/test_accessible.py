"""Every page, looked at by axe: on a phone and on a laptop, light and dark. Nothing serious may be wrong."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from services.certificates import reissuing
from services.core import database
from services.courses import catalog, checkpoints
from services.courses.checkpoints import Details
from services.live import sessions
from services.live.help import queue
from tests.factories.classes import a_class, a_course, join_class, tap
from tests.factories.people import a_student, an_admin, an_instructor, another_device
from tests.factories.study import arrive, leave
from tests.support.axe_check import AT_REST
from tests.support.browser_people import LAPTOP, PHONE, Learner, People, is_connected, is_cut_off
from tests.support.certificates import the_certificate_of
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.browser, pytest.mark.req('O5', 'L13'), pytest.mark.asyncio(loop_scope='session')]

ALL = {'resultTypes': ['violations'], 'preload': False}
COLOURS = {**ALL, 'runOnly': ['color-contrast', 'link-in-text-block']}
"""what can differ in the dark: the page is the same, and only its colours are others"""

FOR_STRANGERS = [
    '/',
    '/sign-in',
    '/register',
    '/forgotten',
    '/help',
    '/forgotten?asked=yes',
    '/confirm?link=made-up',
    '/nowhere',
    '/j/ABCDEF',
    '/class/999999',
    '/register?invitation=made-up',
]

LOOK = """
async ([part, options]) => {
    const { violations } = await axe.run(part ?? document, options);
    return violations
        .filter(({ impact }) => ['serious', 'critical'].includes(impact))
        .map(({ id, nodes }) => `${id}: ${nodes.map(node => `${node.target} ${node.failureSummary}`).join('; ')}`);
}
"""


async def bring_axe(page: Page) -> None:
    """Let the page know axe, unless it does."""
    if await page.evaluate('typeof axe === "undefined"'):
        await page.evaluate(Axe().axe_script)


async def assert_accessible(
    page: Page, *, part: str | None = None, sizes: tuple[dict[str, int], ...] = (PHONE, LAPTOP)
) -> None:
    """Check the page as it is now, or a part of it, in every size, light and dark."""
    await bring_axe(page)
    found = []
    for number, size in enumerate(sizes):
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        # the second size begins in the dark, where the first one has ended: each turn draws the page anew
        for scheme, options in (('light', ALL), ('dark', COLOURS))[:: -1 if number % 2 else 1]:
            await page.emulate_media(color_scheme=scheme, reduced_motion='reduce')  # type: ignore[arg-type]
            await page.locator(f'body.plain, body.body--{scheme}').wait_for()
            await page.evaluate(AT_REST)
            said = await page.evaluate(LOOK, [part, options])
            found += [f'{page.url} {size["width"]} {scheme}: {each}' for each in said]
    assert found == [], '\n'.join(found)


async def test_pages_for_strangers(people: People) -> None:
    page = await people.page()
    for path in FOR_STRANGERS:
        await page.goto(path)
        await assert_accessible(page)


@pytest.mark.req('S10')
async def test_a_certificate_in_the_hands_of_somebody_else(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class(checkpoints=1, learners=['Lena Learner'])
        await tap(klass, klass.checkpoints[0])
        serial = (await the_certificate_of(klass.learner)).serial
    page = await people.page()
    await page.goto(f'/certificates/{serial}')
    await expect(page.get_by_role('heading', name='Lena Learner')).to_be_visible()
    await assert_accessible(page)

    async with server.at_hand():
        ids = {'user_id': klass.learner.user_id}
        await database.write(reissuing.revoke, klass.teacher, klass.course_id, **ids)
    await page.reload()
    await expect(page.get_by_role('heading', name='This certificate is not valid')).to_be_visible()
    await assert_accessible(page)


async def test_joining_and_a_form_that_was_refused(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class(learners=['Lena Learner'])
    page = await people.page()
    await page.goto(f'/j/{klass.code}')
    await assert_accessible(page)

    await page.get_by_label('Your name').fill('Lena Learner')
    await page.get_by_role('button', name='Join').click()
    await expect(page.get_by_role('alert')).to_contain_text('is here already')
    await assert_accessible(page)

    await page.goto('/sign-in')
    await page.get_by_label('E-mail address').fill('nobody@example.org')
    await page.get_by_label('Password', exact=True).fill('wrong')
    await page.get_by_role('button', name='Sign in').click()
    await expect(page.get_by_role('alert')).to_be_visible()
    await assert_accessible(page)


async def test_the_learners_page_in_all_its_states(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class(checkpoints=3)
        text = Details(title='Weigh **2 g** of soil', description='Use *gloves*.\n\n- one\n- two', estimated_minutes=4)
        await database.write(checkpoints.edit, klass.teacher, klass.checkpoints[0], text)
        token = await token_of(klass.learner)
    teacher = await people.teacher_of(klass)
    lena = Learner(await people.page(token=token, phone=True))
    await lena.page.goto(f'/class/{klass.course_id}')
    await is_connected(lena.page)

    await assert_accessible(lena.page)  # something to do
    server.pause()
    await lena.taps()
    await expect(lena.marker).to_be_checked()
    await assert_accessible(lena.page)  # a pending mark
    server.resume()
    await lena.is_at('Step 2')
    await assert_accessible(lena.page)  # something to take back
    await lena.page.context.set_offline(True)
    await is_cut_off(lena.page)
    await assert_accessible(lena.page, part='#popup')  # no connection: all else is grey and takes no input
    await lena.page.context.set_offline(False)
    await is_connected(lena.page)
    await teacher.leads_to('2 Step 2')
    await expect(lena.page.get_by_text('The class is here')).to_be_visible()
    await assert_accessible(lena.page)  # led by the instructor
    await lena.taps()
    await lena.is_at('Step 3')
    await lena.taps()
    await expect(lena.heading).to_have_text('All done!')
    await assert_accessible(lena.page)
    await teacher.ends_the_class()
    await expect(lena.heading).to_have_text('This class has ended')
    await assert_accessible(lena.page)


async def test_a_refused_tap(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class()
        token = await token_of(klass.learner)
    lena = Learner(await people.page(token=token, phone=True))
    await lena.page.goto(f'/class/{klass.course_id}')
    await is_connected(lena.page)
    async with server.at_hand():
        await database.write(catalog.archive, klass.teacher, klass.course_id, archived=True)

    await lena.taps()

    await expect(lena.said).to_contain_text('archived this course')
    await assert_accessible(lena.page)


async def test_waiting_for_a_class(people: People, server: Server) -> None:
    async with server.at_hand():
        course = await a_course()
        student = await people.somebody(await a_student(name='Sami Student'))
    await student.goto(f'/j/{course.code}')
    await assert_accessible(student)
    await student.get_by_role('button', name='Join as Sami Student').click()
    await expect(student.get_by_text('Waiting for the class to start')).to_be_visible()
    await assert_accessible(student)
    await student.goto('/')
    await assert_accessible(student)
    await student.goto('/account')
    await assert_accessible(student)


async def test_the_live_page_and_the_projector(people: People, server: Server) -> None:
    names = ['Amina Yusuf', 'Ben Okafor', 'علي بن أبي طالب', 'Maximilian-Alexander Freiherr von Hohenstein', 'Zoë 👩‍🔬']
    async with server.at_hand():
        klass = await a_class(checkpoints=4, learners=names)
        for number, learner in enumerate(klass.learners):
            for checkpoint in klass.checkpoints[:number]:
                await tap(klass, checkpoint, by=learner)
    teacher = await people.teacher_of(klass)
    amina = Learner(await people.page(phone=True))
    await amina.joins_by_link(klass.code, 'Pia Present')
    await expect(teacher.names).to_have_count(6)

    await assert_accessible(teacher.page)
    await teacher.chooses('List')
    await teacher.chooses('By progress')
    await assert_accessible(teacher.page)
    await teacher.chooses('Seats')
    await expect(teacher.page.locator('.seat')).to_have_count(6)
    await assert_accessible(teacher.page)
    await teacher.page.get_by_role('button', name='Seat them from the front').click()
    await expect(teacher.page.get_by_text('The front of the room')).to_be_visible()
    await assert_accessible(teacher.page)
    await teacher.chooses('Grid')
    await teacher.page.get_by_label('Find a name').fill('nobody')
    await expect(teacher.names).to_have_count(0)
    await assert_accessible(teacher.page)
    await teacher.page.get_by_role('button', name='End the class').click()
    await expect(teacher.page.get_by_role('dialog')).to_be_visible()
    await assert_accessible(teacher.page)
    await teacher.page.get_by_role('button', name='Go on').click()
    projector = await teacher.opens_the_projector()
    await expect(projector.names).to_have_count(1)
    screens = LAPTOP, {'width': 1920, 'height': 1080}
    for key in ('r', 't', 's', 'j'):
        await projector.page.keyboard.press(key)
        await assert_accessible(projector.page, sizes=screens)


@pytest.mark.req('L9')
async def test_a_class_that_is_paused(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class(checkpoints=3, learners=['Lena Learner', 'Otto Old'])
        text = Details(title='Weigh **2 g** of soil', description='Use *gloves*.', estimated_minutes=4)
        await database.write(checkpoints.edit, klass.teacher, klass.checkpoints[1], text)
        await join_class(klass)
        await tap(klass, klass.checkpoints[0])
        await database.write(queue.ask, klass.learner, klass.session_id, klass.checkpoints[1])
        await database.write(sessions.set_current, klass.teacher, klass.course_id, klass.checkpoints[1])
        await database.write(sessions.pause, klass.teacher, klass.course_id, 'Look up, please')
        token = await token_of(klass.learner)
    teacher = await people.teacher_of(klass)
    lena = Learner(await people.page(token=token, phone=True))
    await lena.page.goto(f'/class/{klass.course_id}')
    await is_connected(lena.page)
    projector = await teacher.opens_the_projector()

    for page in (teacher.page, lena.page, projector.page):
        await expect(page.get_by_text('The class is paused: Look up, please.').first).to_be_visible()
    await expect(lena.marker).to_be_disabled()
    await assert_accessible(lena.page)
    await assert_accessible(teacher.page)
    await assert_accessible(projector.page, sizes=(LAPTOP, {'width': 1920, 'height': 1080}))


async def test_the_roll(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class(
            learners=['Amina Yusuf', 'علي بن أبي طالب', 'Maximilian-Alexander Freiherr von Hohenstein']
        )
        await join_class(klass)
        page = await people.somebody(klass.teacher)
    for path in ('attendance', f'attendance/{klass.session_id}'):
        await page.goto(f'/courses/{klass.course_id}/{path}')
        await is_connected(page)
        await expect(page.get_by_text('Amina Yusuf')).to_be_visible()
        await assert_accessible(page)


async def test_a_class_that_is_not_on_and_an_empty_one(people: People, server: Server) -> None:
    async with server.at_hand():
        course = await a_course()
        page = await people.somebody(course.teacher)
    await page.goto(f'/courses/{course.course_id}/live')
    await assert_accessible(page)
    await page.get_by_role('button', name='Start the class').click()
    await expect(page.get_by_role('grid').get_by_text('Nobody has joined yet')).to_be_visible()
    await assert_accessible(page)
    async with server.at_hand():
        await database.write(catalog.open_code, course.teacher, course.course_id, is_open=False)
    await page.goto(f'/courses/{course.course_id}/projector')
    await is_connected(page)
    await assert_accessible(page)


async def test_the_pages_of_an_instructor(people: People, server: Server) -> None:
    async with server.at_hand():
        newcomer = await people.somebody(await an_instructor())
        course = await a_course(checkpoints=3)
        other = await a_course(by=course.teacher, title='Water', checkpoints=1)
        await database.write(catalog.archive, course.teacher, other.course_id, archived=True)
        preview = Details(title='Look', description='A *preview* with `code`.', is_preview=True, estimated_minutes=3)
        await database.write(checkpoints.edit, course.teacher, course.checkpoints[2], preview)
        await database.write(sessions.start, course.teacher, course.course_id)
        await another_device(of=course.teacher)
        page = await people.somebody(course.teacher)
    await newcomer.goto('/')
    await assert_accessible(newcomer)

    its = f'/courses/{other.course_id}'
    for path in ('/', '/account', '/courses/new', f'/preview/{course.checkpoints[2]}', its, f'{its}/attendance'):
        await page.goto(path)
        await is_connected(page)
        await assert_accessible(page)


@pytest.mark.req('S7', 'S8')
async def test_study_time(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class(checkpoints=3)
        await tap(klass, klass.checkpoints[0])
        await arrive(klass.learner, klass.checkpoints[1])
        await leave(klass.learner, klass.course_id)
        await arrive(klass.learner, klass.checkpoints[1])
        lena, teacher = await people.somebody(klass.learner), await people.somebody(klass.teacher)
    its = f'/courses/{klass.course_id}'
    for page, path in ((lena, f'{its}/time'), (teacher, f'{its}/people/{klass.learner.user_id}/time')):
        await page.goto(path)
        await expect(page.get_by_role('region', name='Sessions')).to_be_visible()
        await assert_accessible(page)


async def test_the_editor_of_a_course(people: People, server: Server) -> None:
    async with server.at_hand():
        course = await a_course(checkpoints=3)
        page = await people.somebody(course.teacher)
    await page.goto(f'/courses/{course.course_id}')
    await is_connected(page)
    await page.get_by_text('Settings').click()
    await assert_accessible(page)

    await page.get_by_role('button', name='More for Step 1').click()
    await expect(page.get_by_role('menuitem', name='Delete')).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role('menuitem', name='Delete').click()
    await expect(page.get_by_text('“Step 1” is deleted.')).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role('button', name='Step 2', exact=True).click()
    await expect(page.get_by_role('dialog')).to_be_visible()
    for kind in 'Video', 'Reading', 'Task':
        await page.get_by_role('dialog').get_by_role('button', name=kind, exact=True).click()
        await assert_accessible(page)
    await page.keyboard.press('Escape')
    await page.get_by_role('button', name='Add steps to').click()
    await expect(page.get_by_label('one per line')).to_be_visible()
    await assert_accessible(page)


async def test_the_school(people: People, server: Server) -> None:
    async with server.at_hand():
        page = await people.somebody(await an_admin())
    await page.goto('/school')
    await is_connected(page)
    await page.get_by_role('button', name='Make a link', exact=True).click()
    await expect(page.get_by_text('It works once')).to_be_visible()
    await page.get_by_label('Name of a new client').fill('Lab robot')
    await page.get_by_role('button', name='Make a token').click()
    await expect(page.get_by_text('The token of Lab robot.')).to_be_visible()
    await expect(page.get_by_role('button', name='Sign Lab robot out')).to_be_visible()

    await assert_accessible(page)
    for path in '/school/mail', '/school/settings':
        await page.goto(path)
        await is_connected(page)
        await assert_accessible(page)
