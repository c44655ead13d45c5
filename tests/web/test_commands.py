"""The commands of the operator, typed beside a server that is at work."""

import json
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import main
from commands import line, priority, upkeep
from settings import settings
from tests.factories.people import PASSWORD
from tests.support.running import ROOT, Server
from tests.support.visitor import Visitor, words
from tests.web.test_starting import links

pytestmark = pytest.mark.req('O3', 'O9')
BEHIND_TAPS = """
import json, os
from commands import priority

def tell():
    of_session = priority.OF_SESSION.read_text().split()[-1] if priority.OF_SESSION.exists() else ''
    print(json.dumps({'session': os.getsid(0), 'nice': os.nice(0), 'of session': of_session}), flush=True)

os.setsid()
tell()
priority.let_taps_go_first()
tell()
raise SystemExit(7)
"""
ENDED_BACKUP = """
import sys, time
import main
from services.upkeep import backing_up

def write(*_):
    print('at work', flush=True)
    time.sleep(60)

backing_up._check_room = lambda *_: None
backing_up._write = write
sys.argv = ['main.py', 'backup', '{file}']
main.main()
"""
ENDED = """
import time
from commands import priority

priority.let_taps_go_first()
try:
    print('at work', flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    print('ended in order', flush=True)
    raise SystemExit(3)
"""


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[Server]:
    """A server with an admin, Ada."""
    server = Server(tmp_path / 'school', SECRET_KEY='', DATABASE_URL='')
    server.start()
    visitor = Visitor(server.origin)
    [form] = links(server)
    await visitor.fills_in('/register', form=form, name='Ada Admin', email='ada@example.org', password=PASSWORD)
    await visitor.http.aclose()
    yield server
    server.stop()


def test_what_takes_long_beside_a_class_lets_taps_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(priority, 'let_taps_go_first', lambda: done.append('taps first'))
    monkeypatch.setattr(line, 'run', lambda asked: done.append(asked.command))
    for command in (['check'], ['backup'], ['verify']):
        monkeypatch.setattr(sys, 'argv', ['main.py', *command])
        with pytest.raises(SystemExit):
            main.main()

    assert done == ['check', 'taps first', 'backup', 'taps first', 'verify']


def test_what_goes_behind_taps_has_a_session_of_its_own_with_a_lower_priority() -> None:
    """A priority alone counts for nothing beside a server in another session."""
    beside = subprocess.run([sys.executable, '-c', BEHIND_TAPS], cwd=ROOT, capture_output=True, text=True, check=False)
    of_parent, of_child = (json.loads(line) for line in beside.stdout.splitlines())

    assert beside.returncode == 7, beside.stderr
    assert of_child['session'] != of_parent['session']
    assert (of_parent['nice'], of_child['nice']) == (0, 5)
    if of_parent['of session']:
        assert (of_parent['of session'], of_child['of session']) == ('0', '5')


def test_who_ends_a_command_that_goes_behind_taps_ends_its_work() -> None:
    with subprocess.Popen([sys.executable, '-c', ENDED], cwd=ROOT, stdout=subprocess.PIPE, text=True) as beside:
        assert beside.stdout
        assert beside.stdout.readline() == 'at work\n'
        beside.send_signal(signal.SIGINT)

        assert beside.stdout.read() == 'ended in order\n'
        assert beside.wait() == 3


@pytest.mark.parametrize('ending', [signal.SIGTERM, signal.SIGINT], ids=lambda ending: ending.name)
def test_a_backup_that_is_ended_leaves_nothing_behind(ending: signal.Signals, tmp_path: Path) -> None:
    ended = ENDED_BACKUP.format(file=tmp_path / 'saved.zip')
    with subprocess.Popen([sys.executable, '-c', ended], cwd=ROOT, stdout=subprocess.PIPE, text=True) as command:
        assert command.stdout
        assert command.stdout.readline() == 'at work\n'
        assert [path.name.partition('-')[0] for path in tmp_path.iterdir()] == ['.backup']
        command.send_signal(ending)

        assert command.wait() == 128 + ending
    assert list(tmp_path.iterdir()) == []


