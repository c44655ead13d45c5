"""Two learning systems in one school: the same id in both is two people, and neither speaks for the other."""

from collections.abc import AsyncIterator

import pytest

from services.core import database
from services.core.errors import Forbidden, Gone, Refused
from services.lms import entering, key_sets, links, logins
from services.lms.entering import Arrived
from services.lms.links import Target
from tests.factories.classes import a_course
from tests.factories.people import an_admin
from tests.services.lms.test_launching import TEACHES, a_teacher, arrive, begin, ticket_for
from tests.support.lti_platform import FakePlatform, a_platform

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('R3')]


@pytest.fixture
async def two() -> AsyncIterator[tuple[FakePlatform, FakePlatform]]:
    key_sets.forget()
    async with a_platform() as first, a_platform() as second:
        for each in (first, second):
            await each.register(await an_admin())
        yield first, second


async def a_link(system: FakePlatform) -> Arrived:
    """A course of a teacher who comes from there, which a link there opens."""
    arrived, ticket = await a_teacher(system)
    assert arrived.entered is not None
    course = await a_course(by=arrived.entered.actor)
    await database.write(links.choose, arrived.entered.actor, ticket, Target(course_id=course.course_id))
    return arrived


async def test_one_id_in_two_systems_is_two_people_with_links_of_their_own(
    two: tuple[FakePlatform, FakePlatform],
) -> None:
    teachers = [await a_link(each) for each in two]

    learners = [await arrive(each, each.claims()) for each in two]

    people = {each.entered.actor.user_id for each in (*teachers, *learners) if each.entered}
    assert len(people) == 4
    assert learners[0].target != learners[1].target, 'both links are called link-1'


async def test_an_instructor_there_who_learns_here_and_the_other_way_round(
    two: tuple[FakePlatform, FakePlatform],
) -> None:
    first, second = two
    await a_link(first)
    await a_link(second)
    ivy = await arrive(first, first.claims(sub='ivy'))
    assert ivy.entered is not None
    assert not ivy.teaches

    elsewhere, browser = await ticket_for(second, second.claims(**{**TEACHES, 'sub': 'ivy'}))
    welcome = await database.write(entering.enter, elsewhere, browser=browser, device='Laptop')
    assert welcome.next is entering.Next.WELCOME, 'a teacher there is nobody here yet, whoever learns in the first'
    with pytest.raises(Forbidden, match='You teach there, but not in the course here'):
        await database.write(entering.enter_new, elsewhere, browser=browser, device='Laptop')


async def test_what_one_system_has_signed_answers_no_question_to_the_other(
    two: tuple[FakePlatform, FakePlatform],
) -> None:
    first, second = two
    state, nonce, _ = await begin(first)
    for claims in (second.claims(), second.claims(iss=first.address)):
        other = FakePlatform(address=second.address, key=second.key, kid='of the second')
        with pytest.raises((Refused, Gone)):
            await logins.take(id_token=other.sign({**claims, 'nonce': nonce}), state=state)
        state, nonce, _ = await begin(first)
