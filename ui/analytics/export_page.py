"""`/courses/{course_id}/exports`: tables of chosen learners and days, as the files that are taken away have them."""

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape

from babel.core import UnknownLocaleError
from babel.numbers import get_decimal_symbol
from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from nicegui import ui

from services.access import Actor
from services.core import database, jobs, server_log
from services.core.errors import DomainError, NotFound, NotSignedIn
from services.enums import ExportForm
from services.goals import personal
from services.live import course_head
from services.reports.exports import files, making, showing, tables
from services.reports.exports.cells import written
from services.reports.exports.files import FileShown
from services.reports.exports.showing import Choice, Shown
from services.reports.exports.writing import MEDIA_TYPES
from ui.analytics.educator_tables import draw
from ui.analytics.export_asked import AskedOf, asked_of
from ui.kit.handlers import gesture
from ui.kit.language import Spoken, _, language, ngettext, reading, say
from ui.kit.text import Text, heading, hint, named, title
from ui.kit.time_format import day, exact, times_are_in
from ui.shell.course_frame import Tab, course_frame
from ui.shell.downloads import Download, hand_out
from ui.shell.frame import way_back
from ui.shell.page import page
from ui.shell.request import Visit, visit_of
from ui.shell.static_pages import plain_problem
from web.status import status_of

router = APIRouter()

EVERY = 1.0
"""seconds after which the page looks whether files are ready, while some are being made"""
FORMS: Mapping[str, str] = Spoken(
    {
        ExportForm.CSV: lambda: _('CSV'),
        ExportForm.XLSX: lambda: _('Workbook (XLSX)'),
        ExportForm.JSON: lambda: _('JSON'),
        ExportForm.PDF: lambda: _('PDF'),
    }
)
SEPARATED: Mapping[bool, str] = Spoken(
    {False: lambda: _('CSV with commas (1.5)'), True: lambda: _('CSV with semicolons (1,5)')}
)


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/exports', title='Figures as files')
    async def exports(visit: Visit, course_id: int) -> Response | None:
        actor = visit.signed_in()
        people, groups = await database.read(showing.choices, actor, course_id)
        head = await database.read(course_head.of_course, actor, course_id)
        made = await database.read(files.own, actor, course_id)
        found: Shown | DomainError
        try:
            chosen = asked_of(visit.request)
            found = await database.read(
                showing.shown, actor, course_id, chosen.asked, language=visit.language, zone=actor.time_zone
            )
        except NotFound:
            raise
        except DomainError as refusal:
            chosen, found = AskedOf(), refusal
        with course_frame(visit, head, Tab.ANALYTICS, wide=True, title=_('Figures as files')):
            way_back(_('Analytics'), f'/courses/{course_id}/analytics')
            title(_('Figures as files'))
            hint(_('Choose a table, learners and days. Each file has the same cells as this page.'))
            _Choices(course_id, chosen, people, groups)
            own = _OwnFiles(actor, course_id, chosen, made)
            if isinstance(found, DomainError):
                Text('p', say(found)).classes('body').props('role=alert')
            else:
                own.offer(found, has_commas=_writes_commas(visit.request))
                _draw(found)
            own.draw()
        return None


@router.get('/courses/{course_id:id}/exports/table.{form}')
async def export_now(request: Request, course_id: int, form: ExportForm) -> Response:
    """Return a table that is short enough to be waited for, in the reader's language."""

    async def make(visit: Visit) -> Download:
        actor, chosen = visit.signed_in(), asked_of(request)
        found = await database.read(
            showing.whole, actor, course_id, chosen.asked, language=visit.language, zone=actor.time_zone
        )
        content = await showing.file_of(
            found, form, has_commas=request.query_params.get('commas') == 'yes', language=visit.language
        )
        name = f'{chosen.asked.what}-{course_id}.{form}'
        return Download(name=name, content=content, media_type=MEDIA_TYPES[form])

    return await hand_out(request, make, page=f'/courses/{course_id}/exports')


