"""`/school/analytics`: how the school is used, how far courses lead, and whether the server keeps up, for admins."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import Response
from nicegui import ui

from services import followers
from services.analytics import definitions, school, school_findings
from services.analytics.school import SchoolFigures
from services.core import database
from ui.analytics import educator_tables
from ui.analytics.charts import Part, standing
from ui.analytics.educator_tables import Cell
from ui.analytics.figure_words import defined_html, figure, shown
from ui.kit.handlers import gesture
from ui.kit.in_parts import in_parts
from ui.kit.language import _, say
from ui.kit.text import Text, heading, hint, named, title
from ui.kit.time_format import short_day
from ui.shell.downloads import Download, hand_out, spreadsheet
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import Visit

FACTS = 'active_per_month', 'completion_rate', 'days_to_completion', 'stored_bytes', 'free_bytes', 'jobs_due'
WEEK_KEYS = 'sessions', 'mean_session_seconds'
NOTICE_KEYS = 'notices', 'notices_read', 'notices_mailed'
MOTIVATION_KEYS = 'streaks_kept', 'badges'
COURSE_KEYS = 'enrolled', 'completion_rate'
RECALCULATIONS = 'recalculation_p50', 'recalculation_p95', 'recalculation_p99'

router = APIRouter()


class Table(StrEnum):
    """A table of the school that can be taken away; also the end of its address."""

    DAYS = 'days'
    WEEKS = 'weeks'
    NOTICES = 'notices'
    MOTIVATION = 'motivation'
    COURSES = 'courses'


def create() -> None:
    """Declare the page."""

    @page('/school/analytics', title='Figures of the school')
    async def analytics(visit: Visit) -> Response | None:
        figures = await database.read(school.of_school, visit.actor)
        with frame(visit, wide=True):
            way_back(_('Your school'), '/school')
            with ui.element('div').classes('stack dashboard') as place:
                _top(figures)
                _people(figures)
        ui.timer(0, gesture(partial(_go_on, place, figures)), once=True)
        return None


@router.get('/school/analytics/{table}.csv')
async def analytics_file(request: Request, table: Table) -> Response:
    """Return a table of the school as a file that spreadsheets open, in the reader's language."""

    async def make(visit: Visit) -> Download:
        figures = await database.read(school.of_school, visit.actor)
        return spreadsheet(f'school-{table}', _ROWS[table](figures))

    return await hand_out(request, make, page='/school/analytics')


async def _go_on(place: ui.element, figures: SchoolFigures) -> None:
    """Draw what is further down once the page is open, one part in each round of the loop."""

    def draw(part: Callable[[SchoolFigures], object]) -> None:
        with place:
            part(figures)

    await in_parts((_sessions, _notices, _motivation, _courses, _upkeep), draw, at_a_time=1)


def _top(figures: SchoolFigures) -> None:
    title(_('Figures of the school'))
    Text('p', say(school_findings.month(figures.active_per_month, figures.active_month_before))).classes('body')
    with named(ui.element('div').classes('figures'), _('The school in figures')):
        for key in FACTS:
            figure(key, getattr(figures, key))
    hint(_until(figures))
    hint(
        _(
            'Numbers of fewer than ten people are not shown. The others are changed a little at random, once for each'
            ' day or week and within a fixed budget, so that they say nothing of one person.'
        )
    )


def _people(figures: SchoolFigures) -> None:
    found = figures.days
    with _part(_('People by day')):
        numbers = [day.active_people for day in found]
        part = Part(
            name=_('Active people'), values=[each or 0 for each in numbers], words=[_bar(each) for each in numbers]
        )
        if any(numbers):
            standing(say(school_findings.days(found)), [short_day(day.day) for day in found], [part], kind='people')
            hint(_('Where there is no bar, nobody came, or fewer than ten: then the number is not shown.'))
        else:
            Text('p', say(school_findings.days(found))).classes('chart-title')
        head = [escape(_('Day')), defined_html('active_people')]
        rows = [[short_day(day.day), _cell('active_people', day.active_people)] for day in found]
        educator_tables.behind(_('People by day'), head, rows, _file(Table.DAYS))


def _sessions(figures: SchoolFigures) -> None:
    found = figures.weeks
    with _part(_('Learning sessions by week')):
        numbers = [week.sessions for week in found]
        part = Part(name=_('Sessions'), values=[each or 0 for each in numbers], words=[_bar(each) for each in numbers])
        if any(numbers):
            mondays = [short_day(week.monday) for week in found]
            standing(say(school_findings.weeks(found)), mondays, [part], kind='sessions')
        else:
            Text('p', say(school_findings.weeks(found))).classes('chart-title')
        head = [escape(_('Week from')), *map(defined_html, WEEK_KEYS)]
        rows = [[short_day(week.monday), *(_cell(key, getattr(week, key)) for key in WEEK_KEYS)] for week in found]
        educator_tables.behind(_('Learning sessions by week'), head, rows, _file(Table.WEEKS))


