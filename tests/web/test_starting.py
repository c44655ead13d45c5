"""The first minute of an operator: starting it, what it says when a setting is wrong, and what the README promises."""

import re
import socket
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from services.upkeep import restoring
from settings import SAMPLE_SECRET, Settings
from tests.factories.people import PASSWORD
from tests.support.eventually import PATIENCE
from tests.support.running import ROOT, Server
from tests.support.visitor import Visitor, words

README = (ROOT / 'README.md').read_text()
EXAMPLE = (ROOT / '.env.example').read_text()


@pytest.mark.req('A1', 'O1')
async def test_a_new_installation_is_set_up_once_and_leads_to_a_first_course(tmp_path: Path) -> None:
    server = Server(tmp_path, is_new=True, is_cold=True, SECRET_KEY='', DATABASE_URL='')
    server.start()
    visitor, second = Visitor(server.origin), Visitor(server.origin)
    try:
        (path,) = links(server)
        link = ['', path]
        form = await visitor.opens(link[1])
        assert 'Set up Waymark' in words(form.text)
        account = {'name': 'Ada Admin', 'email': 'ada@example.org', 'password': PASSWORD}
        home = await visitor.fills_in('/register', form=link[1], **account)
        again = await second.opens(link[1])
        server.stop()
        server.start()
        after_restart = await visitor.opens('/')
    finally:
        server.stop()
        await visitor.http.aclose()
        await second.http.aclose()

    assert 'About your school' in words(home.text), 'the second screen of the set-up'
    assert again.status_code == 410
    assert 'Your first course' in words(after_restart.text), 'the session and the secret survive a restart'
    assert 'invitation=' not in server.said(), 'the link is in no log file'
    assert 'set_up_link; it works once' in server.said()
    assert links(server) == [], 'no link once there is an admin'
    assert (server.data_dir / 'secret_key').stat().st_mode & 0o077 == 0


