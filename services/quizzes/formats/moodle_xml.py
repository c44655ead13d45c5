"""Reads Moodle XML: the one way out of Moodle that keeps pictures, feedback, tolerances and tags."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from urllib.parse import quote
from xml.etree.ElementTree import Element

from services.core.phrases import phrase
from services.core.safe_xml import child, parsed, text_at
from services.quizzes.formats import texts, unread
from services.quizzes.formats.categories import category_of
from services.quizzes.formats.findings import PICTURE, At, Findings, Item, NotTaken, Read, Wrong, quoted
from services.quizzes.formats.keys import check
from services.quizzes.formats.numbers import credit_of, made_whole, number_of, points_of, tolerance_of
from services.quizzes.formats.pictures import Pictures, from_base64
from services.quizzes.formats.unread_moodle import KNOWN
from services.quizzes.question import (
    WHOLE,
    CreditRule,
    NumberAnswer,
    Option,
    Pair,
    Question,
    QuestionKind,
    TextAnswer,
    Tolerance,
)

HANDLED = '@@PLUGINFILE@@/'
"""what the address of a file begins with that is beside the text"""


def read(content: bytes) -> Read:
    """Return the questions of a file; raises `Wrong` where it is no such file at all."""
    root = parsed(content)
    if root.tag != 'quiz':
        raise Wrong(phrase('This XML has no questions of Moodle in it: it should begin with “quiz”.'))
    findings = Findings()
    category = ''
    number = 0
    for element in root.iter('question'):
        if element.get('type') == 'category':
            category = category_of(text_at(element, 'category', 'text'))
            if any(text_at(element, *path) for path in (('info', 'text'), ('idnumber',))):
                findings.lose('category')
            continue
        number += 1
        if findings.is_full(number):
            break
        place = At(number=number, title=text_at(element, 'name', 'text'))
        with findings.at(place):
            findings.items.append(_Reader(element, findings, place).item(category))
    return findings.read()


class _Reader:
    """Reads one question."""

    def __init__(self, element: Element, findings: Findings, place: At) -> None:
        self._element = element
        self._findings = findings
        self._place = place
        self._pictures = Pictures()

    def item(self, category: str) -> Item:
        """Return the question; raises `Wrong` and `NotTaken`."""
        kind = self._element.get('type', '')
        if kind not in _KINDS:
            raise NotTaken(phrase('questions of the kind “{kind}” are not taken over.', kind=quoted(kind)))
        question = replace(
            _KINDS[kind](self),
            title=texts.plain(self._place.title),
            text=self._text('questiontext'),
            points=points_of(text_at(self._element, 'defaultgrade')),
            tags=self._tags(),
            feedback=self._text('generalfeedback'),
            feedback_right=self._text('correctfeedback'),
            feedback_partly=self._text('partiallycorrectfeedback'),
            feedback_wrong=self._text('incorrectfeedback'),
            is_shuffled=self._is('shuffleanswers', otherwise=True),
        )
        self._count_lost()
        self._findings.lose_named(unread.names(self._element, KNOWN))
        self._findings.warnings += [self._place.said(warning) for warning in check(question)]
        return Item(question=question, category=category, number=self._place.number, pictures=dict(self._pictures.kept))

    def choice(self) -> Question:
        """Return a question with one or several right options."""
        is_single = self._is('single', otherwise=True)
        answers = self._answers()
        credits = [_credit(answer) for answer in answers]
        options = tuple(
            Option(text=self._said(answer), credit=credit, feedback=self._feedback(answer))
            for answer, credit in zip(answers, credits if is_single else made_whole(credits), strict=True)
        )
        kind = QuestionKind.SINGLE_CHOICE if is_single else QuestionKind.MULTIPLE_CHOICE
        rule = CreditRule.GUESS_NEUTRAL if is_single else CreditRule.OWN_WEIGHTS
        return Question(kind=kind, text='', options=options, credit_rule=rule)

    def true_or_false(self) -> Question:
        """Return a statement."""
        found = {text_at(answer, 'text').lower(): answer for answer in self._answers()}
        if set(found) != {'true', 'false'}:
            raise Wrong(phrase('the two answers have to be “true” and “false”.'))
        options = tuple(
            Option(credit=_credit(found[word]), feedback=self._feedback(found[word])) for word in ('true', 'false')
        )
        return Question(kind=QuestionKind.TRUE_FALSE, text='', options=options)

    def number(self) -> Question:
        """Return a question that asks for a number."""
        numbers = tuple(self._number(answer) for answer in self._answers())
        if child(self._element, 'units') is not None:
            self._findings.lose('units')
        return Question(kind=QuestionKind.NUMERIC, text='', numbers=numbers)

    def _number(self, answer: Element) -> NumberAnswer:
        written = text_at(answer, 'text')
        is_any = written == '*'
        return NumberAnswer(
            value=Decimal(0) if is_any else number_of(written),
            tolerance=Decimal(0) if is_any else tolerance_of(text_at(answer, 'tolerance')),
            tolerance_kind=self._tolerance_kind(answer),
            credit=_credit(answer),
            feedback=self._feedback(answer),
            is_any=is_any,
        )

    def _tolerance_kind(self, answer: Element) -> Tolerance:
        written = text_at(answer, 'tolerancetype') or text_at(self._element, 'tolerancetype')
        if written not in _TOLERANCES:
            raise Wrong(phrase('“{word}” is no kind of tolerance.', word=quoted(written)))
        return _TOLERANCES[written]

    def all_or_nothing(self) -> Question:
        """Return a question with options that are all ticked rightly, or give nothing."""
        question = self.choice()
        options = tuple(replace(each, credit=WHOLE if each.credit > 0 else 0) for each in question.options)
        kind, rule = QuestionKind.MULTIPLE_CHOICE, CreditRule.ALL_OR_NOTHING
        return replace(question, kind=kind, options=options, credit_rule=rule)

    def short_text(self) -> Question:
        """Return a question that asks for a word or two."""
        found = tuple(
            TextAnswer(
                pattern=_literal(text_at(answer, 'text'), answer),
                credit=_credit(answer),
                feedback=self._feedback(answer),
            )
            for answer in self._answers()
        )
        return Question(kind=QuestionKind.SHORT_TEXT, text='', texts=found, minds_case=self._is('usecase'))

    def essay(self) -> Question:
        """Return a question that asks for an essay."""
        if text_at(self._element, 'responsetemplate', 'text'):
            self._findings.lose('template')
        if text_at(self._element, 'attachments') not in {'', '0'}:
            self._findings.lose('attachments')
        if any(text_at(self._element, tag).strip('0') for tag in ('minwordlimit', 'maxwordlimit')):
            self._findings.lose('limits')
        return Question(kind=QuestionKind.ESSAY, text='', graders_note=self._text('graderinfo'))

    def matching(self) -> Question:
        """Return a question that asks what belongs together."""
        pairs = tuple(
            Pair(left=self._said(each), right=_literal(text_at(each, 'answer', 'text'), each))
            for each in self._element.iterfind('subquestion')
        )
        return Question(kind=QuestionKind.MATCHING, text='', pairs=pairs)

    def ordering(self) -> Question:
        """Return a question that asks for an order; what Moodle calls the credit of a part is its place."""
        if text_at(self._element, 'selecttype') not in {'', 'ALL', '0'}:
            self._findings.lose('subset')
        places = [(number_of(answer.get('fraction', '')), answer) for answer in self._answers()]
        order = tuple(self._said(answer) for _, answer in sorted(places, key=lambda each: each[0]))
        return Question(kind=QuestionKind.ORDERING, text='', order=order)

    def _answers(self) -> list[Element]:
        return list(self._element.iterfind('answer'))

    def _feedback(self, answer: Element) -> str:
        return self._text('feedback', inside=answer)

    def _text(self, tag: str, *, inside: Element | None = None) -> str:
        found = child(self._element if inside is None else inside, tag)
        return '' if found is None else self._said(found)

    def _said(self, element: Element) -> str:
        """Return the text of an element as Markdown, in the format that it or what is around it names."""
        files = {each.get('name', ''): each for each in element.iterfind('file')}

        def attached(address: str) -> bytes | None:
            file = files.get(address.removeprefix(HANDLED))
            return None if file is None else from_base64(file.text or '')

        written = child(element, 'text')
        text = (written.text or '') if written is not None else ''
        match element.get('format', 'html'):
            case 'plain_text':
                return texts.from_plain(text)
            case 'markdown':
                return texts.from_markdown(self._with_pictures(text, list(files), attached))
            case 'html':
                return texts.from_html(text, self._pictures, self._findings.lose, attached)
            case _:
                return texts.from_mixed(text, self._pictures, self._findings.lose, attached)

    def _with_pictures(self, text: str, names: list[str], attached: texts.Attached) -> str:
        """Return Markdown that refers to the pictures that are kept."""
        for name in sorted(names, key=len, reverse=True):
            address = HANDLED + quote(name)
            if address in text:
                kept = self._pictures.keep(name, attached(name) or b'')
                text = text.replace(address, f'{PICTURE}{kept}')
                if kept is None:
                    self._findings.lose('pictures')
        return text

    def _tags(self) -> tuple[str, ...]:
        found = self._element.iterfind('tags/tag')
        return tuple(dict.fromkeys(tag for each in found if (tag := texts.plain(text_at(each, 'text')))))

    def _is(self, tag: str, *, otherwise: bool = False) -> bool:
        word = text_at(self._element, tag).lower()
        return word in {'1', 'true', 'yes'} if word else otherwise

    def _count_lost(self) -> None:
        if child(self._element, 'hint') is not None:
            self._findings.lose('hints')
            if text_at(self._element, 'penalty').strip('0.'):
                self._findings.lose('penalty')


def _credit(answer: Element) -> int:
    return credit_of(answer.get('fraction', '0'))


def _literal(text: str, formatted: Element) -> str:
    return texts.literal(text, is_html=formatted.get('format') not in {'plain_text', 'markdown'})


_TOLERANCES = {'': Tolerance.NOMINAL, '1': Tolerance.RELATIVE, '2': Tolerance.NOMINAL, '3': Tolerance.GEOMETRIC}
_KINDS: dict[str, Callable[[_Reader], Question]] = {
    'multichoice': _Reader.choice,
    'multichoiceset': _Reader.all_or_nothing,
    'truefalse': _Reader.true_or_false,
    'numerical': _Reader.number,
    'shortanswer': _Reader.short_text,
    'essay': _Reader.essay,
    'matching': _Reader.matching,
    'ordering': _Reader.ordering,
}
