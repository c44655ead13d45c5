"""Another process that does jobs: says on standard output which one it begins, and does it, or hangs in it."""

import asyncio
import os
import sys

from services.core import database, jobs
from services.core.jobs import Kind


async def main(url: str, *, hangs: bool) -> None:
    database.open_at(url)

    async def work(key: str) -> None:
        say(key)
        await asyncio.sleep(3600 if hangs else 0)

    kinds = [Kind(name='test', work=work)]
    say('ready')
    sys.stdin.readline()  # until everybody is there
    await jobs.run_due(kinds)
    database.close()


def say(line: str) -> None:
    """Print in one piece, also when this process is killed meanwhile."""
    os.write(1, line.encode() + b'\n')


asyncio.run(main(sys.argv[1], hangs=sys.argv[2] == 'hangs'))
