"""What people read of a time zone."""

import pytest

from services.core import zones
from ui.kit.time_format import zone_name

pytestmark = [pytest.mark.req('A9')]


def test_nobody_reads_the_name_that_engineers_have_for_a_zone() -> None:
    assert zone_name('America/New_York') == 'America/New York'
    assert zone_name('Etc/UTC') == 'Greenwich, all year'
    assert not [name for name in map(zone_name, zones.names()) if 'UTC' in name]
