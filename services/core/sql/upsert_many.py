"""Insert-or-update of many rows: one by one on SQLite, where that costs nothing, and together on PostgreSQL.

There each row would be a message and a plan of its own, which take ten times as long as the row itself.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import JSON, ColumnElement, Connection, String, Table, bindparam, cast, column, func, select
from sqlalchemy.dialects import postgresql, sqlite

from services.core.sql.prepared import Prepared

Insert = sqlite.Insert | postgresql.Insert
Changes = Callable[[Any], Mapping[str, ColumnElement[Any]]]
"""returns what columns become where the key is there already, given the row that was to be inserted"""


class UpsertMany:
    """The statements for one table; the rows of a run have different keys."""

    def __init__(self, target: Table, columns: Sequence[str], *, key: Sequence[str], changes: Changes) -> None:
        """Take the columns that rows have, those of them that are the key, and what becomes of the others."""
        self._target, self._columns, self._key, self._changes = target, columns, key, changes
        self._each = Prepared(lambda _: self._with_changes(sqlite.insert(target)), columns=columns)
        self._together = Prepared(lambda _: self._of_json())

    def store(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert or change all rows."""
        if connection.dialect.name == 'postgresql':
            self._together.rows(connection, rows=orjson.dumps(rows).decode())
        else:
            self._each.each(connection, rows)

    def _of_json(self) -> Insert:
        fields = (column(name, self._target.c[name].type) for name in self._columns)
        written = cast(bindparam('rows', type_=String()), JSON)
        rows = func.json_to_recordset(written).table_valued(*fields).render_derived(with_types=True)
        return self._with_changes(postgresql.insert(self._target).from_select(list(self._columns), select(*rows.c)))

    def _with_changes(self, insert: Any) -> Insert:
        changed: Insert = insert.on_conflict_do_update(
            index_elements=list(self._key), set_=self._changes(insert.excluded)
        )
        return changed
