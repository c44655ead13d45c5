"""Pages with the slowest texts that their fields take: every page comes, and nobody else waits for it."""

import asyncio
from collections.abc import Iterator

import pytest
from nicegui import ui
from nicegui.testing import User

from services.content import prose
from services.core import database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.notes import editing
from tests.factories.classes import ClassAtHand, a_class
from tests.factories.documents import a_text
from tests.factories.texts import WORST
from tests.support.work_time import work_of_at_most
from tests.ui.conftest import Enter
from ui.kit.markdown_field import MarkdownField

pytestmark = pytest.mark.req('S9', 'C4', 'L3')

LOOP = 0.3
"""seconds of work for a whole page; one such text alone took seven"""
TEXT = 9_990
WICKED = {name: text for name in WORST if '\0' not in (text := WORST[name](TEXT)).replace('\r', '') and text.strip()}

"""what a note may be"""
WORST_KNOWN = [*map(repr, ('[', '>', '\t', '[a](<', '![')), 'fence named make', 'long head', 'nested brackets']


@pytest.fixture(autouse=True)
def _processes_end() -> Iterator[None]:
    prose.close()
    yield
    prose.close()


async def opens(user: User, address: str, *, most: float = LOOP) -> None:
    """Open a page, for which nobody else may be kept waiting longer than so many seconds."""
    with work_of_at_most(most):
        await user.open(address)


async def _describe(klass: ClassAtHand, checkpoint: int, text: str) -> None:
    await database.write(checkpoints.edit, klass.teacher, checkpoint, Details(title='Look', description=text))


async def _write_notes(klass: ClassAtHand) -> None:
    for text in WICKED.values():
        await database.write(editing.write, klass.learner, klass.checkpoints[0], text=text)


@pytest.mark.parametrize('kind', WORST_KNOWN)
async def test_a_class_goes_on_whatever_the_description_of_its_checkpoint(enter: Enter, kind: str) -> None:
    klass = await a_class(checkpoints=1)
    await _describe(klass, klass.checkpoints[0], f'So: {WORST[kind](TEXT)}')
    lena = await enter(klass.learner)

    await opens(lena, f'/class/{klass.course_id}')

    await lena.should_see('1 of 1', retries=30)


@pytest.mark.parametrize('kind', WORST_KNOWN)
async def test_the_pages_of_a_lesson_come_whatever_is_in_it(enter: Enter, kind: str) -> None:
    klass = await a_class(checkpoints=1)
    await a_text(klass, klass.checkpoints[0], body=f'So: {WORST[kind](99_990)}', is_preview=True)
    lena = await enter(klass.learner)

    await opens(lena, f'/courses/{klass.course_id}/learn/{klass.checkpoints[0]}')
    await lena.should_see('Your notes', retries=60)
    await opens(lena, f'/preview/{klass.checkpoints[0]}')
    await lena.should_see('This is a preview', retries=60)


async def test_notes_of_the_slowest_kinds_are_shown_with_what_deletes_them(enter: Enter) -> None:
    klass = await a_class(checkpoints=1)
    await _write_notes(klass)
    lena = await enter(klass.learner)

    await opens(lena, '/notes', most=4 * LOOP)  # a page of notes with ten thousand letters each
    await lena.should_see('found', retries=60)
    await lena.open(f'/courses/{klass.course_id}/learn/{klass.checkpoints[0]}')
    await _draws_notes(lena)
    assert len(_more(lena)) == len(WICKED), 'each can be changed and deleted'


async def _draws_notes(user: User) -> None:
    for _ in range(200):
        if _more(user):
            return
        await asyncio.sleep(0.1)
    raise AssertionError('the notes are not drawn')


def _more(user: User) -> list[ui.element]:
    assert user.client
    return [each for each in user.client.elements.values() if each.props.get('aria-label') == 'More for this note']


async def test_what_is_read_before_it_is_saved_does_not_hold_the_page(enter: Enter) -> None:
    klass = await a_class(checkpoints=1)
    lena = await enter(klass.learner)
    await lena.open('/notes')
    assert lena.client
    with lena.client:
        field = MarkdownField('What to read', '[' * 1_000_000)
        with work_of_at_most(LOOP):
            field._show_as('Read')
            field.field.value = '![' * 50_000
            field._show_as('Read')
    assert any(str(prose.SORRY) in str(each.props.get('innerHTML')) for each in lena.client.elements.values())
