"""Reads QTI 2.1, 2.2 and 3.0, of which each question is a file of its own.

3.0 has the same elements as 2 under other names, so that its names are put back first. What is right is what the
question declares; rules of its own beyond that are not followed, apart from tolerances of numbers.
"""

from collections.abc import Callable
from dataclasses import replace
from xml.etree.ElementTree import Element

from services.core.phrases import phrase
from services.core.safe_xml import child, inner_html, parsed
from services.quizzes.formats import texts, unread_qti2
from services.quizzes.formats.findings import At, Findings, Item, NotTaken, Read, Wrong, quoted
from services.quizzes.formats.keys import check
from services.quizzes.formats.numbers import made_whole, points_of
from services.quizzes.formats.pictures import Pictures
from services.quizzes.formats.qti2_keys import Key, numbers_of
from services.quizzes.question import CreditRule, NumberAnswer, Option, Pair, Question, QuestionKind, TextAnswer

ROOTS = frozenset({'assessmentItem', 'qti-assessment-item'})
GAP = '_____'
GENERAL, RIGHT, PARTLY, WRONG = 'general', 'right', 'partly', 'wrong'
"""names of what is said of an answer, as `qti3_writing` writes them"""
_OF_QUESTION = frozenset({GENERAL, RIGHT, PARTLY, WRONG, 'correct', 'incorrect'})


def read(content: bytes) -> Read:
    """Return the question of a file; raises `Wrong`."""
    findings = Findings()
    read_into(findings, content)
    return findings.read()


def read_into(findings: Findings, content: bytes, files: texts.Attached = texts.no_files, *, before: int = 0) -> int:
    """Read the question of one of several files, after those `before`; returns how many there are then."""
    root = parsed(content)
    _put_names_back(root)
    if root.tag != 'assessmentItem':
        raise Wrong(phrase('This XML is no question in QTI 2 or 3.'))
    place = At(number=before + 1, title=root.get('title', ''))
    if not findings.is_full(place.number):
        with findings.at(place):
            findings.items.append(_Reader(root, findings, place, files).item())
    return place.number


def _put_names_back(root: Element) -> None:
    """Give the elements of 3.0 the names that they have in 2."""
    for element in root.iter():
        if element.tag.startswith('qti-'):
            element.tag = _camel(element.tag.removeprefix('qti-'))
            element.attrib.update({_camel(name): value for name, value in element.attrib.items()})


def _camel(name: str) -> str:
    first, *rest = name.split('-')
    return first + ''.join(part.capitalize() for part in rest)


