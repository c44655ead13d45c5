"""Time zones: which day it is for a person, and when their days and weeks begin.

Moments are stored in UTC. A day or a week belongs to a zone: to that of the person whom it concerns, or to that of the
school where nobody has chosen another one.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.core import school as of_school
from services.core.errors import Invalid
from settings import zone_names

YEARS = range(2000, 2200)
"""in which something can open, be due and close"""


def school() -> ZoneInfo:
    """Return the zone of the school."""
    return _zone(of_school.current().time_zone)


def of(name: str) -> ZoneInfo:
    """Return the zone with this IANA name; the school's for an empty name, and for one that this server lacks."""
    try:
        return _zone(name) if name else school()
    except (ZoneInfoNotFoundError, ValueError):
        return school()


def check(name: str) -> str:
    """Return the name of a zone as it is stored; raises `Invalid` for a name that is not one. Empty is the school's."""
    name = name.strip()
    if name and name not in zone_names():
        raise Invalid('Choose a time zone of the list, such as Europe/Berlin.', field='time_zone')
    return name


@cache
def names() -> tuple[str, ...]:
    """Return the names of the zones that a person can choose: those of places, without the old spellings."""
    return tuple(sorted(name for name in zone_names() if name.split('/')[0] in _CONTINENTS or name == 'UTC'))


def check_year(moment: datetime | None, field: str) -> None:
    """Raise `Invalid` for a moment of another age, which the clocks of some zones cannot show."""
    if moment is not None and moment.year not in YEARS:
        raise Invalid('Choose a year from {first} to {last}.', first=YEARS[0], last=YEARS[-1], field=field)


def in_zone(zone: ZoneInfo, moment: datetime) -> datetime:
    """Return a moment as the clocks of a zone show it."""
    return moment.astimezone(zone)


def local_date(zone: ZoneInfo, moment: datetime) -> date:
    """Return the date of a moment in a zone."""
    return in_zone(zone, moment).date()


def local_hour(zone: ZoneInfo, moment: datetime) -> int:
    """Return the hour of the day, 0 to 23, of a moment in a zone."""
    return in_zone(zone, moment).hour


def start_of_day(zone: ZoneInfo, day: date) -> datetime:
    """Return the moment in UTC at which a date begins in a zone; where the clocks skip midnight, the first after it."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def start_of_week(zone: ZoneInfo, moment: datetime) -> datetime:
    """Return the moment in UTC at which the week of a moment began in a zone: on Monday."""
    today = local_date(zone, moment)
    return start_of_day(zone, today - timedelta(days=today.weekday()))


def days_of_week_gone(zone: ZoneInfo, moment: datetime) -> int:
    """Return how many whole days of this week are over in a zone, from 0 to 6."""
    return local_date(zone, moment).weekday()


def nearest_offset(difference: timedelta) -> timedelta:
    """Return the offset from UTC that a clock has which differs from UTC by about so much: a quarter of an hour."""
    return timedelta(minutes=15 * round(difference / timedelta(minutes=15)))


def of_region(region: str, offset: timedelta, moment: datetime) -> str:
    """Return the zone of a country whose clocks are so far ahead of UTC at a moment; empty if it has none.

    Of several, the one in which most people live: the table of the time zone database names it first.
    """
    of_country = _by_region().get(region.upper(), ())
    return next((name for name in of_country if in_zone(_zone(name), moment).utcoffset() == offset), '')


@cache
def _by_region() -> dict[str, tuple[str, ...]]:
    """Return the zones of each country, by its ISO 3166 code."""
    table = (files('tzdata') / 'zoneinfo' / 'zone.tab').read_text()
    rows = [line.split('\t') for line in table.splitlines() if line and not line.startswith('#')]
    found: dict[str, tuple[str, ...]] = {}
    for region, _, name, *_ in rows:
        if name in zone_names():
            found[region] = (*found.get(region, ()), name)
    return found


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


_CONTINENTS = {
    'Africa',
    'America',
    'Antarctica',
    'Arctic',
    'Asia',
    'Atlantic',
    'Australia',
    'Europe',
    'Indian',
    'Pacific',
}
