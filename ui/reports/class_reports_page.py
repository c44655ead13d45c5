"""`/courses/{course_id}/reports`: the reports of a class as one ZIP, made in the background while the page counts."""

from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from nicegui import ui

from services.access import Actor
from services.core import database, jobs, server_log
from services.core.errors import DomainError, NotSignedIn
from services.enums import ReportDetail, ReportKind
from services.goals import personal
from services.live import course_head
from services.reports.performance import bundle_making, bundles
from services.reports.performance.bundles import BundleShown
from services.reports.performance.document import Options
from ui.kit.handlers import gesture
from ui.kit.language import _, language, ngettext, reading, say
from ui.kit.text import Text, heading, hint, named, title
from ui.kit.time_format import day, exact
from ui.reports.chosen import DETAILS, KINDS
from ui.shell.course_frame import Tab, course_frame
from ui.shell.frame import way_back
from ui.shell.page import page
from ui.shell.request import Visit, visit_of
from ui.shell.static_pages import plain_problem
from web.status import status_of

router = APIRouter()

EVERY = 1.0
"""seconds after which the page looks how many are made, while some are being made"""


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/reports', title='Reports of the class')
    async def class_reports(visit: Visit, course_id: int) -> Response | None:
        actor = visit.signed_in()
        head = await database.read(course_head.of_course, actor, course_id)
        found = await database.read(bundles.of_course, actor, course_id)
        groups = await database.read(bundles.groups, actor, course_id)
        with course_frame(visit, head, Tab.ANALYTICS, title=_('Reports of the class')):
            way_back(_('Analytics'), f'/courses/{course_id}/analytics')
            title(_('Reports of the class'))
            hint(_('One report for each learner, as PDF, together in one ZIP. Learners and parents may see all of it.'))
            ClassReports(actor, course_id, groups, found)
        return None


@router.get('/courses/{course_id:id}/reports/{bundle_id:id}.zip')
async def class_reports_file(request: Request, course_id: int, bundle_id: int) -> Response:
    """Return a ZIP that is ready."""
    server_log.begin_request()
    visit = await visit_of(request)
    with reading(visit.language):
        try:
            file = await database.read(bundles.file_of, visit.signed_in(), bundle_id)
        except NotSignedIn:
            return RedirectResponse(f'/sign-in?next=/courses/{course_id}/reports', status_code=303)
        except DomainError as refusal:
            return plain_problem(status_of(refusal), say(refusal))
    headers = {'cache-control': 'no-store'}
    return FileResponse(file.path, media_type='application/zip', filename=file.name, headers=headers)


class ClassReports:
    """What is to be made, and what is being made or ready."""

    def __init__(self, actor: Actor, course_id: int, groups: Sequence[str], found: tuple[BundleShown, ...]) -> None:
        self._actor, self._course_id = actor, course_id
        with named(ui.element('div').classes('field-row'), _('Which reports')):
            self._kind = ui.select(dict(KINDS), value=ReportKind.PROGRESS, label=_('About')).props('outlined')
            self._detail = ui.select(dict(DETAILS), value=ReportDetail.DETAILED, label=_('How much')).props('outlined')
            self._group = ui.select({'': _('everybody'), **{each: each for each in groups}}, value='', label=_('Who'))
            self._group.props('outlined').set_visibility(bool(groups))
        with named(ui.element('div').classes('field-row'), _('Which days')):
            self._since = ui.input(_('From')).props('outlined type=date stack-label')
            self._until = ui.input(_('To')).props('outlined type=date stack-label')
        self._graphs = ui.switch(_('With pictures'), value=True)
        self._make = ui.button(_('Make the reports'), on_click=gesture(self._start)).props('flat no-caps')
        self._make.classes('button-primary report-link')
        with ui.element('section').classes('stack-tight'):
            heading(_('Made so far'))
            self._place = ui.element('div').classes('stack-tight')
        self._timer = ui.timer(EVERY, gesture(self._look), active=False)
        self._show(found)

    async def _start(self) -> None:
        options = Options(
            kind=ReportKind(self._kind.value or ReportKind.PROGRESS),
            detail=ReportDetail(self._detail.value or ReportDetail.DETAILED),
            include_graphs=bool(self._graphs.value),
            since=self._day(self._since),
            until=self._day(self._until),
        )
        group = self._group.value or ''
        await database.write(
            bundles.start, self._actor, self._course_id, options=options, group=group, language=language()
        )
        jobs.hurry(bundle_making.NAME)
        await self._look()

    def _day(self, field: ui.input) -> date | None:
        return personal.read_day(field.value)

    async def _look(self) -> None:
        self._show(await database.read(bundles.of_course, self._actor, self._course_id))

    def _show(self, found: tuple[BundleShown, ...]) -> None:
        self._timer.active = any(not each.is_ready for each in found)
        self._make.set_enabled(not self._timer.active)
        self._place.clear()
        with self._place:
            if not found:
                hint(_('Nothing was made yet. What is made is kept here for a week.'))
                return
            with ui.element('ul').classes('list'):
                for each in found:
                    with ui.element('li'):
                        self._draw(each)

    def _draw(self, each: BundleShown) -> None:
        with ui.element('span').classes('grow'):
            Text('span', _('{kind}, {detail}: {moment}', kind=KINDS[each.kind], detail=DETAILS[each.detail],
                           moment=exact(each.made_at)))  # fmt: skip
            Text('span', _about(each)).classes('hint report-about')
        if each.is_ready:
            link = ui.link(_('ZIP'), f'/courses/{self._course_id}/reports/{each.bundle_id}.zip').classes('button-quiet')
            link.props['aria-label'] = _('Reports of {day} as ZIP', day=day(each.made_at))
        else:
            bar = ui.element('progress').props(f'max={each.total} value={each.made}')
            bar.props['aria-label'] = _('{made} of {total} reports are made', made=each.made, total=each.total)


def _about(each: BundleShown) -> str:
    said = [_('by {name}', name=each.made_by)]
    if each.group:
        said.append(each.group)
    if each.is_ready and each.ends_at:
        said += [ngettext('{count} report', '{count} reports', each.made), _('kept until {day}', day=day(each.ends_at))]
    else:
        said.append(_('{made} of {total} are made', made=each.made, total=each.total))
    if each.problem:
        said.append(say(each.problem))
    return ' · '.join(said)
