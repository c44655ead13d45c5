"""Reads QTI 1.2, as Canvas and many older systems write it."""

from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from services.core.phrases import phrase
from services.core.safe_xml import parsed
from services.quizzes.formats import qti12_dialects, texts, unread_qti12
from services.quizzes.formats.findings import At, Findings, Item, NotTaken, Read, Wrong, quoted
from services.quizzes.formats.keys import check
from services.quizzes.formats.numbers import made_whole, points_of
from services.quizzes.formats.qti12_groups import count_lost, field, items
from services.quizzes.formats.qti12_keys import Rule, bands, rules_of, widest
from services.quizzes.formats.qti12_texts import RESPONSES, Texts, outermost
from services.quizzes.question import WHOLE, CreditRule, NumberAnswer, Option, Pair, Question, QuestionKind, TextAnswer

ROOT = 'questestinterop'
_NOT_TAKEN = {
    'calculated_question': phrase('questions with formulas are not taken over.'),
    'fill_in_multiple_blanks_question': phrase('texts with several gaps are not taken over.'),
    'multiple_dropdowns_question': phrase('texts with several gaps are not taken over.'),
    'file_upload_question': phrase('questions that ask for a file are not taken over.'),
    'text_only_question': phrase('texts without a question are not taken over.'),
}
_SEVERAL = phrase('questions with several answers in one are not taken over.')


def read(content: bytes) -> Read:
    """Return the questions of a file; raises `Wrong`."""
    findings = Findings()
    read_into(findings, content)
    return findings.read()


def read_into(findings: Findings, content: bytes, files: texts.Attached = texts.no_files, *, before: int = 0) -> int:
    """Read the questions of one of several files, after those `before`; returns how many there are then."""
    root = parsed(content)
    if root.tag != ROOT:
        raise Wrong(phrase('This XML has no questions in QTI 1.2 in it.'))
    qti12_dialects.make_plain(root)
    number = before
    for element, category in items(root, ()):
        number += 1
        if findings.is_full(number):
            break
        place = At(number=number, title=element.get('title', ''))
        with findings.at(place):
            findings.items.append(_Reader(element, findings, place, files).item('/'.join(category)))
    count_lost(root, findings)
    return number


@dataclass(frozen=True, slots=True, kw_only=True)
class _Label:
    """Something to choose, as it stands in the file."""

    ident: str
    text: str
    plain: str


