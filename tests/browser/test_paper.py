"""What a browser prints: what a page says and not what is pressed on it, black on white, and nothing cut off."""

import pypdfium2
import pytest
from playwright.async_api import Page

from services.core import database
from services.live import sessions
from services.notes import editing
from tests.factories.classes import a_class, join_class
from tests.factories.quizzes import a_quiz
from tests.support.browser_people import People
from tests.support.printed import pages_of, stays_on_the_page
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope='session'), pytest.mark.req('L12')]

PRESSED = [
    'Sign out',
    'Download as CSV',
    'Projector',
    'To print',
    'Cards to print',
    'End the class',
    'Leave',
    'Arrow keys',
]
MARGIN = 28.0
"""points, which are 10 mm: what a page lying down keeps free at its edges"""
NAMES = [f'Learner {number:02}' for number in range(1, 31)]


async def printed(page: Page, path: str, shows: str) -> bytes:
    """Open a page and print it as somebody does who has changed nothing in the dialog."""
    await page.goto(path)
    await page.locator(shows).first.wait_for()
    await page.wait_for_load_state('networkidle')
    return await page.pdf(format='A4')


def solid(printed: bytes | str) -> str:
    """Return words without spaces: of a page lying down, each letter is read as a line of its own."""
    text = printed if isinstance(printed, str) else ''.join(pages_of(printed))
    return ''.join(text.split())


def darkest_ground(pdf: bytes) -> int:
    """Return how dark the corners of the pages are, of 255."""
    with pypdfium2.PdfDocument(pdf) as document:
        pictures = [page.render(scale=0.5, grayscale=True) for page in document]
        return min(picture.buffer[spot] for picture in pictures for spot in (0, picture.width - 1))


async def test_the_grid_and_the_attendance_of_a_class_are_printed_whole_from_a_dark_screen(
    people: People, server: Server
) -> None:
    async with server.at_hand():
        klass = await a_class(learners=NAMES, checkpoints=12)
        for learner in klass.learners:
            await join_class(klass, by=learner)
        token = await token_of(klass.teacher)
    ines = await people.page(token=token, dark=True)
    course = f'/courses/{klass.course_id}'

    live = await printed(ines, f'{course}/live', '.ag-center-cols-container .ag-row')
    roll = await printed(ines, f'{course}/attendance', '.roll-table')
    one_class = await printed(ines, f'{course}/attendance/{klass.session_id}', '.list')
    codes = await printed(ines, f'{course}/guest-codes', '.code-table')

    for pdf in live, roll, one_class, codes:
        text = solid(pdf)
        assert [name for name in NAMES if solid(name) not in text] == []
        assert [word for word in PRESSED if solid(word) in text] == []
        assert darkest_ground(pdf) == 255
    assert len(pages_of(live)) == 1, 'thirty learners fit on a page lying down'
    roll_pages = [solid(page) for page in pages_of(roll)]
    assert all('NameAttended' in page for page in roll_pages if 'Learner' in page), 'each page has the heads'


@pytest.mark.req('C7')
async def test_a_gradebook_is_printed_whole(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class(learners=NAMES)
        for title in 'Grains', 'Water', 'Roots':
            await a_quiz(klass=klass, title=title)
        token = await token_of(klass.teacher)
    ines = await people.page(token=token, dark=True)

    book = await printed(ines, f'/courses/{klass.course_id}/gradebook', '.ag-center-cols-container .ag-row')

    text = solid(book)
    assert [each for each in (*NAMES, 'Grains', 'Water', 'Roots', 'Total') if solid(each) not in text] == []
    assert [word for word in ('Type a grade', 'Go on with', 'Files', 'Find by name') if solid(word) in text] == []
    assert darkest_ground(book) == 255
    assert len(pages_of(book)) > 1
    assert stays_on_the_page(book, margin=MARGIN), 'a row that has no room begins the next page'


async def test_notes_and_a_class_that_is_over_are_printed_without_what_is_pressed(
    people: People, server: Server
) -> None:
    async with server.at_hand():
        klass = await a_class(checkpoints=3)
        await join_class(klass)
        await database.write(
            editing.write, klass.learner, klass.checkpoints[0], text='Wet [it](https://example.org/wet) first'
        )
        await database.write(sessions.end, klass.teacher, klass.course_id)
        lena, ines = [await people.page(token=await token_of(who)) for who in (klass.learner, klass.teacher)]

    notes = await printed(lena, '/notes', '.note')
    over = f'/courses/{klass.course_id}/classes/{klass.session_id}'
    replay = await printed(ines, over, '.replay-grid .ag-row')

    assert 'Wet it (https://example.org/wet) first' in ' '.join(pages_of(notes))
    assert solid('Step 1') in solid(notes)
    assert solid('Lena Learner') in solid(replay)
    for pdf in notes, replay:
        assert [word for word in PRESSED if solid(word) in solid(pdf)] == []


async def test_a_course_is_printed_without_the_fields_that_are_empty(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class(checkpoints=2)
        token = await token_of(klass.teacher)
    ines = await people.page(token=token)

    course = solid(await printed(ines, f'/courses/{klass.course_id}', '.outline-step'))

    assert solid('Step 1') in course
    assert [each for each in ('Add a description', *PRESSED) if solid(each) in course] == []


@pytest.mark.req('C7')
async def test_grades_on_paper_say_whose_and_of_which_course_they_are(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class(title='Soil')
        await a_quiz(klass=klass, title='Grains')
        token = await token_of(klass.learner)
    lena = await people.page(token=token, dark=True)

    grades = solid(await printed(lena, f'/courses/{klass.course_id}/grades', 'h1'))

    assert [each for each in ('Lena Learner', 'Soil', 'Grains') if solid(each) not in grades] == []
    assert [word for word in PRESSED if solid(word) in grades] == []
