"""Statements on the path of a tap: written with SQLAlchemy, compiled once, and run by the driver itself.

SQLAlchemy makes each execution ready anew, which takes several times as long as a small statement does.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Dialect, Float, Insert, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.schema import ScalarElementColumnDefault

Statement = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]] | UpdateBase
Values = Mapping[str, Any]
Row = tuple[Any, ...]


class Prepared:
    """A statement with named parameters, for both databases; values convert as the types of their columns say."""

    def __init__(self, statement: Statement | Callable[[Dialect], Statement], *, columns: Sequence[str] = ()) -> None:
        """Take a statement, or a function where the databases differ; an insert names the `columns` that it fills."""
        self._statement = statement
        self._columns = columns
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, **values: Any) -> list[Row]:
        """Run it once and return all rows."""
        return self._on(connection.dialect).rows(connection, values)

    def each(self, connection: Connection, many: Sequence[Values]) -> list[Row]:
        """Run it once for each of many values; returns all rows, in any order."""
        return self._on(connection.dialect).each(connection, many)

    def _on(self, dialect: Dialect) -> '_Compiled':
        if dialect.name not in self._compiled:
            statement = self._statement(dialect) if callable(self._statement) else self._statement
            self._compiled[dialect.name] = _Compiled(statement, dialect, self._columns)
        return self._compiled[dialect.name]


class _Compiled:
    """A statement for one kind of database."""

    def __init__(self, statement: Statement, dialect: Dialect, columns: Sequence[str]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(columns) or None)
        assert isinstance(compiled, SQLCompiler)
        self._text = compiled.string
        self._dialect = dialect
        self._names = tuple(compiled.positiontup or compiled.bind_names.values())
        self._by_name = not compiled.positional
        self._constants = _defaults(statement) | {n: value for n, value in compiled.params.items() if value is not None}
        writers = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect) for bind, name in compiled.bind_names.items()
        }
        self._write = {name: convert for name, convert in writers.items() if convert}
        readers = [column.type.dialect_impl(dialect) for column in statement.exported_columns]
        # both drivers give floats as they are; SQLAlchemy would ask PostgreSQL first which kind of number it is
        self._read = [None if isinstance(kind, Float) else kind.result_processor(dialect, None) for kind in readers]

    def rows(self, connection: Connection, values: Values) -> list[Row]:
        with self._cursor(connection) as cursor:
            cursor.execute(self._text, self._bound([values], unique=False)[0])
            return self._converted(cursor.fetchall()) if self._read else []

    def each(self, connection: Connection, many: Sequence[Values]) -> list[Row]:
        rows: list[Row] = []
        bound = self._bound(many, unique=True)
        with self._cursor(connection) as cursor:
            if not self._read:
                cursor.executemany(self._text, bound)
            elif self._dialect.driver == 'psycopg':
                cursor.executemany(self._text, bound, returning=True)
                for result in cursor.results():
                    rows += result.fetchall()
            else:
                for values in bound:
                    rows += cursor.execute(self._text, values).fetchall()
        return self._converted(rows)

    def _bound(self, many: Sequence[Values], *, unique: bool) -> list[Any]:
        """Return the parameters as the driver takes them; with `unique`, equal values are converted once."""
        columns = []
        for name in self._names:
            column = [values[name] if name in values else self._constants[name] for values in many]
            if convert := self._write.get(name):
                column = _converted(column, convert) if unique else [convert(value) for value in column]
            columns.append(column)
        bound = list(zip(*columns, strict=True))
        return [dict(zip(self._names, row, strict=True)) for row in bound] if self._by_name else bound

    def _converted(self, rows: list[Row]) -> list[Row]:
        if not rows or not any(self._read):
            return rows
        columns = zip(*rows, strict=True)
        read = (
            _converted(column, convert) if convert else column
            for column, convert in zip(columns, self._read, strict=True)
        )
        return list(zip(*read, strict=True))

    @contextmanager
    def _cursor(self, connection: Connection) -> Iterator[Any]:
        """Lend a cursor of the driver; what it raises becomes what SQLAlchemy would have raised."""
        cursor = connection.connection.cursor()
        try:
            yield cursor
        except self._dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance(
                self._text, None, error, self._dialect.loaded_dbapi.Error, dialect=self._dialect
            ) from error
        finally:
            cursor.close()


def _converted(values: Sequence[Any], convert: Callable[[Any], Any]) -> list[Any]:
    """Convert a column; equal values once, because most moments and words of a batch are the same."""
    ready = {value: convert(value) for value in set(values)}
    return [ready[value] for value in values]


def _defaults(statement: Statement) -> dict[str, Any]:
    """Return what the models say for columns that an insert does not name."""
    if not isinstance(statement, Insert):
        return {}
    defaults = ((column.key, column.default) for column in statement.table.columns)
    return {key: default.arg for key, default in defaults if isinstance(default, ScalarElementColumnDefault)}
