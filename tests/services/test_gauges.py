"""What is read of the database for the metrics."""

import pytest

from services import gauges
from services.analytics import school_releases
from services.core import database
from tests.factories.classes import a_class, tap

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
