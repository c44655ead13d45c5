"""The people of a course over the API: a class list, changes, coming and going, and who a guest really is."""

from typing import Any

import pytest
from pydantic import ValidationError

from api.routes.people import Change, ClassFile
from services.accounts import resets
from services.core import database
from services.live import sessions
from services.live.help import queue
from services.people import groups, joining
from tests.api.conftest import APrograms, Program
from tests.factories.classes import a_class, a_course, assert_log_and_projections_agree, join_class, mark, percent
from tests.factories.people import PASSWORD, a_guest, a_student, an_admin, an_instructor

pytestmark = pytest.mark.req('B1', 'C7')

LIST = 'name,email,group\n' + ''.join(f'Student {number},,{"Blue" if number % 2 else "Red"}\n' for number in range(10))
KEY = 'a-random-text-of-my-own'


async def people(program: Program, course_id: int) -> dict[str, dict[str, Any]]:
    items = (await program.get(f'/courses/{course_id}/people')).json()['items']
    return {person['name']: person for person in items}


@pytest.mark.both_databases
async def test_a_script_tries_a_class_list_brings_it_in_and_has_a_code_for_each(a_program: APrograms) -> None:
    course = await a_course()
    path, ines = f'/courses/{course.course_id}/class-list', await a_program(course.teacher)

    plan = await ines.post(f'{path}/plan', json={'csv': LIST})
    assert plan.status_code == 200
    assert {person['fate'] for person in plan.json()} == {'new'}
    assert await people(ines, course.course_id) == {}, 'trying changes nothing'
    brought = await ines.post(path, json={'csv': LIST}, headers={'idempotency-key': KEY})
    repeated = await ines.post(path, json={'csv': LIST}, headers={'idempotency-key': KEY})
    once_more = await ines.post(path, json={'csv': LIST})

    assert brought.status_code == 201
    assert brought.json() == repeated.json()
    assert len({person['code'] for person in brought.json()}) == 10
    assert {person['fate'] for person in once_more.json()} == {'here'}
    found = await people(ines, course.course_id)
    assert len(found) == 10
    assert found['Student 3']['group'] == 'Blue'
    for person in brought.json()[:2]:
        entered = await (await a_program()).post('/auth/rejoin', json={'code': person['code']})
        me = await (await a_program(token=entered.json()['access_token'])).get('/auth/me')
        assert (me.json()['user_id'], me.json()['name']) == (person['user_id'], person['name'])


async def test_a_script_says_what_columns_mean_and_who_a_line_is_about(a_program: APrograms) -> None:
    course = await a_course()
    here = await a_guest(code=course.code, name='Ali Khan')
    path, ines = f'/courses/{course.course_id}/class-list', await a_program(course.teacher)
    list_ = {'csv': 'Wer;Post\nAli Khan;k1@example.org\nAli Khan;k2@example.org\nBen;nonsense\n'}

    columns = (await ines.post(f'{path}/columns', json=list_)).json()
    assert columns == [
        {'heading': 'Wer', 'fact': '', 'sample': 'Ali Khan'},
        {'heading': 'Post', 'fact': '', 'sample': 'k1@example.org'},
    ]
    list_ |= {'columns': {'Wer': 'name', 'Post': 'email'}}  # type: ignore[dict-item]
    bad = await ines.post(f'{path}/plan', json=list_)
    assert (bad.status_code, bad.json()['detail']) == (422, 'Line 4: “nonsense” is not an e-mail address.')
    list_ |= {'skip_bad_lines': True}  # type: ignore[dict-item]
    plan = (await ines.post(f'{path}/plan', json=list_)).json()
    assert [line['fate'] for line in plan] == ['asked', 'asked']
    assert [one['user_id'] for one in plan[0]['candidates']] == [here.user_id]
    undecided = await ines.post(path, json=list_)
    assert (undecided.status_code, undecided.json()['error']) == (422, 'BrokenFile')
    decided = {**list_, 'decisions': {'2': 0, '3': here.user_id}}
    brought = (await ines.post(path, json=decided)).json()

    assert [line['fate'] for line in brought] == ['new', 'here']
    assert len(await people(ines, course.course_id)) == 1, 'two of one name'
    assert {line['fate'] for line in (await ines.post(path, json=list_)).json()} == {'here'}


