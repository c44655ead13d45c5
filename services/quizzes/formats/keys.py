"""Whether the key of a question that was read can be right; it is never guessed."""

from collections.abc import Iterator, Sequence

from services.core.phrases import Phrase, phrase
from services.quizzes.formats.findings import Wrong, quoted
from services.quizzes.formats.numbers import percent_of
from services.quizzes.question import WHOLE, CreditRule, Question, QuestionKind


def check(question: Question) -> list[Phrase]:
    """Return what a teacher may not want of a question; raises `Wrong` where it cannot be asked or marked."""
    if not question.text.strip():
        raise Wrong(phrase('the question has no text.'))
    return list(_CHECKS[question.kind](question))


def _choices(question: Question) -> Iterator[Phrase]:
    credits = [option.credit for option in question.options]
    if len(credits) < 2:
        raise Wrong(phrase('there are fewer than two options.'))
    if max(credits) <= 0:
        raise Wrong(phrase('no option is marked as right.'))
    if any(not option.text.strip() for option in question.options):
        raise Wrong(phrase('an option has no text.'))
    yield from _repeated([option.text for option in question.options])
    yield from _single(credits) if question.kind is QuestionKind.SINGLE_CHOICE else _multiple(question, credits)


def _single(credits: list[int]) -> Iterator[Phrase]:
    right = credits.count(WHOLE)
    if right > 1:
        yield phrase('{count} options are marked as right, of which only one can be chosen.', count=right)
    if max(credits) < WHOLE:
        yield phrase('the best option gives only {percent} % of the points.', percent=percent_of(max(credits)))


def _multiple(question: Question, credits: list[int]) -> Iterator[Phrase]:
    if question.credit_rule is not CreditRule.OWN_WEIGHTS:
        return
    right = sum(credit for credit in credits if credit > 0)
    if right != WHOLE:
        yield phrase('all the right options together give {percent} % of the points.', percent=percent_of(right))
    elif sum(credits) >= WHOLE and min(credits) <= 0:
        yield phrase('ticking every option gives all the points; let wrong options take some away.')


def _true_or_false(question: Question) -> Iterator[Phrase]:
    credits = [option.credit for option in question.options]
    if sorted(credits) != [0, WHOLE]:
        raise Wrong(phrase('exactly one of “true” and “false” has to be right.'))
    yield from ()


def _numbers(question: Question) -> Iterator[Phrase]:
    if not any(number.credit > 0 for number in question.numbers):
        raise Wrong(phrase('no number is marked as right.'))
    if any(number.is_any and number.credit > 0 for number in question.numbers):
        raise Wrong(phrase('every number would be right.'))
    yield from _best([number.credit for number in question.numbers])
    yield from _repeated([f'{number.value}±{number.tolerance}' for number in question.numbers if not number.is_any])


def _texts(question: Question) -> Iterator[Phrase]:
    if not any(text.credit > 0 for text in question.texts):
        raise Wrong(phrase('no answer is marked as right.'))
    if any(not text.pattern for text in question.texts):
        raise Wrong(phrase('an answer is empty.'))
    yield from _best([text.credit for text in question.texts])
    yield from _repeated([text.pattern for text in question.texts])
    if any(text.credit > 0 and not text.pattern.strip('*') for text in question.texts):
        yield phrase('every answer is right, because “*” stands for any letters.')


def _best(credits: Sequence[int]) -> Iterator[Phrase]:
    if max(credits) < WHOLE:
        yield phrase('the best answer gives only {percent} % of the points.', percent=percent_of(max(credits)))


def _pairs(question: Question) -> Iterator[Phrase]:
    if len(question.pairs) < 2:
        raise Wrong(phrase('there are fewer than two pairs.'))
    if any(not pair.right for pair in question.pairs):
        raise Wrong(phrase('a pair has nothing to choose.'))
    if not any(pair.left for pair in question.pairs):
        raise Wrong(phrase('no pair has something to be matched.'))
    yield from _repeated([pair.left for pair in question.pairs if pair.left])


def _order(question: Question) -> Iterator[Phrase]:
    if len(question.order) < 2:
        raise Wrong(phrase('there are fewer than two parts to be ordered.'))
    if not all(part.strip() for part in question.order):
        raise Wrong(phrase('a part to be ordered has no text.'))
    yield from _repeated(question.order)


def _nothing(_: Question) -> Iterator[Phrase]:
    yield from ()


def _repeated(texts: Sequence[str]) -> Iterator[Phrase]:
    seen = set()
    for text in texts:
        if text in seen:
            yield phrase('“{text}” is there twice.', text=quoted(text))
            return
        seen.add(text)


_CHECKS = {
    QuestionKind.SINGLE_CHOICE: _choices,
    QuestionKind.MULTIPLE_CHOICE: _choices,
    QuestionKind.TRUE_FALSE: _true_or_false,
    QuestionKind.NUMERIC: _numbers,
    QuestionKind.SHORT_TEXT: _texts,
    QuestionKind.ESSAY: _nothing,
    QuestionKind.MATCHING: _pairs,
    QuestionKind.ORDERING: _order,
}
