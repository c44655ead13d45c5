"""Reads Respondus' standard format: numbered questions with lettered options, as exams are written in a text editor.

A `*` stands before each right option, or a list below `Answers:` at the end names them by the numbers of the questions.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from services.core.phrases import phrase
from services.quizzes.formats import texts
from services.quizzes.formats.findings import At, Findings, Item, NotTaken, Read, Wrong, quoted
from services.quizzes.formats.keys import check
from services.quizzes.formats.numbers import points_of
from services.quizzes.question import WHOLE, Option, Pair, Question, QuestionKind, TextAnswer

_NUMBERED = re.compile(r'(\d{1,4})[.)]\s+(\S.*)')
_LETTERED = re.compile(r'(\*?)\s*([A-Za-z])[.)]\s+(\S.*)')
_HEAD = re.compile(r'(title|type|points)\s*:(.*)', re.IGNORECASE)
_FEEDBACK = re.compile(r'([~@])\s*(\S.*)')
_LIST = re.compile(r'answers\s*:', re.IGNORECASE)
_ANSWER = re.compile(r'(\d{1,4})[.)]\s*(\S.*)')
_LETTERS = re.compile(r'[A-Z](?:\s*[,;&]\s*[A-Z])*', re.IGNORECASE)
_ROW = re.compile(r'(?:\d{1,4}[.)]\s*[A-Za-z](?:\s+|$)){2,}')
"""several answers on one line, as where a list has columns"""
_ROW_ANSWER = re.compile(r'(\d{1,4})[.)]\s*([A-Za-z])')
_OPTION = re.compile(r'^[ \t]*\*?[A-Za-z][.)][ \t]', re.MULTILINE)
_STARRED = re.compile(r'^[ \t]*\*[ \t]*(?P<letter>[A-Za-z][.)][ \t])?', re.MULTILINE)
_SIGN = re.compile(r'^[ \t]*(?:answers[ \t]*:[ \t]*\r?$|(?:type|title|points)[ \t]*:)', re.IGNORECASE | re.MULTILINE)


def looks_like(text: str) -> bool:
    """Tell whether a text begins with a numbered question, and says in a way of this format what is right."""
    first = next((line.strip() for line in text.split('\n') if line.strip()), '')
    if not (_NUMBERED.fullmatch(first) or _HEAD.fullmatch(first)) or not _OPTION.search(text):
        return False
    starred = [mark['letter'] for mark in _STARRED.finditer(text)]
    return _SIGN.search(text) is not None or (bool(starred) and all(starred))


def read(text: str) -> Read:
    """Return the questions of a text."""
    findings = Findings()
    lines = _Lines()
    for line, written in enumerate(text.split('\n'), start=1):
        with findings.at(At(line=line)):
            lines.take(line, written.strip())
    times = Counter(each.number for each in lines.begun)
    for answer in lines.answers.values():
        with findings.at(At(line=answer.line)):
            _check_number(answer.number, times)
    for number, each in enumerate(lines.begun, start=1):
        if findings.is_full(number):
            break
        place = At(line=each.line)
        with findings.at(place):
            question = _question(each, lines.answers.get(each.number))
            for _ in range(each.lost_feedback):
                findings.lose('feedback')
            findings.warnings += [place.said(warning) for warning in check(question)]
            findings.items.append(Item(question=question, line=each.line, number=number))
    return findings.read()


@dataclass(slots=True)
class _Lettered:
    """One line with a letter, and those that go on with it."""

    letter: str
    is_right: bool
    """whether a `*` is before it"""
    lines: list[str]

    @property
    def text(self) -> str:
        """Return all of it."""
        return ' '.join(self.lines)


@dataclass(slots=True, kw_only=True)
class _Begun:
    """The lines of one question."""

    line: int
    number: int
    text: list[str]
    kind: str
    title: str
    points: str
    options: list[_Lettered] = field(default_factory=list)
    feedback: dict[str, str] = field(default_factory=dict)
    """by its sign"""
    lost_feedback: int = 0

    @property
    def starred(self) -> set[str]:
        """Return the letters of the options with a `*`."""
        return {option.letter for option in self.options if option.is_right}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What the list at the end says of one question."""

    line: int
    number: int
    said: str


