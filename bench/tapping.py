"""Somebody who taps while something else is measured in this process, and how long each tap waited for its receipt."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from models import Role, User, Verb
from services.access import Actor
from services.accounts import sign_ins
from services.activity import taps
from services.activity.taps import Tap
from services.core import database
from services.core.transaction import Transaction
from services.courses import catalog, checkpoints, outline
from services.people import joining

PER_SECOND = 50


def person(tx: Transaction, name: str, role: Role) -> Actor:
    """Make an account that is signed in."""
    made = User(name=name, plain_name=name.lower(), role=role, password_hash='-', created_at=tx.now, updated_at=tx.now)
    tx.session.add(made)
    tx.session.flush()
    return sign_ins.enter(tx, made.id, 'Laptop').actor


async def course_with(admin: Actor, *learners: Actor) -> tuple[int, int]:
    """Make a course of one checkpoint with some learners; returns the ids of both."""
    course_id = await database.write(catalog.create, admin, title='Soil')
    (module,) = await database.read(outline.sections, admin, course_id)
    (checkpoint,) = await database.write(checkpoints.add, admin, module.module_id, lines='Dig')
    code = (await database.read(catalog.facts, admin, course_id)).code
    for learner in learners:
        await database.write(joining.join, learner, code=code)
    return course_id, checkpoint


@asynccontextmanager
async def tapping(learner: Actor, checkpoint: int) -> AsyncIterator[list[float]]:
    """Let taps come by the clock, however long each takes; yields the seconds that they waited."""
    waits: list[float] = []
    under_way: set[asyncio.Task[None]] = set()

    async def one(due: float) -> None:
        await taps.take(
            Tap(
                actor=learner,
                session_id=None,
                verb=Verb.COMPLETED,
                tap_id=uuid4().hex,
                checkpoint_id=checkpoint,
                then=None,
            )
        )
        waits.append(time.perf_counter() - due)

    async def keep_tapping() -> None:
        due = time.perf_counter()
        while True:
            under_way.add(task := asyncio.create_task(one(due)))
            task.add_done_callback(under_way.discard)
            due += 1 / PER_SECOND
            await asyncio.sleep(max(0.0, due - time.perf_counter()))

    tapper = asyncio.create_task(keep_tapping())
    try:
        yield waits
    finally:
        tapper.cancel()
        await asyncio.gather(*under_way)