@router.get('/courses/{course_id:id}/exports/{export_id:id}')
async def export_made(request: Request, course_id: int, export_id: int) -> Response:
    """Return a file that was made in the background, to the teacher who asked for it."""
    server_log.begin_request()
    visit = await visit_of(request)
    with reading(visit.language):
        try:
            file = await database.read(files.file_of, visit.signed_in(), export_id)
        except NotSignedIn:
            return RedirectResponse(f'/sign-in?next=/courses/{course_id}/exports', status_code=303)
        except DomainError as refusal:
            return plain_problem(status_of(refusal), say(refusal))
    headers = {'cache-control': 'no-store'}
    return FileResponse(file.path, media_type=file.media_type, filename=file.name, headers=headers)


class _Choices:
    """Which table, of whom, of which days; what is chosen is in the address."""

    def __init__(self, course_id: int, chosen: AskedOf, people: Sequence[Choice], groups: Sequence[str]) -> None:
        self._course_id = course_id
        asked, names = chosen.asked, {each.user_id: each.name for each in people}
        with named(ui.element('div').classes('field-row'), _('What is shown')):
            self._what = ui.select(
                {what: say(name) for what, name in tables.NAMES.items()}, value=asked.what, label=_('Table')
            ).props('outlined')
            here = [user_id for user_id in asked.people if user_id in names]
            self._people = ui.select(names, value=here, label=_('Learners'), multiple=True, with_input=True)
            self._people.props('outlined use-chips stack-label')
            self._people.props['placeholder'] = '' if here else _('everybody')
            everybody = {'': _('everybody'), **{group: group for group in groups}}
            group = asked.group if asked.group in groups else ''
            self._group = ui.select(everybody, value=group, label=_('Group')).props('outlined')
            self._group.set_visibility(bool(groups))
            self._since = ui.input(_('From'), value=chosen.since).props('outlined type=date stack-label')
            self._until = ui.input(_('To'), value=chosen.until).props('outlined type=date stack-label')
        self._names = ui.switch(_('With names'), value=asked.has_names)
        show = ui.button(_('Show'), on_click=gesture(self._show)).props('flat no-caps')
        show.classes('button-quiet report-link')

    async def _show(self) -> None:
        for field in (self._since, self._until):
            personal.read_day(field.value)
        chosen = AskedOf.of(
            what=self._what.value, people=self._people.value, group=self._group.value,
            since=self._since.value, until=self._until.value,
            has_names=bool(self._names.value),
        )  # fmt: skip
        ui.navigate.to(f'/courses/{self._course_id}/exports{chosen.query}')


def _draw(found: Shown) -> None:
    """Draw the beginning of the table."""
    since, until = found.scope.since.isoformat(), found.scope.until.isoformat()
    with ui.element('section').classes('stack-tight'):
        heading(say(tables.NAMES[found.scope.what]))
        hint(_('From {since} to {until}, on the days of each learner.', since=since, until=until) + times_are_in())
        if not found.rows:
            Text('p', _('There is nothing in these days.')).classes('body')
            return
        rows = [[escape(str(written(cell))) for cell in row] for row in found.rows]
        draw(say(tables.NAMES[found.scope.what]), [escape(head) for head in found.heads], rows)
        if found.has_more:
            hint(
                ngettext(
                    'This is the first row. The files have all of them.',
                    'These are the first {count} rows. The files have all of them.',
                    len(found.rows),
                )
            )


