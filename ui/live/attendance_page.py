"""`/courses/{course_id}/attendance`: who came to which class; one class in detail; and the same as a table to take."""

from collections.abc import Iterable
from html import escape
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from services.access import Actor
from services.core import database
from services.enums import RollMark
from services.live import course_head
from services.live.attendance import report, sheet
from services.live.attendance.report import ClassRoll, CourseRoll, HeldClass, LearnerRoll
from ui.kit.group_filter import GroupFilter, asked_group, in_group
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, hint, named, title
from ui.kit.time_format import exact, foreign, local, short, times_are_in
from ui.live.roll_list import MARKS, RollList, minutes_there
from ui.shell.course_frame import Tab, course_frame
from ui.shell.downloads import Download, hand_out, spreadsheet
from ui.shell.frame import way_back
from ui.shell.page import page
from ui.shell.paper import chosen_paper, hand_out_pdf, paper_links
from ui.shell.request import Visit

router = APIRouter()

AT_ONCE = 100
"""lines that the screen shows before somebody asks for all; the style sheet knows the number, and paper has them all"""
MOST_WITHOUT_SEARCH = 12


def create() -> None:
    """Declare the pages."""

    @page('/courses/{course_id:id}/attendance', title='Attendance')
    async def attendance(visit: Visit, course_id: int) -> Response | None:
        address, group = f'/courses/{course_id}/attendance', asked_group(visit.request)
        roll = await database.read(report.of_course, visit.signed_in(), course_id, group=group)
        if group and group not in roll.groups:
            return RedirectResponse(address, status_code=303)
        head = await database.read(course_head.of_course, visit.actor, course_id)
        with course_frame(visit, head, Tab.ATTENDANCE, wide=True):
            has_roll = bool(roll.classes and roll.learners)
            with ui.element('div').classes('spread'):
                title(_('Attendance'))
                if has_roll:
                    ui.link(_('Download as CSV'), in_group(f'{address}.csv', group)).classes('button-quiet')
            with ui.element('div').classes('line') as tools:
                GroupFilter(address, roll.groups, group)
            if has_roll:
                _AllClasses(course_id, roll, group, tools)
            else:
                _nothing_yet(roll)
        return None

    @page('/courses/{course_id:id}/attendance/{session_id:id}', title='Attendance')
    async def attendance_of_class(visit: Visit, course_id: int, session_id: int) -> Response | None:
        address, group = f'/courses/{course_id}/attendance', asked_group(visit.request)
        roll = await database.read(report.of_class, visit.signed_in(), course_id, session_id, group=group)
        if group and group not in roll.groups:
            return RedirectResponse(f'{address}/{session_id}', status_code=303)
        head = await database.read(course_head.of_course, visit.actor, course_id)
        name = _('Attendance {moment}', moment=short(roll.held.started_at))
        with course_frame(visit, head, Tab.ATTENDANCE, title=name):
            way_back(_('All classes'), in_group(address, group))
            GroupFilter(f'{address}/{session_id}', roll.groups, group)
            with ui.element('div').classes('spread'):
                title(_('Class of {moment}', moment=exact(roll.held.started_at)))
                with ui.element('div').classes('line'):
                    paper_links(_('To print'), in_group(f'{address}/{session_id}.pdf', group), sheet.SIZES)
            _one_class(visit.signed_in(), course_id, roll, group)
        return None


@router.get('/courses/{course_id:id}/attendance.csv')
async def attendance_file(request: Request, course_id: int) -> Response:
    """Return the attendance of a course as a file that spreadsheets open, in the reader's language."""

    async def make(visit: Visit) -> Download:
        actor, group = visit.signed_in(), asked_group(request)
        roll = await database.read(report.of_course, actor, course_id, group=group)
        return spreadsheet(f'attendance-{course_id}{"-group" if group else ""}', _rows(roll, actor.zone))

    return await hand_out(request, make, page=f'/courses/{course_id}/attendance')


