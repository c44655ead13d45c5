"""`/courses/{course_id}/analytics`: who needs the teacher, where learners get stuck, what to do today; and figures."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from services.access import Actor
from services.analytics import choices, doubts, educator, watch
from services.analytics.educator import CourseFigures
from services.analytics.watch import Watched
from services.core import audience, database, threads
from services.core.events import CourseChanged, Event, ExtraTimeGiven, GradingChanged, LearnerGrouped, Recorded
from services.core.transaction import Transaction
from services.live import course_head
from services.reports import completion_records
from services.reports.completion_lines import Format
from ui.analytics import educator_pictures as pictures
from ui.analytics.educator_attention import NeedList
from ui.analytics.educator_filters import Chosen, chosen, filters
from ui.analytics.educator_hardest import HardestCheckpoints
from ui.analytics.educator_matrix import Matrix
from ui.analytics.educator_tables import Table, rows_of
from ui.analytics.educator_today import TodayList
from ui.analytics.figure_words import figure
from ui.kit.handlers import gesture
from ui.kit.in_parts import in_parts
from ui.kit.language import _
from ui.kit.refreshing import Refreshing
from ui.kit.text import heading, named, title
from ui.shell.course_frame import Tab, course_frame
from ui.shell.downloads import Download, hand_out, spreadsheet
from ui.shell.page import page
from ui.shell.request import Visit

APART = 0.8
"""seconds between two looks at the figures, whatever happens in a busy class; the first one is at once"""
FACTS = 'learners', 'mean_percent', 'active_this_week', 'finished'

router = APIRouter()


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/analytics', title='Analytics')
    async def analytics(visit: Visit, course_id: int) -> Response | None:
        actor, asked = visit.signed_in(), chosen(visit.request)
        found = await database.read(_look, actor, course_id, asked)
        if asked.group and asked.group not in found.figures.groups:
            return RedirectResponse(replace(asked, group='').address(course_id), status_code=303)
        head = await database.read(course_head.of_course, actor, course_id)
        with course_frame(visit, head, Tab.ANALYTICS, wide=True):
            Dashboard(actor, course_id, asked, found).follow()
        return None


@router.get('/courses/{course_id:id}/analytics/{table}.csv')
async def analytics_file(request: Request, course_id: int, table: Table) -> Response:
    """Return a table of the dashboard as a file that spreadsheets open, in the reader's language."""

    async def make(visit: Visit) -> Download:
        actor = visit.signed_in()
        found = await database.read(_look, actor, course_id, chosen(request))
        # a large class has a hundred thousand cells, for which everybody would wait
        return await threads.shared.run(
            lambda: spreadsheet(f'{table}-{course_id}', rows_of(table, found.figures, actor.zone))
        )

    return await hand_out(request, make, page=f'/courses/{course_id}/analytics')


