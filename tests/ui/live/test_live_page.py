"""The page with which an instructor leads a class: its tab, its way out, and what is left after the end."""

import pytest
from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from services.core import database
from services.core.secrets import spell_code
from services.courses import catalog
from services.live import learner_marks, rooms, sessions
from services.live.help import queue
from services.people import groups
from tests.factories.classes import (
    ClassAtHand,
    a_class,
    assert_log_and_projections_agree,
    join_class,
    percent,
    tap,
)
from tests.support.eventually import eventually
from tests.support.grids import lines_of
from tests.support.learner import RETRIES
from tests.ui.conftest import Enter
from ui.kit.text import Text

pytestmark = [pytest.mark.req('L1', 'L7')]


async def test_the_tab_says_how_many_wait_and_in_which_course(enter: Enter) -> None:
    klass = await a_class()
    await join_class(klass)
    ines = await open_live(enter, klass)
    assert title_of(ines) == 'Soil · Waymark'

    await database.write(queue.ask, klass.learner, klass.session_id, klass.checkpoints[0])

    await ines.should_see('Stuck at step 1 · just now', retries=RETRIES)
    assert title_of(ines) == '✋1 · Soil · Waymark'
    ines.find('Solved').click()
    await ines.should_see('Nobody needs you now.', retries=RETRIES)
    assert title_of(ines) == 'Soil · Waymark'


@pytest.mark.req('L12')
async def test_the_way_in_is_large_until_somebody_has_come(enter: Enter) -> None:
    klass = await a_class()
    ines = await open_live(enter, klass)
    await ines.should_see('and type this code.')
    await ines.should_see(f'class="code-large" translate="no" dir="ltr">{spell_code(klass.code)}')

    code = await database.write(catalog.renew_code, klass.teacher, klass.course_id)
    await ines.should_see(f'class="code-large" translate="no" dir="ltr">{spell_code(code)}', retries=RETRIES)
    await database.write(catalog.open_code, klass.teacher, klass.course_id, is_open=False)
    await ines.should_not_see('and type this code.', retries=RETRIES)
    await database.write(catalog.open_code, klass.teacher, klass.course_id, is_open=True)
    await ines.should_see('and type this code.', retries=RETRIES)

    await join_class(klass)
    await ines.should_not_see('and type this code.', retries=RETRIES)


async def test_only_the_first_five_are_shown_until_the_others_are_asked_for(enter: Enter) -> None:
    klass = await a_class(learners=[f'Lena {letter}' for letter in 'ABCDEFG'])
    for learner in klass.learners:
        await join_class(klass, by=learner)
        await database.write(queue.ask, learner, klass.session_id, klass.checkpoints[0])
    ines = await open_live(enter, klass)

    await ines.should_see('Lena E')
    await ines.should_not_see('Lena F')
    ines.find('2 more').click()

    await ines.should_see('Lena G', retries=RETRIES)
    ines.find('Show fewer').click()
    await ines.should_not_see('Lena F', retries=RETRIES)


async def test_the_end_of_a_class_shows_its_result(enter: Enter) -> None:
    klass = await a_class(checkpoints=1, learners=['Lena Learner', 'Otto Other', 'Pia Pale'])
    lena, otto, _ = klass.learners
    for learner in (lena, otto):
        await join_class(klass, by=learner)
    await tap(klass, klass.checkpoints[0], by=lena)
    await database.write(queue.ask, otto, klass.session_id, klass.checkpoints[0])
    await database.write(sessions.end, klass.teacher, klass.course_id)

    ines = await open_live(enter, klass)

    await ines.should_see('The class has ended')
    await ines.should_see('50 % done')
    for heading in 'Finished everything (1)', 'Asked for help (1)', 'Was not there (1)':
        await ines.should_see(heading)
    await ines.should_see('Pia Pale')
    ines.find('Start another class').click()
    await ines.should_see('Pace', retries=RETRIES)


