"""The options of a choice, as they are typed: which are right, or what each is worth."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from nicegui import ui

from services.core.errors import Invalid
from services.quizzes.question import (
    WHOLE,
    CreditRule,
    Option,
    Question,
    QuestionKind,
)
from ui.kit.language import _
from ui.kit.text import hint, named
from ui.quizzes.rows import ENTER, Rows

Changed = Callable[[], None]


def percent(typed: float | str | None) -> int:
    """Return credit of 10,000 for a percentage that was typed."""
    try:
        return round(Decimal(str(typed or 0)) * 100)
    except ArithmeticError as error:
        raise Invalid('Type the credit as a percentage, such as 50.', field='options') from error


def percent_shown(credit: int) -> float:
    """Return credit as a percentage to be typed over."""
    return credit / 100


class Options:
    """Options of single and multiple choice; with own percentages, a number takes the place of the mark."""

    def __init__(self, question: Question, changed: Changed) -> None:
        self._is_single = question.kind is QuestionKind.SINGLE_CHOICE
        self._changed = changed
        self._rule = question.credit_rule
        self._weights = _has_weights(question)
        hint(_('Enter goes to the next option. Shift and Enter begins a new line.'))
        self._rows: Rows[Option] = Rows(
            self._row,
            question.options,
            add=_('Add an option'),
            name=_('Options'),
            changed=changed,
            at_least=0 if question.options else 3,
        )
        if self._is_single:
            switch = ui.switch(_('Some options are worth a part of the points'), value=self._weights)
            switch.on_value_change(lambda event: self.show_weights(bool(event.value)))

    def parts(self) -> Mapping[str, Any]:
        """Return the options."""
        return {'options': self._rows.values}

    loose_parts = parts

    def show_weights(self, weights: bool) -> None:
        """Show a percentage for each option, or a mark for the right ones."""
        self._weights = weights
        for row in self._option_rows():
            row.show_weights(weights)
        self._changed()

    def _option_rows(self) -> list['OptionRow']:
        return [row for row in self._rows.rows if isinstance(row, OptionRow)]

    def _row(self, number: int, option: Option | None, entered: Changed) -> 'OptionRow':
        return OptionRow(
            option or Option(),
            weights=self._weights,
            changed=self._changed,
            entered=entered,
            marked=self._marked if self._is_single else None,
        )

    def _marked(self, row: 'OptionRow') -> None:
        """Take the mark from all other options: one alone is right."""
        for other in self._option_rows():
            if other is not row:
                other.unmark()


def _has_weights(question: Question) -> bool:
    if question.kind is QuestionKind.MULTIPLE_CHOICE:
        return question.credit_rule is CreditRule.OWN_WEIGHTS
    return any(option.credit not in {0, WHOLE} for option in question.options)


class OptionRow:
    """One option: the mark of the right one, or its percentage; what it says; what is said of it."""

    def __init__(
        self,
        option: Option,
        *,
        weights: bool,
        changed: Changed,
        entered: Changed,
        marked: Callable[['OptionRow'], None] | None,
    ) -> None:
        self._marked = marked
        self._changed = changed
        self._right = ui.checkbox(_('Right'), value=option.credit > 0).classes('row-right')
        self._right.on_value_change(self._mark)
        self._credit = ui.number(_('Percent'), value=percent_shown(option.credit), min=-100, max=100, step=5)
        self._credit.props('outlined dense').classes('row-percent').on_value_change(lambda: changed())
        with ui.element('div').classes('row-texts'):
            self._text = ui.textarea(_('Option'), value=option.text).props('outlined dense autogrow rows=1 dir=auto')
            self._text.on_value_change(lambda: changed()).on(ENTER, entered, args=[[]])
            self._feedback = ui.input(_('What is said of it (may be empty)'), value=option.feedback)
            self._feedback.props('outlined dense dir=auto').on(ENTER, entered, args=[[]])
        self.show_weights(weights)

    @property
    def value(self) -> Option:
        """The option."""
        credit = percent(self._credit.value) if self._weights else WHOLE if self._right.value else 0
        return Option(text=self._text.value or '', credit=credit, feedback=self._feedback.value or '')

    def focus(self) -> None:
        """Put the cursor into its text."""
        self._text.run_method('focus')

    def show_weights(self, weights: bool) -> None:
        """Show the percentage, or the mark; what was said one way is taken over into the other."""
        self._weights = weights
        self._credit.visible, self._right.visible = weights, not weights
        if weights and self._right.value and not self._credit.value:
            self._credit.set_value(100)

    def unmark(self) -> None:
        """Take the mark away."""
        if self._right.value:
            self._right.set_value(False)

    def _mark(self) -> None:
        if self._right.value and self._marked:
            self._marked(self)
        self._changed()


class TrueFalse:
    """Whether it is true, and what is said of each answer."""

    def __init__(self, question: Question, changed: Changed) -> None:
        options = question.options or (Option(credit=WHOLE), Option())
        words = {0: _('True'), 1: _('False')}
        right = 0 if options[0].credit else 1
        self._right = ui.radio(words, value=right if question.options else None, on_change=lambda: changed())
        named(self._right.props('inline'), _('What is right?'))
        self._feedback = [
            ui.input(label, value=option.feedback).props('outlined dense dir=auto')
            for label, option in zip(
                (_('What is said of “true” (may be empty)'), _('What is said of “false” (may be empty)')),
                options,
                strict=False,
            )
        ]

    def parts(self) -> Mapping[str, Any]:
        """Return both options."""
        return {
            'options': tuple(
                Option(credit=WHOLE if self._right.value == place else 0, feedback=field.value or '')
                for place, field in enumerate(self._feedback)
            )
        }

    loose_parts = parts