class _Lines:
    """Sorts the lines of a text by the questions that they belong to."""

    def __init__(self) -> None:
        self.begun: list[_Begun] = []
        self.answers: dict[int, _Answer] = {}
        self._heads: dict[str, str] = {}
        self._is_list = False
        self._is_after_gap = False

    def take(self, line: int, written: str) -> None:
        """Take the next line; raises `Wrong` where it cannot be said what it is."""
        is_after_gap, self._is_after_gap = self._is_after_gap, not written
        if not written:
            return
        if self._is_list:
            self._take_answers(line, written)
        elif _LIST.fullmatch(written):
            self._is_list = True
        elif head := _HEAD.fullmatch(written):
            self._heads[head[1].casefold()] = head[2].strip()
        elif asked := _NUMBERED.fullmatch(written):
            self._begin(line, int(asked[1]), asked[2])
        elif not self.begun:
            raise Wrong(_STRAY)
        else:
            self._go_on(self.begun[-1], written, is_after_gap=is_after_gap)

    def _begin(self, line: int, number: int, text: str) -> None:
        kind, title = self._heads.pop('type', ''), self._heads.pop('title', '')
        points = self._heads.get('points', '')  # they stay until others are given
        self.begun.append(_Begun(line=line, number=number, text=[text], kind=kind, title=title, points=points))

    def _go_on(self, begun: _Begun, written: str, *, is_after_gap: bool) -> None:
        if option := _LETTERED.fullmatch(written):
            begun.options.append(_Lettered(option[2].upper(), bool(option[1]), [option[3]]))
        elif said := _FEEDBACK.fullmatch(written):
            if begun.options or said[1] in begun.feedback:
                begun.lost_feedback += 1
            else:
                begun.feedback[said[1]] = said[2]
        elif not begun.options:
            begun.text.append(written)
        elif is_after_gap:
            raise Wrong(_STRAY)
        else:
            begun.options[-1].lines.append(written)

    def _take_answers(self, line: int, written: str) -> None:
        found = _ROW_ANSWER.findall(written) if _ROW.fullmatch(written) else _ANSWER.findall(written)
        if not _ANSWER.fullmatch(written):
            raise Wrong(phrase('an answer begins with the number of its question, such as “3. B”.'))
        for number, said in found:
            if int(number) in self.answers:
                raise Wrong(phrase('the answer to question {number} is there twice.', number=int(number)))
            self.answers[int(number)] = _Answer(line=line, number=int(number), said=said.strip())


def _check_number(number: int, times: Mapping[int, int]) -> None:
    if not times.get(number):
        raise Wrong(phrase('no question has the number {number}.', number=number))
    if times[number] > 1:
        raise Wrong(phrase('several questions have the number {number}.', number=number))


def _question(begun: _Begun, answer: _Answer | None) -> Question:
    make = _KINDS.get(begun.kind.casefold())
    if make is None:
        raise NotTaken(phrase('questions of the kind “{kind}” are not taken over.', kind=quoted(begun.kind)))
    return replace(
        make(begun, answer.said if answer else ''),
        title=texts.plain(begun.title),
        text=texts.from_plain('\n'.join(begun.text)),
        points=points_of(begun.points) if begun.points else Decimal(1),
        feedback_right=texts.from_plain(begun.feedback.get('~', '')),
        feedback_wrong=texts.from_plain(begun.feedback.get('@', '')),
    )


