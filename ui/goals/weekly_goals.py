"""The weekly goal of each course, and pausing it."""

from collections.abc import Mapping
from functools import partial

from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.errors import Invalid
from services.goals import weekly
from services.goals.weekly import MOST, Week
from services.progress import states
from services.progress.states import EnrollmentState
from ui.goals.week_line import week_words
from ui.kit.announcer import Saying
from ui.kit.handlers import gesture
from ui.kit.text import Text, heading


class WeeklyGoals:
    """A row for each course: how this week goes, how many steps it should be, and a pause."""

    def __init__(self, actor: Actor, weeks: Mapping[int, Week]) -> None:
        self._actor = actor
        self._saying = Saying()
        with ui.element('section').classes('stack-tight').props('aria-label="This week"'):
            heading('This week')
            Text('p', 'The week begins on Monday.').classes('hint')
            self._list = ui.element('ul').classes('list')
        self.refresh(weeks)

    def refresh(self, weeks: Mapping[int, Week]) -> None:
        """Show how it stands."""
        self._list.clear()
        with self._list:
            for week in weeks.values():
                self._row(week)

    def _row(self, week: Week) -> None:
        with ui.element('li').classes('goal-week'):
            with ui.element('div').classes('grow'):
                ui.link(week.title, f'/courses/{week.course_id}/learn').classes('person-name').props('dir=auto')
                Text('p', week_words(week)).classes('hint')
            if week.state is EnrollmentState.COMPLETED:
                return
            steps = ui.input('Steps a week', value=str(week.goal)).props(f'outlined type=number min=1 max={MOST}')
            steps.classes('goal-number').props['aria-label'] = f'Steps a week in {week.title}'
            for event in ('blur', 'keydown.enter'):
                steps.on(event, partial(gesture(self._choose), week, steps), args=[[]])
            is_paused = week.state is EnrollmentState.PAUSED
            word = 'Go on' if is_paused else 'Pause'
            switch = ui.button(word, on_click=partial(gesture(self._switch), week, is_paused)).props('flat no-caps')
            switch.classes('button-quiet').props['aria-label'] = f'{word}: {week.title}'

    async def _choose(self, week: Week, steps: ui.input) -> None:
        typed = (steps.value or '').strip()
        steps.error = None
        if typed == str(week.goal):
            return
        try:
            number = int(typed) if typed.isascii() and typed.isdecimal() else 0
            await database.write(weekly.choose, self._actor, week.course_id, checkpoints=number)
        except Invalid as refusal:
            steps.error = str(refusal)
            return
        await self._look_again()
        self._saying.say(f'{"1 step" if number == 1 else f"{number} steps"} a week in {week.title}')

    async def _switch(self, week: Week, is_paused: bool) -> None:
        await database.write(states.resume if is_paused else states.pause, self._actor, week.course_id)
        await self._look_again()
        self._saying.say(f'{week.title} goes on' if is_paused else f'{week.title} is paused')

    async def _look_again(self) -> None:
        self.refresh(await database.read(weekly.weeks, self._actor))
