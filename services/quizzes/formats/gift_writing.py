"""Writes GIFT, of which every Moodle reads the same; what GIFT cannot say is listed."""

import re
from collections.abc import Callable, Sequence

from services.core.phrases import phrase
from services.quizzes.formats.findings import Item, NotTaken, Written
from services.quizzes.formats.gift import CATEGORY
from services.quizzes.formats.writing import (
    Losses,
    as_nominal,
    as_weights,
    cannot_say,
    moodle_percent,
    number_text,
)
from services.quizzes.question import WHOLE, CreditRule, Question, QuestionKind

_SIGN = re.compile(r'([\\~=#{}:])')
_FORMAT = re.compile(r'\[(?:html|moodle|plain|markdown)\]')
_NO_TAG = re.compile(r'[\]<>`\n]')


def write(items: Sequence[Item]) -> Written:
    """Return questions as a file, and what is lost on the way."""
    losses = Losses()
    blocks = []
    category = ''
    for item in items:
        try:
            answers = _WRITERS[item.question.kind](item.question)
        except NotTaken as reason:
            losses.leave_out(item, reason)
            continue
        if item.category != category:
            category = item.category
            blocks.append(f'{CATEGORY} $course$/top/{_escaped(category)}')
        blocks.append(_block(item.question, answers))
        _count(losses, item)
    return Written(content='\n\n'.join([*blocks, '']).encode(), left_out=losses.said())


def _block(question: Question, answers: str) -> str:
    tags = ' '.join(f'[tag:{tag}]' for tag in question.tags if not _NO_TAG.search(tag))
    remark = f'// {tags}\n' if tags else ''
    title = f'::{_escaped(question.title)}::' if question.title else ''
    feedback = f'####{_said(question.feedback)}' if question.feedback else ''
    return f'{remark}{title}[markdown]{_escaped(question.text)} {{{answers}{feedback}}}'


def _choices(question: Question) -> str:
    is_single = question.kind is QuestionKind.SINGLE_CHOICE
    options = as_weights(question)
    if is_single and len({option.credit == WHOLE for option in options}) == 1:
        raise cannot_say(phrase('a single choice in which no option is all right, or each of them'))
    lines = []
    for option in options:
        mark = '=' if is_single and option.credit == WHOLE else '~'
        weight = '' if mark == '=' or not option.credit else f'%{moodle_percent(option.credit)}%'
        weight = weight or ('%0%' if option.text.startswith('%') and mark == '~' else '')
        weight = weight or ('%100%' if option.text.startswith('%') else '')
        lines.append(f'\n\t{mark}{weight}{_said(option.text)}{_feedback(option.feedback)}')
    return ''.join(lines) + '\n'


def _statement(question: Question) -> str:
    true, false = question.options
    right, wrong = (true, false) if true.credit > 0 else (false, true)
    said = f'#{_said(wrong.feedback)}#{_said(right.feedback)}' if right.feedback or wrong.feedback else ''
    return f'{"TRUE" if right is true else "FALSE"}{said}'


def _numbers(question: Question) -> str:
    *others, last = question.numbers
    if any(number.is_any for number in others) or (last.is_any and last.credit):
        raise cannot_say(phrase('that every number is worth something'))
    lines = []
    for number in map(as_nominal, question.numbers):
        value = f'{number_text(number.value)}:{number_text(number.tolerance)}'
        mark = '~' if number.is_any else f'=%{moodle_percent(number.credit)}%{value}'
        lines.append(f'\n\t{mark}{_feedback(number.feedback)}')
    return '#' + ''.join(lines) + '\n'


def _words(question: Question) -> str:
    if any('->' in text.pattern for text in question.texts):
        raise cannot_say(phrase('“->” in an answer'))
    return (
        ''.join(
            f'\n\t=%{moodle_percent(text.credit)}%{_said(text.pattern)}{_feedback(text.feedback)}'
            for text in question.texts
        )
        + '\n'
    )


def _pairs(question: Question) -> str:
    return (
        ''.join(
            f'\n\t={_said(pair.left.replace("->", "-" + chr(92) + ">"))} -> {_escaped(pair.right)}'
            for pair in question.pairs
        )
        + '\n'
    )


def _essay(_: Question) -> str:
    return ''


def _order(_: Question) -> str:
    raise cannot_say(phrase('an order'))


def _feedback(text: str) -> str:
    return f'#{_said(text)}' if text else ''


def _said(text: str) -> str:
    """Return a text so that its beginning is not taken for the name of a format."""
    return f'{"[markdown]" if _FORMAT.match(text) else ""}{_escaped(text)}'


def _escaped(text: str) -> str:
    return _SIGN.sub(r'\\\1', text).replace('\n', '\\n')


def _count(losses: Losses, item: Item) -> None:
    question = item.question
    losses.count(
        points=question.points != 1,
        feedback=bool(question.feedback_right or question.feedback_partly or question.feedback_wrong),
        note=bool(question.graders_note),
        rubric=bool(question.rubric),
        rule=question.kind is QuestionKind.MULTIPLE_CHOICE and question.credit_rule is CreditRule.ALL_OR_NOTHING,
        order=bool(question.options or question.pairs)
        and question.kind is not QuestionKind.TRUE_FALSE
        and not question.is_shuffled,
        spelling=bool(question.texts)
        and (question.minds_case or question.forgives_typos or not question.minds_accents),
        tags=any(_NO_TAG.search(tag) for tag in question.tags),
        pictures=bool(item.pictures),
    )


_WRITERS: dict[QuestionKind, Callable[[Question], str]] = {
    QuestionKind.SINGLE_CHOICE: _choices,
    QuestionKind.MULTIPLE_CHOICE: _choices,
    QuestionKind.TRUE_FALSE: _statement,
    QuestionKind.NUMERIC: _numbers,
    QuestionKind.SHORT_TEXT: _words,
    QuestionKind.ESSAY: _essay,
    QuestionKind.MATCHING: _pairs,
    QuestionKind.ORDERING: _order,
}
