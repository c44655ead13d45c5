"""What a question must have before it can be asked: a text, a right answer, and numbers that make sense."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from services.core.errors import Invalid
from services.core.text import LONGEST_TITLE, check_text, line
from services.quizzes.numbers import LARGEST
from services.quizzes.question import (
    WHOLE,
    CreditRule,
    NumberAnswer,
    Option,
    Pair,
    Question,
    QuestionKind,
    TextAnswer,
)
from services.rubrics import checked

MOST_OPTIONS = 50
MOST_TAGS = 20
LONGEST_TAG = 40
LONGEST_OPTION = 4_000
LONGEST_PATTERN = 300
MOST_POINTS = Decimal(1_000)


def check(question: Question) -> Question:
    """Return a question as it is kept; raises `Invalid` with the first thing that is wrong with it."""
    text = check_text(question.text, field='text')
    if not text.strip():
        raise Invalid('Type what is asked.', field='text')
    question = replace(
        question,
        text=text,
        title=line(question.title)[:LONGEST_TITLE],
        points=_points(question.points),
        tags=_tags(question.tags),
        graders_note=check_text(question.graders_note, field='graders_note'),
        feedback=check_text(question.feedback, field='feedback'),
        feedback_right=check_text(question.feedback_right, field='feedback'),
        feedback_partly=check_text(question.feedback_partly, field='feedback'),
        feedback_wrong=check_text(question.feedback_wrong, field='feedback'),
    )
    return _CHECKS[question.kind](question)


def _points(points: Decimal) -> Decimal:
    try:
        is_right = points.is_finite() and 0 < points <= MOST_POINTS and points == points.quantize(Decimal('0.01'))
    except InvalidOperation:
        is_right = False
    if not is_right:
        raise Invalid(
            'The points must be above 0 and at most {most}, with at most two decimal places.',
            most=int(MOST_POINTS),
            field='points',
        )
    return points.normalize() if points != points.to_integral_value() else Decimal(int(points))


def _tags(tags: Sequence[str]) -> tuple[str, ...]:
    kept = tuple(dict.fromkeys(plain for tag in tags if (plain := line(tag).lower())))
    if len(kept) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in kept):
        raise Invalid(
            'Use at most {most} tags of {longest} characters each.', most=MOST_TAGS, longest=LONGEST_TAG, field='tags'
        )
    return kept


def _options(question: Question) -> tuple[Option, ...]:
    kept = [
        replace(option, text=check_text(option.text, most=LONGEST_OPTION, field='options').strip())
        for option in question.options
        if option.text.strip() or option.credit or option.feedback.strip()
    ]
    if any(not option.text for option in kept):
        raise Invalid('Type a text for each option.', field='options')
    if not 2 <= len(kept) <= MOST_OPTIONS:
        raise Invalid('Give between 2 and {most} options.', most=MOST_OPTIONS, field='options')
    texts = [option.text for option in kept]
    if twice := next((text for text in texts if texts.count(text) > 1), ''):
        raise Invalid('The option “{option}” is there twice.', option=twice[:60], field='options')
    if any(abs(option.credit) > WHOLE for option in kept):
        raise Invalid('The credit of an option lies between -100 % and 100 %.', field='options')
    return tuple(replace(option, feedback=check_text(option.feedback, field='options')) for option in kept)


def _single_choice(question: Question) -> Question:
    options = _options(question)
    if max(option.credit for option in options) != WHOLE:
        raise Invalid('Mark the option that is right.', field='options')
    return _only(question, options=options)


def _multiple_choice(question: Question) -> Question:
    options = _options(question)
    if not any(option.credit > 0 for option in options):
        raise Invalid('Mark at least one option as right.', field='options')
    if question.credit_rule is CreditRule.OWN_WEIGHTS:
        if sum(option.credit for option in options if option.credit > 0) < WHOLE:
            raise Invalid('All right options together must be worth 100 %.', field='options')
    else:
        options = tuple(replace(option, credit=WHOLE if option.credit > 0 else 0) for option in options)
    return _only(question, options=options)


def _true_false(question: Question) -> Question:
    credits = [option.credit for option in question.options]
    if sorted(credits) != [0, WHOLE]:
        raise Invalid('Say whether it is true or false.', field='options')
    options = (replace(each, text='', feedback=check_text(each.feedback)) for each in question.options)
    return _only(question, options=tuple(options))


def _numeric(question: Question) -> Question:
    if not question.numbers or len(question.numbers) > MOST_OPTIONS:
        raise Invalid('Give between 1 and {most} answers.', most=MOST_OPTIONS, field='numbers')
    if not any(answer.credit == WHOLE and not answer.is_any for answer in question.numbers):
        raise Invalid('Give the number that is right.', field='numbers')
    return _only(question, numbers=tuple(_number(answer) for answer in question.numbers))


def _number(answer: NumberAnswer) -> NumberAnswer:
    if not answer.value.is_finite() or (answer.value and abs(answer.value.adjusted()) > LARGEST):
        raise Invalid('This is no number that an answer can be compared with.', field='numbers')
    if not answer.tolerance.is_finite() or answer.tolerance < 0 or answer.tolerance.adjusted() > LARGEST:
        raise Invalid('The tolerance must be 0 or more.', field='numbers')
    if not 0 <= answer.credit <= WHOLE:
        raise Invalid('The credit of an answer lies between 0 % and 100 %.', field='numbers')
    return replace(answer, feedback=check_text(answer.feedback, field='numbers'))


def _short_text(question: Question) -> Question:
    if not question.texts or len(question.texts) > MOST_OPTIONS:
        raise Invalid('Give between 1 and {most} answers.', most=MOST_OPTIONS, field='texts')
    if not any(answer.credit == WHOLE for answer in question.texts):
        raise Invalid('Give at least one answer that is right.', field='texts')
    return _only(question, texts=tuple(_text(answer) for answer in question.texts))


def _text(answer: TextAnswer) -> TextAnswer:
    pattern = line(answer.pattern)
    if not pattern or len(pattern) > LONGEST_PATTERN:
        raise Invalid('An answer has between 1 and {most} characters.', most=LONGEST_PATTERN, field='texts')
    if not 0 <= answer.credit <= WHOLE:
        raise Invalid('The credit of an answer lies between 0 % and 100 %.', field='texts')
    return replace(answer, pattern=pattern, feedback=check_text(answer.feedback, field='texts'))


def _essay(question: Question) -> Question:
    return _only(question, rubric=checked(question.rubric))


def _matching(question: Question) -> Question:
    pairs = tuple(
        Pair(left=check_text(pair.left, most=LONGEST_OPTION, field='pairs').strip(), right=line(pair.right))
        for pair in question.pairs
        if pair.left.strip() or pair.right.strip()
    )
    if any(not pair.right for pair in pairs):
        raise Invalid('Give the right part of each pair.', field='pairs')
    lefts = [pair.left for pair in pairs if pair.left]
    if not 2 <= len(lefts) <= len(pairs) <= MOST_OPTIONS:
        raise Invalid('Give between 2 and {most} pairs.', most=MOST_OPTIONS, field='pairs')
    if len(set(lefts)) < len(lefts):
        raise Invalid('Two pairs begin with the same.', field='pairs')
    return _only(question, pairs=tuple(sorted(pairs, key=lambda pair: not pair.left)))


def _ordering(question: Question) -> Question:
    parts = tuple(text for each in question.order if (text := check_text(each, most=LONGEST_OPTION).strip()))
    if not 2 <= len(parts) <= MOST_OPTIONS:
        raise Invalid('Give between 2 and {most} parts.', most=MOST_OPTIONS, field='order')
    if len(set(parts)) < len(parts):
        raise Invalid('Two parts are the same.', field='order')
    return _only(question, order=parts)


def _only(question: Question, **parts: object) -> Question:
    """Return a question with these parts as its key, and none that belongs to another kind."""
    none = {'options': (), 'numbers': (), 'texts': (), 'pairs': (), 'order': (), 'rubric': ()}
    return replace(question, **none | parts)  # type: ignore[arg-type]


_CHECKS = {
    QuestionKind.SINGLE_CHOICE: _single_choice,
    QuestionKind.MULTIPLE_CHOICE: _multiple_choice,
    QuestionKind.TRUE_FALSE: _true_false,
    QuestionKind.NUMERIC: _numeric,
    QuestionKind.SHORT_TEXT: _short_text,
    QuestionKind.ESSAY: _essay,
    QuestionKind.MATCHING: _matching,
    QuestionKind.ORDERING: _ordering,
}
