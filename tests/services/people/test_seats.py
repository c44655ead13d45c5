"""Where learners sit: given one by one, exchanged, filled from the front, and on the board at once."""

import pytest

from services.core import database
from services.core.errors import Invalid
from services.live import rooms
from services.live.board import loading
from services.people import participants, seats
from tests.factories.classes import ClassAtHand, a_class
from tests.support.eventually import eventually

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('L13')]

PEOPLE = ['Mia May', 'Ben Bay', 'Lena Low', 'Ida Ice']


async def test_who_sits_there_already_takes_the_seat_that_is_left() -> None:
    klass = await a_class(learners=PEOPLE)
    mia, ben, *_others = klass.learners
    for who, seat in ((mia, 'b 4'), (ben, 'A1'), (mia, 'A1')):
        await database.write(seats.put, klass.teacher, klass.course_id, user_id=who.user_id, seat=seat)
    assert await seated(klass) == {'Mia May': 'A1', 'Ben Bay': 'B4', 'Lena Low': '', 'Ida Ice': ''}

    await database.write(seats.put, klass.teacher, klass.course_id, user_id=mia.user_id, seat='')
    assert await seated(klass) == {'Mia May': '', 'Ben Bay': 'B4', 'Lena Low': '', 'Ida Ice': ''}


async def test_those_without_a_seat_are_seated_from_the_front_in_the_order_of_names() -> None:
    klass = await a_class(learners=PEOPLE)
    ids = {'user_id': klass.learners[0].user_id}
    await database.write(seats.put, klass.teacher, klass.course_id, **ids, seat='A2')

    assert await database.write(seats.fill, klass.teacher, klass.course_id, across=2) == 3
    assert await seated(klass) == {'Ben Bay': 'A1', 'Mia May': 'A2', 'Ida Ice': 'B1', 'Lena Low': 'B2'}
    assert await database.write(seats.fill, klass.teacher, klass.course_id, across=2) == 0


async def test_the_seat_of_who_has_left_is_free() -> None:
    klass = await a_class(learners=PEOPLE)
    mia, ben, *_others = klass.learners
    await database.write(seats.put, klass.teacher, klass.course_id, user_id=mia.user_id, seat='A1')
    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=mia.user_id)

    await database.write(seats.put, klass.teacher, klass.course_id, user_id=ben.user_id, seat='A1')
    assert (await seated(klass))['Ben Bay'] == 'A1'


@pytest.mark.parametrize('seat', ['4B', 'B0', 'B21', 'BB', 'row 3', 'B4; '])
async def test_what_is_no_seat_is_refused(seat: str) -> None:
    klass = await a_class(learners=PEOPLE)
    with pytest.raises(Invalid, match='such as B4'):
        await database.write(seats.put, klass.teacher, klass.course_id, user_id=klass.learners[0].user_id, seat=seat)


async def test_the_board_that_is_open_knows_it_like_a_fresh_one() -> None:
    klass = await a_class(learners=PEOPLE)
    front = await rooms.enter(klass.course_id)
    await database.write(seats.fill, klass.teacher, klass.course_id, across=3)

    def seats_on_it() -> list[str]:
        return sorted(learner.seat for learner in front.board.learners.values())

    await eventually(lambda: seats_on_it() == ['A1', 'A2', 'A3', 'B1'])
    fresh = await database.read(loading.load, klass.course_id)
    assert fresh.learners == front.board.learners


async def seated(klass: ClassAtHand) -> dict[str, str]:
    board = await database.read(loading.load, klass.course_id)
    return {learner.name: learner.seat for learner in board.learners.values()}
