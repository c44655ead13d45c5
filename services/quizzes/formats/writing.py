"""What writers of all formats need: what is lost on the way, and rules and tolerances as other programs know them."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, localcontext

from services.core.phrases import Phrase, phrase, plural
from services.quizzes.formats.findings import At, Item, NotTaken, bounded
from services.quizzes.formats.numbers import percent_of
from services.quizzes.question import WHOLE, CreditRule, NumberAnswer, Option, Question, QuestionKind, Tolerance

_NO_XML = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]')
_MOODLE_SHARES = ('83.33333', '66.66667', '33.33333', '16.66667', '14.28571', '11.11111')
"""fractions as Moodle writes them, and wants them written"""


class Losses:
    """Notes what a format cannot say of questions."""

    def __init__(self) -> None:
        self._said: list[Phrase] = []
        self._counted: Counter[str] = Counter()

    def leave_out(self, item: Item, reason: NotTaken) -> None:
        """Note that a question is not written at all."""
        question = item.question
        self._said.append(At(number=item.number, title=question.title or question.text).said(reason.sentence))

    def count(self, **lost: bool) -> None:
        """Count each thing that is lost of a question, a key of `_LOST`."""
        self._counted.update(name for name, is_lost in lost.items() if is_lost)

    def said(self) -> tuple[Phrase, ...]:
        """Return all of it."""
        return bounded([*(_LOST[name](count) for name, count in self._counted.items()), *self._said])


def cannot_say(kind: Phrase) -> NotTaken:
    """Return why a question is not written."""
    return NotTaken(phrase('this format cannot say {what}.', what=kind))


def as_weights(question: Question) -> tuple[Option, ...]:
    """Return options with the credit that gives what the rule of a question gives, where a format knows weights only.

    “All or nothing” cannot be said with weights; it becomes the rule that never pays for ticking everything.
    """
    options = question.options
    if question.kind is not QuestionKind.MULTIPLE_CHOICE or question.credit_rule is CreditRule.OWN_WEIGHTS:
        return options
    right = sum(option.credit > 0 for option in options)
    wrong = right if question.credit_rule is CreditRule.RIGHT_MINUS_WRONG else max(len(options) - right, 2)
    shares = iter(WHOLE // right + (place < WHOLE % right) for place in range(right))
    return tuple(replace(option, credit=next(shares) if option.credit > 0 else -(WHOLE // wrong)) for option in options)


def as_nominal(number: NumberAnswer) -> NumberAnswer:
    """Return a number with its tolerance as a distance, where a format knows no other."""
    if number.tolerance_kind is Tolerance.NOMINAL or number.is_any:
        return number
    with localcontext(prec=40):
        if number.tolerance_kind is Tolerance.RELATIVE:
            return replace(number, tolerance=abs(number.value) * number.tolerance, tolerance_kind=Tolerance.NOMINAL)
        ends = sorted((number.value / (1 + number.tolerance), number.value * (1 + number.tolerance)))
        middle, tolerance = (ends[0] + ends[1]) / 2, (ends[1] - ends[0]) / 2
    return replace(number, value=+middle, tolerance=+tolerance, tolerance_kind=Tolerance.NOMINAL)


def moodle_percent(credit: int) -> str:
    """Return credit as the percentage that Moodle knows for it."""
    for share in _MOODLE_SHARES:
        if abs(abs(credit) - Decimal(share) * 100) < 1:
            return f'-{share}' if credit < 0 else share
    return percent_of(credit)


def xml_text(text: str) -> str:
    """Return a text without the characters that XML cannot have."""
    return _NO_XML.sub('', text)


def number_text(number: Decimal) -> str:
    """Return a number as programs read it."""
    plain = f'{number:f}'
    return plain if len(plain) <= 40 else str(number)


_LOST: dict[str, Callable[[int], Phrase]] = {
    'points': lambda count: plural('The points of {count} question.', 'The points of {count} questions.', count),
    'feedback': lambda count: plural(
        'What is said of right and wrong answers to {count} question.',
        'What is said of right and wrong answers to {count} questions.',
        count,
    ),
    'answer_feedback': lambda count: plural(
        'What is said of single answers to {count} question.',
        'What is said of single answers to {count} questions.',
        count,
    ),
    'note': lambda count: plural(
        'The note for those who grade {count} essay.', 'The notes for those who grade {count} essays.', count
    ),
    'rubric': lambda count: plural('The rubric of {count} essay.', 'The rubrics of {count} essays.', count),
    'rule': lambda count: plural(
        '“All or nothing” of {count} question became weights.',
        '“All or nothing” of {count} questions became weights.',
        count,
    ),
    'order': lambda count: plural(
        'That the options of {count} question keep their order.',
        'That the options of {count} questions keep their order.',
        count,
    ),
    'spelling': lambda count: plural(
        'How exactly the answer to {count} question has to be spelled.',
        'How exactly the answers to {count} questions have to be spelled.',
        count,
    ),
    'tags': lambda count: plural('The tags of {count} question.', 'The tags of {count} questions.', count),
    'category': lambda count: plural(
        'The category of {count} question.', 'The categories of {count} questions.', count
    ),
    'pictures': lambda count: plural('The pictures of {count} question.', 'The pictures of {count} questions.', count),
}