async def test_a_list_without_headings_says_which_column_is_which(a_program: APrograms) -> None:
    course = await a_course()
    path, ines = f'/courses/{course.course_id}/class-list', await a_program(course.teacher)
    list_ = {'csv': 'Brandt,Lena\nOkafor,Ben\n', 'has_headings': False}

    columns = (await ines.post(f'{path}/columns', json=list_)).json()
    assert [column['heading'] for column in columns] == ['Column 1', 'Column 2']
    chosen = {**list_, 'columns': {'Column 1': 'last', 'Column 2': 'first'}}
    assert [line['name'] for line in (await ines.post(path, json=chosen)).json()] == ['Lena Brandt', 'Ben Okafor']


async def test_guessing_the_codes_of_guests_is_slowed_down(a_program: APrograms) -> None:
    course = await a_course()
    ines, thief = await a_program(course.teacher), await a_program()
    path = f'/courses/{course.course_id}/class-list'
    (noa,) = (await ines.post(path, json={'csv': 'name\nNoa'})).json()

    guesses = [await thief.post('/auth/rejoin', json={'code': f'WRNG{number}'}) for number in range(20)]
    right = await thief.post('/auth/rejoin', json={'code': noa['code']})

    assert {answer.status_code for answer in guesses} == {404, 429}
    assert 'retry-after' in guesses[-1].headers
    assert right.status_code == 200, 'a right code always gets in at once'


@pytest.mark.parametrize('csv', ['', 'who\nNoa', 'name\n', 'name\nNoa\nNoa', 'name\n"Noa', 'name\n=1+1;\n\ufffe'])
async def test_a_list_that_cannot_be_read_is_told_line_by_line(a_program: APrograms, csv: str) -> None:
    course = await a_course()
    ines = await a_program(course.teacher)

    for path in 'class-list/plan', 'class-list':
        answer = await ines.post(f'/courses/{course.course_id}/{path}', json={'csv': csv})
        assert (answer.status_code, answer.json()['error']) == (422, 'BrokenFile')
    assert await people(ines, course.course_id) == {}


@pytest.mark.parametrize('name', ['columns', 'custom'])
def test_very_many_names_are_refused_before_each_is_looked_at(name: str) -> None:
    body = {'csv': LIST} if name == 'columns' else {}
    sent = {**body, name: {str(number): number for number in range(5_000)}}

    with pytest.raises(ValidationError) as refused:
        (ClassFile if name == 'columns' else Change).model_validate(sent)

    assert [(error['loc'], error['type']) for error in refused.value.errors()] == [((name,), 'too_many')]


async def test_an_archived_course_takes_nobody(a_program: APrograms) -> None:
    course = await a_course()
    ines = await a_program(course.teacher)
    await ines.post(f'/courses/{course.course_id}/archive')

    assert (await ines.post(f'/courses/{course.course_id}/class-list', json={'csv': LIST})).status_code == 409


async def test_people_come_in_pages_and_one_by_one(a_program: APrograms) -> None:
    klass = await a_class(checkpoints=2, learners=['Zoe', 'Amina', 'Ben'])
    await mark(klass.checkpoints[0], by=klass.learner)
    path, ines = f'/courses/{klass.course_id}/people', await a_program(klass.teacher)

    first = (await ines.get(path, params={'limit': 2})).json()
    second = (await ines.get(path, params={'limit': 2, 'cursor': first['next']})).json()

    assert [[person['name'] for person in page['items']] for page in (first, second)] == [['Zoe', 'Amina'], ['Ben']]
    assert second['next'] is None
    zoe = first['items'][0]
    assert zoe == (await ines.get(f'{path}/{zoe["user_id"]}')).json()
    assert (zoe['percent'], zoe['state'], zoe['is_removed']) == (50, 'in_progress', False)
    assert zoe['last_active']


