"""For each line on its standard input, a process that takes taps and prints what was acknowledged, until it is killed.

Each of them is forked from this one, because importing would take longer than the burst.
"""

import asyncio
import os
import sys
from itertools import count

from models import Role, Verb
from services import projections
from services.access import Actor
from services.activity import taps
from services.activity.taps import Tap
from services.core import database, server_log


def main(url: str, session_id: str, checkpoints: str, users: str, sign_ins: str) -> None:
    server_log.set_up('ERROR')  # or its lines would stand between ours
    learners = [
        Actor(user_id=user_id, sign_in_id=sign_in_id, role=Role.STUDENT, name='', is_guest=True)
        for user_id, sign_in_id in zip(numbers(users), numbers(sign_ins), strict=True)
    ]
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            say(os.getpid())
            asyncio.run(burst(url, line.strip(), int(session_id), numbers(checkpoints), learners))
        os.waitpid(child, 0)
        say('dead')


def say(*words: object) -> None:
    """Print in one piece, also when it is killed meanwhile."""
    os.write(1, ' '.join(map(str, words)).encode() + b'\n')


def numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(',')]


async def burst(url: str, prefix: str, session_id: int, checkpoints: list[int], learners: list[Actor]) -> None:
    database.open_at(url, projections.ALL)
    await asyncio.gather(*(keep_tapping(actor, prefix, session_id, checkpoints) for actor in learners))


async def keep_tapping(actor: Actor, prefix: str, session_id: int, checkpoints: list[int]) -> None:
    for number in count():
        tap = Tap(
            actor=actor,
            session_id=session_id,
            verb=Verb.UNDONE if number % 3 == 2 else Verb.COMPLETED,
            tap_id=f'{prefix}-{number}',
            checkpoint_id=checkpoints[number % len(checkpoints)],
            then=checkpoints[(number + 1) % len(checkpoints)],
        )
        receipt = await taps.take(tap)
        say(actor.user_id, tap.tap_id, receipt.activity_id)


if __name__ == '__main__':
    main(*sys.argv[1:])
