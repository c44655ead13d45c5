"""Moments as people say them. Services speak UTC; a screen shows the time of the school."""

from datetime import UTC, datetime, timedelta

from services.core import clock
from ui.components.text import Text

AS_TYPED = '%Y-%m-%dT%H:%M'
"""How a browser's own date and time field writes a moment."""


def ago(moment: datetime) -> Text:
    """Draw how long ago something was; the exact time shows on hover."""
    shown = Text('span', _in_words(clock.now() - moment))
    shown.props['title'] = exact(moment)
    return shown


def exact(moment: datetime) -> str:
    """Return a moment to the minute."""
    return f'{moment.astimezone():%-d %B %Y, %H:%M}'


def short(moment: datetime) -> str:
    """Return day and time, with the year only where it is not this one."""
    local, today = moment.astimezone(), clock.now().astimezone()
    return f'{local:%-d %b, %H:%M}' if local.year == today.year else f'{local:%-d %b %Y, %H:%M}'


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


def zone() -> str:
    """Return the name of the zone that times are shown in."""
    return f'{clock.now().astimezone():%Z}'


def typed(moment: datetime | None) -> str:
    """Return a moment for a date and time field."""
    return f'{moment.astimezone():{AS_TYPED}}' if moment else ''


def read_typed(text: str | None) -> datetime | None:
    """Return the moment that was chosen in a date and time field; None if there is none."""
    try:
        return datetime.fromisoformat(text or '').astimezone(UTC)
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
