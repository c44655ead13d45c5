"""A class in WebKit, which is what iPhones have, and in Firefox: what all other tests show in Chromium."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.browser.test_videos import a_course_with_a_video
from tests.factories.classes import ClassAtHand, a_class, join_class
from tests.factories.documents import a_pdf, a_text
from tests.factories.videos import a_film
from tests.support.engines.firefox import running_firefox
from tests.support.engines.people import EnginePeople, Person
from tests.support.engines.webkit import running_webkit
from tests.support.engines.window import Engine
from tests.support.proxy import a_line
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope='session')]

PICTURES = os.environ.get('WAYMARK_PICTURES')
MARKER = 'input.marker:not(.hidden)'


@pytest_asyncio.fixture(scope='module', loop_scope='session', params=['webkit', 'firefox'])
async def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Engine]:
    path = request.getfixturevalue(f'{request.param}_path')
    running = {'webkit': running_webkit, 'firefox': running_firefox}[request.param]
    async with running(path, tmp_path_factory.mktemp(request.param)) as engine:
        yield engine


@pytest_asyncio.fixture(loop_scope='session')
async def crowd(request: pytest.FixtureRequest, engine: Engine, server: Server) -> AsyncIterator[EnginePeople]:
    """Opens windows for people; what went wrong inside one of them fails the test."""
    crowd = EnginePeople(engine, server)
    yield crowd
    if PICTURES:
        await crowd.take_pictures(Path(PICTURES), request.node.name)
    assert await crowd.go_home() == []


@pytest.mark.req('A5', 'L3')
async def test_a_guest_joins_and_taps_and_takes_it_back(crowd: EnginePeople, server: Server) -> None:
    klass = await a_class_on(server)
    lena = await crowd.somebody()

    await lena.joins(klass.code, 'Lena Learner')
    await is_at(lena, 'Step 1')
    server.pause()
    await lena.taps(MARKER)
    await lena.sees(f'{MARKER}:checked')
    await lena.sees('h1', 'Step 1')
    server.resume()
    await lena.sees('.saved-line', 'Saved · step 1')
    await is_at(lena, 'Step 2')

    await lena.taps('button', 'Undo')
    await lena.sees('.saved-line', 'Taken back · step 1')
    await is_at(lena, 'Step 1')
    await lena.sees('[aria-label="You have done 0 percent"]')


@pytest.mark.req('L3', 'L5')
async def test_a_lost_connection_is_said_and_the_marks_are_right_afterwards(
    crowd: EnginePeople, server: Server
) -> None:
    klass = await a_class_on(server, learners=('Lena Learner',))
    async with server.at_hand():
        tokens = [await token_of(klass.learner) for _ in range(2)]
    async with a_line(server.port) as line:
        phone = await crowd.somebody(token=tokens[0], origin=line.origin)
        tablet = await crowd.somebody(token=tokens[1])
        for device in (phone, tablet):
            await opens_the_class(device, klass)

        await line.cut()
        await phone.hears_nobody()
        await phone.sees('#popup')
        await takes_no_input(phone)
        await tablet.taps(MARKER)
        await is_at(tablet, 'Step 2')
        await line.mend()

        await phone.hears_the_server()
        await is_at(phone, 'Step 2')
        await phone.sees('.saved-line', 'You are back')
        await phone.taps(MARKER)
        for device in (phone, tablet):
            await is_at(device, 'Step 3')
            await device.sees('[aria-label="You have done 66 percent"]')


@pytest.mark.req('S3', 'S5')
async def test_a_film_that_was_seen_to_its_end_is_done(crowd: EnginePeople, server: Server) -> None:
    async with server.at_hand():
        course, _, token, _ = await a_course_with_a_video(server, seconds=2.0)
    lia = await crowd.somebody(token=token)

    await lia.goes_to(f'/courses/{course.course_id}/learn/{course.checkpoints[0]}')
    await lia.hears_the_server()
    await lia.sees('.video-seen', '0 % seen')
    await plays(lia)

    await lia.sees('.video-seen', '100 % seen')
    await lia.sees('.learn-done', 'Done')
    await lia.sees('.progress-ring', '50 %')


@pytest.mark.req('L4', 'L14')
async def test_the_projector_shows_everybody_and_follows(crowd: EnginePeople, server: Server) -> None:
    names = [f'Learner {number}' for number in range(1, 30)]
    klass = await a_class_on(server, learners=names)
    async with server.at_hand():
        for learner in klass.learners:
            await join_class(klass, by=learner)
        token = await token_of(klass.teacher)
    wall = await crowd.somebody(token=token, wide=True)
    await wall.goes_to(f'/courses/{klass.course_id}/projector')
    await wall.hears_the_server()
    await wall.counts('.wall .wall-name', 29)

    lena = await crowd.somebody()
    await lena.joins(klass.code, 'Lena Learner')
    await wall.counts('.wall .wall-name', 30)
    await everybody_fits(wall)
    await lena.taps(MARKER)
    await wall.counts('.wall-row:not(.wall-heads) .mark-done', 1)
    await lena.taps('button', 'Undo')
    await wall.counts('.wall-row:not(.wall-heads) .mark-done', 0)


@pytest.mark.req('L3', 'S5')
async def test_the_page_of_a_class_opens_a_pdf_a_text_and_a_film(crowd: EnginePeople, server: Server) -> None:
    klass = await a_class_on(server, learners=('Lena Learner',))
    text, pdf, film = klass.checkpoints
    async with server.at_hand():
        await a_text(klass, text, body='# Soil\n\nSoil is rock, humus, water and air.')
        await a_pdf(klass, pdf, pages=3, inside=server.data_dir)
        await a_film(klass, film, seconds=2.0, inside=server.data_dir)
        token = await token_of(klass.learner)
    lena = await crowd.somebody(token=token)
    await opens_the_class(lena, klass)

    await lena.taps('.own-open', 'Open the text')
    await lena.sees('.own-material', 'Soil is rock, humus, water and air.')
    await lena.taps(MARKER)
    await is_at(lena, 'Step 2')

    await lena.taps('.own-open', 'Open the text')
    await shows_page(lena, 1)
    await lena.taps('[aria-label="Next page"]')
    await shows_page(lena, 2)
    await lena.taps(MARKER)
    await is_at(lena, 'Step 3')

    await lena.taps('.own-open', 'Open the video')
    await plays(lena)
    await lena.sees('.video-seen', '100 % seen')
    await lena.taps('button', 'Back to class')
    await lena.sees('h1', 'All done!')


async def shows_page(person: Person, number: int) -> None:
    """Check which page is on the screen, as a picture that has really come."""
    await person.holds(
        'label => { const picture = document.querySelector(`img[alt="${label}"]`);'
        ' return picture?.checkVisibility() && picture.complete && picture.naturalWidth > 0; }',
        f'Page {number} of 3',
    )


async def everybody_fits(person: Person) -> None:
    """Check that nothing must be scrolled, and that nobody is outside the screen."""
    await person.holds("""() => document.scrollingElement.scrollHeight <= innerHeight
        && [...document.querySelectorAll('.wall .wall-name')].every(name => {
            const place = name.getBoundingClientRect();
            return place.top >= 0 && place.bottom <= innerHeight && place.left >= 0 && place.right <= innerWidth;
        })""")


async def a_class_on(server: Server, *, learners: tuple[str, ...] | list[str] = ()) -> ClassAtHand:
    async with server.at_hand():
        return await a_class(learners=learners)


async def takes_no_input(person: Person) -> None:
    """Check that nothing can be pressed or focused, and that a finger still finds its button in grey."""
    await person.holds(f"""() => {{
        const marker = document.querySelector('{MARKER}');
        const {{x, y, width, height}} = marker.getBoundingClientRect();
        const isFinger = !matchMedia('(any-pointer: fine)').matches;
        return document.elementFromPoint(x + width / 2, y + height / 2) !== marker
            && marker.checkVisibility({{visibilityProperty: true}}) === isFinger;
    }}""")


async def opens_the_class(person: Person, klass: ClassAtHand) -> None:
    await person.goes_to(f'/class/{klass.course_id}')
    await person.hears_the_server()
    await is_at(person, 'Step 1')


async def is_at(person: Person, title: str) -> None:
    await person.sees('h1', title)
    await person.sees(f'{MARKER}[aria-label="Done: {title}"]:not(:checked)')


async def plays(person: Person) -> None:
    """Press the film, as a finger does, when it can be played."""
    await person.holds("() => document.querySelector('video')?.readyState > 0")
    await person.taps('video')
    await person.holds("() => document.querySelector('video').currentTime > 0")
