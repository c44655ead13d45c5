"""The fields in which a question is answered, one for each kind; each says what is answered, and can be set again."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Protocol

from nicegui import ui
from nicegui.events import GenericEventArguments

from services.content.prose import prose_html
from services.core.errors import Invalid
from services.quizzes import numbers
from services.quizzes.answer import LONGEST_ESSAY, LONGEST_LINE, Answer
from services.quizzes.asked import Asked
from services.quizzes.question import QuestionKind
from ui.kit.language import _, say
from ui.kit.raw_element import Piece
from ui.kit.text import named

Changed = Callable[[], object]


class Field(Protocol):
    """A field in which a question is answered."""

    is_typed: bool
    """whether it is typed into, so that saving waits for more"""

    @property
    def answer(self) -> Answer | None:
        """What is answered now; None for nothing."""

    @property
    def problem(self) -> str:
        """What the learner should know before they hand this in, such as a number that cannot be read."""

    def show(self, answer: Answer | None) -> None:
        """Show an answer in place of what there is."""

    def lock(self) -> None:
        """Take no other answer."""

    async def read_again(self) -> bool:
        """Read from the browser what was typed while it had no connection; returns whether that is something new."""


class Plain:
    """What most fields have in common."""

    is_typed = False
    problem = ''

    async def read_again(self) -> bool:
        """Nothing is typed here."""
        return False


class Choice(Plain):
    """One option, or several."""

    def __init__(self, asked: Asked, name: str, changed: Changed) -> None:
        self._is_single = asked.kind is not QuestionKind.MULTIPLE_CHOICE
        self._chosen: tuple[int, ...] = ()
        self._changed = changed
        texts = _texts_of(asked)
        self._places = sorted(place for place, _text in texts)
        self._group = Piece('q-option-group', 'quiz-options')
        self._group.on('update:modelValue', self._pick)
        self._clear = Piece('button')
        self._clear.on('click', self._take_back, args=[[]])
        options = [self._option(n, place, text) for n, (place, text) in enumerate(texts)]
        self._props: dict[str, object] = {
            'type': 'radio' if self._is_single else 'checkbox',
            'options': options,
            'aria-label': name,
            'keep-color': True,
        }
        self.show(asked.answer)

    @property
    def answer(self) -> Answer | None:
        """The options that are chosen."""
        return Answer(chosen=self._chosen) if self._chosen else None

    def show(self, answer: Answer | None) -> None:
        """Choose these options."""
        self._chosen = answer.chosen if answer else ()
        model: object = list(self._chosen)
        if self._is_single:
            model = self._chosen[0] if self._chosen else None
        self._group.draw({**self._props, 'model-value': model})
        can_clear = self._is_single and self._chosen and not self._props.get('disable')
        self._clear.offer(_('Take the answer back') if can_clear else '', 'button-quiet button-bare quiz-clear')

    def lock(self) -> None:
        """Let nothing else be chosen."""
        self._props['disable'] = True
        self.show(self.answer)

    def _option(self, number: int, place: int, text: str) -> dict[str, object]:
        html = prose_html(text)
        if html.strip() == f'<p>{escape(text)}</p>':
            return {'value': place, 'label': text}
        with self._group.add_slot(f'label-{number}'):
            Piece('div').draw({'innerHTML': html, 'dir': 'auto'}, classes='prose')
        return {'value': place, 'label': ''}

    def _pick(self, event: GenericEventArguments) -> None:
        told: object = event.args
        picked = [place for place in self._places if place in (told if isinstance(told, list) else [told])]
        if self._props.get('disable'):
            return
        self.show(Answer(chosen=tuple(picked)))
        self._changed()

    def _take_back(self) -> None:
        if self._chosen and not self._props.get('disable'):
            self.show(None)
            self._changed()


class Typed:
    """A number, a short text, or an essay."""

    is_typed = True

    def __init__(self, asked: Asked, name: str, changed: Changed, pasted: Changed) -> None:
        self._kind = asked.kind
        label = _('Your answer')
        text = asked.answer.text if asked.answer else ''
        if asked.kind is QuestionKind.ESSAY:
            self._field: ui.input | ui.textarea = ui.textarea(label, value=text)
            self._field.props(f'outlined autogrow dir=auto debounce=300 maxlength={LONGEST_ESSAY}')
        else:
            self._field = ui.input(label, value=text).props(f'outlined dir=auto maxlength={LONGEST_LINE}')
            self._field.props('autocomplete=off autocapitalize=off spellcheck=false')
        if asked.kind is QuestionKind.NUMERIC:
            self._field.props('inputmode=decimal')
        named(self._field, f'{label}: {name}').classes('quiz-text')
        self._echo = Piece('p', 'quiz-echo')
        self._field.on_value_change(self._typed)
        self._field.on('paste', pasted, args=[[]])
        self._changed = changed
        self._is_shown = False
        self._show_reading()

    @property
    def answer(self) -> Answer | None:
        """What is typed."""
        text = self._field.value or ''
        return Answer(text=text) if text.strip() else None

    @property
    def problem(self) -> str:
        """Why what was typed cannot be read as a number."""
        return self._reading()[1]

    def show(self, answer: Answer | None) -> None:
        """Show a text."""
        text = answer.text if answer else ''
        if text != (self._field.value or ''):
            self._is_shown = True
            self._field.set_value(text)
            self._is_shown = False
        self._show_reading()

    def lock(self) -> None:
        """Let nothing else be typed."""
        self._field.props('readonly')

    async def read_again(self) -> bool:
        """Read what stands in the browser's field."""
        try:
            typed = await self._field.get_computed_prop('inputValue')
        except TimeoutError:
            return False
        if not isinstance(typed, str) or typed == (self._field.value or ''):
            return False
        self.show(Answer(text=typed))
        return True

    def _typed(self) -> None:
        self._show_reading()
        if not self._is_shown:
            self._changed()

    def _show_reading(self) -> None:
        read, problem = self._reading()
        self._echo.draw_html(escape(problem or (read and _('Read as {number}', number=read))))

    def _reading(self) -> tuple[str, str]:
        """Return the number as it is read, or why it cannot be."""
        text = (self._field.value or '').strip()
        if self._kind is not QuestionKind.NUMERIC or not text:
            return '', ''
        try:
            return numbers.shown(numbers.read(text)), ''
        except Invalid as refusal:
            return '', say(refusal)


