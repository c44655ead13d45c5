"""What is right in QTI 2 and 3: the declared answer, the score that each part of it gives, tolerances of numbers."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from xml.etree.ElementTree import Element

from services.core.phrases import phrase
from services.quizzes.formats.findings import Wrong, quoted
from services.quizzes.formats.numbers import band, number_of
from services.quizzes.question import WHOLE


class Key:
    """The declaration of what is right as an answer to one interaction."""

    def __init__(self, root: Element, response: str) -> None:
        found = [each for each in root.iterfind('responseDeclaration') if each.get('identifier') == response]
        declared = found[0] if found else Element('responseDeclaration')
        self.response = response
        self.cardinality = declared.get('cardinality', 'single')
        self.base = declared.get('baseType', '')
        self.correct = [(value.text or '').strip() for value in declared.iterfind('correctResponse/value')]
        entries = list(declared.iterfind('mapping/mapEntry'))
        self._mapped = {entry.get('mapKey', '').strip(): number_of(entry.get('mappedValue', '0')) for entry in entries}
        mapping = declared.find('mapping')
        most = '' if mapping is None else mapping.get('upperBound', '')
        other = '' if mapping is None else mapping.get('defaultValue', '')
        self._other = number_of(other) if other.strip() else Decimal(0)
        """what an answer gives that the mapping does not name"""
        self._most = number_of(most) if most.strip() else Decimal(0)
        """what an answer gets at most; 0 without a limit"""
        processing = root.find('responseProcessing')
        template = '' if processing is None else processing.get('template', '')
        self._is_known_template = not template or any(name in template for name in _TEMPLATES)
        self.adds_up = bool(entries) and ('map_response' in template or not self.correct or _maps(root))
        """whether the parts of an answer give a score each"""
        self.minds_case = not entries or all(entry.get('caseSensitive') != 'false' for entry in entries)
        self.values = list(dict.fromkeys([*self.correct, *self._mapped]))

    def check(self, names: Sequence[str]) -> None:
        """Raise `Wrong` where something is right that cannot be chosen."""
        if unknown := [value for value in self.values if value not in names]:
            raise Wrong(phrase('“{option}” is right, but none of the options.', option=quoted(unknown[0])))

    def is_more_than_right(self, root: Element) -> bool:
        """Tell whether a question gives scores in a way that is not taken over, beside its numbers."""
        if not self._is_known_template:
            return True
        if self.base in {'float', 'integer'}:
            return False
        if self.base == 'directedPair' and self.adds_up and len(set(self._mapped.values())) > 1:
            return True
        return any(map(_is_own_way, root.iter()))

    def credit(self, value: str) -> int:
        """Return the credit for one answer, of which only one is given."""
        if not self.adds_up:
            return WHOLE if value in self.correct else 0
        given = self._mapped.get(value, max(self._other, Decimal(0)))
        return _share(given, self._capped(max(*self._mapped.values(), self._other)))

    def share(self, value: str) -> int:
        """Return the credit for one of several answers that are given together."""
        if not self.adds_up:
            return WHOLE if value in self.correct else 0
        best = sum((score for score in self._mapped.values() if score > 0), Decimal(0))
        return _share(self._mapped.get(value, self._other), self._capped(best))

    def _capped(self, best: Decimal) -> Decimal:
        return min(best, self._most) if self._most > 0 else best


def numbers_of(root: Element, key: Key) -> Iterator[tuple[Decimal, Decimal, int]]:
    """Yield the numbers that are right, with how far from each an answer may be and what it is worth."""
    rules = list(_number_rules(root, key))
    best = max((score for _, _, score in rules), default=Decimal(1))
    for value, tolerance, score in rules:
        yield value, tolerance, _share(score, best)
    if not rules:
        for written in key.values:
            yield number_of(written), Decimal(0), key.credit(written)


def _number_rules(root: Element, key: Key) -> Iterator[tuple[Decimal, Decimal, Decimal]]:
    """Yield the numbers that conditions compare an answer with; raises `Wrong` where one compares in another way."""
    for branch in root.iter():
        if branch.tag not in {'responseIf', 'responseElseIf'}:
            continue
        given = [each for each in branch.iterfind('setOutcomeValue') if each.get('identifier') == 'SCORE']
        compared = branch.find('equal/variable')
        is_about_it = compared is not None and compared.get('identifier') == key.response
        if not (given or is_about_it) or any(True for each in given for _ in each.iter('mapResponse')):
            continue
        scores = [number_of(each.text or '') for outcome in given for each in outcome.iter('baseValue')]
        score = scores[0] if scores else Decimal(1)
        if score > 0 and branch.find('match/correct') is None:
            yield (*_compared(branch, key), score)


def _compared(branch: Element, key: Key) -> tuple[Decimal, Decimal]:
    """Return what a condition takes: one number with its tolerance, or all between two."""
    tests = [each for each in (branch[0] if branch[0].tag == 'and' else [branch[0]]) if not _is_given(each)]
    kinds = sorted(each.tag for each in tests)
    of_answer = [(each[:1] or [each])[0].get('identifier') == key.response for each in tests]
    if kinds and all(of_answer) and kinds == ['equal']:
        written = tests[0].findtext('baseValue')
        correct = key.correct[0] if key.correct else ''
        return _around(number_of(written if written is not None else correct), tests[0])
    if all(of_answer) and kinds in (['gte', 'lte'], ['gt', 'lt']):
        low, high = (number_of(test.findtext('baseValue') or '') for test in sorted(tests, key=lambda each: each.tag))
        return band(low, high)
    raise Wrong(phrase('what is right is written in a way that is not known here.'))


def _is_given(element: Element) -> bool:
    """Tell whether a condition only says that something was answered."""
    return element.tag == 'not' and element.find('isNull') is not None


def _around(value: Decimal, equal: Element) -> tuple[Decimal, Decimal]:
    """Return the middle of what a comparison takes, and how far from it an answer may be."""
    mode = equal.get('toleranceMode', 'exact')
    if mode == 'exact':
        return value, Decimal(0)
    below, *above = [number_of(each) for each in equal.get('tolerance', '0').split()] or [Decimal(0)]
    over = above[0] if above else below
    if mode == 'relative':
        below, over = abs(value) * below / 100, abs(value) * over / 100
    return band(value - below, value + over)


def _is_own_way(element: Element) -> bool:
    """Tell whether a part of the rules gives a score for something else than the declared answer."""
    given = [each for each in element.iterfind('setOutcomeValue') if each.get('identifier') == 'SCORE']
    if element.tag in {'responseIf', 'responseElseIf'} and element.find('match/correct') is None:
        return any(number_of(each.findtext('baseValue') or '0') > 0 for each in given)
    return any(each.tag not in _PLAIN_SCORES for one in given for each in one.iter() if each is not one)


_TEMPLATES = 'match_correct', 'map_response', 'CC2_match'
_PLAIN_SCORES = frozenset({'baseValue', 'mapResponse', 'sum', 'variable'})


def _maps(root: Element) -> bool:
    """Return whether rules of a question use its mapping."""
    return any(each.tag == 'mapResponse' for each in root.iter())


def _share(score: Decimal, best: Decimal) -> int:
    """Return a score as credit; it never gives more, or takes away more, than there is."""
    if best <= 0:
        return 0
    return min(WHOLE, max(-WHOLE, int((score * WHOLE / best).to_integral_value())))
