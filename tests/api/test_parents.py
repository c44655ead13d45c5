"""A parent's program: it registers with a code, reads the week of the children, and nothing else."""

import pytest

from services.access import Actor
from services.accounts import guessing, parent_codes
from services.core import database
from services.parents import links
from services.people import joining
from tests.api.conftest import APrograms, Program
from tests.factories.classes import a_course, mark
from tests.factories.people import PASSWORD, a_student, an_admin

pytestmark = pytest.mark.req('D2', 'A7', 'B1')


async def test_a_parent_reads_the_week_of_their_children(a_program: APrograms) -> None:
    course, sam = await a_course(), await a_student(name='Sam Rivera')
    await database.write(joining.join, sam, code=course.code)
    await mark(course.checkpoints[0], by=sam)
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
async def test_a_family_is_linked_and_parted_by_programs_alone(a_program: APrograms) -> None:
    course, sam, lia = await a_course(), await a_student(name='Sam Rivera'), await a_student(name='Lia Rivera')
    for child in sam, lia:
        await database.write(joining.join, child, code=course.code)
    mum_id, mum = await registered(a_program, await code_of(a_program, sam))
    of_sam, teacher = await a_program(of=sam), await a_program(of=course.teacher)

    added = await mum.post('/children', json={'code': (await code_of(a_program, lia)).lower()})
    assert (added.status_code, added.json()) == (201, {'user_id': lia.user_id})
    children = [{'child_id': lia.user_id, 'name': 'Lia Rivera'}, {'child_id': sam.user_id, 'name': 'Sam Rivera'}]
    assert (await mum.get('/children')).json() == children
    assert (await mum.put('/children/weekly-mail', json={'is_wanted': False})).status_code == 200
    assert (await mum.get('/children/weekly-mail')).json() == {'is_wanted': False}

    assert (await mum.delete(f'/people/{lia.user_id}/parents/{mum_id}')).status_code == 204
    assert (await mum.get(f'/people/{sam.user_id}/parents')).status_code == 404, 'who else is a parent is not theirs'
    (seen,) = (await of_sam.get(f'/people/{sam.user_id}/parents')).json()['linked']
    assert (seen['parent_id'], seen['name']) == (mum_id, 'Mum')
    code = (await of_sam.post(f'/people/{sam.user_id}/parents/codes')).json()
    gone = f'/people/{sam.user_id}/parents/codes/{code["code_id"]}'
    assert [(await of_sam.delete(gone)).status_code for _ in range(2)] == [204, 404]

    blocked = f'/people/{sam.user_id}/parents/{mum_id}/blocked'
    assert (await of_sam.put(blocked, json={'is_blocked': True})).status_code == 404
    assert (await teacher.put(blocked, json={'is_blocked': True})).status_code == 204
    assert (await teacher.put(blocked, json={'is_blocked': False})).status_code == 404, 'only an admin does'
    assert (await mum.get('/children')).json() == []
    assert (await of_sam.get(f'/people/{sam.user_id}/parents')).json()['blocked'] == [], 'a child is not shown it'
    assert (await of_sam.post(f'/people/{sam.user_id}/parents/codes')).status_code == 409, 'the school makes them now'
    code = (await teacher.post(f'/people/{sam.user_id}/parents/codes')).json()['code']
    assert (await mum.post('/children', json={'code': code})).json()['detail'].startswith('This code is wrong')
    admin = await a_program(of=await an_admin())
    assert (await admin.put(blocked, json={'is_blocked': False})).status_code == 204
    assert (await mum.post('/children', json={'code': code})).status_code == 201


async def registered(a_program: APrograms, code: str) -> tuple[int, Program]:
    mum = {'name': 'Mum', 'email': 'mum@example.org', 'password': PASSWORD, 'role': 'parent', 'code': code}
    token = (await (await a_program()).post('/auth/register', json=mum)).json()['access_token']
    program = await a_program(token=token)
    return (await program.get('/auth/me')).json()['user_id'], program


async def code_of(a_program: APrograms, child: Actor) -> str:
    made = await (await a_program(of=child)).post(f'/people/{child.user_id}/parents/codes')
    assert made.status_code == 201
    return str(made.json()['code'])


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
