"""A video in a real browser: jumping gives nothing, watching does, and it goes on elsewhere after a crash."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from services.access import Actor
from tests.browser.test_accessible import assert_accessible
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.people import a_guest
from tests.factories.study import learning_sessions
from tests.factories.videos import a_film
from tests.support.browser_people import People, is_connected
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.browser, pytest.mark.req('S3', 'S5', 'S6'), pytest.mark.asyncio(loop_scope='session')]


PAUSE_AT = """(player, seconds) => new Promise(done => {
    const look = () => {
        if (player.currentTime < seconds) return requestAnimationFrame(look);
        player.pause();
        done();
    };
    look();
})"""


async def a_course_with_a_video(server: Server, *, seconds: float) -> tuple[CourseAtHand, Actor, str, str]:
    """A course whose first checkpoint is a video that browsers can play, and a learner with two devices."""
    course = await a_course(checkpoints=2, title='Lichens')
    await a_film(course, course.checkpoints[0], seconds=seconds, inside=server.data_dir)
    learner = await a_guest(code=course.code, name='Lia Lichen')
    return course, learner, await token_of(learner), await token_of(learner)


async def opens(page: Page, course: CourseAtHand) -> Locator:
    """Open the checkpoint with the video; returns the player."""
    await page.goto(f'/courses/{course.course_id}/learn/{course.checkpoints[0]}')
    await is_connected(page)
    player = page.get_by_label('Video: Step 1')
    await page.wait_for_function("() => document.querySelector('video').readyState > 0")
    return player


async def plays_or_pauses(player: Locator) -> None:
    await player.press('Space')


async def plays_until(player: Locator, seconds: float) -> None:
    """Let it play up to a moment, and let the page itself pause it there: a busy machine would be late."""
    await plays_or_pauses(player)
    await player.evaluate(PAUSE_AT, seconds)


async def is_past(page: Page, seconds: float) -> None:
    await page.wait_for_function(f"() => document.querySelector('video').currentTime >= {seconds}")


async def seen(page: Page) -> int:
    """How much the page says was seen, in percent."""
    return int(re.sub(r'\D', '', await page.locator('.video-seen').inner_text()))


async def goes_on_at(page: Page, seconds: range) -> None:
    """Check where the video goes on; a busy machine may have let it play a little longer."""
    await expect(page.get_by_text('the video goes on there.')).to_be_visible()
    said = await page.locator('.video-said').inner_text()
    assert said in {f'You were at 0:{second:02}; the video goes on there.' for second in seconds}


async def test_what_was_really_seen_counts_on_every_device(people: People, server: Server) -> None:
    async with server.at_hand():
        course, learner, laptop_token, phone_token = await a_course_with_a_video(server, seconds=6.0)
    laptop = await people.page(token=laptop_token)
    player = await opens(laptop, course)
    await expect(laptop.locator('.video-seen')).to_have_text('0 % seen')
    await player.evaluate("player => { player.textTracks[0].mode = 'showing' }")
    await laptop.wait_for_function("() => document.querySelector('video').textTracks[0].cues?.length === 1")

    await plays_until(player, 1.2)
    await expect(laptop.locator('.video-seen')).to_have_text(re.compile(r'^[2-6]\d % seen'))
    before = await seen(laptop)

    await player.evaluate('player => { player.currentTime = 5.7 }')
    await plays_or_pauses(player)
    await laptop.wait_for_function("() => document.querySelector('video').ended")
    await expect(laptop.locator('.video-strip rect')).to_have_count(2)
    assert before < await seen(laptop) < before + 15, 'the jump gave nothing, the last moments did'
    await expect(laptop.locator('.learn-done')).to_have_count(0)

    await player.evaluate('player => { player.currentTime = 1 }')
    await plays_until(player, 3)
    await expect(laptop.locator('.video-seen')).to_have_text(re.compile(r'^[5-9]\d % seen'))
    before = await seen(laptop)
    server.kill()
    server.start()

    phone = await people.page(token=phone_token, phone=True)
    player = await opens(phone, course)
    await goes_on_at(phone, range(3, 6))
    await expect(phone.locator('.video-seen')).to_have_text(f'{before} % seen')
    await is_past(phone, 2.9)
    await plays_or_pauses(player)
    await expect(phone.locator('.video-seen')).to_have_text('100 % seen')
    await expect(phone.locator('.learn-done')).to_be_visible()
    await expect(phone.locator('.progress-ring')).to_have_text('50 %')
    async with server.at_hand():
        studied = [session for session in await learning_sessions() if session.user_id == learner.user_id]
    assert [session.videos_watched for session in studied] == [1, 1]


async def test_signing_out_and_going_away_save_at_once(people: People, server: Server) -> None:
    async with server.at_hand():
        course, _, laptop_token, phone_token = await a_course_with_a_video(server, seconds=30.0)
    laptop, phone = await people.page(token=laptop_token), await people.page(token=phone_token, phone=True)

    await plays_or_pauses(await opens(laptop, course))
    await is_past(laptop, 2)
    await laptop.get_by_role('button', name='Leave').click()
    await expect(laptop.get_by_label('Your code')).to_be_visible()

    player = await opens(phone, course)
    await goes_on_at(phone, range(2, 10))
    await is_past(phone, 1.9)
    await plays_or_pauses(player)
    await is_past(phone, 4)
    await phone.goto('/')
    await opens(phone, course)
    await goes_on_at(phone, range(4, 20))
    assert await seen(phone) >= 13


@pytest.mark.req('S9')
async def test_an_open_page_offers_where_another_device_stopped_and_a_note_leads_back(
    people: People, server: Server
) -> None:
    async with server.at_hand():
        course, _, laptop_token, phone_token = await a_course_with_a_video(server, seconds=30.0)
    laptop, phone = await people.page(token=laptop_token), await people.page(token=phone_token, phone=True)
    on_laptop, on_phone = await opens(laptop, course), await opens(phone, course)

    await on_phone.evaluate('player => { player.currentTime = 12 }')
    await plays_until(on_phone, 14)

    await expect(laptop.get_by_text(re.compile(r'You stopped at 0:\d\d on another device'))).to_be_visible()
    assert await seen(laptop) == await seen(phone) > 0
    await assert_accessible(laptop)
    await laptop.get_by_role('button', name='Go on there').click()
    await is_past(laptop, 13.9)
    await expect(laptop.get_by_text('on another device')).to_be_hidden()

    await laptop.get_by_role('button', name='Write a note').click()
    await laptop.get_by_label(re.compile(r'Note at 0:1\d')).fill('Here it turns green')
    await laptop.get_by_role('button', name='Close note').click()
    await on_laptop.evaluate('player => { player.currentTime = 1 }')
    await laptop.wait_for_function("() => document.querySelector('video').currentTime < 2")
    await laptop.get_by_role('button', name=re.compile(r'Go to the note at 0:1\d')).click()
    await is_past(laptop, 13)
