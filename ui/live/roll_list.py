"""Who came to one class and who did not, with a menu on each for those whom the devices have not shown right."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.phrases import Phrase, phrase
from services.enums import RollMark
from services.live.attendance import marks, report
from services.live.attendance.report import Absentee, ClassRoll, Presentee
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext, say
from ui.kit.menu import Choice, more_button, opens_menu
from ui.kit.snackbar import Snackbar
from ui.kit.text import Text, heading
from ui.kit.time_format import of_day

MARKS: Mapping[RollMark, Phrase] = {
    RollMark.PRESENT: phrase('was there'),
    RollMark.LATE: phrase('late'),
    RollMark.EXCUSED: phrase('excused'),
    RollMark.ABSENT: phrase('absent'),
}
AT_ONCE = 100
"""learners in each of the two lists, before somebody asks for all"""

Listed = Presentee | Absentee


class RollList:
    """The two lists of one class; a mark moves a learner from one to the other."""

    def __init__(self, actor: Actor, course_id: int, roll: ClassRoll, group: str) -> None:
        self._actor, self._course_id, self._group = actor, course_id, group
        self._limit = AT_ONCE
        self._snackbar = Snackbar()
        self._place = ui.element('div').classes('stack')
        self._show(roll)

    def _show(self, roll: ClassRoll) -> None:
        self._roll = roll
        self._place.clear()
        with self._place:
            heading(ngettext('{count} came', '{count} came', len(roll.present)))
            self._list(roll.present)
            if roll.absent:
                heading(ngettext('{count} did not come', '{count} did not come', len(roll.absent)))
                self._list(roll.absent)
            if max(len(roll.present), len(roll.absent)) > self._limit:
                ui.button(_('Show all'), on_click=self._show_all).props('flat no-caps').classes('button-quiet')

    def _list(self, people: Sequence[Listed]) -> None:
        if not people:
            return
        with ui.element('ul').classes('list'):
            for each in people[: self._limit]:
                self._row(each)

    def _row(self, each: Listed) -> None:
        with ui.element('li').classes('person'):
            with ui.element('div').classes('grow'):
                Text('span', each.name).classes('person-name').props('dir=auto translate=no')
                if hint := self._times(each):
                    Text('p', hint).classes('hint')
            if each.mark and each.marked_by:
                Text('span', say(MARKS[each.mark])).classes('chip')
            if isinstance(each, Presentee) and each.minutes is not None:
                Text('span', minutes_there(each.minutes)).classes('number')
            more = more_button()
            more.props['aria-label'] = _('More for {person}', person=each.name)
            opens_menu(more, lambda: self._choices(each))

    def _times(self, each: Listed) -> str:
        """Return when a learner came and went, and who has corrected it."""
        times = _came(self._roll, each) if isinstance(each, Presentee) and each.came_at else ''
        by = _('as {teacher} says', teacher=each.marked_by) if each.marked_by else ''
        return ' · '.join(part for part in (times, by) if part)

    def _choices(self, each: Listed) -> list[Choice]:
        words = {
            RollMark.PRESENT: _('Was there'),
            RollMark.LATE: _('Came late'),
            RollMark.EXCUSED: _('Is excused'),
            RollMark.ABSENT: _('Was absent'),
        }
        offered: list[Choice] = [
            (word, partial(gesture(self._mark), each, mark)) for mark, word in words.items() if mark is not each.mark
        ]
        undo: Choice = (_('As the devices have shown it'), partial(gesture(self._mark), each, None))
        return [*offered, undo] if each.mark else offered

    async def _mark(self, each: Listed, mark: RollMark | None) -> None:
        await self._set(each.user_id, mark)
        if mark:
            said = _('{person}: {mark}', person=each.name, mark=say(MARKS[mark]))
        else:
            said = _('{person}: as the devices have shown it', person=each.name)
        self._snackbar.show(said, partial(self._set, each.user_id, each.mark))

    async def _set(self, user_id: int, mark: RollMark | None) -> None:
        place = self._course_id, self._roll.held.session_id
        await database.write(marks.set_mark, self._actor, *place, user_id=user_id, mark=mark)
        self._show(await database.read(report.of_class, self._actor, *place, group=self._group, again=True))

    def _show_all(self) -> None:
        self._limit = 1_000_000
        self._show(self._roll)


def minutes_there(minutes: int) -> str:
    """Say how long somebody was there."""
    return _('{minutes} min', minutes=minutes) if minutes else _('under 1 min')


def _came(roll: ClassRoll, each: Presentee) -> str:
    came = _time(roll, each.came_at)
    if each.is_here:
        return _('came {came}, is here', came=came)
    return _('came {came}, left {left}', came=came, left=_time(roll, each.left_at))


def _time(roll: ClassRoll, moment: datetime | None) -> str:
    """Return a time of the day, with the day where it is not that of the class."""
    return of_day(moment, roll.held.started_at) if moment else ''
