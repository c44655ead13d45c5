"""Insert-or-update in one statement, for both databases."""

from collections.abc import Sequence

from sqlalchemy import Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite

from services.core.sql.prepared import Prepared


def upsert(target: Table, columns: Sequence[str], *, key: Sequence[str]) -> Prepared:
    """Return the statement that inserts a row and, where the key is there already, replaces the other columns."""

    def statement(dialect: Dialect) -> sqlite.Insert | postgresql.Insert:
        insert = sqlite.insert(target) if dialect.name == 'sqlite' else postgresql.insert(target)
        others = {name: insert.excluded[name] for name in columns if name not in key}
        return insert.on_conflict_do_update(index_elements=list(key), set_=others)

    return Prepared(statement, columns=columns)
