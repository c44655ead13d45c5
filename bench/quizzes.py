"""Quizzes that a thousand take: answers over REST beside the peer, and all else in the services; on SQLite."""

import asyncio
import sys

import orjson

from bench.figures import Table
from bench.quiz_answers import answer_round
from bench.server import ROOT, Home

LEARNERS, QUESTIONS = 1_000, 50
PATIENCE = 300.0  # seconds, most of them to begin a thousand attempts


async def quiz_round(table: Table, seconds: float, *, learners: int = LEARNERS, questions: int = QUESTIONS) -> None:
    """Measure answers over REST, and the services in a process of its own."""
    await answer_round(table, learners, questions, seconds)
    with Home() as home, home.log.open('wb') as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, '-m', 'bench.quiz_child', str(learners), str(questions)),
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
