"""A class is held, and taken part in, by programs: leading it, its state that is asked for again and again, joining."""

import asyncio
import json
from typing import Any

import pytest

from services.core import database
from services.live import pace_signals, presence, sessions
from services.live.attendance import report
from services.people import participants
from tests.api.conftest import APrograms, Program
from tests.api.test_requests import KEY, is_problem
from tests.factories.classes import ClassAtHand, a_class, a_course, join_class, tap
from tests.factories.people import a_guest, a_student, an_admin, an_instructor
from tests.support.eventually import found_soon

pytestmark = pytest.mark.req('B1', 'L1', 'L9')


@pytest.fixture
async def klass(db: object) -> ClassAtHand:
    return await a_class(learners=['Lena Low', 'Otto Old'])


@pytest.fixture
async def ines(klass: ClassAtHand, a_program: APrograms) -> Program:
    return await a_program(klass.teacher)


@pytest.fixture
async def lena(klass: ClassAtHand, a_program: APrograms) -> Program:
    return await a_program(klass.learner)


def live(klass: Any, what: str = '') -> str:
    return f'/courses/{klass.course_id}/live{what}'


async def state(program: Program, klass: Any) -> dict[str, Any]:
    answer = await program.get(live(klass))
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def test_a_script_holds_a_class(a_program: APrograms) -> None:
    course = await a_course(checkpoints=2)
    ines = await a_program(course.teacher)
    assert (await state(ines, course))['session'] is None

    started = await ines.post(live(course, '/start'), headers={'idempotency-key': KEY})
    again = await ines.post(live(course, '/start'))

    assert started.status_code == again.status_code == 201
    assert started.json() == again.json()
    now = await state(ines, course)
    assert now['is_running']
    assert now['session']['session_id'] == started.json()['id']
    assert (await ines.post(live(course, '/end'))).status_code == 204
    assert not (await state(ines, course))['is_running']
    # the request is the one that was answered already, though its class is over
    repeated = await ines.post(live(course, '/start'), headers={'idempotency-key': KEY})
    assert repeated.json() == started.json()
    assert (await ines.post(live(course, '/end'))).status_code == 409


async def test_everybody_is_led_from_checkpoint_to_checkpoint(klass: ClassAtHand, ines: Program) -> None:
    def where(answer: Any) -> int:
        assert answer.status_code == 200
        found: int = answer.json()['checkpoint_id']
        return found

    assert where(await ines.post(live(klass, '/next'), headers={'idempotency-key': KEY})) == klass.checkpoints[0]
    assert where(await ines.post(live(klass, '/next'), headers={'idempotency-key': KEY})) == klass.checkpoints[0]
    assert where(await ines.post(live(klass, '/next'))) == klass.checkpoints[1]
    assert where(await ines.post(live(klass, '/previous'))) == klass.checkpoints[0]
    beyond = await ines.post(live(klass, '/previous'))
    assert beyond.status_code == 409
    assert is_problem(beyond.json())

    assert (await ines.put(live(klass, '/current'), json={'checkpoint_id': klass.checkpoints[2]})).status_code == 204
    assert (await state(ines, klass))['session']['current_checkpoint_id'] == klass.checkpoints[2]
    assert (await ines.post(live(klass, '/next'))).status_code == 409
    assert (await ines.put(live(klass, '/current'), json={'checkpoint_id': None})).status_code == 204
    assert (await state(ines, klass))['session']['current_checkpoint_id'] is None

    foreign = await a_course(title='Air')
    elsewhere = await ines.put(live(klass, '/current'), json={'checkpoint_id': foreign.checkpoints[0]})
    assert elsewhere.status_code == 404


@pytest.mark.both_databases
async def test_two_who_lead_on_at_once_lead_on_twice(klass: ClassAtHand, a_program: APrograms, ines: Program) -> None:
    ada = await a_program(await an_admin())

    await asyncio.gather(ines.post(live(klass, '/next')), ada.post(live(klass, '/next')))

    assert (await state(ines, klass))['session']['current_checkpoint_id'] == klass.checkpoints[1]


async def test_a_pause_is_told_to_everybody_with_its_reason(klass: ClassAtHand, ines: Program, lena: Program) -> None:
    await ines.post(live(klass, '/pause'), json={'reason': 'Look at the board'})
    paused = [(await state(program, klass))['session']['pause'] for program in (ines, lena)]
    await ines.post(live(klass, '/resume'))
    resumed = [(await state(program, klass))['session']['pause'] for program in (ines, lena)]

    assert paused == ['The class is paused: Look at the board.'] * 2
    assert resumed == [None] * 2


async def test_names_of_the_projector_are_chosen(klass: ClassAtHand, ines: Program) -> None:
    assert (await ines.put(live(klass, '/names'), json={'names': 'first_name'})).status_code == 204
    assert (await state(ines, klass))['names'] == 'first_name'
    assert (await ines.put(live(klass, '/names'), json={'names': 'shouted'})).status_code == 422


