"""Back-ups: what was saved while the school was at work is there again, and nothing else is believed."""

import errno
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import MetaData, create_engine, func, select, text

from commands import line, tables
from services import projections, verify
from services.core import clock, database, kept_backups
from services.core.errors import Refused
from services.upkeep import backing_up, dumps, nightly_backups, restoring
from services.upkeep.backup_file import MANIFEST
from settings import SettingsError, settings
from tests.factories.classes import a_class, tap
from tests.support.servers import PostgresServer

pytestmark = pytest.mark.req('O3', 'O9')

FILM = b'film' * 500_000


def quietly(*_: object) -> None:
    """Show nobody how far it is."""


@pytest.fixture
def new_url(url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a place where nothing is yet, for a database of the same kind."""
    if dumps.kind_of(url) == dumps.SQLITE:
        yield f'sqlite:///{tmp_path / "elsewhere" / "waymark.db"}'
        return
    server: PostgresServer = request.getfixturevalue('postgres_server')
    name = server.create_database()
    yield server.url(name)
    server.drop_database(name)


@pytest.mark.both_databases
@pytest.mark.usefixtures('db')
async def test_last_nights_backup_is_brought_in_elsewhere_with_every_tick(
    url: str, new_url: str, data_dir: Path, tmp_path: Path
) -> None:
    room = await a_class(learners=('Lena', 'Bo', 'Cy'))
    await tap(room, room.checkpoints[0], by=room.learners[0])
    uploads = data_dir / 'uploads' / 'ab'
    uploads.mkdir(parents=True)
    (uploads / 'film').write_bytes(FILM)
    (data_dir / 'secret_key').write_text('a secret of this school that is long enough')
    saved, elsewhere = tmp_path / 'saved.zip', tmp_path / 'elsewhere'
    elsewhere.mkdir()

    manifest = backing_up.make(url, data_dir, saved, say=quietly)
    await tap(room, room.checkpoints[0], by=room.learners[1])  # the school goes on
    before = restoring.restore(saved, new_url, elsewhere, now=clock.now(), say=quietly)

    assert before is None, 'there was nothing'
    assert saved.stat().st_mode & 0o077 == 0
    assert set(manifest.files) == {dumps.FILES[dumps.kind_of(url)], 'secret_key', 'uploads/ab/film'}
    assert (elsewhere / 'uploads' / 'ab' / 'film').read_bytes() == FILM
    assert (elsewhere / 'secret_key').read_bytes() == (data_dir / 'secret_key').read_bytes()
    now, then = rows(url), rows(new_url)
    assert then['activities'] == now['activities'] - 1
    assert {name: number for name, number in then.items() if number != now[name]}.keys() <= {
        *('activities', 'progress', 'enrollments')
    }
    database.close()
    database.open_at(new_url, projections.ALL)
    assert await database.read(verify.differences) == []
    if dumps.kind_of(url) == dumps.POSTGRESQL:
        counted = text("SELECT count(*) FROM pg_stats WHERE tablename = 'activities'")
        assert await database.read(lambda tx: tx.execute(counted).scalar_one()), 'its tables are not planned as empty'


@pytest.mark.both_databases
@pytest.mark.usefixtures('db')
async def test_what_was_there_before_is_moved_aside_and_can_be_had_again(
    url: str, data_dir: Path, tmp_path: Path
) -> None:
    room = await a_class(learners=('Lena', 'Bo'))
    (data_dir / 'uploads').mkdir(parents=True)
    (data_dir / 'uploads' / 'old').write_bytes(b'old')
    saved = tmp_path / 'saved.zip'
    backing_up.make(url, data_dir, saved, say=quietly)
    (data_dir / 'uploads' / 'new').write_bytes(b'new')
    await tap(room, room.checkpoints[0], by=room.learners[0])
    later = rows(url)
    database.close()

    before = restoring.restore(saved, url, data_dir, now=clock.now(), say=quietly)

    assert [path.name for path in (data_dir / 'uploads').iterdir()] == ['old']
    assert rows(url)['activities'] == later['activities'] - 1
    assert before is not None
    assert (before / 'uploads' / 'new').read_bytes() == b'new'
    if dumps.kind_of(url) == dumps.SQLITE:
        assert rows(f'sqlite:///{before / "waymark.db"}') == later
    else:
        dumps.load(url, before / 'database.dump')
        assert rows(url) == later


@pytest.mark.usefixtures('db')
async def test_after_a_restore_that_was_killed_nothing_starts_on_the_half_of_it(
    url: str, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, saved = await a_class(learners=('Lena',)), tmp_path / 'saved.zip'
    config = settings().model_copy(update={'database_url': url, 'data_dir': data_dir})
    (data_dir / 'uploads').mkdir(parents=True)
    (data_dir / 'uploads' / 'old').write_bytes(b'old')
    backing_up.make(url, data_dir, saved, say=quietly)
    await tap(room, room.checkpoints[0], by=room.learners[0])
    then = rows(url)
    database.close()
    move = shutil.move

    def move_once(*paths: Path) -> None:
        move(*paths)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(shutil, 'move', move_once)
        with pytest.raises(Killed):
            restoring.restore(saved, url, data_dir, now=clock.now(), say=quietly)
    with pytest.raises(SettingsError, match='Restore the back-up again'):
        tables.migrate(config)

    restoring.restore(saved, url, data_dir, now=clock.now() + timedelta(minutes=1), say=quietly)

    tables.migrate(config)
    assert rows(url)['activities'] == then['activities'] - 1
    assert [path.name for path in (data_dir / 'uploads').iterdir()] == ['old']
    assert restores(data_dir) == ['before', 'before'], 'what was there is never deleted'


def restores(folder: Path) -> list[str]:
    """Return what restores have left there."""
    return sorted(path.name.partition('-')[0] for path in folder.iterdir() if 'restor' in path.name)


class Killed(BaseException):
    """Ends a process where it is."""


@pytest.mark.both_databases
@pytest.mark.parametrize('url', ['postgresql'], indirect=True)
@pytest.mark.usefixtures('db')
async def test_where_a_restore_into_postgresql_fails_half_way_what_was_there_comes_back(
    url: str, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await a_class(learners=('Lena', 'Bo'))
    (data_dir / 'uploads').mkdir(parents=True)
    saved = tmp_path / 'saved.zip'
    backing_up.make(url, data_dir, saved, say=quietly)
    (data_dir / 'uploads' / 'new').write_bytes(b'new')
    await tap(room, room.checkpoints[0], by=room.learners[0])
    later = rows(url)
    database.close()
    load, tries = dumps.load, iter([False, True])

    def load_half(url: str, source: Path) -> None:
        if next(tries):
            load(url, source)
            return
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.exec_driver_sql('DROP SCHEMA public CASCADE')
            connection.exec_driver_sql('CREATE SCHEMA public')
        engine.dispose()
        raise Refused('The disk is full.')

    monkeypatch.setattr(dumps, 'load', load_half)
    with pytest.raises(Refused, match='The disk is full'):
        restoring.restore(saved, url, data_dir, now=clock.now(), say=quietly)

    assert rows(url) == later
    assert (data_dir / 'uploads' / 'new').read_bytes() == b'new'
    assert restoring.broken_off(data_dir) is None


def rows(url: str) -> dict[str, int]:
    """Count the rows of every table."""
    engine, tables = create_engine(url), MetaData()
    with engine.connect() as connection:
        tables.reflect(connection)
        found = {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in tables.tables.items()
        }
    engine.dispose()
    return found


@pytest.fixture
def saved(url: str, data_dir: Path, tmp_path: Path) -> Path:
    """A back-up of a school without people, with one upload."""
    (data_dir / 'uploads').mkdir(parents=True)
    (data_dir / 'uploads' / 'film').write_bytes(FILM)
    backing_up.make(url, data_dir, tmp_path / 'saved.zip', say=quietly)
    return tmp_path / 'saved.zip'


@pytest.mark.parametrize('url', ['sqlite'], indirect=True)
@pytest.mark.parametrize(
    ('damage', 'said'),
    [
        ('a byte of the film', 'damaged: uploads/film is not what was saved'),
        ('half of the file', 'is no back-up of Waymark, or it is not whole'),
        ('no list', 'has no readable list'),
        ('one file more', 'has other files in it than its list says'),
        ('a way out', 'has other files in it than its list says'),
        ('a newer format', 'was made by a newer Waymark'),
        ('another database', 'This back-up is of postgresql, and DATABASE_URL leads to sqlite'),
        ('not there', 'There is no file'),
    ],
)
def test_what_is_not_whole_is_refused_and_changes_nothing(
    url: str, data_dir: Path, saved: Path, damage: str, said: str
) -> None:
    harm(saved, damage)
    there = sorted(data_dir.rglob('*'))

    with pytest.raises(Refused, match=said):
        restoring.restore(saved, url, data_dir, now=clock.now(), say=quietly)

    assert sorted(data_dir.rglob('*')) == there
    assert (data_dir / 'uploads' / 'film').read_bytes() == FILM
    assert not (data_dir.parent / 'evil').exists()


@pytest.mark.parametrize('url', ['sqlite'], indirect=True)
def test_a_restore_that_runs_out_of_room_leaves_nothing_and_works_when_there_is_room(
    url: str, data_dir: Path, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = sorted(data_dir.rglob('*'))

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(restoring.os, 'fsync', full)
        with pytest.raises(Refused, match=r'cannot be brought into .* \(No space left on device\)'):
            restoring.restore(saved, url, data_dir, now=clock.now(), say=quietly)
    assert sorted(data_dir.rglob('*')) == there

    restoring.restore(saved, url, data_dir, now=clock.now(), say=quietly)
    assert (data_dir / 'uploads' / 'film').read_bytes() == FILM


def harm(path: Path, damage: str) -> None:
    content = path.read_bytes()
    if damage == 'a byte of the film':
        path.write_bytes(content.replace(FILM[:1000], b'x' + FILM[1:1000], 1))
    elif damage == 'half of the file':
        path.write_bytes(content[: len(content) // 2])
    elif damage == 'not there':
        path.unlink()
    else:
        with ZipFile(path) as old:
            files = {name: old.read(name) for name in old.namelist()}
        manifest = json.loads(files.pop(MANIFEST))
        if damage == 'one file more':
            files['uploads/more'] = b'more'
        if damage == 'a way out':
            files['uploads/../../evil'] = b'evil'
            manifest['files']['uploads/../../evil'] = [4, '']
        manifest |= {'waymark': 2} if damage == 'a newer format' else {}
        manifest |= {'database': 'postgresql'} if damage == 'another database' else {}
        if damage != 'no list':
            files[MANIFEST] = json.dumps(manifest).encode()
        with ZipFile(path, 'w', zipfile.ZIP_STORED) as new:
            for name, part in files.items():
                new.writestr(name, part)


@pytest.mark.parametrize('url', ['sqlite'], indirect=True)
@pytest.mark.usefixtures('db')
def test_a_backup_that_cannot_be_written_leaves_nothing_behind(url: str, data_dir: Path, tmp_path: Path) -> None:
    (tmp_path / 'file').write_text('no folder')

    with pytest.raises(Refused, match='cannot be written to'):
        backing_up.make(url, data_dir, tmp_path / 'file' / 'saved.zip', say=quietly)
    backing_up.make(url, data_dir, tmp_path / 'saved.zip', say=quietly)
    with pytest.raises(Refused, match='is there already'):
        backing_up.make(url, data_dir, tmp_path / 'saved.zip', say=quietly)

    assert [path.name for path in sorted(tmp_path.iterdir()) if path.is_file() and 'waymark.db-' not in path.name] == [
        'file',
        'saved.zip',
        'waymark.db',
    ]


@pytest.mark.parametrize('url', ['sqlite'], indirect=True)
@pytest.mark.usefixtures('db')
def test_it_is_said_of_a_secret_that_is_a_setting_that_it_is_not_in_the_file(
    data_dir: Path, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv('DATABASE_URL', url)
    said = []
    for secret in ('s' * 64, ''):
        monkeypatch.setenv('SECRET_KEY', secret)
        settings.cache_clear()
        assert line.run(line.parser().parse_args(['backup', str(tmp_path / f'{len(secret)}.zip')])) == 0
        said.append(capsys.readouterr().out)

    assert (data_dir / 'secret_key').exists(), 'without the setting one was made'
    assert ['Keep SECRET_KEY beside it' in each for each in said] == [True, False]


@pytest.mark.parametrize(
    ('hours', 'hour', 'due'),
    [(None, 12, True), (24, 2, True), (24, 12, False), (3, 2, False), (31, 12, True), (18, 3, False), (20, 4, True)],
)
def test_a_backup_is_made_at_night_and_later_where_the_machine_was_off(hours: int, hour: int, due: bool) -> None:
    now = datetime.fromisoformat('2026-11-29T12:00:00+00:00')
    latest = None if hours is None else now - timedelta(hours=hours)

    assert nightly_backups.is_due(latest, now, hour=hour) is due


@pytest.mark.parametrize('url', ['sqlite'], indirect=True)
@pytest.mark.usefixtures('db')
async def test_each_night_one_is_made_and_the_oldest_goes(
    data_dir: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('DATABASE_URL', url)
    await nightly_backups.make_one()
    assert not kept_backups.made(data_dir), 'nobody has asked for any'
    monkeypatch.setenv('BACKUP_KEEP', '2')
    settings.cache_clear()
    (data_dir / 'backups').mkdir()
    (data_dir / 'backups' / 'waymark-0003-20200101-000000.db').write_bytes(b'of a migration')
    for day in (1, 2):
        old = data_dir / 'backups' / f'waymark-nightly-2020010{day}-000000.zip'
        old.write_bytes(b'old')
        os.utime(old, (0, 0))

    by_hand = kept_backups.place(data_dir, datetime(2019, 1, 1, tzinfo=UTC))
    by_hand.write_bytes(b'before the new roof')

    await nightly_backups.make_one()
    await nightly_backups.make_one()

    first, *left = [path.name for path in kept_backups.made(data_dir)]
    assert first == by_hand.name, 'what somebody made is theirs to remove'
    assert len(left) == 2
    assert left[0] == 'waymark-nightly-20200102-000000.zip'
    assert restoring.checked(data_dir / 'backups' / left[1], say=quietly).database == 'sqlite'
    assert len(list((data_dir / 'backups').glob('*.db'))) == 1, 'the copies before migrations are not ours'
