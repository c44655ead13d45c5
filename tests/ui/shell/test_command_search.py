"""The search of every page: what a person is offered, by mouse and by keys."""

import pytest
from nicegui import ui

from services.access import Actor
from services.core import database
from tests.factories.classes import a_class, a_course
from tests.factories.people import a_guest, a_student, an_admin, an_instructor
from tests.support.eventually import eventually
from tests.support.patient import PatientUser
from tests.ui.conftest import Enter
from ui.shell.places import PLACES

pytestmark = [pytest.mark.req('C7', 'A2', 'O5')]

went: list[str] = []
"""where the search of this test has led"""


async def somebody(who: str) -> Actor:
    if who == 'guest':
        return await a_guest(code=(await a_course()).code, name='Gus')
    return await {'admin': an_admin, 'instructor': an_instructor, 'student': a_student}[who]()


@pytest.mark.parametrize('who', ['admin', 'instructor', 'student', 'guest'])
async def test_every_page_that_a_person_is_offered_opens_for_them(enter: Enter, who: str) -> None:
    actor = await somebody(who)
    user = await enter(actor)
    offered = {place.address for place in PLACES if place.may_open(actor)}

    opens = {place.address for place in PLACES if (await user.http_client.get(place.address)).status_code == 200}

    assert offered == opens


@pytest.mark.parametrize('where', ['/', '/class/{course_id}'])
async def test_a_learner_is_led_to_their_courses_and_checkpoints(enter: Enter, where: str) -> None:
    klass = await a_class(learners=['Lena', 'Otto'])
    lena = await enter(klass.learner)
    await open_search(lena, where.format(course_id=klass.course_id))
    await eventually(lambda: 'Soil' in shown(lena))
    assert 'Your school' not in shown(lena)
    assert 'New course' not in shown(lena)

    await look_for(lena, 'Otto')
    await lena.should_see('Nothing is called like this.')
    await look_for(lena, 'step 2')
    await eventually(lambda: shown(lena) == ['Step 2'])
    press(lena, 'enter')
    await eventually(lambda: went == [f'/courses/{klass.course_id}/learn/{klass.checkpoints[1]}'])


async def test_keys_choose_and_what_is_chosen_is_heard(enter: Enter) -> None:
    klass = await a_class(learners=['Lena Learner', 'Lena Lind'])
    ines = await enter(klass.teacher)
    await open_search(ines, f'/courses/{klass.course_id}/attendance')
    await look_for(ines, 'lena')
    await eventually(lambda: shown(ines) == ['Lena Learner', 'Lena Lind'])
    await ines.should_see('2 found')
    assert chosen(ines) == 'Lena Learner'

    for key, name in (('down', 'Lena Lind'), ('down', 'Lena Learner'), ('up', 'Lena Lind')):
        press(ines, key)
        assert chosen(ines) == name
    fire(options(ines)[0], 'click')

    lena = klass.learner.user_id
    await eventually(lambda: went == [f'/courses/{klass.course_id}/people/{lena}/time'])


async def test_an_admin_is_led_to_what_they_can_do_for_a_person(enter: Enter) -> None:
    klass = await a_class(learners=['Lena Learner', 'Otto Other'])
    ada = await enter(await an_admin())
    await open_search(ada, f'/courses/{klass.course_id}')
    await look_for(ada, 'otto')
    await eventually(lambda: shown(ada) == ['Otto Other'])

    press(ada, 'enter')

    await eventually(lambda: went == ['/?find=Otto%20Other'])
    await ada.open('/?find=Otto%20Other')
    await ada.should_see('Otto Other')
    await ada.should_not_see('Lena Learner')


async def test_keys_open_it_but_not_with_others(enter: Enter) -> None:
    ines = await enter((await a_course()).teacher)
    await ines.open('/')
    for key, modifiers, opens in (
        ('k', {}, False),
        ('/', {'ctrlKey': True}, False),
        ('K', {'ctrlKey': True}, True),
        ('k', {'metaKey': True}, True),
        ('/', {'shiftKey': True}, True),
    ):
        type_key(ines, key, **modifiers)
        assert bool(dialogs(ines)) is opens, (key, modifiers)
        for dialog in dialogs(ines):
            fire(dialog, 'hide')
        assert not dialogs(ines)


async def test_a_stranger_has_no_search(enter: Enter) -> None:
    nobody = await enter(None)
    await nobody.open('/')

    assert not [each for each in elements(nobody) if 'icon-search' in each.classes]


async def open_search(user: PatientUser, page: str) -> None:
    await user.open(page)
    went.clear()
    user.navigate.to = went.append
    (button,) = [each for each in elements(user) if 'icon-search' in each.classes]
    fire(button, 'click')
    await eventually(lambda: field(user))


async def look_for(user: PatientUser, typed: str) -> None:
    field(user).set_value(typed)
    await database.read(lambda _tx: None)  # let the search go first


def field(user: PatientUser) -> ui.input:
    return next(each for each in elements(user) if isinstance(each, ui.input) and each.props.get('role') == 'combobox')


def options(user: PatientUser) -> list[ui.element]:
    return [each for each in elements(user) if each.props.get('role') == 'option']


def shown(user: PatientUser) -> list[str]:
    return [next(iter(each)).text for each in options(user)]


def chosen(user: PatientUser) -> str:
    """Return what the field says is chosen; the list says the same."""
    named = field(user).props['aria-activedescendant']
    (option,) = [each for each in options(user) if each.html_id == named]
    assert [each for each in options(user) if each.props['aria-selected'] == 'true'] == [option]
    return next(iter(option)).text


def dialogs(user: PatientUser) -> list[ui.dialog]:
    return [each for each in elements(user) if isinstance(each, ui.dialog)]


def press(user: PatientUser, key: str) -> None:
    fire(field(user), f'keydown.{key}.prevent')


def type_key(user: PatientUser, key: str, **modifiers: bool) -> None:
    (keyboard,) = [each for each in elements(user) if isinstance(each, ui.keyboard)]
    held = dict.fromkeys(['altKey', 'ctrlKey', 'metaKey', 'shiftKey'], False) | modifiers
    fire(keyboard, 'key', {'action': 'keydown', 'repeat': False, 'key': key, 'code': key, 'location': 0, **held})


def fire(element: ui.element, event: str, args: object = None) -> None:
    """Do to an element what a browser reports."""
    for listener in list(element._event_listeners.values()):
        if listener.type == event:
            element._handle_event({'listener_id': listener.id, 'args': args if args is not None else {}})


def elements(user: PatientUser) -> list[ui.element]:
    assert user.client
    return list(user.client.elements.values())
