"""Who is likely not to complete a course, band by band, with reasons, what would help, and a way to dismiss it."""

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import ui

from services.access import Actor
from services.analytics.prediction import CoursePredictions, LearnerPrediction, answers
from services.core import database
from services.enums import RiskBand
from ui.analytics.prediction_words import BANDS, MARKS, draw_answers, draw_dates, draw_reasons, draw_steps
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, say
from ui.kit.text import Text, hint


class RiskList:
    """The learners of a course by their band; the high one is open."""

    def __init__(self, actor: Actor, course_id: int, changed: Callable[[], Awaitable[None]]) -> None:
        self._actor = actor
        self._course_id = course_id
        self._changed = changed
        self._place = ui.element('div').classes('stack')
        self._dialogs = ui.element('div')

    def show(self, found: CoursePredictions) -> None:
        """Show what is predicted now."""
        self._place.clear()
        with self._place:
            for band in RiskBand:
                self._draw_band(band, [each for each in found.learners if each.band is band])
            self._draw_silent([each for each in found.learners if each.band is None])

    def _draw_band(self, band: RiskBand, learners: list[LearnerPrediction]) -> None:
        if not learners:
            return
        with ui.element('details').classes(f'risk-band band-{band.value}') as details:
            with Text('summary').classes('heading'):
                Text('span', MARKS[band]).classes('risk-mark').props('aria-hidden=true')
                Text('span', BANDS[band])
                Text('span', str(len(learners))).classes('chip number')
            with ui.element('ul').classes('risk-list'):
                for each in learners:
                    self._draw(each)
        if band is not RiskBand.LOW:
            details.props('open')

    def _draw(self, found: LearnerPrediction) -> None:
        with ui.element('li').classes('risk-learner'):
            with ui.element('div').classes('spread'):
                where = f'/courses/{self._course_id}/people/{found.user_id}/time'
                ui.link(found.name, where).classes('name').props('translate=no dir=auto')
                if found.dismissed is None:
                    button = ui.button(_('Dismiss'), on_click=partial(self._ask, found)).props('flat no-caps')
                    button.classes('button-quiet button-bare')
                    button.props['aria-label'] = _('Dismiss the prediction about {name}', name=found.name)
            draw_answers(found)
            draw_reasons(found)
            draw_steps(found)
            draw_dates(found)

    def _draw_silent(self, learners: list[LearnerPrediction]) -> None:
        if not learners:
            return
        with ui.element('details').classes('risk-band'):
            with Text('summary').classes('heading'):
                Text('span', '–').classes('risk-mark').props('aria-hidden=true')
                Text('span', _('No prediction'))
                Text('span', str(len(learners))).classes('chip number')
            for silence in dict.fromkeys(each.silence for each in learners):
                those = [each for each in learners if each.silence is silence]
                if those[0].why_silent is not None:
                    hint(say(those[0].why_silent))
                Text('p', ', '.join(each.name for each in those)).props('translate=no')

    def _ask(self, found: LearnerPrediction) -> None:
        question = _('Why is the prediction about {name} wrong, or why does it not matter?', name=found.name)

        async def dismiss() -> None:
            reason = words.value or ''
            await database.write(answers.dismiss, self._actor, self._course_id, found.user_id, reason=reason)
            dialog.close()
            tell(_('The prediction about {name} is dismissed until it changes.', name=found.name))
            await self._changed()

        with self._dialogs, ui.dialog(value=True) as dialog, ui.card().classes('stack-tight need-message'):
            Text('h2', question).classes('heading')
            hint(_('{name} can read the reason, and that it is yours.', name=found.name))
            words = ui.textarea(_('Reason')).props(f'outlined autogrow autofocus maxlength={answers.LONGEST_REASON}')
            with ui.element('div').classes('line'):
                save = ui.button(_('Dismiss'), on_click=gesture(dismiss)).props('flat no-caps')
                save.classes('button-primary')
                ui.button(_('Cancel'), on_click=dialog.close).props('flat no-caps').classes('button-quiet')
        dialog.props['aria-label'] = question
        dialog.on('hide', dialog.delete)
