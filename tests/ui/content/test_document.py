"""Reading a document, without a browser: what pages show, and what no browser of ours would send."""

from collections.abc import Iterator

import pytest
from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from services.content import pdf_workers, positions
from services.core import database
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.documents import a_pdf, a_text
from tests.factories.people import a_guest
from tests.ui.conftest import Enter
from ui.content.passages import without_heading

pytestmark = pytest.mark.req('S5', 'C4')

RETRIES = 40


@pytest.fixture(autouse=True)
def _processes_end() -> Iterator[None]:
    yield
    pdf_workers.close()


async def opens(user: User, course: CourseAtHand, checkpoint: int = 0) -> None:
    await user.open(f'/courses/{course.course_id}/learn/{course.checkpoints[checkpoint]}')


def the(user: User, tag: str, *, beside: str = '') -> ui.element:
    """The one element with a tag, or with a class."""
    assert user.client
    return next(
        element
        for element in user.client.elements.values()
        if element.tag == tag and (not beside or beside in element.classes)
    )


def tell(user: User, element: ui.element, event: str, args: object = ()) -> None:
    UserInteraction(user, {element}, None).trigger(event, args)


async def test_a_page_without_a_picture_says_so_and_the_others_are_shown(enter: Enter) -> None:
    course = await a_course(checkpoints=1)
    learner = await a_guest(code=course.code)
    await a_pdf(course, course.checkpoints[0], pages=3)
    lena = await enter(learner)
    await opens(lena, course)
    await lena.should_see('Page 1 on soil.', retries=RETRIES)
    picture = the(lena, 'img')

    tell(lena, picture, 'error')
    await lena.should_see('This page cannot be shown as a picture', retries=RETRIES)
    tell(lena, the(lena, 'button', beside='pdf-forth'), 'click')

    await lena.should_see('Page 2 on soil.', retries=RETRIES)
    await lena.should_not_see('This page cannot be shown as a picture')
    assert picture.props['alt'] == 'Page 2 of 3'


@pytest.mark.parametrize('typed', [0, -1, 4, 1.5, 1e300, None])
async def test_numbers_that_no_page_has_turn_nothing(enter: Enter, typed: float | None) -> None:
    course = await a_course(checkpoints=1)
    await a_pdf(course, course.checkpoints[0], pages=3)
    lena = await enter(await a_guest(code=course.code))
    await opens(lena, course)
    await lena.should_see('Page 1 on soil.', retries=RETRIES)
    field = next(iter(lena.find(ui.number).elements))

    field.set_value(typed)

    assert the(lena, 'img').props['alt'] == 'Page 1 of 3'


async def test_who_teaches_reads_and_is_not_counted(enter: Enter) -> None:
    course = await a_course(checkpoints=2)
    await a_pdf(course, course.checkpoints[0], pages=3)
    await a_text(course, course.checkpoints[1], body='What is soil?')
    ines = await enter(course.teacher)
    await opens(ines, course)
    await ines.should_see('Page 1 on soil.', retries=RETRIES)
    tell(ines, the(ines, 'img'), 'load')
    await opens(ines, course, 1)
    await ines.should_see('What is soil?', retries=RETRIES)

    for checkpoint in course.checkpoints:
        assert await database.read(positions.find, course.teacher.user_id, checkpoint) is None


async def test_a_document_that_is_still_empty_says_so(enter: Enter) -> None:
    course = await a_course(checkpoints=1)
    await a_text(course, course.checkpoints[0], body='  ')
    lena = await enter(await a_guest(code=course.code))

    await opens(lena, course)

    await lena.should_see('There is nothing to read here yet.')


async def test_no_picture_of_a_document_with_one_page_is_without_its_words(enter: Enter) -> None:
    course = await a_course(checkpoints=1)
    await a_pdf(course, course.checkpoints[0], pages=1)
    lena = await enter(await a_guest(code=course.code))
    await opens(lena, course)
    await lena.should_see('Page 1 on soil.', retries=RETRIES)

    assert lena.client
    pictures = [element for element in lena.client.elements.values() if element.tag == 'img']
    assert [element.props.get('alt') for element in pictures] == ['Page 1 of 1', '']


@pytest.mark.parametrize(
    ('html', 'shown'),
    [
        ('<h1>What soil\nis <em>made</em> of</h1>\n<p>Grains.</p>', '\n<p>Grains.</p>'),
        ('<h2>Grains &amp; more</h2><p>Sand.</p>', '<h2>Grains &amp; more</h2><p>Sand.</p>'),
        ('<h1>What soil is made of</h1>', '<h1>What soil is made of</h1>'),
        ('<p>Look.</p><h1>What soil is made of</h1>', '<p>Look.</p><h1>What soil is made of</h1>'),
    ],
)
def test_a_heading_that_repeats_the_title_of_the_checkpoint_is_left_out(html: str, shown: str) -> None:
    assert without_heading(html, 'What soil is made of') == shown
