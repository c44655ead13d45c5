"""Prepared statements convert values as SQLAlchemy does."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert
from sqlalchemy.dialects import sqlite

from models import Activity, Verb, table
from models.columns import UtcDateTime
from services.core import database
from services.core.sql.prepared import Prepared, Row, _moment_text
from tests.factories.people import a_student

pytestmark = pytest.mark.req('O8')

_log = table(Activity)


@pytest.mark.parametrize(
    'moment',
    [
        datetime(2026, 3, 1, 12, tzinfo=UTC),
        datetime(2026, 3, 1, 0, 5, 9, 42, tzinfo=timezone(timedelta(hours=5, minutes=30))),
        datetime(1, 1, 1, tzinfo=UTC),
        None,
    ],
)
def test_a_moment_is_written_as_sqlalchemy_writes_it(moment: datetime | None) -> None:
    dialect = sqlite.dialect()
    write = UtcDateTime().dialect_impl(dialect).bind_processor(dialect)
    assert write is not None

    assert _moment_text(moment) == write(moment)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match='without a time zone'):
        _moment_text(datetime(2026, 3, 1))  # noqa: DTZ001 - this is the mistake


@pytest.mark.both_databases
@pytest.mark.usefixtures('db')
async def test_a_value_that_is_not_given_is_that_of_the_column_or_is_missed() -> None:
    columns = ('user_id', 'tap_id', 'verb', 'at', 'happened_at', 'local_date', 'local_hour')
    append = Prepared(insert(_log).returning(_log.c.tap_id, _log.c.verb, _log.c.words, _log.c.at), columns=columns)
    at = datetime(2026, 3, 2, 9, 30, 1, 5, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    given = {'user_id': 1, 'tap_id': 'one', 'verb': Verb.SIGNED_IN, 'local_date': at.date(), 'local_hour': 9}
    moments = {'at': at, 'happened_at': at}

    async def write(values: Mapping[str, object]) -> list[Row]:
        person = await a_student()
        return await database.write(lambda tx: append.each(tx.connection, [values | {'user_id': person.user_id}]))

    assert await write(given | moments) == [('one', Verb.SIGNED_IN, '', at)]
    with pytest.raises(KeyError, match='happened_at'):
        await write(given | {'at': at})
