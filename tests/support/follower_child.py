"""For each line on its standard input, a process that follows the log and prints each slice, until it is killed.

Each of them is forked from this one, because importing would take longer than a round.
"""

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import replace

from services import projections
from services.activity import following
from services.activity.following import Running
from services.analytics import daily_totals
from services.core import database, server_log
from services.core.events import Recorded
from services.core.transaction import Transaction


def main(url: str) -> None:
    server_log.set_up('ERROR')  # or its lines would stand between ours
    following.FEWEST = following.MOST = 7  # many slices, so that it dies within one
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            say(os.getpid())
            asyncio.run(follow(url))
        os.waitpid(child, 0)
        say('dead')


async def follow(url: str) -> None:
    database.open_at(url, projections.ALL)
    running = Running(replace(daily_totals.FOLLOWER, take=take))
    running.pace.size = following.FEWEST
    while True:
        await running.catch_up()


def take(tx: Transaction, some: Sequence[Recorded]) -> None:
    say('slice')
    daily_totals.take(tx, some)


def say(*words: object) -> None:
    """Print in one piece, also when it is killed meanwhile."""
    os.write(1, ' '.join(map(str, words)).encode() + b'\n')


if __name__ == '__main__':
    main(*sys.argv[1:])
