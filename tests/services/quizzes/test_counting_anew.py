"""Scores that an earlier rule had rounded away: counted anew, once, and told like a regrade."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from models import Attempt, Verb
from services.activity import log
from services.core import database
from services.quizzes import counting_anew, scores
from services.quizzes.question import TextAnswer
from services.quizzes.quiz_settings import Rules
from tests.factories.classes import assert_log_and_projections_agree, percent
from tests.factories.quizzes import NAME_IT, RIGHT, a_quiz, take

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('Q3'), pytest.mark.both_databases]

HUMUS = RIGHT[2]
PARTLY = TextAnswer(pattern='humus', credit=3_333), TextAnswer(pattern='mull')
A_THIRD = [replace(NAME_IT, text=text, texts=PARTLY) for text in 'abc']


async def attempts() -> list[tuple[int | None, bool | None, datetime | None]]:
    rows = select(col(Attempt.score), col(Attempt.is_passed), col(Attempt.graded_at)).order_by(col(Attempt.id))
    return [(score, passed, at) for score, passed, at in await database.read(lambda tx: tx.execute(rows).all())]


async def test_half_of_all_points_that_was_49_percent_becomes_50(monkeypatch: pytest.MonkeyPatch) -> None:
    quiz = await a_quiz(questions=[*A_THIRD, NAME_IT], rules=Rules(passing_percent=50), learners=('Lena', 'Otto'))
    with monkeypatch.context() as before:
        before.setattr(scores, 'rounded_part', lambda points, credit: 0)
        await take(quiz, [HUMUS] * 4)
        await take(quiz, [HUMUS] * 3, by=quiz.klass.learners[1])
    (lena, otto) = await attempts()
    assert (lena[:2], otto[:2]) == ((49, False), (24, False))

    await counting_anew.count_all()
    counted = await attempts()
    assert [each[:2] for each in counted] == [(50, True), (25, False)]
    assert await percent(quiz.klass, quiz.learner) == 50, 'the step is complete'
    regraded = await database.read(log.read, col(log.Activity.verb) == Verb.REGRADED)
    assert [(each.score, each.details and each.details['was']) for each in regraded] == [(50, 49), (25, 24)]

    await counting_anew.count_all()
    assert await attempts() == counted, 'what is right already is left alone'
    await assert_log_and_projections_agree()
