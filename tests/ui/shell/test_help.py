"""Help where people stand: a page for each role, the keys of a page, and what the marks mean."""

import pytest
from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from services.access import Actor
from services.live.board.views import Mark
from tests.factories.classes import a_class, a_course
from tests.factories.people import a_student, an_admin, an_instructor
from tests.support.patient import PatientUser
from tests.ui.conftest import Enter
from ui.kit import key_sheet
from ui.kit.marks import SHAPES, WORDS

pytestmark = [pytest.mark.req('O5', 'L5')]

PARTS = ['For those who run the school', 'For those who teach', 'For those who learn']


async def actor_of(who: str) -> Actor | None:
    if who == 'nobody':
        return None
    return await {'admin': an_admin, 'instructor': an_instructor, 'student': a_student}[who]()


@pytest.mark.parametrize(('who', 'parts'), [('nobody', 1), ('student', 1), ('instructor', 2), ('admin', 3)])
async def test_help_has_what_concerns_a_person(enter: Enter, who: str, parts: int) -> None:
    user = await enter(await actor_of(who))
    await user.open('/help')

    headings = [each.text for each in elements(user) if each.tag == 'h2']

    assert headings == PARTS[3 - parts :]
    links = [each.props['href'] for each in elements(user) if isinstance(each, ui.link)]
    assert '/help' in links


@pytest.mark.parametrize(
    ('page', 'some'),
    [
        ('/live', {'← P', '→ N', 'Space'}),
        ('/projector', {'R', 'F', '↑ ↓', '→ N', 'Space'}),
        ('', {'Alt ↑', 'Alt ↓', 'Ctrl Enter', '/'}),
    ],
)
async def test_a_page_with_keys_shows_them(enter: Enter, page: str, some: set[str]) -> None:
    klass = await a_class()
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}{page}')

    type_key(ines, '!')
    assert not sheets(ines)
    type_key(ines, '?', shiftKey=True)
    (sheet,) = sheets(ines)
    type_key(ines, '?', shiftKey=True)
    assert sheets(ines) == [sheet]

    listed = next(each.props['innerHTML'] for each in sheet.descendants() if 'innerHTML' in each.props)
    for keys in some | {'?'}:
        assert f'<dt>{key_sheet._keys(keys)}</dt>' in listed
    (close,) = [each for each in sheet.descendants() if isinstance(each, ui.button)]
    UserInteraction(ines, {close}, None).click()
    assert not sheet.value


async def test_help_is_linked_where_nothing_is_yet_and_in_class(enter: Enter) -> None:
    klass, empty = await a_class(), await a_course()
    ines, lena = await enter(empty.teacher), await enter(klass.learner)

    for page, question in {'people': 'How do learners get in?', 'attendance': 'How does a class work?'}.items():
        await ines.open(f'/courses/{empty.course_id}/{page}')
        (way,) = ines.find(question).elements
        assert way.props['href'] == '/help'

    await lena.open(f'/class/{klass.course_id}')
    await lena.should_see('icon-help" href="/help"')


@pytest.mark.parametrize('page', ['/live', '/learn/{step}'])
async def test_the_marks_are_explained_beside_them(enter: Enter, page: str) -> None:
    klass = await a_class()
    user = await enter(klass.teacher if page == '/live' else klass.learner)
    await user.open(f'/courses/{klass.course_id}{page}'.format(step=klass.checkpoints[0]))

    (legend,) = [each for each in elements(user) if 'legend' in each.classes]

    assert legend.tag == 'details'
    explained = next(each.props['innerHTML'] for each in legend.descendants() if 'innerHTML' in each.props)
    for mark in Mark:
        assert f'mark-{SHAPES[mark]}"' in explained
        assert f'>{WORDS[mark]}</span>' in explained
    assert ('Lost: was here, the connection is gone' in explained) is (page == '/live')


def sheets(user: PatientUser) -> list[ui.dialog]:
    return [
        each
        for each in elements(user)
        if isinstance(each, ui.dialog) and each.props.get('aria-label') == 'Keys of this page'
    ]


def type_key(user: PatientUser, key: str, **modifiers: bool) -> None:
    held = dict.fromkeys(['altKey', 'ctrlKey', 'metaKey', 'shiftKey'], False) | modifiers
    args = {'action': 'keydown', 'repeat': False, 'key': key, 'code': key, 'location': 0, **held}
    for keyboard in elements(user):
        if isinstance(keyboard, ui.keyboard):
            for listener in list(keyboard._event_listeners.values()):
                keyboard._handle_event({'listener_id': listener.id, 'args': args})


def elements(user: PatientUser) -> list[ui.element]:
    assert user.client
    return list(user.client.elements.values())
