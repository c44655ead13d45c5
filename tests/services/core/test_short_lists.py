"""Statements find the same whether a list is written out or read from JSON."""

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, bindparam, create_engine, insert, select

from services.core.sql.in_list import among, number_pair_among, pair_among
from services.core.sql.prepared import Prepared
from services.core.sql.short_lists import SIZES, ShortLists

pytestmark = pytest.mark.req('O8')

taps = Table(
    'taps',
    MetaData(),
    Column('id', Integer, primary_key=True),
    Column('person', Integer),
    Column('word', String(10)),
    Column('step', Integer),
)
BY_PERSON = Prepared(select(taps.c.id).where(among(taps.c.person, 'people'), taps.c.step > bindparam('since')))
BY_WORD = Prepared(select(taps.c.id).where(pair_among(taps.c.person, taps.c.word, 'keys')))
BY_STEP = Prepared(select(taps.c.id).where(number_pair_among(taps.c.person, taps.c.step, 'keys')))


@pytest.mark.parametrize('count', [0, 1, 2, 3, 8, 9, 12])
def test_as_many_are_found_as_are_asked_for(count: int) -> None:
    engine = create_engine('sqlite://')
    taps.metadata.create_all(engine)
    people = list(range(1, count + 1))
    with engine.connect() as connection:
        rows = [{'id': n, 'person': n, 'word': f'w{n}', 'step': 10 * n} for n in range(1, 21)]
        connection.execute(insert(taps), [*rows, {'id': 99, 'person': None, 'word': None, 'step': None}])
        found = sorted(id_ for (id_,) in BY_PERSON.rows(connection, people=people, since=10))
        assert found == [n for n in people if n > 1]
        by_word = BY_WORD.rows(connection, keys=[(n, f'w{n}') for n in people] + [(5, 'w6')] * bool(count))
        assert sorted(id_ for (id_,) in by_word) == people
        by_step = BY_STEP.rows(connection, keys=[(n, 10 * n) for n in people])
        assert sorted(id_ for (id_,) in by_step) == people
    engine.dispose()


def test_a_statement_has_few_texts_and_long_lists_stay_json() -> None:
    lists = ShortLists('SELECT ? WHERE a IN (SELECT value FROM json_each(?))')

    texts = {lists.text(size) for length in range(9) if (size := lists.size_for([[0] * length]))}

    assert len(texts) == len(SIZES)
    assert lists.text(2) == 'SELECT ? WHERE a IN (?, ?)'
    assert lists.size_for([[0] * 9, [0]]) is None


def test_a_pair_is_looked_up_by_both_of_its_columns() -> None:
    lists = ShortLists('(t.a, t.b) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))')

    assert lists.text(1) == '((t.a = ? AND t.b = ?))'
    assert lists.spread(['json'], {0: [(1, 'x')]}, 2) == [1, 'x', 1, 'x']
    assert lists.spread(['json'], {0: []}, 1) == [None, None]
