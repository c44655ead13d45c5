"""How a quiz is taken, as whole sentences with fields in them; saved together."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from services.core.errors import Invalid
from services.enums import Reveal
from services.quizzes.quiz_settings import Band, Rules
from ui.kit import time_format
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.text import heading, hint
from ui.quizzes.quiz_words import REVEALS
from ui.quizzes.rows import Rows, problem_line


class QuizRules:
    """Fields for all rules; `save` is called with what is typed."""

    def __init__(self, rules: Rules, save: Callable[[Rules], Awaitable[None]]) -> None:
        self._save = save
        self._fields: dict[str, Any] = {}
        with ui.element('section').classes('stack quiz-rules'):
            heading(_('How it is taken'))
            self._draw_time(rules)
            self._draw_way(rules)
            heading(_('What learners see of it'))
            self._draw_reveals(rules)
            self._draw_bands(rules)
            with ui.element('div').classes('line'):
                ui.button(_('Save the rules'), on_click=gesture(self.save)).props('flat no-caps').classes(
                    'button-primary'
                )

    @property
    def rules(self) -> Rules:
        """What is typed; raises `Invalid` for what cannot be read."""
        value = {name: field.value for name, field in self._fields.items()}
        chosen: dict[str, Any] = {name: bool(value[name]) for name in _SWITCHES}
        chosen['is_adaptive'] = chosen['is_practice'] and chosen['is_adaptive']
        chosen |= {name: Reveal(value[name]) for name in _REVEALED}
        return Rules(
            minutes=_whole(value['minutes']),
            attempts_allowed=_whole(value['attempts_allowed']),
            passing_percent=_percent(value['passing_percent']),
            opens_at=time_format.read_typed(value['opens_at']),
            closes_at=time_format.read_typed(value['closes_at']),
            **chosen,
            bands=tuple(band for band in self._bands.values if band.text.strip()),
        )

    async def save(self) -> None:
        """Save what is typed; what is wrong stands beside its field."""
        for field in self._fields.values():
            if hasattr(field, 'error'):
                field.error = None
        self._bands_problem.visible = False
        try:
            await self._save(self.rules)
        except Invalid as refusal:
            self._complain(refusal)

    def _complain(self, refusal: Invalid) -> None:
        field = self._fields.get(refusal.field)
        if field is None or not hasattr(field, 'error'):
            self._bands_problem.set_text(say(refusal))
            self._bands_problem.visible = True
            return
        field.error = say(refusal)
        field.run_method('focus')

    def _draw_time(self, rules: Rules) -> None:
        with ui.element('div').classes('field-row'):
            self._number('minutes', _('Minutes'), rules.minutes, _('Empty: without a time limit.'))
            self._number('attempts_allowed', _('Attempts'), rules.attempts_allowed, _('Empty: as many as they like.'))
            self._number('passing_percent', _('Passed from (percent)'), rules.passing_percent, '')
        with ui.element('div').classes('field-row'):
            self._moment('opens_at', _('Opens'), rules)
            self._moment('closes_at', _('Closes'), rules)
        hint(
            _('Extra time that a learner has is added by itself; a shorter limit never shortens an attempt that is on.')
        )

    def _draw_way(self, rules: Rules) -> None:
        for name, label in _switches():
            self._fields[name] = ui.switch(label, value=getattr(rules, name))
        self._fields['may_go_back'].bind_visibility_from(self._fields['one_at_a_time'], 'value')
        self._fields['is_adaptive'].bind_visibility_from(self._fields['is_practice'], 'value')
        self._fields['is_adaptive'].on_value_change(self._adapt)

    def _adapt(self, event: ValueChangeEventArguments[bool]) -> None:
        """Choose what belongs to practice that adapts: one question at a time, and each answer is shown at once."""
        if event.value:
            self._fields['one_at_a_time'].value = True
            for name in ('shows_right', 'shows_feedback', 'shows_solution'):
                self._fields[name].value = Reveal.AFTER_ANSWER

    def _draw_reveals(self, rules: Rules) -> None:
        with ui.element('div').classes('quiz-reveals'):
            for name, label in _reveals():
                select = ui.select(dict(REVEALS), value=getattr(rules, name), label=label).props('outlined')
                self._fields[name] = select
        hint(_('What is shown as soon as a question is answered fixes the answer: it cannot be changed after that.'))
        hint(
            _(
                'A score that is shown after the quiz has closed needs an end or a due date. Until then it earns no '
                'points, and passing does not complete the step; that comes with the score. Where the score is never '
                'shown, handing in completes the step, passed or not.'
            )
        )

    def _draw_bands(self, rules: Rules) -> None:
        heading(_('What is said of the score'))
        self._bands = Rows[Band](
            lambda number, band, entered: BandRow(band),
            rules.bands,
            add=_('Add a sentence'),
            name=_('What is said of the score'),
            changed=lambda: None,
            at_least=0,
        )
        self._bands_problem = problem_line()

    def _number(self, name: str, label: str, value: int | None, said: str) -> None:
        field = ui.number(label, value=value, min=0, precision=0).props('outlined inputmode=numeric')
        if said:
            field.props['hint'] = said
        self._fields[name] = field

    def _moment(self, name: str, label: str, rules: Rules) -> None:
        field = ui.input(label, value=time_format.typed(getattr(rules, name)))
        field.props('outlined stack-label clearable type=datetime-local')
        if zone := time_format.foreign():
            field.props['hint'] = _('in the time of {zone}', zone=zone)
        self._fields[name] = field


class BandRow:
    """What is said from some percent on."""

    def __init__(self, band: Band | None) -> None:
        known = band or Band(from_percent=0, text='')
        self._percent = ui.number(_('From (percent)'), value=known.from_percent, min=0, max=100, precision=0)
        self._percent.props('outlined dense').classes('row-percent band-percent')
        self._text = ui.textarea(_('What is said'), value=known.text).props('outlined dense autogrow rows=1 dir=auto')
        self._text.classes('row-texts')

    @property
    def value(self) -> Band:
        """The band."""
        return Band(from_percent=_whole(self._percent.value) or 0, text=self._text.value or '')

    def focus(self) -> None:
        """Put the cursor into its percent."""
        self._percent.run_method('focus')


_SWITCHES = (
    'is_practice',
    'is_adaptive',
    'one_at_a_time',
    'may_go_back',
    'shuffles_questions',
    'shuffles_options',
    'asks_confidence',
)
_REVEALED = 'shows_score', 'shows_right', 'shows_feedback', 'shows_solution'


def _switches() -> list[tuple[str, str]]:
    return [
        ('is_practice', _('It is for practice alone: attempts count for nothing')),
        ('is_adaptive', _('The next question is one that fits: not too easy and not too hard for this learner')),
        ('one_at_a_time', _('Questions are shown one at a time')),
        ('may_go_back', _('Learners may go back to a question that they have left')),
        ('shuffles_questions', _('Each attempt has the questions in another order')),
        ('shuffles_options', _('Each attempt has the options in another order')),
        ('asks_confidence', _('Learners say how sure they are of each answer')),
    ]


def _reveals() -> list[tuple[str, str]]:
    return [
        ('shows_score', _('The score')),
        ('shows_right', _('Which answers are right or wrong')),
        ('shows_feedback', _('What is said of their answers')),
        ('shows_solution', _('What would have been right')),
    ]


def _percent(typed: float | None) -> int:
    """Return from which percent on one passes; an empty field is not 0, with which everybody would."""
    if typed is None:
        raise Invalid('Type a number from {least} to {most}.', least=0, most=100, field='passing_percent')
    return int(typed)


def _whole(typed: float | None) -> int | None:
    return None if typed is None else int(typed)