def _notices(figures: SchoolFigures) -> None:
    with _part(_('Notices by week'), _file(Table.NOTICES)):
        hint(_('Whether a mail was opened is not known: mails from here have no tracking pixels.'))
        _by_week(_('Notices by week'), NOTICE_KEYS, figures)


def _motivation(figures: SchoolFigures) -> None:
    with _part(_('Streaks and badges by week'), _file(Table.MOTIVATION)):
        _by_week(_('Streaks and badges by week'), MOTIVATION_KEYS, figures)


def _by_week(name: str, keys: Sequence[str], figures: SchoolFigures) -> None:
    head = [escape(_('Week from')), *map(defined_html, keys)]
    rows = [
        [short_day(week.monday), *(escape(_cell(key, getattr(week, key))) for key in keys)] for week in figures.weeks
    ]
    educator_tables.draw(name, head, rows)


def _courses(figures: SchoolFigures) -> None:
    with _part(_('Courses'), _file(Table.COURSES)):
        ui.link(_('Time of all courses by month'), '/school/time')
        if not figures.courses:
            hint(_('No course was there when the last week was over.'))
            return
        head = [escape(_('Course')), *map(defined_html, COURSE_KEYS)]
        rows = [
            [
                f'<span translate="no">{escape(each.title)}</span>',
                *(escape(_cell(key, getattr(each, key))) for key in COURSE_KEYS),
            ]
            for each in figures.courses
        ]
        educator_tables.draw(_('Courses'), head, rows)


def _upkeep(figures: SchoolFigures) -> None:
    with _part(_('Does the server keep up?')):
        Text('p', say(school_findings.upkeep(figures.jobs_failed, figures.followers))).classes('chart-title')
        head = [escape(_('What follows the record')), defined_html('followers'), escape(_('Problem'))]
        rows = [
            [escape(str(say(followers.WORDS.get(each.name, each.name)))), str(each.behind), escape(each.problem)]
            for each in figures.followers
        ]
        educator_tables.draw(_('Does the server keep up?'), head, rows)
        with named(ui.element('div').classes('figures'), _('How long percentages take')):
            for key in RECALCULATIONS:
                figure(key, getattr(figures.recalculations, key))
        ui.link(_('Work by the clock'), '/school')


def _until(figures: SchoolFigures) -> str:
    if figures.as_of is None or figures.week_as_of is None:
        return _('The first figures of people are there once a day is over.')
    day, week = short_day(figures.as_of), short_day(figures.week_as_of)
    return _('People by day go up to {day}, all other figures of people up to {week}.', day=day, week=week)


@contextmanager
def _part(name: str, file: str = '') -> Iterator[None]:
    with ui.element('section').classes('stack-tight dashboard-part'):
        with ui.element('div').classes('spread'):
            heading(name)
            if file:
                ui.link(_('Download as CSV'), file).classes('button-quiet')
        yield


def _file(table: Table) -> str:
    return f'/school/analytics/{table}.csv'


def _bar(number: int | None) -> str:
    return str(number) if number else ''


def _cell(key: str, value: object) -> str:
    return shown(definitions.of(key), value)


def _names(keys: Sequence[str]) -> list[str]:
    return [say(definitions.of(key).name) for key in keys]


def _day_rows(figures: SchoolFigures) -> list[list[Cell]]:
    rows: list[list[Cell]] = [[day.day.isoformat(), day.active_people] for day in figures.days]
    return [[_('Day'), *_names(['active_people'])], *rows]


def _week_rows(keys: Sequence[str], figures: SchoolFigures) -> list[list[Cell]]:
    rows: list[list[Cell]] = [
        [week.monday.isoformat(), *(getattr(week, key) for key in keys)] for week in figures.weeks
    ]
    return [[_('Week from'), *_names(keys)], *rows]


def _course_rows(figures: SchoolFigures) -> list[list[Cell]]:
    rows: list[list[Cell]] = [
        [each.title, each.enrolled, _cell('completion_rate', each.completion_rate)] for each in figures.courses
    ]
    return [[_('Course'), *_names(COURSE_KEYS)], *rows]


_ROWS: Mapping[Table, Callable[[SchoolFigures], list[list[Cell]]]] = {
    Table.DAYS: _day_rows,
    Table.WEEKS: partial(_week_rows, WEEK_KEYS),
    Table.NOTICES: partial(_week_rows, NOTICE_KEYS),
    Table.MOTIVATION: partial(_week_rows, MOTIVATION_KEYS),
    Table.COURSES: _course_rows,
}
