"""Every page, as everybody in the school meets it: no word that the program writes is out of a translator's reach."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import count
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import pytest
from nicegui import Client, background_tasks, ui
from nicegui.testing.user_interaction import UserInteraction

from services import projections
from services.accounts import parent_codes
from services.core import database, school
from services.core.database import Database
from services.core.languages import PSEUDO
from services.core.school import School
from services.grades.file_columns import PERSON_ID
from services.live import rooms
from services.live.board import aliases
from tests.factories.people import PASSWORD
from tests.support.greek_school import DEVICES, GreekSchool, a_greek_school
from tests.support.patient import PatientUser
from tests.support.screen_words import bracket_apart, of_html, of_page, untranslated
from tests.support.visitor import hidden_fields
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('O6')

NAMES = (
    *DEVICES,
    PERSON_ID,
    'GIFT',
    'Moodle XML',
    'QTI 3.0',
    'SQLite',
    'UTC',
    'Soil.pdf',
    'English',
    'test',
    'ConnectError',
)
ZONES = {zone.replace('_', ' ') for zone in available_timezones()}
ALIAS = re.compile(f'({"|".join([*aliases._QUALITIES, *aliases._ANIMALS])})( ({"|".join(aliases._ANIMALS)}))?')
"""what a learner is called on the projector: everybody must find the same name there"""

KEY = re.compile('([A-Z2-7]{4} ){7}[A-Z2-7]{4}')
"""what an authenticator app is given, where it cannot read the picture"""

_BANK = {
    '/courses/{course_id}/questions': r'/courses/\d+/questions',
    '/courses/{course_id}/questions/new': r'/courses/\d+/questions/new.*',
    '/courses/{course_id}/questions/import': r'/courses/\d+/questions/import',
    '/questions/{question_id}': r'/questions/\d+',
    '/courses/{course_id}/quizzes/{checkpoint_id}': r'/courses/\d+/quizzes/\d+',
    '/courses/{course_id}/quizzes/{checkpoint_id}/preview': r'/courses/\d+/quizzes/\d+/preview',
    '/courses/{course_id}/quizzes/{checkpoint_id}/results': r'/courses/\d+/quizzes/\d+/results',
    '/courses/{course_id}/quizzes/{checkpoint_id}/results/{attempt_id}': r'/courses/\d+/quizzes/\d+/results/\d+',
    '/courses/{course_id}/grading/{checkpoint_id}/{question_id}': r'/courses/\d+/grading/\d+/\d+',
}
"""the pages of those who teach with quizzes, by their routes"""

ALL_OF_IT = 'type=comprehensive&detail=comprehensive'

WHO = ['nobody', 'admin', 'teacher', 'new teacher', 'student', 'new student', 'guest', 'parent', 'new parent']


def addresses(of: GreekSchool) -> dict[str, list[tuple[str, str]]]:
    """Return every page by its route: what it is opened at, each with somebody who is not refused there."""
    things = of.things
    running, over, done = f'/courses/{things["running"]}', things['over'], things['completed']
    checkpoints = things['steps']
    return {
        **{
            route: [(address, 'teacher') for address in things['bank'] if re.fullmatch(pattern, address)]
            for route, pattern in _BANK.items()
        },
        '/': [('/', 'nobody')],
        '/sign-in': [('/sign-in', 'nobody')],
        '/register': [
            ('/register', 'nobody'),
            (f'/register?invitation={things["invitation"]}', 'nobody'),
        ],
        '/account': [('/account', 'student'), ('/account', 'parent')],
        '/account/data': [('/account/data', 'student')],
        '/privacy': [('/privacy', 'nobody'), ('/privacy', 'student')],
        '/account/email': [('/account/email', 'student')],
        '/account/password': [('/account/password', 'student')],
        '/account/school-account': [('/account/school-account', 'student')],
        '/account/second-factor': [('/account/second-factor', 'teacher')],
        '/school': [('/school', 'admin')],
        '/school/settings': [('/school/settings', 'admin')],
        '/school/mail': [('/school/mail', 'admin')],
        '/school/privacy': [('/school/privacy', 'admin')],
        '/school/lms': [('/school/lms', 'admin')],
        '/school/lists': [('/school/lists', 'admin')],
        '/courses/{course_id}/lms': [
            (f'{running}/lms', 'teacher'),
            (f'/courses/{things["empty"]}/lms', 'teacher'),
        ],
        '/lti/choose': [(things['lms']['choose'], 'teacher'), (things['lms']['course'], 'teacher')],
        '/lti/welcome': [(things['lms']['welcome'], 'nobody'), ('/lti/welcome', '')],
        '/lti/who': [(things['lms']['who'], 'student'), (things['lms']['who'], 'guest'), ('/lti/who', '')],
        '/school/analytics': [('/school/analytics', 'admin')],
        '/school/time': [('/school/time', 'admin'), ('/school/time?since=2020-01-01', 'admin')],
        '/goals': [('/goals', 'student')],
        '/account/parents': [('/account/parents', 'student'), ('/account/parents', 'new student')],
        '/people/{child_id}/parents': [
            (f'/people/{things["student"]}/parents', 'teacher'),
            (f'/people/{things["other child"]}/parents', 'admin'),
        ],
        '/register/parent': [('/register/parent', 'nobody')],
        '/children': [('/children', 'parent'), ('/children', 'new parent')],
        '/children/{child_id}': [(f'/children/{things["student"]}', 'parent')],
        '/calendar': [('/calendar', 'student')],
        '/notes': [('/notes', 'student')],
        '/help': [
            ('/help', 'nobody'),
            ('/help', 'student'),
            ('/help', 'teacher'),
            ('/help', 'admin'),
            ('/help', 'parent'),
        ],
        '/inbox': [('/inbox', who) for who in ('teacher', 'student', 'new student')],
        '/inbox/settings': [('/inbox/settings', who) for who in ('teacher', 'student', 'parent')],
        '/inbox/{notice_id}': [(f'/inbox/{things["notice"]}', 'student')],
        '/preview/{checkpoint_id}': [(f'/preview/{checkpoints[6]}', 'nobody')],
        '/courses/new': [('/courses/new', 'teacher')],
        '/{path}': [('/που', '')],
        '/courses/{course_id}': [
            (running, 'teacher'),
            (things['bank'][0], 'teacher'),
            (f'/courses/{things["archived"]}', 'teacher'),
            (f'/courses/{things["empty"]}', 'teacher'),
            (f'/courses/{over["course"]}', 'teacher'),
        ],
        '/courses/{course_id}/people': [
            (f'{running}/people', 'teacher'),
            (f'/courses/{things["empty"]}/people', 'teacher'),
            (f'/courses/{done["course"]}/people', 'teacher'),
        ],
        '/courses/{course_id}/people/{user_id}/time': [(f'{running}/people/{things["student"]}/time', 'teacher')],
        '/courses/{course_id}/guest-codes': [(f'{running}/guest-codes', 'teacher')],
        '/courses/{course_id}/about': [
            (f'{running}/about', 'student'),
            (f'/courses/{over["course"]}/about', 'student'),
        ],
        '/courses/{course_id}/time': [(f'{running}/time', 'student')],
        '/courses/{course_id}/learn': [
            (f'{running}/learn', 'student'),
            (f'/courses/{things["archived"]}/learn', 'student'),
            (f'/courses/{done["course"]}/learn', 'student'),
            (f'/courses/{over["course"]}/learn', 'student'),
        ],
        '/courses/{course_id}/learn/{checkpoint_id}': [
            *((f'{running}/learn/{checkpoint}', 'student') for checkpoint in checkpoints[:5]),
            (f'/courses/{done["course"]}/learn/{done["step"]}', 'student'),
        ],
        '/courses/{course_id}/classes': [
            (f'/courses/{over["course"]}/classes', 'teacher'),
            (f'/courses/{things["empty"]}/classes', 'teacher'),
        ],
        '/courses/{course_id}/classes/{session_id}': [
            (f'/courses/{over["course"]}/classes/{over["session"]}', 'teacher')
        ],
        '/courses/{course_id}/gradebook': [
            (f'{running}/gradebook', 'teacher'),
            (f'/courses/{things["empty"]}/gradebook', 'teacher'),
        ],
        '/courses/{course_id}/gradebook/import': [(f'{running}/gradebook/import', 'teacher')],
        '/courses/{course_id}/analytics': [
            (f'{running}/analytics', 'teacher'),
            (f'/courses/{over["course"]}/analytics', 'teacher'),
            (f'/courses/{things["empty"]}/analytics', 'teacher'),
        ],
        '/courses/{course_id}/exports': [
            *((f'{running}/exports?what={what}', 'teacher') for what in ('learners', 'days', 'months', 'activities')),
            (f'/courses/{things["empty"]}/exports', 'teacher'),
        ],
        '/courses/{course_id}/predictions': [
            (f'{running}/predictions', 'teacher'),
            (f'/courses/{things["empty"]}/predictions', 'teacher'),
        ],
        '/courses/{course_id}/outlook': [
            (f'{running}/outlook', 'student'),
            (f'/courses/{over["course"]}/outlook', 'student'),
        ],
        '/report/{user_id}': [
            (f'/report/{things["student"]}?course={things["running"]}&{ALL_OF_IT}', 'teacher'),
            (f'/report/{things["student"]}?{ALL_OF_IT}', 'student'),
        ],
        '/courses/{course_id}/reports': [(f'{running}/reports', 'teacher')],
        '/reports/{report_id}': [
            (f'/reports/{things["report"]["kept"]}', 'teacher'),
            (f'/reports/{things["report"]["kept"]}', 'student'),
        ],
        '/school/predictions': [('/school/predictions', 'admin')],
        '/school/motivation': [('/school/motivation', 'admin')],
        '/courses/{course_id}/motivation': [(f'{running}/motivation', 'teacher')],
        '/courses/{course_id}/grades': [(f'{running}/grades', 'student')],
        '/courses/{course_id}/progress': [(f'{running}/progress', 'student')],
        '/courses/{course_id}/people/{user_id}/progress': [
            (f'{running}/people/{things["student"]}/progress', 'teacher'),
        ],
        '/courses/{course_id}/attendance': [
            (f'{running}/attendance', 'teacher'),
            (f'/courses/{over["course"]}/attendance', 'teacher'),
            (f'/courses/{things["empty"]}/attendance', 'teacher'),
        ],
        '/courses/{course_id}/attendance/{session_id}': [
            (f'{running}/attendance/{things["session"]}', 'teacher'),
            (f'/courses/{over["course"]}/attendance/{over["session"]}', 'teacher'),
        ],
        '/courses/{course_id}/live': [
            (f'{running}/live', 'teacher'),
            (f'/courses/{things["paused"]}/live', 'teacher'),
            (f'/courses/{over["course"]}/live', 'teacher'),
            (f'/courses/{things["empty"]}/live', 'teacher'),
        ],
        '/courses/{course_id}/projector': [
            *((f'/courses/{things[which]}/projector', 'teacher') for which in ('running', 'paused', 'empty')),
            (f'/courses/{over["course"]}/projector', 'teacher'),
        ],
        '/assignments/{checkpoint_id}': [(address, 'student') for address in things['assignments']['learner']],
        '/courses/{course_id}/assignments/{checkpoint_id}': [
            (address, 'teacher') for address in things['assignments']['list']
        ],
        '/courses/{course_id}/assignments/{checkpoint_id}/{submission_id}': [
            (address, 'teacher') for address in things['assignments']['desk']
        ],
        '/quizzes/{checkpoint_id}': [(f'/quizzes/{quiz}', 'student') for quiz in things['quizzes']],
        '/class/{course_id}': [
            (f'/class/{things["running"]}', 'student'),
            (f'/class/{things["paused"]}', 'student'),
            (f'/class/{over["course"]}', 'student'),
            (f'/class/{things["archived"]}', 'student'),
        ],
    }


def plain_addresses(of: GreekSchool) -> list[tuple[str, str]]:
    """Return the pages that are plain HTML, each with somebody who is not refused there."""
    things = of.things
    return [
        (f'/j/{things["code"]}', 'nobody'),
        ('/j/ΑΒΓ', ''),
        (f'/new-password?link={things["link"]}', 'nobody'),
        (f'/new-password?link={things["guest_link"]}', 'nobody'),
        ('/new-password?link=γ', ''),
        (f'/certificates/{things["serial"]}', 'nobody'),
        ('/certificates/γ', ''),
        (f'/reports/shared/{things["report"]["token"]}', 'nobody'),
        ('/reports/shared/γ', ''),
        ('/forgotten', 'nobody'),
        ('/forgotten?asked=yes', 'nobody'),
        (f'/confirm?link={things["claim"]}', 'nobody'),
        ('/confirm?done=yes', 'nobody'),
        ('/confirm?link=γ', ''),
        (things['unsubscribe'], 'nobody'),
        ('/unsubscribe?token=γ', ''),
        ('/lti/register/γ', ''),
        ('/lti/chosen?frame=γ', 'nobody'),
        (f'/courses/{things["running"]}/people.csv', 'teacher'),
        (f'/courses/{things["running"]}/gradebook.csv', 'teacher'),
        (f'/courses/{things["running"]}/analytics/steps.csv', 'teacher'),
        ('/school/analytics/courses.csv', 'admin'),
        ('/school/time/table.csv', 'admin'),
        (f'/courses/{things["running"]}/analytics/learners.csv', 'teacher'),
        (f'/courses/{things["running"]}/guest-codes.csv', 'teacher'),
        (f'/courses/{things["running"]}/attendance.csv', 'teacher'),
        (f'/courses/{things["running"]}/time.csv', 'student'),
        (f'/courses/{things["running"]}/progress/day.csv', 'student'),
        ('/notes.md', 'student'),
    ]


NOT_THERE = {'/{path}'}
"""the page that says that there is none"""
FILES = '.csv', '.gift', '.ics', '.json', '.jwt', '.md', '.pdf', '.xlsx', '.xml', '.zip', '.{form}'
NO_PAGES = {
    '/assignments/files/{file_id:id}',
    '/assignments/files/{file_id:id}/pages/{number:id}',
    '/certificates/issuer',
    '/certificates/keys',
    '/certificates/keys/{name}',
    '/certificates/status/{number:id}',
    '/content/{checkpoint_id:id}/pages/{number:id}',
    '/content/{checkpoint_id:id}/{part}',
    '/courses/{course_id:id}/exports/{export_id:id}',
    '/courses/{course_id:id}/file',
    '/join',
    '/lti/add',
    '/lti/enter',
    '/lti/jwks',
    '/lti/login',
    '/lti/register/{token}',
    '/oidc/{name}/callback',
    '/oidc/{name}/start',
    '/pictures/{name}',
    '/sign-in/code',
}
"""what answers with a file, a picture or keys, or leads on; and the second step of signing in, a page for which a
browser needs the cookie of the first one (`tests/web/test_second_step.py`); and the page of a system that registers
itself, which asks that system first (`tests/services/lms/test_registering.py`)"""

MOST_PRESSED = 60
"""on one page"""
MOST_LOOKS = 4
"""at whether all is done, a hundredth of a second apart"""
FEWEST_PRESSED = {'admin': 10, 'teacher': 150, 'student': 100}
"""so that these pages are not found to be without a button"""


FREE_NUMBERS = count(222_222)
"""codes for parents, as digits are no words; the school has the first of them"""


class Kept:
    """The school, made once for all tests of this file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.school: GreekSchool | None = None


