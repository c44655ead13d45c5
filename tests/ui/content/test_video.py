"""The video on a learner's page, without a browser: the test is the player, and tells what a player tells."""

import asyncio
import re
from dataclasses import dataclass, field

import pytest
from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from services.access import Actor
from services.content import video_progress
from services.content.video_progress import Watched
from services.core import database
from services.core.errors import NotSaved
from services.courses import catalog, checkpoints
from services.courses.checkpoints import Details
from services.enums import CheckpointKind
from tests.factories.classes import CourseAtHand, a_course, percent
from tests.factories.people import a_guest, a_student
from tests.factories.videos import Viewer, a_video
from tests.support.eventually import found_soon
from tests.ui.conftest import Enter
from ui.shell import before_sign_out

pytestmark = [pytest.mark.req('S5', 'S6')]


async def test_a_video_elsewhere_is_a_plain_link_and_completed_by_hand(enter: Enter) -> None:
    course = await a_course(checkpoints=1)
    details = Details(title='Soil', kind=CheckpointKind.VIDEO, link='https://www.youtube.com/watch?v=x')
    await database.write(checkpoints.edit, course.teacher, course.checkpoints[0], details)
    lena = await enter(await a_guest(code=course.code))

    await lena.open(f'/courses/{course.course_id}/learn/{course.checkpoints[0]}')

    (way,) = lena.find('Watch it at youtube.com').elements
    assert {name: way.props[name] for name in ('href', 'target', 'rel', 'referrerpolicy')} == {
        'href': 'https://www.youtube.com/watch?v=x',
        'target': '_blank',
        'rel': 'noopener noreferrer',
        'referrerpolicy': 'no-referrer',
    }
    assert lena.client
    assert [each for each in lena.client.elements.values() if 'marker' in each.classes], 'to be marked by hand'
    assert not [each for each in lena.client.elements.values() if each.tag in {'video', 'iframe', 'img'}]


@dataclass(slots=True)
class Player:
    """What the browser has: a video at a place."""

    user: User
    at: object = 0.0
    element: ui.element = field(init=False)

    async def opens(self, course: CourseAtHand) -> None:
        await self.user.open(f'/courses/{course.course_id}/learn/{course.checkpoints[0]}')
        assert self.user.client
        self.user.javascript_rules[re.compile('.*currentTime')] = lambda _: self.at
        self.element = next(each for each in self.user.client.elements.values() if each.tag == 'video')

    def tells(self, event: str) -> None:
        UserInteraction(self.user, {self.element}, None).trigger(event, [])

    async def sees(self, text: str) -> None:
        await self.user.should_see(text, retries=30)


async def a_player(enter: Enter, *, seconds: float = 4.0) -> tuple[CourseAtHand, Actor, Player]:
    """A learner whose page with a video is open."""
    course = await a_course(checkpoints=2)
    await a_video(course, course.checkpoints[0], seconds=seconds)
    learner = await a_guest(code=course.code)
    player = Player(await enter(learner))
    await player.opens(course)
    return course, learner, player


async def stored(learner: Actor, course: CourseAtHand) -> Watched:
    return await database.read(video_progress.so_far, learner, course.checkpoints[0])


@pytest.mark.usefixtures('videos_stand_still')
async def test_what_plays_is_seen_and_what_is_jumped_over_is_not(enter: Enter) -> None:
    course, learner, player = await a_player(enter)
    player.tells('loadedmetadata')
    player.tells('play')
    player.at = 1.0
    player.tells('timeupdate')
    await player.sees('25 % seen')

    player.tells('seeking')
    player.at = 3.9
    player.tells('seeked')
    player.tells('pause')
    await found_soon(lambda: _has_landed(learner, course))
    assert 25 <= (await stored(learner, course)).percent < 40


async def _has_landed(learner: Actor, course: CourseAtHand) -> bool:
    return (await stored(learner, course)).position == 0.0  # so near the end it begins anew


async def test_the_video_goes_on_where_it_was_left_on_another_device(enter: Enter) -> None:
    course = await a_course(checkpoints=2)
    video = await a_video(course, course.checkpoints[0], seconds=1000.0)
    learner = await a_guest(code=course.code)
    await Viewer(learner, course.checkpoints[0], video, 1000.0).watches(755)
    player = Player(await enter(learner))
    await player.opens(course)

    player.tells('loadedmetadata')
    await player.sees('You were at 12:35; the video goes on there.')
    assert player.element.props['currentTime'] == pytest.approx(755, abs=0.01)
    await player.sees('75 % seen')

    player.tells('play')
    await player.user.should_not_see('You were at')


