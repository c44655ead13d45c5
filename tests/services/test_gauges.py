"""What is read of the database for the metrics."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from services import gauges, health
from services.analytics import school_releases
from services.core import clock, database
from tests.factories.classes import a_class, tap
from tests.factories.people import an_admin

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('O1')]


async def test_they_say_what_waits_and_how_large_the_log_is() -> None:
    klass = await a_class()
    receipt = await tap(klass, klass.checkpoints[0])
    await school_releases.release()

    read = {
        (sample.name, *sample.labels.values()): sample.value
        for family in await database.read(gauges.of_database)
        for sample in family.samples
    }

    assert read['waymark_activities',] >= receipt.activity_id
    assert read['waymark_follower_behind', 'daily totals'] >= receipt.activity_id, 'none has begun in this test'
    assert read['waymark_jobs', 'failed'] == 0
    assert read['waymark_database_bytes',] > 100_000
    assert read['waymark_active_people', 'day'] == 0, 'days that have passed'


async def test_the_youngest_backup_counts_whoever_made_it(data_dir: Path) -> None:
    (data_dir / 'backups').mkdir(parents=True)
    ages = {'waymark-backup-20260101-000000.zip': 9, 'waymark-nightly-20260102-000000.zip': 1, 'before-0040.db': 0}
    for name, days in ages.items():
        (data_dir / 'backups' / name).write_bytes(b'')
        made = (clock.now() - timedelta(days=days)).timestamp()
        os.utime(data_dir / 'backups' / name, (made, made))

    gauge = next(each for each in await database.read(gauges.of_database) if each.name == 'waymark_backup_age_seconds')
    [fact] = [
        fact for fact in await database.read(health.of_school, await an_admin()) if str(fact.name) == 'Last back-up'
    ]

    assert gauge.samples[0].value == pytest.approx(86_400, abs=600)
    assert str(fact.found) == '1 day ago', 'a copy before a migration has no uploads and no keys'
