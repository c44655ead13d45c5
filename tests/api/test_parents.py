"""A parent's program: it registers with a code, reads the week of the children, and nothing else."""

import pytest

from services.accounts import guessing, parent_codes
from services.core import database
from services.parents import links
from services.people import joining
from tests.api.conftest import APrograms
from tests.factories.classes import a_course, mark
from tests.factories.people import PASSWORD, a_student

pytestmark = pytest.mark.req('D2', 'A7', 'B1')


async def test_a_parent_reads_the_week_of_their_children(a_program: APrograms) -> None:
    course, sam = await a_course(), await a_student(name='Sam Rivera')
    await database.write(joining.join, sam, code=course.code)
    await mark(course.steps[0], by=sam)
    code = await database.write(parent_codes.make, sam, child_id=sam.user_id)
    mum = {'name': 'Mum Rivera', 'email': 'mum@example.org', 'password': PASSWORD, 'role': 'parent', 'code': code.code}
    token = (await (await a_program()).post('/auth/register', json=mum)).json()['access_token']
    program = await a_program(token=token)
    me = (await program.get('/auth/me')).json()

    (week,) = (await program.get(f'/dashboard/parent/{me["user_id"]}')).json()

    assert (week['name'], week['done'], week['goal']) == ('Sam Rivera', 1, 5)
    assert week['done_steps'] == [{'title': 'Step 1', 'course': 'Soil', 'score': None}]
    assert week['ideas'] == ['Ask what “Step 1” is about: what can be explained stays.']
    assert week['courses'][0]['teachers'] == ['Ines Instructor']
    seen = await database.read(lambda tx: links.of_child(tx, sam, child_id=sam.user_id))
    assert [(look.name, look.count) for look in seen.looks] == [('Mum Rivera', 1)]
    for address in (
        f'/dashboard/student/{sam.user_id}',
        f'/progress/student/{sam.user_id}',
        f'/courses/{course.course_id}',
    ):
        assert (await program.get(address)).status_code == 404, address


@pytest.mark.usefixtures('db')
async def test_wrong_codes_are_counted_apart_from_those_of_classes(a_program: APrograms) -> None:
    stranger = await a_program()
    for number in range(guessing.FREE + 1):
        new = {
            'name': 'Mum',
            'email': f'{number}@example.org',
            'password': PASSWORD,
            'role': 'parent',
            'code': 'WRONG2',
        }
        answer = await stranger.post('/auth/register', json=new)
    assert answer.status_code == 429
    assert (await stranger.post('/auth/register', json=new | {'role': 'student'})).status_code == 201
