"""The page on which a course is built: the way into the course, a look at it as a learner, titles that are too long."""

import asyncio

import pytest
from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction
from sqlalchemy import func, select

from models import Activity, Checkpoint, Course, LearningSession, Module
from services.core import database
from services.courses import catalog, checkpoints
from services.courses.checkpoints import Details
from services.enums import CheckpointKind
from tests.factories.classes import a_course
from tests.support.fields import elements
from tests.support.learner import RETRIES
from tests.ui.conftest import Enter
from ui.courses.outline_editor import AT_A_TIME
from ui.kit.menu import CheckpointRow

LONG = 'x' * 121
TOO_LONG = 'This title is too long; use at most 120 characters.'


@pytest.mark.req('A5', 'C1')
async def test_the_way_into_a_course_is_a_code_a_picture_and_a_link(enter: Enter) -> None:
    course = await a_course()
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}')
    link = f'http://test/j/{course.code}'
    await teacher.should_see(link)
    await teacher.should_see(f'QR code that leads to {link}')

    code = await database.write(catalog.renew_code, course.teacher, course.course_id)
    await teacher.should_see(f'http://test/j/{code}', retries=RETRIES)
    await teacher.should_not_see(link)

    await database.write(catalog.open_code, course.teacher, course.course_id, is_open=False)
    await teacher.should_not_see(f'http://test/j/{code}', retries=RETRIES)


@pytest.mark.req('C3', 'S1')
async def test_an_instructor_sees_the_course_as_a_learner_and_nothing_is_recorded(enter: Enter) -> None:
    course = await a_course(checkpoints=2)
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}')
    before = await recorded()

    (way,) = teacher.find('See it as a learner').elements
    await teacher.open(f'{way.props["href"]}/{course.checkpoints[0]}')

    await teacher.should_see('You see what learners see. Nothing that you do here is counted.')
    await teacher.should_see(f'href="/courses/{course.course_id}?step={course.checkpoints[0]}"')
    await teacher.should_not_see('Write a note')
    assert offered(teacher) == []
    assert await recorded() == before


async def test_a_course_without_checkpoints_has_nothing_to_see_as_a_learner(enter: Enter) -> None:
    course = await a_course(checkpoints=0)
    teacher = await enter(course.teacher)

    await teacher.open(f'/courses/{course.course_id}')

    await teacher.should_see('Add steps')
    await teacher.should_not_see('See it as a learner')


@pytest.mark.req('O7')
async def test_a_large_course_is_drawn_a_part_at_a_time(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    course = await a_course(checkpoints=3 * AT_A_TIME)
    teacher = await enter(course.teacher)
    in_this_round, most, draw = [], [0], CheckpointRow._draw

    def watched(row: CheckpointRow) -> None:
        draw(row)
        in_this_round.append(row)
        most[0] = max(most[0], len(in_this_round))
        asyncio.get_running_loop().call_soon(in_this_round.clear)

    monkeypatch.setattr(CheckpointRow, '_draw', watched)

    await teacher.open(f'/courses/{course.course_id}')

    assert len([each for each in elements(teacher) if 'outline-step' in each.classes]) == 3 * AT_A_TIME
    assert most == [AT_A_TIME]


@pytest.mark.req('C3')
@pytest.mark.parametrize(('field', 'model'), [('Title of the course', Course), ('Title of the module', Module)])
async def test_a_title_that_is_too_long_is_refused_beside_its_field(
    enter: Enter, field: str, model: type[Course | Module]
) -> None:
    course = await a_course(checkpoints=1)
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}')
    stored = await titles(model)

    typed = labelled(teacher, field)
    typed.clear().type(LONG).trigger('blur')

    await teacher.should_see(TOO_LONG, retries=RETRIES)
    (shown,) = typed.elements
    assert (shown.value, shown.error) == (LONG, TOO_LONG)
    assert await titles(model) == stored


