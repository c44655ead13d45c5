"""Reads the lines that Blackboard uploads: each is a question, with tabs between its kind, its text and its answers."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from services.core.phrases import phrase
from services.quizzes.formats import texts
from services.quizzes.formats.findings import At, Findings, Item, NotTaken, Read, Wrong, quoted
from services.quizzes.formats.keys import check
from services.quizzes.formats.numbers import number_of, tolerance_of
from services.quizzes.formats.pictures import Pictures
from services.quizzes.question import WHOLE, NumberAnswer, Option, Pair, Question, QuestionKind, TextAnswer

_CREDIT = {'correct': WHOLE, 'incorrect': 0}
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
"""a cell as spreadsheets write it where it has quotes in it"""


def looks_like(text: str) -> bool:
    """Tell whether the first line that is not empty begins as these do."""
    first = next((line for line in text.split('\n') if line.strip()), '')
    code, tab, _ = first.partition('\t')
    return bool(tab) and _code(code) in {*_KINDS, *_OTHERS}


def read(text: str) -> Read:
    """Return the questions of a file."""
    findings = Findings()
    number = 0
    for line, written in enumerate(text.split('\n'), start=1):
        if not written.strip():
            continue
        number += 1
        if findings.is_full(number):
            break
        place = At(line=line)
        with findings.at(place):
            code, *cells = [_unquoted(cell.strip()) for cell in written.rstrip('\t\r').split('\t')]
            question = _question(_code(code), cells, findings)
            findings.warnings += [place.said(warning) for warning in check(question)]
            findings.items.append(Item(question=question, line=line, number=number))
    return findings.read()


def _question(code: str, cells: Sequence[str], findings: Findings) -> Question:
    if code in _OTHERS:
        raise NotTaken(phrase('questions of the kind “{kind}” are not taken over.', kind=code))
    if code not in _KINDS:
        raise Wrong(phrase('“{word}” is no type of question of Blackboard.', word=quoted(code)))
    text, *answers = cells or ['']
    return replace(_KINDS[code]([*answers], findings), text=_said(text, findings))


def _choice(answers: Sequence[str], findings: Findings) -> Question:
    options = tuple(Option(text=_said(text, findings), credit=_credit(word)) for text, word in _two_by_two(answers))
    return Question(kind=QuestionKind.SINGLE_CHOICE, text='', options=options)


def _choices(answers: Sequence[str], findings: Findings) -> Question:
    return replace(_choice(answers, findings), kind=QuestionKind.MULTIPLE_CHOICE)


def _credit(word: str) -> int:
    if word.casefold() not in _CREDIT:
        raise Wrong(phrase('“{answer}” is neither “correct” nor “incorrect”.', answer=quoted(word)))
    return _CREDIT[word.casefold()]


def _true_or_false(answers: Sequence[str], _: Findings) -> Question:
    words = [word.casefold() for word in answers]
    if words not in (['true'], ['false']):
        raise Wrong(phrase('“{answer}” is neither “true” nor “false”.', answer=quoted(' '.join(answers))))
    credits = (WHOLE, 0) if words == ['true'] else (0, WHOLE)
    return Question(kind=QuestionKind.TRUE_FALSE, text='', options=tuple(Option(credit=each) for each in credits))


def _essay(answers: Sequence[str], findings: Findings) -> Question:
    if len(answers) > 1:
        raise Wrong(phrase('there is more than one example of an answer.'))
    return Question(kind=QuestionKind.ESSAY, text='', graders_note=_said(''.join(answers), findings))


def _ordering(answers: Sequence[str], findings: Findings) -> Question:
    return Question(kind=QuestionKind.ORDERING, text='', order=tuple(_said(each, findings) for each in answers))


def _matching(answers: Sequence[str], findings: Findings) -> Question:
    pairs = tuple(Pair(left=_said(left, findings), right=texts.plain(right)) for left, right in _two_by_two(answers))
    return Question(kind=QuestionKind.MATCHING, text='', pairs=pairs)


def _short_text(answers: Sequence[str], _: Findings) -> Question:
    found = tuple(TextAnswer(pattern=texts.plain(answer)) for answer in answers)
    return Question(kind=QuestionKind.SHORT_TEXT, text='', texts=found)


def _number(answers: Sequence[str], _: Findings) -> Question:
    if len(answers) not in {1, 2}:
        raise Wrong(phrase('a number and how far from it an answer may be are all that can stand here.'))
    value, tolerance = number_of(answers[0]), tolerance_of(answers[1]) if len(answers) > 1 else Decimal(0)
    return Question(kind=QuestionKind.NUMERIC, text='', numbers=(NumberAnswer(value=value, tolerance=tolerance),))


def _two_by_two(answers: Sequence[str]) -> list[tuple[str, str]]:
    if len(answers) % 2:
        raise Wrong(phrase('“{answer}” stands alone: answers come in twos here.', answer=quoted(answers[-1])))
    return list(zip(answers[::2], answers[1::2], strict=True))


def _said(text: str, findings: Findings) -> str:
    return texts.from_mixed(text, Pictures(), findings.lose)


def _code(cell: str) -> str:
    return _unquoted(cell.strip()).upper()


def _unquoted(cell: str) -> str:
    found = _QUOTED.fullmatch(cell)
    return found[1].replace('""', '"') if found else cell


_KINDS: dict[str, Callable[[Sequence[str], Findings], Question]] = {
    'MC': _choice,
    'MA': _choices,
    'TF': _true_or_false,
    'ESS': _essay,
    'SR': _essay,
    'ORD': _ordering,
    'MAT': _matching,
    'FIB': _short_text,
    'NUM': _number,
}
_OTHERS = frozenset({'FIB_PLUS', 'FIL', 'OP', 'JUMBLED_SENTENCE', 'QUIZ_BOWL'})
