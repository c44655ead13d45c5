"""`column IN (values named later)` as one text whatever their count, so that such a statement can be prepared.

SQLAlchemy's `in_` writes the statement anew for each length of the list.
"""

from typing import Any

import orjson
from sqlalchemy import Boolean, Column, ColumnElement, Dialect, Integer, String, bindparam, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


def among(column: Column[int], name: str) -> ColumnElement[bool]:
    """Return the condition that a column is one of the numbers that are bound to `name` as a list."""
    return _Among(column, bindparam(name, type_=_NumberList()))


def pair_among(number: Column[int], word: Column[str], name: str) -> ColumnElement[bool]:
    """Return the condition that two columns are one of the pairs that are bound to `name` as a list."""
    condition: ColumnElement[bool] = tuple_(number, word).bool_op('IN')(_Pairs(bindparam(name, type_=_Json())))
    return condition


def number_pair_among(one: Column[int], other: Column[int], name: str) -> ColumnElement[bool]:
    """Return the condition that two columns are one of the pairs of numbers that are bound to `name` as a list."""
    condition: ColumnElement[bool] = tuple_(one, other).bool_op('IN')(_NumberPairs(bindparam(name, type_=_Json())))
    return condition


class _Json(TypeDecorator[object]):
    """Any value, as JSON text."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str:
        return orjson.dumps(value).decode()


class _NumberList(_Json):
    """An array on PostgreSQL, which plans better with it; JSON text on SQLite."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(Integer) if dialect.name == 'postgresql' else String())

    def process_bind_param(self, value: object, dialect: Dialect) -> Any:
        return value if dialect.name == 'postgresql' else super().process_bind_param(value, dialect)


class _Among(FunctionElement[bool]):
    """A column and a list of numbers."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> '_Among':
        """It is a comparison already; of a function SQLAlchemy would ask whether it is 1."""
        return self


class _Pairs(FunctionElement[int]):
    type = Integer()
    inherit_cache = True


class _NumberPairs(FunctionElement[int]):
    type = Integer()
    inherit_cache = True


_WRITTEN = {
    # PostgreSQL knows how many numbers there are; of a query it takes two hundred, whatever it is given.
    (_Among, 'sqlite'): '{} IN (SELECT value FROM json_each({}))',
    (_Among, 'postgresql'): '{} = ANY ({})',
    (_Pairs, 'sqlite'): '(SELECT value ->> 0, value ->> 1 FROM json_each({}))',
    (_Pairs, 'postgresql'): '(SELECT CAST(e ->> 0 AS bigint), e ->> 1 FROM json_array_elements(CAST({} AS json)) AS e)',
    (_NumberPairs, 'sqlite'): '(SELECT value ->> 0, value ->> 1 FROM json_each({}))',
    (_NumberPairs, 'postgresql'): (
        '(SELECT CAST(e ->> 0 AS bigint), CAST(e ->> 1 AS bigint) FROM json_array_elements(CAST({} AS json)) AS e)'
    ),
}


@compiles(_Among)
@compiles(_Pairs)
@compiles(_NumberPairs)
def _write(element: FunctionElement[int], compiler: SQLCompiler, **how: Any) -> str:
    parts = [compiler.process(part, **how) for part in element.clauses]
    return _WRITTEN[type(element), compiler.dialect.name].format(*parts)