@router.get('/courses/{course_id:id}/attendance/{session_id:id}.pdf')
async def attendance_sheet(request: Request, course_id: int, session_id: int) -> Response:
    """Return the roll of one class for paper."""
    page_of_class = f'/courses/{course_id}/attendance/{session_id}'

    async def make(visit: Visit) -> bytes:
        actor, group = visit.signed_in(), asked_group(request)
        found = await database.read(sheet.of_class, actor, course_id, session_id, group=group)
        return await sheet.make_pdf(found, paper=chosen_paper(request, sheet.SIZES), language=visit.language)

    return await hand_out_pdf(request, make, name=f'attendance-{course_id}-{session_id}', page=page_of_class)


def _rows(roll: CourseRoll, zone: ZoneInfo) -> list[list[str | int | None]]:
    foreigner = f' {foreign(zone)}' if foreign(zone) else ''
    starts = [f'{local(each.started_at, zone):%Y-%m-%d %H:%M}{foreigner}' for each in roll.classes]
    dates = [_('{start} (minutes)', start=start) for start in starts]
    return [
        [_('Name'), _('Attended'), _('Held while enrolled'), _('Rate (%)'), _('Excused'), *dates],
        *(
            [learner.name, learner.attended, learner.held, learner.rate, learner.excused, *_file_cells(learner)]
            for learner in roll.learners
        ),
    ]


def _file_cells(learner: LearnerRoll) -> list[str | int | None]:
    """Minutes or a mark; "absent" where they could have come, and nothing where they were not enrolled."""
    return [
        _file_cell(minutes, mark, counts=counts)
        for minutes, mark, counts in zip(learner.minutes, learner.marks, learner.counts, strict=True)
    ]


def _file_cell(minutes: int | None, mark: RollMark | None, *, counts: bool) -> str | int:
    if mark is RollMark.LATE and minutes is not None:
        return _('late ({minutes})', minutes=minutes)
    if mark and (mark is not RollMark.PRESENT or minutes is None):
        return say(MARKS[mark])
    return minutes if minutes is not None else _('absent') if counts else ''


def _nothing_yet(roll: CourseRoll) -> None:
    with ui.element('div').classes('empty'):
        if roll.learners:
            Text('h2', _('No class was held yet')).classes('heading')
            Text('p', _('Start a class: learners who open its page are on the roll, with the minutes they stayed.'))
        else:
            Text('h2', _('Nobody is enrolled yet')).classes('heading')
            Text(
                'p', _('Learners come in with the join code of the course. Then you see here who came to which class.')
            )
        ui.link(_('How does a class work?'), '/help')


class _AllClasses:
    """The table of a course, of everybody or of those whose name contains what was typed."""

    def __init__(self, course_id: int, roll: CourseRoll, group: str, tools: ui.element) -> None:
        """`tools` is where the search goes."""
        self._roll = roll
        self._newest_first = range(len(roll.classes) - 1, -1, -1)
        self._heads = ''.join(
            _class_head(course_id, roll.classes[index], _expected(roll, index), group) for index in self._newest_first
        )
        if len(roll.learners) > MOST_WITHOUT_SEARCH:
            with tools:
                search = ui.input(placeholder=_('Find by name'), on_change=lambda event: self._find(event.value or ''))
            search.props('outlined dense clearable debounce=200 type=search dir=auto').classes('find-name')
            search.props['aria-label'] = _('Find by name')
        hint(f'{_("Minutes in class; the newest first.")}{times_are_in()}')
        self._said = hint('').props('role=status')
        # One element: a large course has tens of thousands of cells.
        self._is_cut = True
        self._table = ui.html('', sanitize=False).classes('roll roll-classes roll-cut').props('tabindex=0 role=region')
        named(self._table, _('Attendance by class'))
        self._all = ui.button(_('Show all'), on_click=self._show_all).props('flat no-caps').classes('button-quiet')
        self._find('')

    def _find(self, typed: str) -> None:
        wanted = typed.casefold().strip()
        found = [learner for learner in self._roll.learners if wanted in learner.name.casefold()]
        everybody = len(self._roll.learners)
        said = ngettext('{found} of {count} learner', '{found} of {count} learners', everybody, found=len(found))
        self._said.set_text(said if wanted else '')
        self._said.set_visibility(bool(wanted))
        self._all.set_visibility(self._is_cut and len(found) > AT_ONCE)
        self._table.set_content(self._html(found))

    def _show_all(self) -> None:
        self._is_cut = False
        self._table.classes(remove='roll-cut')
        self._all.set_visibility(False)

    def _html(self, learners: Iterable[LearnerRoll]) -> str:
        rows = ''.join(
            f'<tr><th scope="row">{_name(learner)}</th>{_rate(learner)}'
            f'{"".join(_cell(learner, index) for index in self._newest_first)}</tr>'
            for learner in learners
        )
        return (
            f'<table class="roll-table"><thead><tr><th scope="col">{escape(_("Name"))}</th>'
            f'<th scope="col">{escape(_("Attended"))}</th>{self._heads}</tr></thead><tbody>{rows}</tbody></table>'
        )


