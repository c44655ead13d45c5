"""Each part can be switched off alone, in the school and in a course; then nothing of it is shown or awarded."""

import pytest

from services.core import database
from services.motivation import moments, parts
from services.motivation.parts import Part
from services.people import participants
from tests.factories.classes import a_class, assert_log_and_projections_agree, tap
from tests.factories.people import an_admin
from tests.services.motivation.test_badges import MONDAY, QUICK, badges, graded
from tests.services.motivation.test_streaks import now

pytestmark = [pytest.mark.req('G1', 'G3', 'G4'), pytest.mark.usefixtures('db')]


@pytest.mark.parametrize('where', ['school', 'course'])
async def test_what_is_off_is_not_shown_and_the_rest_stays(where: str) -> None:
    klass = await a_class(checkpoints=5)
    admin, lena = await an_admin(), klass.learner
    await tap(klass, klass.checkpoints[0])
    for checkpoint in klass.checkpoints:
        await graded(klass, checkpoint, MONDAY)
    await now(lena)

    async def switch(part: Part, on: bool) -> None:
        if where == 'school':
            await database.write(parts.switch_school, admin, part=part, on=on)
        else:
            await database.write(parts.switch_course, klass.teacher, klass.course_id, part=part, on=on)

    everything = await now(lena)
    assert (everything.points, everything.streak.current) == (15 + 5 + 5 * 25 + 25, 1)
    await switch(Part.BADGES, False)
    found = await now(lena)
    assert (found.badges, found.streak.current) == ((), 1)
    await switch(Part.STREAKS, False)
    assert (await now(lena)).streak.longest == 0
    assert (await now(lena)).points > 0
    await switch(Part.POINTS, False)
    found = await now(lena)
    assert (found.points, found.latest) == (0, ())
    for part in (Part.POINTS, Part.BADGES, Part.STREAKS):
        await switch(part, True)

    assert (await now(lena)).points == everything.points
    await assert_log_and_projections_agree()


async def test_a_badge_that_is_off_is_not_awarded_and_no_card_says_what_is_off() -> None:
    klass = await a_class(checkpoints=6)
    lena = klass.learner
    await database.write(parts.switch_course, klass.teacher, klass.course_id, part=Part.BADGES, on=False)
    for checkpoint in klass.checkpoints[:5]:
        await graded(klass, checkpoint, MONDAY)
    assert await badges(lena) == set()

    await database.write(parts.switch_course, klass.teacher, klass.course_id, part=Part.BADGES, on=True)
    await graded(klass, klass.checkpoints[5], MONDAY)
    assert await badges(lena) == {QUICK}
    await database.write(parts.switch_course, klass.teacher, klass.course_id, part=Part.BADGES, on=False)

    assert [each.number for each in await database.write(moments.take, lena)] == [101]  # the level alone
    assert await database.write(moments.take, lena) == ()


async def test_a_course_cannot_switch_on_what_the_school_has_off() -> None:
    klass = await a_class()
    assert not (await now(klass.learner)).parts.leaderboard  # until a course wants it
    await database.write(parts.switch_course, klass.teacher, klass.course_id, part=Part.LEADERBOARD, on=True)
    assert (await now(klass.learner)).parts.leaderboard
    await database.write(parts.switch_school, await an_admin(), part=Part.LEADERBOARD, on=False)

    assert not (await now(klass.learner)).parts.leaderboard


async def test_a_course_that_somebody_was_taken_out_of_switches_nothing_on_for_them() -> None:
    klass = await a_class()
    assert (await database.read(parts.of_learner, klass.learner.user_id)).points

    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=klass.learner.user_id)
    assert await database.read(parts.of_learner, klass.learner.user_id) == parts.OFF
