"""`/courses/{course_id}/progress`: how a learner is doing in a course, for them and for those who teach it."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.analytics import definitions, learner, learner_findings, subjects
from services.analytics.learner import LearnerFigures
from services.core import audience, database
from services.core.events import CourseChanged, Event, Recorded
from services.live import course_head
from ui.analytics import learner_pictures as pictures
from ui.analytics.educator_tables import Cell
from ui.analytics.figure_words import figure
from ui.analytics.learner_advice import Advice, Beside
from ui.analytics.learner_way import Way
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.refreshing import Refreshing
from ui.kit.text import Text, heading, hint, named, title
from ui.shell.course_frame import Tab, course_frame
from ui.shell.downloads import Download, hand_out, spreadsheet
from ui.shell.frame import frame, title_page, way_back
from ui.shell.page import page
from ui.shell.request import Visit

PAUSE = 0.8
"""seconds in which all that happens is one look at the figures"""
FACTS = 'percent', 'steps_done', 'total_seconds', 'velocity'

router = APIRouter()


class Table(StrEnum):
    """A table of the page that can be taken away; also the end of its address."""

    CHECKPOINTS = 'steps'
    WEEKS = 'weeks'
    DAY = 'day'


def create() -> None:
    """Declare the pages."""

    @page('/courses/{course_id:id}/progress', title='Your progress')
    async def own_progress(visit: Visit, course_id: int) -> Response | None:
        actor = visit.signed_in()
        found = await database.read(learner.own, actor, course_id)
        title_page(_('Your progress'), found.title)
        with frame(visit, wide=True):
            way_back(found.title, f'/courses/{course_id}/learn')
            with ui.element('div').classes('spread'):
                title(_('Your progress'))
                _report_link(course_id, actor.user_id)
            Progress(actor, found, is_own=True).follow()
        return None

    @page('/courses/{course_id:id}/people/{user_id:id}/progress', title='Progress')
    async def progress_of(visit: Visit, course_id: int, user_id: int) -> Response | None:
        head = await database.read(course_head.of_course, visit.actor, course_id)
        found = await database.read(learner.of_learner, visit.signed_in(), course_id, user_id=user_id)
        with course_frame(visit, head, Tab.ANALYTICS, wide=True, title=_('Progress')):
            way_back(_('Analytics'), f'/courses/{course_id}/analytics')
            with ui.element('div').classes('spread'):
                title(found.name).props('translate=no')
                _report_link(course_id, user_id)
            hint(_('This page as the learner sees it.'))
            Progress(visit.signed_in(), found, is_own=False).follow()
        return None


def _report_link(course_id: int, user_id: int) -> None:
    ui.link(_('Report to hand out'), f'/report/{user_id}?course={course_id}').classes('button-quiet')


@router.get('/courses/{course_id:id}/progress/{table}.csv')
async def own_file(request: Request, course_id: int, table: Table) -> Response:
    """Return the learner's own figures as a file that spreadsheets open."""
    return await _file(request, course_id, table)


@router.get('/courses/{course_id:id}/people/{user_id:id}/progress/{table}.csv')
async def file_of(request: Request, course_id: int, user_id: int, table: Table) -> Response:
    """Return the figures of a learner as a file that spreadsheets open."""
    return await _file(request, course_id, table, user_id)


