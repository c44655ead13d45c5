"""A learner takes along what they did as xAPI statements: their own, all of it, and no score before its time."""

import json
from itertools import pairwise
from typing import Any

import pytest

from models import Reveal
from services.access import Actor
from services.core import database
from services.core.errors import TooManyAttempts
from services.lms import statements
from services.people import merging
from services.quizzes import quiz_settings
from services.quizzes.quiz_settings import Rules
from tests.factories.classes import join_class, tap
from tests.factories.quizzes import a_quiz, take
from tests.support.statements import faults

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('R3', 'V1')]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, 'AT_ONCE', 2)
    statements.downloads.clear()


@pytest.mark.both_databases
async def test_everything_that_they_did_and_nothing_of_others() -> None:
    quiz = await a_quiz(learners=('Lena Learner', 'Lena on the phone', 'Tom Tall'), rules=Rules(passing_percent=60))
    lena, phone, tom = quiz.klass.learners
    await tap(quiz.klass, quiz.klass.checkpoints[0], by=lena)
    await tap(quiz.klass, quiz.klass.checkpoints[0], by=tom)
    await take(quiz, by=phone)
    before = await taken_along(phone)
    ids = {'guest_id': phone.user_id, 'into_id': lena.user_id}
    await database.write(merging.merge, quiz.teacher, quiz.klass.course_id, **ids)

    said = await taken_along(lena)

    assert [each for one in said for each in faults(one)] == []
    assert [verb(each) for each in said if verb(each) == 'passed'] == ['passed']
    assert {each['id'] for each in before} <= {each['id'] for each in said}, 'what the guest did is theirs'
    assert len({each['id'] for each in said}) == len(said)
    assert len({each['actor']['account']['name'] for each in said}) == 1
    others = await taken_along(tom)
    assert not {each['id'] for each in said} & {each['id'] for each in others}
    assert said[0]['actor'] != others[0]['actor']
    assert 'Lena' not in json.dumps(said)
    assert {'Soil', 'Step 1', 'Soil quiz'} <= {title(each) for each in said}


async def test_no_score_before_its_learner_may_see_it() -> None:
    quiz = await a_quiz(rules=Rules(shows_score=Reveal.NEVER))
    await take(quiz)
    assert 'score' not in json.dumps([each.get('result') for each in await taken_along(quiz.learner)])

    await database.write(quiz_settings.set_rules, quiz.teacher, quiz.checkpoint_id, Rules())

    (scored,) = [each for each in await taken_along(quiz.learner) if 'score' in each.get('result', {})]
    assert (scored['result']['score']['scaled'], scored['result']['success']) == (1, True)


async def test_not_again_and_again() -> None:
    quiz = await a_quiz()
    await join_class(quiz.klass, by=quiz.learner)
    for _ in range(3):
        await taken_along(quiz.learner)
    with pytest.raises(TooManyAttempts):
        await taken_along(quiz.learner)


async def taken_along(actor: Actor) -> list[dict[str, Any]]:
    """Return all statements of a person, read part by part."""
    part = await database.read(statements.own, actor)
    places, said = [0], list(part.statements)
    while part.next is not None:
        assert len(part.statements) <= statements.AT_ONCE
        places.append(part.next)
        part = await database.read(statements.own, actor, after=part.next)
        said += part.statements
    assert all(one < other for one, other in pairwise(places))
    return [json.loads(each) for each in said]


def verb(said: dict[str, Any]) -> str:
    return str(said['verb']['display']['en'])


def title(said: dict[str, Any]) -> str:
    return str(said['object']['definition'].get('name', {}).get('und'))
