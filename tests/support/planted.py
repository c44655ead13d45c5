"""A row of one person in every table, with a word in each column and a file of each kind, by the declarations."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import JSON, Boolean, Column, Date, Float, Integer, Table
from sqlalchemy.engine import make_url
from sqlalchemy.sql.sqltypes import BigInteger, Enum

from models import metadata
from models.columns import UtcDateTime
from models.personal import FILES, TABLES, Erase, Export, Kept
from services.privacy import rows

ROW = 900_001
"""the key of every planted row"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A word that stands in one column alone, and what is declared of it."""

    table: str
    column: str
    word: str
    kept: Kept

    @property
    def is_taken_along(self) -> bool:
        return self.kept.on_export is Export.INCLUDE

    @property
    def is_erased(self) -> bool:
        return self.kept.on_erase in {Erase.DELETE, Erase.REPLACE}


def plant(url: str, user_id: int) -> list[Plant]:
    """Put a row of this person into each table that has personal data; foreign keys are not looked at."""
    with closing(sqlite3.connect(str(make_url(url).database))) as connection:
        for declared, table in rows.of_people():
            if table.name == 'users':
                continue
            values = {column.name: _value(column, user_id) for column in table.columns}
            values |= {name: pattern.format(id=user_id).replace('%', 'x') for name, pattern in declared.matching[:1]}
            if table.name == 'activities':
                values['verb'] = 'help_asked'
            names = ', '.join(f'"{name}"' for name in values)
            places = ', '.join('?' * len(values))
            connection.execute(f'INSERT INTO {table.name} ({names}) VALUES ({places})', list(values.values()))
        connection.commit()
    return list(_plants())


def plant_files(folder: Path) -> dict[str, Path]:
    """Put a file of each kind that is of a person into the data folder; returns them by the folder."""
    made = {}
    for declared in FILES.values():
        if declared.named_by:
            table, column = declared.named_by.split('.')
            (kept,) = declared.personal
            made[declared.name] = folder / declared.name / kept.columns[0].replace('*', word(table, column))
            made[declared.name].parent.mkdir(parents=True, exist_ok=True)
            made[declared.name].write_bytes(f'content-{declared.name}'.encode())
    return made


def word(table: str, column: str) -> str:
    return f'zq{sorted(metadata.tables).index(table)}x{list(metadata.tables[table].columns.keys()).index(column)}q'


def _plants() -> Iterator[Plant]:
    for declared, table in rows.of_people():
        if table.name == 'users':
            continue
        for kept in declared.personal:
            for name in dict.fromkeys(map(rows.base, kept.columns)):
                if _is_word(table.c[name]) and name not in dict(declared.matching):
                    yield Plant(table=table.name, column=name, word=word(table.name, name), kept=kept)


def _is_word(column: Column[object]) -> bool:
    kinds = Integer, BigInteger, Boolean, Float, Enum, UtcDateTime, Date
    return not isinstance(column.type, kinds) and not column.foreign_keys


def _value(column: Column[object], user_id: int) -> object:
    table: Table = column.table
    target = next((key.column.table.name for key in column.foreign_keys), None)
    if target == 'users':
        return user_id if column.name in TABLES[table.name].whose else None if column.nullable else user_id
    if (target is not None or column.primary_key) and isinstance(column.type, Integer | BigInteger):
        return ROW
    match column.type:
        case JSON():
            parts = [part for part in TABLES[table.name].columns if rows.base(part) == column.name]
            told = word(table.name, column.name)
            return f'["{told}"]' if any(part.endswith('[]') for part in parts) else f'{{"{told}": "{told}"}}'
        case Enum():
            return column.type.enums[-1]  # of states, the one in which all is over
        case Boolean():
            return 1
        case Integer() | BigInteger() | Float():
            return 7
        case UtcDateTime():
            return '2026-03-04 05:06:07.000000'
        case Date():
            return '2026-03-04'
    return word(table.name, column.name)