class _Reader:
    """Reads one question."""

    def __init__(self, root: Element, findings: Findings, place: At, files: texts.Attached) -> None:
        self._root = root
        self._findings = findings
        self._place = place
        self._files = files
        self._pictures = Pictures()
        self._shown: set[str | None] = set()
        """names of the feedback that is taken over"""

    def item(self) -> Item:
        """Return the question; raises `Wrong` and `NotTaken`."""
        if child(self._root, 'templateDeclaration') is not None:
            raise NotTaken(phrase('questions whose numbers are drawn anew each time are not taken over.'))
        body = child(self._root, 'itemBody')
        found = [] if body is None else [each for each in body.iter() if each.tag.endswith('Interaction')]
        if body is None or not found:
            raise NotTaken(phrase('texts without a question are not taken over.'))
        if len(found) > 1:
            raise NotTaken(phrase('questions with several answers in one are not taken over.'))
        (interaction,) = found
        if interaction.tag not in _KINDS:
            kind = quoted(interaction.tag.removesuffix('Interaction'))
            raise NotTaken(phrase('questions of the kind “{kind}” are not taken over.', kind=kind))
        unread = unread_qti2.of_item(self._root)  # reading takes the interaction out of its text
        key = Key(self._root, interaction.get('responseIdentifier', ''))
        note = self._take_note(body)
        self._drop_conditional(body, interaction)
        if key.is_more_than_right(self._root):
            self._findings.lose('processing')
        question = _KINDS[interaction.tag](self, interaction, key)
        stimulus = self._stimulus()
        question = replace(
            question,
            title=texts.plain(self._place.title),
            text='\n\n'.join(text for text in (stimulus, self._asked(body, interaction)) if text),
            points=points_of(self._points()),
            feedback=self._feedback(GENERAL),
            feedback_right=self._feedback(RIGHT, 'correct'),
            feedback_partly=self._feedback(PARTLY),
            feedback_wrong=self._feedback(WRONG, 'incorrect'),
            graders_note='\n\n'.join(text for text in (note, question.graders_note) if text),
        )
        for each in self._root.iterfind('modalFeedback'):
            if each.get('identifier') not in self._shown:
                self._findings.lose('feedback')
        takes_rest = question.kind is QuestionKind.MULTIPLE_CHOICE and key.adds_up
        self._findings.lose_named(each for each in unread if not (takes_rest and each == 'defaultValue'))
        self._findings.warnings += [self._place.said(warning) for warning in check(question)]
        return Item(question=question, number=self._place.number, pictures=dict(self._pictures.kept))

    def choice(self, interaction: Element, key: Key) -> Question:
        """Return a question with one or several right options."""
        choices = list(interaction.iterfind('simpleChoice'))
        names = [each.get('identifier', '') for each in choices]
        key.check(names)
        is_single = key.cardinality == 'single'
        credits = [key.credit(name) if is_single else key.share(name) for name in names]
        options = tuple(
            self._option(each, credit)
            for each, credit in zip(choices, made_whole(credits) if key.adds_up else credits, strict=True)
        )
        words = [option.text.casefold() for option in options]
        if is_single and sorted(words) == ['false', 'true']:
            ordered = options if words[0] == 'true' else options[::-1]
            return Question(
                kind=QuestionKind.TRUE_FALSE, text='', options=tuple(replace(each, text='') for each in ordered)
            )
        several = CreditRule.OWN_WEIGHTS if key.adds_up else CreditRule.ALL_OR_NOTHING
        return Question(
            kind=QuestionKind.SINGLE_CHOICE if is_single else QuestionKind.MULTIPLE_CHOICE,
            text='',
            options=options,
            credit_rule=CreditRule.GUESS_NEUTRAL if is_single else several,
            is_shuffled=_is_shuffled(interaction),
        )

    def _option(self, choice: Element, credit: int) -> Option:
        """Return an option, with what is said inside of it about those who choose it."""
        name = choice.get('identifier', '')
        said = '' if name in _OF_QUESTION else self._feedback(name)
        for inline in [each for each in choice if each.tag in {'feedbackInline', 'feedbackBlock'}]:
            if inline.get('identifier') == name:
                said = '\n\n'.join(text for text in (self._html(inline), said) if text)
            else:
                self._findings.lose('feedback')
            _remove(choice, inline)
        return Option(text=self._html(choice), credit=credit, feedback=said)

    def text_entry(self, _: Element, key: Key) -> Question:
        """Return a question that asks for a number or a word or two."""
        if key.base in {'float', 'integer'}:
            numbers = tuple(
                NumberAnswer(value=value, tolerance=tolerance, credit=credit)
                for value, tolerance, credit in numbers_of(self._root, key)
            )
            return Question(kind=QuestionKind.NUMERIC, text='', numbers=numbers)
        found = tuple(TextAnswer(pattern=value, credit=key.credit(value)) for value in key.values if value)
        return Question(kind=QuestionKind.SHORT_TEXT, text='', texts=found, minds_case=key.minds_case)

    def essay(self, _: Element, key: Key) -> Question:
        """Return a question that asks for an essay; a model answer is for those who grade."""
        model = texts.from_plain('\n\n'.join(key.correct))
        return Question(kind=QuestionKind.ESSAY, text='', graders_note=model)

    def ordering(self, interaction: Element, key: Key) -> Question:
        """Return a question that asks for an order."""
        parts = {each.get('identifier', ''): self._html(each) for each in interaction.iterfind('simpleChoice')}
        if sorted(key.correct) != sorted(parts):
            raise Wrong(phrase('the right order does not name each part once.'))
        order = tuple(parts[name] for name in key.correct)
        return Question(kind=QuestionKind.ORDERING, text='', order=order)

    def matching(self, interaction: Element, key: Key) -> Question:
        """Return a question that asks what belongs together."""
        sides = [list(each) for each in interaction.iterfind('simpleMatchSet')]
        if len(sides) != 2:
            raise Wrong(phrase('there have to be two sides whose parts belong together.'))
        left = {each.get('identifier', ''): self._html(each) for each in sides[0]}
        right = {each.get('identifier', ''): texts.plain(inner_html(each)) for each in sides[1]}
        belongs = [(names[0], names[-1]) for pair in key.correct or key.values if (names := pair.split())]
        if len({name for name, _ in belongs}) < len(belongs):
            raise NotTaken(phrase('questions in which something belongs to several others are not taken over.'))
        if sorted(name for name, _ in belongs) != sorted(left) or not {name for _, name in belongs} <= set(right):
            raise Wrong(phrase('what belongs together does not name each part of the first side once.'))
        pairs = [Pair(left=left[one], right=right[other]) for one, other in belongs]
        extra = [Pair(right=text) for name, text in right.items() if name not in {other for _, other in belongs}]
        return Question(
            kind=QuestionKind.MATCHING, text='', pairs=(*pairs, *extra), is_shuffled=_is_shuffled(interaction)
        )

    def _asked(self, body: Element, interaction: Element) -> str:
        """Return the text around an interaction, with the question in it, and a gap where a word is to be entered."""
        prompt = child(interaction, 'prompt')
        said = inner_html(prompt) if prompt is not None else ''
        tail = interaction.tail
        interaction.clear()
        interaction.tail = tail
        if interaction.tag == 'textEntryInteraction':
            interaction.tag, interaction.text = 'span', GAP
        else:
            interaction.tag = 'div'
        around = self._html(body)
        question = self._written(said)
        around = around.removesuffix(f'\n\n{texts.from_plain(GAP)}')  # alone at the end, it says nothing
        return '\n\n'.join(text for text in (around, question) if text)

    def _take_note(self, body: Element) -> str:
        """Take what is not for learners out of a text, and return it for those who grade."""
        notes = []
        for parent in list(body.iter()):
            for block in [each for each in parent if each.tag == 'rubricBlock']:
                if 'candidate' not in block.get('view', 'candidate').split():
                    notes.append(self._html(block))
                    _remove(parent, block)
        return '\n\n'.join(notes)

    def _drop_conditional(self, body: Element, interaction: Element) -> None:
        """Take out of a text what is shown only after some answers: before them, it would give away the key."""
        inside = set(interaction.iter('simpleChoice'))
        for parent in list(body.iter()):
            if parent not in inside:
                for block in [each for each in parent if each.tag in {'feedbackBlock', 'feedbackInline'}]:
                    self._findings.lose('feedback')
                    _remove(parent, block)

    def _stimulus(self) -> str:
        """Return the text beside the question that it refers to, if that came along."""
        found = []
        for each in self._root.iterfind('assessmentStimulusRef'):
            if (content := self._files(each.get('href', ''))) is None:
                self._findings.lose('beside')
                continue
            beside = parsed(content)
            _put_names_back(beside)
            body = child(beside, 'stimulusBody')
            found.append('' if body is None else self._html(body))
        return '\n\n'.join(text for text in found if text)

    def _feedback(self, *names: str) -> str:
        found = [each for each in self._root.iterfind('modalFeedback') if each.get('identifier') in names]
        self._shown |= {each.get('identifier') for each in found}
        return '\n\n'.join(self._html(each) for each in found)

    def _points(self) -> str:
        declared = {each.get('identifier'): each for each in self._root.iterfind('outcomeDeclaration')}
        most, score = declared.get('MAXSCORE'), declared.get('SCORE')
        said = '' if most is None else most.findtext('defaultValue/value') or ''
        return said or ('' if score is None else score.get('normalMaximum', ''))

    def _html(self, element: Element) -> str:
        for each in element.iter('object'):
            each.tag, each.attrib = 'img', {'src': each.get('data', ''), 'alt': each.text or ''}
            each.text = None
        return self._written(inner_html(element))

    def _written(self, written: str) -> str:
        return texts.from_html(written, self._pictures, self._findings.lose, self._files).strip()


def _remove(parent: Element, inner: Element) -> None:
    """Remove an element; the text after it stays."""
    place = list(parent).index(inner)
    if place:
        parent[place - 1].tail = (parent[place - 1].tail or '') + (inner.tail or '')
    else:
        parent.text = (parent.text or '') + (inner.tail or '')
    parent.remove(inner)


def _is_shuffled(interaction: Element) -> bool:
    return interaction.get('shuffle', 'false').lower() in {'true', '1'}


_KINDS: dict[str, Callable[[_Reader, Element, Key], Question]] = {
    'choiceInteraction': _Reader.choice,
    'textEntryInteraction': _Reader.text_entry,
    'extendedTextInteraction': _Reader.essay,
    'orderInteraction': _Reader.ordering,
    'matchInteraction': _Reader.matching,
}
