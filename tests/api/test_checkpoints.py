"""The checkpoints of a course over the API: added, changed, put in order, deleted and brought back; and previews."""

from typing import Any

import pytest

from services.core import database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.enums import CheckpointKind
from tests.api.conftest import APrograms, Program
from tests.factories.classes import (
    a_class,
    a_course,
    assert_log_and_projections_agree,
    mark,
    percent,
)
from tests.factories.documents import a_text
from tests.factories.people import a_guest, a_student, an_instructor

pytestmark = pytest.mark.req('B1', 'C3', 'C5', 'C6')


async def titles(program: Program, course_id: int) -> list[list[str]]:
    modules = (await program.get(f'/courses/{course_id}/checkpoints')).json()
    return [[checkpoint['title'] for checkpoint in module['checkpoints']] for module in modules]


async def test_a_checkpoint_is_made_with_all_that_is_said_about_it(a_program: APrograms) -> None:
    course = await a_course(checkpoints=1)
    ines = await a_program(course.teacher)
    said = {
        'title': 'Layers',
        'kind': 'document',
        'description': 'Read it twice',
        'body': '# Layers\n\nOf soil.',
        'link': 'https://youtu.be/aBcDeFgHiJk',
        'estimated_minutes': 5,
        'due_at': '2027-03-01T09:00:00+01:00',
        'tags': ['Soil', 'soil', 'drawing'],
    }

    made = await ines.post(f'/courses/{course.course_id}/checkpoints', json=said)

    assert made.status_code == 201
    checkpoint = made.json()
    assert checkpoint == {
        **said,
        'checkpoint_id': checkpoint['checkpoint_id'],
        'course_id': course.course_id,
        'module_id': course.module_id,
        'due_at': '2027-03-01T08:00:00Z',
        'tags': ['soil', 'drawing'],
        'is_preview': False,
        'has_file': False,
        'has_captions': False,
        'file': None,
    }
    assert (await ines.get(f'/checkpoints/{checkpoint["checkpoint_id"]}')).json() == checkpoint
    assert await titles(ines, course.course_id) == [['Step 1', 'Layers']]


async def test_a_new_checkpoint_counts_at_once_and_a_preview_does_not(a_program: APrograms) -> None:
    course = await a_course(checkpoints=1)
    lena = await a_guest(code=course.code)
    await mark(course.checkpoints[0], by=lena)
    ines = await a_program(course.teacher)

    await ines.post(f'/courses/{course.course_id}/checkpoints', json={'title': 'Look', 'is_preview': True})
    assert await percent(course, lena) == 100
    await ines.post(f'/courses/{course.course_id}/checkpoints', json={'title': 'More'})

    assert await percent(course, lena) == 50
    await assert_log_and_projections_agree()


async def test_pasted_lines_become_checkpoints_of_a_module(a_program: APrograms) -> None:
    course = await a_course(checkpoints=0)
    ines = await a_program(course.teacher)

    module = (await ines.post(f'/courses/{course.course_id}/modules', json={'title': 'Week 2'})).json()
    lines = {'lines': '- Wet the sample (5 min)\n\n2. Find the layers'}
    added = await ines.post(f'/modules/{module["id"]}/checkpoints', json=lines)

    assert added.status_code == 201
    assert len(added.json()['checkpoint_ids']) == 2
    assert await titles(ines, course.course_id) == [[], ['Wet the sample', 'Find the layers']]


@pytest.mark.req('C3')
async def test_modules_and_courses_are_described_to_those_who_learn_there(a_program: APrograms) -> None:
    course = await a_course(checkpoints=1)
    ines = await a_program(course.teacher)
    lena = await a_program(await a_guest(code=course.code))
    await ines.put(f'/courses/{course.course_id}', json={'title': 'Soil', 'description': 'Wet', 'subject': 'Biology'})
    module = {'title': 'Outside', 'description': 'Bring **boots**.'}
    made = (await ines.post(f'/courses/{course.course_id}/modules', json=module)).json()['id']
    await ines.put(f'/modules/{course.module_id}', json={'title': 'Inside', 'description': 'Dry'})
    await ines.put(f'/modules/{course.module_id}', json={'title': 'Within'})
    await ines.post(f'/modules/{made}/checkpoints', json={'lines': 'Dig'})

    listed = (await lena.get(f'/courses/{course.course_id}/checkpoints')).json()
    path = (await lena.get(f'/courses/{course.course_id}/path')).json()
    shown = (await lena.get(f'/courses/{course.course_id}')).json()

    wanted = [('Within', 'Dry'), ('Outside', 'Bring **boots**.')]
    assert [(each['title'], each['description']) for each in listed] == wanted
    assert [(each['title'], each['description']) for each in path['modules']] == wanted
    assert (path['description'], path['subject']) == (shown['description'], shown['subject']) == ('Wet', 'Biology')


