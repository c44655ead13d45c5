"""What a learner can do now, what the record says of how they learn, and a comparison for those who want one."""

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from services.access import Actor
from services.analytics import choices
from services.analytics.comparison import Comparison
from services.analytics.insights import HIDDEN, Insight
from services.analytics.learner import LearnerFigures
from services.analytics.next_steps import NextStep
from services.core import database
from ui.analytics.figure_words import figure
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.text import Text, heading, hint
from ui.kit.time_format import short_day

MOST_SKIPS = 5
"""checkpoints that are named; more of them would be a list to work through"""


class Advice:
    """The next step, what to review, and insights of which each can be hidden; staff see the same without switches."""

    def __init__(
        self, actor: Actor, course_id: int, *, is_own: bool, look_again: Callable[[], Awaitable[None]]
    ) -> None:
        self._actor, self._course_id, self._is_own = actor, course_id, is_own
        self._look_again = look_again
        self._place = ui.element('div').classes('dashboard-answers')

    def show(self, figures: LearnerFigures) -> None:
        """Show what is worth doing and knowing now."""
        self._place.clear()
        with self._place:
            with ui.element('section').classes('stack-tight'):
                heading(_('What next'))
                self._next(figures)
            with ui.element('section').classes('stack-tight'):
                heading(_('How you learn') if self._is_own else _('How they learn'))
                if not figures.insights:
                    hint(_('After a few days of study there is more to say here.'))
                for insight in figures.insights:
                    self._insight(insight)

    def _next(self, figures: LearnerFigures) -> None:
        if figures.next_step is None:
            Text('p', _('All steps are done. Look at any of them again whenever you like.')).classes('body')
        else:
            self._step(figures.next_step, is_first=True)
        if figures.review:
            Text('h3', _('Worth another look')).classes('chart-title')
            for step in figures.review:
                self._step(step, is_first=False)
        if figures.skippable:
            Text('h3', _('You could skip these')).classes('chart-title')
            hint(_('It is up to you. They stay open, and count towards the course.'))
            for step in figures.skippable[:MOST_SKIPS]:
                self._step(step, is_first=False)

    def _step(self, step: NextStep, *, is_first: bool) -> None:
        address = f'/courses/{self._course_id}/learn/{step.checkpoint_id}'
        with ui.element('div').classes('hard-step'):
            with ui.element('p').classes('hard-title'):
                Text('span', str(step.number)).classes('number hint')
                Text('span', step.title).props('translate=no dir=auto')
            Text('p', say(step.why)).classes('need-why')
            if self._is_own:
                link = ui.link(_('Go on') if is_first else _('Look at it'), address)
                link.classes('button-primary' if is_first else 'button-quiet').props['aria-label'] = _(
                    'Go to “{step}”', step=step.title
                )

    def _insight(self, insight: Insight) -> None:
        with ui.element('div').classes('need'):
            with ui.element('div').classes('insight-words'):
                Text('p', say(insight.words)).classes('hard-title')
                Text('p', say(insight.evidence)).classes('need-why')
            if self._is_own:
                button = ui.button(_('Hide'), on_click=gesture(partial(self._hide, insight))).props('flat no-caps')
                button.classes('button-quiet button-bare').props['aria-label'] = _(
                    'Hide “{sentence}”', sentence=say(insight.words)
                )

    async def _hide(self, insight: Insight) -> None:
        key = f'{HIDDEN}{insight.key}'
        await database.write(choices.choose, self._actor, self._course_id, key=key, chosen=True)
        await self._look_again()


class Beside:
    """The learner beside the others of the course: only if they want it."""

    def __init__(self, actor: Actor, course_id: int, *, wants: bool, look_again: Callable[[], Awaitable[None]]) -> None:
        self._actor, self._course_id, self._look_again = actor, course_id, look_again
        switch = ui.switch(_('Show me beside the others of the course'), value=wants)
        switch.on_value_change(gesture(self._choose))
        self._place = ui.element('div').classes('stack-tight')

    def show(self, found: Comparison | None) -> None:
        """Show how the learner stands, or nothing."""
        self._place.clear()
        if found is None:
            return
        with self._place:
            with ui.element('div').classes('figures'):
                for key in ('own_percent', 'others_percent', 'own_week_steps', 'others_week_steps'):
                    figure(key, getattr(found, key))
            if found.others_percent is None:
                hint(_('There are too few others to say this without showing somebody.'))
            hint(_('As of the end of {day}. Everybody has a pace of their own.', day=short_day(found.day)))

    async def _choose(self, event: ValueChangeEventArguments[bool | None]) -> None:
        await database.write(
            choices.choose, self._actor, self._course_id, key=choices.COMPARE, chosen=bool(event.value)
        )
        await self._look_again()
