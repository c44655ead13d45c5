"""What is right, as it is typed: one set of fields for each kind of question."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from nicegui import ui

from services.quizzes.question import (
    Pair,
    Question,
    QuestionKind,
    TextAnswer,
)
from ui.kit.language import _
from ui.kit.text import hint
from ui.quizzes.number_rows import Numbers
from ui.quizzes.option_rows import Changed, Options, TrueFalse, percent, percent_shown
from ui.quizzes.rows import ENTER, Rows


class Key(Protocol):
    """The fields for what is right."""

    def parts(self) -> Mapping[str, Any]:
        """Return the parts of a `Question` that are typed here; raises `Invalid` for what cannot be read."""

    def loose_parts(self) -> Mapping[str, Any]:
        """Return as much as learners see of it, however unfinished."""


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
