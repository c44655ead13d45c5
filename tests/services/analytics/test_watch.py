"""Whom a teacher should look at: what the record says of today beside what is predicted, each thing once."""

import pytest
from sqlmodel import col, select

from models import Prediction
from services.analytics import educator, watch
from services.analytics.prediction import nightly
from services.analytics.watch import Watched
from services.core import database
from services.core.transaction import Transaction
from tests.factories.terms import MIDDLE, TermAtHand, on, somebody_behind

pytestmark = [pytest.mark.req('N1', 'N6'), pytest.mark.usefixtures('db')]

LOW = {'fact': 'low_score', 'score': 20, 'average': 73, 'of': 7, 'weight': 1.2}


async def test_a_high_risk_is_explained_by_what_the_record_does_not_say_already() -> None:
    term = await somebody_behind()
    async with on(MIDDLE):
        await nightly.make_all()
        gina = await watched(term, 'Gina')
        assert 'Nothing is done yet' in ' '.join(map(str, gina.reasons))
        assert 'due steps are missing' in ' '.join(str(ground.words) for ground in gina.grounds)
        assert gina.also == (), 'it is said already'

        await database.write(add_reason, term.learners[-1].user_id)
        gina = await watched(term, 'Gina')
    assert list(map(str, gina.also)) == ['The average score is 20; that of the class is 73.']


async def test_where_the_record_says_nothing_of_today_all_reasons_are_said() -> None:
    term = await somebody_behind()
    async with on(MIDDLE):
        await nightly.make_all()
        gina = await watched(term, 'Gina', says_grounds=False)
    assert gina.also == gina.reasons != ()


async def watched(term: TermAtHand, name: str, *, says_grounds: bool = True) -> Watched:
    def read(tx: Transaction) -> tuple[Watched, ...]:
        found = educator.of_course(tx, term.teacher, term.course_id)
        needs = found.needs if says_grounds else ()
        rows = found.matrix
        return watch.of_course(tx, term.teacher, term.course_id, title='Soil', rows=rows, needs=needs)

    return next(each for each in await database.read(read) if each.name == name)


def add_reason(tx: Transaction, user_id: int) -> None:
    row = tx.session.scalars(select(Prediction).where(col(Prediction.user_id) == user_id)).one()
    row.reasons = [*row.reasons, LOW]
    tx.session.add(row)
