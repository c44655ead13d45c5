"""How the database goes about a piece of work: which of its statements read a big table from end to end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, event

from services.core.sql.prepared import Prepared, Row, Values, _Compiled
from services.core.transaction import Transaction

BIG = {
    'progress', 'activities', 'checkpoints', 'content_positions', 'learning_sessions', 'study_times', 'daily_totals',
}  # fmt: skip
"""tables of which nobody may read all for one learner or one checkpoint"""

Asked = list[tuple[str, Any]]


def scans(tx: Transaction, work: Callable[[Transaction], object]) -> list[str]:
    """Do the work, and return what in the plans of its statements reads a big table from end to end."""
    with _asked(tx.connection) as asked:
        work(tx)
    assert asked, 'the database was not asked anything'
    find = _scans_of_sqlite if tx.connection.dialect.name == 'sqlite' else _scans_of_postgresql
    return [f'{scan} in: {statement}' for statement, values in asked for scan in find(tx.connection, statement, values)]


def read_alone(tx: Transaction, prepared: Prepared, values: Values) -> set[str]:
    """Return the indexes that a statement reads without looking at any row of their tables."""
    ready = prepared._on(tx.connection.dialect)
    bound = ready._bound(values)
    if tx.connection.dialect.name == 'sqlite':
        rows = tx.connection.exec_driver_sql(f'EXPLAIN QUERY PLAN {ready._text}', tuple(bound))
        return {row[3].partition(' USING COVERING INDEX ')[2].split()[0] for row in rows if ' COVERING ' in row[3]}
    with tx.connection.begin_nested() as savepoint:
        _pretend_to_be_full(tx.connection)
        for way in 'seqscan', 'bitmapscan', 'indexscan':  # the last does not forbid to read an index alone
            tx.connection.exec_driver_sql(f'SET LOCAL enable_{way} = off')
        (found,) = tx.connection.exec_driver_sql(f'EXPLAIN (FORMAT JSON) {ready._text}', bound).one()
        savepoint.rollback()
    return {node['Index Name'] for node in _nodes(found) if node['Node Type'] == 'Index Only Scan'}


@contextmanager
def _asked(connection: Connection) -> Iterator[Asked]:
    """Collect statements with their values, prepared ones too."""
    asked: Asked = []
    rows = _Compiled.rows

    def see(_connection: object, _cursor: object, statement: str, values: object, *_more: object) -> None:
        if statement.startswith(('SELECT', 'UPDATE', 'WITH', 'DELETE')):
            asked.append((statement, values))

    def rows_and_see(prepared: _Compiled, connection: Connection, values: Values) -> list[Row]:
        bound = prepared._bound(values)
        see(connection, None, prepared._text, tuple(bound) if isinstance(bound, list) else bound)
        return rows(prepared, connection, values)

    event.listen(connection, 'before_cursor_execute', see)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_Compiled, 'rows', rows_and_see)
        yield asked
    event.remove(connection, 'before_cursor_execute', see)


def _scans_of_sqlite(connection: Connection, statement: str, values: Any) -> Iterator[str]:
    for row in connection.exec_driver_sql(f'EXPLAIN QUERY PLAN {statement}', values):
        checkpoint, _, rest = row[3].partition(' ')
        if checkpoint == 'SCAN' and rest.split()[0] in BIG:
            yield row[3]


def _scans_of_postgresql(connection: Connection, statement: str, values: Any) -> Iterator[str]:
    with connection.begin_nested() as savepoint:
        _pretend_to_be_full(connection)
        (found,) = connection.exec_driver_sql(f'EXPLAIN (FORMAT JSON) {statement}', values).one()
        savepoint.rollback()
    for node in _nodes(found):
        if node.get('Relation Name') in BIG and 'Scan' in node['Node Type'] and not _finds(node):
            yield f'{node["Node Type"]} on {node["Relation Name"]}'


def _nodes(found: Any) -> Iterator[dict[str, Any]]:
    """Yield all parts of a plan."""
    nodes = [part['Plan'] for part in (found if isinstance(found, list) else orjson.loads(found))]
    while nodes:
        node = nodes.pop()
        nodes += node.get('Plans', ())
        yield node


def _pretend_to_be_full(connection: Connection) -> None:
    """Tell the planner of a million rows in each table: what is right for three of them says nothing of a school."""
    tables = "FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    connection.exec_driver_sql(f'DELETE FROM pg_statistic WHERE starelid IN (SELECT oid {tables})')
    connection.exec_driver_sql('SET LOCAL cpu_tuple_cost = 1')  # for the pages on which so many rows would be
    # of a table without a page it believes nothing; told that it is not known, it takes ten pages
    rows = 'CASE WHEN pg_relation_size(oid) = 0 THEN -1 ELSE 1000000 END'
    connection.exec_driver_sql(
        f'UPDATE pg_class SET reltuples = {rows}, relpages = 1 WHERE oid IN (SELECT oid {tables})'
    )


def _finds(node: dict[str, Any]) -> bool:
    """Tell whether a node looks rows up by an index, and does not read the index as a whole."""
    return 'Index Cond' in node or any(_finds(part) for part in node.get('Plans', ()) if 'Bitmap' in node['Node Type'])
