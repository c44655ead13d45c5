"""Those who teach award points, pause a streak and switch parts off; the admin does so for the school."""

import pytest
from nicegui import ui

from services.core import clock, database
from services.motivation import awards, calendar, leaderboard, made_badges, parts, pauses
from services.motivation.calendar import DaySpan
from services.motivation.parts import Part
from tests.factories.classes import a_class, tap
from tests.factories.people import an_admin
from tests.services.motivation.test_badges import follow
from tests.support.eventually import found_soon
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('G1', 'G4')


async def test_an_instructor_awards_points_and_pauses_a_streak(enter: Enter) -> None:
    klass = await a_class()
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}/motivation')
    await ines.should_see('You can award 1000 more points today.')
    ines.find(kind=ui.button, content='Award').click()
    await ines.should_see('Choose a learner.')

    ines.find(kind=ui.select).elements.pop().set_value(klass.learner.user_id)
    ines.find('For what').type('A good question')
    ines.find(kind=ui.button, content='Award').click()
    await ines.should_see('You can award 990 more points today.')
    today = clock.now().date()
    for field in ('First day', 'Last day'):
        ines.find(field).elements.pop().set_value(today.isoformat())
    ines.find(kind=ui.button, content='Pause').click()
    await ines.should_see('Take back')

    assert await database.read(awards.left, klass.teacher, klass.course_id) == 990
    of = klass.teacher, klass.course_id, klass.learner.user_id
    assert await database.read(pauses.of_learner, *of) == (DaySpan(today, today),)
    ines.find(kind=ui.button, content='Take back').click()
    await ines.should_not_see('Take back')
    ines.find(kind=ui.checkbox, content='Badges').click()
    await ines.should_see('Saved')
    assert not (await database.read(parts.course, klass.teacher, klass.course_id)).badges


async def test_an_admin_says_when_nobody_needs_to_learn_and_switches_for_the_school(enter: Enter) -> None:
    admin = await an_admin()
    ada = await enter(admin)
    await ada.open('/school/motivation')
    ada.find('A date or two in each line').type('tomorrow')
    ada.find(kind=ui.button, content='Save').click()
    await ada.should_see('This line is not a date or two: tomorrow.')
    ada.find('A date or two in each line').clear().type('2026-12-24 - 2027-01-06')
    ada.find(kind=ui.button, content='Save').click()
    await ada.should_see('Saved')

    assert [str(span.last) for span in await database.read(calendar.own, admin)] == ['2027-01-06']
    ada.find('Days and weeks in a row').click()

    async def is_off() -> bool:
        return not (await database.read(parts.school, admin)).streaks

    assert await found_soon(is_off)


@pytest.mark.req('G5')
async def test_a_learner_takes_part_under_another_name_and_leaves_again(enter: Enter) -> None:
    klass = await a_class(learners=['Lena', 'Omar', 'Ida'])
    lena, *others = klass.learners
    page = await enter(lena)
    await page.open('/goals')
    await page.should_not_see('Leaderboard')
    await database.write(parts.switch_course, klass.teacher, klass.course_id, part=Part.LEADERBOARD, on=True)
    for who, alias in zip(others, ('Fox', 'Owl'), strict=True):
        await database.write(leaderboard.join, who, klass.course_id, alias=alias)

    await page.open('/goals')
    await page.should_not_see('Fox')
    page.find('A name that says nothing of who you are').type('Omar')
    page.find(kind=ui.button, content='Take part').click()
    await page.should_see('This name is taken. Choose another one.')
    page.find('A name that says nothing of who you are').clear().type('Elk')
    page.find(kind=ui.button, content='Take part').click()
    await page.should_see('Elk (you)')
    await page.should_see('Fox')
    page.find('Take part no more').click()
    await page.should_not_see('Fox')


@pytest.mark.req('G3')
async def test_an_instructor_makes_a_badge_and_sees_who_would_have_it(enter: Enter) -> None:
    klass = await a_class()
    await tap(klass, klass.checkpoints[0])
    await follow()
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}/motivation')
    ines.find('New badge').click()
    await ines.should_see('Who would have it?')
    ines.find(kind=ui.button, content='Save').click()
    await ines.should_see('Give the badge a name.')
    ines.find('Name').type('Digger')
    ines.find('At least').clear().type('1')
    ines.find('Who would have it?').click()
    await ines.should_see('1 learner would have it today. What is done from now on counts.')
    ines.find(kind=ui.button, content='Save').click()
    await ines.should_see('Steps completed: at least 1, at any time · 10 points')

    lena = await enter(klass.learner)
    await lena.open('/goals')
    await lena.should_see('Steps completed: at least 1, at any time')  # nobody has described it
    (digger,) = await database.read(made_badges.of_course, klass.teacher, klass.course_id)
    assert (digger.name, digger.criteria.at_least) == ('Digger', 1)
    ines.find(kind=ui.button, content='Delete').click()
    await ines.should_see('Deleted. Who has it keeps it.')
    assert await database.read(made_badges.of_course, klass.teacher, klass.course_id) == ()
