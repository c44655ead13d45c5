"""Who opens a page that shows how others learn is in the server log: once for each page that is opened."""

from collections.abc import Callable

import pytest

from models import Verb
from services.core import database
from services.live import sessions
from services.people import joining as people_joining
from tests.factories.classes import ClassAtHand, a_class, join_class, mark
from tests.factories.people import a_parent, a_student, an_instructor
from tests.support.running import Server, token_of
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.req('O1')]

PAGES = {
    '/courses/{course}/live': 'live',
    '/courses/{course}/people': 'people',
    '/courses/{course}/people.csv': 'people',
    '/courses/{course}/gradebook': 'grades',
    '/courses/{course}/gradebook.csv': 'grades',
    '/courses/{course}/analytics': 'analytics',
    '/courses/{course}/analytics/learners.csv': 'analytics',
    '/courses/{course}/people/{learner}/time': 'study time',
    '/courses/{course}/people/{learner}/time.csv': 'study time',
    '/courses/{course}/attendance': 'attendance',
    '/courses/{course}/attendance.csv': 'attendance',
    '/courses/{course}/attendance/{session}': 'attendance',
    '/courses/{course}/attendance/{session}.pdf': 'attendance',
}
AFTERWARDS = {
    '/courses/{course}/live': 'live',
    '/courses/{course}/classes': 'classes',
    '/courses/{course}/classes/{session}': 'replay',
}

REFUSED = [
    *('/goals', '/notes', '/notes.md', '/courses/new', '/school', '/school/settings', '/school/mail'),
    *('/courses/{course}', '/courses/{course}/learn', '/courses/{course}/about', '/courses/{course}/time'),
    *('/courses/{course}/progress', '/courses/{course}/outlook', '/courses/{course}/grades'),
    *('/courses/{course}/predictions', '/courses/{course}/questions', '/courses/{course}/guest-codes'),
    *('/courses/{course}/projector', '/courses/{course}/poster.pdf', '/class/{course}', '/content/1/file'),
]
"""what is for people in courses: parents have no place in any"""


def looks(server: Server, after: int = 0) -> list[dict[str, object]]:
    """What the log of the server has of looks, without the first ones."""
    return server.journal('dashboard opened')[after:]


@pytest.mark.parametrize(('pages', 'is_over'), [(PAGES, False), (AFTERWARDS, True)])
async def test_each_page_about_others_is_noted_once_when_it_is_opened(
    server: Server,
    a_visitor: Callable[..., Visitor],
    pages: dict[str, str],
    is_over: bool,
) -> None:
    klass = await a_class()
    await join_class(klass)
    if is_over:
        await database.write(sessions.end, klass.teacher, klass.course_id)
    ines = a_visitor(token=await token_of(klass.teacher))
    for page, name in pages.items():
        before = len(looks(server))
        answer = await ines.opens(address(page, klass))
        assert answer.status_code == 200
        assert [(line['page'], line['by'], line['course'], line['about']) for line in looks(server, before)] == [
            (name, klass.teacher.user_id, klass.course_id, klass.learner.user_id if '{learner}' in page else None)
        ], page


async def test_who_may_not_look_has_opened_nothing(server: Server, a_visitor: Callable[..., Visitor]) -> None:
    klass = await a_class()
    stranger = a_visitor(token=await token_of(await an_instructor()))
    before = len(looks(server))

    for page in PAGES | AFTERWARDS:
        assert (await stranger.opens(address(page, klass))).status_code == 404

    assert looks(server, before) == []


@pytest.mark.req('A7')
async def test_a_parent_opens_the_page_of_their_child_and_no_other(
    server: Server, a_visitor: Callable[..., Visitor]
) -> None:
    klass = await a_class(learners=['Otto Other'])
    sam = await a_student(name='Sam Rivera')
    await database.write(people_joining.join, sam, code=klass.code)
    parent = await a_parent(of=sam)
    mum = a_visitor(token=await token_of(parent))
    before = len(looks(server))

    for page in PAGES | AFTERWARDS:
        for who in sam, klass.learner:
            shown = page.format(course=klass.course_id, learner=who.user_id, session=klass.session_id)
            assert (await mum.opens(shown)).status_code == 404, shown
    for page in REFUSED:
        assert (await mum.opens(address(page, klass))).status_code in {403, 404}, page
    assert looks(server, before) == []

    assert (await mum.opens(f'/children/{sam.user_id}')).status_code == 200
    assert (await mum.opens(f'/children/{klass.learner.user_id}')).status_code == 404
    assert [(line['page'], line['by'], line['about']) for line in looks(server, before)] == [
        ('children', parent.user_id, sam.user_id)
    ]


async def test_a_learner_who_looks_at_their_own_pages_is_not_noted(
    server: Server, a_visitor: Callable[..., Visitor]
) -> None:
    klass = await a_class()
    await mark(klass.checkpoints[0], by=klass.learner, verb=Verb.COMPLETED)
    lena = a_visitor(token=await token_of(klass.learner))
    before = len(looks(server))

    for page in '/', '/goals', '/courses/{course}/learn', '/courses/{course}/time', '/class/{course}':
        assert (await lena.opens(address(page, klass))).status_code == 200

    assert looks(server, before) == []


def address(page: str, klass: ClassAtHand) -> str:
    ids = {'course': klass.course_id, 'learner': klass.learner.user_id, 'session': klass.session_id}
    return page.format(**ids)