class Matching(Plain):
    """For each left part a list of the right parts."""

    def __init__(self, asked: Asked, name: str, changed: Changed) -> None:
        self._changed = changed
        self._chosen: list[int | None] = [None] * len(asked.lefts)
        self._is_locked = False
        self._options = [{'label': text, 'value': place} for place, text in asked.rights]
        with Piece('div', 'quiz-pairs'):
            self._selects = [self._pair(row, left) for row, left in enumerate(asked.lefts)]
        self.show(asked.answer)

    @property
    def answer(self) -> Answer | None:
        """Which right part was chosen for each left one."""
        return Answer(pairs=tuple(self._chosen)) if any(each is not None for each in self._chosen) else None

    def show(self, answer: Answer | None) -> None:
        """Choose these parts."""
        pairs = answer.pairs if answer else ()
        self._chosen = [*pairs, *[None] * (len(self._selects) - len(pairs))]
        for select, chosen in zip(self._selects, self._chosen, strict=True):
            if select.props.get('model-value', '') != chosen:
                select.draw({'model-value': chosen})

    def lock(self) -> None:
        """Let nothing else be chosen."""
        self._is_locked = True
        for select in self._selects:
            select.draw({'disable': True})

    def _pair(self, row: int, left: str) -> Piece:
        with Piece('div', 'quiz-pair'):
            Piece('div').draw({'innerHTML': prose_html(left), 'dir': 'auto'}, classes='prose')
            select = Piece('q-select')
            label = _('belongs to: {part}', part=left)
            props = {'options': self._options, 'emit-value': True, 'map-options': True, 'outlined': True, 'dense': True}
            select.draw({**props, 'clearable': True, 'aria-label': label, 'options-html': False})
            select.on('update:modelValue', lambda event: self._pick(row, event.args))
        return select

    def _pick(self, row: int, told: object) -> None:
        known = [option['value'] for option in self._options]
        if self._is_locked or (told is not None and told not in known):
            return
        self._chosen[row] = told if isinstance(told, int) else None
        self._selects[row].draw({'model-value': self._chosen[row]})
        self._changed()


