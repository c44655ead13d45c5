"""Statements on the path of a tap: written with SQLAlchemy, compiled once, and run by the driver itself.

SQLAlchemy makes each execution ready anew, which takes several times as long as a small statement does.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Dialect, Enum, Float, Insert, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeEngine

from models.columns import UtcDateTime
from services.core.sql.short_lists import ShortLists

Statement = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]] | UpdateBase
Values = Mapping[str, Any]
Row = tuple[Any, ...]
Convert = Callable[[Any], Any]

MANY = 8
"""rows from which on it is cheaper to convert column by column"""
_MISSING = object()


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
        self._error = dialect.loaded_dbapi.Error
        names = tuple(compiled.positiontup or compiled.bind_names.values())
        self._by_name = names if not compiled.positional else None
        told = _defaults(statement) | {n: value for n, value in compiled.params.items() if value is not None}
        asked = {name for bind, name in compiled.bind_names.items() if bind.required}
        constants = {name: value for name, value in told.items() if name not in asked}
        kinds = {name: bind.type for bind, name in compiled.bind_names.items()}
        self._slots = [(name, constants.get(name, _MISSING), _writer(kinds[name], dialect)) for name in names]
        self._writers = [(place, write) for place, (*_, write) in enumerate(self._slots) if write]
        self._read = [_reader(column.type, dialect) for column in statement.exported_columns]
        self._reads = any(self._read)
        self._short = ShortLists(self._text) if dialect.name == 'sqlite' else None
        self._lists = [(place, names[place]) for place in self._short.pairs] if self._short else []

    def rows(self, connection: Connection, values: Values) -> list[Row]:
        """Run it once and return all rows."""
        cursor = self._cursor(connection)
        try:
            cursor.execute(*self._ready(values))
            rows = cursor.fetchall() if self._read else []
        except self._error as error:
            raise self._translated(error) from error
        finally:
            cursor.close()
        return self._converted(rows) if rows and self._reads else rows

    def each(self, connection: Connection, many: Sequence[Values]) -> list[Row]:
        """Run it once for each of many values and return all rows."""
        bound = [self._bound(values) for values in many] if len(many) < MANY else self._bound_together(many)
        cursor = self._cursor(connection)
        try:
            rows = self._run_each(cursor, bound)
        except self._error as error:
            raise self._translated(error) from error
        finally:
            cursor.close()
        return self._converted(rows) if rows and self._reads else rows

    def _run_each(self, cursor: Any, bound: Sequence[Any]) -> list[Row]:
        rows: list[Row] = []
        if not self._read:
            cursor.executemany(self._text, bound)
        elif self._dialect.driver == 'psycopg':
            cursor.executemany(self._text, bound, returning=True)
            for result in cursor.results():
                rows += result.fetchall()
        else:
            for values in bound:
                rows += cursor.execute(self._text, values).fetchall()
        return rows

    def _ready(self, values: Values) -> tuple[str, Any]:
        """Return the text of one run with its parameters; short lists are written out where that is faster."""
        if not self._short or not self._lists:
            return self._text, self._bound(values)
        lists = {place: values[name] for place, name in self._lists}
        size = self._short.size_for(list(lists.values()))
        if size is None:
            return self._text, self._bound(values)
        return self._short.text(size), self._short.spread(self._row(values, but=lists), lists, size)

    def _bound(self, values: Values) -> Any:
        """Return the parameters of one run as the driver takes them."""
        row = self._row(values)
        return row if self._by_name is None else dict(zip(self._by_name, row, strict=True))

    def _row(self, values: Values, *, but: Container[int] = ()) -> list[Any]:
        """Return the parameters of one run in their order, converted `but` for those in some places."""
        row = [
            values[name] if constant is _MISSING else values.get(name, constant) for name, constant, _ in self._slots
        ]
        for place, write in self._writers:
            if place not in but:
                row[place] = write(row[place])
        return row

    def _bound_together(self, many: Sequence[Values]) -> list[Any]:
        """Return the parameters of many runs; equal values of a column are converted once."""
        columns = []
        for name, constant, write in self._slots:
            column = [values[name] if constant is _MISSING else values.get(name, constant) for values in many]
            columns.append(_converted(column, write) if write else column)
        bound = list(zip(*columns, strict=True))
        return bound if self._by_name is None else [dict(zip(self._by_name, row, strict=True)) for row in bound]

    def _converted(self, rows: list[Row]) -> list[Row]:
        if len(rows) < MANY:
            return [
                tuple([read(value) if read else value for read, value in zip(self._read, row, strict=True)])
                for row in rows
            ]
        columns = zip(*rows, strict=True)
        read = (
            _converted(column, convert) if convert else column
            for column, convert in zip(columns, self._read, strict=True)
        )
        return list(zip(*read, strict=True))

    def _cursor(self, connection: Connection) -> Any:
        """Return a cursor of the driver."""
        return connection.connection.cursor()

    def _translated(self, error: Exception) -> BaseException:
        """Return what SQLAlchemy would have raised."""
        return DBAPIError.instance(self._text, None, error, self._error, dialect=self._dialect)


def _writer(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """Return what makes a value ready for the driver; None if the driver takes it as it is."""
    if isinstance(kind, UtcDateTime) and dialect.name == 'sqlite':
        return _moment_text
    return _remembered(kind, kind.dialect_impl(dialect).bind_processor(dialect))


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """Return what makes a value of the driver ready for us; None if it is given as it is."""
    impl = kind.dialect_impl(dialect)
    # both drivers give floats as they are; SQLAlchemy would ask PostgreSQL first which kind of number it is
    return None if isinstance(impl, Float) else _remembered(kind, impl.result_processor(dialect, None))


def _remembered(kind: TypeEngine[Any], convert: Convert | None) -> Convert | None:
    """Convert each word of an enumeration once: there are few of them."""
    return cache(convert) if convert and isinstance(kind, Enum) else convert


def _moment_text(moment: datetime | None) -> str | None:
    """Return a moment as SQLAlchemy writes it for SQLite, which keeps text; in a fifth of the time."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError('a moment without a time zone')
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(' ', 'microseconds')[: -len('+00:00')]


def _converted(values: Sequence[Any], convert: Convert) -> list[Any]:
    """Convert a column; equal values once, because most moments and words of a batch are the same.

    JSON has no equal values to Python, which compares dictionaries only one by one.
    """
    try:
        different = set(values)
    except TypeError:
        return [convert(value) for value in values]
    ready = {value: convert(value) for value in different}
    return [ready[value] for value in values]


def _defaults(statement: Statement) -> dict[str, Any]:
    """Return what the models say for columns that an insert does not name."""
    if not isinstance(statement, Insert):
        return {}
    defaults = ((column.key, column.default) for column in statement.table.columns)
    return {key: default.arg for key, default in defaults if isinstance(default, ScalarElementColumnDefault)}
