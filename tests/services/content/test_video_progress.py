"""Watching videos: what counts as seen, and what completes a checkpoint."""

import asyncio
from dataclasses import replace

import pytest

from models import Verb
from services.content import video_progress
from services.content.video_progress import Watched
from services.core import database
from tests.factories.classes import CourseAtHand, a_course, assert_log_and_projections_agree, mark, percent
from tests.factories.people import a_guest, another_device
from tests.factories.videos import Viewer, a_video, a_viewer, logged, row, seconds_seen
from tests.support.queries import statements

pytestmark = [pytest.mark.both_databases, pytest.mark.req('S5', 'S6'), pytest.mark.usefixtures('db')]


@pytest.fixture
async def course(db: object) -> CourseAtHand:
    """A course whose first checkpoint is a video of a hundred seconds."""
    return await a_course(checkpoints=2)


async def test_the_share_that_was_really_seen_is_the_percentage(course: CourseAtHand) -> None:
    lena = await a_viewer(course)

    await lena.watches(62)

    assert (lena.saved.percent, lena.saved.position, lena.saved.seen) == (62, 62.0, ((0.0, 62.0),))
    stored = await row(lena)
    assert stored
    assert (stored.percent, stored.furthest, stored.views, stored.plays, stored.pauses) == (62, 62.0, 1, 1, 1)
    assert await percent(course, lena.learner) == 0
    await assert_log_and_projections_agree()


async def test_jumping_to_the_end_gives_nothing(course: CourseAtHand) -> None:
    lena = await a_viewer(course)

    await lena.watches(5)
    await lena.jumps(99.5)
    await lena.hears_nothing_for(0.5)
    await lena.reaches_the_end()

    stored = await row(lena)
    assert stored
    assert (stored.percent, stored.seeks, stored.finishes) == (5, 1, 1)
    assert stored.seen == [[0.0, 5.0], [99.5, 100.0]]
    assert await percent(course, lena.learner) == 0
    assert lena.saved.position == 0.0, 'who was at the end begins anew'


async def test_ninety_percent_complete_the_checkpoint_by_themselves(course: CourseAtHand) -> None:
    lena = await a_viewer(course)
    await lena.watches(85)
    lena.watch.play(lena.now)
    await lena.hears_nothing_for(5)

    await lena.is_asked()

    assert (lena.saved.percent, lena.saved.is_complete) == (90, True)
    assert await percent(course, lena.learner) == 50
    await lena.hears_nothing_for(5)
    await lena.is_asked()
    assert not lena.saved.is_complete, 'only once'
    assert len(await logged(Verb.COMPLETED)) == 1
    await assert_log_and_projections_agree()


async def test_what_a_learner_takes_back_stays_taken_back(course: CourseAtHand) -> None:
    lena = await a_viewer(course)
    await lena.watches(95)
    await mark(lena.checkpoint, by=lena.learner, verb=Verb.UNDONE)

    await lena.watches(5)

    assert lena.saved.percent == 100
    assert await percent(course, lena.learner) == 0


async def test_a_hundred_percent_is_all_but_less_than_a_second(course: CourseAtHand) -> None:
    lena = await a_viewer(course)
    await lena.watches(98.5)
    assert lena.saved.percent == 98

    await lena.hears_nothing_for(0.6)
    await lena.pauses()
    assert lena.saved.percent == 100


async def test_seeing_a_part_again_counts_once_and_at_twice_the_speed_it_counts(course: CourseAtHand) -> None:
    lena = await a_viewer(course)
    await lena.watches(20, rate=2)
    await lena.jumps(0)
    await lena.watches(30)

    assert lena.saved.seen == ((0.0, 40.0),)

    await lena.watches(10, rate=16)
    assert seconds_seen(lena.saved) <= 40 + 2 * (10 + 5), 'faster than that nobody sees anything'


async def test_one_goes_on_elsewhere_where_one_stopped(course: CourseAtHand) -> None:
    laptop = await a_viewer(course)
    await laptop.watches(40)
    assert laptop.learner
    phone = replace(laptop, learner=await another_device(of=laptop.learner))

    before = await database.read(video_progress.so_far, phone.learner, phone.checkpoint)
    phone.__post_init__()
    assert (before.position, before.percent) == (40.0, 40)
    await phone.watches(30)
    assert phone.saved.seen == ((0.0, 70.0),)

    await laptop.leaves()
    assert (await database.read(video_progress.so_far, laptop.learner, laptop.checkpoint)).position == 70.0, (
        'the laptop stood still'
    )


