"""What a school notes about a learner."""

import pytest

from services.core import database
from services.core.errors import Invalid, NotFound
from services.people import custom_fields, participants
from tests.factories.classes import a_course
from tests.factories.people import a_guest

pytestmark = [pytest.mark.req('S11'), pytest.mark.usefixtures('db')]

HOSTILE = [
    [('n' * 41, 'x')],
    [('Seat', 'x' * 201)],
    [('', 'x')],
    [('Seat', '1'), ('SEAT ', '2')],
    [(f'Field {number}', 'x') for number in range(21)],
]


async def test_fields_are_noted_in_order_and_emptied_again() -> None:
    course = await a_course()
    lena = await a_guest(code=course.code)
    its = course.teacher, course.course_id

    fields = [(' Seat  row ', ' 4\x00 '), ('Contract', '<b>=1+1</b>'), ('', ''), ('Empty', '')]
    await database.write(custom_fields.fill, *its, user_id=lena.user_id, fields=fields)
    (person,) = (await database.read(participants.of_course, *its)).learners
    assert list(person.custom.items()) == [('Seat row', '4'), ('Contract', '<b>=1+1</b>')]

    await database.write(custom_fields.fill, *its, user_id=lena.user_id, fields=[])
    (person,) = (await database.read(participants.of_course, *its)).learners
    assert person.custom == {}


@pytest.mark.parametrize('fields', HOSTILE)
async def test_what_cannot_be_kept_is_refused(fields: list[tuple[str, str]]) -> None:
    course = await a_course()
    lena = await a_guest(code=course.code)
    with pytest.raises(Invalid):
        await database.write(custom_fields.fill, course.teacher, course.course_id, user_id=lena.user_id, fields=fields)


async def test_only_of_learners_of_the_course() -> None:
    course, other = await a_course(), await a_course(title='Air')
    lena = await a_guest(code=other.code)
    with pytest.raises(NotFound):
        await database.write(custom_fields.fill, course.teacher, course.course_id, user_id=lena.user_id, fields=[])
