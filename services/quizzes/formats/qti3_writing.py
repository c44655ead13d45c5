"""Writes QTI 3.0: a package with a file for each question and one that lists them; what QTI cannot say is listed."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from io import BytesIO
from xml.etree.ElementTree import Element, SubElement, tostring
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from services.core.phrases import phrase
from services.core.safe_xml import parsed
from services.quizzes.formats import qti2, texts
from services.quizzes.formats.findings import PICTURE, Item, NotTaken, Written, quoted
from services.quizzes.formats.qti3_processing import process
from services.quizzes.formats.writing import Losses, as_nominal, as_weights, cannot_say, number_text, xml_text
from services.quizzes.question import WHOLE, CreditRule, Option, Question, QuestionKind

SPACE = 'http://www.imsglobal.org/xsd/imsqtiasi_v3p0'
MANIFEST = 'http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1'
_MODE = 0o644 << 16


def write(items: Sequence[Item]) -> Written:
    """Return questions as a package, and what is lost on the way."""
    losses = Losses()
    files: dict[str, bytes] = {}
    for number, item in enumerate(items, start=1):
        folder = f'items/q{number:04}'
        try:
            root = _Writer(item, folder).root()
        except NotTaken as reason:
            losses.leave_out(item, reason)
            continue
        files[f'{folder}.xml'] = _file(root)
        files |= {f'{folder}/{name}': content for name, content in item.pictures.items()}
        _count(losses, item)
    made = BytesIO()
    with ZipFile(made, 'w', ZIP_DEFLATED) as archive:
        for name, content in {'imsmanifest.xml': _manifest(files), **files}.items():
            entry = ZipInfo(name)
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, _MODE
            archive.writestr(entry, content)
    return Written(content=made.getvalue(), left_out=losses.said())


def _manifest(files: dict[str, bytes]) -> bytes:
    """Return the table of contents of a package."""
    root = Element('manifest', {'xmlns': MANIFEST, 'identifier': 'waymark'})
    metadata = SubElement(root, 'metadata')
    SubElement(metadata, 'schema').text = 'QTI Package'
    SubElement(metadata, 'schemaversion').text = '3.0.0'
    SubElement(root, 'organizations')
    resources = SubElement(root, 'resources')
    for name in files:
        if name.endswith('.xml'):
            folder = name.removesuffix('.xml')
            facts = {'identifier': folder.rpartition('/')[2], 'type': 'imsqti_item_xmlv3p0', 'href': name}
            resource = SubElement(resources, 'resource', facts)
            for each in files:
                if each == name or each.startswith(f'{folder}/'):
                    SubElement(resource, 'file', href=each)
    return _file(root)


def _file(root: Element) -> bytes:
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding='unicode').encode()


class _Writer:
    """Writes one question."""

    def __init__(self, item: Item, folder: str) -> None:
        self._item = item
        self._question = item.question
        self._pictures = f'{folder.rpartition("/")[2]}/'
        self._key: list[str] = []
        self._scores: dict[str, Decimal] = {}

    def root(self) -> Element:
        """Return the file; raises `NotTaken`."""
        question = self._question
        cardinality, base, write = _KINDS[question.kind]
        root = Element(
            'qti-assessment-item',
            {
                'xmlns': SPACE,
                'identifier': self._pictures.rstrip('/'),
                'title': xml_text(question.title or quoted(question.text)),
                'adaptive': 'false',
                'time-dependent': 'false',
            },
        )
        facts = {'identifier': 'RESPONSE', 'cardinality': cardinality, 'base-type': base}
        declared = SubElement(root, 'qti-response-declaration', facts)
        self._outcomes(root)
        body = SubElement(root, 'qti-item-body')
        self._html(SubElement(body, 'div'), question.text)
        write(self, body)
        if question.graders_note:
            block = SubElement(body, 'qti-rubric-block', use='scoring', view='scorer')
            self._html(SubElement(block, 'qti-content-body'), question.graders_note)
        self._declare(declared)
        process(root, question)
        for name, text in _said(question).items():
            facts = {'outcome-identifier': 'FEEDBACK', 'identifier': name, 'show-hide': 'show'}
            self._html(SubElement(SubElement(root, 'qti-modal-feedback', facts), 'qti-content-body'), text)
        return root

    def choices(self, body: Element) -> None:
        """Write the options."""
        question = self._question
        is_single = question.kind is not QuestionKind.MULTIPLE_CHOICE
        options = question.options if _is_all_or_nothing(question) else as_weights(question)
        if is_single and max(option.credit for option in options) < WHOLE:
            raise cannot_say(phrase('a single choice in which no option is all right'))
        interaction = self._interaction(body, 'choice', {'max-choices': '1' if is_single else '0'})
        words = ('True', 'False') if question.kind is QuestionKind.TRUE_FALSE else ()
        for number, option in enumerate(options, start=1):
            name = words[number - 1].lower() if words else f'choice_{number}'
            choice = SubElement(interaction, 'qti-simple-choice', identifier=name)
            self._html(choice, words[number - 1] if words else option.text)
            self._option_feedback(choice, name, option)
            self._score(name, option.credit)

    def _option_feedback(self, choice: Element, name: str, option: Option) -> None:
        if option.feedback:
            facts = {'outcome-identifier': 'CHOSEN', 'identifier': name, 'show-hide': 'show'}
            block = SubElement(choice, 'qti-feedback-block', facts)
            self._html(SubElement(block, 'qti-content-body'), option.feedback)

    def words(self, body: Element) -> None:
        """Write the texts that are right."""
        if any('*' in text.pattern for text in self._question.texts):
            raise cannot_say(phrase('that “*” stands for any letters'))
        self._interaction(SubElement(body, 'p'), 'text-entry', {})
        for text in self._question.texts:
            self._score(xml_text(text.pattern), text.credit)

    def numbers(self, body: Element) -> None:
        """Write the numbers that are right."""
        if any(number.is_any and number.credit for number in self._question.numbers):
            raise cannot_say(phrase('that every number is worth something'))
        self._interaction(SubElement(body, 'p'), 'text-entry', {})
        best = max(self._question.numbers, key=lambda number: number.credit)
        self._key = [number_text(as_nominal(best).value)]

    def essay(self, body: Element) -> None:
        """Write where the essay is written."""
        self._interaction(body, 'extended-text', {})

    def pairs(self, body: Element) -> None:
        """Write what belongs together."""
        lefts = [pair for pair in self._question.pairs if pair.left]
        rights = list(dict.fromkeys(pair.right for pair in self._question.pairs))
        interaction = self._interaction(body, 'match', {'max-associations': str(len(lefts))})
        first, second = (SubElement(interaction, 'qti-simple-match-set') for _ in range(2))
        for number, pair in enumerate(lefts, start=1):
            facts = {'identifier': f'left_{number}', 'match-max': '1'}
            self._html(SubElement(first, 'qti-simple-associable-choice', facts), pair.left)
            self._score(f'left_{number} right_{rights.index(pair.right) + 1}', WHOLE // len(lefts))
        for number, right in enumerate(rights, start=1):
            facts = {'identifier': f'right_{number}', 'match-max': '0'}
            SubElement(second, 'qti-simple-associable-choice', facts).text = xml_text(right)

    def order(self, body: Element) -> None:
        """Write the parts in their order, which other programs shuffle."""
        interaction = self._interaction(body, 'order', {'shuffle': 'true'})
        for number, part in enumerate(self._question.order, start=1):
            self._html(SubElement(interaction, 'qti-simple-choice', identifier=f'part_{number}'), part)
            self._key.append(f'part_{number}')

    def _interaction(self, body: Element, kind: str, facts: dict[str, str]) -> Element:
        shuffle = {'shuffle': str(self._question.is_shuffled).lower()} if kind in {'choice', 'match'} else {}
        return SubElement(body, f'qti-{kind}-interaction', {'response-identifier': 'RESPONSE', **shuffle, **facts})

    def _score(self, name: str, credit: int) -> None:
        if credit > 0:
            self._key.append(name)
        if credit and name not in self._scores:
            self._scores[name] = (self._question.points or Decimal(1)) * credit / WHOLE

    def _declare(self, declared: Element) -> None:
        """Declare what is right, and what each part of it is worth."""
        key = self._key if declared.get('cardinality') != 'single' else self._key[:1]
        if key:
            correct = SubElement(declared, 'qti-correct-response')
            for value in key:
                SubElement(correct, 'qti-value').text = value
        if self._scores and not _is_all_or_nothing(self._question):
            facts = {'lower-bound': '0', 'upper-bound': number_text(self._question.points), 'default-value': '0'}
            mapping = SubElement(declared, 'qti-mapping', facts)
            minds_case = {'case-sensitive': str(self._question.minds_case).lower()} if self._question.texts else {}
            for name, score in self._scores.items():
                SubElement(
                    mapping, 'qti-map-entry', {'map-key': name, 'mapped-value': number_text(score), **minds_case}
                )

    def _outcomes(self, root: Element) -> None:
        points = number_text(self._question.points)
        for name, value in (('SCORE', '0'), ('MAXSCORE', points)):
            facts = {'identifier': name, 'cardinality': 'single', 'base-type': 'float'}
            outcome = SubElement(root, 'qti-outcome-declaration', facts)
            SubElement(SubElement(outcome, 'qti-default-value'), 'qti-value').text = value
        kinds = {'FEEDBACK': _said(self._question), 'CHOSEN': any(each.feedback for each in self._question.options)}
        for name, is_there in kinds.items():
            if is_there:
                facts = {'identifier': name, 'cardinality': 'multiple', 'base-type': 'identifier'}
                SubElement(root, 'qti-outcome-declaration', facts)

    def _html(self, element: Element, markdown: str) -> None:
        """Put Markdown into an element as HTML, with the addresses of pictures beside the file."""
        written = texts.to_html(markdown)
        inside = parsed(f'<div>{xml_text(written)}</div>'.encode())
        for image in inside.iter('img'):
            address = image.get('src', '')
            if address.startswith(PICTURE):
                image.set('src', self._pictures + address.removeprefix(PICTURE))
        element.text = inside.text
        element.extend(inside)


def _said(question: Question) -> dict[str, str]:
    """Return what is said of an answer, by the name that it has in the file."""
    said = {
        qti2.GENERAL: question.feedback,
        qti2.RIGHT: question.feedback_right,
        qti2.PARTLY: question.feedback_partly,
        qti2.WRONG: question.feedback_wrong,
    }
    return {name: text for name, text in said.items() if text}


def _is_all_or_nothing(question: Question) -> bool:
    return question.kind is QuestionKind.MULTIPLE_CHOICE and question.credit_rule is CreditRule.ALL_OR_NOTHING


def _count(losses: Losses, item: Item) -> None:
    question = item.question
    losses.count(
        rubric=bool(question.rubric),
        answer_feedback=any(each.feedback for each in question.numbers)
        or any(each.feedback for each in question.texts),
        spelling=bool(question.texts) and (question.forgives_typos or not question.minds_accents),
        tags=bool(question.tags),
        category=bool(item.category),
    )


_KINDS: dict[QuestionKind, tuple[str, str, Callable[[_Writer, Element], None]]] = {
    QuestionKind.SINGLE_CHOICE: ('single', 'identifier', _Writer.choices),
    QuestionKind.MULTIPLE_CHOICE: ('multiple', 'identifier', _Writer.choices),
    QuestionKind.TRUE_FALSE: ('single', 'identifier', _Writer.choices),
    QuestionKind.NUMERIC: ('single', 'float', _Writer.numbers),
    QuestionKind.SHORT_TEXT: ('single', 'string', _Writer.words),
    QuestionKind.ESSAY: ('single', 'string', _Writer.essay),
    QuestionKind.MATCHING: ('multiple', 'directedPair', _Writer.pairs),
    QuestionKind.ORDERING: ('ordered', 'identifier', _Writer.order),
}
