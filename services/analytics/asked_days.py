"""Which days can be asked for of a learner or a course, and which ones are meant where none are given."""

from datetime import date, timedelta

from services.core import zones
from services.core.errors import Invalid

SPAN = timedelta(weeks=12)
"""that a page shows: about a term"""
LONGEST = timedelta(days=731)
"""that can be asked for"""


def span(
    since: date | None, until: date | None, *, today: date, length: timedelta = SPAN, field: str = 'start_date'
) -> tuple[date, date]:
    """Return the first and the last day that are asked for: a `length` up to today unless they are given.

    Raises `Invalid` for a year out of reach, for days in the wrong order, and for more than `LONGEST`.
    """
    last = until or today
    check_year(last, field)
    first = since or last - length + timedelta(days=1)
    check_year(first, field)
    if first > last:
        raise Invalid('The first day has to come before the last one.', field=field)
    if last - first > LONGEST:
        raise Invalid('Choose a span of at most {days} days.', days=LONGEST.days, field=field)
    return first, last


def check_year(day: date, field: str) -> None:
    """Raise `Invalid` for a day of another age, whose moments the clocks of some zones cannot show."""
    years = zones.YEARS
    if day.year not in years:
        raise Invalid('Choose a year from {first} to {last}.', first=years[0], last=years[-1], field=field)
