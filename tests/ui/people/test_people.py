"""The people of a course on a screen."""

import pytest
from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from services.core import database, school
from services.core.school import School
from services.core.secrets import spell_code
from services.people import groups, guest_limits, joining, participants
from tests.factories.classes import a_class, a_course, assert_log_and_projections_agree, tap
from tests.factories.people import a_guest, a_student
from tests.support import menus
from tests.support.learner import RETRIES
from tests.ui.conftest import Enter
from ui.kit.text import Text

pytestmark = [pytest.mark.req('C7')]


async def test_an_empty_course_says_how_people_get_in(enter: Enter) -> None:
    course = await a_course()
    teacher = await enter(course.teacher)

    await teacher.open(f'/courses/{course.course_id}/people')

    await teacher.should_see('Nobody is here yet')
    await a_guest(code=course.code, name='Lena')
    await teacher.should_see('Lena', retries=RETRIES)
    await teacher.should_not_see('Nobody is here yet')


async def test_taking_out_is_taken_back(enter: Enter) -> None:
    klass = await a_class(learners=['Lena', 'Otto'])
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/people')
    await teacher.should_see('2 learners')

    await choose(teacher, 'Lena', 'Take out of the course')

    await teacher.should_see('Lena is out of the course', retries=RETRIES)
    await teacher.should_see('1 learner')
    await teacher.should_see('Not in the list (1)')
    teacher.find('Undo').click()
    await teacher.should_see('2 learners', retries=RETRIES)
    await teacher.should_see('Lena is back, with everything they did')


async def test_people_are_listed_by_surname_or_by_progress(enter: Enter) -> None:
    klass = await a_class(learners=['Ada Zimmer', 'Bo van den Berg', 'Keller, Cem'])
    await tap(klass, klass.checkpoints[0], by=klass.learners[1])
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/people')
    (order,) = (each for each in elements_of(teacher) if isinstance(each, ui.toggle))
    assert names_in_order(teacher) == ['Ada Zimmer', 'Bo van den Berg', 'Keller, Cem']

    order.set_value('surname')
    assert names_in_order(teacher) == ['Bo van den Berg', 'Keller, Cem', 'Ada Zimmer']

    order.set_value('progress')
    assert names_in_order(teacher) == ['Ada Zimmer', 'Keller, Cem', 'Bo van den Berg']

    school.remember(School(by_surname=True))
    await teacher.open(f'/courses/{klass.course_id}/people')
    assert names_in_order(teacher) == ['Bo van den Berg', 'Keller, Cem', 'Ada Zimmer'], 'as the school chooses'


async def test_several_are_put_into_a_group_and_taken_out_together(enter: Enter) -> None:
    klass = await a_class(learners=['Ada', 'Bo', 'Cem'])
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/people')
    teacher.find('Choose several').click()
    for name in 'Ada', 'Cem':
        menus.tick(teacher, f'Choose {name}')
    await teacher.should_see('2 chosen')

    (button,) = (each for each in menus.elements_of(teacher) if getattr(each, 'text', '') == 'What to do with them')
    UserInteraction(teacher, {button}, None).trigger('keydown.down.prevent')
    await teacher.should_see('Keep off the projector')
    menus.choose(teacher, 'What to do with them', 'Group')
    await teacher.should_see('Group of 2 learners')
    teacher.find('Name of the group, or nothing').type('Red')
    teacher.find('Save').click()
    await teacher.should_see('2 learners are in the group Red', retries=RETRIES)
    menus.choose(teacher, 'What to do with them', 'Take out of the course')
    await teacher.should_see('Take 2 learners out?')
    menus.press(teacher, 'Take out')
    await teacher.should_see('2 learners are out of the course', retries=RETRIES)
    await teacher.should_see('Not in the list (2)')
    teacher.find('Undo').click()
    await teacher.should_see('3 learners', retries=RETRIES)

    people = await database.read(participants.of_course, klass.teacher, klass.course_id)
    assert [(each.name, each.group) for each in people.learners] == [('Ada', 'Red'), ('Bo', ''), ('Cem', 'Red')]


