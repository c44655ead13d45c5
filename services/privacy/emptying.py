"""What an erasure does with rows, by their declarations: deletes them, or empties the columns that say something."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import JSON, Column, ColumnElement, Table, Text, cast, delete, or_, select, tuple_, update
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeDecorator

from models import User, metadata
from models.personal import TABLES, Declaration, Erase, Kept
from services.core.transaction import Transaction
from services.privacy import rows

ROWS_AT_ONCE = 400
"""of one table, in one transaction: what waits for it waits for a few milliseconds"""
NO_PASSWORD = '!'  # noqa: S105 - no hash is like it
"""in place of a hash: the account is no guest, and nobody can sign in to it"""

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Some rows of a table that are to be deleted or emptied."""

    table: str
    keys: Sequence[Key]
    kept: Kept | None
    """the columns that are emptied; None where the rows are deleted"""


def slices(tx: Transaction, ids: Collection[int]) -> list[Slice]:
    """Return what is to be done yet, rows that refer to others first."""
    found: list[Slice] = []
    for declared, table in reversed(list(rows.of_people())):
        if table.name != User.__tablename__:
            found += _slices(tx, declared, table, ids)
    return found


def mentioning(tx: Transaction, names: Collection[str]) -> list[Slice]:
    """Return the rows of nobody, or of others, that have a name or an address for a while, alone or in JSON."""
    found: list[Slice] = []
    for declared in TABLES.values():
        for column in declared.mentions:
            table = metadata.tables[declared.name]
            quoted = [json.dumps(name, ensure_ascii=False) for name in names if name]
            is_it = table.c[column].in_([name for name in names if name])
            has = or_(is_it, *(table.c[column].contains(each, autoescape=True) for each in quoted))
            found += cut(tx, table, has, None)
    return found


def work_off(tx: Transaction, part: Slice) -> None:
    """Do what a slice says."""
    table = metadata.tables[part.table]
    key = rows.key(table)
    which = key[0].in_([first for first, *_ in part.keys]) if len(key) == 1 else tuple_(*key).in_(part.keys)
    if part.kept is None:
        tx.execute(delete(table).where(which))
    else:
        tx.execute(update(table).where(which).values(_values(table, part.kept)))


def empty_person(tx: Transaction, user_id: int, pseudonym: str, plain: str) -> None:
    """Give a person a pseudonym, and empty what else their own row says of them."""
    table = metadata.tables[str(User.__tablename__)]
    values: dict[str, object] = {}
    for kept in TABLES[table.name].personal:
        if kept.on_erase is Erase.REPLACE:
            values |= _values(table, kept)
    values |= {'name': pseudonym, 'plain_name': plain, 'password_hash': NO_PASSWORD}
    tx.execute(update(table).where(table.c.id == user_id).values(values))
    tx.session.expire_all()


def _slices(tx: Transaction, declared: Declaration, table: Table, ids: Collection[int]) -> Iterator[Slice]:
    mine = rows.theirs(table, ids)
    if any(kept.on_erase is Erase.DELETE for kept in declared.personal):
        yield from cut(tx, table, mine, None)
        return
    for kept in declared.personal:
        if kept.on_erase is Erase.REPLACE:
            yield from cut(tx, table, mine & is_full(table, kept), kept)


def cut(
    tx: Transaction, table: Table, which: ColumnElement[bool], kept: Kept | None, *, most: int | None = None
) -> list[Slice]:
    """Return rows of a table in slices, in the order of their keys: all of them, or at most so many."""
    key = rows.key(table)
    keys = [tuple(row) for row in tx.execute(select(*key).where(which).order_by(*key).limit(most))]
    return [
        Slice(table=table.name, keys=keys[start : start + ROWS_AT_ONCE], kept=kept)
        for start in range(0, len(keys), ROWS_AT_ONCE)
    ]


def is_full(table: Table, kept: Kept) -> ColumnElement[bool]:
    """Return which rows say something in these columns yet."""
    says: list[ColumnElement[bool]] = []
    for name, empty in _values(table, kept).items():
        column = table.c[name]
        if empty is None:
            says.append(column.is_not(None))
        elif isinstance(column.type, JSON):
            says.append(cast(column, Text).not_in(['[]', '{}']))
        else:
            says.append(column != empty)
    column_name, values = kept.only
    full = or_(*says)
    return full & table.c[column_name].in_(values) if column_name else full


def _values(table: Table, kept: Kept) -> dict[str, object]:
    """Return what the columns hold when they say nothing."""
    return {name: _empty(table.c[name], kept) for name in dict.fromkeys(map(rows.base, kept.columns))}


def _empty(column: Column[object], kept: Kept) -> object:
    if isinstance(column.type, JSON):
        return [] if f'{column.name}[]' in kept.columns else {}
    if column.nullable:
        return None
    if isinstance(column.default, ScalarElementColumnDefault):
        return column.default.arg
    kind = (column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type).python_type
    if kind in {str, bool, int, float}:
        return kind()
    raise AssertionError(f'{column} cannot be emptied: let it be NULL')
