"""What is right in QTI 1.2: conditions on the answer, each with the score that it gives and what it shows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from xml.etree.ElementTree import Element

from services.core.phrases import phrase
from services.quizzes.formats.findings import Wrong
from services.quizzes.formats.numbers import band, number_of
from services.quizzes.question import WHOLE

_SIGNS = {'set': 1, 'add': 1, 'subtract': -1}
"""what is done with a score that a condition gives"""
_TESTS = frozenset({'varequal', 'varlt', 'varlte', 'vargt', 'vargte', 'varsubstring'})
_NEVER_MET = frozenset({'other', 'unanswered'})
"""conditions that no answer of a learner is named in"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One condition on the answer to one question."""

    response: str
    kind: str
    """`varequal`, `varlt`, `varlte`, `vargt`, `vargte` or `varsubstring`"""
    value: str
    is_not: bool = False
    minds_case: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is worth something, and what is said about it."""

    tests: tuple[Test, ...]
    all_of: tuple[tuple[Test, ...], ...]
    """the tests that have to hold together; where several stand side by side, one of them is enough"""
    credit: int
    feedback: tuple[str, ...] = ()
    """names of what is shown"""


def rules_of(item: Element) -> list[Rule]:
    """Return the rules of a question; raises `Wrong` where they give a score in a way that is not known here."""
    conditions = list(item.iterfind('resprocessing/respcondition'))
    scores = [_score(condition) for condition in conditions]
    scoring = [condition for condition, score in zip(conditions, scores, strict=True) if score > 0]
    if len({name for each in scoring for name in _variables(each)}) > 1:  # which of them is the score?
        raise Wrong(phrase('what is right is written in a way that is not known here.'))
    whole = _maximum(item, scores)
    rules = []
    for condition, score in zip(conditions, scores, strict=True):
        variables = condition.find('conditionvar')
        groups = [] if variables is None else _groups(variables)
        tests = tuple(test for group in groups for test in group)
        if score > 0 and not tests:
            raise Wrong(phrase('what is right is written in a way that is not known here.'))
        rules.append(
            Rule(
                tests=tests,
                all_of=tuple(groups),
                credit=int((score * WHOLE / whole).to_integral_value()) if score else 0,
                feedback=tuple(each.get('linkrefid', '') for each in condition.iterfind('displayfeedback')),
            )
        )
    return rules


def bands(rule: Rule) -> Iterator[tuple[Decimal, Decimal, bool]]:
    """Yield the numbers that a rule takes: each with how far from it an answer may be, and whether borders count."""
    for group in rule.all_of:
        bounds = {test.kind: number_of(test.value) for test in group}
        low = bounds.get('vargte', bounds.get('vargt'))
        high = bounds.get('varlte', bounds.get('varlt'))
        if any(test.is_not for test in group) or (low is None) != (high is None):
            raise Wrong(phrase('a range of numbers has only one end.'))
        if 'varequal' in bounds and low is None:
            yield bounds['varequal'], Decimal(0), True
        elif low is not None and high is not None:
            yield (*band(low, high), not {'vargt', 'varlt'} & set(bounds))


def widest(found: Iterable[tuple[Decimal, Decimal, bool]]) -> list[tuple[Decimal, Decimal, bool]]:
    """Return ranges of numbers without those that are in another one: “10, or 8 to 12” is the latter."""
    kept: list[tuple[Decimal, Decimal, bool]] = []
    for value, tolerance, has_borders in sorted(found, key=lambda each: -each[1]):
        if not any(abs(value - other) + tolerance <= wider for other, wider, _ in kept):
            kept.append((value, tolerance, has_borders))
    return kept


def _variables(condition: Element) -> set[str]:
    return {name for each in condition.iterfind('setvar') if (name := each.get('varname', ''))}


def _score(condition: Element) -> Decimal:
    given = []
    for each in condition.iterfind('setvar'):
        written, action = (each.text or '').strip(), each.get('action', 'Set').casefold()
        if written and action not in _SIGNS:
            raise Wrong(phrase('what is right is written in a way that is not known here.'))
        given += [_SIGNS[action] * number_of(written)] if written else []
    return max(given, default=Decimal(0))


def _maximum(item: Element, scores: list[Decimal]) -> Decimal:
    """Return what score is all the credit: what the question says, or else the best that a rule gives."""
    best = max(scores, default=Decimal(0))
    declared = item.find('resprocessing/outcomes/decvar')
    said = '' if declared is None else declared.get('maxvalue', '')
    return max(number_of(said) if said else Decimal(0), best) or Decimal(1)


def _groups(element: Element) -> list[tuple[Test, ...]]:
    """Return the tests that are enough, each with those that have to hold beside it."""
    found: list[tuple[Test, ...]] = []
    together: list[Test] = []
    for child in element:
        if child.tag == 'or':
            found += _groups(child)
        elif child.tag in {'and', 'not'}:
            found.append(tuple(_flat(child)))
        elif child.tag.startswith('var'):
            together.append(_test(child))
        elif child.tag not in _NEVER_MET:
            raise Wrong(phrase('what is right is written in a way that is not known here.'))
    if any(test.kind not in {'varequal', 'varsubstring'} for test in together):
        return [*found, tuple(together)]
    return [*found, *((test,) for test in together)]


def _flat(element: Element) -> Iterator[Test]:
    """Yield the tests that have to hold together."""
    for child in element if element.tag == 'and' else [element]:
        negated = child.tag == 'not'
        inner = list(child) if negated else [child]
        for each in inner:
            if negated and each.tag == 'or':
                inner += list(each)  # none of them
            elif each.tag.startswith('var'):
                yield _test(each, is_not=negated)
            elif each.tag not in _NEVER_MET:
                raise Wrong(phrase('what is right is written in a way that is not known here.'))


def _test(element: Element, *, is_not: bool = False) -> Test:
    if element.tag not in _TESTS:
        raise Wrong(phrase('what is right is written in a way that is not known here.'))
    return Test(
        response=element.get('respident', ''),
        kind=element.tag,
        value=(element.text or '').strip(),
        is_not=is_not,
        minds_case=element.get('case', 'No').casefold() == 'yes',
    )
