"""Anybody can begin a launch; what nobody has entered with is not kept for longer than it is good for."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from models import LtiLogin
from services.core import clock, database
from services.lms import key_sets, logins
from tests.factories.people import an_admin
from tests.services.lms.test_launching import a_teacher, begin, ticket_for
from tests.support.lti_platform import a_platform

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('R3'), pytest.mark.both_databases]


async def test_launches_that_nobody_entered_with_go_and_a_teacher_goes_on_choosing() -> None:
    key_sets.forget()
    async with a_platform() as campus:
        await campus.register(await an_admin())
        for _ in range(3):
            await begin(campus)
        await ticket_for(campus, campus.claims())
        teacher, ticket = await a_teacher(campus, campus.deep_linking())
        assert teacher.entered is not None
    assert await database.write(logins.forget_old) == 0, 'each of them may still be answered'

    with time_machine.travel(clock.now() + logins.LIFETIME, tick=False):
        assert await database.write(logins.forget_old) == 4
        login = await database.read(logins.of_actor, teacher.entered.actor, ticket)
        assert login.launch.is_deep_linking
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1), tick=False):
        assert await database.write(logins.forget_old) == 1
    assert await database.read(lambda tx: tx.execute(select(func.count()).select_from(LtiLogin)).scalar_one()) == 0