async def test_enough_of_it_completes_the_checkpoint_on_the_page_too(enter: Enter) -> None:
    course, learner, player = await a_player(enter, seconds=2.0)
    player.tells('play')
    player.at = 1.9
    player.tells('timeupdate')

    await player.sees('100 % seen')
    await player.sees('learn-done')
    assert await percent(course, learner) == 50


@pytest.mark.parametrize('nonsense', [None, 'far', float('nan'), float('inf'), -5, {'at': 1}])
async def test_whatever_a_player_answers_nothing_breaks(enter: Enter, nonsense: object) -> None:
    course, learner, player = await a_player(enter)
    player.tells('play')
    player.at = nonsense
    for event in ('timeupdate', 'seeking', 'seeked', 'pause', 'ended', 'play', 'error'):
        player.tells(event)
    player.at = 0.5
    player.tells('pause')

    await found_soon(lambda: _has_begun(learner, course))
    assert (await stored(learner, course)).percent <= 100
    await player.user.should_not_see('went wrong')


async def _has_begun(learner: Actor, course: CourseAtHand) -> bool:
    return bool((await stored(learner, course)).seen)


async def test_who_signs_out_while_it_plays_keeps_what_was_seen(enter: Enter) -> None:
    course, learner, player = await a_player(enter, seconds=100.0)
    player.tells('play')
    player.at = 1.0
    player.tells('timeupdate')
    await player.sees('1 % seen')
    await before_sign_out.all_pages(learner)

    assert (await stored(learner, course)).position >= 1.0


@pytest.mark.usefixtures('videos_stand_still')
async def test_what_cannot_be_saved_now_goes_with_the_next(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    course, learner, player = await a_player(enter)

    async def refuse(_: object) -> Watched:
        raise NotSaved

    player.tells('play')
    player.at = 0.8
    with monkeypatch.context() as broken:
        broken.setattr(video_progress, 'save', refuse)
        player.tells('timeupdate')
        await player.sees('the database cannot write')
    player.at = 1.2
    player.tells('pause')
    await player.sees('30 % seen')
    assert (await stored(learner, course)).seen == ((0.0, 1.2),)


async def test_another_video_or_a_course_put_away_is_said_and_ends_the_following(enter: Enter) -> None:
    course, learner, player = await a_player(enter)
    other = Player(await enter(learner))
    await other.opens(course)
    await a_video(course, course.checkpoints[0], seconds=9.0)
    player.tells('play')
    player.at = 1.0
    player.tells('timeupdate')
    await player.sees('Your instructor has put in another video.')

    await database.write(catalog.archive, course.teacher, course.course_id, archived=True)
    other.tells('play')
    other.at = 1.0
    other.tells('timeupdate')
    await other.sees('archived this course')
    assert await stored(learner, course) == Watched()


async def test_who_teaches_watches_and_nothing_is_counted(enter: Enter) -> None:
    course, _, _ = await a_player(enter)
    teacher = Player(await enter(course.teacher))
    await teacher.opens(course)

    assert not teacher.element._event_listeners
    await teacher.user.should_not_see('% seen')


async def test_a_video_that_does_not_load_is_said(enter: Enter) -> None:
    _, _, player = await a_player(enter)

    player.tells('error')

    await player.user.should_see('The video does not load here.', retries=30)


@pytest.mark.req('C5')
async def test_a_preview_plays_for_anyone_and_is_followed_for_nobody(enter: Enter) -> None:
    course, _, _ = await a_player(enter)
    stranger = await enter(await a_student())
    details = Details(title='Look', kind=CheckpointKind.VIDEO, is_preview=True)
    await database.write(checkpoints.edit, course.teacher, course.checkpoints[0], details)

    await stranger.open(f'/preview/{course.checkpoints[0]}')

    assert stranger.client
    (video,) = (each for each in stranger.client.elements.values() if each.tag == 'video')
    assert video.props['src'].startswith(f'/content/{course.checkpoints[0]}/film')
    assert not video._event_listeners


@pytest.mark.usefixtures('videos_stand_still')
async def test_a_video_whose_clock_begins_at_one_hour_is_seen_from_its_beginning(enter: Enter) -> None:
    course, learner, player = await a_player(enter)
    player.at = 3600.0
    player.tells('loadedmetadata')
    player.tells('play')
    for _ in range(20):
        await asyncio.sleep(0.01)  # the browser is asked
    player.at = 3601.0
    player.tells('timeupdate')
    await player.sees('25 % seen')

    assert (await stored(learner, course)).position == pytest.approx(1.0, abs=0.1)