@pytest.mark.req('C3')
async def test_a_checkpoint_whose_title_is_too_long_keeps_the_dialog_open(enter: Enter) -> None:
    course = await a_course(checkpoints=1)
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}')
    stored = await titles(Checkpoint)
    teacher.find('Step 1').click()
    await teacher.should_see('What to do', retries=RETRIES)

    teacher.find('Title').clear().type(LONG)
    teacher.find('Save').click()

    await teacher.should_see(TOO_LONG, retries=RETRIES)
    await teacher.should_see('What to do')
    assert await titles(Checkpoint) == stored


@pytest.mark.req('C3')
async def test_a_checkpoint_is_given_a_video_that_is_elsewhere(enter: Enter) -> None:
    course = await a_course(checkpoints=0)
    await database.write(
        checkpoints.add_one,
        course.teacher,
        course.course_id,
        details=Details(title='Wet it', kind=CheckpointKind.VIDEO),
    )
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}')
    assert beside(teacher, 'Wet it') == 'video · no video yet'
    teacher.find('Wet it').click()
    await teacher.should_see('Or the address of a video', retries=RETRIES)

    teacher.find('Or the address of a video').type('http://tube.example.org/w/x')
    teacher.find('Save').click()
    await teacher.should_see('The address of a video begins with https://', retries=RETRIES)

    teacher.find('Or the address of a video').clear().type('tube.example.org/w/x')
    teacher.find('Save').click()
    await teacher.should_see('Saved', retries=RETRIES)
    assert beside(teacher, 'Wet it') == 'video'
    kept = await database.read(lambda tx: [each.link for each in tx.session.scalars(select(Checkpoint))])
    assert kept == ['https://tube.example.org/w/x']


@pytest.mark.req('C6')
async def test_what_is_pasted_is_counted_before_it_is_added(enter: Enter) -> None:
    course = await a_course(checkpoints=1)
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}')
    teacher.find('Add steps').click()
    await teacher.should_see('Steps, one per line', retries=RETRIES)

    teacher.find('Steps, one per line').type('1. Dig (5 min)\n\n• Wet it 10 Min.\nWait')

    await teacher.should_see('3 steps · 15 min', retries=RETRIES)
    teacher.find('Steps, one per line').clear()
    await teacher.should_not_see('3 steps · 15 min')


async def recorded() -> tuple[int, int]:
    """Return how much the log and the study sessions hold."""
    return await database.read(
        lambda tx: (
            tx.execute(select(func.count()).select_from(Activity)).scalar_one(),
            tx.execute(select(func.count()).select_from(LearningSession)).scalar_one(),
        )
    )


def beside(user: User, title: str) -> object:
    (side,) = (each.props['data-side'] for each in user.find(title).elements if 'data-side' in each.props)
    return side


async def titles(model: type[Course | Module | Checkpoint]) -> list[str]:
    return await database.read(lambda tx: [each.title for each in tx.session.scalars(select(model))])


def offered(user: User) -> list[object]:
    """Return the markers that can be tapped."""
    assert user.client
    return [each for each in user.client.elements.values() if 'marker' in each.classes]


def labelled(user: User, label: str) -> UserInteraction[ui.textarea]:
    assert user.client
    fields = [
        each
        for each in user.client.elements.values()
        if isinstance(each, ui.textarea) and each.props.get('aria-label') == label
    ]
    return UserInteraction(user, set(fields[:1]), None)


@pytest.mark.req('Q6')
async def test_the_mark_of_mastery_is_set_on_the_page(enter: Enter) -> None:
    course = await a_course()
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}')
    sentence = 'A quiz or an assignment is mastered from this percentage on.'
    (field,) = (each for each in elements(teacher) if isinstance(each, ui.input) and sentence in each.props.values())
    for typed, said in (('101', 'Enter a number from 1 to 100.'), ('70', 'Saved')):
        field.set_value(typed)
        UserInteraction(teacher, {field}, None).trigger('blur')
        await teacher.should_see(said, retries=RETRIES)
    facts = await database.read(catalog.facts, course.teacher, course.course_id)
    assert facts.mastery_percent == 70