def test_a_backup_imports_nothing_of_what_it_does_not_need() -> None:
    """All of Waymark is seconds of a processor that a class needs."""
    asked = 'import sys, main, commands.back_up; print(*{name.partition(".")[0] for name in sys.modules})'
    answer = subprocess.run([sys.executable, '-c', asked], cwd=ROOT, capture_output=True, text=True, check=True)

    assert {'models', 'alembic', 'nicegui', 'fastapi', 'numpy', 'babel'} & set(answer.stdout.split()) == set()


async def test_a_school_is_saved_while_it_runs_and_brought_back(school: Server, tmp_path: Path) -> None:
    file = str(tmp_path / 'saved.zip')
    saved = await school.command('backup', file)
    whole = await school.command('restore', '--dry-run', file)
    refused = await school.command('restore', '--yes', file)
    school.stop()
    (school.data_dir / 'secret_key').unlink()
    (school.data_dir / 'waymark.db').write_bytes(b'broken')
    (school.data_dir / 'waymark.db-wal').unlink(missing_ok=True)
    broken = await school.command('check')
    nobody_to_ask = await school.command('restore', file)
    restored = await school.command('restore', '--yes', file)
    rebuilt = await school.command('rebuild')
    school.start()
    visitor = Visitor(school.origin)
    home = await visitor.fills_in('/sign-in', email='ada@example.org', password=PASSWORD)
    await visitor.http.aclose()

    assert saved == (0, f'{file}: {saved[1].split(": ")[1]}')
    assert 'Keep a copy on another machine.' in saved[1]
    assert whole[0] == 0
    assert 'is whole: made on' in whole[1]
    assert refused[0] == 2
    assert 'Stop it first.' in refused[1]
    assert broken[0] == 1
    assert 'LOOK  database: it cannot be opened' in broken[1]
    assert nobody_to_ask[0] == 2
    assert 'Nothing was changed.' in nobody_to_ask[1]
    assert restored[0] == 0, restored[1]
    assert 'What was here before is in' in restored[1]
    assert '0 differences' in restored[1]
    assert rebuilt[0] == 0, rebuilt[1]
    assert 'Ada Admin' in words(home.text)


async def test_what_commands_write_is_read_by_nobody_else(school: Server) -> None:
    code, printed = await school.command('backup')
    folder = school.data_dir / 'backups'

    assert code == 0, printed
    assert {f'{stat.S_IMODE(each.stat().st_mode):o}' for each in (folder, *folder.iterdir())} == {'700', '600'}


async def test_check_says_what_to_do_and_programs_can_read_it(school: Server) -> None:
    code, printed = await school.command('check')
    _, for_programs = await school.command('check', '--json')
    mail = await school.command('check', '--mail', 'ada@example.org')
    found = {each['name']: each for each in json.loads(for_programs)}

    assert code == 0, printed
    assert '→ Set BACKUP_KEEP=7' in printed
    assert set(found) == {'settings', 'data folder', 'disk', 'database', 'address', 'mails', 'back-ups', 'secret'}
    assert found['database'] == {
        'name': 'database', 'is_well': True, 'found': 'SQLite; the file is whole', 'todo': ''
    }  # fmt: skip
    assert mail[0] == 1
    assert 'LOOK  test mail: no mail server is set' in mail[1]


async def test_a_secret_that_was_lost_is_said_at_start_and_by_check_until_it_is_back(school: Server) -> None:
    file = school.data_dir / 'secret_key'
    kept = file.read_bytes()
    school.stop()
    file.unlink()
    school.start()
    lost, said = await school.command('check'), school.said()
    school.stop()
    file.write_bytes(kept)
    back = await school.command('check')
    file.unlink()
    replaced = await school.command('keep-secret')
    after = await school.command('check')

    assert 'another secret' in said
    assert 'Put secret_key of a back-up into the data folder' in said
    assert lost[0] == 1
    assert 'LOOK  secret: not the one from before' in lost[1]
    assert 'LOOK  secret' not in back[1]
    assert replaced[0] == 0, replaced[1]
    assert 'LOOK  secret' not in after[1]


def test_only_where_something_is_replaced_somebody_is_asked(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The secret that the command itself has made in an empty place is nothing to ask about."""
    monkeypatch.delenv('SECRET_KEY')
    monkeypatch.setattr('builtins.input', lambda _: 'no')
    config = settings()

    assert (data_dir / 'secret_key').exists()
    assert upkeep._agreed(config)
    (data_dir / 'uploads').mkdir()
    assert not upkeep._agreed(config)
