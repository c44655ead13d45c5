"""Reads Aiken: a line with the question, a line for each option, and `ANSWER:` with the letter of the right one."""

import re
from dataclasses import dataclass, field

from services.core.phrases import Phrase, phrase
from services.quizzes.formats import texts
from services.quizzes.formats.findings import At, Findings, Item, Read, Wrong, quoted
from services.quizzes.formats.keys import check
from services.quizzes.question import WHOLE, Option, Question, QuestionKind

OPTION = re.compile(r'([A-Z])[.)](\s*)(\S.*)')
OPTION_BY_HAND = re.compile(r'\(?([A-Za-z])[.):](\s+)(\S.*)')
"""as people write it who do not know the format well; only behind a question"""
ANSWER = re.compile(r'[^:]*:\s*\(?([A-Za-z])[.)]?')
MARK = 'ANSWER:'
MARK_BY_HAND = re.compile(r'answer\s*:', re.IGNORECASE)


@dataclass(slots=True)
class _Begun:
    """A question of which not all lines were read."""

    line: int
    text: str
    options: list[tuple[str, str]] = field(default_factory=list)


def read(text: str, *, by_hand: bool = False) -> Read:
    """Return the questions of a file; one that is written `by_hand` does without capitals and exact signs."""
    findings = Findings()
    begun: _Begun | None = None
    number = 0
    for line, written in enumerate(text.split('\n'), start=1):
        plain = written.strip()
        if not plain:
            continue
        with findings.at(At(line=line)):
            if MARK_BY_HAND.match(plain) if by_hand else plain.startswith(MARK):
                finished, begun = begun, None
                number += finished is not None
                findings.items.append(_item(finished, plain, number, findings))
            elif (option := _option(plain, by_hand and begun is not None)) and (begun or option[2]):
                if begun is None:
                    raise Wrong(phrase('an option stands here without a question before it.'))
                begun.options.append((option[1].upper(), option[3]))
            else:
                unfinished, begun = begun, _Begun(line=line, text=plain)
                if unfinished:
                    raise Wrong(_unfinished(unfinished))
        if findings.is_full(number):
            return findings.read()
    if begun:
        with findings.at(At(line=begun.line)):
            raise Wrong(_unfinished(begun))
    return findings.read()


def _option(plain: str, by_hand: bool) -> re.Match[str] | None:
    return OPTION.fullmatch(plain) or (OPTION_BY_HAND.fullmatch(plain) if by_hand else None)


def _item(begun: _Begun | None, written: str, number: int, findings: Findings) -> Item:
    answer = ANSWER.fullmatch(written)
    if begun is None:
        raise Wrong(phrase('“ANSWER:” stands here without a question before it.'))
    letters = [letter for letter, _ in begun.options]
    if answer is None or letters.count(answer[1].upper()) != 1:
        raise Wrong(
            phrase(
                '“{answer}” does not name one of the options of the question in line {line}.',
                answer=quoted(written),
                line=begun.line,
            )
        )
    options = tuple(
        Option(text=texts.from_plain(text), credit=WHOLE if letter == answer[1].upper() else 0)
        for letter, text in begun.options
    )
    question = Question(kind=QuestionKind.SINGLE_CHOICE, text=texts.from_plain(begun.text), options=options)
    place = At(line=begun.line)
    findings.warnings += [place.said(warning) for warning in check(question)]
    return Item(question=question, line=begun.line, number=number)


def _unfinished(begun: _Begun) -> Phrase:
    return phrase(
        'the question in line {line}, “{text}”, has no “ANSWER:”. Question and options have one line each.',
        line=begun.line,
        text=quoted(begun.text),
    )
