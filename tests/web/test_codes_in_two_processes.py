"""A code of the second factor that is sent to two processes at once signs in once."""

import asyncio
from datetime import timedelta

import pytest

from services.core import clock
from tests.factories.people import PASSWORD
from tests.services.accounts.test_second_factor import with_factor
from tests.support.running import Server
from tests.support.visitor import Visitor
from tests.web.test_two_processes import Two, pair, redis_server, two

pytestmark = [pytest.mark.req('A8', 'O2')]
__all__ = ['pair', 'redis_server', 'two']


async def test_a_code_of_the_app_and_one_for_recovery_are_good_in_one_of_them(two: Two) -> None:
    for number in range(3):
        email = f'twice-{number}@example.org'
        _, app, recovery = await with_factor(email=email)
        for code in (app.at(clock.now() + timedelta(seconds=30)), recovery[0]):
            phones = [await half_in(email, at) for at in (two.first, two.second)]
            pages = [await phone.opens('/sign-in/code') for phone in phones]
            both = zip(phones, pages, strict=True)
            await asyncio.gather(*(phone.fills(page, '/sign-in/code', code=code) for phone, page in both))
            assert sum([await phone.is_signed_in() for phone in phones]) == 1
            for phone in phones:
                await phone.http.aclose()


async def half_in(email: str, at: Server) -> Visitor:
    """Somebody whose password was right, and of whom a code is asked now."""
    visitor = Visitor(at.origin)
    await visitor.sends('/sign-in', email=email, password=PASSWORD)
    return visitor
