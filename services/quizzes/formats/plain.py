"""Reads questions as people jot them down: a line that asks, and a line for each option, right ones with a `*` before.

A blank line ends a question. With one right option it is single choice, with several multiple choice.
"""

import re
from collections.abc import Iterator

from services.core.phrases import phrase
from services.quizzes.formats import texts
from services.quizzes.formats.findings import At, Findings, Item, Read, Wrong, quoted
from services.quizzes.formats.keys import check
from services.quizzes.question import WHOLE, Option, Question, QuestionKind

_MARK = re.compile(r'\*\s*(?!\*)(\S.*)')
_NUMBER = re.compile(r'(\d{1,4})[.)]\s')
_BULLET = re.compile(r'(?:[-–•]\s+|/\s*|[a-zA-Z][.)]\s+)?(.*)')
Line = tuple[int, str]


def looks_like(text: str) -> bool:
    """Tell whether some line is marked as a right option, below a line that asks."""
    return any(len(block) > 1 and any(_MARK.fullmatch(line) for _number, line in block[1:]) for block in _blocks(text))


def read(text: str) -> Read:
    """Return the questions of a text."""
    findings = Findings()
    blocks = list(_blocks(text))
    merged = {block[0][0]: line for block in blocks if (line := _next_question(block))}
    if all(block[0][1].startswith((f'{number}. ', f'{number}) ')) for number, block in enumerate(blocks, start=1)):
        blocks = [[(block[0][0], block[0][1].partition(' ')[2]), *block[1:]] for block in blocks]
    for number, block in enumerate(blocks, start=1):
        if findings.is_full(number):
            break
        place = At(line=block[0][0])
        with findings.at(place):
            if line := merged.get(block[0][0]):
                raise Wrong(
                    phrase(
                        '“{line}” looks like the next question. Leave a blank line before it, or take the numbers '
                        'away.',
                        line=quoted(line),
                    )
                )
            question = _question(block)
            findings.warnings += [place.said(warning) for warning in check(question)]
            findings.items.append(Item(question=question, line=place.line, number=number))
    return findings.read()


def _blocks(text: str) -> Iterator[list[Line]]:
    """Yield the lines of each question, with their numbers."""
    block: list[Line] = []
    for number, written in enumerate([*text.split('\n'), ''], start=1):
        if line := written.strip():
            block.append((number, line))
        elif block:
            yield block
            block = []


def _next_question(block: list[Line]) -> str | None:
    """Return the line of a block that goes on with the number of its question, if its options are not numbered, too."""
    numbers = {found[1]: line for _number, line in reversed(block[1:]) if (found := _NUMBER.match(line))}
    asked = _NUMBER.match(block[0][1])
    return numbers.get(str(int(asked[1]) + 1)) if asked and asked[1] not in numbers else None


def _question(block: list[Line]) -> Question:
    asked, options = block[0][1], block[1:]
    marks = [_MARK.fullmatch(line) for _number, line in options]
    right = sum(mark is not None for mark in marks)
    if len(options) < 2:
        raise Wrong(phrase('a question needs at least two options, each on a line of its own below it.'))
    if not right:
        raise Wrong(phrase('no option is marked as right. Put a * before it.'))
    return Question(
        kind=QuestionKind.SINGLE_CHOICE if right == 1 else QuestionKind.MULTIPLE_CHOICE,
        text=texts.from_plain(asked),
        options=tuple(
            Option(text=texts.from_plain(_unbulleted(mark[1] if mark else line)), credit=WHOLE if mark else 0)
            for (_number, line), mark in zip(options, marks, strict=True)
        ),
    )


def _unbulleted(line: str) -> str:
    found = _BULLET.fullmatch(line)
    return (found[1] if found else line) or line
