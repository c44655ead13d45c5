"""The calendar of a person as a file that programs subscribe to (RFC 5545)."""

import hashlib
import hmac
from datetime import UTC, timedelta
from gettext import NullTranslations

import icalendar

from services.core import languages, school
from services.core.phrases import Phrase, phrase
from services.core.text import line
from services.deadlines.dates import Deadline
from services.deadlines.entries import Entry
from services.deadlines.feeds import Calendar
from settings import settings

MEDIA_TYPE = 'text/calendar; charset=utf-8'
ASKED_AGAIN_AFTER = timedelta(hours=1)
"""how often a program should look; many look less often, whatever a calendar says"""


def written(calendar: Calendar, *, address: str) -> bytes:
    """Return a calendar as a file; links lead to the `address` of this server."""
    reader = languages.translations(calendar.language or school.current().language or 'en')
    name = phrase('Deadlines · {school}', school=line(school.current().name)).spoken(reader)
    file = icalendar.Calendar()
    for key, value in (('prodid', '-//Waymark//Deadlines//EN'), ('version', '2.0'), ('method', 'PUBLISH')):
        file.add(key, value)
    file.add('name', name)
    file.add('x-wr-calname', name)
    file.add('refresh-interval', ASKED_AGAIN_AFTER, parameters={'VALUE': 'DURATION'})
    file.add('x-published-ttl', 'PT1H')
    for entry in calendar.entries:
        file.add_component(_event(entry, address, reader))
    return bytes(file.to_ical())


def tag(content: bytes) -> str:
    """Return what names exactly this content, so that a program which has it needs nothing."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _event(entry: Entry, address: str, reader: NullTranslations) -> icalendar.Event:
    deadline = entry.deadline
    link = f'{address}/courses/{deadline.course_id}/learn/{deadline.checkpoint_id}'
    event = icalendar.Event()
    event.add('uid', _uid(entry))
    event.add('dtstamp', entry.changed_at.astimezone(UTC))
    event.add('last-modified', entry.changed_at.astimezone(UTC))
    event.add('sequence', entry.number)
    event.add('summary', _summary(deadline).spoken(reader))
    event.add('description', link)
    event.add('url', link)
    event.add('dtstart', deadline.due_at.astimezone(UTC))
    event.add('dtend', deadline.due_at.astimezone(UTC))
    event.add('transp', 'TRANSPARENT')
    return event


def _summary(deadline: Deadline) -> Phrase:
    values = {'step': line(deadline.title), 'course': line(deadline.course)}
    if deadline.is_done:
        return phrase('Done: {step} ({course})', **values)
    if deadline.was_before:
        return phrase('Due before you joined: {step} ({course})', **values)
    return phrase('{step} ({course})', **values)


def _uid(entry: Entry) -> str:
    """Return what names an entry in every calendar: the same for good, also when the address of the school changes."""
    whose = f'deadline {entry.deadline.checkpoint_id} of {entry.user_id}'
    mark = hmac.digest(settings().secret_key.encode(), whose.encode(), 'sha256').hex()[:32]
    return f'{mark}@waymark'
