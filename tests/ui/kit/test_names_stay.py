"""A page translated by the browser keeps names and codes as they are: they stand in what says `translate="no"`.

A name within a sentence goes with the sentence, which a browser translates as a whole.
"""

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from nicegui import ui
from nicegui.testing import User

from services.core import database
from services.core.secrets import spell_code
from services.live import sessions
from services.live.help import queue
from services.people import joining
from tests.factories.classes import ClassAtHand, a_class, join_class, mark
from tests.factories.people import a_student, an_admin
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('O6', 'C7')]

LEARNER, STUDENT, TEACHER, ADMIN = 'Zoe Zebra', 'Quirin Quince', 'Ines Instructor', 'Ada Admin'
VOID = {'br', 'img', 'input', 'hr', 'meta', 'link', 'wbr', 'col'}

TEACHERS = [
    '/',
    '/account',
    '/courses/{course}',
    '/courses/{course}/people',
    '/courses/{course}/people/{learner}/time',
    '/courses/{course}/guest-codes',
    '/courses/{course}/attendance',
    '/courses/{course}/attendance/{session}',
    '/courses/{course}/live',
]
AFTERWARDS = ['/courses/{course}/live', '/courses/{course}/classes/{session}', '/courses/{course}/attendance/{session}']
LEARNERS = [
    '/',
    '/account',
    '/calendar',
    '/goals',
    '/notes',
    '/class/{course}',
    '/courses/{course}/learn',
    '/courses/{course}/time',
]


@pytest.mark.parametrize(
    ('who', 'pages', 'is_over'),
    [
        ('teacher', TEACHERS, False),
        ('teacher', AFTERWARDS, True),
        ('learner', LEARNERS, False),
        ('admin', ['/school'], False),
    ],
)
async def test_names_and_codes_are_not_translated(enter: Enter, who: str, pages: list[str], is_over: bool) -> None:
    klass = await a_class(checkpoints=1, learners=[LEARNER])
    student = await a_student(name=STUDENT)
    await database.write(joining.join, student, code=klass.code)
    await join_class(klass)
    await mark(klass.checkpoints[0], by=student)
    await database.write(queue.ask, klass.learner, klass.session_id, klass.checkpoints[0])
    if is_over:
        await database.write(sessions.end, klass.teacher, klass.course_id)
    rejoin = await database.read(joining.rejoin_code, klass.learner) or ''
    names = {LEARNER, STUDENT, TEACHER, ADMIN}
    codes = {each for code in (klass.code, rejoin) for each in (code, spell_code(code))}
    people = {'teacher': klass.teacher, 'learner': klass.learner, 'admin': await an_admin(name=ADMIN)}
    user = await enter(people[who])
    seen = set()
    for page in pages:
        await user.open(address(page, klass))
        for text, is_kept in texts(user):
            found = {name for name in names if name == text.strip()} | {code for code in codes if code in text}
            seen |= found
            assert is_kept or not found, f'{page}: {text!r}'
    assert seen  # else nothing was looked at


def texts(user: User) -> Iterator[tuple[str, bool]]:
    """Yield every text of the page that is open, and whether a browser leaves it as it is."""
    assert user.client
    for element in user.client.elements.values():
        is_kept = any(
            each.props.get('translate') == 'no' or 'notranslate' in each.classes
            for each in (element, *element.ancestors())
        )
        if isinstance(element, ui.html):
            reader = Reader(is_kept=is_kept)
            reader.feed(element.content)
            yield from reader.found
        elif 'innerHTML' in element.props:
            reader = Reader(is_kept=is_kept)
            reader.feed(element.props['innerHTML'])
            yield from reader.found
        else:
            for text in getattr(element, 'text', ''), element.props.get('label'):
                if isinstance(text, str):
                    yield text, is_kept


class Reader(HTMLParser):
    """Reads the texts of some HTML."""

    def __init__(self, *, is_kept: bool) -> None:
        super().__init__()
        self.found: list[tuple[str, bool]] = []
        self._kept = [is_kept]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._kept.append(self._kept[-1] or ('translate', 'no') in attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._kept.pop()

    def handle_data(self, data: str) -> None:
        self.found.append((data, self._kept[-1]))


def address(page: str, klass: ClassAtHand) -> str:
    ids = {'course': klass.course_id, 'learner': klass.learner.user_id, 'session': klass.session_id}
    return page.format(**ids)