async def test_people_are_listed_who_have_not_begun(enter: Enter) -> None:
    klass = await a_class(learners=['Ada Zimmer', 'Bo van den Berg', 'Cem Keller'])
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/people')
    which = next(each for each in elements_of(teacher) if each.props.get('aria-label') == 'Which learners')
    assert isinstance(which, ui.select)
    assert not which.visible, 'all are of one kind'
    await tap(klass, klass.checkpoints[0], by=klass.learners[1])

    await teacher.open(f'/courses/{klass.course_id}/people')
    which = next(each for each in elements_of(teacher) if each.props.get('aria-label') == 'Which learners')
    assert isinstance(which, ui.select)
    assert which.options == {'': 'Everybody', 'not_started': 'not started', 'in_progress': 'in progress'}

    which.set_value('not_started')
    assert names_in_order(teacher) == ['Ada Zimmer', 'Cem Keller']
    await teacher.should_see('2 of 3 learners')

    which.set_value('')
    assert names_in_order(teacher) == ['Ada Zimmer', 'Bo van den Berg', 'Cem Keller']


async def test_a_guest_is_renamed(enter: Enter) -> None:
    klass = await a_class(learners=['gus'])
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/people')

    await choose(teacher, 'gus', 'Rename')
    await teacher.should_see('Rename gus')
    teacher.find('Full name').clear().type('Gustav Guest')
    teacher.find('Save').click()

    await teacher.should_see('Gustav Guest', retries=RETRIES)
    await teacher.should_see('gus has a new name')


@pytest.mark.req('A6')
async def test_the_link_for_an_account_with_an_address_is_for_an_admin_to_make(enter: Enter) -> None:
    course, sami = await a_course(), await a_student(name='Sami')
    await database.write(joining.join, sami, code=course.code)
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}/people')

    await choose(teacher, 'Sami', 'Link for a new password')

    await teacher.should_see('Ask an admin of your school for the link.', retries=RETRIES)
    await teacher.should_not_see('/new-password?link=')


async def test_searching_finds_by_name_and_address(enter: Enter) -> None:
    klass = await a_class(learners=['Lena', 'Otto'])
    sami = await a_student(name='Sami')
    await database.write(joining.join, sami, code=klass.code)
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/people')

    teacher.find('Search by name, e-mail or group').type('example.org')

    await teacher.should_see('1 of 3 learners')
    await teacher.should_see('Sami')
    await teacher.should_not_see('Otto')


async def test_the_page_of_who_was_taken_out_says_so(enter: Enter) -> None:
    klass = await a_class(learners=['Lena'])
    lena = await enter(klass.learner)
    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=klass.learner.user_id)

    page = await lena.http_client.get(f'/class/{klass.course_id}')

    assert page.status_code == 403
    assert 'ask your instructor to bring you back' in page.text


@pytest.mark.req('A5')
async def test_two_guests_who_are_one_person_are_put_together_and_separated(enter: Enter) -> None:
    klass = await a_class(learners=['Lena', 'lena on the phone'])
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/people')

    await choose(teacher, 'lena on the phone', 'Same person as …')
    await teacher.should_see('Who is lena on the phone?')
    teacher.find('Merge').click()
    await teacher.should_see('Choose who it is.')
    chosen = (element for element in elements_of(teacher) if isinstance(element, ui.select))
    (who,) = (element for element in chosen if 'group-filter' not in element.classes)
    who.set_value(klass.learner.user_id)
    teacher.find('Merge').click()

    await teacher.should_see('lena on the phone is one person with them now', retries=RETRIES)
    await teacher.should_see(' · counts as Lena')
    await teacher.should_see('1 learner')
    teacher.find('Separate').click()
    await teacher.should_see('2 learners', retries=RETRIES)
    await assert_log_and_projections_agree()


def elements_of(teacher: User) -> list[ui.element]:
    return list(teacher.client.elements.values()) if teacher.client else []


def names_in_order(teacher: User) -> list[str]:
    return [each.text for each in elements_of(teacher) if isinstance(each, Text) and 'person-name' in each.classes]


async def choose(teacher: User, name: str, choice: str) -> None:
    """Open the menu of somebody and choose from it."""
    elements = elements_of(teacher)
    more = next(element for element in elements if element.props.get('aria-label') == f'More for {name}')
    UserInteraction(teacher, {more}, None).trigger('click', [])
    (item,) = (item for item in menus.choices(teacher) if item.text == choice)
    UserInteraction(teacher, {item}, None).trigger('click', [])


