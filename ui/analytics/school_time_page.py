"""`/school/time`: how much time all courses invested by month, for admins; on screen and as a file."""

from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from nicegui import ui

from services import access
from services.core import database
from services.core.errors import DomainError
from services.enums import ExportForm
from services.goals import personal
from services.reports.exports import months, school_months
from services.reports.exports.cells import written
from services.reports.exports.school_months import SchoolTime
from services.reports.exports.writing import MEDIA_TYPES
from ui.analytics.educator_tables import draw
from ui.analytics.figure_words import defined_html
from ui.kit.handlers import gesture
from ui.kit.language import Spoken, _, ngettext, say
from ui.kit.text import Text, hint, named, title
from ui.kit.time_format import short_day
from ui.shell.downloads import Download, hand_out
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import Visit

router = APIRouter()

SHOWN = 100
"""rows on screen"""
FILES: Mapping[str, str] = Spoken(
    {
        'csv': lambda: _('CSV with commas (1.5)'),
        'csv;': lambda: _('CSV with semicolons (1,5)'),
        'xlsx': lambda: _('Workbook (XLSX)'),
    }
)


def create() -> None:
    """Declare the page."""

    @page('/school/time', title='Time of all courses')
    async def school_time(visit: Visit) -> Response | None:
        await database.read(access.admin, visit.actor)
        with frame(visit, wide=True):
            way_back(_('Figures of the school'), '/school/analytics')
            title(_('Time of all courses'))
            hint(
                _(
                    'How long learners were at work in each course, in whole months that are over. Courses and groups'
                    ' of too few learners are not shown.'
                )
            )
            _Choices(visit)
            place = ui.element('div').classes('stack-tight').props('aria-live=polite')
            with place:
                hint(_('Reading one course after another …'))
        ui.timer(0, gesture(partial(_show, visit, place)), once=True)
        return None


@router.get('/school/time/table.{form}')
async def school_time_file(request: Request, form: Literal[ExportForm.CSV, ExportForm.XLSX]) -> Response:
    """Return the table as a file, in the reader's language."""

    async def make(visit: Visit) -> Download:
        found = await _asked(visit)
        has_commas = request.query_params.get('commas') == 'yes'
        content = await school_months.file_of(found, form, has_commas=has_commas, language=visit.language)
        return Download(name=f'school-time.{form}', content=content, media_type=MEDIA_TYPES[form])

    return await hand_out(request, make, page='/school/time')


async def _asked(visit: Visit) -> SchoolTime:
    since, until = (visit.request.query_params.get(name, '') for name in ('since', 'until'))
    return await school_months.of_school(
        visit.actor, since=personal.read_day(since), until=personal.read_day(until), language=visit.language
    )


class _Choices:
    """Which days; what is chosen is in the address."""

    def __init__(self, visit: Visit) -> None:
        typed = visit.request.query_params
        with named(ui.element('div').classes('field-row'), _('What is shown')):
            self._since = ui.input(_('From'), value=typed.get('since', '')).props('outlined type=date stack-label')
            self._until = ui.input(_('To'), value=typed.get('until', '')).props('outlined type=date stack-label')
        show = ui.button(_('Show'), on_click=gesture(self._show)).props('flat no-caps')
        show.classes('button-quiet report-link')

    async def _show(self) -> None:
        since, until = (personal.read_day(field.value) for field in (self._since, self._until))
        days = [f'{name}={day}' for name, day in (('since', since), ('until', until)) if day]
        ui.navigate.to('/school/time' + ('?' + '&'.join(days) if days else ''))


async def _show(visit: Visit, place: ui.element) -> None:
    try:
        found = await _asked(visit)
    except DomainError as refusal:
        place.clear()
        with place:
            Text('p', say(refusal)).classes('body').props('role=alert')
        return
    place.clear()
    with place:
        _draw(found)


def _draw(found: SchoolTime) -> None:
    since, until = found.since.isoformat(), found.until.isoformat()
    first, last = short_day(found.since), short_day(found.until)
    hint(_('From {since} to {until}, on the days of each learner.', since=first, until=last))
    if not found.rows:
        Text('p', _('There is nothing in these months.')).classes('body')
        return
    with named(ui.element('div').classes('line'), _('Files')):
        for form, words in FILES.items():
            commas = '&commas=yes' if form == 'csv;' else ''
            address = f'/school/time/table.{form.removesuffix(";")}?since={since}&until={until}{commas}'
            ui.link(words, address).classes('button-quiet')
    rows = [[escape(str(written(cell))) for cell in row] for row in found.rows[:SHOWN]]
    head = [*map(escape, found.heads[: -len(months.KEYS)]), *map(defined_html, months.KEYS)]
    draw(_('Time of all courses'), head, rows)
    if len(found.rows) > SHOWN:
        hint(
            ngettext(
                'This is the first row. The files have all of them.',
                'These are the first {count} rows. The files have all of them.',
                SHOWN,
            )
        )
