"""Learning at one's own pace, in a course that thousands take: in the services on both databases, and in Chromium."""

import asyncio
import sys

import orjson

from bench.figures import Table
from bench.postgres import postgres
from bench.server import ROOT, Home

LEARNERS, STEPS = 5_000, 200
DATABASES = ('SQLite', 'PostgreSQL')
PATIENCE = 300.0  # seconds for one database, most of them to write a million rows


async def pace_round(table: Table) -> None:
    """Measure the services in a process of its own for each database, because the product reads its settings once."""
    with Home() as home:
        await _services(table, home, DATABASES[0], home.environment['DATABASE_URL'])
    with Home() as home, postgres() as url:
        await _services(table, home, DATABASES[1], url)


async def _services(table: Table, home: Home, database: str, url: str) -> None:
    with home.log.open('wb') as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, '-m', 'bench.pace_child', str(LEARNERS), str(STEPS)),
            cwd=ROOT,
            env=home.environment | {'DATABASE_URL': url},
            stdout=log,
        )
        try:
            await asyncio.wait_for(process.wait(), timeout=PATIENCE)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode:
        raise RuntimeError(f'{database} could not be measured; what it said is above')
    for name, seconds in orjson.loads(home.log.read_bytes().splitlines()[-1]).items():
        table.ours(f'{database} {name}', 1000 * seconds)
