"""Courses over the API: what one teaches and what one learns in, and all that is done with a course as a whole."""

from typing import Any

import pytest

from services.core import database
from services.courses import catalog
from services.people import joining, participants
from tests.api.conftest import APrograms, Program
from tests.factories.classes import a_class, a_course, mark
from tests.factories.people import a_guest, a_student, an_instructor

pytestmark = pytest.mark.req('B1', 'C1', 'C2')

SOIL = {'title': 'Soil', 'description': 'What is *below* us', 'subject': 'Geography'}


async def listed(program: Program) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await program.get('/courses')).json()['items']
    return items


async def test_a_course_is_made_changed_deleted_and_brought_back(a_program: APrograms) -> None:
    ines = await a_program(await an_instructor(name='Ines'))

    made = await ines.post('/courses', json=SOIL)

    assert made.status_code == 201
    course = made.json()
    path = f'/courses/{course["course_id"]}'
    assert course == {
        **SOIL,
        'course_id': course['course_id'],
        'is_archived': False,
        'is_running': False,
        'classmates_help': False,
        'gives_certificates': True,
        'taught_by': ['Ines'],
        'checkpoints': 0,
        'learning': None,
        'teaching': course['teaching'],
    }
    assert course['teaching']['owns']
    assert len(course['teaching']['code']) == 6
    assert (await ines.get(path)).json() == course
    assert (await ines.put(path, json={**SOIL, 'title': 'Earth'})).json()['title'] == 'Earth'
    assert (await ines.delete(path)).status_code == 204
    assert (await ines.get(path)).status_code == 404
    assert await listed(ines) == []
    assert (await ines.post(f'{path}/restore')).status_code == 204
    assert (await ines.get(path)).json()['title'] == 'Earth'


async def test_who_learns_sees_a_course_without_what_is_for_those_who_teach(a_program: APrograms) -> None:
    klass = await a_class(checkpoints=2)
    await mark(klass.checkpoints[0], by=klass.learner)
    lena = await a_program(klass.learner)

    course = (await lena.get(f'/courses/{klass.course_id}')).json()
    (card,) = await listed(lena)

    assert course['teaching'] is None
    assert course['learning'] == {'percent': 50, 'state': 'in_progress', 'is_hidden': False}
    assert klass.code not in str(course) + str(card)
    assert card == {
        'course_id': klass.course_id,
        'title': 'Soil',
        'subject': '',
        'is_archived': False,
        'is_running': True,
        'teaches': False,
        'checkpoints': 2,
        'learners': None,
        'code': None,
        'percent': 50,
    }


async def test_one_list_has_what_one_teaches_and_what_one_learns_in(a_program: APrograms) -> None:
    ines, otto = await an_instructor(), await an_instructor(email='otto@example.org')
    own, helped, joined = [await a_course(by=by, title=by.name) for by in (ines, otto, otto)]
    await a_course(by=otto, title='Not hers')
    await a_guest(code=own.code)
    await database.write(catalog.add_co_instructor, ines, own.course_id, email='otto@example.org')
    await database.write(joining.join, ines, code=joined.code)

    hers, his = await listed(await a_program(ines)), await listed(await a_program(otto))

    assert [(card['course_id'], card['teaches'], card['percent']) for card in hers] == [
        (own.course_id, True, None),
        (joined.course_id, False, 0),
    ]
    assert hers[0]['learners'] == 1
    assert [card['course_id'] for card in his][:2] == [own.course_id, helped.course_id]
    assert all(card['teaches'] for card in his)


async def test_who_was_taken_out_has_no_such_course(a_program: APrograms) -> None:
    klass = await a_class()
    lena = await a_program(klass.learner)

    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=klass.learner.user_id)

    assert await listed(lena) == []
    assert (await lena.get(f'/courses/{klass.course_id}')).status_code == 404


async def test_a_student_enrolls_with_the_code_of_that_course(a_program: APrograms) -> None:
    soil, water = await a_course(), await a_course(title='Water')
    sami = await a_program(await a_student())

    wrong = await sami.post(f'/courses/{water.course_id}/enroll', json={'code': soil.code})
    unknown = await sami.post(f'/courses/{water.course_id}/enroll', json={'code': 'QQQQQQ'})
    absent = await sami.post('/courses/99999/enroll', json={'code': soil.code})
    first = await sami.post(f'/courses/{soil.course_id}/enroll', json={'code': soil.code.lower()})
    again = await sami.post(f'/courses/{soil.course_id}/enroll', json={'code': soil.code})
    by_code = await sami.post('/courses/enroll', json={'code': water.code})

    assert wrong.status_code == unknown.status_code == absent.status_code == 404
    assert wrong.json()['detail'] == unknown.json()['detail'] == absent.json()['detail']
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert first.json()['learning']['state'] == 'not_started'
    assert by_code.json()['course_id'] == water.course_id
    assert len(await listed(sami)) == 2


async def test_a_closed_code_and_an_archived_course_let_nobody_in(a_program: APrograms) -> None:
    course = await a_course()
    path, sami = f'/courses/{course.course_id}', await a_program(await a_student())
    ines = await a_program(course.teacher)

    assert (await ines.put(f'{path}/code', json={'is_open': False})).status_code == 204
    closed = await sami.post(f'{path}/enroll', json={'code': course.code})
    renewed = (await ines.post(f'{path}/code')).json()['teaching']['code']
    old = await sami.post(f'{path}/enroll', json={'code': course.code})
    assert (await ines.post(f'{path}/archive')).status_code == 204
    archived = await sami.post(f'{path}/enroll', json={'code': renewed})
    assert (await ines.get(path)).json()['is_archived']
    assert (await ines.post(f'{path}/unarchive')).status_code == 204
    let_in = await sami.post(f'{path}/enroll', json={'code': renewed})

    assert [answer.status_code for answer in (closed, old, archived, let_in)] == [409, 404, 410, 201]


