"""The acceptance criteria AC-101.1 to AC-101.8 of learning at one's own pace, as people see them. Source: s4."""

from dataclasses import dataclass

import pytest
from playwright.async_api import Page, expect

from services.access import Actor
from services.core import database
from services.courses import checkpoints, modules
from services.people import joining
from tests.factories.classes import CourseAtHand, a_course, mark
from tests.factories.people import PASSWORD, a_guest, a_student, an_account
from tests.support.browser_people import People, is_connected
from tests.support.running import Server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope='session'),
    pytest.mark.req('S1', 'S2', 'S3', 'S4', 'S10'),
]


@dataclass(frozen=True, slots=True)
class Learning:
    """Somebody on the page of a checkpoint."""

    page: Page
    course: CourseAtHand

    async def opens(self, checkpoint: int) -> None:
        await self.page.goto(f'/courses/{self.course.course_id}/learn/{checkpoint}')
        await is_connected(self.page)  # before, a busy machine keeps the page covered

    async def completes(self) -> None:
        await self.page.locator('input.marker:not(.hidden)').click()
        await expect(self.page.locator('.learn-done')).to_have_text('Done')

    async def is_at(self, percent: int) -> None:
        await expect(self.page.locator('.progress-ring')).to_have_text(f'{percent} %')

    async def sees_done(self, count: int) -> None:
        await expect(self.page.locator('.learn-path .step-done')).to_have_count(count)


async def someone_who_did(people: People, server: Server, count: int, *, of: int = 10) -> Learning:
    async with server.at_hand():
        course = await a_course(checkpoints=of, title='Lessons')
        learner = await a_guest(code=course.code)
        await did(learner, course.checkpoints[:count])
        return Learning(await people.somebody(learner), course)


async def did(learner: Actor, checkpoints: tuple[int, ...] | list[int]) -> None:
    for checkpoint in checkpoints:
        await mark(checkpoint, by=learner)


async def test_ac_101_1_a_student_marks_a_lesson_as_complete(people: People, server: Server) -> None:
    lena = await someone_who_did(people, server, 0)
    await lena.opens(lena.course.checkpoints[0])

    await lena.completes()

    await expect(lena.page.get_by_role('link', name='1 Step 1, done')).to_be_visible()


async def test_ac_101_2_the_percentage_follows(people: People, server: Server) -> None:
    lena = await someone_who_did(people, server, 4)
    await lena.opens(lena.course.checkpoints[4])
    await lena.is_at(40)

    await lena.completes()

    await lena.is_at(50)


async def test_ac_101_3_progress_persists_across_sessions(people: People, server: Server) -> None:
    async with server.at_hand():
        course = await a_course(checkpoints=10, title='Lessons')
        actor = (await an_account(email='lena.lessons@example.org')).actor
        await database.write(joining.join, actor, code=course.code)
        await did(actor, course.checkpoints[:5])
        lena = Learning(await people.somebody(actor), course)
    await lena.opens(course.checkpoints[5])
    await lena.is_at(50)

    await lena.page.get_by_role('button', name='Sign out').click()
    await lena.page.get_by_role('link', name='Sign in').first.click()
    await lena.page.get_by_label('E-mail').fill('lena.lessons@example.org')
    await lena.page.get_by_label('Password', exact=True).fill(PASSWORD)
    await lena.page.get_by_role('button', name='Sign in').click()
    await lena.page.get_by_role('link', name='Continue learning: Lessons').click()

    await lena.is_at(50)
    await lena.sees_done(5)


async def test_ac_101_4_the_last_lesson_completes_the_course(people: People, server: Server) -> None:
    lena = await someone_who_did(people, server, 9)
    await lena.opens(lena.course.checkpoints[9])

    await lena.completes()

    await lena.is_at(100)


async def test_ac_101_5_continue_learning_goes_to_the_first_incomplete_lesson(people: People, server: Server) -> None:
    lena = await someone_who_did(people, server, 5)
    await lena.page.goto('/')

    await lena.page.get_by_role('link', name='Continue learning').click()

    await expect(lena.page.get_by_role('heading', level=1)).to_have_text('Step 6')


async def test_ac_101_6_marking_twice_is_idempotent(people: People, server: Server) -> None:
    """The second time from another tab, which does not know of the first yet."""
    lena = await someone_who_did(people, server, 2)
    await lena.opens(lena.course.checkpoints[2])
    async with server.at_hand():
        other = Learning(await people.page(profile_of=lena.page), lena.course)
    await other.opens(lena.course.checkpoints[2])

    server.pause()
    await lena.page.locator('input.marker:not(.hidden)').click()
    await other.page.locator('input.marker:not(.hidden)').click()
    server.resume()

    for tab in (lena, other):
        await expect(tab.page.locator('.learn-done')).to_have_text('Done')
        await tab.is_at(30)
        await expect(tab.page.locator('.q-notification')).to_have_count(0)


async def test_ac_101_7_only_enrolled_students_mark(people: People, server: Server) -> None:
    """Whoever is not enrolled does not even see that there is such a course."""
    async with server.at_hand():
        course = await a_course(checkpoints=10, title='Lessons')
        stranger = Learning(await people.somebody(await a_student()), course)

    await stranger.opens(course.checkpoints[0])

    await expect(stranger.page.get_by_role('heading', level=1)).to_have_text('This page is not here')


async def test_ac_101_8_the_percentage_is_right_across_modules(people: People, server: Server) -> None:
    async with server.at_hand():
        course = await a_course(checkpoints=3, title='Lessons')
        checkpoint_ids = list(course.checkpoints)
        for title, count in (('Two', 5), ('Three', 2)):
            module = await database.write(modules.add, course.teacher, course.course_id, title=title)
            lines = '\n'.join(f'{title} {number}' for number in range(count))
            checkpoint_ids += await database.write(checkpoints.add, course.teacher, module, lines=lines)
        learner = await a_guest(code=course.code)
        await did(learner, [checkpoint_ids[0], checkpoint_ids[3], checkpoint_ids[4], checkpoint_ids[8]])
        lena = Learning(await people.somebody(learner), course)
    await lena.opens(checkpoint_ids[9])
    await lena.is_at(40)

    await lena.completes()

    await lena.is_at(50)
    await expect(lena.page.locator('.learn-part')).to_have_text(['Module 11 of 3', 'Two2 of 5', 'Three2 of 2'])