class _Reader:
    """Reads one question."""

    def __init__(self, element: Element, findings: Findings, place: At, files: texts.Attached) -> None:
        self._element = element
        self._findings = findings
        self._place = place
        self._texts = Texts(findings, files)
        self._kind = self._meta('question_type') or self._meta('cc_profile')
        self._said = {each.get('ident', ''): each for each in element.iterfind('itemfeedback')}
        self._shown: set[str] = set()
        """names of the feedback that is taken over"""

    def item(self, category: str) -> Item:
        """Return the question; raises `Wrong` and `NotTaken`."""
        if self._kind in _NOT_TAKEN:
            raise NotTaken(_NOT_TAKEN[self._kind])
        presentation = self._element.find('presentation')
        responses = [] if presentation is None else outermost(presentation, RESPONSES)
        if presentation is None or not responses:
            raise NotTaken(_NOT_TAKEN['text_only_question'])
        rules = rules_of(self._element)
        asked = self._rubric(for_learners=True), self._texts.material(presentation)
        question = replace(
            self._answers(responses, rules),
            title=texts.plain(self._place.title),
            text='\n\n'.join(text for text in asked if text),
            graders_note=self._rubric(for_learners=False),
            points=points_of(self._meta('points_possible')),
            feedback=self._feedback('general_fb'),
            feedback_right=self._feedback('correct_fb', 'Correct'),
            feedback_wrong=self._feedback('general_incorrect_fb', 'Incorrect'),
        )
        self._findings.lose_named(unread_qti12.of_item(self._element))
        if set(self._said) - self._shown:
            self._findings.lose('feedback')
        self._findings.warnings += [self._place.said(warning) for warning in check(question)]
        return Item(
            question=question, category=category, number=self._place.number, pictures=dict(self._texts.pictures.kept)
        )

    def _answers(self, responses: list[Element], rules: list[Rule]) -> Question:
        if len(responses) > 1:
            return self._matching(responses, rules)
        (response,) = responses
        if response.tag in {'response_str', 'response_num'}:
            return self._typed(response, rules)
        if response.tag != 'response_lid':
            raise NotTaken(_SEVERAL)
        match response.get('rcardinality', 'Single'):
            case 'Ordered':
                return self._ordering(response, rules)
            case 'Multiple':
                return self._multiple(response, rules)
        return self._single(response, rules)

    def _single(self, response: Element, rules: list[Rule]) -> Question:
        credits: dict[str, int] = {}
        for rule in rules:
            for group in rule.all_of:
                if rule.credit and (len(group) > 1 or group[0].is_not):
                    raise Wrong(phrase('what is right is written in a way that is not known here.'))
                if rule.credit:
                    credits.setdefault(group[0].value, rule.credit)
        labels = self._labels(response, credits)
        options = tuple(self._option(label, credits.get(label.ident, 0), rules) for label in labels)
        is_shuffled = _is_shuffled(response)
        words = [label.plain.casefold() for label in labels]
        if sorted(words) == ['false', 'true']:
            ordered = options if words[0] == 'true' else options[::-1]
            statement = tuple(replace(option, text='') for option in ordered)
            return Question(kind=QuestionKind.TRUE_FALSE, text='', options=statement)
        return Question(kind=QuestionKind.SINGLE_CHOICE, text='', options=options, is_shuffled=is_shuffled)

    def _multiple(self, response: Element, rules: list[Rule]) -> Question:
        """Return a question with several right options, which one rule names together, or several add up."""
        scoring = [rule for rule in rules if rule.credit]
        together = [rule for rule in scoring if any(len(group) > 1 for group in rule.all_of)]
        credits: dict[str, int] = {}
        if together and (len(scoring) > 1 or len(together[0].all_of) > 1):
            raise Wrong(phrase('what is right is written in a way that is not known here.'))
        for rule in scoring:
            for test in rule.tests:
                if not test.is_not:
                    credits[test.value] = credits.get(test.value, 0) + (WHOLE if together else rule.credit)
        labels = self._labels(response, credits)
        amounts = [credits.get(label.ident, 0) for label in labels]
        amounts = amounts if together else made_whole(amounts)
        options = tuple(self._option(label, credit, rules) for label, credit in zip(labels, amounts, strict=True))
        rule_ = CreditRule.ALL_OR_NOTHING if together else CreditRule.OWN_WEIGHTS
        return Question(
            kind=QuestionKind.MULTIPLE_CHOICE,
            text='',
            options=options,
            credit_rule=rule_,
            is_shuffled=_is_shuffled(response),
        )

    def _ordering(self, response: Element, rules: list[Rule]) -> Question:
        labels = {label.ident: label.text for label in self._labels(response, {})}
        orders = [rule.tests for rule in rules if rule.credit]
        if len(orders) > 1 or any(test.is_not for tests in orders for test in tests):
            raise Wrong(phrase('what is right is written in a way that is not known here.'))
        right = [test.value for tests in orders for test in tests]
        if sorted(right) != sorted(labels):
            raise Wrong(phrase('the right order does not name each part once.'))
        return Question(kind=QuestionKind.ORDERING, text='', order=tuple(labels[ident] for ident in right))

    def _matching(self, responses: list[Element], rules: list[Rule]) -> Question:
        if self._kind not in {'matching_question', ''} or any(each.tag != 'response_lid' for each in responses):
            raise NotTaken(_SEVERAL)
        said = {(test.response, test.value) for rule in rules if rule.credit for test in rule.tests if not test.is_not}
        right = dict(said)
        if len(right) < len(said):
            raise Wrong(phrase('what is right is written in a way that is not known here.'))
        pairs: list[Pair] = []
        left_over: dict[str, None] = {}
        for response in responses:
            choices = {label.ident: label.plain for label in self._labels(response, {}, keeps_empty=True)}
            left_over |= dict.fromkeys(choice for choice in choices.values() if choice)
            left, ident = self._texts.material(response), right.get(response.get('ident', ''), '')
            if not left and not choices.get(ident):
                continue
            if ident not in choices:
                raise Wrong(phrase('“{left}” belongs to nothing.', left=quoted(left)))
            pairs.append(Pair(left=left, right=choices[ident]))
        taken = {pair.right for pair in pairs}
        extra = [Pair(right=choice) for choice in left_over if choice not in taken]
        return Question(kind=QuestionKind.MATCHING, text='', pairs=(*pairs, *extra))

    def _typed(self, response: Element, rules: list[Rule]) -> Question:
        if any((each.text or '').strip().casefold() == 'yes' for each in self._element.iter('answer_is_regexp')):
            raise NotTaken(phrase('answers that are patterns are not taken over.'))
        scoring = [rule for rule in rules if rule.credit]
        fib = response.find('.//render_fib')
        kind = '' if fib is None else fib.get('fibtype', '')
        is_number = (
            self._kind == 'numerical_question' or response.tag == 'response_num' or kind in {'Decimal', 'Integer'}
        )
        if is_number:
            return self._number(scoring)
        says_essay = self._kind in {'essay_question', 'cc.essay.v0p1'}
        if says_essay or not (self._kind or any(rule.tests for rule in rules)):
            return Question(kind=QuestionKind.ESSAY, text='')
        if any(len(group) > 1 or group[0].is_not for rule in scoring for group in rule.all_of):
            raise Wrong(phrase('what is right is written in a way that is not known here.'))
        tests = [(test, rule) for rule in scoring for test in rule.tests]
        found = {
            (f'*{test.value}*' if test.kind == 'varsubstring' else test.value): rule.credit for test, rule in tests
        }
        answers = tuple(
            TextAnswer(pattern=pattern, credit=credit, feedback=self._said_of(pattern, rules))
            for pattern, credit in found.items()
        )
        minds_case = bool(tests) and all(test.minds_case for test, _ in tests)
        return Question(kind=QuestionKind.SHORT_TEXT, text='', texts=answers, minds_case=minds_case)

    def _number(self, scoring: list[Rule]) -> Question:
        numbers = []
        for rule in scoring:
            said = self._feedback(*(name for name in rule.feedback if name not in _GENERAL))
            for value, tolerance, has_borders in widest(bands(rule)):
                if not has_borders:
                    self._findings.lose('borders')
                numbers.append(NumberAnswer(value=value, tolerance=tolerance, credit=rule.credit, feedback=said))
        return Question(kind=QuestionKind.NUMERIC, text='', numbers=tuple(numbers))

    def _option(self, label: _Label, credit: int, rules: list[Rule]) -> Option:
        return Option(text=label.text, credit=credit, feedback=self._said_of(label.ident, rules))

    def _said_of(self, value: str, rules: list[Rule]) -> str:
        """Return what is said of one answer."""
        names = [
            name
            for rule in rules
            if [test.value for test in rule.tests if not test.is_not] == [value]
            for name in rule.feedback
            if name not in _GENERAL
        ]
        return self._feedback(*dict.fromkeys(names))

    def _labels(self, response: Element, credits: dict[str, int], *, keeps_empty: bool = False) -> list[_Label]:
        """Return what can be chosen, without what has no text and is not right."""
        found = []
        for each in response.iter('response_label'):
            ident, text = each.get('ident', ''), self._texts.material(each)
            if not text and not credits.get(ident) and not keeps_empty:
                self._findings.lose('empty')
                continue
            found.append(_Label(ident=ident, text=text, plain=self._texts.plain(each)))
        if unknown := set(credits) - {label.ident for label in found}:
            raise Wrong(phrase('“{option}” is right, but none of the options.', option=quoted(unknown.pop())))
        return found

    def _rubric(self, *, for_learners: bool) -> str:
        """Return what stands above a question, or what is for those who grade it."""
        found = [
            each
            for each in self._element.iterfind('rubric')
            if (each.get('view', 'All') in {'All', 'Candidate'}) is for_learners
        ]
        return '\n\n'.join(text for each in found if (text := self._texts.material(each)))

    def _feedback(self, *names: str) -> str:
        self._shown |= set(names)
        found = (self._texts.material(self._said[name]) for name in names if name in self._said)
        return '\n\n'.join(text for text in found if text)

    def _meta(self, label: str) -> str:
        return field(self._element, 'itemmetadata/qtimetadata', label)


_GENERAL = frozenset({'general_fb', 'correct_fb', 'general_incorrect_fb', 'Correct', 'Incorrect'})


def _is_shuffled(response: Element) -> bool:
    choice = response.find('.//render_choice')
    return choice is None or choice.get('shuffle', 'Yes').casefold() == 'yes'