@pytest.fixture(scope='module')
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return Kept(tmp_path_factory.mktemp('greek'))


@pytest.fixture
async def db(kept: Kept, data_dir: Path, _sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A copy of the school, with its files."""
    path = tmp_path / 'waymark.db'
    if kept.school is None:
        database.open_at(f'sqlite:///{shutil.copy(_sqlite_template, path)}', projections.ALL)
        kept.school = await a_greek_school()
        rooms.close_all()
        database.close()
        shutil.copy(path, kept.folder / 'waymark.db')
        shutil.copytree(data_dir, kept.folder / 'data')
    else:
        shutil.copy(kept.folder / 'waymark.db', path)
        shutil.copytree(kept.folder / 'data', data_dir)
    school.remember(School(name='Σχολείο', language=PSEUDO))
    yield database.open_at(f'sqlite:///{path}', projections.ALL)
    rooms.close_all()
    database.close()


@pytest.fixture(autouse=True)
def _brackets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        bracket_apart(patch)
        patch.setattr(parent_codes, '_free_code', lambda _: str(next(FREE_NUMBERS)))
        yield


def greek(kept: Kept) -> GreekSchool:
    assert kept.school
    return kept.school


def left_over(of: GreekSchool, texts: Iterable[str]) -> set[str]:
    """Return what cannot be translated, but for names: of zones, of learners on the projector, of this server."""
    found = untranslated(set(texts) - ZONES, (*of.codes, *NAMES))
    return {text for text in found if not ALIAS.fullmatch(text) and not KEY.fullmatch(text)}


async def opened(user: PatientUser, path: str) -> tuple[bool, set[str]]:
    """Open a page and leave it; returns whether it was refused, and its texts."""
    answer = await user.http_client.get(path, follow_redirects=True)
    is_page = answer.headers.get('X-Nicegui-Content') == 'page'
    is_refused = answer.status_code != 200
    client_id = re.search(r"'client_id': '([0-9a-f-]+)'", answer.text)
    if not client_id:
        return is_refused, set(of_html(answer.text))
    client = Client.instances[client_id[1]]
    if is_page and not is_refused:
        await user.stays_on(answer)
        await asyncio.sleep(0.02)  # what comes only with the connection
    texts = set(of_page(client))
    client.delete()  # hundreds that stay open would all follow what happens
    return is_refused or not is_page, texts


@pytest.mark.parametrize('who', WHO)
async def test_no_page_has_a_word_that_cannot_be_translated(who: str, kept: Kept, enter: Enter) -> None:
    of = greek(kept)
    user = await enter(of.people[who])
    found, refused = [], []
    for pages in addresses(of).values():
        for path, admitted in pages:
            is_refused, texts = await opened(user, path)
            if words := left_over(of, texts):
                found += [f'{path}: {word}' for word in sorted(words)]
            if admitted == who and is_refused:
                refused.append(path)

    assert not found, '\n'.join(found)
    assert refused == []


@pytest.mark.parametrize('who', WHO)
async def test_no_plain_page_or_file_has_one(who: str, kept: Kept, enter: Enter) -> None:
    of = greek(kept)
    user = await enter(of.people[who])
    found, refused = [], []
    for path, admitted in plain_addresses(of):
        answer = await user.http_client.get(path, follow_redirects=False)
        is_page = answer.headers.get('content-type', '').startswith('text/html')
        if words := left_over(of, of_html(answer.text) if is_page else answer.text.splitlines()):
            found += [f'{path}: {word}' for word in sorted(words)]
        if admitted == who and answer.status_code != 200:
            refused.append(path)

    assert not found, '\n'.join(found)
    assert refused == []


@pytest.mark.parametrize('who', FEWEST_PRESSED)
async def test_nothing_that_is_pressed_says_one(who: str, kept: Kept, enter: Enter) -> None:
    """Menus, dialogs, what is said in passing, and what is refused because nothing was typed."""
    of = greek(kept)
    user = await enter(of.people[who])
    user.navigate.to = lambda *_, **__: None  # stay on the page
    found, pressed = [], 0
    for pages in addresses(of).values():
        for path, admitted in pages:
            if admitted == who:
                texts, number = await everything_pressed(user, path)
                pressed += number
                found += [f'{path}: {word}' for word in sorted(left_over(of, texts))]

    assert not found, '\n'.join(found)
    assert pressed > FEWEST_PRESSED[who]


async def everything_pressed(user: PatientUser, path: str) -> tuple[set[str], int]:
    """Press whatever can be pressed, also what appears then, and leave the page; returns what was to be read, and how
    much was pressed.
    """
    client = await user.open(path)
    await settled(set())
    texts: set[str] = set(of_page(client))
    pressed: set[int] = set()
    while len(pressed) < MOST_PRESSED:
        left = [each for each in client.elements.values() if each.id not in pressed and can_be_pressed(each)]
        if not left:
            break
        element = min(left, key=lambda each: each.id)
        pressed.add(element.id)
        running = set(background_tasks.running_tasks)
        UserInteraction(user, {element}, None).click()
        await settled(running)
        texts |= {*of_page(client), *user.notify.messages}
        user.notify.messages.clear()
    client.delete()
    return texts, len(pressed)


async def settled(before: set[asyncio.Task[object]]) -> None:
    """Wait until what a press has begun is done; what waits for the browser is not waited for."""
    for _ in range(MOST_LOOKS):
        await asyncio.sleep(0.01)
        if background_tasks.running_tasks <= before:
            return


def can_be_pressed(element: ui.element) -> bool:
    """Whether somebody can press this without the page being gone; the last question before that is only read."""
    is_last_word = 'button-danger' in element.classes and any(isinstance(up, ui.dialog) for up in element.ancestors())
    return not is_last_word and any(listener.type == 'click' for listener in element._event_listeners.values())


async def test_no_form_that_is_refused_says_one(kept: Kept, enter: Enter) -> None:
    of = greek(kept)
    found, taken = [], []
    for who, page, action, fields in refused_forms(of):
        user = await enter(of.people[who])
        form = await user.http_client.get(page)
        answer = await user.http_client.post(action, data={**hidden_fields(form.text, action), **fields})
        is_refused, texts = await opened(user, answer.headers['location'])
        found += [f'{action}: {word}' for word in sorted(left_over(of, texts))]
        taken += [] if is_refused else [(action, fields)]

    assert not found, '\n'.join(found)
    assert taken == []


def refused_forms(of: GreekSchool) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Yield forms that cannot be taken as they are filled in: by whom, on which page, posted where."""
    join, link = f'/j/{of.things["code"]}', f'/new-password?link={of.things["link"]}'
    account = {'name': 'Ρέα', 'email': 'rea@example.org', 'password': PASSWORD}
    yield 'nobody', '/sign-in', '/sign-in', {'email': 'nobody@example.org', 'password': 'λάθος'}
    yield 'nobody', '/sign-in', '/sign-in', {'csrf': 'παλιό'}
    for wrong in {'name': ''}, {'email': 'ρέα'}, {'password': 'β'}, {'password': 'password'}:
        yield 'nobody', '/register', '/register', account | wrong
    for name in '', 'Γιώργος', 'α' * 90:
        yield 'nobody', join, '/join', {'name': name}
    for code in 'ΑΒΓ', 'ΑΒΓΔΕΖΗΘ':
        yield 'nobody', '/', '/code', {'code': code}
    yield 'nobody', link, '/new-password', {'password': 'β'}
    for profile in {'name': ''}, {'name': 'Ρέα', 'time_zone': 'Γη'}:
        yield 'student', '/account', '/account', profile
    for address in 'ρέα', 'colleague@example.org':
        yield 'student', '/account/email', '/account/email', {'email': address, 'current_password': PASSWORD}
    for current, new in ('λάθος', PASSWORD), (PASSWORD, 'β'):
        fields = {'current_password': current, 'new_password': new}
        yield 'student', '/account/password', '/account/password', fields
    yield 'admin', '/school/settings', '/school/settings', {'name': 'α' * 200}


async def test_no_page_is_left_out(kept: Kept, enter: Enter) -> None:
    await enter(None)

    declared = {re.sub(r':\w+\}', '}', path) for path in Client.page_routes.values()}
    assert declared == set(addresses(greek(kept)))
    nobody_gets_in = {route for route, pages in addresses(greek(kept)).items() if not any(who for _, who in pages)}
    assert nobody_gets_in == NOT_THERE, 'each page is opened by somebody who is not refused there'


async def test_no_plain_page_is_left_out(kept: Kept, enter: Enter) -> None:
    await enter(None)
    from ui import server  # not before NiceGUI is as if it had just been imported

    routers = [
        module.router
        for module in vars(server).values()
        if isinstance(module, ModuleType) and hasattr(module, 'router')
    ]
    asked = [route for router in routers for route in router.routes if 'GET' in (route.methods or ())]
    opened = [urlsplit(path).path for path, who in plain_addresses(greek(kept)) if who]
    missing = {
        route.path
        for route in asked
        if not route.path.endswith(FILES) and not any(route.path_regex.fullmatch(path) for path in opened)
    }
    assert missing == NO_PAGES
