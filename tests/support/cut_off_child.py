"""For each line on its standard input, a process that does one long piece of work and says so after each commit.

It is forked from this one, because importing would take longer than the work; it is there to be killed.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from models import Role
from services import projections
from services.access import Actor
from services.core import database, jobs, server_log, typesetting
from services.people import list_entering, list_reading
from services.privacy import erasing
from services.reports.performance import bundle_making


def main(url: str) -> None:
    server_log.set_up('CRITICAL')  # or its lines would stand between ours
    for line in sys.stdin:
        work, *numbers = line.split()
        child = os.fork()
        if child == 0:
            say(os.getpid())
            asyncio.run(do(url, WORK[work], *map(int, numbers)))
            os._exit(0)
        os.waitpid(child, 0)
        say('dead')


def say(*words: object) -> None:
    """Print in one piece, also when it is killed meanwhile."""
    os.write(1, ' '.join(map(str, words)).encode() + b'\n')


async def do(url: str, work: Callable[..., Awaitable[object]], user_id: int, sign_in_id: int, subject: int) -> None:
    database.open_at(url, projections.ALL)
    write = database.write

    async def write_and_say(*args: Any, **named: Any) -> Any:
        outcome = await write(*args, **named)
        say('committed')
        return outcome

    database.write = write_and_say
    await work(Actor(user_id=user_id, sign_in_id=sign_in_id, role=Role.ADMIN, name='', is_guest=False), subject)


async def bring_in(actor: Actor, course_id: int) -> None:
    await list_entering.bring_in(actor, course_id, list_reading.read(class_list()))


def class_list() -> bytes:
    """The list that is brought in."""
    return b'Name\n' + b''.join(f'Learner N{number:03}\n'.encode() for number in range(220))


async def erase(actor: Actor, user_id: int) -> None:
    await erasing.erase(actor, user_id)
    await jobs.run_due([erasing.kind()])


async def print_reports(_: Actor, __: int) -> None:
    typesetting.make_pdf = make_pdf
    await jobs.run_due([bundle_making.kind()])


async def make_pdf(_: Path, facts: dict[str, object], *, all_letters: bool) -> bytes:
    """Stand for the typesetter, which takes a sixth of a second for a report."""
    return f'%PDF of {facts["name"]}'.encode()


WORK = {'list': bring_in, 'erasure': erase, 'reports': print_reports}

if __name__ == '__main__':
    main(sys.argv[1])
