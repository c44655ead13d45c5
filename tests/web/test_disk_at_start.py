"""A disk that is full or read-only when a server starts: one sentence, nothing is changed, and then it starts."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.running import Server
from tests.web.test_full_disk import fill, make_room, small_disk
from tests.web.test_starting import assert_one_sentence

pytestmark = pytest.mark.req('O1', 'O3')
__all__ = ['small_disk']


def read_only(disk: Path) -> None:
    _mount_again(disk, 'ro')


def writable(disk: Path) -> None:
    _mount_again(disk, 'rw')


def _mount_again(disk: Path, how: str) -> None:
    subprocess.run([shutil.which('mount') or 'mount', '-o', f'remount,{how}', disk], check=True)


@pytest.mark.parametrize(
    ('spoil', 'mend', 'says'),
    [(fill, make_room, 'The disk is full. Make room and start again'), (read_only, writable, 'cannot be written to')],
    ids=['full', 'read-only'],
)
def test_a_start_is_refused_with_a_sentence_and_works_once_it_is_mended(
    small_disk: Path, tmp_path: Path, spoil: Callable[[Path], None], mend: Callable[[Path], None], says: str
) -> None:
    home = tmp_path / 'school'
    home.mkdir()
    (small_disk / 'data').mkdir()
    (home / 'data').symlink_to(small_disk / 'data')
    server = Server(home)
    server.bring_tables()
    before = (small_disk / 'data' / 'waymark.db').read_bytes()
    spoil(small_disk)
    try:
        server.launch()
        assert server.wait_until_ended() == 1
        assert says in server.said()
        assert_one_sentence(server)
        assert (small_disk / 'data' / 'waymark.db').read_bytes() == before
    finally:
        mend(small_disk)

    server.start()
    server.stop()
