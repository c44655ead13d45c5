"""The parts of a person's day, and how much of a stretch of study lies in each of them."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from models import DayPart
from services.core import zones

PARTS = DayPart.NIGHT, DayPart.MORNING, DayPart.AFTERNOON, DayPart.EVENING
HOURS = 24 // len(PARTS)
"""hours in each part"""


def part_of_day(hour: int) -> DayPart:
    """Return the part of the day that an hour belongs to."""
    return PARTS[hour // HOURS]


def spread(zone: ZoneInfo, begun: datetime, ended: datetime, seconds: int) -> dict[DayPart, int]:
    """Return the seconds of a stretch by part of the day, as if they had been spread evenly over it; none is lost."""
    pieces = list(_pieces(zone, begun, ended))
    whole = sum((length for _, length in pieces), timedelta())
    if not whole:
        return {part_of_day(zones.local_hour(zone, ended)): seconds}
    found: dict[DayPart, int] = {}
    gone, given = timedelta(), 0
    for part, length in pieces:
        gone += length
        until = round(seconds * (gone / whole))
        found[part] = found.get(part, 0) + until - given
        given = until
    return {part: its for part, its in found.items() if its}


def _pieces(zone: ZoneInfo, begun: datetime, ended: datetime) -> Iterator[tuple[DayPart, timedelta]]:
    """Yield which part of the day goes on for how long, in order."""
    while begun < ended:
        hour = zones.local_hour(zone, begun)
        until = min(ended, _next_part(zone, begun))
        yield part_of_day(hour), until - begun
        begun = until


def _next_part(zone: ZoneInfo, moment: datetime) -> datetime:
    """Return when the next part of the day begins."""
    day, hour = zones.local_date(zone, moment), zones.local_hour(zone, moment)
    next_hour = (hour // HOURS + 1) * HOURS
    if next_hour >= 24:
        return zones.start_of_day(zone, day + timedelta(days=1))
    return datetime.combine(day, time(next_hour), zone).astimezone(moment.tzinfo)
