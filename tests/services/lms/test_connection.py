"""Asking other systems: what libraries load for the first question is loaded where nobody waits for it."""

import subprocess
import sys
from pathlib import Path

import pytest

from services.lms import connection

pytestmark = pytest.mark.req('R3')

ASKS = """
import asyncio, sys
from services.lms import connection

async def answer(reader, writer):
    await reader.readuntil(b'\\r\\n\\r\\n')
    writer.write(b'HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\nconnection: close\\r\\n\\r\\n{}')
    writer.close()

async def main():
    there = await asyncio.start_server(answer, '127.0.0.1', 0)
    client = await connection.new_client()
    before = set(sys.modules)
    await connection.ask(client, 'GET', f'http://127.0.0.1:{there.sockets[0].getsockname()[1]}/')
    print(sorted(set(sys.modules) - before))

asyncio.run(main())
"""


def test_the_first_question_loads_nothing_on_the_event_loop() -> None:
    root = Path(__file__).parents[3]
    loaded = subprocess.run([sys.executable, '-c', ASKS], cwd=root, capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == '[]'


@pytest.mark.parametrize(
    ('link', 'leads'),
    [
        ('<https://lms.example.org/x?page=2>; rel="next"', 'https://lms.example.org/x?page=2'),
        ('<?from=2>; rel=next', 'https://lms.example.org/x?from=2'),
        ('</x?page=1>; rel="first", </x?fields=a,b&page=2>; title="a; b"; rel="last next"', '/x?fields=a,b&page=2'),
        ('</x?page=1>; rel=“first”, </x?page=3>; rel=“next”', '/x?page=3'),
        ('</x?page=1>; rel="current",</x?page=2>; REL=Next,</x?page=9>; rel="last"', '/x?page=2'),
        ('</x?page=9>; rel="prev", </x?rel=next>; rel="last"', ''),
        ('', ''),
    ],
)
def test_the_next_page_is_where_the_link_says_it_is(link: str, leads: str) -> None:
    answer = connection.Answer(content=b'', headers={'link': link})
    found = connection.next_page('https://lms.example.org/x?page=1', answer)
    assert found.removeprefix('https://lms.example.org' if leads.startswith('/') else '') == leads


@pytest.mark.parametrize(
    ('body', 'word'),
    [
        (b'{"error": "invalid_scope", "error_description": "<b>x</b>"}', 'invalid_scope'),
        (b'{"error": "Something <b>long</b> that nobody should read"}', ''),
        (b'{"error": {"message": "x"}}', ''),
        (b'["error"]', ''),
        (b'<html>', ''),
        (b'', ''),
    ],
)
def test_only_the_word_of_the_standard_is_told_of_a_refusal(body: bytes, word: str) -> None:
    assert connection._error_of(body) == word