class Ordering(Plain):
    """The parts in a list, each with a button up and a button down."""

    def __init__(self, asked: Asked, name: str, changed: Changed) -> None:
        self._changed = changed
        self._texts = dict(asked.options)
        self._shown = [place for place, _text in asked.options]
        self._order = self._shown.copy()
        self._is_answered = False
        self._is_locked = False
        self._rows: list[tuple[Piece, Piece, Piece]] = []
        with Piece('ol') as rows:
            rows.draw({'aria-label': name}, classes='quiz-order')
            for row in range(len(self._order)):
                self._rows.append(self._row(row))
        self.show(asked.answer)

    @property
    def answer(self) -> Answer | None:
        """The order in which the parts were put; None until one was moved."""
        return Answer(order=tuple(self._order)) if self._is_answered else None

    def show(self, answer: Answer | None) -> None:
        """Show the parts in an order, or as they were shown at first."""
        self._is_answered = bool(answer and answer.order)
        self._order = list(answer.order) if answer and answer.order else self._shown.copy()
        self._draw()

    def lock(self) -> None:
        """Let nothing else be moved."""
        self._is_locked = True
        self._draw()

    def _row(self, row: int) -> tuple[Piece, Piece, Piece]:
        with Piece('li', 'quiz-order-row'):
            text, up, down = Piece('div'), Piece('button'), Piece('button')
            up.on('click', lambda: self._move(row, -1), args=[[]])
            down.on('click', lambda: self._move(row, 1), args=[[]])
        return text, up, down

    def _move(self, row: int, by: int) -> None:
        to = row + by
        if self._is_locked or not 0 <= to < len(self._order):
            return
        self._order[row], self._order[to] = self._order[to], self._order[row]
        self._is_answered = True
        self._draw()
        is_at_end = to in {0, len(self._order) - 1}
        self._rows[to][(2 if by < 0 else 1) if is_at_end else (1 if by < 0 else 2)].run_method('focus')
        self._changed()

    def _draw(self) -> None:
        last = len(self._order) - 1
        for row, ((text, up, down), place) in enumerate(zip(self._rows, self._order, strict=True)):
            part = self._texts[place]
            text.draw({'innerHTML': prose_html(part), 'dir': 'auto'}, classes='prose grow')
            name = _('Move up: {part}', part=part)
            up.draw({'aria-label': name, 'disabled': row == 0 or self._is_locked}, classes='icon-button quiz-up')
            name = _('Move down: {part}', part=part)
            down.draw({'aria-label': name, 'disabled': row == last or self._is_locked}, classes='icon-button quiz-down')


def draw_field(asked: Asked, name: str, changed: Changed, pasted: Changed) -> Field:
    """Draw the field for a question; `name` is what those who hear the page are told, `pasted` is called at a paste."""
    if asked.kind in TYPED_KINDS:
        return Typed(asked, name, changed, pasted)
    return _FIELDS[asked.kind](asked, name, changed)


TYPED_KINDS = {QuestionKind.NUMERIC, QuestionKind.SHORT_TEXT, QuestionKind.ESSAY}
_FIELDS: Mapping[QuestionKind, Callable[[Asked, str, Changed], Field]] = {
    QuestionKind.SINGLE_CHOICE: Choice,
    QuestionKind.MULTIPLE_CHOICE: Choice,
    QuestionKind.TRUE_FALSE: Choice,
    QuestionKind.MATCHING: Matching,
    QuestionKind.ORDERING: Ordering,
}


def _texts_of(asked: Asked) -> Sequence[tuple[int, str]]:
    """Return the options in the order in which they are shown; “true” and “false” are not written by authors."""
    if asked.kind is QuestionKind.TRUE_FALSE:
        return [(place, _('True') if place == 0 else _('False')) for place, _text in asked.options]
    return asked.options
