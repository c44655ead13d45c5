"""A learner sees their points, their level and the reasons on the page of their goals; nothing while there are none."""

import pytest

from services.activity.following import Running
from services.motivation import ledger
from tests.factories.classes import a_class, tap
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('G1', 'G2')


async def test_a_learner_sees_their_points_and_for_what_they_are(enter: Enter) -> None:
    klass = await a_class()
    lena = await enter(klass.learner)
    await lena.open('/goals')
    await lena.should_see('Your own goals')
    await lena.should_not_see('Your points')

    await tap(klass, klass.steps[0])
    await Running(ledger.FOLLOWER).catch_up()
    await lena.open('/goals')

    await lena.should_see('20 points: Novice')
    await lena.should_see('81 points to Apprentice')
    await lena.should_see('+5: you started Step 1')
    await lena.should_see('+10: you completed Step 1')
