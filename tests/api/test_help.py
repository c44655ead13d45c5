"""Being stuck and being helped over the API, and who needs a look."""

import json
from datetime import timedelta
from typing import Any

import pytest

from services.core import database
from services.courses import catalog
from services.live import sessions
from services.live.alerts import monitor
from services.people import joining
from tests.api.conftest import APrograms, Program
from tests.api.test_requests import KEY
from tests.factories.classes import ClassAtHand, a_class, a_course, join_class, tap
from tests.factories.people import an_instructor
from tests.support.eventually import found_soon

pytestmark = pytest.mark.req('B1', 'L7')


@pytest.fixture
async def klass(db: object) -> ClassAtHand:
    held = await a_class(learners=['Lena Low', 'Otto Old', 'Pia Punctual'])
    for who in held.learners:
        await join_class(held, by=who)
    return held


@pytest.fixture
async def ines(klass: ClassAtHand, a_program: APrograms) -> Program:
    return await a_program(klass.teacher)


@pytest.fixture
async def learners(klass: ClassAtHand, a_program: APrograms) -> list[Program]:
    return [await a_program(who) for who in klass.learners]


async def ask(program: Program, klass: ClassAtHand, words: str = '') -> int:
    question = {'checkpoint_id': klass.checkpoints[0], 'words': words}
    answer = await program.post(f'/courses/{klass.course_id}/help', json=question)
    assert answer.status_code == 201, answer.text
    asked: int = answer.json()['id']
    return asked


async def told(program: Program, klass: ClassAtHand, what: str = 'help') -> Any:
    answer = await program.get(f'/courses/{klass.course_id}/{what}')
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_who_asks_is_helped_in_turn(klass: ClassAtHand, ines: Program, learners: list[Program]) -> None:
    lena, otto, _ = learners
    first, second = await ask(lena, klass, 'it stays blue'), await ask(otto, klass)

    queue = await told(ines, klass)
    assert [(each['request_id'], each['name'], each['words'], each['helper']) for each in queue] == [
        (first, 'Lena Low', 'it stays blue', ''),
        (second, 'Otto Old', '', ''),
    ]
    assert queue[0]['user_id'] == klass.learner.user_id
    assert queue[0]['step'] == {'checkpoint_id': klass.checkpoints[0], 'number': 1, 'title': 'Step 1'}
    assert [(await told(who, klass, 'help/own'))['request']['place'] for who in (lena, otto)] == [1, 2]

    assert (await ines.post(f'/help/{first}/claim')).status_code == 204
    assert (await told(lena, klass, 'help/own'))['request']['helper'] == klass.teacher.name
    assert (await told(otto, klass, 'help/own'))['request']['place'] == 1
    assert (await ines.post(f'/help/{first}/release')).status_code == 204
    assert (await told(otto, klass, 'help/own'))['request']['place'] == 2
    assert (await lena.post(f'/help/{first}/resolve')).status_code == 204
    assert (await otto.post(f'/help/{second}/withdraw')).status_code == 204
    assert await told(ines, klass) == []
    assert (await ines.post(f'/help/{first}/claim')).status_code == 410


async def test_asking_again_is_asking_once(klass: ClassAtHand, learners: list[Program]) -> None:
    question = {'checkpoint_id': klass.checkpoints[0]}
    address = f'/courses/{klass.course_id}/help'

    answers = [await learners[0].post(address, json=question, headers={'idempotency-key': KEY}) for _ in range(2)]
    answers.append(await learners[0].post(address, json=question))

    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.json()['id'] for answer in answers}) == 1


async def test_a_classmate_who_is_done_may_help_where_that_is_allowed(
    klass: ClassAtHand, learners: list[Program]
) -> None:
    lena, otto, pia = learners
    asked = await ask(lena, klass)
    await tap(klass, klass.checkpoints[0], by=klass.learners[1])
    assert (await told(otto, klass, 'help/own'))['offer'] is None
    assert (await otto.post(f'/help/{asked}/claim')).status_code == 403

    await database.write(catalog.let_classmates_help, klass.teacher, klass.course_id, allowed=True)
    await found_soon(lambda: offered(otto, klass))

    assert (await offered(otto, klass))['name'] == 'Lena'
    assert await offered(pia, klass) is None
    assert (await pia.post(f'/help/{asked}/claim')).status_code in {403, 409}
    assert (await told(otto, klass, f'help/own?declined={asked}'))['offer'] is None
    assert (await otto.post(f'/help/{asked}/claim')).status_code == 204
    assert (await offered(otto, klass))['is_mine']
    assert (await told(lena, klass, 'help/own'))['request']['helper'] == 'Otto'


