"""Moments as people say them, in the time zone of the person who reads the page.

Services speak UTC. A page knows its reader: `read_by` is called once, while it is built. Where nothing is drawn, as in
a file to download, the zone is given.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.core import UnknownLocaleError
from babel.dates import format_datetime
from nicegui import app

from services.access import Actor
from services.core import clock, zones
from ui.kit.language import _, language, ngettext
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
    shown = Text('span', how_long_ago(moment))
    shown.props['title'] = exact(moment)
    return shown


def how_long_ago(moment: datetime) -> str:
    """Return how long ago something was."""
    return _in_words(clock.now() - moment)


def local(moment: datetime, zone: ZoneInfo | None = None) -> datetime:
    """Return a moment as the clocks of the reader show it."""
    return zones.in_zone(zone or zone_of_page(), moment)


def exact(moment: datetime) -> str:
    """Return a moment to the minute."""
    return _written(local(moment), 'd MMMM y, HH:mm', '%-d %B %Y, %H:%M')


def short(moment: datetime, zone: ZoneInfo | None = None) -> str:
    """Return day and time, with the year only where it is not this one."""
    at, today = local(moment, zone), local(clock.now(), zone)
    if at.year == today.year:
        return _written(at, 'd MMM, HH:mm', '%-d %b, %H:%M')
    return _written(at, 'd MMM y, HH:mm', '%-d %b %Y, %H:%M')


def day(moment: datetime, zone: ZoneInfo | None = None) -> str:
    """Return the day of a moment."""
    return _written(local(moment, zone), 'd MMMM y', '%-d %B %Y')


def short_day(date_: date) -> str:
    """Return a date, with the year only where it is not this one."""
    at = datetime.combine(date_, time.min, UTC)
    if date_.year == clock.now().year:
        return _written(at, 'd MMM', '%-d %b')
    return _written(at, 'd MMM y', '%-d %b %Y')


def month(date_: date) -> str:
    """Return the month of a date."""
    return _written(datetime.combine(date_, time.min, UTC), 'LLLL y', '%B %Y')


def of_day(moment: datetime, beside: datetime) -> str:
    """Return a time of the day, with the day where it is not that of another moment."""
    at = local(moment)
    return f'{at:%H:%M}' if at.date() == local(beside).date() else short(moment)


def span(seconds: int) -> str:
    """Return how long something took, as exactly as people say it."""
    if seconds < 60:
        return _('{seconds} s', seconds=seconds)
    hours, minutes = divmod(seconds // 60, 60)
    if hours >= 48:
        return ngettext('{count} day', '{count} days', hours // 24)
    if hours and minutes:
        return _('{hours} h {minutes} min', hours=hours, minutes=minutes)
    return _('{hours} h', hours=hours) if hours else _('{minutes} min', minutes=minutes)


def about(seconds: int) -> str:
    """Return a study time to the minute: seconds would say more than is known."""
    return span(seconds) if seconds >= 60 else _('under 1 min') if seconds else '–'


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
    return '' if zone.key == zones.school().key else zone_name(zone.key)


def zone_name(key: str) -> str:
    """Return what people call a zone; a server without one of its own has that of Greenwich, without summer time."""
    return _('Greenwich, all year') if key in _GREENWICH else key.replace('_', ' ')


def times_are_in() -> str:
    """Return the sentence that names the reader's zone, with a space before it; nothing where it is the school's."""
    zone = foreign()
    return f' {_("Times are those of {zone}.", zone=zone)}' if zone else ''


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
        return _('just now')
    if minutes < 60:
        return _('{minutes} min ago', minutes=minutes)
    if minutes < 24 * 60:
        return _('{hours} h ago', hours=minutes // 60)
    days = minutes // (24 * 60)
    return _('yesterday') if days == 1 else ngettext('{count} day ago', '{count} days ago', days)


def _written(at: datetime, pattern: str, english: str) -> str:
    """Return a moment by a pattern, with the names of months in the reader's language; English ones are quicker."""
    if language() in _ENGLISH:
        return format(at, english)
    try:
        return format_datetime(at, pattern, locale=language().replace('-', '_'))
    except (UnknownLocaleError, ValueError):
        return format(at, english)


_ENGLISH = {'', 'en'}


_KEY = 'time zone'
_GREENWICH = {'UTC', 'Etc/UTC', 'Etc/UCT', 'Etc/Universal', 'Etc/Zulu'}
