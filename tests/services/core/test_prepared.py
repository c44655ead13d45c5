"""Prepared statements convert values as SQLAlchemy does."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.dialects import sqlite

from models.columns import UtcDateTime
from services.core.sql.prepared import _moment_text

pytestmark = pytest.mark.req('O8')


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
