"""Nothing about people is kept that is not declared: tables, columns, parts of JSON values, indexes and files."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import JSON, inspect, select

from models import Enrollment, Note, User, metadata
from models.personal import FILES, TABLES, Erase
from services.core import database
from services.core.transaction import Transaction
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.notes import editing
from services.people import custom_fields
from services.privacy import declared
from tests.factories.classes import a_class

pytestmark = pytest.mark.req('V1')

ROOT = Path(declared.__file__).parents[2]
HOUSEKEEPING = {'alembic_version'}
"""of the migrations"""


@pytest.mark.parametrize('name', sorted(metadata.tables))
def test_every_column_is_declared_once(name: str) -> None:
    assert name in TABLES, f'Say beside the model of “{name}” what it holds of people: models/personal.py tells how.'
    told = TABLES[name].columns
    columns = {column.name for column in metadata.tables[name].columns}
    assert {base(part) for part in told} == columns
    assert len(set(told)) == len(told)


def test_no_declaration_is_left_over() -> None:
    assert set(TABLES) == set(metadata.tables)


@pytest.mark.parametrize('name', sorted(metadata.tables))
def test_whoever_a_row_names_is_declared(name: str) -> None:
    people = {
        column.name
        for column in metadata.tables[name].columns
        if any(key.column.table.name == User.__tablename__ for key in column.foreign_keys)
    }
    told = TABLES[name]
    assert people <= {*told.whose, *told.others} | {part for each in told.personal for part in each.columns}


@pytest.mark.parametrize('name', sorted(metadata.tables))
def test_what_is_personal_is_of_somebody_and_the_rest_has_a_reason(name: str) -> None:
    told = TABLES[name]
    assert bool(told.personal) is not bool(told.because)
    for each in told.personal:
        assert each.what
        assert each.why
        assert not each.until.since or each.until.since in told.columns
        if told.whose == ('id',):
            assert each.on_erase is not Erase.DELETE, 'the log needs the row'


@pytest.mark.parametrize('name', sorted(metadata.tables))
def test_json_is_declared_by_its_parts(name: str) -> None:
    for column in metadata.tables[name].columns:
        parts = [part for part in TABLES[name].columns if base(part) == column.name]
        assert all(part != column.name for part in parts) is isinstance(column.type, JSON), column.name


@pytest.mark.usefixtures('db')
@pytest.mark.both_databases
async def test_what_json_holds_is_what_is_declared() -> None:
    klass = await a_class(checkpoints=1)
    learner, checkpoint = klass.learner, klass.checkpoints[0]
    await database.write(checkpoints.edit, klass.teacher, checkpoint, Details(title='Look', tags=('soil',)))
    fields = [('Desk', '7'), ('Bus', '12')]
    await database.write(custom_fields.fill, klass.teacher, klass.course_id, user_id=learner.user_id, fields=fields)
    await database.write(editing.write, learner, checkpoint, text='Wet', tags=['soil'])

    assert await database.read(undeclared) == []
    assert list(unknown(Enrollment.__tablename__, 'custom', ['a list'])) == ['custom[]']
    assert list(unknown(Note.__tablename__, 'tags', {'key': 1})) == ['tags.key']


@pytest.mark.usefixtures('db')
@pytest.mark.both_databases
async def test_every_table_of_the_database_is_declared() -> None:
    copies = tuple(name for told in TABLES.values() for name in told.copies)
    present = await database.read(lambda tx: set(inspect(tx.connection).get_table_names()))
    assert {name for name in present if not name.startswith(copies)} == {*TABLES, *HOUSEKEEPING}


def test_every_file_in_the_data_folder_is_declared() -> None:
    named = {name for path in sources() for name in IN_THE_FOLDER.findall(path.read_text(encoding='utf-8'))}
    assert named == set(FILES)


def test_the_page_has_the_declarations_as_they_are() -> None:
    text = declared.PAGE.read_text(encoding='utf-8')
    assert text == declared.page(text), 'Run `python -m services.privacy.declared`.'


IN_THE_FOLDER = re.compile(r"""data_dir(?:\.absolute\(\))?\s*/\s*['"]([^'"]+)['"]""")


def sources() -> Iterator[Path]:
    yield from (ROOT / 'serving.py', ROOT / 'settings.py')
    for package in 'commands', 'services', 'api', 'ui', 'web':
        yield from (ROOT / package).rglob('*.py')


def base(part: str) -> str:
    return part.split('.')[0].removesuffix('[]')


def undeclared(tx: Transaction) -> list[str]:
    """Return the parts of JSON values in the database that nobody declared."""
    return [
        f'{name}.{part}'
        for name, its_table in metadata.tables.items()
        for column in its_table.columns
        if isinstance(column.type, JSON)
        for value in tx.execute(select(column)).scalars()
        for part in unknown(name, column.name, value)
    ]


def unknown(table: object, column: str, value: object) -> Iterator[str]:
    told = TABLES[str(table)].columns
    if isinstance(value, dict) and f'{column}.*' not in told:
        yield from (part for key in value if (part := f'{column}.{key}') not in told)
    elif isinstance(value, list) and f'{column}[]' not in told:
        yield f'{column}[]'