async def test_texts_are_not_listed_and_are_read_one_by_one_by_those_who_learn_there(a_program: APrograms) -> None:
    course = await a_course(checkpoints=1)
    await a_text(course, course.checkpoints[0], body='Below us')
    lena, stranger = await a_program(await a_guest(code=course.code)), await a_program(await a_student())

    listed = await lena.get(f'/courses/{course.course_id}/checkpoints')
    read = await lena.get(f'/checkpoints/{course.checkpoints[0]}')

    assert 'Below us' not in listed.text
    assert read.json()['body'] == 'Below us'
    for path in f'/courses/{course.course_id}/checkpoints', f'/checkpoints/{course.checkpoints[0]}':
        assert (await stranger.get(path)).status_code == 404


@pytest.mark.both_databases
async def test_a_checkpoint_is_changed_and_keeps_its_kind_unless_it_is_named(a_program: APrograms) -> None:
    course = await a_course(checkpoints=1)
    await a_text(course, course.checkpoints[0])
    path, ines = f'/checkpoints/{course.checkpoints[0]}', await a_program(course.teacher)

    changed = (await ines.put(path, json={'title': 'Read', 'body': 'New'})).json()
    named = (await ines.put(path, json={'title': 'Read', 'kind': 'marker'})).json()
    quiz = await ines.put(path, json={'title': 'Read', 'kind': 'quiz'})
    riddle = await ines.put(path, json={'title': 'Read', 'kind': 'riddle'})

    assert (changed['kind'], changed['body']) == ('document', 'New')
    assert named['kind'] == 'marker'
    assert quiz.json()['kind'] == 'quiz'
    assert riddle.status_code == 422


@pytest.mark.parametrize(
    'wrong',
    [
        {'title': ''},
        {'estimated_minutes': 0},
        {'estimated_minutes': 10**30},
        {'estimated_minutes': 1.5},
        {'due_at': '2027-03-01T08:00:00'},
        {'due_at': '0001-01-01T00:00:00+14:00'},
        {'due_at': '9999-12-31T23:59:59-14:00'},
        {'due_at': 1e30},
        {'tags': ['x' * 41]},
        {'tags': [str(number) for number in range(21)]},
        {'kind': 'riddle'},
        {'body': 'x' * 100_001},
        {'module_id': 2**40},
        {'position': 1},
    ],
)
async def test_what_cannot_be_taken_is_told(a_program: APrograms, wrong: dict[str, Any]) -> None:
    course = await a_course(checkpoints=0)
    ines = await a_program(course.teacher)

    answer = await ines.post(f'/courses/{course.course_id}/checkpoints', json={'title': 'Step', **wrong})

    assert answer.status_code == 422
    assert answer.json()['detail']
    assert await titles(ines, course.course_id) == [[]]


async def test_a_checkpoint_goes_into_no_module_of_another_course(a_program: APrograms) -> None:
    course = await a_course(checkpoints=0)
    other = await a_course(by=course.teacher)
    foreign = await a_course(title='Air')
    ines = await a_program(course.teacher)

    for module_id in other.module_id, foreign.module_id, 99999:
        new = {'title': 'Step', 'module_id': module_id}
        assert (await ines.post(f'/courses/{course.course_id}/checkpoints', json=new)).status_code == 404


async def test_a_course_without_modules_says_what_it_needs(a_program: APrograms) -> None:
    course = await a_course(checkpoints=0)
    ines = await a_program(course.teacher)
    await ines.delete(f'/modules/{course.module_id}')

    answer = await ines.post(f'/courses/{course.course_id}/checkpoints', json={'title': 'Step'})

    assert (answer.status_code, answer.json()['detail']) == (409, 'The course has no module. Add one first.')


@pytest.mark.both_databases
async def test_the_whole_order_changes_at_once_across_modules(a_program: APrograms) -> None:
    course = await a_course(checkpoints=3)
    one, two, three = course.checkpoints
    ines = await a_program(course.teacher)
    more = (await ines.post(f'/courses/{course.course_id}/modules', json={'title': 'More'})).json()['id']

    def order(*modules: tuple[int, list[int]]) -> dict[str, Any]:
        return {'modules': [{'module_id': module, 'checkpoint_ids': ids} for module, ids in modules]}

    moved = await ines.patch('/checkpoints/reorder', json=order((course.module_id, [three]), (more, [two, one])))
    assert moved.status_code == 204
    assert await titles(ines, course.course_id) == [['Step 3'], ['Step 2', 'Step 1']]
    within = await ines.patch('/checkpoints/reorder', json=order((more, [one, two])))
    assert within.status_code == 204

    refused = {
        'one is left out': (order((more, [one])), 409),
        'one is in a module that is not named': (order((more, [one, two, three])), 409),
        'one is named twice': (order((more, [one, two, two])), 422),
        'a module is named twice': (order((more, [one]), (more, [two])), 422),
        'one is not there': (order((more, [one, two, 99999])), 404),
        'nothing': (order(), 422),
        'a module is not there': (order((99999, [one])), 404),
    }
    for why, (body, status) in refused.items():
        assert (await ines.patch('/checkpoints/reorder', json=body)).status_code == status, why
    assert await titles(ines, course.course_id) == [['Step 3'], ['Step 1', 'Step 2']], 'and nothing has changed'