def _choice(begun: _Begun, said: str) -> Question:
    words = [option.text.casefold() for option in begun.options]
    if words in (['true', 'false'], ['t', 'f']):
        right = _right(begun, _letter_of_truth(begun, said))
        options = tuple(Option(credit=WHOLE if option.letter in right else 0) for option in begun.options)
        return Question(kind=QuestionKind.TRUE_FALSE, text='', options=options)
    right = _right(begun, said)
    kind = QuestionKind.MULTIPLE_CHOICE if len(right) > 1 else QuestionKind.SINGLE_CHOICE
    return Question(kind=kind, text='', options=_options(begun, right))


def _choices(begun: _Begun, said: str) -> Question:
    return Question(kind=QuestionKind.MULTIPLE_CHOICE, text='', options=_options(begun, _right(begun, said)))


def _options(begun: _Begun, right: set[str]) -> tuple[Option, ...]:
    return tuple(
        Option(text=texts.from_plain(option.text), credit=WHOLE if option.letter in right else 0)
        for option in begun.options
    )


def _letter_of_truth(begun: _Begun, said: str) -> str:
    """Return the letter of the option that a list calls true or false; what it says otherwise stays."""
    words = {'true': 0, 't': 0, 'false': 1, 'f': 1}
    return begun.options[words[said.casefold()]].letter if said.casefold() in words else said


def _right(begun: _Begun, said: str) -> set[str]:
    """Return the letters of the right options; raises `Wrong` where they are not known for sure."""
    letters = [option.letter for option in begun.options]
    if len(set(letters)) < len(letters):
        raise Wrong(phrase('two options have the same letter.'))
    listed = {each.strip().upper() for each in re.split('[,;&]', said)} if said else set()
    if said and (not _LETTERS.fullmatch(said) or not listed <= set(letters)):
        raise Wrong(phrase('“{answer}” at the end does not name options of this question.', answer=quoted(said)))
    if listed and begun.starred and listed != begun.starred:
        raise Wrong(phrase('the list at the end names other options than those with a *.'))
    if not (listed or begun.starred):
        raise Wrong(phrase('no option is marked as right. Put a * before it.'))
    return listed or begun.starred


def _essay(begun: _Begun, said: str) -> Question:
    note = '\n'.join([*(option.text for option in begun.options), said])
    return Question(kind=QuestionKind.ESSAY, text='', graders_note=texts.from_plain(note))


def _short_text(begun: _Begun, said: str) -> Question:
    if ',' in said or ';' in said:
        raise Wrong(
            phrase(
                '“{answer}” may be one answer or several. Write each below the question, as “a. …”.',
                answer=quoted(said),
            )
        )
    found = [option.text for option in begun.options] + ([said] if said else [])
    return Question(kind=QuestionKind.SHORT_TEXT, text='', texts=tuple(TextAnswer(pattern=each) for each in found))


def _matching(begun: _Begun, said: str) -> Question:
    halves = [option.text.partition(' = ') for option in begun.options]
    if said or not all(sign for _, sign, _ in halves):
        raise Wrong(phrase('what belongs together has to be written as “a. cat = animal”.'))
    pairs = tuple(Pair(left=texts.from_plain(left), right=texts.plain(right)) for left, _, right in halves)
    return Question(kind=QuestionKind.MATCHING, text='', pairs=pairs)


def _ordering(begun: _Begun, said: str) -> Question:
    if said:
        raise Wrong(phrase('parts to be ordered have to stand below the question in their order.'))
    return Question(
        kind=QuestionKind.ORDERING, text='', order=tuple(texts.from_plain(option.text) for option in begun.options)
    )


_STRAY = phrase('this line belongs to no question.')
_KINDS: Mapping[str, Callable[[_Begun, str], Question]] = {
    **dict.fromkeys(('', 'mc', 'tf', 't/f'), _choice),
    **dict.fromkeys(('mr', 'ma', 'ms'), _choices),
    **dict.fromkeys(('e', 'wr'), _essay),
    **dict.fromkeys(('f', 'fb', 'fib', 'sa', 's'), _short_text),
    **dict.fromkeys(('mt', 'mat'), _matching),
    **dict.fromkeys(('ord', 'o'), _ordering),
}