async def test_what_is_different_about_a_learner_is_changed_at_once_or_not_at_all(a_program: APrograms) -> None:
    course = await a_course()
    lena, sami = await a_guest(code=course.code, name='Lena'), await a_student(name='Sami')
    await database.write(joining.join, sami, code=course.code)
    path, ines = f'/courses/{course.course_id}/people', await a_program(course.teacher)

    change = {'name': 'Lena Brandt', 'group': 'Blue', 'extra_percent': 25, 'custom': {'Seat': '4', 'Empty': ''}}
    changed = (await ines.patch(f'{path}/{lena.user_id}', json=change)).json()
    assert {name: changed[name] for name in change} == {**change, 'custom': {'Seat': '4'}}
    part = (await ines.patch(f'{path}/{lena.user_id}', json={'group': ''})).json()
    assert part == {**changed, 'group': ''}
    account = await ines.patch(f'{path}/{sami.user_id}', json={'group': 'Red', 'name': 'Sam'})
    assert account.status_code == 403
    wrong = await ines.patch(f'{path}/{lena.user_id}', json={'group': 'Red', 'custom': {'': 'x'}})
    assert wrong.status_code == 422

    assert (await people(ines, course.course_id))['Sami']['group'] == ''
    assert (await people(ines, course.course_id))['Lena Brandt'] == part


@pytest.mark.req('C7')
@pytest.mark.both_databases
async def test_every_list_can_be_asked_for_one_group(a_program: APrograms) -> None:
    klass = await a_class(checkpoints=1, learners=['Lena', 'Otto', 'Pia'])
    ines, base = await a_program(klass.teacher), f'/courses/{klass.course_id}'
    for learner, name in zip(klass.learners, ['Blue & white', 'Blue & white', 'Red'], strict=True):
        await join_class(klass, by=learner)
        await database.write(queue.ask, learner, klass.session_id, klass.checkpoints[0])
        await database.write(groups.put, klass.teacher, klass.course_id, user_id=learner.user_id, name=name)
    lists = {
        f'{base}/people': lambda told: told['items'],
        f'{base}/attendance': lambda told: told['items'],
        f'{base}/attendance/{klass.session_id}': lambda told: told['present'] + told['absent'],
        f'/progress/course/{klass.course_id}': lambda told: told['items'],
        f'{base}/help': lambda told: told,
    }
    for address, read in lists.items():
        answers = [await ines.get(address, params={'group': name}) for name in ('Blue & white', 'Red', 'None', '')]
        assert [sorted(each['name'] for each in read(answer.json())) for answer in answers] == [
            ['Lena', 'Otto'],
            ['Pia'],
            [],
            ['Lena', 'Otto', 'Pia'],
        ], address
        assert (await ines.get(address, params={'group': 'x\x00'})).status_code == 422
    page = (await ines.get(f'{base}/people', params={'group': 'Blue & white', 'limit': 1})).json()
    rest = await ines.get(f'{base}/people', params={'group': 'Blue & white', 'limit': 1, 'cursor': page['next']})
    assert [person['name'] for person in [*page['items'], *rest.json()['items']]] == ['Lena', 'Otto']
    live = (await ines.get(f'{base}/live')).json()
    assert {each['name']: each['group'] for each in live['learners']}['Pia'] == 'Red'
    await database.write(sessions.end, klass.teacher, klass.course_id)
    over = f'{base}/classes/{klass.session_id}'
    for what, query in ('grid', {'second': '0'}), ('moves', {}):
        answer = (await ines.get(f'{over}/{what}', params={'group': 'Red', **query})).json()
        assert [each['name'] for each in answer['learners']] == ['Pia'], what
    for name, count in {'Blue & white': 2, 'Red': 1, 'None': 0, '': 3}.items():
        (held,) = (await ines.get(f'{base}/classes', params={'group': name})).json()['items']
        assert held['people'] == count
        assert (await ines.get(over, params={'group': name})).json()['held'] == held


async def test_somebody_is_taken_out_and_comes_back(a_program: APrograms) -> None:
    klass = await a_class(checkpoints=1)
    await mark(klass.checkpoints[0], by=klass.learner)
    path = f'/courses/{klass.course_id}/people/{klass.learner.user_id}'
    ines, lena = await a_program(klass.teacher), await a_program(klass.learner)

    assert (await ines.delete(path)).status_code == 204
    assert (await ines.get(path)).json()['is_removed']
    again = await lena.post(f'/courses/{klass.course_id}/enroll', json={'code': klass.code})
    assert (again.status_code, again.json()['error']) == (403, 'Removed')
    assert (await ines.post(f'{path}/restore')).status_code == 204

    assert await percent(klass, klass.learner) == 100
    await assert_log_and_projections_agree()


