"""Real processes that serve one database from two folders: the second one does not start, and says what to do."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.redis_server import RedisServer, redis_server
from tests.support.running import Server
from tests.support.servers import PostgresServer
from tests.support.templates import migrated_database
from tests.web.test_starting import assert_one_sentence

pytestmark = [pytest.mark.req('O2', 'O3')]
__all__ = ['redis_server']

Process = Callable[..., Server]


@pytest.fixture
def process(tmp_path: Path, postgres_server: PostgresServer, redis_server: RedisServer) -> Iterator[Process]:
    """Have one more process of the same school, which ends with the test."""
    name = migrated_database(postgres_server)
    at = {'DATABASE_URL': postgres_server.url(name), 'REDIS_URL': redis_server.url}
    servers: list[Server] = []

    def one(data: Path, **settings: str) -> Server:
        servers.append(Server(tmp_path / str(len(servers)), DATA_DIR=str(data), **at, **settings))
        return servers[-1]

    yield one
    for server in servers:
        server.stop()
    postgres_server.drop_database(name)


async def test_a_process_with_another_folder_does_not_start_beside_others(process: Process, tmp_path: Path) -> None:
    data, other, link = tmp_path / 'data', tmp_path / 'other', tmp_path / 'link'
    link.symlink_to(data)
    first, beside, elsewhere = process(data), process(link), process(other)
    first.start()
    beside.start()

    refuses(elsewhere, f'DATA_DIR: other processes serve this database from another folder than {other}')
    refuses(process(data, SECRET_KEY='a secret that nobody else here has'), 'SECRET_KEY: other processes')
    code, said = await elsewhere.command('check')
    assert 'LOOK  processes: DATA_DIR' in said
    assert code == 1

    first.kill()
    beside.stop()
    shutil.rmtree(other)
    shutil.copytree(data, other)  # moved to another disk, with what they left
    elsewhere.start()
    assert elsewhere.journal('not shared') == []


def refuses(server: Server, sentence: str) -> None:
    """Start a process that ends by itself, with one sentence."""
    server.launch()
    assert server.wait_until_ended() == 1
    assert sentence in server.said()
    assert_one_sentence(server)