@pytest.mark.req('C7')
async def test_the_result_is_shown_of_one_group(enter: Enter) -> None:
    klass = await a_class(checkpoints=1, learners=['Lena Learner', 'Otto Other', 'Pia Pale'])
    lena, otto, pia = klass.learners
    for learner in (lena, otto):
        await join_class(klass, by=learner)
    await tap(klass, klass.checkpoints[0], by=lena)
    for learner, name in (lena, 'Blue'), (otto, 'Red'), (pia, 'Red'):
        await database.write(groups.put, klass.teacher, klass.course_id, user_id=learner.user_id, name=name)
    await database.write(sessions.end, klass.teacher, klass.course_id)
    ines = await enter(klass.teacher)

    await ines.open(f'/courses/{klass.course_id}/live?group=Blue')
    await ines.should_see('100 % done')
    await ines.should_see('Finished everything (1)')
    await ines.should_not_see('Was not there')
    await ines.open(f'/courses/{klass.course_id}/live?group=Red')
    await ines.should_see('0 % done')
    await ines.should_see('Was not there (1)')
    await ines.should_not_see('Lena Learner')
    (again,) = (each for each in ines.find(kind=ui.link).elements if each.text == 'Look at it again')
    assert again.props['href'] == f'/courses/{klass.course_id}/classes/{klass.session_id}?group=Red'


async def test_a_learner_is_opened_from_the_list_and_marked_by_the_instructor(enter: Enter) -> None:
    klass = await a_class()
    await join_class(klass)
    await database.write(queue.ask, klass.learner, klass.session_id, klass.checkpoints[0])
    ines = await open_live(enter, klass)
    await ines.should_see('Stuck at step 1', retries=RETRIES)

    press(ines, 'button', 'Lena Learner')
    await ines.should_see('Code to come back with', retries=RETRIES)
    await ines.should_see('Extra time, percent')
    press(ines, 'button', 'Set')

    await ines.should_see('Take back', retries=RETRIES)
    await ines.should_see('33 % done')
    assert await percent(klass, klass.learner) == 33
    press(ines, 'button', 'Take back')
    await ines.should_not_see('Take back', retries=RETRIES)
    assert await percent(klass, klass.learner) == 0
    await assert_log_and_projections_agree()
    ines.find('Close').click()
    await ines.should_see('Nobody needs you now.', retries=RETRIES)


async def test_an_open_learner_follows_the_class_and_keeps_what_is_typed_and_pressed(enter: Enter) -> None:
    klass = await a_class()
    await join_class(klass)
    ines = await open_live(enter, klass)
    ines.find('Find a name').type(klass.learner.name).trigger('keydown.enter')
    await ines.should_see('Take out of the course', retries=RETRIES)
    buttons = [each for each in ines.find(Text).elements if each.tag == 'button' and each.text == 'Set']
    ines.find('Note, for those who teach').type('Sits at')

    await tap(klass, klass.checkpoints[0])
    await ines.should_see('33 % done · ', retries=RETRIES)
    press(ines, 'button', 'Set')
    await ines.should_see('66 % done · ', retries=RETRIES)

    assert sorted(each.text for each in buttons) == ['Set', 'Take back', 'Take back']
    assert not any(each.is_deleted for each in buttons)
    (note,) = ines.find('Note, for those who teach').elements
    assert isinstance(note, ui.textarea)
    assert note.value == 'Sits at'


