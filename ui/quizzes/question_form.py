"""All fields of one question; `question` returns what is typed, `complain` shows what is wrong beside its field."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from nicegui import ui

from services.core.errors import Invalid
from services.quizzes import numbers, previewing
from services.quizzes.question import CreditRule, Question, QuestionKind
from ui.kit.language import _, say
from ui.kit.rubric_editor import RubricEditor
from ui.kit.text import Text, heading, hint
from ui.quizzes.key_fields import draw_key
from ui.quizzes.option_rows import Options
from ui.quizzes.question_words import RULES
from ui.quizzes.rows import problem_line

KEY_FIELDS = {'options', 'numbers', 'texts', 'pairs', 'order'}
SEVERAL_RULES = tuple(CreditRule)
SHARE_RULES = CreditRule.GUESS_NEUTRAL, CreditRule.ALL_OR_NOTHING


class QuestionForm:
    """What is asked, what is right, what is said, and what it is worth."""

    def __init__(self, question: Question, changed: Callable[[], None]) -> None:
        self._kept = question
        self._changed = changed
        self._text = ui.textarea(_('What is asked'), value=question.text)
        self._text.props('outlined autogrow dir=auto autofocus').on_value_change(lambda: changed())
        hint(_('Markdown works here and in options: **bold**, lists, tables, `x²`, pictures by their address.'))
        with ui.element('section').classes('stack-tight'):
            if question.kind in _KEY_HEADINGS:
                heading(_KEY_HEADINGS[question.kind]())
            self.key = draw_key(question, changed)
            self._key_problem = problem_line()
        self._rule = self._draw_rule(question)
        self._shuffle = ui.switch(_('The options may be shown in another order'), value=question.is_shuffled)
        self._shuffle.visible = question.kind in {QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE}
        with ui.element('div').classes('field-row'):
            self._points = ui.input(_('Points'), value=format(question.points.normalize(), 'f'))
            self._points.props('outlined inputmode=decimal').on_value_change(lambda: changed())
            self._tags = ui.input(_('Tags'), value=', '.join(question.tags)).props('outlined dir=auto')
            self._tags.props['hint'] = _('Words for what is asked about, with commas between them.')
        self._draw_said(question)

    @property
    def question(self) -> Question:
        """The question as it is typed; raises `Invalid` for what cannot be read."""
        return replace(self._common(), points=self._read_points(), **self.key.parts())

    @property
    def seen(self) -> Question:
        """As much of it as learners see, however unfinished."""
        try:
            points = self._read_points()
        except Invalid:
            points = self._kept.points
        try:
            parts = self.key.loose_parts()
        except Invalid:
            parts = {}
        return previewing.without_key(replace(self._common(), points=points, **parts))

    def complain(self, refusal: Invalid) -> None:
        """Show a refusal beside the field that it is about."""
        self.clear_problems()
        if refusal.field in KEY_FIELDS:
            self._key_problem.set_text(say(refusal))
            self._key_problem.visible = True
            self._key_problem.run_method('scrollIntoView', {'block': 'center'})
            return
        if refusal.field in {'feedback', 'graders_note', 'title', 'rubric'}:
            self._more.props('open')
        if refusal.field == 'rubric' and self._rubric:
            self._rubric.complain(say(refusal))
            return
        field = self._fields().get(refusal.field, self._text)
        field.error = say(refusal)
        field.run_method('focus')

    def clear_problems(self) -> None:
        """Take away what was wrong."""
        self._key_problem.visible = False
        if self._rubric:
            self._rubric.complain('')
        for field in self._fields().values():
            field.error = None

    def _common(self) -> Question:
        rule = CreditRule(self._rule.value) if self._rule else self._kept.credit_rule
        said: dict[str, Any] = {name: field.value or '' for name, field in self._said.items()}
        return replace(
            self._kept,
            title=self._title.value or '',
            text=self._text.value or '',
            tags=tuple((self._tags.value or '').split(',')),
            credit_rule=rule,
            is_shuffled=bool(self._shuffle.value),
            graders_note=self._note.value or '',
            rubric=self._rubric.value if self._rubric else (),
            **said,
        )

    def _read_points(self) -> Decimal:
        try:
            return numbers.read(self._points.value or '')
        except Invalid as refusal:
            raise Invalid(refusal.sentence, field='points') from refusal

    def _draw_rule(self, question: Question) -> ui.select | None:
        """Draw how several parts of an answer count, where there are several."""
        kind = question.kind
        if kind not in {QuestionKind.MULTIPLE_CHOICE, QuestionKind.MATCHING, QuestionKind.ORDERING}:
            return None
        rules = SEVERAL_RULES if kind is QuestionKind.MULTIPLE_CHOICE else SHARE_RULES
        words = {rule: RULES[rule] for rule in rules}
        if kind is not QuestionKind.MULTIPLE_CHOICE:
            words[CreditRule.GUESS_NEUTRAL] = _('Each part counts by itself')
        rule = question.credit_rule if question.credit_rule in words else CreditRule.GUESS_NEUTRAL
        select = ui.select(words, value=rule, label=_('How an answer counts')).props('outlined')
        select.on_value_change(lambda event: self._ruled(CreditRule(event.value)))
        return select

    def _ruled(self, rule: CreditRule) -> None:
        if isinstance(self.key, Options):
            self.key.show_weights(rule is CreditRule.OWN_WEIGHTS)
        self._changed()

    def _draw_said(self, question: Question) -> None:
        with ui.element('details').classes('quiet-details') as self._more:
            Text('summary', _('What is said afterwards, and what it is called'))
            with ui.element('div').classes('stack'):
                self._said = {
                    name: ui.textarea(label, value=getattr(question, name)).props('outlined autogrow rows=1 dir=auto')
                    for name, label in _said_labels(question.kind)
                }
                self._title = ui.input(_('Title in the list'), value=question.title).props('outlined dir=auto')
                self._title.props['hint'] = _('Only for those who teach; without one, the question itself is shown.')
                self._note = ui.textarea(_('Note for those who grade it'), value=question.graders_note)
                self._note.props('outlined autogrow rows=2 dir=auto')
                self._note.visible = question.kind is QuestionKind.ESSAY
                is_essay = question.kind is QuestionKind.ESSAY
                self._rubric = RubricEditor(question.rubric, heading='h2') if is_essay else None
        if question.kind is QuestionKind.ESSAY:
            self._more.props('open')

    def _fields(self) -> dict[str, Any]:
        """Return the fields by what a refusal calls them."""
        return {
            'text': self._text,
            'points': self._points,
            'tags': self._tags,
            'title': self._title,
            'feedback': self._said['feedback'],
            'graders_note': self._note,
        }


def _said_labels(kind: QuestionKind) -> list[tuple[str, str]]:
    every = [('feedback', _('After every answer'))]
    if kind is QuestionKind.ESSAY:
        return every
    return [
        *every,
        ('feedback_right', _('After a right answer')),
        ('feedback_partly', _('After a partly right answer')),
        ('feedback_wrong', _('After a wrong answer')),
    ]


_KEY_HEADINGS: dict[QuestionKind, Callable[[], str]] = {
    QuestionKind.SINGLE_CHOICE: lambda: _('Options: mark the right one'),
    QuestionKind.MULTIPLE_CHOICE: lambda: _('Options: mark all that are right'),
    QuestionKind.TRUE_FALSE: lambda: _('What is right?'),
    QuestionKind.NUMERIC: lambda: _('Which numbers are right?'),
    QuestionKind.SHORT_TEXT: lambda: _('Which answers are right?'),
    QuestionKind.MATCHING: lambda: _('What belongs together?'),
    QuestionKind.ORDERING: lambda: _('The right order'),
}
