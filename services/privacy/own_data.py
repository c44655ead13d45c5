"""Everything about one person as a ZIP: a page to read, JSON for programs, and their files.

What is in it, and what is left out, the declarations beside the models say (`models/personal.py`).
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Column, Table, func, select

from models import Activity, User, metadata
from models.personal import TABLES, Declaration, Export
from services import access
from services.access import Actor
from services.activity import archive
from services.core import languages
from services.core.buckets import Buckets
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.core.zip_stream import Sink, add, entry, opened
from services.privacy import own_data_page, rows
from services.privacy.own_data_page import Part
from services.quizzes import kept_back
from services.quizzes.kept_back import KeptBack
from settings import settings

READ = 'read-me.html'
ROWS_ON_PAGE = 200
"""of one table; all of them are in its JSON file"""
ROWS_AT_ONCE = 1_000
NAMES_AT_ONCE = 500
LETTERS = frozenset('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-')
"""of which the name of a file in the ZIP is made"""

downloads = Buckets(
    name='own data',
    per_second=1 / 60,
    at_once=3,
    sentence=phrase('You have taken your data along a few times just now. Try again in a minute.'),
)
"""by person: it reads everything that there is of them"""


@dataclass(slots=True, kw_only=True)
class Packed:
    """What is known of a person, ready to be sent."""

    sink: Sink
    archive: ZipFile
    files: list[tuple[str, Path]] = field(default_factory=list)
    """where each goes in the ZIP, and where it lies"""

    def pieces(self) -> Iterator[bytes]:
        """Yield the ZIP; files are read from the disk meanwhile: do not ask on the event loop."""
        yield self.sink.take()
        for name, path in self.files:
            try:
                size = path.stat().st_size
            except FileNotFoundError:
                continue  # it has been removed meanwhile
            for _ in add(self.archive, name, path, size=size):
                yield self.sink.take()
        self.archive.close()
        yield self.sink.take()


def take_along(tx: Transaction, actor: Actor | None) -> Packed:
    """Pack everything that there is of the actor."""
    actor = access.signed_in(tx, actor)
    downloads.take(str(actor.user_id))
    tx.note('own data taken along', user=actor.user_id)
    back = kept_back.of_person(tx, actor.user_id, rows.selves(tx, actor.user_id))
    return pack(tx, actor.user_id, language=actor.language, back=back)


def pack(tx: Transaction, user_id: int, *, language: str = '', back: KeptBack = kept_back.NOTHING) -> Packed:
    """Pack everything that there is of a person; the caller has checked that it may.

    `back` are results that quizzes keep back from the person for now: an exam would be given away while it goes on.
    """
    ids = rows.selves(tx, user_id)
    sink = Sink()
    packed = Packed(sink=sink, archive=opened(sink))
    names = _Names(tx)
    placed = _place_files(tx, ids, packed)
    parts = [
        part
        for declared, table in rows.of_people()
        if declared.whose and (part := _add_table(tx, packed.archive, declared, table, ids, names, placed, back))
    ]
    person = tx.session.get_one(User, user_id)
    said = own_data_page.html(
        name=person.name,
        made_at=tx.now,
        parts=parts,
        named_in=dict(_named_in(tx, ids)),
        speak=partial(own_data_page.speak, languages.translations(language)),
        keeps_back=back != kept_back.NOTHING,
    )
    packed.archive.writestr(entry(READ, ZIP_DEFLATED), said)
    return packed


def _add_table(
    tx: Transaction,
    archive: ZipFile,
    declared: Declaration,
    table: Table,
    ids: Collection[int],
    names: '_Names',
    placed: Mapping[tuple[str, tuple[object, ...]], str],
    back: KeptBack,
) -> Part | None:
    """Write the rows of a table to a JSON file; return what the page shows of them, or None if there are none."""
    columns = exported(declared, table)
    if not columns:
        return None
    key = rows.key(table)
    found = select(*key, *columns).where(rows.theirs(table, ids)).order_by(*key)
    shown: list[Mapping[str, object]] = []
    number = 0
    with archive.open(entry(f'data/{table.name}.json', ZIP_DEFLATED), 'w', force_zip64=True) as into:
        into.write(b'[')
        there = tx.execute(found.execution_options(yield_per=ROWS_AT_ONCE)).partitions()
        for some in chain(_archived(tx, table, [*key, *columns], ids), there):
            told = names.tell(columns, [row[len(key) :] for row in some])
            for row, values in zip(some, told, strict=True):
                file = placed.get((table.name, tuple(row[: len(key)])))
                ids_of = {column.name: value for column, value in zip(key, row, strict=False)}
                kept = back.without(table.name, {**ids_of, **values})
                values = {name: kept[name] for name in values}
                written = {**values, 'file': file} if file else values
                into.write((b',\n' if number else b'\n') + json.dumps(written, ensure_ascii=False).encode())
                shown.append(written)
                number += 1
            del shown[:-ROWS_ON_PAGE]
        into.write(b'\n]\n')
    return Part(declared=declared, number=number, rows=shown) if number else None


def _archived(
    tx: Transaction, table: Table, columns: Sequence[Column[object]], ids: Collection[int]
) -> Iterator[Sequence[Sequence[object]]]:
    """Yield the rows that have left the log of activities for its archive, some at a time."""
    rows_ = archive.of_people(tx, ids) if table.name == Activity.__tablename__ else iter(())
    while some := [[row[column.name] for column in columns] for row in islice(rows_, ROWS_AT_ONCE)]:
        yield some


def exported(declared: Declaration, table: Table) -> list[Column[object]]:
    """Return the columns of a table that a person takes along."""
    parts = (part for kept in declared.personal if kept.on_export is Export.INCLUDE for part in kept.columns)
    return [table.c[name] for name in dict.fromkeys(map(rows.base, parts))]


def _place_files(tx: Transaction, ids: Collection[int], packed: Packed) -> dict[tuple[str, tuple[object, ...]], str]:
    """Note the files of a person, and return where each is in the ZIP, by the row that has its name."""
    folder, placed = settings().data_dir, dict[tuple[str, tuple[object, ...]], str]()
    for file in rows.files(tx, ids):
        path = folder / file.place
        if not _is_taken_along(file) or not rows.is_within(folder, path) or not path.is_file():
            continue
        number = '-'.join(map(str, file.key))
        name = f'files/{file.declared.name}/{number}-{"".join(each for each in path.name if each in LETTERS)}'
        placed[file.table, file.key] = name
        packed.files.append((name, path))
    return placed


def _is_taken_along(file: rows.PersonalFile) -> bool:
    """Return whether a file is in the ZIP: as it is declared, or as the column is that has its name."""
    if file.kept.on_export is not Export.AS_TABLES:
        return file.kept.on_export is Export.INCLUDE
    column = file.declared.named_by.split('.')[1]
    return any(column in kept.columns and kept.on_export is Export.INCLUDE for kept in TABLES[file.table].personal)


def _named_in(tx: Transaction, ids: Collection[int]) -> Iterator[tuple[str, int]]:
    """Yield how often rows that are of others, or of nobody, name this person, by table and column."""
    for name, declared in TABLES.items():
        table = metadata.tables[name]
        for column in declared.others:
            named = select(func.count()).select_from(table).where(table.c[column].in_(ids))
            if number := tx.execute(named).scalar_one():
                yield f'{name}.{column}', number


class _Names:
    """What courses, checkpoints and the like are called, so that a row says more than their ids."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._known: dict[str, dict[object, str]] = {}

    def tell(self, columns: list[Column[object]], found: Sequence[Sequence[object]]) -> Iterator[dict[str, object]]:
        """Yield rows as JSON takes them, each id followed by a name if it has one."""
        named = {place: target for place, column in enumerate(columns) if (target := _name_of(column)) is not None}
        for place, (id_, name) in named.items():
            self._look_up(id_, name, {row[place] for row in found} - {None})
        for row in found:
            told: dict[str, object] = {}
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                told[column.name] = _plain(value)
                if place in named and value is not None:
                    called = self._known[named[place][0].table.name].get(value)
                    told[column.name.removesuffix('_id')] = called
            yield told

    def _look_up(self, id_: Column[object], name: Column[object], ids: set[object]) -> None:
        known = self._known.setdefault(id_.table.name, {})
        new = list(ids - known.keys())
        for start in range(0, len(new), NAMES_AT_ONCE):
            rows_ = self._tx.execute(select(id_, name).where(id_.in_(new[start : start + NAMES_AT_ONCE])))
            known.update((key, str(said)) for key, said in rows_)


def _name_of(column: Column[object]) -> tuple[Column[object], Column[object]] | None:
    """Return the id and the name of what a column leads to, if that is a part of a course and not a person."""
    for key in column.foreign_keys:
        target = key.column.table
        name = next((target.c[name] for name in ('title', 'name') if name in target.c), None)
        if name is not None and TABLES[target.name].because:
            return key.column, name
    return None


def _plain(value: object) -> object:
    """Return a value as JSON has it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)
