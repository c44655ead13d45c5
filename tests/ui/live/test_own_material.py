"""A film or text within a learner's page of a class: it opens and closes there, counts, and waits for its reader."""

import re

import pytest
from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from services.content import video_progress
from services.core import database
from services.courses import checkpoints
from services.live import sessions
from services.study import open_pages
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree, percent
from tests.factories.documents import a_text
from tests.factories.study import learning_sessions
from tests.factories.videos import a_video
from tests.support.eventually import eventually, found_soon
from tests.support.learner import Learner
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('L3', 'C4')]


def tell(user: User, element: ui.element, event: str) -> None:
    UserInteraction(user, {element}, None).trigger(event, [])


def the(user: User, tag: str, *, with_class: str = '') -> ui.element:
    assert user.client
    elements = user.client.elements.values()
    return next(each for each in elements if each.tag == tag and (not with_class or with_class in each.classes))


async def reads(enter: Enter, klass: ClassAtHand) -> Learner:
    """A learner who has opened the text of the first checkpoint."""
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    lena.user.find('Open the text').click()
    await lena.sees('Part 1')
    return lena


async def a_class_that_reads() -> ClassAtHand:
    klass = await a_class(checkpoints=3)
    await a_text(klass, klass.checkpoints[0])
    return klass


async def test_a_text_opens_and_closes_within_the_page(enter: Enter) -> None:
    klass = await a_class_that_reads()
    lena = await reads(enter, klass)
    await lena.is_at('Step 1')
    await lena.user.should_not_see('Open the text')

    lena.user.find('Back to class').click()

    await lena.user.should_not_see('Part 1')
    await lena.sees('Open the text')
    await lena.is_at('Step 1')


@pytest.mark.req('L9')
async def test_the_class_goes_on_and_the_text_stays_until_its_reader_goes_back(enter: Enter) -> None:
    klass = await a_class_that_reads()
    lena = await reads(enter, klass)

    await database.write(sessions.set_current, klass.teacher, klass.course_id, klass.checkpoints[2])

    await lena.sees('You are 2 steps behind. The class is at 3 · Step 3', 'Part 1')
    assert the(lena.user, 'p', with_class='own-way-class').props['innerHTML'] == 'The class is at 3 · Step 3'
    await lena.is_at('Step 1')
    lena.user.find('Back to class').click()
    await lena.is_at('Step 3')
    await lena.user.should_not_see('Part 1')


async def test_a_tap_while_reading_counts_for_the_checkpoint_that_is_read_and_goes_on(enter: Enter) -> None:
    klass = await a_class_that_reads()
    lena = await reads(enter, klass)

    lena.taps()

    await lena.sees('Saved · step 1')
    await lena.is_at('Step 2')
    await lena.user.should_not_see('Part 1')
    assert await percent(klass, klass.learner) == 33
    await assert_log_and_projections_agree()


@pytest.mark.req('S5', 'S7')
@pytest.mark.usefixtures('videos_stand_still')
async def test_a_film_goes_on_where_it_was_left_and_watching_is_study(enter: Enter) -> None:
    klass = await a_class(checkpoints=2)
    await a_video(klass, klass.checkpoints[0], seconds=100.0)
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    at = {'now': 0.0}
    asked: list[float] = []

    def where(_: object) -> float:
        asked.append(at['now'])
        return at['now']

    lena.user.javascript_rules[re.compile('.*currentTime')] = where
    lena.user.find('Open the video').click()
    await lena.sees('0 % seen')
    film = the(lena.user, 'video')
    tell(lena.user, film, 'loadedmetadata')
    before = len(asked)
    tell(lena.user, film, 'play')
    await eventually(lambda: len(asked) > before)  # it began at 0, however busy the machine is
    at['now'] = 1.0
    tell(lena.user, film, 'timeupdate')
    await lena.sees('1 % seen')
    await found_soon(learning_sessions)

    lena.user.find('Back to class').click()

    await lena.user.should_not_see('1 % seen')
    watched = await database.read(video_progress.so_far, klass.learner, klass.checkpoints[0])
    assert watched.position == 1.0
    lena.user.find('Open the video').click()
    await lena.sees('1 % seen')
    tell(lena.user, the(lena.user, 'video'), 'loadedmetadata')
    await lena.sees('You were at 0:0')


async def test_opening_and_closing_again_and_again_leaves_nothing_behind(enter: Enter) -> None:
    klass = await a_class_that_reads()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    client = lena.user.client
    assert client
    await lena.sees('Open the text')
    handlers = [client.connect_handlers, client.disconnect_handlers, client.delete_handlers]

    async def open_and_close() -> None:
        lena.user.find('Open the text').click()
        await lena.sees('Part 1')
        lena.user.find('Back to class').click()
        await lena.user.should_not_see('Part 1')

    await open_and_close()  # the way back is drawn, and stays
    await eventually(lambda: not open_pages._open)
    before = len(client.elements), [len(each) for each in handlers]

    for _ in range(3):
        await open_and_close()

    await eventually(lambda: (len(client.elements), [len(each) for each in handlers]) == before)
    assert not open_pages._open


async def test_a_checkpoint_that_is_deleted_while_it_is_read_leads_to_the_next_one(enter: Enter) -> None:
    klass = await a_class_that_reads()
    lena = await reads(enter, klass)

    await database.write(checkpoints.delete, klass.teacher, klass.checkpoints[0])

    await lena.is_at('Step 2')
    await lena.user.should_not_see('Part 1')


async def test_what_one_reads_stays_when_the_class_ends(enter: Enter) -> None:
    klass = await a_class_that_reads()
    lena = await reads(enter, klass)

    await database.write(sessions.end, klass.teacher, klass.course_id)

    await lena.is_at('This class has ended')
    await lena.sees('Part 1')
    lena.user.find('Back to class').click()
    await lena.user.should_not_see('Part 1')
    await lena.user.should_not_see('Open the text')
