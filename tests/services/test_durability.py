"""Killed in the middle of a burst: what was acknowledged is there, and nothing is broken."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from models import Activity
from services import projections, verify
from services.core import database
from services.core.transaction import Transaction
from tests.factories.classes import ClassAtHand, a_class, tap

pytestmark = [pytest.mark.on_disk, pytest.mark.req('L5', 'S3')]

ROUNDS = 20
CHECKOUT = Path(__file__).parents[2]

Acknowledged = set[tuple[int, str, int]]
"""(user id, tap id, activity id)"""


@pytest.mark.usefixtures('db')
async def test_no_acknowledged_tap_is_lost_by_kill_9(url: str) -> None:
    klass = await a_class(checkpoints=5, learners=[f'Learner {number}' for number in range(20)])
    dice = random.Random(url)

    with ready_to_burst(url, klass) as children:
        for number in range(ROUNDS):
            database.close()
            acknowledged = burst_until_killed(children, f'round{number}', dice.randrange(1, 400), dice.random() / 100)
            database.open_at(url, projections.ALL)

            assert acknowledged
            assert acknowledged <= await database.read(logged, f'round{number}-')
            await assert_intact()

    await tap(klass, klass.checkpoints[0])  # and it goes on


@contextmanager
def ready_to_burst(url: str, klass: ClassAtHand) -> Iterator['subprocess.Popen[bytes]']:
    people = klass.learners
    children = subprocess.Popen(
        [
            *(sys.executable, '-m', 'tests.support.burst_child', url, str(klass.session_id)),
            ','.join(str(checkpoint) for checkpoint in klass.checkpoints),
            ','.join(str(actor.user_id) for actor in people),
            ','.join(str(actor.sign_in_id) for actor in people),
        ],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        yield children
    finally:
        children.kill()
        children.communicate()


def burst_until_killed(children: 'subprocess.Popen[bytes]', prefix: str, number: int, moment: float) -> Acknowledged:
    """Let a child take taps, kill it a moment after the given number of receipts; return all that it printed."""
    assert children.stdin
    assert children.stdout
    children.stdin.write(f'{prefix}\n'.encode())
    children.stdin.flush()
    child = int(children.stdout.readline())
    lines = [children.stdout.readline() for _ in range(number)]
    time.sleep(moment)  # so that it dies at any point of a commit
    os.kill(child, signal.SIGKILL)
    lines += iter(children.stdout.readline, b'dead\n')
    return {parse(line) for line in lines}


def parse(line: bytes) -> tuple[int, str, int]:
    user_id, tap_id, activity_id = line.decode().split()
    return int(user_id), tap_id, int(activity_id)


def logged(tx: Transaction, prefix: str) -> Acknowledged:
    columns = col(Activity.user_id), col(Activity.tap_id), col(Activity.id)
    return {(row[0], row[1], row[2]) for row in tx.execute(select(*columns)) if row[1].startswith(prefix)}


async def assert_intact() -> None:
    assert await database.read(verify.differences) == []
    if database.engine().dialect.name == 'sqlite':
        found = await database.read(lambda tx: tx.execute(text('PRAGMA integrity_check')).scalars().all())
        assert found == ['ok']
        assert await database.read(lambda tx: tx.execute(text('PRAGMA foreign_key_check')).all()) == []
