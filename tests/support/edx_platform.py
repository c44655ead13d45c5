"""Open edX's own LTI platform as a process on this machine, and a browser without a screen that follows its forms.

It needs packages that would change those of the project, so it has a virtual environment of its own, which
`make lti-platform` makes; or WAYMARK_LTI_PLATFORM names the Python of another one.
"""

import asyncio
import html
import json
import os
import re
import sqlite3
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx

from tests.support.running import ROOT, free_port
from tests.support.servers import skip_or_insist

PATIENCE = 90.0


@dataclass(frozen=True, slots=True)
class EdxPlatform:
    """A platform that runs, and what is registered of it."""

    origin: str
    facts: dict[str, str]
    folder: Path

    async def knows(self) -> dict[str, Any]:
        """What has arrived there."""
        async with httpx.AsyncClient(timeout=30) as client:
            found: dict[str, Any] = (await client.get(f'{self.origin}/grades')).json()
            return found

    def override(self, *, share: float) -> None:
        """Change every grade there, as a teacher does in the gradebook, for which the platform has no page here."""
        with closing(sqlite3.connect(self.folder / 'db.sqlite3')) as connection, connection:
            connection.execute('UPDATE lti_consumer_ltiagsscore SET score_given = score_maximum * ?', [share])


def python() -> str:
    """Return the Python that has Open edX's platform; without it the test is skipped, or fails where all must run."""
    named = os.environ.get('WAYMARK_LTI_PLATFORM', '')
    for path in (named, str(ROOT / '.venv-edx/bin/python')):
        if path and Path(path).exists():
            return path
    return skip_or_insist('There is no Open edX platform: see tests/support/edx_platform.py.')


def script() -> Path:
    """Return the program that starts it, from the folder beside the project."""
    for parent in Path(__file__).resolve().parents:
        if (found := parent / 'shared/lti/platform_edx.py').is_file():
            return found
    return skip_or_insist('There is no file shared/lti/platform_edx.py beside the project.')


@asynccontextmanager
async def an_edx_platform(tool: str, folder: Path, *, ags: str) -> AsyncIterator[EdxPlatform]:
    """Start the platform for a tool; `ags` says whether it makes the columns of its gradebook itself."""
    port = free_port()
    process = _start(tool, folder, port, ags)
    try:
        await _wait(f'http://127.0.0.1:{port}/grades', process, folder)
        yield EdxPlatform(f'http://127.0.0.1:{port}', json.loads((folder / 'platform.json').read_text()), folder)
    finally:
        process.kill()
        process.wait()


def _start(tool: str, folder: Path, port: int, ags: str) -> 'subprocess.Popen[bytes]':
    folder.mkdir(parents=True)
    with (folder / 'log').open('wb') as log:
        return subprocess.Popen(
            [python(), str(script()), tool, str(folder)],
            env={'PATH': os.environ['PATH'], 'HOME': str(folder), 'PORT': str(port), 'AGS': ags},
            stdout=log,
            stderr=subprocess.STDOUT,
        )


async def _wait(address: str, process: 'subprocess.Popen[bytes]', folder: Path) -> None:
    async with httpx.AsyncClient(timeout=30) as client:
        async with asyncio.timeout(PATIENCE):
            while True:
                assert process.poll() is None, (folder / 'log').read_text()
                try:
                    if (await client.get(address)).status_code == 200:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.1)


async def follow(client: httpx.AsyncClient, address: str) -> httpx.Response:
    """Open an address as a browser does: redirects are followed, and a page that only posts a form posts it."""
    answer = await client.get(address, follow_redirects=True)
    for _ in range(5):
        form = _form(answer)
        if form is None:
            return answer
        action, fields = form
        answer = await client.post(urljoin(str(answer.url), action), data=fields, follow_redirects=True)
    raise AssertionError(f'forms without end at {answer.url}')


def form_to(page: str, begins: str) -> tuple[str, dict[str, str]]:
    """Return the form of a page whose address begins so: its address and its hidden fields."""
    for form in re.findall(r'<form.*?</form>', page, re.DOTALL):
        found = re.search(r'action="([^"]*)"', form)
        if found and html.unescape(found[1]).startswith(begins):
            return html.unescape(found[1]), _fields(form)
    raise AssertionError(f'no form to {begins}')


def _form(answer: httpx.Response) -> tuple[str, dict[str, str]] | None:
    """Return the form that a page of the platform posts by itself; ours wait for people."""
    form = re.search(r'<form.*?</form>', answer.text, re.DOTALL)
    if not form or '.submit()' not in answer.text or 'id_token' not in form[0]:
        return None
    action = re.search(r'action="([^"]*)"', form[0])
    return (html.unescape(action[1]), _fields(form[0])) if action else None


def _fields(form: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for field in re.findall(r'<input[^>]*>', form, re.DOTALL):
        name, value = re.search(r'name="([^"]*)"', field), re.search(r'value="([^"]*)"', field)
        if name and value:
            fields[html.unescape(name[1])] = html.unescape(value[1])
    return fields
