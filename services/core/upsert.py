"""Insert-or-update in one statement, for both databases."""

from collections.abc import Sequence

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from services.core.database import Transaction


def upsert(tx: Transaction, table: type[SQLModel], rows: Sequence[dict[str, object]], *, key: Sequence[str]) -> None:
    """Insert rows; where the key is there already, replace the other columns."""
    if not rows:
        return
    is_sqlite = tx.session.get_bind().dialect.name == 'sqlite'
    insert = sqlite.insert(table) if is_sqlite else postgresql.insert(table)
    others = {name: insert.excluded[name] for name in rows[0] if name not in key}
    tx.execute(insert.on_conflict_do_update(index_elements=list(key), set_=others), rows)
