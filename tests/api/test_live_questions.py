"""A class is asked a question by one program, and answers with others."""

from typing import Any

import pytest

from services.core import database
from services.live.questions import asking
from services.quizzes import bank
from tests.api.conftest import APrograms
from tests.api.test_requests import KEY
from tests.factories.classes import a_class, join_class
from tests.factories.quizzes import FINEST
from tests.support.served import Served

pytestmark = pytest.mark.req('L15', 'B1')


async def test_a_program_asks_and_learners_answer(a_program: APrograms) -> None:
    klass = await a_class(learners=['Lena Low', 'Otto Old'])
    question_id = await database.write(bank.add, klass.teacher, klass.course_id, FINEST)
    ines, lena = await a_program(klass.teacher), await a_program(klass.learner)
    here = f'/courses/{klass.course_id}/live'

    asked = await ines.post(f'{here}/questions', json={'question_id': question_id}, headers={'idempotency-key': KEY})
    again = await ines.post(f'{here}/questions', json={'question_id': question_id}, headers={'idempotency-key': KEY})
    assert (asked.status_code, again.json()) == (201, asked.json())
    question = f'/live-questions/{asked.json()["id"]}'
    for chosen in [1], [0]:
        assert (await lena.put(f'{question}/answer', json={'chosen': chosen})).status_code == 200

    own = (await lena.get(f'{here}/question')).json()['own']
    assert own['answer']['chosen'] == [0]
    assert (own['verdict'], own['asked']['solution'], own['asked']['distribution']) == (None, None, None)
    assert (await ines.get(f'{here}/question')).json()['counted']['answered'] == 1

    assert (await ines.put(f'{question}/state', json={'state': 'closed'})).status_code == 204
    late = await lena.put(f'{question}/answer', json={'chosen': [1]})
    assert (late.status_code, late.json()['detail']) == (
        410,
        'Answers are not taken any more. What was saved until then counts.',
    )
    assert (await ines.put(f'{question}/state', json={'state': 'solution'})).status_code == 204
    own = (await lena.get(f'{here}/question')).json()['own']
    assert (own['verdict'], own['asked']['solution']['options']) == ('right', [0])
    assert (await ines.put(f'{question}/state', json={'state': 'put_away'})).status_code == 204
    assert (await lena.get(f'{here}/question')).json() == {'counted': None, 'own': None}


@pytest.mark.usefixtures('db')
@pytest.mark.req('B2')
async def test_a_question_reaches_the_sockets_of_a_class_without_its_key(served: Served) -> None:
    klass = await a_class(learners=['Lena Low', 'Otto Old'])
    await join_class(klass)
    lena, otto = await served.connect(klass.learner), await served.connect(klass.learners[1])
    await lena.join(klass.course_id)
    asked = await database.write(asking.ask_new, klass.teacher, klass.course_id, FINEST)

    heard = await lena.next('question_changed', state='open')
    assert (heard['live_question_id'], heard['number']) == (asked, 1)
    assert FINEST.options[0].text not in str(heard)
    receipt = await lena.call('answer_question', {'live_question_id': asked, 'tap_id': 'mine', 'chosen': [0]})
    again = await lena.call('answer_question', {'live_question_id': asked, 'tap_id': 'mine', 'chosen': [1]})
    assert receipt['ok']
    assert again == receipt

    await otto.join(klass.course_id)  # a late joiner
    late: dict[str, Any] = await otto.next('question_changed', state='open')
    assert late['live_question_id'] == asked