async def test_two_devices_at_once_lose_nothing(course: CourseAtHand) -> None:
    laptop = await a_viewer(course)
    assert laptop.learner
    phone = replace(laptop, learner=await another_device(of=laptop.learner), at=50.0)
    phone.__post_init__()

    await asyncio.gather(laptop.watches(20), phone.watches(20))

    assert (await database.read(video_progress.so_far, laptop.learner, laptop.checkpoint)).seen == (
        (0.0, 20.0),
        (50.0, 70.0),
    )
    stored = await row(laptop)
    assert stored
    assert (stored.plays, stored.pauses, stored.views) == (2, 2, 2)


async def test_many_pages_of_one_learner_see_no_more_than_there_was_time_for(course: CourseAtHand) -> None:
    first = await a_viewer(course)
    pages = [replace(first, at=10.0 * number) for number in range(10)]
    for page in pages:
        page.__post_init__()

    for page in pages:
        page.watch.play(page.now)
        await page.hears_nothing_for(10)
        await page.is_asked()

    seen = (await database.read(video_progress.so_far, first.learner, first.checkpoint)).seen
    assert sum(stop - start for start, stop in seen) <= 2 * (10 + video_progress.HEARTBEAT)


async def test_a_stretch_is_logged_once_when_it_ends(course: CourseAtHand) -> None:
    lena = await a_viewer(course)
    await lena.watches(12)
    await lena.hears_nothing_for(3)
    await lena.leaves()
    lena.watch.play(lena.now)
    await lena.pauses()

    entries = await logged(Verb.WATCHED)
    assert [(entry.seconds, entry.checkpoint_id) for entry in entries] == [(12, lena.checkpoint), (3, lena.checkpoint)]
    assert all(':' in entry.tap_id for entry in entries)
    await assert_log_and_projections_agree()


async def test_another_video_is_seen_anew_and_what_was_completed_stays(course: CourseAtHand) -> None:
    lena = await a_viewer(course)
    await lena.watches(95)
    assert await percent(course, lena.learner) == 50
    another = await a_video(course, lena.checkpoint, seconds=30)

    await lena.hears_nothing_for(5)
    await lena.is_asked()
    assert lena.saved == Watched(is_replaced=True)
    assert await database.read(video_progress.so_far, lena.learner, lena.checkpoint) == Watched()

    again = Viewer(lena.learner, lena.checkpoint, another, 30, now=lena.now, began=lena.began)
    await again.watches(3)
    assert (again.saved.percent, again.saved.seen) == (10, ((0.0, 3.0),))
    stored = await row(again)
    assert stored
    assert (stored.file_id, stored.furthest, stored.plays) == (another, 3.0, 2)
    assert await percent(course, lena.learner) == 50


@pytest.mark.parametrize('seconds', [None, 0.0])
async def test_a_video_without_a_length_plays_and_is_never_seen(course: CourseAtHand, seconds: float | None) -> None:
    video = await a_video(course, course.checkpoints[0], seconds=seconds)
    lena = Viewer(await a_guest(code=course.code), course.checkpoints[0], video)

    await lena.watches(20)

    assert (lena.saved.percent, lena.saved.seen, lena.saved.position) == (0, (), 0.0)


async def test_fifty_heartbeats_are_four_statements(course: CourseAtHand) -> None:
    video = await a_video(course, course.checkpoints[0])
    people = [await a_guest(code=course.code, name=f'Guest {number}') for number in range(50)]
    viewers = [Viewer(each, course.checkpoints[0], video) for each in people]
    await asyncio.gather(*(each.watches(5) for each in viewers))
    for each in viewers:
        each.watch.play(each.now)
        await each.hears_nothing_for(5)

    with statements(database.engine()) as asked:
        await asyncio.gather(*(each.is_asked() for each in viewers))

    assert len(asked) == 4, 'the videos, who learns where, and the rows, read and written'
    assert {each.saved.percent for each in viewers} == {10}
