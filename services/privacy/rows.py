"""Which rows and files are of a person, by what is declared beside the models; no table is named here."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Column, ColumnElement, Table, false, or_, select
from sqlmodel import col

from models import User, metadata
from models.personal import FILES, TABLES, Declaration, Kept
from services.core.errors import NotFound
from services.core.phrases import phrase
from services.core.text import read_address
from services.core.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalFile:
    """A file, or a folder, in the data folder that is of a person."""

    declared: Declaration
    kept: Kept
    table: str
    """the table that has its name"""
    key: tuple[object, ...]
    """of the row that has its name"""
    place: str
    """below the data folder"""


def selves(tx: Transaction, user_id: int) -> frozenset[int]:
    """Return the ids of one person: their own, and those of guests who turned out to be them."""
    found = tx.execute(select(col(User.id)).where((col(User.id) == user_id) | (col(User.merged_into_id) == user_id)))
    ids = frozenset(found.scalars())
    if user_id not in ids:
        raise NotFound(_NOBODY)
    return ids


def find(tx: Transaction, person: str) -> int:
    """Return the id of a person by their e-mail address or their number; for the operator."""
    which = col(User.id) == int(person) if person.isdecimal() else col(User.email) == read_address(person)
    found = tx.execute(select(col(User.id)).where(which)).scalar_one_or_none()
    if found is None:
        raise NotFound(_NOBODY)
    return int(found)


def of_people() -> Iterator[tuple[Declaration, Table]]:
    """Yield every table that has personal data, those first that others refer to."""
    for table in metadata.sorted_tables:
        if (declared := TABLES[table.name]).personal:
            yield declared, table


def theirs(table: Table, ids: Collection[int]) -> ColumnElement[bool]:
    """Return which rows of a table are of a person, by the column that says so or by the row it leads to."""
    declared = TABLES[table.name]
    found = [_through(table.c[name], ids) for name in declared.whose]
    for name, pattern in declared.matching:
        found += [table.c[name].like(pattern.format(id=id_)) for id_ in ids]
    return or_(false(), *found)


def _through(column: Column[object], ids: Collection[int]) -> ColumnElement[bool]:
    if column.table.name == User.__tablename__:
        return column.in_(ids)
    target = next(iter(column.foreign_keys)).column
    if target.table.name == User.__tablename__:
        return column.in_(ids)
    return column.in_(select(target).where(theirs(target.table, ids)))


def base(part: str) -> str:
    """Return the column of a declared part: `custom` for `custom.*`."""
    return part.split('.')[0].removesuffix('[]')


def key(table: Table) -> tuple[Column[object], ...]:
    """Return the columns of the primary key of a table."""
    return tuple(table.primary_key.columns)


def files(tx: Transaction, ids: Collection[int]) -> Iterator[PersonalFile]:
    """Yield the files of a person, whether or not they are there."""
    for declared in FILES.values():
        if declared.named_by:
            yield from _files(tx, declared, ids)


def _files(tx: Transaction, declared: Declaration, ids: Collection[int]) -> Iterator[PersonalFile]:
    name, column = declared.named_by.split('.')
    table = metadata.tables[name]
    for *keyed, stored_as in tx.execute(select(*key(table), table.c[column]).where(theirs(table, ids))):
        for kept in declared.personal:
            for pattern in kept.columns:
                place = f'{declared.name}/{pattern.replace("*", str(stored_as))}'
                yield PersonalFile(declared=declared, kept=kept, table=name, key=tuple(keyed), place=place)


def is_within(folder: Path, place: Path) -> bool:
    """Return whether a path leads into a folder and not out of it."""
    return place.resolve().is_relative_to(folder.resolve())


_NOBODY = phrase('There is no such person.')