@pytest.mark.req('L5')
async def test_those_who_teach_are_told_everything(klass: ClassAtHand, ines: Program) -> None:
    lena, otto = klass.learners
    for who in lena, otto:
        await join_class(klass, by=who)
    await tap(klass, klass.checkpoints[0], by=lena, then=klass.checkpoints[1])

    now = await state(ines, klass)

    assert now['view'] == 'teacher'
    assert [column['title'] for column in now['columns']] == ['Step 1', 'Step 2', 'Step 3']
    assert now['shares'] == [50, 0, 0]
    assert now['percent'] == 16
    assert now['help'] == {'waiting': 0, 'helped': 0, 'since': None}
    assert [(each['name'], each['marks'], each['percent']) for each in now['learners']] == [
        ('Lena Low', ['done', 'working', 'not_yet'], 33),
        ('Otto Old', ['not_yet', 'not_yet', 'not_yet'], 0),
    ]


@pytest.mark.req('L5')
async def test_a_learner_is_told_their_own_part_alone(klass: ClassAtHand, lena: Program, ines: Program) -> None:
    await ines.post(live(klass, '/next'))
    await tap(klass, klass.checkpoints[0])

    answer = await lena.get(live(klass))

    now = answer.json()
    assert now['view'] == 'learner'
    assert [checkpoint['mark'] for checkpoint in now['checkpoints']] == ['done', 'not_yet', 'not_yet']
    assert now['session']['current_checkpoint_id'] == klass.checkpoints[0]
    assert now['next_checkpoint_id'] == klass.checkpoints[1]
    assert now['percent'] == 33
    assert now['class_percent'] is None
    assert 'Otto' not in answer.text
    assert klass.code not in answer.text


@pytest.mark.req('L5', 'L10')
async def test_third_parties_find_nothing(klass: ClassAtHand, a_program: APrograms) -> None:
    for stranger in await a_student(), await an_instructor():
        program = await a_program(stranger)
        absent = await program.get('/courses/999999/live')
        for method, what, body in EVERYTHING:
            answer = await program.request(method, live(klass, what), json=body)
            assert (answer.status_code, answer.json()['detail']) == (404, absent.json()['detail']), what
    assert (await (await a_program()).get(live(klass))).status_code == 401


async def test_learners_lead_nobody(klass: ClassAtHand, lena: Program) -> None:
    for method, what, body in LEADING:
        assert (await lena.request(method, live(klass, what), json=body)).status_code == 404, what


async def test_those_who_teach_are_no_learners(klass: ClassAtHand, ines: Program) -> None:
    for method, what, body in LEARNING:
        assert (await ines.request(method, live(klass, what), json=body)).status_code == 403, what


LEADING: list[tuple[str, str, Any]] = [
    ('POST', '/start', None),
    ('POST', '/end', None),
    ('PUT', '/current', {'checkpoint_id': None}),
    ('POST', '/next', None),
    ('POST', '/previous', None),
    ('POST', '/pause', {}),
    ('POST', '/resume', None),
    ('PUT', '/names', {'names': 'alias'}),
]
LEARNING: list[tuple[str, str, Any]] = [
    ('POST', '/join', None),
    ('POST', '/leave', None),
    ('PUT', '/hidden', {'hidden': True}),
]
EVERYTHING: list[tuple[str, str, Any]] = [('GET', '', None), *LEADING, *LEARNING]


@pytest.mark.parametrize(
    ('what', 'body'),
    [
        ('/pause', '{"reason": "\\ud800"}'),
        ('/pause', json.dumps({'reason': 'Tea\x00'})),
        ('/pause', json.dumps({'reason': 'x' * 121})),
        ('/pause', json.dumps({'reason': 'x' * 501})),
        ('/pause', json.dumps({'reason': 7})),
        ('/current', '{}'),
        ('/current', json.dumps({'checkpoint_id': 2**31})),
        ('/current', '{"checkpoint_id": NaN}'),
        ('/hidden', json.dumps({'hidden': 'perhaps'})),
    ],
)
async def test_what_cannot_be_taken_is_refused(klass: ClassAtHand, ines: Program, what: str, body: str) -> None:
    method = 'POST' if what == '/pause' else 'PUT'

    answer = await ines.request(method, live(klass, what), content=body, headers={'content-type': 'application/json'})

    assert answer.status_code == 422
    assert is_problem(answer.json())


async def test_emoji_in_a_reason_do_no_harm(klass: ClassAtHand, ines: Program) -> None:
    assert (await ines.post(live(klass, '/pause'), json={'reason': 'Tea  🍵'})).status_code == 204
    assert (await state(ines, klass))['session']['pause'] == 'The class is paused: Tea 🍵.'


@pytest.mark.req('L5')
async def test_what_has_not_moved_is_not_sent_again(klass: ClassAtHand, ines: Program, lena: Program) -> None:
    for program in ines, lena:
        first = await program.get(live(klass))
        tag = first.headers['etag']
        for known in tag, f'W/{tag}', f'"another", {tag}':
            same = await program.get(live(klass), headers={'if-none-match': known})
            assert (same.status_code, same.content, same.headers['etag']) == (304, b'', tag)
        assert (await program.get(live(klass), headers={'if-none-match': '"another"'})).status_code == 200

        await tap(klass, klass.checkpoints[program is ines])

        moved = await program.get(live(klass), headers={'if-none-match': tag})
        assert moved.status_code == 200
        assert moved.headers['etag'] != tag
        assert moved.headers['cache-control'] == 'private, no-cache'


