"""Quizzes that a thousand take: in the services, on SQLite, in a process of its own."""

import asyncio
import sys

import orjson

from bench.figures import Table
from bench.server import ROOT, Home

LEARNERS, QUESTIONS = 1_000, 50
PATIENCE = 300.0  # seconds, most of them to begin a thousand attempts


async def quiz_round(table: Table) -> None:
    """Measure the services in a process of its own."""
    with Home() as home, home.log.open('wb') as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, '-m', 'bench.quiz_child', str(LEARNERS), str(QUESTIONS)),
            cwd=ROOT,
            env=home.environment,
            stdout=log,
        )
        try:
            await asyncio.wait_for(process.wait(), timeout=PATIENCE)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            raise RuntimeError('quizzes could not be measured; what was said is above')
        found = orjson.loads(home.log.read_bytes().splitlines()[-1])
    for name, seconds in found.items():
        table.ours(f'quiz {name}', 1000 * seconds)