@pytest.mark.req('A9')
async def test_create_admin_prints_a_link_also_when_there_is_an_admin_who_forgot(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.start()
    visitor = Visitor(server.origin)
    try:
        printed = await last_line(server, 'create-admin')
        link = printed.split('http')[1].partition('/register')[2].strip()
        form = f'/register{link}'
        await visitor.fills_in('/register', form=form, name='Olga Admin', email='olga@example.org', password=PASSWORD)
        again = await last_line(server, 'create-admin', 'olga@example.org')
        new_password = await visitor.opens('/new-password' + again.partition('/new-password')[2].strip())
        nobody = await last_line(server, 'create-admin', 'nobody@example.org')
    finally:
        server.stop()
        await visitor.http.aclose()

    assert 'olga@example.org' in words(new_password.text)
    assert nobody == 'There is no account with this e-mail address.'
    assert 'create-admin' in (await server.command('--help'))[1]


async def last_line(server: Server, *words: str) -> str:
    """Return the end of what a command on the server prints."""
    _, said = await server.command(*words)
    return said.splitlines()[-1]


@pytest.mark.req('A1', 'O1')
async def test_each_start_prints_a_fresh_link_and_the_older_ones_stop_working(tmp_path: Path) -> None:
    server = Server(tmp_path)
    visitor = Visitor(server.origin)
    try:
        server.start()
        (old,) = links(server)
        server.stop()
        server.start()
        (new,) = links(server)
        answers = [(await visitor.opens(link)).status_code for link in (old, new)]
    finally:
        server.stop()
        await visitor.http.aclose()

    assert answers == [410, 200]


def links(server: Server) -> list[str]:
    file = server.data_dir / 'set_up_link'
    return re.findall(r'(/register\?invitation=\S+)', file.read_text()) if file.exists() else []


@pytest.mark.req('O1')
@pytest.mark.parametrize(
    ('name', 'value', 'says'),
    [
        ('PORT', 'eighty', 'PORT'),
        ('PORT', '70000', 'PORT'),
        ('PUBLIC_URL', 'waymark.example.org', 'PUBLIC_URL must look like https://'),
        ('PUBLIC_URL', 'https://example.org//waymark', 'or https://example.org/waymark'),
        ('DATABASE_URL', 'mysql://root@localhost/waymark', 'DATABASE_URL must be an SQLite file'),
        ('DATABASE_URL', 'nonsense', 'DATABASE_URL must look like'),
        ('DATABASE_URL', 'sqlite:////proc/nowhere/waymark.db', 'DATABASE_URL: the database cannot be opened'),
        ('DATABASE_URL', 'postgresql://nobody@127.0.0.1:1/none', 'DATABASE_URL: the database cannot be opened'),
        ('DATA_DIR', '/proc/nowhere', 'DATA_DIR: the folder'),
        ('SECRET_KEY', SAMPLE_SECRET, 'SECRET_KEY is still the sample value'),
        ('SECRET_KEY', 'short', 'SECRET_KEY is too short'),
        ('LOG_LEVEL', 'loud', 'LOG_LEVEL must be'),
        ('STUDENT_REGISTRATION', 'maybe', 'STUDENT_REGISTRATION'),
        ('INSTRUCTOR_REGISTRATION', 'maybe', 'INSTRUCTOR_REGISTRATION'),
        ('HOST', 'no.such.host.invalid', 'HOST'),
    ],
)
def test_a_wrong_setting_is_one_sentence(tmp_path: Path, name: str, value: str, says: str) -> None:
    server = Server(tmp_path, is_new=True, **{name: value})

    server.launch()

    assert server.wait_until_ended() == 1
    assert says in server.said()
    assert_one_sentence(server)


@pytest.mark.req('O1')
def test_a_port_that_is_in_use_is_one_sentence(tmp_path: Path) -> None:
    server = Server(tmp_path)
    with socket.socket() as other:
        other.bind(('127.0.0.1', server.port))
        other.listen()
        server.launch()

        assert server.wait_until_ended() == 1

    assert f'PORT: 127.0.0.1:{server.port} cannot be used' in server.said()
    assert_one_sentence(server)


def newer(data_dir: Path) -> None:
    with closing(sqlite3.connect(data_dir / 'waymark.db')) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")


def overwritten(data_dir: Path) -> None:
    (data_dir / 'waymark.db').write_bytes(b'noise ' * 10_000)
    (data_dir / 'waymark.db-wal').unlink(missing_ok=True)
    backups = data_dir / 'backups'
    backups.mkdir()
    (backups / 'waymark-backup-20260102-030405.zip').touch()


def half_restored(data_dir: Path) -> None:
    begun = data_dir / 'restoring-1' / restoring.BEGUN
    begun.parent.mkdir()
    begun.touch()


def without_rights(data_dir: Path) -> None:
    (data_dir / 'secret_key').mkdir()  # unreadable as that of another account is, also for root


@pytest.mark.req('O1', 'O3')
@pytest.mark.parametrize(
    ('spoil', 'says'),
    [
        (newer, 'is of a newer Waymark. Start that version, or restore a back-up from before the update'),
        (overwritten, 'main.py restore {data_dir}/backups/waymark-backup-20260102-030405.zip.'),
        (half_restored, 'Restore the back-up again'),
        (without_rights, 'It has to belong to the account that runs Waymark.'),
    ],
    ids=lambda each: getattr(each, '__name__', ''),
)
def test_a_start_that_is_refused_says_how_to_go_on(tmp_path: Path, spoil: Callable[[Path], None], says: str) -> None:
    server = Server(tmp_path, SECRET_KEY='')
    server.bring_tables()
    spoil(server.data_dir)

    server.launch()

    assert server.wait_until_ended() == 1
    assert says.format(data_dir=server.data_dir) in server.said()
    assert_one_sentence(server)


def assert_one_sentence(server: Server) -> None:
    said = [line for line in server.said().splitlines() if not line.startswith('{')]
    assert len(said) == 1, server.said()
    assert said[0].endswith('.')
    assert 'Traceback' not in server.said()


@pytest.mark.req('O1')
def test_every_setting_is_explained_and_every_explanation_is_of_a_setting() -> None:
    explained = re.findall(r'^#([A-Z_]+)=', EXAMPLE, re.MULTILINE)

    assert set(explained) == {name.upper() for name in Settings.model_fields}
    for name in explained:
        before = EXAMPLE.split(f'\n#{name}=')[0].split('\n\n')[-1]
        assert re.search(r'^# [A-Z].{20,}', before, re.MULTILINE), f'{name} has no explanation'


@pytest.mark.req('O1')
def test_the_values_that_are_shown_are_those_that_hold_without_them(data_dir: Path) -> None:
    shown = dict(re.findall(r'^#([A-Z_]+)=(.*)', EXAMPLE, re.MULTILINE))

    for name in ('HOST', 'PORT', 'LOG_LEVEL', 'STUDENT_REGISTRATION', 'INSTRUCTOR_REGISTRATION'):
        assert str(Settings.model_fields[name.lower()].default) == shown[name]
    assert shown['SECRET_KEY'] == SAMPLE_SECRET, 'the sample is refused'


@pytest.mark.req('O1')
def test_everything_that_the_readme_names_exists() -> None:
    makefile = (ROOT / 'Makefile').read_text()
    verbs = set(re.findall(r'make ([a-z]+)', README))
    links = re.findall(r'\]\((?!https?:)([^)#]+)', README)

    assert {'demo', 'run', 'test', 'bench'} <= verbs
    for verb in verbs:
        assert re.search(rf'^{verb}:', makefile, re.MULTILINE), f'make {verb}'
    for link in links:
        assert (ROOT / link).exists(), link


@pytest.mark.req('O4')
def test_the_demo_says_how_to_get_in_and_its_class_moves(tmp_path: Path) -> None:
    server = Server(tmp_path, script='seed.py', is_new=True, is_cold=True, DEMO_LEARNERS='2')

    server.start()
    try:
        said = server.said()
        start_page = httpx.get(server.origin, timeout=PATIENCE).text
        taps_at_first = until_more_taps(server, than=0)
        until_more_taps(server, than=taps_at_first)
    finally:
        server.stop()

    for promised in ('Instructor', 'Student', 'Admin', 'Password', 'Class code', server.origin.rpartition(':')[2]):
        assert promised in said
    for promised in ('Hillside School', 'This is a demo', 'ada@example.org', 'waymark demo'):
        assert promised in start_page, 'a stranger who has not seen the terminal'
    assert (server.data_dir / 'demo').is_dir(), 'a database of its own'
    assert not (server.data_dir / 'waymark.db').exists()
    assert [line for line in server.journal() if line['level'] == 'error'] == []


def until_more_taps(server: Server, *, than: int) -> int:
    deadline = time.monotonic() + 120
    while (taps := len(server.journal('tap'))) <= than:
        assert time.monotonic() < deadline, server.said()
        time.sleep(0.1)
    return taps


@pytest.mark.req('O1')
def test_a_second_server_on_the_same_database_refuses_to_start_until_the_first_is_gone(tmp_path: Path) -> None:
    first = Server(tmp_path / 'first')
    second = Server(tmp_path / 'second', DATABASE_URL=first.database_url)
    first.start()
    try:
        second.launch()
        assert second.wait_until_ended() == 1
        assert 'DATABASE_URL: another Waymark is running on' in second.said()
        assert_one_sentence(second)
        first.kill()
        second.start()
    finally:
        second.stop()
        first.stop()


@pytest.mark.req('O1')
def test_nobody_else_on_the_machine_reads_what_is_kept_here(tmp_path: Path) -> None:
    server = Server(tmp_path, is_new=True)
    server.data_dir.mkdir(mode=0o755)
    server.start()
    server.stop()

    kept = [server.data_dir, *server.data_dir.rglob('*')]
    assert {path.name for path in kept} >= {'waymark.db', 'set_up_link'}
    assert [path for path in kept if path.stat().st_mode & 0o077] == []


@pytest.mark.req('O2')
def test_a_database_that_was_moved_away_takes_nothing_more_and_health_says_so(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.start()
    try:
        database_file = server.data_dir / 'waymark.db'
        database_file.rename(server.data_dir / 'elsewhere.db')
        moved = httpx.post(f'{server.origin}/api/auth/register', json=SAMI, timeout=PATIENCE)
        health = httpx.get(f'{server.origin}/health', timeout=PATIENCE)
        database_file.unlink(missing_ok=True)
        (server.data_dir / 'elsewhere.db').rename(database_file)
        back = httpx.post(f'{server.origin}/api/auth/register', json=SAMI, timeout=PATIENCE)
    finally:
        server.stop()

    assert (moved.status_code, moved.json()['error']) == (503, 'NotSaved')
    assert 'moved away' in moved.json()['detail']
    assert health.status_code == 503
    assert back.status_code == 201


@pytest.mark.req('O1')
@pytest.mark.parametrize(('public_url', 'lines'), [('', 1), ('https://waymark.example.org', 0)])
def test_without_a_public_address_the_log_says_so(tmp_path: Path, public_url: str, lines: int) -> None:
    server = Server(tmp_path, PUBLIC_URL=public_url)
    server.start()
    server.stop()

    assert len(server.journal('no public address')) == lines


SAMI = {'name': 'Sami', 'email': 'sami@example.org', 'password': PASSWORD}
