"""The map: one row of tabs above the pages of a course, ways back, and the address that leads people to their page."""

import pytest
from nicegui import Client, ui
from nicegui.testing import User

from services.core import database
from services.courses import catalog
from services.live import sessions
from services.live.help import queue
from tests.factories.classes import ClassAtHand, a_class, a_course, assert_log_and_projections_agree, join_class
from tests.factories.people import a_guest, a_student, an_admin
from tests.support.eventually import eventually
from tests.support.learner import RETRIES
from tests.support.patient import PatientUser
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('L5', 'C7')]

TABS = {
    '': ['Steps', 'page'],
    '/live': ['Live', 'page'],
    '/questions': ['Questions', 'page'],
    '/questions/new': ['Questions', 'true'],
    '/people': ['People', 'page'],
    '/people/{learner}/time': ['People', 'true'],
    '/guest-codes': ['People', 'true'],
    '/gradebook': ['Gradebook', 'page'],
    '/attendance': ['Attendance', 'page'],
    '/attendance/{session}': ['Attendance', 'true'],
    '/analytics': ['Analytics', 'page'],
    '/classes': ['Classes', 'page'],
    '/classes/{session}': ['Classes', 'true'],
}


BELOW = {
    '/questions/new': 'questions',
    '/questions/import': 'questions',
    '/people/{learner}/time': 'people',
    '/people/{learner}/progress': 'analytics',
    '/guest-codes': 'people',
    '/gradebook/import': 'gradebook',
    '/attendance/{session}': 'attendance',
    '/predictions': 'analytics',
    '/exports': 'analytics',
    '/reports': 'analytics',
    '/motivation': 'people',
    '/classes/{session}': 'classes',
}
"""the pages below a tab, each with the end of the address of the page above it"""


@pytest.mark.parametrize('is_over', [False, True])
async def test_every_page_of_a_course_has_the_same_tabs_with_its_own_marked(enter: Enter, is_over: bool) -> None:
    klass = await a_class()
    await join_class(klass)
    if is_over:
        await database.write(sessions.end, klass.teacher, klass.course_id)
    ines = await enter(klass.teacher)
    for end, current in TABS.items():
        if not is_over and end == '/classes/{session}':
            continue  # it is there when the class is over
        page = f'/courses/{klass.course_id}{end}'.format(learner=klass.learner.user_id, session=klass.session_id)
        client = await ines.open(page)
        assert title_of(client).endswith(' · Soil · Waymark' if end != '/live' or is_over else 'Soil · Waymark'), page
        assert tabs(ines) == {
            'Steps': f'/courses/{klass.course_id}',
            'Live': f'/courses/{klass.course_id}/live',
            'Questions': f'/courses/{klass.course_id}/questions',
            'People': f'/courses/{klass.course_id}/people',
            'Gradebook': f'/courses/{klass.course_id}/gradebook',
            'Attendance': f'/courses/{klass.course_id}/attendance',
            'Analytics': f'/courses/{klass.course_id}/analytics',
            'Classes': f'/courses/{klass.course_id}/classes',
        }, page
        assert marked(ines) == [current], page


async def test_the_tab_of_the_class_says_who_waits_as_it_happens(enter: Enter) -> None:
    klass = await a_class(learners=['Lena', 'Otto'])
    ines = await open_people(enter, klass)
    assert live_tab(ines) == ['', None]

    lena = await database.write(queue.ask, klass.learners[0], klass.session_id, klass.checkpoints[0])
    await ines.should_see('1', kind=ui.element, retries=RETRIES)
    await until(ines, ['1', 'Live, 1 waits for help'])
    await database.write(queue.ask, klass.learners[1], klass.session_id, klass.checkpoints[0])
    await until(ines, ['2', 'Live, 2 wait for help'])
    await database.write(queue.claim, klass.teacher, lena)
    await until(ines, ['1', 'Live, 1 waits for help'])
    await database.write(sessions.end, klass.teacher, klass.course_id)
    await until(ines, ['', None])
    await assert_log_and_projections_agree()


async def test_the_code_is_in_sight_also_while_the_class_is_led(enter: Enter) -> None:
    klass = await a_class()
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}/live')
    assert ines.client
    (code,) = [each for each in ines.client.elements.values() if 'tabs-code' in each.classes]
    assert code.visible


async def test_the_tabs_show_a_new_title_and_code(enter: Enter) -> None:
    klass = await a_class()
    ines = await open_people(enter, klass)
    await ines.should_see(f'{klass.code[:3]} {klass.code[3:]}')

    facts = {'title': 'Water', 'description': '', 'subject': ''}
    await database.write(catalog.edit, klass.teacher, klass.course_id, **facts)
    await ines.should_see('Water', retries=RETRIES)
    await database.write(catalog.open_code, klass.teacher, klass.course_id, is_open=False)
    await ines.should_not_see(f'{klass.code[:3]} {klass.code[3:]}', retries=RETRIES)


