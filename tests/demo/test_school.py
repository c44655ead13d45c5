"""The class of the demo school never ends for long: a visitor who looks after lunch sees it move, too."""

import asyncio
from contextlib import suppress

import pytest

from demo import school
from services.core import database
from services.core.database import Database
from services.live import room as rooms
from services.live.board import view_builders
from services.people import participants
from tests.factories.classes import a_class
from tests.support.eventually import eventually

pytestmark = pytest.mark.req('O4')


async def test_a_class_that_is_done_begins_anew_at_the_first_checkpoint(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {'LOOK_EVERY': 0.01, 'LATE': 0.01, 'BREAK': 1.0, 'CHECKPOINT_TAKES': (0.0, 0.01)}.items():
        monkeypatch.setattr(school, name, value)
    klass = await a_class(checkpoints=2)
    room = await rooms.enter(klass.course_id)
    lena = klass.learner.user_id
    playing = [
        asyncio.create_task(part)
        for part in (school.attend(room, klass.learner), school.begin_anew(room, klass.teacher))
    ]

    await eventually(lambda: room.board.session is not None and room.board.session.session_id > klass.session_id)
    await eventually(lambda: view_builders.current_checkpoint(room.board, lena) == klass.checkpoints[0])

    assert (await database.read(participants.of_course, klass.teacher, klass.course_id)).learners[
        0
    ].completed_at is None

    for task in playing:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