async def test_nobody_brings_checkpoints_of_another_course_into_theirs(a_program: APrograms) -> None:
    own, foreign = await a_course(), await a_course(title='Air')
    also_own = await a_course(by=own.teacher, title='Water')
    ines = await a_program(own.teacher)

    for other in foreign, also_own:
        theirs = {'module_id': own.module_id, 'checkpoint_ids': [*own.checkpoints, other.checkpoints[0]]}
        assert (await ines.patch('/checkpoints/reorder', json={'modules': [theirs]})).status_code == 404
        both = [{'module_id': each.module_id, 'checkpoint_ids': each.checkpoints} for each in (own, other)]
        assert (await ines.patch('/checkpoints/reorder', json={'modules': both})).status_code == 404


async def test_checkpoints_and_modules_move_go_and_come_back(a_program: APrograms) -> None:
    course = await a_course(checkpoints=2)
    one, two = course.checkpoints
    path, ines = f'/courses/{course.course_id}', await a_program(course.teacher)
    more = (await ines.post(f'{path}/modules', json={'title': 'More'})).json()['id']

    async def do(method: str, path: str, body: Any = None) -> None:
        assert (await ines.request(method, path, json=body)).status_code == 204

    await do('POST', f'/checkpoints/{one}/move', {'module_id': more, 'index': 0})
    await do('POST', f'/modules/{more}/move', {'index': 0})
    await do('PUT', f'/modules/{more}', {'title': 'First'})
    assert await titles(ines, course.course_id) == [['Step 1'], ['Step 2']]
    assert (await ines.get(f'{path}/checkpoints')).json()[0]['title'] == 'First'
    await do('DELETE', f'/checkpoints/{two}')
    await do('DELETE', f'/modules/{more}')
    assert await titles(ines, course.course_id) == [[]]
    assert (await ines.get(f'/checkpoints/{two}')).status_code == 404
    await do('POST', f'/checkpoints/{two}/restore')
    await do('POST', f'/modules/{more}/restore')
    assert await titles(ines, course.course_id) == [['Step 1'], ['Step 2']]


@pytest.mark.both_databases
async def test_a_preview_needs_no_token_and_nothing_else_is_one(program: Program) -> None:
    course = await a_course(checkpoints=2)
    look = Details(title='Look', kind=CheckpointKind.DOCUMENT, body='Around', is_preview=True)
    await database.write(checkpoints.edit, course.teacher, course.checkpoints[0], look)

    shown = await program.get(f'/previews/{course.checkpoints[0]}')
    other = await program.get(f'/previews/{course.checkpoints[1]}')
    absent = await program.get('/previews/99999')

    assert shown.json()['course_title'] == 'Soil'
    assert shown.json()['checkpoint']['body'] == 'Around'
    assert other.status_code == absent.status_code == 404
    assert other.json()['detail'] == absent.json()['detail']
    await database.write(checkpoints.delete, course.teacher, course.checkpoints[0])
    assert (await program.get(f'/previews/{course.checkpoints[0]}')).status_code == 404


async def test_nobody_else_changes_checkpoints(a_program: APrograms) -> None:
    klass = await a_class()
    checkpoint, module = klass.checkpoints[0], klass.module_id
    order = {'modules': [{'module_id': module, 'checkpoint_ids': klass.checkpoints}]}
    requests: list[tuple[str, str, dict[str, Any] | None]] = [
        ('POST', f'/courses/{klass.course_id}/checkpoints', {'title': 'New'}),
        ('POST', f'/courses/{klass.course_id}/modules', {'title': 'New'}),
        ('POST', f'/modules/{module}/checkpoints', {'lines': 'New'}),
        ('PUT', f'/modules/{module}', {'title': 'New'}),
        ('POST', f'/modules/{module}/move', {'index': 0}),
        ('DELETE', f'/modules/{module}', None),
        ('POST', f'/modules/{module}/restore', None),
        ('PATCH', '/checkpoints/reorder', order),
        ('PUT', f'/checkpoints/{checkpoint}', {'title': 'New'}),
        ('POST', f'/checkpoints/{checkpoint}/move', {'module_id': module, 'index': 0}),
        ('DELETE', f'/checkpoints/{checkpoint}', None),
        ('POST', f'/checkpoints/{checkpoint}/restore', None),
    ]
    learner, elsewhere, nobody = (
        await a_program(klass.learner),
        await a_program(await an_instructor()),
        await a_program(),
    )

    for method, path, body in requests:
        for who, status in (learner, 404), (elsewhere, 404), (nobody, 401):
            assert (await who.request(method, path, json=body)).status_code == status, (method, path)
    assert await titles(learner, klass.course_id) == [['Step 1', 'Step 2', 'Step 3']]
