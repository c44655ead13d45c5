"""Insert-or-update in one statement, for both databases."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from services.core.database import Transaction


def upsert(tx: Transaction, target: Table, rows: Sequence[dict[str, object]], *, key: tuple[str, ...]) -> None:
    """Insert rows; where the key is there already, replace the other columns. All rows name the same columns."""
    if rows:
        dialect = tx.session.get_bind().dialect.name
        tx.run(_statement(dialect, target, key, tuple(rows[0])), rows)


@cache
def _statement(
    dialect: str, target: Table, key: tuple[str, ...], columns: tuple[str, ...]
) -> sqlite.Insert | postgresql.Insert:
    insert = sqlite.insert(target) if dialect == 'sqlite' else postgresql.insert(target)
    others = {name: insert.excluded[name] for name in columns if name not in key}
    return insert.on_conflict_do_update(index_elements=list(key), set_=others)