async def test_a_guest_turns_out_to_be_somebody_else_and_not_after_all(a_program: APrograms) -> None:
    klass = await a_class(checkpoints=2, learners=['Lena', 'Lena B'])
    lena, again = klass.learners
    await mark(klass.checkpoints[0], by=again)
    path, ines = f'/courses/{klass.course_id}/people', await a_program(klass.teacher)

    same = await ines.put(f'{path}/{again.user_id}/same-as', json={'user_id': lena.user_id})
    assert same.status_code == 204
    assert (await people(ines, klass.course_id))['Lena']['percent'] == 50
    assert (await people(ines, klass.course_id))['Lena B']['merged_into'] == 'Lena'
    twice = await ines.put(f'{path}/{again.user_id}/same-as', json={'user_id': lena.user_id})
    assert (await ines.post(f'{path}/{again.user_id}/restore')).status_code == twice.status_code == 409
    assert (await ines.delete(f'{path}/{again.user_id}/same-as')).status_code == 204

    assert (await people(ines, klass.course_id))['Lena']['percent'] == 0
    await assert_log_and_projections_agree()


async def test_who_is_not_in_the_course_is_nobody_there(a_program: APrograms) -> None:
    klass, other = await a_class(), await a_class(title='Air')
    ines = await a_program(klass.teacher)
    requests: list[tuple[str, str, dict[str, Any] | None]] = [
        ('GET', '', None),
        ('PATCH', '', {'group': 'Blue'}),
        ('PATCH', '', {}),
        ('DELETE', '', None),
        ('POST', '/restore', None),
        ('PUT', '/same-as', {'user_id': klass.learner.user_id}),
        ('DELETE', '/same-as', None),
    ]

    for method, path, body in requests:
        for user_id in other.learner.user_id, 99999:
            answer = await ines.request(method, f'/courses/{klass.course_id}/people/{user_id}{path}', json=body)
            assert (answer.status_code, answer.json()['detail']) == (404, 'This person does not learn in the course.')


async def test_a_guest_gets_a_link_from_their_instructor_and_an_account_from_an_admin(a_program: APrograms) -> None:
    course = await a_course()
    sami, guest = await a_student(email='sami@example.org'), await a_guest(code=course.code)
    ines, admin = await a_program(course.teacher), await a_program(await an_admin())

    before = await ines.post(f'/people/{sami.user_id}/password-link')
    await database.write(joining.join, sami, code=course.code)
    of_account = await ines.post(f'/people/{sami.user_id}/password-link')
    link = await ines.post(f'/people/{guest.user_id}/password-link')
    by_email = await admin.post('/links/password', json={'email': 'SAMI@example.org'})

    assert [answer.status_code for answer in (before, of_account, link, by_email)] == [404, 403, 201, 201]
    assert link.json()['address'].endswith(f'/new-password?link={link.json()["token"]}')
    entered = await resets.choose_password(by_email.json()['token'], PASSWORD, device='Phone')
    assert entered.actor.user_id == sami.user_id


async def test_who_runs_the_school_invites_instructors(a_program: APrograms) -> None:
    admin, program = await a_program(await an_admin()), await a_program()

    link = (await admin.post('/links/instructor')).json()
    new = {'name': 'Nia', 'email': 'nia@example.org', 'password': PASSWORD, 'invitation': link['token']}
    made = await program.post('/auth/register', json=new)

    assert link['address'].endswith(f'/register?invitation={link["token"]}')
    assert made.json()['role'] == 'instructor'
    assert (await (await a_program(await an_instructor())).post('/links/instructor')).status_code == 404


async def test_a_script_sees_what_is_left_out_and_takes_it(a_program: APrograms) -> None:
    course = await a_course()
    path, ines = f'/courses/{course.course_id}/class-list', await a_program(course.teacher)
    sent: dict[str, object] = {'csv': 'name,group\nTotal Marks,\nLena Brandt,7b\nTotal,\n'}
    planned = (await ines.post(f'{path}/plan', json=sent)).json()
    assert [(each['line'], each['fate']) for each in planned] == [(3, 'new'), (2, 'nobody'), (4, 'nobody')]
    brought = (await ines.post(path, json=sent | {'taken_lines': [2]})).json()
    assert [each['name'] for each in brought] == ['Total Marks', 'Lena Brandt']