class _OwnFiles:
    """The links to files of what is shown, and the long ones that are made in the background."""

    def __init__(self, actor: Actor, course_id: int, chosen: AskedOf, made: Sequence[FileShown]) -> None:
        self._actor, self._course_id, self._chosen, self._made = actor, course_id, chosen, made
        self._place: ui.element | None = None
        self._timer: ui.timer | None = None

    def offer(self, found: Shown, *, has_commas: bool) -> None:
        """Draw a link for each kind of file, or a button where the table is long."""
        with named(ui.element('div').classes('line'), _('Files')):
            for form in ExportForm:
                for commas in (has_commas, not has_commas) if form is ExportForm.CSV else (False,):
                    words = SEPARATED[commas] if form is ExportForm.CSV else FORMS[form]
                    if not found.is_long:
                        ui.link(words, self._address(form, has_commas=commas)).classes('button-quiet')
                    elif form is not ExportForm.PDF:
                        button = ui.button(words, on_click=gesture(partial(self._start, form, commas)))
                        button.props('flat no-caps').classes('button-quiet')
        if found.is_long:
            hint(_('This table is long. Choose a kind of file; you will be notified when it is ready.'))

    def draw(self) -> None:
        """Draw what was made in the background."""
        with ui.element('section').classes('stack-tight'):
            self._place = ui.element('div').classes('stack-tight')
        self._timer = ui.timer(EVERY, gesture(self._look), active=False)
        self._show(self._made)

    async def _start(self, form: ExportForm, has_commas: bool) -> None:
        await database.write(
            files.start,
            self._actor,
            self._course_id,
            asked=self._chosen.asked,
            form=form,
            has_commas=has_commas,
            language=language(),
        )
        jobs.hurry(making.NAME)
        await self._look()

    async def _forget(self, export_id: int) -> None:
        await database.write(files.forget, self._actor, export_id)
        await self._look()

    async def _look(self) -> None:
        self._show(await database.read(files.own, self._actor, self._course_id))

    def _show(self, made: Sequence[FileShown]) -> None:
        assert self._place is not None
        assert self._timer is not None
        self._timer.active = any(each.ends_at is None for each in made)
        self._place.clear()
        if not made:
            return
        with self._place:
            heading(_('Your files'))
            with ui.element('ul').classes('list'):
                for each in made:
                    with ui.element('li'):
                        self._draw_file(each)

    def _draw_file(self, each: FileShown) -> None:
        name = _('{table}: {moment}', table=say(tables.NAMES[each.what]), moment=exact(each.made_at))
        with ui.element('span').classes('grow'):
            Text('span', name)
            Text('span', _about(each)).classes('hint report-about')
        if each.is_ready:
            link = ui.link(FORMS[each.form], f'/courses/{self._course_id}/exports/{each.export_id}')
            named(link.classes('button-quiet'), _('{form} of {file}', form=FORMS[each.form], file=name))
        button = ui.button(_('Delete'), on_click=gesture(partial(self._forget, each.export_id)))
        named(button.props('flat no-caps').classes('button-quiet button-bare'), _('Delete {file}', file=name))

    def _address(self, form: ExportForm, *, has_commas: bool) -> str:
        query = self._chosen.query or '?'
        commas = '&commas=yes' if has_commas else ''
        return f'/courses/{self._course_id}/exports/table.{form}{query}{commas}'.removesuffix('?')


def _about(each: FileShown) -> str:
    said = [each.group] if each.group else []
    if each.people:
        said.append(ngettext('{count} learner', '{count} learners', each.people))
    said.append(ngettext('{count} row', '{count} rows', each.made))
    if each.is_ready and each.ends_at:
        said.append(_('kept until {day}', day=day(each.ends_at)))
    elif each.problem:
        said.append(say(each.problem))
    else:
        said.append(_('being made'))
    return ' · '.join(said)


def _writes_commas(request: Request) -> bool:
    """Tell whether spreadsheets where the reader lives write 1,5 and expect semicolons between cells."""
    asked = request.headers.get('accept-language', '').split(',')[0].partition(';')[0].strip()
    try:
        return get_decimal_symbol(asked.replace('-', '_') or 'en') == ','
    except (UnknownLocaleError, ValueError):
        return False