async def test_a_learner_is_put_into_a_group(enter: Enter) -> None:
    klass = await a_class(learners=['Lena'])
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/people')

    await choose(teacher, 'Lena', 'Group')
    teacher.find('Name of the group, or nothing').type('Blue')
    teacher.find('Save').click()
    await teacher.should_see('Lena is in the group Blue', retries=RETRIES)


async def test_a_learner_is_given_more_time(enter: Enter) -> None:
    klass = await a_class(learners=['Lena'])
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/people')

    await choose(teacher, 'Lena', 'Extra time')
    teacher.find('Percent more than others').clear().type('lots')
    teacher.find('Save').click()
    await teacher.should_see('Type a number of percent, like 25.', retries=RETRIES)
    teacher.find('Percent more than others').clear().type('25 %')
    teacher.find('Save').click()
    await teacher.should_see('+25 % time', retries=RETRIES)


async def test_a_class_list_is_shown_before_it_is_brought_in(enter: Enter) -> None:
    course = await a_course()
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}/people')
    (upload,) = teacher.find(ui.upload).elements

    await upload.handle_uploads([ui.upload.SmallFileUpload('list.csv', 'text/csv', b'name\nAmina\n,\n\nB\x00en\n')])
    await teacher.should_see('Nothing has happened yet. Of 2 people: 2 new, with a code of their own.', retries=RETRIES)
    assert (await database.read(participants.of_course, course.teacher, course.course_id)).learners == ()

    teacher.find('Bring them in').click()
    await teacher.should_see('2 people brought in.', retries=RETRIES)
    found = await database.read(participants.of_course, course.teacher, course.course_id)
    assert [person.name for person in found.learners] == ['Amina', 'Ben']


async def test_a_group_is_listed_alone_and_stays_chosen_when_the_list_moves(enter: Enter) -> None:
    klass = await a_class(learners=['Lena', 'Otto', 'Pia'])
    for learner, group in zip(klass.learners, ['Blue & white', 'Red', 'Red'], strict=True):
        await database.write(groups.put, klass.teacher, klass.course_id, user_id=learner.user_id, name=group)
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/people?group=Red')

    await teacher.should_see('2 learners')
    await teacher.should_not_see('Lena')
    await database.write(
        groups.put, klass.teacher, klass.course_id, user_id=klass.learners[2].user_id, name='Blue & white'
    )
    await teacher.should_see('1 learner', retries=RETRIES)

    (choice,) = teacher.find(kind=ui.select).elements
    assert choice.options == {'': 'All groups', 'Blue & white': 'Blue & white', 'Red': 'Red'}
    choice.set_value('Blue & white')
    await teacher.should_see('2 learners', retries=RETRIES)
    await teacher.should_see('Lena')
    await teacher.should_not_see('Otto')


async def test_without_groups_there_is_nothing_to_choose(enter: Enter) -> None:
    klass = await a_class(learners=['Lena'])
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/people?group=Gone')

    await teacher.should_see('Lena')
    await teacher.should_not_see(kind=ui.select)


@pytest.mark.req('A5')
async def test_the_code_of_a_guest_is_shown_and_renewed(enter: Enter) -> None:
    klass = await a_class(learners=['Lena'])
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/people')
    before = await database.read(joining.rejoin_code, klass.learner)
    assert before

    await choose(teacher, 'Lena', 'Code to come back')
    await teacher.should_see(spell_code(before), retries=RETRIES)
    teacher.find('New code').click()
    await teacher.should_see('Give Lena a new code?')
    yes = next(element for element in teacher.find('New code').elements if 'button-danger' in element.classes)
    UserInteraction(teacher, {yes}, None).click()

    await teacher.should_see('This is the new code. The old one leads nowhere now.', retries=RETRIES)
    after = await database.read(joining.rejoin_code, klass.learner)
    assert after
    assert after != before
    await teacher.should_see(spell_code(after))
    await teacher.should_not_see(spell_code(before))


@pytest.mark.req('A5')
async def test_the_limits_of_guests_are_said_at_the_people_and_in_class(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    klass = await a_class(learners=['Lena'])
    monkeypatch.setattr(guest_limits, 'MOST_GUESTS', 1)
    teacher = await enter(klass.teacher)
    for page in 'people', 'live':
        await teacher.open(f'/courses/{klass.course_id}/{page}')
        await teacher.should_see('This course has 1 guests and takes no more.')
