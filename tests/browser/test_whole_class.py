"""A class of ninety minutes from the first code to the roll: a teacher at the projector, and thirty students.

Four of them have phones in real browsers, the others speak the browser's protocol; the clock of the server is put
forward.
"""

import asyncio
import csv
import io
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, ViewportSize, expect

from bench.student import Student
from services.core import database
from services.courses import checkpoints
from services.live import sessions
from tests.factories.classes import ClassAtHand, a_course, assert_log_and_projections_agree
from tests.factories.people import PASSWORD
from tests.support import server_ahead
from tests.support.browser_people import Learner, People, Screen, Teacher, is_connected, is_cut_off
from tests.support.eventually import eventually
from tests.support.running import ROOT, Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope='session')]

CHECKPOINTS = ('Gloves on', 'Weigh the soil', 'Wet it', 'Read the colour', 'Write it down')
MINUTES = 15
TALL: ViewportSize = {'width': 1366, 'height': 1600}
OTHERS = 26
NAMES = ('فاطمة الزهراء', 'יעל כהן', 'Luca 🌱 Moretti', 'Maximilian-Alexander Freiherr von und zu Hohenstein-Waldburg')


@pytest.fixture
async def server(tmp_path: Path, data_dir: Path) -> AsyncIterator[Server]:
    """A server of this test's own, whose clock can be put forward."""
    server = Server(tmp_path / 'school', script='tests/support/server_ahead.py', is_cold=True, PYTHONPATH=str(ROOT))
    server_ahead.put_forward(server.folder, 0)
    server.start()
    yield server
    server.stop()


@pytest.mark.req('A5', 'L1', 'L2', 'L3', 'L4', 'L5', 'L6', 'L7', 'L8', 'L9', 'L10', 'L11', 'L12')
async def test_ninety_minutes_with_thirty_students(browser: Browser, server: Server) -> None:
    people = People(browser, server)
    async with server.at_hand():
        klass = await a_class_of_ninety_minutes()
    one, two, three, four, _ = klass.checkpoints
    teacher = await people.teacher_of(klass)
    projector = await teacher.opens_the_projector()
    screens = (teacher, projector)
    await teacher.page.set_viewport_size(TALL)  # the grid draws the rows that are seen

    # They come.
    amina, ben, chloe, dan = [await people.learner() for _ in range(4)]
    await amina.joins_by_code(klass.code, 'Amina Yusuf')
    for learner, name in (ben, 'Ben Okafor'), (chloe, 'Chloé Müller'), (dan, 'Dan Price'):
        await learner.joins_by_link(klass.code, name)
    async with others_in(klass, server) as others:
        for screen in screens:
            await screen.says('30 here')
        await expect(projector.page.get_by_text('Amina')).to_have_count(0)
        await chloe.page.get_by_role('switch', name='Show me on the projector').tap()
        await expect(teacher.names).to_have_count(30)

        # Everybody is led to the first checkpoint; most are done with it, and the teacher moves on, too far and back
        # again.
        await teacher.page.keyboard.press('n')
        await expect(projector.page.get_by_text(f'Now: 1 {CHECKPOINTS[0]}')).to_be_visible()
        await expect(chloe.page.get_by_text('The class is here until about')).to_be_visible()
        await everybody_taps(others, one)
        await amina.taps()
        await expect(amina.said).to_have_text('Saved · step 1')
        await expect(teacher.page.get_by_text('90 % are done with this step.')).to_be_visible()
        await ben.taps()
        await dan.taps()
        await teacher.page.get_by_role('button', name='Next', exact=True).click()
        await teacher.page.keyboard.press('ArrowRight')
        await amina.is_at(CHECKPOINTS[2])
        await teacher.page.keyboard.press('ArrowLeft')
        await amina.is_at(CHECKPOINTS[1])

        # One loses the network; meanwhile the class pauses, and goes on.
        await dan.page.context.set_offline(True)
        server_ahead.put_forward(server.folder, 10)
        reason = teacher.page.get_by_label('Reason for the pause')
        await reason.fill('the sink is blocked')
        await reason.press('Enter')
        await expect(amina.page.locator('.pace-pause')).to_have_text('The class is paused: the sink is blocked.')
        await expect(amina.marker).to_be_disabled()
        await expect(projector.page.get_by_text('the sink is blocked')).to_be_visible()
        server_ahead.put_forward(server.folder, 20)
        await teacher.page.get_by_role('button', name='Go on').click()
        await expect(amina.marker).to_be_enabled()

        # One is stuck, waits, is helped, and goes on.
        await ben.page.get_by_role('button', name='I’m stuck').tap()
        await ben.page.get_by_label('What does not work?').fill('The scale shows nothing')
        await ben.page.get_by_role('button', name='Ask for help').tap()
        await expect(ben.page.get_by_text('You are next')).to_be_visible()
        await expect(projector.page.get_by_text('1 waiting for help')).to_be_visible()
        await expect(await teacher.cell('Ben', two)).to_have_text('stuck')
        await everybody_taps(others, two)
        await amina.taps()
        await amina.is_at(CHECKPOINTS[2])
        server_ahead.put_forward(server.folder, 24)
        await expect(teacher.page.locator('.needs-help')).to_contain_text('4 min')
        await teacher.page.get_by_role('button', name='I’m on it: Ben Okafor').click()
        await expect(ben.page.get_by_text('is on the way')).to_be_visible()
        await ben.page.get_by_role('button', name='It works now').tap()
        await expect(teacher.page.locator('.needs-help')).to_have_count(0)
        await ben.taps()

        # One has done nothing all the time, and one is gone; whoever has looked puts it aside.
        look = teacher.page.locator('.needs-row')
        await expect(look.filter(has_text='Chloé Müller')).to_contain_text('the class 1.9 on average')
        await teacher.says('29 here · 1 lost')
        await look.get_by_role('button', name='Seen: Chloé Müller').click()
        await expect(look.filter(has_text='Chloé Müller')).to_have_count(0)

        # The class goes on while one is away; back again, they find everything, and have a second device besides.
        await teacher.page.keyboard.press('n')
        await everybody_taps(others, three)
        server_ahead.put_forward(server.folder, 45)
        await is_cut_off(dan.page)
        await dan.page.context.set_offline(False)
        await dan.is_at(CHECKPOINTS[2])
        await dan.has_done(20)
        for screen in screens:
            await screen.says('30 here' if screen is teacher else '29 here')
        tablet = await people.learner()
        await tablet.comes_back_with(await dan.own_code())
        await tablet.taps()
        await dan.has_done(40)

        # One makes an account while the class runs, and keeps everything.
        await claims(amina, 'amina.whole@example.org')
        await amina.is_at(CHECKPOINTS[2])
        await amina.has_done(40)

        # The last checkpoints, each at their own pace, until the teacher ends it.
        await teacher.leads_to('Own pace')
        await everybody_taps(others, four)
        await amina.taps()
        await amina.has_done(60)
        await teacher.shows(28, 'done', three)
        server_ahead.put_forward(server.folder, 90)
        await teacher.ends_the_class()
        for learner in (amina, ben, chloe, dan, tablet):
            await expect(learner.heading).to_have_text('This class has ended')
        await expect(projector.page.locator('.wall-ended')).to_be_visible()

    await looks_at_it_again(teacher)
    roll = await the_roll(teacher)
    assert len(roll) == 30
    assert {name: minutes for name, *_, minutes in roll if minutes != '90' and name != 'Dan Price'} == {}
    async with server.at_hand():
        await assert_log_and_projections_agree()
    await people.go_home()
    assert people.complaints == []


