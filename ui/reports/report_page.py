"""`/report/{user_id}`: the report about a learner as it is now; `/reports/{report_id}`: one that was kept."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.transaction import Transaction
from services.enums import Role
from services.reports.performance import building, kept_reports, links, paper, remarks
from services.reports.performance.document import PerformanceReport
from services.reports.performance.kept_reports import KeptShown
from services.reports.performance.remarks import Written
from services.reports.performance.sheet_writing import sheet_of
from ui.kit.language import _, language
from ui.kit.text import Text, heading, hint, title
from ui.reports.chosen import Chosen, choice_html, chosen
from ui.reports.kept_list import KeepDialog, Links, draw_kept, draw_openings
from ui.reports.report_html import report_html
from ui.reports.staff_words import StaffWords
from ui.shell.frame import frame, title_page, way_back
from ui.shell.page import page
from ui.shell.paper import chosen_paper, hand_out_pdf
from ui.shell.request import Visit

router = APIRouter()


def create() -> None:
    """Declare the pages."""

    @page('/report/{user_id:id}', title='Report')
    async def report(visit: Visit, user_id: int) -> Response | None:
        actor, asked = visit.signed_in(), chosen(visit.request.query_params)
        found, kept, written = await database.read(_read, actor, user_id, asked)
        title_page(_('Report'), found.student_name)
        with frame(visit):
            _way_back(actor, found, asked)
            _Live(visit, actor, asked, found).draw(kept, written)
        return None

    @page('/reports/{report_id:id}', title='Report')
    async def kept_report(visit: Visit, report_id: int) -> Response | None:
        actor = visit.signed_in()
        found = await database.write(kept_reports.open_, actor, report_id)
        is_parent = actor.role is Role.PARENT
        theirs = () if is_parent else await database.read(links.of_report, actor, report_id)
        title_page(_('Report'), found.student_name)
        with frame(visit):
            if is_parent:
                way_back(_('Your children'), f'/children/{found.student_id}')
            else:
                way_back(_('The report as it is now'), f'/report/{found.student_id}')
            with ui.element('div').classes('line only-screen'):
                _pdf_link(f'/reports/{report_id}.pdf')
            ui.html(report_html(sheet_of(found, language(), zone=actor.zone)), sanitize=False)
            if not is_parent:
                with ui.element('section').classes('stack only-screen'):
                    Links(visit, actor, found).show(theirs)
                    draw_openings(found)
        return None


@router.get('/report/{user_id:id}.pdf')
async def report_pdf(request: Request, user_id: int) -> Response:
    """Return the report about a learner as it is now, for paper."""

    async def make(visit: Visit) -> bytes:
        actor, asked = visit.signed_in(), chosen(request.query_params)
        found = await database.read(
            building.of_learner, actor, user_id, course_id=asked.course_id, options=asked.options
        )
        return await paper.make_pdf(
            found, language=visit.language, zone=actor.zone, paper=chosen_paper(request, paper.SIZES)
        )

    return await hand_out_pdf(request, make, name=f'report-{user_id}', page=f'/report/{user_id}')


@router.get('/reports/{report_id:id}.pdf')
async def kept_pdf(request: Request, report_id: int) -> Response:
    """Return a kept report for paper; that is an opening too."""

    async def make(visit: Visit) -> bytes:
        actor = visit.signed_in()
        found = await database.write(kept_reports.open_, actor, report_id)
        return await paper.make_pdf(
            found, language=visit.language, zone=actor.zone, paper=chosen_paper(request, paper.SIZES)
        )

    return await hand_out_pdf(request, make, name=f'report-{report_id}', page=f'/reports/{report_id}')


def _read(
    tx: Transaction, actor: Actor, user_id: int, asked: Chosen
) -> tuple[PerformanceReport, tuple[KeptShown, ...], Written | None]:
    found = building.of_learner(tx, actor, user_id, course_id=asked.course_id, options=asked.options)
    is_staff = asked.course_id is not None and actor.user_id != user_id
    written = remarks.of_learner(tx, actor, asked.course_id or 0, user_id) if is_staff else None
    return found, kept_reports.of_learner(tx, actor, user_id), written


def _way_back(actor: Actor, found: PerformanceReport, asked: Chosen) -> None:
    if asked.course_id is None:
        way_back(_('Your courses'), '/')
    elif actor.user_id == found.student_id:
        way_back(_('Your progress'), f'/courses/{asked.course_id}/progress')
    else:
        way_back(_('Progress'), f'/courses/{asked.course_id}/people/{found.student_id}/progress')


class _Live:
    """The report as it is now: chosen in a form, kept with a button, with what staff write below."""

    def __init__(self, visit: Visit, actor: Actor, asked: Chosen, found: PerformanceReport) -> None:
        self._visit, self._actor, self._asked, self._found = visit, actor, asked, found

    def draw(self, kept: tuple[KeptShown, ...], written: Written | None) -> None:
        address, sheet = f'/report/{self._found.student_id}', sheet_of(self._found, language(), zone=self._actor.zone)
        Text('p', sheet.title).classes('report-kind')
        title(self._found.student_name).props('translate=no')
        with ui.element('div').classes('line only-screen'):
            keep = KeepDialog(self._actor, self._asked, self._found)
            ui.button(_('Keep this report'), on_click=keep.open).props('flat no-caps').classes('button-primary')
            _pdf_link(f'{address}.pdf?{self._asked.query}')
        ui.html(choice_html(self._asked, address), sanitize=False).classes('only-screen')
        ui.html(report_html(sheet, is_titled=False), sanitize=False)
        with ui.element('div').classes('stack only-screen'):
            if written is not None and self._asked.course_id is not None:
                StaffWords(self._actor, self._asked.course_id, self._found, written)
            with ui.element('section').classes('stack-tight'):
                heading(_('Reports that were kept'))
                if kept:
                    draw_kept(kept)
                else:
                    hint(_('Keep a report to hand it out. The next one then says what has changed since.'))


def _pdf_link(address: str) -> None:
    ui.link(_('PDF'), address, new_tab=True).classes('button-quiet').props['aria-label'] = _('This report as PDF')
