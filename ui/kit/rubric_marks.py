"""The rubric at the grading desk: a level for each criterion, by click or by digit, with a remark."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from html import escape

from nicegui import ui

from services import rubrics
from services.rubrics import LONGEST_REMARK, Choice, Criterion, Rubric
from ui.kit.language import _
from ui.kit.raw_element import Piece
from ui.kit.text import Text, named


class RubricMarks:
    """All criteria of a rubric, and the grade that they make; `worth` says what a share of all points is worth."""

    def __init__(
        self, rubric: Rubric, choices: Sequence[Choice], *, worth: Callable[[Fraction], str] | None = None
    ) -> None:
        self._rubric = rubric
        self._worth = worth or _of_a_hundred
        with ui.element('div').classes('stack'):
            self._criteria = [
                CriterionMarks(criterion, choice, partial(self._chosen, place))
                for place, (criterion, choice) in enumerate(zip(rubric, choices, strict=True))
            ]
            self._sum = Text('p').classes('rubric-sum number').props('role=status')
            self._problem = Text('p').classes('field-problem').props('role=alert')
            self._problem.visible = False
        self._current = self._first_open()
        self._show()

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What is chosen."""
        return tuple(each.choice for each in self._criteria)

    def press(self, digit: int) -> None:
        """Choose a level of the current criterion by its number, and go on with the next one."""
        if 1 <= digit <= len(self._rubric[self._current].levels):
            self._criteria[self._current].choose(digit - 1)

    def focus(self) -> None:
        """Put the focus onto the current criterion, from where digits choose."""
        self._criteria[self._current].focus()

    def complain(self, sentence: str) -> None:
        """Say what is missing; nothing for an empty sentence."""
        self._problem.set_text(sentence)
        self._problem.visible = bool(sentence)

    def _chosen(self, place: int) -> None:
        self.complain('')
        following = [
            other for other in range(place + 1, len(self._rubric)) if self._criteria[other].choice.level is None
        ]
        self._current = following[0] if following else self._first_open(place)
        self._show()

    def _first_open(self, otherwise: int = 0) -> int:
        places = (place for place, each in enumerate(self._criteria) if each.choice.level is None)
        return next(places, otherwise)

    def _show(self) -> None:
        for place, each in enumerate(self._criteria):
            each.show(is_current=place == self._current)
        most = sum(criterion.most for criterion in self._rubric)
        points = sum(each.points for each in self._criteria)
        share = rubrics.share_of(self._rubric, self.choices)
        if share is None:
            self._sum.set_text(_('{points} of {most} points so far', points=points, most=most))
        else:
            self._sum.set_text(
                _('{points} of {most} points: {grade}', points=points, most=most, grade=self._worth(share))
            )


def _of_a_hundred(share: Fraction) -> str:
    return _('{grade} of 100', grade=rubrics.portion(share, 100))


class CriterionMarks:
    """The levels of one criterion, one of which can be chosen."""

    def __init__(self, criterion: Criterion, choice: Choice, on_choice: partial[None]) -> None:
        self._criterion = criterion
        self._level = choice.level
        self._on_choice = on_choice
        with ui.element('section').classes('rubric-marks') as self._element:
            Text('h3', criterion.title).classes('rubric-title').props('translate=no')
            group = named(ui.element('div').classes('rubric-choice').props('role=radiogroup'), criterion.title)
            with group:
                self._buttons = [Piece('button') for _level in criterion.levels]
            for place, button in enumerate(self._buttons):
                button.on('click', partial(self.choose, place), args=[[]])
            self._remark = ui.input(_('Remark'), value=choice.remark)
            self._remark.props(f'outlined dense dir=auto maxlength={LONGEST_REMARK}')
            named(self._remark, _('Remark on {criterion}', criterion=criterion.title))

    @property
    def choice(self) -> Choice:
        """What is chosen and remarked."""
        return Choice(level=self._level, remark=self._remark.value or '')

    @property
    def points(self) -> int:
        """What the chosen level is worth."""
        return 0 if self._level is None else self._criterion.levels[self._level].points

    def focus(self) -> None:
        """Put the focus onto its first level."""
        self._buttons[0].run_method('focus')

    def choose(self, place: int) -> None:
        """Choose a level; the same one again takes it back."""
        self._level = None if self._level == place else place
        self._on_choice()

    def show(self, *, is_current: bool) -> None:
        """Draw which level is chosen, and whether digits choose here."""
        if is_current:
            self._element.classes('rubric-current')
        else:
            self._element.classes(remove='rubric-current')
        for place, (button, level) in enumerate(zip(self._buttons, self._criterion.levels, strict=True)):
            is_chosen = place == self._level
            html = (
                f'<kbd aria-hidden="true">{place + 1}</kbd><span dir="auto" translate="no">{escape(level.text)}</span>'
                f'<span class="number rubric-worth">{level.points}</span>'
            )
            state = {'type': 'button', 'role': 'radio', 'aria-checked': 'true' if is_chosen else 'false'}
            button.draw(state | {'innerHTML': html}, classes='rubric-level')
