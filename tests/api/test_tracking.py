"""Tracking events: a program tells what a learner did, and is told what of it is measured here instead."""

import json
from typing import Any

import pytest

from services.accounts import sign_ins
from services.core import database
from tests.api.conftest import APrograms
from tests.api.test_progress import a_service, progress_rows
from tests.factories.classes import a_class, assert_log_and_projections_agree, percent

pytestmark = pytest.mark.req('B1', 'S1')


async def test_events_are_tracked_and_what_learners_say_of_themselves_is_ignored(a_program: APrograms) -> None:
    klass = await a_class()
    lena = await a_program(klass.learner)
    lenas = {'student_id': klass.learner.user_id, 'concept_id': klass.checkpoints[0]}

    started = await lena.post('/progress/track', json=lenas | {'event_type': 'started'})
    completed = await lena.post(
        '/progress/track', json=lenas | {'event_type': 'completed', 'score': 0.9, 'time_spent': 120}
    )
    mastered = await lena.post('/progress/track', json=lenas | {'event_type': 'mastered', 'score': 1})

    assert (started.json()['ignored'], started.json()['mark']['percent']) == ([], 0)
    assert completed.json()['ignored'] == ['score', 'time_spent']
    assert completed.json()['mark']['percent'] == 33
    assert (mastered.status_code, mastered.json()['error']) == (409, 'Refused')
    assert 'quizzes' in mastered.json()['detail']


@pytest.mark.parametrize(
    'wrong',
    [
        {'score': 1.1},
        {'score': -0.1},
        {'score': 'NaN'},
        {'score': float('nan')},
        {'time_spent': -1},
        {'time_spent': 10**20},
        {'event_type': 'forgotten'},
        {'student_id': 0},
        {'student_id': 10**20},
        {'concept_id': '\ud800'},
        {'points': 1},
    ],
)
async def test_an_event_that_cannot_be_is_refused(a_program: APrograms, wrong: dict[str, Any]) -> None:
    klass = await a_class()
    lena = await a_program(klass.learner)
    event = {'student_id': klass.learner.user_id, 'concept_id': klass.checkpoints[0], 'event_type': 'completed'}

    written = json.dumps(event | wrong)  # with what httpx would not write
    answer = await lena.post('/progress/track', content=written, headers={'content-type': 'application/json'})

    assert answer.status_code == 422
    assert await progress_rows() == 0


@pytest.mark.req('Q6')
async def test_a_service_tells_scores_and_what_was_mastered(a_program: APrograms) -> None:
    klass = await a_class()
    lena, path = klass.learner, f'/progress/student/{klass.learner.user_id}/concept'
    service, teacher = await a_service(a_program), await a_program(klass.teacher)
    first, second, _ = klass.checkpoints

    async def track(checkpoint: int, key: str = '', **told: Any) -> dict[str, Any]:
        event = {'student_id': lena.user_id, 'concept_id': checkpoint} | told
        answer = await service.post('/progress/track', json=event, headers={'idempotency-key': key} if key else {})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    for _ in range(2):
        told = await track(first, key='the-same-key-twice', event_type='completed', score=0.29, time_spent=120)
        assert (told['ignored'], told['mark']['percent']) == ([], 33)
    half = (await teacher.get(f'{path}/{first}')).json()
    assert (half['best_score'], half['mastered_at'], half['attempts']) == (29, None, 1)
    await track(first, event_type='mastered', score=0.9)
    await track(second, event_type='mastered')
    best, declared = [(await teacher.get(f'{path}/{checkpoint}')).json() for checkpoint in (first, second)]
    assert (best['best_score'], declared['best_score']) == (90, 85)
    assert best['mastered_at']
    assert declared['mastered_at']
    await assert_log_and_projections_agree()


async def test_an_event_of_somebody_else_is_refused(a_program: APrograms) -> None:
    klass = await a_class(learners=['Lena', 'Otto'])
    lena, otto = klass.learners
    event = {'student_id': otto.user_id, 'concept_id': klass.checkpoints[0], 'event_type': 'completed'}

    assert (await (await a_program(lena)).post('/progress/track', json=event)).status_code == 403
    assert (await (await a_service(a_program)).post('/progress/track', json=event)).status_code == 200
    assert [await percent(klass, who) for who in klass.learners] == [0, 33]


async def test_a_token_that_was_revoked_is_told_only_that(a_program: APrograms) -> None:
    klass = await a_class()
    lena = await a_program(klass.learner)
    event = {'student_id': klass.learner.user_id, 'concept_id': klass.checkpoints[0], 'event_type': 'mastered'}
    await database.write(sign_ins.sign_out_everywhere, klass.learner)

    assert (await lena.post('/progress/track', json=event)).status_code == 401
