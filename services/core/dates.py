"""Which date a moment is on for a person."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def local_date_of(zone: str | None, moment: datetime) -> date:
    """Return the date of a moment in a person's time zone, such as `Europe/Berlin`; in UTC where it is not known."""
    return moment.astimezone(_zone(zone)).date() if zone else moment.astimezone(UTC).date()


def local_hour_of(zone: str | None, moment: datetime) -> int:
    """Return the hour of the day, 0 to 23, of a moment in a person's time zone."""
    return moment.astimezone(_zone(zone)).hour if zone else moment.astimezone(UTC).hour


def day_begins(zone: str | None, moment: datetime) -> datetime:
    """Return when the day of a moment has begun in a person's time zone."""
    return datetime.combine(local_date_of(zone, moment), time(), _zone(zone or 'UTC')).astimezone(UTC)


@lru_cache(maxsize=1000)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo('UTC')