async def test_the_address_of_a_course_leads_everybody_to_their_own_page(enter: Enter) -> None:
    klass = await a_class()
    course = f'/courses/{klass.course_id}'
    ines, lena, nobody = await enter(klass.teacher), await enter(klass.learner), await enter(None)

    assert (await ines.http_client.get(course)).status_code == 200
    assert await led(lena, course) == f'/class/{klass.course_id}'
    assert await led(lena, f'{course}/live') == f'/class/{klass.course_id}'
    assert await led(nobody, course) == f'/sign-in?next={course}'
    await database.write(sessions.end, klass.teacher, klass.course_id)
    assert await led(lena, course) == f'{course}/learn'


async def test_who_is_not_in_a_course_reads_how_they_get_in(enter: Enter) -> None:
    course, pupil = await a_course(), await a_student()
    sam = await enter(pupil)

    pages = [await sam.http_client.get(f'/courses/{id_}') for id_ in (course.course_id, 999_999)]

    assert [page.status_code for page in pages] == [404, 404]
    for page in pages:  # a course of other people and none look the same
        assert 'You are not in this course' in page.text
        assert 'action=' in page.text
        assert 'Soil' not in page.text
    assert (await sam.http_client.get(f'/courses/{course.course_id}/live')).status_code == 404


@pytest.mark.parametrize(
    ('page', 'name', 'to'),
    [
        ('/goals', 'Your courses', '/'),
        ('/notes', 'Your courses', '/'),
        ('/account', 'To the start page', '/'),
        ('/account/password', 'Your account', '/account'),
        ('/calendar', 'Your account', '/account'),
        ('/courses/new', 'Your courses', '/'),
        ('/school', 'To the start page', '/'),
        ('/school/settings', 'Your school', '/school'),
        ('/school/mail', 'Your school', '/school'),
    ],
)
async def test_every_other_page_has_a_way_back(enter: Enter, page: str, name: str, to: str) -> None:
    ada = await enter(await an_admin())
    client = await ada.open(page)

    backs = [each for each in client.elements.values() if 'way-back' in each.classes]

    assert [(back.text, back.props['href']) for back in backs if isinstance(back, ui.link)] == [(name, to)]


async def test_the_pages_of_a_learner_name_the_course(enter: Enter) -> None:
    klass = await a_class()
    guest = await a_guest(code=klass.code, name='Gus')
    gus = await enter(guest)

    course = f'/courses/{klass.course_id}'
    assert title_of(await gus.open(f'{course}/learn/{klass.checkpoints[0]}')) == 'Step 1 · Soil · Waymark'
    assert title_of(await gus.open(f'{course}/about')) == 'About the course · Soil · Waymark'
    assert title_of(await gus.open(f'{course}/time')) == 'Your learning · Soil · Waymark'
    assert not tabs(gus)


async def open_people(enter: Enter, klass: ClassAtHand) -> PatientUser:
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}/people')
    return ines


async def led(user: PatientUser, page: str) -> str:
    return (await user.http_client.get(page, follow_redirects=False)).headers['location']


def title_of(client: Client) -> str:
    return client.title or ''


def links(user: User) -> list[ui.link]:
    assert user.client
    return [each for each in user.client.elements.values() if isinstance(each, ui.link) and 'tab' in each.classes]


def word(tab: ui.link) -> str:
    return next(iter(tab)).text


def tabs(user: User) -> dict[str, str]:
    return {word(each): each.props['href'] for each in links(user)}


def marked(user: User) -> list[list[str]]:
    return [[word(each), each.props['aria-current']] for each in links(user) if 'aria-current' in each.props]


def live_tab(user: User) -> list[str | None]:
    """Return the number on the tab of the class, and what is heard of it."""
    live = next(each for each in links(user) if word(each) == 'Live')
    number = list(live)[1]
    return [number.text if number.visible else '', live.props.get('aria-label')]


async def until(user: PatientUser, shown: list[str | None]) -> None:
    await eventually(lambda: live_tab(user) == shown)


async def test_every_page_below_a_tab_has_a_way_back_to_it(enter: Enter) -> None:
    klass = await a_class()
    await join_class(klass)
    await database.write(sessions.end, klass.teacher, klass.course_id)
    ines = await enter(klass.teacher)
    lost = {}
    for end, above in BELOW.items():
        await ines.open(
            f'/courses/{klass.course_id}{end}'.format(learner=klass.learner.user_id, session=klass.session_id)
        )
        ways = [str(link.props['href']) for link in ines.find(kind=ui.link).elements if 'way-back' in link.classes]
        if not any(way.startswith(f'/courses/{klass.course_id}/{above}') for way in ways):
            lost[end] = ways

    assert lost == {}
