"""The class of the demo school never ends for long: a visitor who looks after lunch sees it move, too."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from demo import live_class, school
from demo.live_class import Classmates
from services.core import database
from services.core.database import Database
from services.live import rooms
from services.live.board import view_builders
from services.live.board.views import Mark
from services.people import participants
from tests.factories.classes import a_class
from tests.support.eventually import eventually

pytestmark = pytest.mark.req('O4')


async def test_a_class_that_is_done_is_held_for_others_who_have_done_nothing_yet(
    db: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    quick = {'LOOK_EVERY': 0.01, 'LATE': 0.01, 'BREAK': 0.05, 'CHECKPOINT_TAKES': (0.0, 0.01), 'LOOK_TAKES': (0.0, 0.0)}
    for name, value in quick.items():
        monkeypatch.setattr(live_class, name, value)
    klass = await a_class(checkpoints=2, learners=())
    room = await rooms.enter(klass.course_id)
    classmates = Classmates(code=klass.code, kept=tmp_path / 'classmates.json', names=('Amina Yusuf', 'Ben Okafor'))
    playing = asyncio.create_task(live_class.hold_classes(room, klass.teacher, classmates))
    await eventually(lambda: room.board.joined == 2)
    first = set(room.board.learners)

    monkeypatch.setattr(live_class, 'LATE', 60.0)  # those of the second class are on their way yet
    await eventually(
        lambda: room.board.is_running and len(room.board.learners) == 2 and not first & {*room.board.learners}
    )

    await eventually(lambda: sorted(each.seat for each in room.board.learners.values()) == ['A1', 'A2'])
    assert room.board.session is not None
    assert room.board.session.session_id > klass.session_id
    for user_id in room.board.learners:
        marks = [checkpoint.mark for checkpoint in view_builders.own_view(room.board, user_id).checkpoints]
        assert marks == [Mark.NOT_YET] * 2
    assert not room.presences.is_anybody_here
    people = (await database.read(participants.of_course, klass.teacher, klass.course_id)).learners
    assert {person.user_id for person in people if person.is_removed} == first
    assert all(person.completed_at is None for person in people)

    playing.cancel()
    with suppress(asyncio.CancelledError):
        await playing
    for task in live_class._playing:
        task.cancel()


def test_those_who_are_stuck_speak_of_the_step_that_they_are_at() -> None:
    titles = {line.strip().rpartition(' (')[0] for lines in school.MODULES.values() for line in lines.splitlines()}

    assert set(live_class.SIGHS) <= titles
