"""An assignment on screen: a learner writes and hands in, a teacher grades and returns it, the learner reads it."""

from datetime import timedelta

import pytest
from nicegui import ui

from services.assignments import desk, grading, rules, submissions
from services.assignments.rules import Rules
from services.core import clock, database
from services.core.errors import DomainError
from services.courses import catalog
from services.enums import SubmissionState
from tests.factories.assignments import PDF, AssignmentAtHand, add_file, an_assignment, hand_in, listed, seen_by, write
from tests.factories.classes import joined_long_ago
from tests.factories.people import a_guest, an_instructor, another_device
from tests.support.patient import PatientUser
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('Q4')


def address(work: AssignmentAtHand) -> str:
    return f'/assignments/{work.checkpoint_id}'


def list_of(work: AssignmentAtHand) -> str:
    return f'/courses/{work.klass.course_id}/assignments/{work.checkpoint_id}'


def text_of(user: PatientUser) -> ui.textarea:
    (field,) = user.find(ui.textarea).elements
    return field


async def saved(work: AssignmentAtHand) -> str:
    tries = (await seen_by(work)).tries
    return tries[0].text if tries else ''


async def test_a_text_is_saved_while_it_is_typed_and_handed_in(enter: Enter) -> None:
    work = await an_assignment(due_at=clock.now() + timedelta(days=2))
    user = await enter(work.learner)
    await user.open(f'/courses/{work.klass.course_id}/learn/{work.checkpoint_id}')
    await user.should_see('Open the assignment')
    await user.should_see('Nothing is handed in yet')
    await user.open(address(work))
    for words in ('Soil report', 'behind your house', 'Due on', 'Graded from 0 to 100; you pass with 60'):
        await user.should_see(words)
    user.find(ui.textarea).type('Sandy, and **dry**.')
    await user.should_see('Saved at')
    assert await saved(work) == 'Sandy, and **dry**.'
    user.find('Hand in').click()
    await user.should_see('Handed in on')
    assert (await seen_by(work)).tries[0].state is SubmissionState.SUBMITTED
    await user.should_see('Your teacher has not returned it yet.')
    user.find('Take it back and change it').click()
    await user.should_see('A draft: not handed in yet')
    assert text_of(user).value == 'Sandy, and **dry**.'


async def test_what_was_typed_last_is_handed_in_without_waiting(enter: Enter) -> None:
    work = await an_assignment()
    user = await enter(work.learner)
    await user.open(address(work))
    user.find(ui.textarea).type('Clay.')
    user.find('Hand in').click()
    await user.should_see('Handed in on')
    assert await saved(work) == 'Clay.'


async def test_a_text_from_another_device_is_not_overwritten_and_what_is_typed_stays(enter: Enter) -> None:
    work = await an_assignment()
    user = await enter(work.learner)
    await user.open(address(work))
    await write(work, 'From the phone.', by=await another_device(of=work.learner))
    user.find(ui.textarea).type('From here.')
    await user.should_see('Not saved: This text was changed on another device.')
    assert await saved(work) == 'From the phone.'
    assert text_of(user).value == 'From here.'


async def test_what_comes_back_appears_by_itself(enter: Enter) -> None:
    work = await an_assignment()
    handed = await hand_in(work)
    user = await enter(work.learner)
    await user.open(address(work))
    await user.should_see('Your teacher has not returned it yet.')
    await database.write(grading.grade, work.teacher, handed, grade=85, feedback='Say *why*.', returns=True)
    await user.should_see('85 of 100')
    await user.should_see('What your teacher says')


async def test_files_are_listed_and_removed(enter: Enter) -> None:
    work = await an_assignment(with_rules=Rules(takes_text=False, most_files=1))
    await add_file(work, PDF)
    user = await enter(work.learner)
    await user.open(address(work))
    await user.should_see('soil.pdf')
    await user.should_not_see(ui.textarea)
    user.find('Remove').click()
    await user.should_not_see('soil.pdf')
    user.find('Hand in').click()
    await user.should_see('There is nothing to hand in yet.')


