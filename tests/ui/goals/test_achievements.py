"""A learner sees what they have achieved, with the reasons; a card congratulates once, also after they were away."""

import pytest

from models import Verb
from services.access import Actor
from services.activity.following import Running
from services.activity.log import Entry
from services.activity.recording import record
from services.core import clock, database
from services.enums import BadgeIcon
from services.motivation import icons, ledger
from tests.factories.classes import ClassAtHand, a_class, tap
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('G1', 'G2')


@pytest.mark.req('G3', 'G4')
async def test_a_learner_sees_what_they_have_achieved_and_for_what_their_points_are(enter: Enter) -> None:
    klass = await a_class()
    lena = await enter(klass.learner)
    await lena.open('/goals')
    await lena.should_see('Your own goals')
    await lena.should_not_see('What you have achieved')

    await tap(klass, klass.checkpoints[0])
    await help_somebody(klass, klass.learner)
    await lena.open('/goals')

    await lena.should_see('Novice')
    await lena.should_see('30 points')
    await lena.should_see('71 points to Apprentice')
    await lena.should_see('+5: you started Step 1')
    await lena.should_see('+10: you completed Step 1')
    await lena.should_see('+10: badge Helper')
    await lena.should_see('1 day of learning in a row')
    await lena.should_see('2 spare days: days that you miss do not count')
    await lena.should_see('Earned on')
    await lena.should_see('Still open: 25 points')


@pytest.mark.req('G3')
async def test_a_badge_comes_to_the_page_that_is_open_and_is_said_once(enter: Enter) -> None:
    klass = await a_class(learners=['Lena', 'Omar'])
    lena, omar = klass.learners
    at_work, away, teaching = await enter(lena), await enter(omar), await enter(klass.teacher)
    await at_work.open(f'/class/{klass.course_id}')
    await teaching.open(f'/courses/{klass.course_id}/live')
    await help_somebody(klass, *klass.learners)

    await at_work.should_see('You have earned a badge: Helper')
    await teaching.should_not_see('You have earned a badge')
    at_work.find('Close').click()
    await at_work.should_not_see('You have earned a badge')
    await at_work.open('/goals')
    await at_work.should_not_see('You have earned a badge')

    await away.open('/')
    await away.should_see('You have earned a badge: Helper')
    await away.open('/')
    await away.should_not_see('You have earned a badge')


def test_each_picture_has_a_shape_of_its_own_and_takes_the_colour_of_its_text() -> None:
    pictures = [icons.svg(icon) for icon in BadgeIcon]

    assert len(set(pictures)) == len(BadgeIcon)
    assert all("viewBox='0 0 24 24'" in each and 'currentColor' in each and '#' not in each for each in pictures)
    assert all(icons.address(icon).startswith('data:image/svg+xml,%3Csvg') for icon in BadgeIcon)


async def help_somebody(klass: ClassAtHand, *helpers: Actor) -> None:
    helped = [
        Entry(
            user_id=who.user_id,
            tap_id='helped:1',
            verb=Verb.HELPED,
            course_id=klass.course_id,
            about_id=klass.teacher.user_id,
            happened_at=clock.now(),
        )
        for who in helpers
    ]
    await database.write(record, helped)
    await Running(ledger.FOLLOWER).catch_up()
