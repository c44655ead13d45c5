"""Writes Moodle XML, with Markdown as it is and with the pictures; what Moodle cannot say is listed."""

import base64
from collections.abc import Callable, Sequence
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from services.quizzes.formats.findings import PICTURE, Item, Written, quoted
from services.quizzes.formats.moodle_xml import HANDLED
from services.quizzes.formats.writing import Losses, as_nominal, as_weights, moodle_percent, number_text, xml_text
from services.quizzes.question import CreditRule, Question, QuestionKind


def write(items: Sequence[Item]) -> Written:
    """Return questions as a file, and what is lost on the way."""
    losses = Losses()
    root = Element('quiz')
    category = ''
    for item in items:
        if item.category != category:
            category = item.category
            _category(root, category)
        _Writer(root, item).write()
        _count(losses, item.question)
    indent(root)
    return Written(content=tostring(root, encoding='utf-8', xml_declaration=True), left_out=losses.said())


def _category(root: Element, category: str) -> None:
    around = SubElement(root, 'question', type='category')
    _text(SubElement(around, 'category'), f'$course$/top/{category}'.rstrip('/'))


class _Writer:
    """Writes one question."""

    def __init__(self, root: Element, item: Item) -> None:
        self._root = root
        self._item = item
        self._question = item.question
        self._element = Element('question', type=_KINDS[item.question.kind][0])

    def write(self) -> None:
        """Write the question into the file."""
        question = self._question
        _text(SubElement(self._element, 'name'), question.title or quoted(question.text))
        self._said('questiontext', question.text)
        self._said('generalfeedback', question.feedback)
        self._fact('defaultgrade', number_text(question.points))
        _KINDS[question.kind][1](self)
        if question.tags:
            tags = SubElement(self._element, 'tags')
            for tag in question.tags:
                _text(SubElement(tags, 'tag'), tag)
        self._root.append(self._element)

    def choices(self) -> None:
        """Write the options."""
        is_single = self._question.kind is QuestionKind.SINGLE_CHOICE
        self._fact('single', 'true' if is_single else 'false')
        self._fact('shuffleanswers', 'true' if self._question.is_shuffled else 'false')
        self._fact('answernumbering', 'abc')
        self._combined_feedback()
        for option in as_weights(self._question):
            self._answer(option.text, moodle_percent(option.credit), option.feedback)

    def statement(self) -> None:
        """Write whether it is true."""
        for word, option in zip(('true', 'false'), self._question.options, strict=True):
            self._answer(word, moodle_percent(option.credit), option.feedback, named='moodle_auto_format')

    def numbers(self) -> None:
        """Write the numbers with how far from them an answer may be."""
        for number in map(as_nominal, self._question.numbers):
            value = '*' if number.is_any else number_text(number.value)
            answer = self._answer(value, moodle_percent(number.credit), number.feedback, named='moodle_auto_format')
            SubElement(answer, 'tolerance').text = number_text(number.tolerance)

    def words(self) -> None:
        """Write the texts that are right."""
        self._fact('usecase', '1' if self._question.minds_case else '0')
        for text in self._question.texts:
            self._answer(text.pattern, moodle_percent(text.credit), text.feedback, named='plain_text')

    def essay(self) -> None:
        """Write how an essay is answered."""
        self._fact('responseformat', 'editor')
        self._fact('attachments', '0')
        self._said('graderinfo', self._question.graders_note)

    def pairs(self) -> None:
        """Write what belongs together."""
        self._fact('shuffleanswers', 'true' if self._question.is_shuffled else 'false')
        self._combined_feedback()
        for pair in self._question.pairs:
            element = self._said('subquestion', pair.left)
            _text(SubElement(element, 'answer'), pair.right)

    def order(self) -> None:
        """Write the parts in their order; what Moodle calls the credit of a part is its place."""
        for name, value in (
            ('layouttype', 'VERTICAL'),
            ('selecttype', 'ALL'),
            ('selectcount', '0'),
            ('gradingtype', 'ABSOLUTE_POSITION'),
            ('showgrading', 'SHOW'),
            ('numberingstyle', 'none'),
        ):
            self._fact(name, value)
        self._combined_feedback()
        for place, part in enumerate(self._question.order, start=1):
            self._answer(part, str(place), '')

    def _combined_feedback(self) -> None:
        self._said('correctfeedback', self._question.feedback_right)
        self._said('partiallycorrectfeedback', self._question.feedback_partly)
        self._said('incorrectfeedback', self._question.feedback_wrong)

    def _answer(self, text: str, percent: str, feedback: str, *, named: str = 'markdown') -> Element:
        answer = SubElement(self._element, 'answer', fraction=percent, format=named)
        self._write_text(answer, text)
        self._said('feedback', feedback, inside=answer)
        return answer

    def _fact(self, tag: str, value: str) -> None:
        SubElement(self._element, tag).text = value

    def _said(self, tag: str, text: str, *, inside: Element | None = None) -> Element:
        element = SubElement(self._element if inside is None else inside, tag, format='markdown')
        self._write_text(element, text)
        return element

    def _write_text(self, element: Element, text: str) -> None:
        """Write a text, with the pictures that it shows."""
        for name, content in self._item.pictures.items():
            if f'{PICTURE}{name}' in text:
                text = text.replace(f'{PICTURE}{name}', f'{HANDLED}{quote(name)}')
                file = SubElement(element, 'file', name=name, path='/', encoding='base64')
                file.text = base64.b64encode(content).decode()
        _text(element, text, first=True)


def _text(element: Element, text: str, *, first: bool = False) -> None:
    written = Element('text')
    written.text = xml_text(text)
    element.insert(0 if first else len(element), written)


def _count(losses: Losses, question: Question) -> None:
    losses.count(
        rubric=bool(question.rubric),
        feedback=question.kind not in _WITH_COMBINED_FEEDBACK
        and bool(question.feedback_right or question.feedback_partly or question.feedback_wrong),
        rule=question.kind is QuestionKind.MULTIPLE_CHOICE and question.credit_rule is CreditRule.ALL_OR_NOTHING,
        spelling=bool(question.texts) and (question.forgives_typos or not question.minds_accents),
    )


_WITH_COMBINED_FEEDBACK = frozenset(
    {QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE, QuestionKind.MATCHING, QuestionKind.ORDERING}
)
_KINDS: dict[QuestionKind, tuple[str, Callable[[_Writer], None]]] = {
    QuestionKind.SINGLE_CHOICE: ('multichoice', _Writer.choices),
    QuestionKind.MULTIPLE_CHOICE: ('multichoice', _Writer.choices),
    QuestionKind.TRUE_FALSE: ('truefalse', _Writer.statement),
    QuestionKind.NUMERIC: ('numerical', _Writer.numbers),
    QuestionKind.SHORT_TEXT: ('shortanswer', _Writer.words),
    QuestionKind.ESSAY: ('essay', _Writer.essay),
    QuestionKind.MATCHING: ('matching', _Writer.pairs),
    QuestionKind.ORDERING: ('ordering', _Writer.order),
}