async def test_a_teacher_sees_who_is_missing_grades_and_goes_on(enter: Enter) -> None:
    names = 'Lena Learner', 'Otto Other', 'Mia Missing'
    work = await an_assignment(learners=names, due_at=clock.now() - timedelta(minutes=29, seconds=30))
    lena, otto, _ = work.klass.learners
    await joined_long_ago(work.klass)
    await a_guest(code=work.klass.code, name='Nina New')
    first, second = await hand_in(work, 'Sandy.', by=lena), await hand_in(work, 'Clay.', by=otto)
    user = await enter(work.teacher)
    await user.open(list_of(work))
    said = (
        '2 of 4 handed in · 2 to grade · 1 missing',
        '30 min late',
        'missing',
        'due before joining',
        'Grade the next one',
    )
    for words in said:
        await user.should_see(words)
    await user.open(f'{list_of(work)}/{first}')
    await user.should_see('Lena Learner')
    await user.should_see('Sandy.')
    user.find('Grade, 0 to 100').type('90')
    user.find('Save and go on').click()
    await user.should_see('Clay.')
    assert (await listed(work))['Lena Learner'].grade == 90
    user.find('Grade, 0 to 100').type('40')
    user.find(ui.textarea).type('Look closer.')
    user.find('Return', kind=ui.button).click()
    await user.should_see('graded, not returned yet')
    assert (await seen_by(work, otto)).tries[0].feedback == 'Look closer.'
    user.find('Return all that are graded').click()
    await user.should_see('1 returned')
    assert (await seen_by(work, lena)).tries[0].grade == 90
    assert second != first


@pytest.mark.parametrize('typed', ['755', '85.5', '-1', 'B'])
async def test_a_grade_with_a_slip_in_it_is_asked_for_again_instead_of_cut(enter: Enter, typed: str) -> None:
    work = await an_assignment()
    handed = await hand_in(work)
    user = await enter(work.teacher)
    await user.open(f'{list_of(work)}/{handed}')
    user.find('Grade, 0 to 100').type(typed)
    user.find('Return', kind=ui.button).click()
    await user.should_see('Type a whole number from 0 to 100.')
    assert (await database.read(desk.on_desk, work.teacher, handed)).grade is None


async def test_an_emptied_pass_mark_does_not_become_0(enter: Enter) -> None:
    work = await an_assignment(with_rules=Rules(passing_percent=60))
    user = await enter(work.teacher)
    await user.open(list_of(work))
    (field,) = user.find('Passed from').elements
    assert isinstance(field, ui.number)
    field.set_value(None)
    user.find('Save', kind=ui.button).click()
    await user.should_see('Type a number from 0 to 100.')
    shown = await database.read(rules.of_checkpoint, work.teacher, work.checkpoint_id)
    assert shown.rules.passing_percent == 60


async def test_names_are_hidden_at_the_desk_and_two_who_grade_see_each_other(enter: Enter) -> None:
    work = await an_assignment(with_rules=Rules(hides_names=True))
    await add_file(work, b'Sandy soil.', name='Lena Learner.txt')
    handed = await hand_in(work, 'See my file.')
    other = await an_instructor(name='Otto Other', email='otto@example.org')
    await database.write(catalog.add_co_instructor, work.teacher, work.klass.course_id, email='otto@example.org')
    teacher, second = await enter(work.teacher), await enter(other)
    await teacher.open(f'{list_of(work)}/{handed}')
    await teacher.should_see('Work without a name')
    for words in ('0 of 1 graded', 'See my file.', 'Sandy soil.', 'Save File 1'):
        await teacher.should_see(words)
    for words in ('Lena Learner', 'Handed in on', 'look at this work'):
        await teacher.should_not_see(words)
    await second.open(f'{list_of(work)}/{handed}')
    await teacher.should_see('Otto Other looks at this work, too.')
    second.find('Grade, 0 to 100').type('70')
    second.find('Save and go on').click()
    await second.should_see('1 of 1 handed in')
    await teacher.should_see('Otto Other has graded this meanwhile: 70. What you typed is still here')
    teacher.find('Grade, 0 to 100').type('50')
    teacher.find('Save and go on').click()
    await teacher.should_see('Otto Other has graded this meanwhile: 70. Look at it before you change it.')
    assert (await listed(work))['Lena Learner'].grade is None, 'a name beside a grade would say whose work it was'
    assert (await database.read(desk.on_desk, work.teacher, handed)).grade == 70
    teacher.find('Show names').click()
    await teacher.should_see('Lena Learner.txt')
    teacher.find('Save and go on').click()
    await teacher.should_see('1 of 1 handed in')
    assert (await database.read(desk.on_desk, work.teacher, handed)).grade == 50


