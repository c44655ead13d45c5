"""What one answer to one question is worth: at once, exactly, and always the same for the same answer.

Credit is counted in ten-thousandths of the question; points are rounded only when they are shown.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from services.core.errors import Invalid
from services.core.phrases import Phrase, phrase
from services.quizzes import numbers, short_texts
from services.quizzes.answer import Answer
from services.quizzes.question import WHOLE, CreditRule, Question, QuestionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """What one answer is worth, and what is said about it."""

    credit: int | None
    """of 10,000; None for an essay, which a person grades"""
    feedback: tuple[str, ...] = ()
    """Markdown, each a paragraph: of what was chosen, of how right it is, and of the question"""


def grade(question: Question, answer: Answer | None, *, decimal_mark: str = '.') -> Grade:
    """Grade an answer; who did not answer gets nothing."""
    if answer is None or answer.is_empty:
        return Grade(credit=0, feedback=_said(question.feedback))
    if question.kind is QuestionKind.ESSAY:
        return Grade(credit=None, feedback=_said(question.feedback))
    credit, of_choice = _GRADERS[question.kind](question, answer, decimal_mark)
    credit = min(max(credit, 0), WHOLE)
    how_right = (
        question.feedback_right if credit == WHOLE else question.feedback_partly if credit else question.feedback_wrong
    )
    return Grade(credit=credit, feedback=_said(*of_choice, how_right, question.feedback))


def points_of(question_points: Decimal, credit: int) -> Decimal:
    """Return the points for some credit, exactly."""
    return question_points * credit / WHOLE


def rule_of(question: Question) -> Phrase | None:
    """Return how several parts of an answer count, as a sentence for those who answer; None where it goes without."""
    if question.kind is QuestionKind.MULTIPLE_CHOICE:
        return _RULES[question.credit_rule]
    if question.kind in {QuestionKind.MATCHING, QuestionKind.ORDERING}:
        if question.credit_rule is CreditRule.ALL_OR_NOTHING:
            return phrase('Points are given only if everything is right.')
        if question.kind is QuestionKind.MATCHING:
            return phrase('Each right pair counts the same; a wrong one takes nothing away.')
        return phrase('Each part counts that comes directly after the right one.')
    return None


_RULES = {
    CreditRule.GUESS_NEUTRAL: phrase(
        'Each right option that you tick adds, each wrong one takes away; guessing does not pay, and less than 0 is '
        'not possible.'
    ),
    CreditRule.ALL_OR_NOTHING: phrase('Points are given only if exactly the right options are ticked.'),
    CreditRule.RIGHT_MINUS_WRONG: phrase(
        'Each right option that you tick adds, each wrong one takes away as much; less than 0 is not possible.'
    ),
    CreditRule.OWN_WEIGHTS: phrase(
        'Options count differently; wrong ones can take away, but less than 0 is not possible.'
    ),
}

Graded = tuple[int, tuple[str, ...]]


def _one_choice(question: Question, answer: Answer, _: str) -> Graded:
    option = question.options[answer.chosen[0]]
    return option.credit, (option.feedback,)


def _several(question: Question, answer: Answer, _: str) -> Graded:
    ticked = [question.options[each] for each in answer.chosen]
    return _credit_of(question, answer), tuple(option.feedback for option in ticked)


def _credit_of(question: Question, answer: Answer) -> int:
    right = {place for place, option in enumerate(question.options) if option.credit > 0}
    wrong = len(question.options) - len(right)
    hits, slips = len(right.intersection(answer.chosen)), len(set(answer.chosen) - right)
    rule = question.credit_rule
    if rule is CreditRule.OWN_WEIGHTS:
        return sum(question.options[each].credit for each in answer.chosen)
    if rule is CreditRule.ALL_OR_NOTHING:
        return WHOLE if hits == len(right) and not slips else 0
    if not right or (wrong and slips == wrong and hits == len(right)):
        return 0  # everything is ticked
    if rule is CreditRule.RIGHT_MINUS_WRONG:
        return _rounded(Fraction(hits - slips, len(right)))
    return _rounded(Fraction(hits, len(right)) - Fraction(slips, max(wrong, 2)))


def _number(question: Question, answer: Answer, decimal_mark: str) -> Graded:
    try:
        value = numbers.read(answer.text, decimal_mark=decimal_mark)
    except Invalid:
        return 0, ()
    for right in question.numbers:
        if numbers.fits(value, right):
            return right.credit, (right.feedback,)
    return 0, ()


def _short_text(question: Question, answer: Answer, _: str) -> Graded:
    for right in question.texts:
        if short_texts.fits(answer.text, right.pattern, question):
            return right.credit, (right.feedback,)
    return 0, ()


def _matching(question: Question, answer: Answer, _: str) -> Graded:
    lefts = [pair for pair in question.pairs if pair.left]
    chosen = [None if each is None else question.pairs[each].right for each in answer.pairs]
    hits = sum(pair.right == right for pair, right in zip(lefts, chosen, strict=True))
    return _all_or_share(question, hits, len(lefts)), ()


def _ordering(question: Question, answer: Answer, _: str) -> Graded:
    hits = sum(after == before + 1 for before, after in zip(answer.order, answer.order[1:], strict=False))
    return _all_or_share(question, hits, len(question.order) - 1), ()


def _all_or_share(question: Question, hits: int, all_of_them: int) -> int:
    if question.credit_rule is CreditRule.ALL_OR_NOTHING:
        return WHOLE if hits == all_of_them else 0
    return _rounded(Fraction(hits, all_of_them))


_GRADERS = {
    QuestionKind.SINGLE_CHOICE: _one_choice,
    QuestionKind.TRUE_FALSE: _one_choice,
    QuestionKind.MULTIPLE_CHOICE: _several,
    QuestionKind.NUMERIC: _number,
    QuestionKind.SHORT_TEXT: _short_text,
    QuestionKind.MATCHING: _matching,
    QuestionKind.ORDERING: _ordering,
}


def _rounded(share: Fraction) -> int:
    return round(share * WHOLE)


def _said(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text.strip()))