class Progress:
    """The page: how far and what next first, then pictures; it follows what the learner does."""

    def __init__(self, actor: Actor, found: LearnerFigures, *, is_own: bool) -> None:
        self._actor, self._is_own = actor, is_own
        self._course_id, self._user_id = found.course_id, found.user_id
        self._refreshing = Refreshing(self._read, self._show)
        self._drawn: dict[str, object] = {}
        address = f'/courses/{found.course_id}'
        self._file = f'{address}/progress' if is_own else f'{address}/people/{found.user_id}/progress'
        with ui.element('div').classes('stack dashboard'):
            self._says = Text('p').classes('body')
            self._facts = named(ui.element('div').classes('figures'), _('Progress in figures'))
            self._way = Way(found.course_id, is_own=is_own)
            self._advice = Advice(actor, found.course_id, is_own=is_own, look_again=self._refreshing.look_again)
            self._places = {
                name: self._section(name) for name in (_('Weeks'), _('Time by step'), _('Time of day'), _('Strengths'))
            }
            by_subject = self._section(_('By subject')) if is_own else None
            self._beside = self._comparison(found) if is_own else None
        self._show(found)
        if by_subject is not None:
            ui.timer(0.1, gesture(partial(self._show_subjects, by_subject)), once=True)

    async def _show_subjects(self, place: ui.element) -> None:
        """Read the learner's other courses as well, once the page is open; nobody waits for it."""
        found = await database.read(subjects.of_learner, self._actor, self._user_id)
        place.clear()
        with place:
            pictures.subjects(found)

    def follow(self) -> None:
        """Show what the learner does while the page is open."""
        own = audience.of_learner(self._course_id, self._user_id)
        whose = own if self._is_own else audience.of_staff(self._course_id)
        self._refreshing.follow(whose, self._is_shown, pause=PAUSE)

    def _section(self, name: str) -> ui.element:
        with ui.element('section').classes('stack-tight dashboard-part'):
            heading(name)
            return ui.element('div').classes('stack-tight')

    def _comparison(self, found: LearnerFigures) -> Beside:
        with ui.element('section').classes('stack-tight dashboard-part'):
            heading(_('Beside the others'))
            wants, again = found.wants_comparison, self._refreshing.look_again
            return Beside(self._actor, found.course_id, wants=wants, look_again=again)

    async def _read(self) -> LearnerFigures:
        if self._is_own:
            return await database.read(learner.own, self._actor, self._course_id)
        return await database.read(learner.of_learner, self._actor, self._course_id, user_id=self._user_id, again=True)

    def _show(self, found: LearnerFigures) -> None:
        self._says.set_text(say(learner_findings.way(found.steps_done, found.steps_counted)))
        self._facts.clear()
        with self._facts:
            for key in FACTS:
                figure(key, getattr(found, key))
        self._way.show(found.path, found.next_step.checkpoint_id if found.next_step else None)
        self._advice.show(found)
        draws: tuple[tuple[Callable[[LearnerFigures, str], None], object], ...] = (
            (pictures.weeks, found.weeks),
            (pictures.times, found.times),
            (pictures.time_of_day, found.time_of_day),
            (pictures.tags, found.tags),
        )
        for (name, place), (draw, part) in zip(self._places.items(), draws, strict=True):
            if name not in self._drawn or self._drawn[name] != part:
                self._drawn[name] = part
                place.clear()
                with place:
                    draw(found, self._file)
        if self._beside:
            self._beside.show(found.comparison)

    def _is_shown(self, event: Event) -> bool:
        if isinstance(event, Recorded):
            return event.course_id == self._course_id and event.user_id == self._user_id
        return isinstance(event, CourseChanged) and event.course_id == self._course_id


async def _file(request: Request, course_id: int, table: Table, user_id: int | None = None) -> Response:
    async def make(visit: Visit) -> Download:
        actor = visit.signed_in()
        found = (
            await database.read(learner.own, actor, course_id)
            if user_id is None
            else await database.read(learner.of_learner, actor, course_id, user_id=user_id)
        )
        return spreadsheet(f'progress-{course_id}-{table}', _ROWS[table](found))

    return await hand_out(request, make, page=request.url.path.rpartition('/')[0])


def _checkpoint_rows(found: LearnerFigures) -> list[list[Cell]]:
    keys = 'seconds', 'planned_seconds'
    return [
        [_('Number'), _('Step'), *map(_name, keys)],
        *(
            [checkpoint.number, checkpoint.title, checkpoint.seconds, checkpoint.planned_seconds]
            for checkpoint in found.times
        ),
    ]


def _week_rows(found: LearnerFigures) -> list[list[Cell]]:
    return [
        [_('Week from'), *map(_name, pictures.WEEK_KEYS)],
        *([week.monday.isoformat(), *(getattr(week, key) for key in pictures.WEEK_KEYS)] for week in found.weeks),
    ]


def _day_rows(found: LearnerFigures) -> list[list[Cell]]:
    rows: list[list[Cell]] = [[pictures.PARTS[part], found.time_of_day[part]] for part in pictures.PARTS]
    return [[_('Hours'), _name('time_of_day')], *rows]


def _name(key: str) -> str:
    return say(definitions.of(key).name)


_ROWS: dict[Table, Callable[[LearnerFigures], list[list[Cell]]]] = {
    Table.CHECKPOINTS: _checkpoint_rows,
    Table.WEEKS: _week_rows,
    Table.DAY: _day_rows,
}
