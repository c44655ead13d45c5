"""What docs/api.md says is true: its code runs, and its table names what is there."""

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from models import Role, User
from services.core import database
from services.core.transaction import Transaction
from tests.factories.people import an_account
from tests.support.eventually import PATIENCE
from tests.support.running import ROOT, Server

pytestmark = pytest.mark.req('B1')

PAGE = (ROOT / 'docs' / 'api.md').read_text()
ADDRESS = 'https://waymark.example.org'
PASSWORD = 'a long and secret one'


@pytest.fixture
async def ines(server: Server) -> None:
    """The instructor of the page."""
    entered = await an_account(email='ines@example.org', password=PASSWORD, name='Ines Moreau')
    await database.write(_let_teach, entered.actor.user_id)


def _let_teach(tx: Transaction, user_id: int) -> None:
    tx.session.get_one(User, user_id).role = Role.INSTRUCTOR


@pytest.mark.usefixtures('ines')
async def test_the_code_on_the_page_runs(server: Server, tmp_path: Path) -> None:
    shell = await run('bash', '-euo', 'pipefail', '-c', code('sh', server), folder=tmp_path)
    python = await run(sys.executable, '-c', code('python', server), folder=tmp_path)

    assert '\n304\n' in shell
    assert 'Student 10 50 %' in python
    assert 'completed checkpoint' in python


def code(language: str, server: Server) -> str:
    """All blocks in a language, one after the other, for this server."""
    blocks = re.findall(rf'^```{language}\n(.*?)^```$', PAGE, re.DOTALL | re.MULTILINE)
    return '\n'.join(blocks).replace(ADDRESS, server.origin)


async def run(*command: str, folder: Path) -> str:
    environment = {'PATH': os.environ['PATH'], 'HOME': str(folder)}
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()


ROWS = [
    [cell.strip() for cell in line.strip('|').split('|')]
    for line in PAGE.partition('## Where everything is')[2].splitlines()
    if line.startswith('| ') and not line.startswith(('| theirs', '| ---'))
]


@pytest.fixture(scope='module')
def paths(running_server: Server) -> dict[str, Any]:
    """The addresses of the document, asked for once: it is made when somebody asks for it, and has 1.5 MB."""
    document = httpx.get(f'{running_server.origin}/api/openapi.json', timeout=PATIENCE)
    return document.json()['paths']  # type: ignore[no-any-return]


@pytest.mark.parametrize('row', ROWS, ids=lambda row: row[0].strip('`'))
def test_the_table_names_what_is_there(paths: dict[str, Any], row: list[str]) -> None:
    _, ours, proof = row

    for method, path in re.findall(r'`([A-Z]+) (/\S+)`', ours):
        assert method.lower() in paths.get(path, {}), f'{method} {path} is not in the document'
    for file, test in re.findall(r'`(\S+\.py)::(\w+)`', proof):
        assert re.search(rf'^(async )?def {test}\(', (ROOT / 'tests' / file).read_text(), re.MULTILINE), (file, test)
    assert ours
    assert proof
