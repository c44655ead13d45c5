"""What one row of the log carries: when it was done and recorded, on which date, and without a course too."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from alembic import command
from sqlalchemy import true
from sqlmodel import col

import migrations
from models import Activity, Verb
from services import projections
from services.activity import log, recording
from services.activity.log import Entry
from services.core import database
from services.core.events import Recorded
from tests.factories.classes import a_class, assert_log_and_projections_agree, tap
from tests.factories.people import a_student, another_device, sign_out

pytestmark = [pytest.mark.req('L1', 'O2')]

LATE = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)


async def told(*verbs: Verb) -> list[Recorded]:
    return await database.read(lambda tx: log.read(tx, col(Activity.verb).in_(verbs)))


@pytest.mark.usefixtures('db')
@pytest.mark.both_databases
async def test_signing_in_and_out_are_activities_without_a_course() -> None:
    sami = await a_student()
    tablet = await another_device(of=sami)
    await sign_out(actor=tablet)

    recorded = await told(Verb.SIGNED_IN, Verb.SIGNED_OUT)

    assert [(each.verb, each.course_id, each.details) for each in recorded] == [
        (Verb.SIGNED_IN, None, {'sign_in': sami.sign_in_id}),
        (Verb.SIGNED_IN, None, {'sign_in': tablet.sign_in_id}),
        (Verb.SIGNED_OUT, None, {'sign_in': tablet.sign_in_id}),
    ]
    await assert_log_and_projections_agree()


@pytest.mark.usefixtures('db')
@pytest.mark.both_databases
async def test_a_score_details_and_when_it_happened_are_kept() -> None:
    klass = await a_class()
    entry = Entry(
        user_id=klass.learner.user_id,
        tap_id=uuid4().hex,
        verb=Verb.READ,
        course_id=klass.course_id,
        score=85,
        details={'attempt': 2, 'is_late': True},
        happened_at=LATE,
        zone='Europe/Berlin',
    )

    (recorded,) = await database.write(recording.record, [entry])

    assert (recorded.score, recorded.details, recorded.happened_at) == (85, entry.details, LATE)
    assert recorded.local_date == date(2026, 7, 2)
    assert recorded.at > LATE
    assert (await told(Verb.READ)) == [recorded]


@pytest.mark.usefixtures('db')
@pytest.mark.parametrize(
    ('zone', 'expected'),
    [
        ('', date(2026, 7, 1)),
        ('Europe/Berlin', date(2026, 7, 2)),
        ('America/New_York', date(2026, 7, 1)),
        ('Nowhere/At_All', date(2026, 7, 1)),
    ],
)
async def test_a_moment_is_on_the_date_of_the_person(zone: str, expected: date) -> None:
    sami = await a_student()
    entry = Entry(user_id=sami.user_id, tap_id='x', verb=Verb.READ, course_id=None, happened_at=LATE, zone=zone)

    (recorded,) = await database.write(recording.record, [entry])

    assert recorded.local_date == expected


@pytest.mark.both_databases
async def test_what_was_recorded_before_is_carried_over(url: str, data_dir: object) -> None:
    database.open_at(url, projections.ALL)
    with time_machine.travel(LATE, tick=False):
        klass = await a_class()
        await tap(klass, klass.checkpoints[0])
    before = await database.read(lambda tx: log.read(tx, col(Activity.course_id).is_not(None)))
    database.close()

    command.downgrade(migrations.config(url), '0004')
    migrations.upgrade(url)

    database.open_at(url, projections.ALL)
    carried = await database.read(lambda tx: log.read(tx, true()))
    assert carried == before
    assert {(each.happened_at, each.local_date) for each in carried} == {(LATE, LATE.date())}
    await assert_log_and_projections_agree()
    database.close()
