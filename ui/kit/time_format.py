"""Moments as people say them, in the time zone of the person who reads the page.

Services speak UTC. A page knows its reader: `read_by` is called once, while it is built. Where nothing is drawn, as in
a file to download, the zone is given.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from nicegui import app

from services.access import Actor
from services.core import clock, zones
from ui.kit.text import Text

AS_TYPED = '%Y-%m-%dT%H:%M'
"""How a browser's own date and time field writes a moment."""


def read_by(actor: Actor | None) -> None:
    """Show the times of the page that is being built in the zone of its reader."""
    app.storage.client[_KEY] = actor.time_zone if actor else ''


def zone_of_page() -> ZoneInfo:
    """Return the zone of the person who reads the page at hand."""
    return zones.of(app.storage.client.get(_KEY, ''))


def ago(moment: datetime) -> Text:
    """Draw how long ago something was; the exact time shows on hover."""
    shown = Text('span', _in_words(clock.now() - moment))
    shown.props['title'] = exact(moment)
    return shown


def local(moment: datetime, zone: ZoneInfo | None = None) -> datetime:
    """Return a moment as the clocks of the reader show it."""
    return zones.in_zone(zone or zone_of_page(), moment)


def exact(moment: datetime) -> str:
    """Return a moment to the minute."""
    return f'{local(moment):%-d %B %Y, %H:%M}'


def short(moment: datetime, zone: ZoneInfo | None = None) -> str:
    """Return day and time, with the year only where it is not this one."""
    at, today = local(moment, zone), local(clock.now(), zone)
    return f'{at:%-d %b, %H:%M}' if at.year == today.year else f'{at:%-d %b %Y, %H:%M}'


def of_day(moment: datetime, beside: datetime) -> str:
    """Return a time of the day, with the day where it is not that of another moment."""
    at = local(moment)
    return f'{at:%H:%M}' if at.date() == local(beside).date() else short(moment)


def span(seconds: int) -> str:
    """Return how long something took, as exactly as one would say it."""
    if seconds < 60:
        return f'{seconds} s'
    hours, minutes = divmod(seconds // 60, 60)
    if hours >= 48:
        return f'{hours // 24} days'
    return ' '.join(part for part in (f'{hours} h' if hours else '', f'{minutes} min' if minutes else '') if part)


def stopwatch(seconds: int | None) -> str:
    """Return how long something took, or a time of a class, as hours, minutes and seconds."""
    if seconds is None:
        return '–'
    hours, rest = divmod(seconds, 3600)
    minutes = f'{rest // 60:02}:{rest % 60:02}'
    return f'{hours}:{minutes}' if hours else minutes


def foreign(zone: ZoneInfo | None = None) -> str:
    """Return the name of the reader's zone where it is not that of the school, else nothing."""
    zone = zone or zone_of_page()
    return '' if zone.key == zones.school().key else zone.key.replace('_', ' ')


def times_are_in() -> str:
    """Return the sentence that names the reader's zone, with a space before it; nothing where it is the school's."""
    zone = foreign()
    return f' Times are those of {zone}.' if zone else ''


def typed(moment: datetime | None) -> str:
    """Return a moment for a date and time field."""
    return f'{local(moment):{AS_TYPED}}' if moment else ''


def read_typed(text: str | None) -> datetime | None:
    """Return the moment that was chosen in a date and time field; None if there is none."""
    try:
        return datetime.fromisoformat(text or '').replace(tzinfo=zone_of_page()).astimezone(UTC)
    except ValueError:
        return None


def _in_words(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return 'just now'
    if minutes < 60:
        return f'{minutes} min ago'
    if minutes < 24 * 60:
        return f'{minutes // 60} h ago'
    days = minutes // (24 * 60)
    return 'yesterday' if days == 1 else f'{days} days ago'


_KEY = 'time zone'