async def test_a_raised_hand_is_heard_where_the_instructor_wants_that(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(ui.audio, 'play', lambda *_: rung.append('bell'))
    klass = await a_class(learners=['Lena Learner', 'Otto Other'])
    lena, otto = klass.learners
    ines = await open_live(enter, klass)
    await database.write(queue.ask, lena, klass.session_id, klass.checkpoints[0])
    await ines.should_see('1 waiting', retries=RETRIES)
    assert rung == []

    (switch,) = (
        each for each in ines.find(kind=ui.switch).elements if each.text == 'Sound when somebody asks for help'
    )
    switch.set_value(True)
    assert len(rung) == 1
    await database.write(queue.ask, otto, klass.session_id, klass.checkpoints[0])
    await ines.should_see('2 waiting', retries=RETRIES)
    assert len(rung) == 2

    press(ines, 'button', 'Solved')
    await ines.should_see('1 waiting', retries=RETRIES)
    assert len(rung) == 2


async def test_chance_picks_somebody_who_is_here(enter: Enter) -> None:
    klass = await a_class(learners=['Lena Learner', 'Otto Other'])
    ines = await open_live(enter, klass)
    press(ines, 'q-btn', 'Pick at random')
    await ines.should_see('Nobody is here yet.')

    (await rooms.enter(klass.course_id)).arrive(klass.learners[1].user_id)
    press(ines, 'q-btn', 'Pick at random')

    await ines.should_see('Code to come back with', retries=RETRIES)
    assert [each.text for each in ines.find(Text).elements if each.tag == 'h2' and each.text == 'Otto Other']


async def test_a_click_on_a_row_of_the_grid_opens_the_learner(enter: Enter) -> None:
    klass = await a_class()
    ines = await open_live(enter, klass)
    room = await rooms.enter(klass.course_id)
    key = room.board.learners[klass.learner.user_id].key

    (grid,) = ines.find(ui.aggrid).elements
    UserInteraction(ines, {grid}, None).trigger('cellClicked', cell('everyone'))
    UserInteraction(ines, {grid}, None).trigger('cellClicked', cell(key))
    await ines.should_see('Code to come back with', retries=RETRIES)
    press(ines, 'q-btn', 'Take out of the course')
    await ines.should_see(f'Take {klass.learner.name} out of the course?', retries=RETRIES)
    press(ines, 'q-btn', 'Take out')

    await ines.should_not_see('Code to come back with', retries=RETRIES)
    await eventually(lambda: klass.learner.user_id not in room.board.learners)


async def test_escape_closes_the_learner_and_the_focus_is_back_on_the_cell(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[tuple[object, ...]] = []
    monkeypatch.setattr(ui.aggrid, 'run_grid_method', lambda _, *args, **_more: called.append(args))
    klass = await a_class()
    ines = await open_live(enter, klass)
    room = await rooms.enter(klass.course_id)
    (grid,) = ines.find(ui.aggrid).elements
    key = room.board.learners[klass.learner.user_id].key
    UserInteraction(ines, {grid}, None).trigger('cellClicked', cell(key))
    await ines.should_see('Take out of the course', retries=RETRIES)

    panel = next(each for each in ines.find(kind=ui.element).elements if 'learner-panel' in each.classes)
    UserInteraction(ines, {panel}, None).trigger('keydown.escape', [])

    await ines.should_see('Nobody needs you now.', retries=RETRIES)
    await ines.should_not_see('Take out of the course')
    assert called[-1] == ('setFocusedCell', 3, 'c7')


async def test_a_note_is_kept_for_the_next_who_opens_the_learner(enter: Enter) -> None:
    klass = await a_class()
    ines = await open_live(enter, klass)
    ines.find('Find a name').type(klass.learner.name).trigger('keydown.enter')
    await ines.should_see('Take out of the course', retries=RETRIES)

    ines.find('Note, for those who teach').type('Sits at the window').trigger('change')

    await ines.should_see('Saved', retries=RETRIES)
    facts = await database.read(
        learner_marks.of_learner, klass.teacher, klass.course_id, user_id=klass.learner.user_id, again=True
    )
    assert facts.note == 'Sits at the window'


def cell(key: str) -> dict[str, object]:
    return {'data': {'k': key}, 'rowIndex': 3, 'colId': 'c7'}


async def open_live(enter: Enter, klass: ClassAtHand) -> User:
    user = await enter(klass.teacher)
    await user.open(f'/courses/{klass.course_id}/live')
    return user


def press(user: User, tag: str, text: str) -> None:
    """Press the first visible element with exactly this text."""
    elements = user.client.elements.values() if user.client else ()
    found = (each for each in elements if each.tag == tag and getattr(each, 'text', '') == text and each.visible)
    UserInteraction(user, {next(found)}, None).click()


def title_of(user: User) -> str:
    assert user.client
    return user.client.title or ''


@pytest.mark.req('C7', 'L8')
async def test_a_group_has_the_grid_the_figures_and_those_who_need_help_to_itself(enter: Enter) -> None:
    klass = await a_class(learners=['Lena Learner', 'Otto Other'])
    for learner, group in zip(klass.learners, ['Blue', 'Red'], strict=True):
        await join_class(klass, by=learner)
        await database.write(queue.ask, learner, klass.session_id, klass.checkpoints[0])
        await database.write(groups.put, klass.teacher, klass.course_id, user_id=learner.user_id, name=group)
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}/live?group=Blue')

    await ines.should_see('1 waiting')
    await ines.should_see('Lena Learner')
    await ines.should_not_see('Otto Other')
    (grid,) = ines.find(kind=ui.aggrid).elements
    assert [line['n'] for line in lines_of(grid.options)] == ['Lena Learner']
    choice = next(each for each in ines.find(kind=ui.select).elements if each.props.get('aria-label') == 'Group')
    choice.set_value('')
    await ines.should_see('2 waiting', retries=RETRIES)
    await ines.should_see('Otto Other')