@pytest.mark.req('L5', 'L6')
async def test_help_presence_and_pace_move_the_state_too(klass: ClassAtHand, ines: Program, lena: Program) -> None:
    tags = [(await ines.get(live(klass))).headers['etag']]

    async def moves() -> dict[str, Any]:
        answer = await ines.get(live(klass), headers={'if-none-match': tags[-1]})
        assert answer.status_code == 200
        tags.append(answer.headers['etag'])
        found: dict[str, Any] = answer.json()
        return found

    await lena.post(live(klass, '/join'))
    assert (await moves())['headcount'] == {'here': 1, 'idle': 0, 'lost': 0, 'not_yet': 1}
    await lena.post(f'/courses/{klass.course_id}/help', json={'checkpoint_id': klass.checkpoints[0]})
    assert (await moves())['help']['waiting'] == 1
    await ines.post(live(klass, '/pause'), json={})
    assert (await moves())['session']['paused_at']
    await lena.put(live(klass, '/hidden'), json={'hidden': True})
    assert [learner['hidden'] for learner in (await moves())['learners']] == [True, False]
    await lena.post(live(klass, '/leave'))
    await moves()
    assert len(set(tags)) == len(tags) == 6


@pytest.mark.req('L12')
async def test_a_program_takes_part_and_is_on_the_roll(klass: ClassAtHand, lena: Program, ines: Program) -> None:
    joined = await lena.post(live(klass, '/join'))

    assert joined.status_code == 200
    assert joined.json()['joined']
    assert joined.headers['etag'] == (await lena.get(live(klass))).headers['etag']
    assert joined.json()['checkpoints'][0]['mark'] == 'working'
    (learner, _) = (await state(ines, klass))['learners']
    assert (learner['joined'], learner['presence']) == (True, 'working')

    assert (await lena.post(live(klass, '/leave'))).status_code == 204

    roll = await database.read(report.of_class, klass.teacher, klass.course_id, klass.session_id)
    assert [(each.name, each.is_here) for each in roll.present] == [('Lena Low', False)]


async def test_nobody_joins_what_is_not_on(klass: ClassAtHand, lena: Program) -> None:
    await database.write(sessions.end, klass.teacher, klass.course_id)

    assert (await lena.post(live(klass, '/join'))).status_code == 409
    assert (await lena.post(live(klass, '/leave'))).status_code == 204


async def test_whoever_was_taken_out_is_told_so(klass: ClassAtHand, a_program: APrograms, ines: Program) -> None:
    gus = await a_guest(code=klass.code)
    program = await a_program(gus)
    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=gus.user_id)

    answers = [await program.get(live(klass)), await program.post(live(klass, '/join'))]

    assert [(answer.status_code, answer.json()['error']) for answer in answers] == [(403, 'Removed')] * 2


@pytest.mark.req('L6')
async def test_whoever_was_taken_out_is_not_here_any_longer(
    klass: ClassAtHand, lena: Program, ines: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, 'GRACE', 0.0)
    await lena.post(live(klass, '/join'))
    assert (await state(ines, klass))['headcount']['here'] == 1

    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=klass.learner.user_id)
    await found_soon(lambda: lost_from(ines, klass, 'Lena Low'))
    await lena.get(live(klass))

    assert (await state(ines, klass))['headcount'] == {'here': 0, 'idle': 0, 'lost': 0, 'not_yet': 1}


async def lost_from(program: Program, klass: ClassAtHand, name: str) -> bool:
    return name not in {learner['name'] for learner in (await state(program, klass))['learners']}


@pytest.mark.req('L16')
async def test_a_learner_signals_the_pace_and_the_teacher_reads_shares_alone(
    a_program: APrograms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace_signals, 'TOLD_EVERY', 0.02)
    klass = await a_class(learners=[f'Lena {letter}' for letter in 'ABCDE'])
    programs = [await a_program(each) for each in klass.learners]
    for each in programs:
        await each.post(live(klass, '/join'))
    ines = await a_program(klass.teacher)
    before = await state(ines, klass)
    assert before['pace'] is None

    said = await programs[0].put(live(klass, '/pace'), json={'signal': 'too_fast'})

    assert said.status_code == 204
    after = await found_soon(lambda: changed(ines, klass, before['version'], 'pace'))
    assert after['pace'] == {'too_fast': 20, 'just_right': 0, 'too_slow': 0}
    soon = await programs[0].put(live(klass, '/pace'), json={'signal': None})
    wrong = await programs[1].put(live(klass, '/pace'), json={'signal': 'boring'})
    theirs = await ines.put(live(klass, '/pace'), json={'signal': 'too_slow'})
    assert [each.status_code for each in (soon, wrong, theirs)] == [429, 422, 403]
    assert is_problem(soon.json())


async def changed(program: Program, klass: Any, version: str, part: str) -> dict[str, Any] | None:
    now = await state(program, klass)
    return now if now['version'] != version and now[part] else None
