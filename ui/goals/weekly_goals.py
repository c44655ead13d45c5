"""The weekly goal of each course, and a button to pause the course."""

from collections.abc import Mapping, Sequence
from functools import partial

from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.errors import Invalid
from services.goals import weekly
from services.goals.closed_weeks import PastWeek
from services.goals.status import Outlook
from services.goals.weekly import MOST, Week
from services.progress import states
from services.progress.states import EnrollmentState
from ui.goals.week_line import past_week_words, week_words
from ui.kit.announcer import Saying
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, heading

MARKS = {Outlook.ACHIEVED: 'text-done', Outlook.MISSED: 'text-not-yet'}


class WeeklyGoals:
    """A row for each course: this week's progress, the number of checkpoints a week, and a button to pause."""

    def __init__(self, actor: Actor, weeks: Mapping[int, Week], past: Mapping[int, Sequence[PastWeek]]) -> None:
        self._actor = actor
        self._past = past
        self._saying = Saying()
        with ui.element('section').classes('stack-tight') as section:
            section.props['aria-label'] = _('This week')
            heading(_('This week'))
            Text('p', _('The week begins on Monday.')).classes('hint')
            self._list = ui.element('ul').classes('list')
        self.refresh(weeks)

    def refresh(self, weeks: Mapping[int, Week]) -> None:
        """Show the weeks."""
        self._list.clear()
        with self._list:
            for week in weeks.values():
                self._row(week)

    def _row(self, week: Week) -> None:
        with ui.element('li').classes('goal-week'):
            with ui.element('div').classes('grow'):
                ui.link(week.title, f'/courses/{week.course_id}/learn').classes('person-name').props('dir=auto')
                Text('p', week_words(week)).classes('hint')
                self._past_weeks(week)
            if week.state is EnrollmentState.COMPLETED:
                return
            checkpoints = ui.input(_('Steps a week'), value=str(week.goal)).props(
                f'outlined type=number min=1 max={MOST}'
            )
            checkpoints.classes('goal-number').props['aria-label'] = _('Steps a week in {course}', course=week.title)
            for event in ('blur', 'keydown.enter'):
                checkpoints.on(event, partial(gesture(self._choose), week, checkpoints), args=[[]])
            is_paused = week.state is EnrollmentState.PAUSED
            word = _('Go on') if is_paused else _('Pause')
            aloud = _('Go on: {course}', course=week.title) if is_paused else _('Pause: {course}', course=week.title)
            switch = ui.button(word, on_click=partial(gesture(self._switch), week, is_paused)).props('flat no-caps')
            switch.classes('button-quiet').props['aria-label'] = aloud

    def _past_weeks(self, week: Week) -> None:
        if not (past := self._past.get(week.course_id)):
            return
        with ui.element('details').classes('quiet-details'):
            with Text('summary', _('Earlier weeks')) as summary:
                summary.props['aria-label'] = _('Earlier weeks in {course}', course=week.title)
            with ui.element('ul').classes('goal-weeks'):
                for each in past:
                    Text('li', past_week_words(each)).classes(f'goal-outlook {MARKS[each.outlook]}')

    async def _choose(self, week: Week, checkpoints: ui.input) -> None:
        typed = (checkpoints.value or '').strip()
        checkpoints.error = None
        if typed == str(week.goal):
            return
        try:
            number = int(typed) if typed.isascii() and typed.isdecimal() else 0
            await database.write(weekly.choose, self._actor, week.course_id, checkpoints=number)
        except Invalid as refusal:
            checkpoints.error = say(refusal)
            return
        await self._look_again()
        self._saying.say(
            ngettext('{count} step a week in {course}', '{count} steps a week in {course}', number, course=week.title)
        )

    async def _switch(self, week: Week, is_paused: bool) -> None:
        await database.write(states.resume if is_paused else states.pause, self._actor, week.course_id)
        await self._look_again()
        goes_on, paused = _('{course} goes on', course=week.title), _('{course} is paused', course=week.title)
        self._saying.say(goes_on if is_paused else paused)

    async def _look_again(self) -> None:
        self.refresh(await database.read(weekly.weeks, self._actor))
