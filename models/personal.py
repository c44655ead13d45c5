"""Which data are personal: declared beside each table, with why, on which basis, for how long, and what follows.

Every column stands in one declaration: it says of whom a row is (`whose`), which other people it names (`others`), is
personal (`personal`) or says nothing of anybody (`plain`). JSON is declared by its parts: `custom.*` for keys that
people choose, `answer.name` for a key of ours, `tags[]` for the values of a list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from sqlmodel import SQLModel


class Basis(StrEnum):
    """Why data may be kept (GDPR, article 6)."""

    CONTRACT = 'needed for the course that the person takes part in'
    DUTY = 'the school has to'
    INTEREST = 'legitimate interest'
    CONSENT = 'the person chose to'


class Export(StrEnum):
    """What a download of a person's data does with them."""

    INCLUDE = 'included'
    LEAVE_OUT = 'left out: a secret, or of no meaning to the person'
    AS_TABLES = 'as each table says'


class Erase(StrEnum):
    """What the erasure of a person does with them."""

    DELETE = 'deleted'
    REPLACE = 'replaced by a pseudonym, or emptied'
    KEEP = 'stays, under the pseudonym'
    AS_TABLES = 'as each table says'
    AFTER_RESTORE = 'erased again when it is restored'


@dataclass(frozen=True, slots=True)
class Until:
    """How long data are kept: in words, and where a number of days decides, counted from which column."""

    words: str
    days: int | None = None
    since: str = ''
    setting: str = ''
    """the setting that has the number of days, where schools decide; 0 is for good"""


ERASED = Until('the person is erased')
NEVER = Until('for good: figures and records depend on it')


def days(number: int, *, since: str) -> Until:
    """Keep data for some days from a moment that the row has."""
    return Until(f'{number} days' if number > 1 else 'a day', number, since)


def analytics(*, since: str) -> Until:
    """Keep data for as many days as the school decides, from a moment that the row has."""
    return Until('ANALYTICS_RETENTION_DAYS are over', None, since, 'analytics_retention_days')


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Some columns with personal data, and what is done with them."""

    columns: tuple[str, ...]
    what: str
    why: str
    basis: Basis
    until: Until
    on_export: Export
    on_erase: Erase
    only: tuple[str, tuple[str, ...]] = ('', ())
    """a column and its values, where an erasure empties these rows alone: elsewhere the columns hold ids of ours"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What one table, or one folder of files, holds of people."""

    name: str
    whose: tuple[str, ...] = ()
    """the columns that say of whom a row is"""
    others: tuple[str, ...] = ()
    """the columns that name other people, such as who made it"""
    personal: tuple[Kept, ...] = ()
    plain: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    """the search indexes that the database keeps of it"""
    matching: tuple[tuple[str, str], ...] = ()
    """where no column holds the id of the person: columns, and the LIKE pattern of a text with their `{id}` in it"""
    mentions: tuple[str, ...] = ()
    """columns that are, or have in JSON, the name or the address of anybody; their rows go with the person"""
    named_by: str = ''
    """of a folder: the column, as `table.column`, that has the names of its files, for the `*` in their pattern"""
    because: str = ''
    """why there is nothing personal in it"""

    @property
    def columns(self) -> tuple[str, ...]:
        """All that is declared, in order."""
        return *self.whose, *self.others, *(name for kept in self.personal for name in kept.columns), *self.plain


def kept(
    columns: str,
    what: str,
    why: str,
    basis: Basis = Basis.CONTRACT,
    until: Until = ERASED,
    *,
    on_export: Export = Export.INCLUDE,
    on_erase: Erase = Erase.KEEP,
    only: tuple[str, tuple[str, ...]] = ('', ()),
) -> Kept:
    """Declare some columns, separated by spaces, as personal."""
    return Kept(
        columns=tuple(columns.split()),
        what=what,
        why=why,
        basis=basis,
        until=until,
        on_export=on_export,
        on_erase=on_erase,
        only=only,
    )


def declare(
    model: type[SQLModel],
    *personal: Kept,
    whose: str = '',
    others: str = '',
    plain: str = '',
    copies: str = '',
    matching: tuple[tuple[str, str], ...] = (),
    mentions: str = '',
    because: str = '',
) -> None:
    """Declare what a table holds of people."""
    name = str(model.__tablename__)
    _tables[name] = Declaration(
        name=name,
        whose=tuple(whose.split()),
        others=tuple(others.split()),
        personal=personal,
        plain=tuple(plain.split()),
        copies=tuple(copies.split()),
        matching=matching,
        mentions=tuple(mentions.split()),
        because=because,
    )


def declare_files(name: str, *personal: Kept, named_by: str = '', because: str = '') -> None:
    """Declare what a file, or a folder of files, in the data folder holds of people."""
    _files[name] = Declaration(name=name, personal=personal, named_by=named_by, because=because)


_tables: dict[str, Declaration] = {}
_files: dict[str, Declaration] = {}

TABLES: Mapping[str, Declaration] = MappingProxyType(_tables)
"""by the name of the table"""
FILES: Mapping[str, Declaration] = MappingProxyType(_files)
"""by the name in the data folder"""
