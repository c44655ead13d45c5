"""The numbers that are right, each with how far an answer may be away from it, and which range that is."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from nicegui import ui

from services.core.errors import Invalid
from services.quizzes import numbers, previewing
from services.quizzes.question import NumberAnswer, Question, Tolerance
from ui.kit.language import _, say
from ui.kit.text import Text, hint
from ui.quizzes.question_words import TOLERANCES
from ui.quizzes.rows import ENTER, Rows

ANY = '*'
HUNDRED = Decimal(100)


class Numbers:
    """Numbers and bands of numbers; the first that fits counts."""

    def __init__(self, question: Question, changed: Callable[[], None]) -> None:
        hint(_('The first that fits counts. * stands for every other number, for what is said of it.'))
        self._rows: Rows[NumberAnswer | None] = Rows(
            lambda number, answer, entered: NumberRow(answer, entered),
            question.numbers,
            add=_('Add a number'),
            name=_('Numbers'),
            changed=changed,
        )

    def parts(self) -> Mapping[str, Any]:
        """Return the numbers."""
        return {'numbers': tuple(each for each in self._rows.values if each is not None)}

    def loose_parts(self) -> Mapping[str, Any]:
        """Nothing of it is seen."""
        return {}


class NumberRow:
    """One number with its tolerance; below it stands how it was read."""

    def __init__(self, answer: NumberAnswer | None, entered: Callable[[], None]) -> None:
        with ui.element('div').classes('row-texts'):
            with ui.element('div').classes('row-number'):
                self._number = ui.input(_('Number'), value=_number_shown(answer)).props('outlined dense')
                self._tolerance = ui.input(_('Tolerance'), value=_tolerance_shown(answer)).props('outlined dense')
                kind = answer.tolerance_kind if answer else Tolerance.NOMINAL
                self._kind = ui.select(dict(TOLERANCES), value=kind, label=_('How it is meant')).props('outlined dense')
                self._credit = ui.number(_('Percent'), value=answer.credit / 100 if answer else 100, min=0, max=100)
                self._credit.props('outlined dense').classes('row-percent')
            self._echo = Text('p').classes('hint').props('role=status')
            self._feedback = ui.input(_('What is said of it (may be empty)'), value=answer.feedback if answer else '')
            self._feedback.props('outlined dense dir=auto')
        for field in (self._number, self._tolerance):
            field.props('inputmode=decimal autocomplete=off').on(ENTER, entered, args=[[]])
        for each in (self._number, self._tolerance, self._kind):
            each.on_value_change(self._show_reading)
        self._show_reading()

    @property
    def value(self) -> NumberAnswer | None:
        """The number; None for an empty row."""
        typed = (self._number.value or '').strip()
        if not typed:
            return None
        credit = round(Decimal(str(self._credit.value or 0)) * 100)
        said = self._feedback.value or ''
        if typed == ANY:
            return NumberAnswer(value=Decimal(0), credit=credit, feedback=said, is_any=True)
        return NumberAnswer(
            value=_read(typed),
            tolerance=self._read_tolerance(),
            tolerance_kind=Tolerance(self._kind.value),
            credit=credit,
            feedback=said,
        )

    def focus(self) -> None:
        """Put the cursor into the number."""
        self._number.run_method('focus')

    def _read_tolerance(self) -> Decimal:
        typed = (self._tolerance.value or '').strip()
        if not typed:
            return Decimal(0)
        read = _read(typed)
        if self._kind.value == Tolerance.RELATIVE:
            return read / HUNDRED
        if self._kind.value == Tolerance.GEOMETRIC:
            return read - 1
        return read

    def _show_reading(self) -> None:
        try:
            self._echo.set_text(_reading(self.value))
        except Invalid as refusal:
            self._echo.set_text(say(refusal))
        self._tolerance.visible = self._kind.visible = (self._number.value or '').strip() != ANY


def _read(typed: str) -> Decimal:
    try:
        return numbers.read(typed)
    except Invalid as refusal:
        raise Invalid(refusal.sentence, field='numbers') from refusal


def _reading(answer: NumberAnswer | None) -> str:
    """Return how a number and its tolerance were read, before they count."""
    if answer is None:
        return ''
    if answer.is_any:
        return _('Every other number')
    if answer.tolerance < 0 or not answer.tolerance.is_finite():
        return _('The tolerance must be 0 or more.')
    ends = previewing.range_of(answer)
    if ends is None:
        return _('Read as {number}, exactly', number=numbers.shown(answer.value))
    return _('Right from {low} to {high}', low=numbers.shown(ends[0]), high=numbers.shown(ends[1]))


def _number_shown(answer: NumberAnswer | None) -> str:
    if answer is None:
        return ''
    return ANY if answer.is_any else numbers.shown(answer.value)


def _tolerance_shown(answer: NumberAnswer | None) -> str:
    if answer is None or not answer.tolerance:
        return ''
    if answer.tolerance_kind is Tolerance.RELATIVE:
        return numbers.shown(answer.tolerance * HUNDRED)
    if answer.tolerance_kind is Tolerance.GEOMETRIC:
        return numbers.shown(answer.tolerance + 1)
    return numbers.shown(answer.tolerance)
