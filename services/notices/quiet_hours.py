"""Quiet hours: the part of each day in which nothing is sent to somebody, in their own zone. Pure rules."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.core import zones

MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From when until when it is quiet, in minutes after midnight; over midnight where the end is before the start."""

    since: int
    until: int


def from_columns(since: int | None, until: int | None) -> QuietHours | None:
    """Return the quiet hours of somebody; None where there are none."""
    if since is None or until is None or since == until:
        return None
    return QuietHours(since=since, until=until)


def not_before(quiet: QuietHours | None, zone: ZoneInfo, now: datetime) -> datetime:
    """Return when something may be sent that could be sent now: at once, or when it stops being quiet.

    Where clocks are put forward over the end, that is the first moment after it; where they are put back and the end
    comes twice, the first of the two.
    """
    if quiet is None:
        return now
    local = zones.in_zone(zone, now)
    minute = local.hour * 60 + local.minute
    if quiet.since < quiet.until:
        is_quiet, is_tomorrow = quiet.since <= minute < quiet.until, False
    else:
        is_quiet, is_tomorrow = minute >= quiet.since or minute < quiet.until, minute >= quiet.since
    if not is_quiet:
        return now
    day = local.date() + timedelta(days=is_tomorrow)
    end = datetime.combine(day, time(quiet.until // 60, quiet.until % 60), zone).astimezone(now.tzinfo)
    return max(end, now)
