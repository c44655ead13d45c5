"""What is right, as it is typed: one set of fields for each kind of question."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Protocol

from nicegui import ui

from services.core.errors import Invalid
from services.quizzes.question import (
    WHOLE,
    CreditRule,
    Option,
    Pair,
    Question,
    QuestionKind,
    TextAnswer,
)
from ui.kit.language import _
from ui.kit.text import hint, named
from ui.quizzes.number_rows import Numbers
from ui.quizzes.rows import ENTER, Rows

Changed = Callable[[], None]


class Key(Protocol):
    """The fields for what is right."""

    def parts(self) -> Mapping[str, Any]:
        """Return the parts of a `Question` that are typed here; raises `Invalid` for what cannot be read."""

    def loose_parts(self) -> Mapping[str, Any]:
        """Return as much as learners see of it, however unfinished."""


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


class Texts:
    """Short texts that are right, and how exactly they have to be spelled."""

    def __init__(self, question: Question, changed: Changed) -> None:
        hint(
            _('* stands for any letters: *photosynth* takes every sentence with this word. The first that fits counts.')
        )
        self._rows: Rows[TextAnswer] = Rows(
            lambda number, answer, entered: TextRow(answer, entered),
            question.texts,
            add=_('Add an answer'),
            name=_('Answers'),
            changed=changed,
        )
        self._case = ui.switch(_('Small and capital letters count'), value=question.minds_case)
        self._accents = ui.switch(_('Accents count: “resume” is not “résumé”'), value=question.minds_accents)
        self._typos = ui.switch(_('Forgive a slip in longer words'), value=question.forgives_typos)

    def parts(self) -> Mapping[str, Any]:
        """Return the answers."""
        return {
            'texts': tuple(each for each in self._rows.values if each.pattern.strip()),
            'minds_case': bool(self._case.value),
            'minds_accents': bool(self._accents.value),
            'forgives_typos': bool(self._typos.value),
        }

    def loose_parts(self) -> Mapping[str, Any]:
        """Nothing of it is seen."""
        return {}


class TextRow:
    """One text that is right, or partly right."""

    def __init__(self, answer: TextAnswer | None, entered: Changed) -> None:
        known = answer or TextAnswer(pattern='')
        with ui.element('div').classes('row-texts'):
            self._pattern = ui.input(_('Answer'), value=known.pattern).props('outlined dense dir=auto')
            self._pattern.on(ENTER, entered, args=[[]])
            self._feedback = ui.input(_('What is said of it (may be empty)'), value=known.feedback)
            self._feedback.props('outlined dense dir=auto').on(ENTER, entered, args=[[]])
        self._credit = ui.number(_('Percent'), value=percent_shown(known.credit), min=0, max=100, step=5)
        self._credit.props('outlined dense').classes('row-percent')

    @property
    def value(self) -> TextAnswer:
        """The answer."""
        return TextAnswer(
            pattern=self._pattern.value or '',
            credit=percent(self._credit.value),
            feedback=self._feedback.value or '',
        )

    def focus(self) -> None:
        """Put the cursor into the answer."""
        self._pattern.run_method('focus')


class Pairs:
    """Things that belong together."""

    def __init__(self, question: Question, changed: Changed) -> None:
        hint(_('A right part without a left one is left over when everything is matched.'))
        self._rows: Rows[Pair] = Rows(
            lambda number, pair, entered: PairRow(pair, changed, entered),
            question.pairs,
            add=_('Add a pair'),
            name=_('Pairs'),
            changed=changed,
            at_least=0 if question.pairs else 3,
        )

    def parts(self) -> Mapping[str, Any]:
        """Return the pairs."""
        return {'pairs': self._rows.values}

    loose_parts = parts


class PairRow:
    """Two things that belong together."""

    def __init__(self, pair: Pair | None, changed: Changed, entered: Changed) -> None:
        known = pair or Pair(right='')
        with ui.element('div').classes('row-pair'):
            self._left = ui.textarea(_('This'), value=known.left).props('outlined dense autogrow rows=1 dir=auto')
            self._right = ui.input(_('belongs to this'), value=known.right).props('outlined dense dir=auto')
        for field in (self._left, self._right):
            field.on_value_change(lambda: changed()).on(ENTER, entered, args=[[]])

    @property
    def value(self) -> Pair:
        """The pair."""
        return Pair(left=self._left.value or '', right=self._right.value or '')

    def focus(self) -> None:
        """Put the cursor into the left part."""
        self._left.run_method('focus')


class Parts:
    """Parts in their right order."""

    def __init__(self, question: Question, changed: Changed) -> None:
        hint(_('Type the parts in the right order; learners get them in another one.'))
        self._rows: Rows[str] = Rows(
            lambda number, part, entered: PartRow(part, changed, entered),
            question.order,
            add=_('Add a part'),
            name=_('Parts in their right order'),
            changed=changed,
            at_least=0 if question.order else 3,
        )

    def parts(self) -> Mapping[str, Any]:
        """Return the parts."""
        return {'order': self._rows.values}

    loose_parts = parts


class PartRow:
    """One part."""

    def __init__(self, part: str | None, changed: Changed, entered: Changed) -> None:
        self._text = ui.textarea(_('Part'), value=part or '').props('outlined dense autogrow rows=1 dir=auto')
        self._text.classes('row-texts').on_value_change(lambda: changed()).on(ENTER, entered, args=[[]])

    @property
    def value(self) -> str:
        """The part."""
        return self._text.value or ''

    def focus(self) -> None:
        """Put the cursor into it."""
        self._text.run_method('focus')


class NoKey:
    """An essay has none: a person grades it."""

    def parts(self) -> Mapping[str, Any]:
        """Return nothing."""
        return {}

    loose_parts = parts


def draw_key(question: Question, changed: Changed) -> Key:
    """Draw the fields for what is right."""
    if question.kind is QuestionKind.ESSAY:
        return NoKey()
    return _KEYS[question.kind](question, changed)


_KEYS: Mapping[QuestionKind, Callable[[Question, Changed], Key]] = {
    QuestionKind.SINGLE_CHOICE: Options,
    QuestionKind.MULTIPLE_CHOICE: Options,
    QuestionKind.TRUE_FALSE: TrueFalse,
    QuestionKind.NUMERIC: Numbers,
    QuestionKind.SHORT_TEXT: Texts,
    QuestionKind.MATCHING: Pairs,
    QuestionKind.ORDERING: Parts,
}