async def test_a_copy_has_the_checkpoints_and_nobody(a_program: APrograms) -> None:
    klass = await a_class(checkpoints=2)

    ines = await a_program(klass.teacher)
    copy = (await ines.post(f'/courses/{klass.course_id}/duplicate')).json()

    assert (copy['title'], copy['checkpoints'], copy['teaching']['learners']) == ('Soil (copy)', 2, 0)
    assert copy['teaching']['code'] != klass.code


async def test_how_a_course_is_taught_is_chosen(a_program: APrograms) -> None:
    course = await a_course()
    path, ines = f'/courses/{course.course_id}', await a_program(course.teacher)

    attention = await ines.put(f'{path}/attention/thresholds', json={'percent': 60, 'steps': 3, 'minutes': 4})
    wrong = await ines.put(f'{path}/attention/thresholds', json={'percent': 0, 'steps': 3, 'minutes': 4})
    helping = await ines.put(f'{path}/classmates-help', json={'allowed': True})

    without = await ines.put(f'{path}/certificates', json={'given': False})

    assert [answer.status_code for answer in (attention, wrong, helping, without)] == [204, 422, 204, 204]
    found = (await ines.get(path)).json()
    assert found['classmates_help']
    assert not found['gives_certificates']
    teaching = found['teaching']
    assert [teaching[f'lag_{what}'] for what in ('percent', 'steps', 'minutes')] == [60, 3, 4]


@pytest.mark.both_databases
async def test_a_co_instructor_comes_and_goes(a_program: APrograms) -> None:
    course = await a_course()
    otto = await an_instructor(name='Otto', email='otto@example.org')
    path, ines, his = f'/courses/{course.course_id}', await a_program(course.teacher), await a_program(otto)

    before = await his.get(path)
    added = await ines.post(f'{path}/co-instructors', json={'email': 'otto@example.org'})
    taught = await his.put(path, json=SOIL)
    deleted = await his.delete(path)
    removed = await ines.delete(f'{path}/co-instructors/{otto.user_id}')
    unknown = await ines.post(f'{path}/co-instructors', json={'email': 'nobody@example.org'})

    assert before.status_code == 404
    assert added.json()['teaching']['co_instructors'] == [{'user_id': otto.user_id, 'name': 'Otto'}]
    assert added.json()['taught_by'] == [course.teacher.name, 'Otto']
    assert [a.status_code for a in (taught, deleted, removed, unknown)] == [200, 403, 204, 422]
    assert (await his.get(path)).status_code == 404


ONLY_WHO_TEACHES = [
    ('PUT', '', SOIL),
    ('DELETE', '', None),
    ('POST', '/restore', None),
    ('POST', '/archive', None),
    ('POST', '/unarchive', None),
    ('POST', '/duplicate', None),
    ('POST', '/code', None),
    ('PUT', '/code', {'is_open': True}),
    ('PUT', '/attention/thresholds', {'percent': 60, 'steps': 3, 'minutes': 4}),
    ('PUT', '/classmates-help', {'allowed': True}),
    ('PUT', '/certificates', {'given': False}),
    ('POST', '/co-instructors', {'email': 'otto@example.org'}),
    ('DELETE', '/co-instructors/1', None),
]


async def test_nobody_else_changes_a_course(a_program: APrograms) -> None:
    klass = await a_class()
    learner, elsewhere = await a_program(klass.learner), await a_program(await an_instructor())
    teacher, nobody = await a_program(klass.teacher), await a_program()

    for method, path, body in ONLY_WHO_TEACHES:
        for who in learner, elsewhere:
            theirs = await who.request(method, f'/courses/{klass.course_id}{path}', json=body)
            absent = await teacher.request(method, f'/courses/99999{path}', json=body)
            assert theirs.status_code == absent.status_code == 404, (method, path)
            assert theirs.json()['detail'] == absent.json()['detail']
        assert (await nobody.request(method, f'/courses/{klass.course_id}{path}', json=body)).status_code == 401


async def test_a_student_makes_no_course(a_program: APrograms) -> None:
    sami = await a_program(await a_student())

    assert (await sami.post('/courses', json=SOIL)).status_code == 403
    assert await listed(sami) == []


@pytest.mark.parametrize('title', ['', '   ', 'x' * 121, '\x00'])
async def test_a_title_must_be_one(a_program: APrograms, title: str) -> None:
    ines = await a_program(await an_instructor())

    assert (await ines.post('/courses', json={'title': title})).status_code == 422


@pytest.mark.parametrize(
    'body', [rb'{"title": "\ud800"}', rb'{"title": "Soil", "\ud800": 1}', b'[' * 5000, b'{"title": NaN}']
)
async def test_what_is_no_text_is_refused(a_program: APrograms, body: bytes) -> None:
    ines = await a_program(await an_instructor(), **{'content-type': 'application/json'})

    answer = await ines.post('/courses', content=body)

    assert answer.status_code in {400, 422}
    assert answer.json().keys() == {'error', 'detail', 'request_id'}
