"""The roll of one class for paper: school, course, teacher and day, everybody with their minutes, and a signature."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from gettext import NullTranslations
from pathlib import Path

from babel.core import UnknownLocaleError
from babel.dates import format_date

from models import LiveSession, RollMark, User
from services.access import Actor
from services.core import name_order, school, typesetting, zones
from services.core.languages import translations
from services.core.phrases import Phrase, phrase
from services.core.transaction import Transaction
from services.core.typesetting import Paper
from services.live.attendance import report
from services.live.attendance.report import Absentee, ClassRoll, Presentee

TEMPLATE = Path(__file__).with_name('sheet.typ')
SIZES = (Paper.A4, Paper.LETTER)
COLUMNS = (phrase('Name'), phrase('Came'), phrase('Left'), phrase('Minutes'), phrase('Remark'))
REMARKS: Mapping[RollMark, Phrase] = {
    RollMark.PRESENT: phrase('was there'),
    RollMark.LATE: phrase('late'),
    RollMark.EXCUSED: phrase('excused'),
    RollMark.ABSENT: phrase('absent'),
}
"""what those who teach have said"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What is printed of one class."""

    roll: ClassRoll
    teacher: str
    """who started the class"""
    group: str
    """empty for everybody"""


def of_class(tx: Transaction, actor: Actor | None, course_id: int, session_id: int, *, group: str = '') -> Sheet:
    """Return what is printed of one class, of everybody or of one group."""
    roll = report.of_class(tx, actor, course_id, session_id, group=group)
    started_by = tx.session.get_one(LiveSession, session_id).started_by
    return Sheet(roll=roll, teacher=tx.session.get_one(User, started_by).name, group=group)


async def make_pdf(sheet: Sheet, *, paper: Paper = Paper.A4, language: str = '') -> bytes:
    """Return the roll as PDF, in a language and in the zone of the school. Raises `Busy` or `NotSaved`."""
    return await typesetting.print_now(TEMPLATE, _facts(sheet, paper, language))


def _facts(sheet: Sheet, paper: Paper, language: str) -> dict[str, object]:
    words, roll = translations(language), sheet.roll
    came, everybody = len(roll.present), len(roll.present) + len(roll.absent)
    attended = phrase('{came} of {learners}', came=came, learners=everybody).spoken(words)
    of_class = [
        (phrase('Course'), roll.title),
        *([(phrase('Group'), sheet.group)] if sheet.group else []),
        (phrase('Teacher'), sheet.teacher),
        (phrase('Date'), _day(roll.held.started_at, language)),
        (phrase('Time'), _times(roll, words)),
        (phrase('Attended'), attended),
    ]
    return {
        'language': language.partition('-')[0] or 'en',
        'paper': paper,
        'school': school.current().name,
        'title': phrase('Attendance').spoken(words),
        'course': roll.title,
        'facts': [[label.spoken(words), value] for label, value in of_class],
        'columns': [each.spoken(words) for each in COLUMNS],
        'rows': [_row(each, roll, words) for each in _by_name(roll)],
        'signature': phrase('Signature of the teacher').spoken(words),
        'signed_on': phrase('Place and date').spoken(words),
        'page': phrase('Page {page} of {pages}', page='{page}', pages='{pages}').spoken(words),
    }


def _by_name(roll: ClassRoll) -> list[Presentee | Absentee]:
    return sorted([*roll.present, *roll.absent], key=lambda each: (name_order.key(each.name), each.user_id))


def _row(each: Presentee | Absentee, roll: ClassRoll, words: NullTranslations) -> list[str]:
    remark = REMARKS[each.mark].spoken(words) if each.mark else ''
    if isinstance(each, Absentee):
        return [each.name, '', '', '', remark or phrase('absent').spoken(words)]
    came, left = (_time(at, roll.held.started_at) if at else '' for at in (each.came_at, each.left_at))
    minutes = '' if each.minutes is None else str(each.minutes)
    return [each.name, came, '' if each.is_here else left, minutes, remark]


def _times(roll: ClassRoll, words: NullTranslations) -> str:
    start, end = roll.held.started_at, roll.held.ended_at
    if end is None:
        return phrase('{start}, still running', start=_time(start, start)).spoken(words)
    return f'{_time(start, start)} – {_time(end, start)}'


def _time(moment: datetime, beside: datetime) -> str:
    """Return a time of the day at the school, with the date where it is not that of the class."""
    at = zones.in_zone(zones.school(), moment)
    is_same_day = at.date() == zones.in_zone(zones.school(), beside).date()
    return f'{at:%H:%M}' if is_same_day else f'{at:%Y-%m-%d %H:%M}'


def _day(moment: datetime, language: str) -> str:
    at = zones.in_zone(zones.school(), moment)
    try:
        return format_date(at, 'EEEE, d MMMM y', locale=(language or 'en').replace('-', '_'))
    except (UnknownLocaleError, ValueError):
        return format_date(at, 'EEEE, d MMMM y', locale='en')