@router.get('/courses/{course_id:id}/completion-records.{form}')
async def completion_file(request: Request, course_id: int, form: Format) -> Response:
    """Return the records of completion, which auditors can check; their columns are the same in every language."""

    async def make(visit: Visit) -> Download:
        content = await completion_records.file_of(visit.signed_in(), course_id, form)
        name = f'completion-records-{course_id}.{form}'
        return Download(name=name, content=content, media_type=form.media_type)

    return await hand_out(request, make, page=f'/courses/{course_id}/analytics')


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the dashboard shows."""

    figures: CourseFigures
    watched: Sequence[Watched]
    ticked: Collection[str]


def _look(tx: Transaction, actor: Actor, course_id: int, asked: Chosen, *, again: bool = False) -> Found:
    figures = educator.of_course(tx, actor, course_id, group=asked.group, session_id=asked.session_id, again=again)
    watched = watch.of_course(tx, actor, course_id, title=figures.title, rows=figures.matrix, needs=figures.needs)
    return Found(figures=figures, watched=watched, ticked=choices.done(tx, actor, course_id))


class Dashboard:
    """The page: three answers first, then the figures that they come from; it follows what happens in the course."""

    def __init__(self, actor: Actor, course_id: int, asked: Chosen, found: Found) -> None:
        self._actor, self._course_id, self._asked = actor, course_id, asked
        self._refreshing = Refreshing(self._read, self._show)
        with ui.element('div').classes('stack dashboard'):
            with ui.element('div').classes('spread'):
                title(_('Analytics'))
                filters(course_id, asked, found.figures)
                with ui.element('div').classes('line'):
                    ui.link(_('Predictions'), f'/courses/{course_id}/predictions').classes('button-quiet')
                    ui.link(_('Reports of the class'), f'/courses/{course_id}/reports').classes('button-quiet')
                    ui.link(_('Figures as files'), f'/courses/{course_id}/exports').classes('button-quiet')
                    records = f'/courses/{course_id}/completion-records.csv'
                    ui.link(_('Records of completion'), records).classes('button-quiet')
            self._facts = named(ui.element('div').classes('figures'), _('The course in figures'))
            with ui.element('div').classes('dashboard-answers'):
                self._needs = NeedList(actor, course_id)
                with ui.element('div').classes('stack'):
                    self._today = TodayList(actor, course_id)
                    self._hardest = HardestCheckpoints(course_id)
            self._sections = self._draw_sections()
        self._show_answers(found)
        self._sections[0].show(found.figures)
        ui.timer(0.1, gesture(self._go_on), once=True)

    async def _go_on(self) -> None:
        """Draw what is further down, and then look for what takes long to read; nobody waits for either."""
        await self._show_sections()
        self._hardest.show_doubts(await database.read(doubts.of_course, self._actor, self._course_id))

    def follow(self) -> None:
        """Show what happens in the course while the page is open."""
        self._refreshing.follow(audience.of_staff(self._course_id), _is_shown, apart=APART)

    def _draw_sections(self) -> list['Section']:
        address = self._asked.address(self._course_id)
        checkpoints, weeks = pictures.file_of(address, Table.CHECKPOINTS), pictures.file_of(address, Table.WEEKS)
        scores, learners = pictures.file_of(address, Table.SCORES), pictures.file_of(address, Table.LEARNERS)
        return [
            Section(
                _('Completion by step'),
                partial(pictures.completion, file=checkpoints),
                lambda it: (it.steps, it.learners),
            ),
            Section(_('How everybody stands'), Matrix().draw, lambda it: it.matrix, file=learners),
            Section(_('Time by step'), partial(pictures.times, file=checkpoints), lambda it: it.steps),
            Section(_('Activity by week'), partial(pictures.weeks, file=weeks), lambda it: it.weeks),
            Section(_('Scores'), partial(pictures.scores, file=scores), lambda it: it.scores),
            Section(
                _('Quizzes, question by question'),
                pictures.quizzes,
                lambda it: pictures.listed(it.steps, 'mean_score'),
            ),
            Section(
                _('What holds learners'),
                pictures.engagement,
                lambda it: [pictures.listed(each, 'engagement') for each in (it.most_engaging, it.least_engaging)],
            ),
        ]

    async def _read(self) -> Found:
        return await database.read(_look, self._actor, self._course_id, self._asked, again=True)

    async def _show(self, found: Found) -> None:
        self._show_answers(found)
        await self._show_sections()

    async def _show_sections(self) -> None:
        """Draw the sections as they are now, one in each round of the loop."""
        await in_parts(self._sections, lambda section: section.show(self._found.figures), at_a_time=1)

    def _show_answers(self, found: Found) -> None:
        self._found, figures = found, found.figures
        self._facts.clear()
        with self._facts:
            for key in FACTS:
                figure(key, getattr(figures, key))
        self._needs.show(found.watched)
        self._today.show(figures.today, found.ticked)
        self._hardest.show(figures.hardest)


class Section:
    """A part of the page below the answers, drawn anew only when its own figures have changed."""

    def __init__(
        self,
        name: str,
        draw: Callable[[CourseFigures], object],
        part: Callable[[CourseFigures], object],
        *,
        file: str = '',
    ) -> None:
        self._draw, self._part = draw, part
        self._drawn: object = None
        with ui.element('section').classes('stack-tight dashboard-part'):
            with ui.element('div').classes('spread'):
                heading(name)
                if file:
                    ui.link(_('Download as CSV'), file).classes('button-quiet')
            self._place = ui.element('div').classes('stack-tight')

    def show(self, figures: CourseFigures) -> None:
        """Show the figures as they are now."""
        part = self._part(figures)
        if part == self._drawn:
            return
        self._drawn = part
        self._place.clear()
        with self._place:
            self._draw(figures)


def _is_shown(event: Event) -> bool:
    return isinstance(event, Recorded | CourseChanged | GradingChanged | LearnerGrouped | ExtraTimeGiven)
