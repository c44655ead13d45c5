"""A disk that is really full: everything is refused with a sentence, nothing is lost or half there, and it goes on."""

import secrets
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from io import RawIOBase
from pathlib import Path

import httpx
import pytest

from services.accounts import tokens
from services.core import database
from tests.factories.classes import ClassAtHand, a_class
from tests.factories.files import a_video
from tests.factories.people import PASSWORD, an_account
from tests.support.course_archives import a_zip
from tests.support.running import Server, token_of
from tests.support.visitor import Visitor, hidden_fields, words

pytestmark = pytest.mark.req('O2', 'O3', 'C4')

SIZE = 40 * 1024 * 1024
FULL = 'Not saved: the disk of the server is full.'


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own for the data of a server; only those who run the machine may make one."""
    place = tmp_path / 'disk'
    place.mkdir()
    mount = shutil.which('mount') or 'mount'
    made = subprocess.run(
        [mount, '-t', 'tmpfs', '-o', f'size={SIZE}', 'tmpfs', place], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip('this needs the right to mount')
    yield place
    subprocess.run([shutil.which('umount') or 'umount', '--lazy', place], check=True)


@pytest.fixture
def school(small_disk: Path, tmp_path: Path) -> Iterator[Server]:
    """A server whose data, but not its log, are on the small disk."""
    home = tmp_path / 'school'
    home.mkdir()
    (small_disk / 'data').mkdir()
    (home / 'data').symlink_to(small_disk / 'data')
    server = Server(home)
    server.start()
    yield server
    server.stop()


def fill(disk: Path) -> None:
    """Leave not one byte."""
    with (disk / 'ballast').open('ab', buffering=0) as file:
        for size in (1024 * 1024, 4096, 1):
            with pytest.raises(OSError, match='No space'):
                _write_without_end(file, bytes(size))


def _write_without_end(file: RawIOBase, content: bytes) -> None:
    while True:
        file.write(content)


def make_room(disk: Path) -> None:
    (disk / 'ballast').unlink()


def files(disk: Path) -> set[str]:
    """Return what lies on the disk, but for what is there while the database is open."""
    there = (str(path.relative_to(disk)) for path in disk.rglob('*') if path.is_file())
    return {path for path in there if not path.endswith(('-wal', '-shm', 'ballast'))}


async def mark(client: httpx.AsyncClient, checkpoint: int) -> httpx.Response:
    return await client.post(f'/progress/{checkpoint}/complete', headers={'idempotency-key': secrets.token_hex(16)})


async def done(client: httpx.AsyncClient, klass: ClassAtHand) -> int:
    answer = await client.get(f'/progress/student/{klass.learner.user_id}/course/{klass.course_id}')
    return int(answer.json()['course']['done'])


async def mark_until_it_is_full(client: httpx.AsyncClient, checkpoints: Sequence[int]) -> int:
    """Mark one after the other, and return how many of them were acknowledged; the last one was not."""
    for place, checkpoint in enumerate(checkpoints):
        answer = await mark(client, checkpoint)
        if answer.status_code != 200:
            assert answer.status_code == 503
            assert answer.json()['detail'].startswith(FULL)
            return place
    raise AssertionError('there was room for all of them')


async def test_a_school_whose_disk_is_full_loses_nothing_and_goes_on_when_there_is_room(
    school: Server, small_disk: Path, data_dir: Path
) -> None:
    async with school.at_hand():
        klass = await a_class(checkpoints=40)
        await an_account(email='sami@example.org')
        ines = Visitor(school.origin, token=await token_of(klass.teacher))
        lena = Visitor(school.origin, token=await token_of(klass.learner))
        token = (await database.write(tokens.enter, klass.learner.user_id, 'Client')).access_token
    nobody = Visitor(school.origin)
    headers = {'authorization': f'Bearer {token}'}
    csrf = {'x-csrf': hidden_fields((await ines.opens('/account')).text, '/sign-out')['csrf']}
    api = httpx.AsyncClient(base_url=f'{school.origin}/api', headers=headers, timeout=60)
    async with aclosing(ines.http), aclosing(lena.http), aclosing(nobody.http), api as client:
        there = files(small_disk)
        fill(small_disk)
        acknowledged = await mark_until_it_is_full(client, klass.checkpoints)

        for path, field in ((f'/content/{klass.checkpoints[0]}/film', a_video()), ('/courses/import', a_zip())):
            refused = await ines.http.post(path, files={'f': ('file', field)}, headers=csrf)
            assert (refused.status_code, refused.json()['said'][: len(FULL) - 1]) == (503, FULL[:-1]), path
        page = await nobody.fills_in('/sign-in', email='sami@example.org', password=PASSWORD)
        assert (page.status_code, FULL in words(page.text)) == (503, True)
        assert (await lena.opens(f'/class/{klass.course_id}')).status_code == 200, 'reading goes on'
        live = await ines.opens(f'/courses/{klass.course_id}/live')
        assert (live.status_code, FULL in words(live.text)) == (200, True), 'a class is not shut to its teacher'
        assert (await ines.opens(f'/courses/{klass.course_id}/people')).status_code == 503, 'what can wait is'
        code, said = await school.command('backup')
        assert (code, 'Make room' in said) == (2, True)
        assert files(small_disk) == there, 'nothing is half there'
        assert await done(client, klass) == acknowledged

        school.kill()
        make_room(small_disk)
        school.start()
        assert await done(client, klass) == acknowledged, 'what was acknowledged, and no more'
        assert (await mark(client, klass.checkpoints[-1])).status_code == 200
    school.stop()
    code, said = await school.command('verify')
    assert (code, said.endswith(' 0 differences')) == (0, True)