async def a_class_of_ninety_minutes() -> ClassAtHand:
    course = await a_course(checkpoints=0, title='What is in our soil?')
    lines = '\n'.join(f'{title} ({MINUTES} min)' for title in CHECKPOINTS)
    checkpoint_ids = await database.write(checkpoints.add, course.teacher, course.module_id, lines=lines)
    session_id = await database.write(sessions.start, course.teacher, course.course_id)
    return ClassAtHand(
        course_id=course.course_id,
        module_id=course.module_id,
        session_id=session_id,
        checkpoints=tuple(checkpoint_ids),
        code=course.code,
        teacher=course.teacher,
        learners=(),
    )


@asynccontextmanager
async def others_in(klass: ClassAtHand, server: Server) -> AsyncIterator[list[Student]]:
    """The rest of the class, with their pages open."""
    names = [*NAMES, *(f'Student {number}' for number in range(OTHERS - len(NAMES)))]
    others = [Student(name, server.origin) for name in names]

    async def come(student: Student) -> None:
        await student.join(klass.code)
        await student.load()
        await student.connect()

    try:
        await asyncio.gather(*map(come, others))
        yield others
    finally:
        await asyncio.gather(*(student.close() for student in others))


async def everybody_taps(others: Sequence[Student], checkpoint: int) -> None:
    """Let everybody be done with a checkpoint as soon as they are shown it."""
    await eventually(lambda: all(student.ready and student.checkpoint == str(checkpoint) for student in others))
    taps = await asyncio.gather(*(student.tap() for student in others))
    await eventually(lambda: all(tap.answered for tap in taps))


async def claims(learner: Learner, email: str) -> None:
    page = learner.page
    await page.get_by_role('link', name='Keep this').tap()
    await page.get_by_label('E-mail').fill(email)
    await page.get_by_label('Password', exact=True).fill(PASSWORD)
    await page.get_by_role('button', name='Make my account').tap()
    await page.wait_for_url('**/class/*')
    await is_connected(page)


async def looks_at_it_again(teacher: Teacher) -> None:
    """Replay the class: at its end all is there, at its beginning nothing, in the middle what was done by then."""
    page = teacher.page
    one, _, three, *_ = teacher.klass.checkpoints
    await page.get_by_role('link', name='Look at it again').click()
    await page.wait_for_url('**/classes/*')
    await is_connected(page)
    again = Screen(page)
    await again.shows(29, 'done', one)
    await page.get_by_role('slider', name='Moment of the class').focus()
    await page.keyboard.press('Home')
    await again.shows(0, 'done', one)
    await page.get_by_role('combobox', name='Jump to').click()
    await page.get_by_role('option', name=f'half had done 2 {CHECKPOINTS[1]}').click()
    await again.shows(0, 'done', three)
    await expect(page.locator('.replay-controls .chip')).to_have_text(re.compile('^20:'))


async def the_roll(teacher: Teacher) -> list[list[str]]:
    """Return the attendance of the class, as a spreadsheet reads it."""
    answer = await teacher.page.request.get(f'/courses/{teacher.klass.course_id}/attendance.csv')
    _, *rows = csv.reader(io.StringIO((await answer.body()).decode('utf-8-sig'), newline=''))
    return rows