async def test_a_grade_that_cannot_be_stands_beside_its_field(enter: Enter) -> None:
    work = await an_assignment()
    handed = await hand_in(work)
    user = await enter(work.teacher)
    await user.open(f'{list_of(work)}/{handed}')
    user.find('Return', kind=ui.button).click()
    await user.should_see('Type a grade before you return this.')


async def test_the_rules_are_changed_on_the_page(enter: Enter) -> None:
    work = await an_assignment()
    user = await enter(work.teacher)
    await user.open(list_of(work))
    user.find('Graded from 0 to 100').click()
    user.find('Save', kind=ui.button).click()
    await user.should_see('Saved')
    assert not (await seen_by(work)).rules.is_graded


async def test_a_rubric_is_written_chosen_from_by_digits_and_read_when_it_comes_back(enter: Enter) -> None:
    work = await an_assignment()
    handed = await hand_in(work)
    user = await enter(work.teacher)
    await user.open(list_of(work))
    user.find('Add a criterion').click()
    user.find('Criterion').type('Reasons')
    user.find('Save', kind=ui.button).click()
    await user.should_see('“Reasons” needs from 2 to 10 levels.')
    fields = sorted(user.find(ui.textarea).elements, key=lambda each: each.id)
    best, _middle, none = [each for each in fields if each.props['label'] == 'What this level means']
    with user:
        best.set_value('each step has one')
        none.set_value('none')
    user.find('Save', kind=ui.button).click()
    await user.should_see('Saved')
    assert [level.text for level in (await seen_by(work)).rules.rubric[0].levels] == ['each step has one', 'none']

    await user.open(f'{list_of(work)}/{handed}')
    await user.should_see('0 of 4 points so far')
    user.find('Return', kind=ui.button).click()
    await user.should_see('Choose a level for each criterion before you return this.')
    user.find('each step has one').click()
    await user.should_see('4 of 4 points: 100 of 100')
    user.find('Remark').type('Go on.')
    user.find('Return', kind=ui.button).click()
    await user.should_see('returned')
    learner = await enter(work.learner)
    await learner.open(address(work))
    for words in ('100 of 100', 'How it is graded', 'Reasons', '4 of 4 points', 'each step has one', 'Go on.'):
        await learner.should_see(words)


async def test_a_later_date_is_agreed_on_with_one_learner(enter: Enter) -> None:
    due_at = clock.now().replace(second=0, microsecond=0) + timedelta(days=1)
    work = await an_assignment(due_at=due_at)
    user = await enter(work.teacher)
    await user.open(list_of(work))
    user.find('Agree on it').click()
    await user.should_see('Choose who gets more time.')
    (whose,) = user.find(ui.select).elements
    (due,) = [each for each in user.find(ui.input).elements if each.props.get('label') == 'Due']
    with user:
        whose.set_value(0)
        due.set_value(f'{due_at - timedelta(days=2):%Y-%m-%dT%H:%M}')
    user.find('Agree on it').click()
    await user.should_see('Choose a moment after the usual due date.')
    with user:
        due.set_value(f'{due_at + timedelta(days=2):%Y-%m-%dT%H:%M}')
    user.find('Agree on it').click()
    await user.should_see('Saved')
    assert (await seen_by(work)).due_at == due_at + timedelta(days=2)


async def test_pages_of_others_look_as_if_they_were_not_there(enter: Enter) -> None:
    work = await an_assignment(learners=('Lena Learner', 'Otto Other'))
    handed = await hand_in(work)
    user = await enter(work.klass.learners[1])
    for place in (list_of(work), f'{list_of(work)}/{handed}'):
        assert (await user.http_client.get(place)).status_code == 404
    with pytest.raises(DomainError):
        await database.write(submissions.take_back, work.teacher, work.checkpoint_id)