def _expected(roll: CourseRoll, index: int) -> int:
    """Return for how many learners a class was held, with those who are excused."""
    return sum(each.counts[index] or each.marks[index] is RollMark.EXCUSED for each in roll.learners)


def _class_head(course_id: int, held: HeldClass, expected: int, group: str) -> str:
    address = escape(in_group(f'/courses/{course_id}/attendance/{held.session_id}', group))
    values = {'came': held.came, 'learners': expected}
    came = (
        _('{came} of {learners} · running', **values) if held.ended_at is None else _('{came} of {learners}', **values)
    )
    return (
        f'<th scope="col"><a href="{address}">{escape(short(held.started_at))}</a>'
        f'<div class="hint">{escape(came)}</div></th>'
    )


def _rate(learner: LearnerRoll) -> str:
    """Return how often somebody came: the fact first, then its share."""
    excused = [ngettext('{count} excused', '{count} excused', learner.excused)] if learner.excused else []
    if learner.rate is None:
        return f'<td>–{_small(excused)}</td>'
    attended = _('{attended} of {held}', attended=learner.attended, held=learner.held)
    return f'<td>{escape(attended)}{_small([_("{percent} %", percent=learner.rate), *excused])}</td>'


def _small(words: list[str]) -> str:
    return f' <span class="hint">{escape(" · ".join(words))}</span>' if words else ''


def _cell(learner: LearnerRoll, index: int) -> str:
    minutes, mark = learner.minutes[index], learner.marks[index]
    if mark in (RollMark.EXCUSED, RollMark.ABSENT):
        return f'<td class="roll-absent">{escape(say(MARKS[mark]))}</td>'
    if mark or minutes is not None:
        late = [say(MARKS[mark])] if mark and (mark is RollMark.LATE or minutes is None) else []
        there = [] if minutes is None else [minutes_there(minutes)]
        return f'<td>{escape(" · ".join([*there, *late]))}</td>'
    if learner.counts[index]:
        return f'<td class="roll-absent">{escape(_("absent"))}</td>'
    return f'<td><span class="visually-hidden">{escape(_("not enrolled"))}</span></td>'


def _one_class(actor: Actor, course_id: int, roll: ClassRoll, group: str) -> None:
    ended = roll.held.ended_at
    until = _('It ended on {moment}.', moment=exact(ended)) if ended else _('It is running.')
    hint(f'{until}{times_are_in()}')
    RollList(actor, course_id, roll, group)


def _name(learner: LearnerRoll) -> str:
    gone = f'<div class="hint">{escape(_("taken out"))}</div>' if learner.is_removed else ''
    return f'<span dir="auto" translate="no">{escape(learner.name)}</span>{gone}'
