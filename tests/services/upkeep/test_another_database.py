"""Commands on a database that is not there, of another version, or half restored: one sentence, and a way on."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from commands import line
from settings import settings

pytestmark = pytest.mark.req('O9')

ASKED = (
    ['verify'],
    ['rebuild'],
    ['rebuild', '--dry-run'],
    ['unarchive'],
    ['export-person', '1', 'person.zip'],
    ['erase-person', '1', '--yes'],
    ['store-accounts', '1'],
)
"""every command that reads what a database says of people"""


def nothing_there() -> None:
    pass


def an_empty_file() -> None:
    Path(database()).touch()


def of_the_future() -> None:
    at_revision('9999_the_future')


def of_the_past() -> None:
    at_revision('0001')


def half_restored() -> None:
    folder = settings().data_dir / 'restoring-1'
    folder.mkdir()
    (folder / 'begun').touch()


@pytest.mark.usefixtures('data_dir')
@pytest.mark.parametrize('asked', ASKED, ids=' '.join)
@pytest.mark.parametrize(
    ('happened', 'said'),
    [
        (nothing_there, 'There is no Waymark in this database yet.'),
        (an_empty_file, 'There is no Waymark in this database yet.'),
        (of_the_future, 'This database is of a newer Waymark. Use that version.'),
        (of_the_past, 'This database is of an older Waymark. Start the server once'),
        (half_restored, 'Restore the back-up again.'),
    ],
)
def test_a_command_says_what_is_wrong_with_the_database_and_changes_nothing(
    asked: list[str], happened: Callable[[], None], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    happened()
    before = [path.name for path in settings().data_dir.iterdir() if path.suffix == '.db']

    code = line.run(line.parser().parse_args(asked))

    printed = capsys.readouterr()
    assert (code, len(printed.err.splitlines())) == (2, 1), printed.err
    assert said in printed.err
    assert [path.name for path in settings().data_dir.iterdir() if path.suffix == '.db'] == before
    assert not Path('person.zip').exists()


@pytest.mark.usefixtures('data_dir')
def test_an_empty_file_is_no_school_to_save(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    an_empty_file()

    code = line.run(line.parser().parse_args(['backup', str(tmp_path / 'saved.zip')]))

    assert code == 2
    assert 'there is nothing to save' in capsys.readouterr().err
    assert list(tmp_path.glob('saved*')) == []
    assert list(recwarn) == [], 'nothing is left open'


def at_revision(name: str) -> None:
    """Write which version a database says to be of; nothing else of it is looked at."""
    with closing(sqlite3.connect(database(), isolation_level=None)) as connection:
        connection.execute('CREATE TABLE alembic_version (version_num TEXT)')
        connection.execute('INSERT INTO alembic_version VALUES (?)', (name,))


def database() -> str:
    path = settings().database_url.removeprefix('sqlite:///')
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return path