async def offered(program: Program, klass: ClassAtHand) -> Any:
    return (await told(program, klass, 'help/own'))['offer']


async def test_the_queue_is_for_those_who_teach(
    klass: ClassAtHand, ines: Program, learners: list[Program], a_program: APrograms
) -> None:
    stranger, asked = await a_program(await an_instructor()), await ask(learners[0], klass)
    question = {'checkpoint_id': klass.checkpoints[0]}

    assert (await learners[1].get(f'/courses/{klass.course_id}/help')).status_code == 404
    assert (await learners[1].get(f'/courses/{klass.course_id}/attention')).status_code == 404
    assert (await ines.get(f'/courses/{klass.course_id}/help/own')).status_code == 403
    assert (await ines.post(f'/courses/{klass.course_id}/help', json=question)).status_code == 403
    assert (await stranger.post(f'/courses/{klass.course_id}/help', json=question)).status_code == 404
    for what in 'claim', 'release', 'resolve', 'withdraw':
        theirs, absent = [await stranger.post(f'/help/{id_}/{what}') for id_ in (asked, 999_999)]
        assert (theirs.status_code, theirs.json()['detail']) == (404, absent.json()['detail'])


async def test_nobody_is_stuck_where_no_class_is_on(
    klass: ClassAtHand, learners: list[Program], a_program: APrograms
) -> None:
    await database.write(sessions.end, klass.teacher, klass.course_id)
    never = await a_course(title='Air')
    await database.write(joining.join, klass.learner, code=never.code)

    over = await learners[0].post(f'/courses/{klass.course_id}/help', json={'checkpoint_id': klass.checkpoints[0]})
    none = await learners[0].post(f'/courses/{never.course_id}/help', json={'checkpoint_id': never.checkpoints[0]})

    assert (over.status_code, none.status_code) == (410, 409)


@pytest.mark.parametrize(
    'body',
    [
        {},
        {'checkpoint_id': 0},
        {'checkpoint_id': 2**63},
        {'checkpoint_id': True},
        {'checkpoint_id': 1, 'words': 'x' * 201},
        {'checkpoint_id': 1, 'words': 'x' * 2001},
        {'checkpoint_id': 1, 'words': 'a\x00b'},
        {'checkpoint_id': 1, 'words': '\ud800'},
        {'checkpoint_id': 1, 'words': ['x']},
        {'checkpoint_id': 1, 'for': 7},
    ],
)
async def test_what_cannot_be_asked(klass: ClassAtHand, learners: list[Program], body: dict[str, Any]) -> None:
    answer = await learners[0].post(
        f'/courses/{klass.course_id}/help', content=json.dumps(body), headers={'content-type': 'application/json'}
    )

    assert answer.status_code == 422, answer.text


@pytest.mark.req('L8')
async def test_who_needs_a_look_is_told_and_put_aside(
    klass: ClassAtHand, ines: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitor, 'PASS', 0.01)
    monkeypatch.setattr(monitor, 'HELD', timedelta(0))
    otto = klass.learners[1].user_id
    for who in klass.learners[0], klass.learners[2]:
        for checkpoint in klass.checkpoints[:2]:
            await tap(klass, checkpoint, by=who)

    (look,) = await found_soon(lambda: told(ines, klass, 'attention'))
    assert (look['user_id'], look['name'], look['concern']['reason']) == (otto, 'Otto Old', 'below')
    assert look['concern']['words'] == 'nothing done yet, the class 1.3 on average'

    address = f'/courses/{klass.course_id}/attention/dismiss'
    unknown = await ines.post(address, json={'user_id': otto, 'reason': 'lazy'})
    absent = await ines.post(address, json={'user_id': 999_999, 'reason': 'below'})
    put_aside = await ines.post(address, json={'user_id': otto, 'reason': 'below'})
    assert [answer.status_code for answer in (unknown, absent, put_aside)] == [422, 404, 204]
    await found_soon(lambda: nobody(ines, klass))


async def nobody(program: Program, klass: ClassAtHand) -> bool:
    return await told(program, klass, 'attention') == []
