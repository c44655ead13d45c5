"""Everything that is recorded reaches everything that follows the log, and each part can be made from the log alone."""

from collections.abc import Sequence
from uuid import uuid4

import pytest
from sqlalchemy import select, true

from models import Attendance, Enrollment, HelpRequest, Progress, Verb, table
from services import projections
from services.activity import log, recording
from services.activity.log import Entry
from services.core import database
from services.core.events import Recorded
from services.core.projection import Part, Projection
from services.core.transaction import Transaction
from services.courses import checkpoints
from services.live.help import queue
from services.people import merging
from services.progress import states
from tests.factories.classes import (
    ClassAtHand,
    a_class,
    assert_log_and_projections_agree,
    join_class,
    mark,
    tap,
)

pytestmark = [pytest.mark.req('L1'), pytest.mark.usefixtures('db')]

TABLES = tuple(map(table, (Progress, Enrollment, Attendance, HelpRequest)))


def a_witness(seen: list[Recorded]) -> Projection:
    """A projection that follows every verb and keeps nothing but what it was handed."""

    def project(_tx: Transaction, recorded: Sequence[Recorded]) -> None:
        seen.extend(recorded)

    return Projection(name='witness', follows=frozenset(Verb), project=project, differences=lambda _tx, _part: [])


async def test_what_the_system_writes_reaches_the_projections_too(url: str) -> None:
    seen: list[Recorded] = []
    database.open_at(url, (*projections.ALL, a_witness(seen)))

    await a_story()

    kept = await database.read(lambda tx: log.read(tx, true()))
    assert sorted(seen, key=lambda each: each.id) == kept
    by_the_system = {Verb.ENROLLED, Verb.COURSE_COMPLETED, Verb.CERTIFIED, Verb.MERGED, Verb.UNMERGED}
    assert {each.verb for each in seen} >= by_the_system | {Verb.PAUSED, Verb.RESUMED, Verb.HELP_RESOLVED}


@pytest.mark.both_databases
async def test_what_is_made_anew_from_the_log_is_what_was_there() -> None:
    await a_story()
    before = await database.read(rows)

    await database.write(make_everything_anew)

    assert await database.read(rows) == before
    await assert_log_and_projections_agree()


async def test_nothing_is_recorded_without_its_projections(url: str) -> None:
    klass = await a_class()
    database.open_at(url)
    entry = Entry(
        user_id=klass.learner.user_id,
        tap_id=uuid4().hex,
        verb=Verb.STARTED,
        course_id=klass.course_id,
    )
    with pytest.raises(RuntimeError, match='with its projections'):
        await database.write(recording.record, [entry])


async def a_story() -> ClassAtHand:
    """One learner completes the course after a pause, with help; a guest turns out to be them, and does not."""
    klass = await a_class(learners=['Lena', 'lena on the phone'])
    lena, phone = klass.learners
    await join_class(klass, by=lena)
    await join_class(klass, by=phone)
    asked = await database.write(queue.ask, lena, klass.session_id, klass.checkpoints[1])
    await database.write(queue.resolve, klass.teacher, asked)
    await database.write(states.pause, phone, klass.course_id)
    await database.write(states.resume, phone, klass.course_id)
    await database.write(states.pause, lena, klass.course_id)
    await tap(klass, klass.checkpoints[0], by=lena)
    await mark(klass.checkpoints[1], by=phone)
    merged = {'guest_id': phone.user_id}
    await database.write(merging.merge, klass.teacher, klass.course_id, **merged, into_id=lena.user_id)
    await database.write(merging.unmerge, klass.teacher, klass.course_id, **merged)
    await tap(klass, klass.checkpoints[1], by=lena)
    await database.write(checkpoints.delete, klass.teacher, klass.checkpoints[2])
    await database.write(states.pause, phone, klass.course_id)
    return klass


def rows(tx: Transaction) -> list[set[tuple[object, ...]]]:
    """Return what the projections have stored, without ids that rows get when they are made."""
    return [
        {tuple(str(value) for value in row) for row in tx.execute(select(*(c for c in each.c if c.name != 'id')))}
        for each in TABLES
    ]


def make_everything_anew(tx: Transaction) -> None:
    recorded = log.read(tx, true())
    people = frozenset(each.user_id for each in recorded)
    for projection in tx.projections:
        projection.rebuild(tx, Part(people=people, owners=merging.owners(recorded), activities=recorded))
