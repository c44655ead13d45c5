"""What is predicted of a learner, as they read it themselves: what helps comes first, and it can be contested."""

from collections.abc import Mapping

from nicegui import ui

from services.access import Actor
from services.analytics import prediction, prediction_definitions
from services.analytics.prediction import LearnerPrediction, answers, switches
from services.core import database
from services.enums import RiskBand
from ui.analytics.prediction_words import draw_answers, draw_dates, draw_meanings, draw_reasons, draw_steps
from ui.kit.handlers import gesture, tell
from ui.kit.language import Spoken, _, say
from ui.kit.text import Text, heading, hint

WORDS: Mapping[RiskBand, str] = Spoken(
    {
        RiskBand.HIGH: lambda: _('The course needs you now. One step at a time brings you back.'),
        RiskBand.MEDIUM: lambda: _('You can get back on course: a little now saves a lot later.'),
        RiskBand.LOW: lambda: _('You are on your way.'),
    }
)
SAID = {'chance_to_complete', 'completion_span', 'next_milestone'}
"""what a learner is told: no band of risk is"""


class OwnOutlook:
    """The learner's page: a sentence, why, what helps, and what they may do about the prediction itself."""

    def __init__(self, actor: Actor, course_id: int, found: LearnerPrediction, *, is_on: bool) -> None:
        self._actor = actor
        self._course_id = course_id
        self._place = ui.element('div').classes('stack-tight risk-own')
        self._show(found)
        with ui.element('section').classes('stack-tight'):
            heading(_('About this prediction'))
            hint(
                _(
                    'It is made at night from what was due and what you did, compared with your class; never from who '
                    'you are. You and your teachers see it, and nothing is decided by it.'
                )
            )
            draw_meanings(each for each in prediction_definitions.OF_LEARNER if each.key in SAID)
            box = ui.checkbox(_('Predict how I am getting on'), value=is_on).props('dense')
            box.on_value_change(gesture(lambda: self._switch(bool(box.value))))

    async def _look_again(self) -> None:
        me = self._actor.user_id
        self._show(await database.read(prediction.of_learner, self._actor, self._course_id, me))

    def _show(self, found: LearnerPrediction) -> None:
        self._place.clear()
        with self._place:
            if found.band is None:
                Text('p', say(found.why_silent) if found.why_silent else '').classes('body')
                draw_dates(found)
                return
            Text('p', WORDS[found.band]).classes('risk-sentence')
            draw_reasons(found)
            if found.next_steps:
                heading(_('What helps'))
                draw_steps(found, of_learner=True)
            draw_dates(found)
            draw_answers(found)
            if found.contested is None and found.band is not RiskBand.LOW:
                self._draw_contest()

    def _draw_contest(self) -> None:
        async def contest() -> None:
            await database.write(answers.contest, self._actor, self._course_id, reason=words.value or '')
            tell(_('Your teachers see that you see it differently.'))
            await self._look_again()

        with ui.element('details').classes('quiet-details'):
            Text('summary', _('I see it differently'))
            with ui.element('div').classes('stack-tight'):
                words = ui.textarea(_('What should your teachers know?'))
                words.props(f'outlined autogrow dir=auto maxlength={answers.LONGEST_REASON}')
                send = ui.button(_('Send to my teachers'), on_click=gesture(contest)).props('flat no-caps')
                send.classes('button-quiet')

    async def _switch(self, on: bool) -> None:
        await database.write(switches.switch_mine, self._actor, on=on)
        await self._look_again()
