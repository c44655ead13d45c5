"""Reads the table that Brightspace imports: a question is several rows, each of which begins with what it says.

`NewQuestion` begins one; rows for its text, options and points follow. Rows that begin with `//` are remarks.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from services.core.phrases import phrase
from services.core.sheet_cells import Rows
from services.quizzes.formats import texts
from services.quizzes.formats.findings import At, Findings, Item, NotTaken, Read, Wrong, quoted
from services.quizzes.formats.keys import check
from services.quizzes.formats.numbers import credit_of, points_of
from services.quizzes.formats.pictures import Pictures
from services.quizzes.formats.table import split
from services.quizzes.question import WHOLE, CreditRule, Option, Pair, Question, QuestionKind, TextAnswer

_BEGINS = re.compile(r'^"?newquestion"?([,;\t])', re.IGNORECASE | re.MULTILINE)
_PLAIN = re.compile(r'[\w ]+')
"""an expression that says no more than its letters"""
_LAYOUT = frozenset({'inputbox', 'newquestion'})
_LOST = {'id': 'comments', 'hint': 'hints', 'image': 'pictures', 'initialtext': 'template'}
_USUAL = {'difficulty': {'', '1'}}
_SAME = frozenset({'', 'equallyweighted'})
"""what parts of an answer count here, too"""


def looks_like(text: str) -> bool:
    """Tell whether a text is such a table."""
    return _BEGINS.search(text) is not None


def looks_like_rows(rows: Rows) -> bool:
    """Tell whether the rows of a sheet are such a table."""
    return any(_word(cells) == 'newquestion' for _line, cells in rows)


def read(text: str) -> Read:
    """Return the questions of a table that is written as text; raises `Wrong` where it cannot be split."""
    found = _BEGINS.search(text)
    return read_rows(list(split(text, found[1] if found else ',')))


def read_rows(rows: Rows) -> Read:
    """Return the questions of a table."""
    findings = Findings()
    begun: list[_Begun] = []
    for line, cells in rows:
        word = _word(cells)
        if word == 'newquestion':
            begun.append(_Begun(line=line, kind=_cell(cells, 1).upper()))
        elif word.startswith('//'):
            continue
        elif begun and word:
            begun[-1].rows.append((line, cells))
        else:
            findings.problems.append(At(line=line).said(phrase('this row belongs to no question.')))
    for number, each in enumerate(begun, start=1):
        if findings.is_full(number):
            break
        place = At(line=each.line)
        with findings.at(place):
            item = _Reader(each, findings).item(number)
            findings.warnings += [place.said(warning) for warning in check(item.question)]
            findings.items.append(item)
    return findings.read()


@dataclass(slots=True, kw_only=True)
class _Begun:
    """The rows of one question."""

    line: int
    kind: str
    rows: list[tuple[int, Sequence[str]]] = field(default_factory=list)


class _Reader:
    """Reads one question."""

    def __init__(self, begun: _Begun, findings: Findings) -> None:
        self._begun = begun
        self._findings = findings
        self._pictures = Pictures()
        self._read: set[str] = set()

    def item(self, number: int) -> Item:
        """Return the question; raises `Wrong` and `NotTaken`."""
        kind = _KINDS.get(self._begun.kind)
        if kind is None:
            code = quoted(self._begun.kind)
            raise NotTaken(phrase('questions of the kind “{kind}” are not taken over.', kind=code))
        question = replace(
            kind(self),
            title=self._fact('title'),
            text=self._text('questiontext'),
            points=points_of(self._fact('points')),
            feedback=self._text('feedback'),
        )
        self._count_lost()
        return Item(question=question, line=self._begun.line, number=number)

    def written(self) -> Question:
        """Return a question that asks for an essay."""
        return Question(kind=QuestionKind.ESSAY, text='', graders_note=self._text('answerkey'))

    def short_text(self) -> Question:
        """Return a question that asks for a word or two."""
        found, sensitive = [], []
        for cells in self._rows('answer'):
            text, how = _cell(cells, 2), _cell(cells, 3).casefold()
            if how not in {'', 'regexp', 'sensitive', 'insensitive', 'html'}:
                raise _unquoted(cells)
            if how == 'regexp' and not _PLAIN.fullmatch(text):
                raise NotTaken(phrase('answers as expressions, such as “{answer}”, are not taken over.', answer=text))
            sensitive.append(how == 'sensitive')
            found.append(TextAnswer(pattern=' '.join(text.split()), credit=credit_of(_cell(cells, 1))))
        if len(set(sensitive)) > 1:
            self._findings.lose('processing')
        return Question(kind=QuestionKind.SHORT_TEXT, text='', texts=tuple(found), minds_case=all(sensitive))

    def choice(self) -> Question:
        """Return a question with options of which one is chosen."""
        options = tuple(
            replace(self._option(cells), credit=credit_of(_cell(cells, 1))) for cells in self._rows('option')
        )
        return Question(kind=QuestionKind.SINGLE_CHOICE, text='', options=options)

    def choices(self) -> Question:
        """Return a question with options of which several are ticked."""
        options = []
        for cells in self._rows('option'):
            right = _cell(cells, 1)
            if right not in {'0', '1', '100'}:
                raise Wrong(phrase('“{number}” is neither 1 nor 0.', number=quoted(right)))
            options.append(replace(self._option(cells), credit=0 if right == '0' else WHOLE))
        scoring = self._fact('scoring').casefold()
        if scoring not in {'', 'allornothing'}:
            self._findings.lose('processing')
        rule = CreditRule.ALL_OR_NOTHING if scoring == 'allornothing' else CreditRule.GUESS_NEUTRAL
        return Question(kind=QuestionKind.MULTIPLE_CHOICE, text='', options=tuple(options), credit_rule=rule)

    def true_or_false(self) -> Question:
        """Return a statement."""
        options = []
        for word in ('true', 'false'):
            rows = self._rows(word)
            if len(rows) != 1:
                raise Wrong(phrase('the two answers have to be “true” and “false”.'))
            options.append(Option(credit=credit_of(_cell(rows[0], 1)), feedback=self._said(rows[0], 2)))
        return Question(kind=QuestionKind.TRUE_FALSE, text='', options=tuple(options))

    def matching(self) -> Question:
        """Return a question that asks what belongs together: each match names one of the choices."""
        rows = self._rows('choice')
        choices = {_cell(cells, 1): texts.plain(_cell(cells, 2)) for cells in rows}
        pairs, named = [], set()
        for cells in self._rows('match'):
            number = _cell(cells, 1)
            if number not in choices:
                raise Wrong(phrase('“{number}” is the number of no choice.', number=quoted(number)))
            named.add(number)
            pairs.append(Pair(left=self._said(cells, 2), right=choices[number]))
        if len(choices) < len(rows):
            raise Wrong(phrase('two choices have the same number.'))
        pairs += [Pair(right=text) for number, text in choices.items() if number not in named]
        self._tell_scoring()
        return Question(kind=QuestionKind.MATCHING, text='', pairs=tuple(pairs))

    def ordering(self) -> Question:
        """Return a question that asks for the order in which its items stand."""
        order = []
        for cells in self._rows('item'):
            order.append(self._said(cells, 1))
            if _cell(cells, 3):
                self._findings.lose('feedback')
        self._tell_scoring()
        return Question(kind=QuestionKind.ORDERING, text='', order=tuple(order))

    def _tell_scoring(self) -> None:
        if self._fact('scoring').casefold() not in _SAME:
            self._findings.lose('processing')

    def _option(self, cells: Sequence[str]) -> Option:
        return Option(text=self._said(cells, 2), feedback=self._said(cells, 4))

    def _rows(self, word: str) -> list[Sequence[str]]:
        self._read.add(word)
        return [cells for _line, cells in self._begun.rows if _word(cells) == word]

    def _fact(self, word: str) -> str:
        return _cell(self._one(word), 1)

    def _text(self, word: str) -> str:
        return self._said(self._one(word), 1)

    def _one(self, word: str) -> Sequence[str]:
        rows = self._rows(word)
        if len(rows) > 1:
            raise Wrong(phrase('“{word}” is there twice.', word=quoted(rows[1][0])))
        return rows[0] if rows else ()

    def _said(self, cells: Sequence[str], place: int) -> str:
        """Return a text as Markdown; the cell behind it says whether it is HTML, and never anything else."""
        text, how = _cell(cells, place), _cell(cells, place + 1).casefold()
        if how not in {'', 'html'}:
            raise _unquoted(cells)
        return texts.from_html(text, self._pictures, self._findings.lose) if how else texts.from_plain(text)

    def _count_lost(self) -> None:
        for line, cells in self._begun.rows:
            word, said = _word(cells), any(cell.strip() for cell in cells[1:])
            if word in self._read | _LAYOUT or not said or _cell(cells, 1) in _USUAL.get(word, ()):
                continue
            if word in _OF_THE_KEY:
                raise Wrong(phrase('“{word}” in line {line} is no answer to it.', word=quoted(cells[0]), line=line))
            if word in _LOST:
                self._findings.lose(_LOST[word])
            else:
                self._findings.lose_named([cells[0].strip()])


def _word(cells: Sequence[str]) -> str:
    return cells[0].strip().casefold() if cells else ''


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ''


def _unquoted(cells: Sequence[str]) -> Wrong:
    row = quoted(','.join(cells))
    return Wrong(phrase('“{row}” has a comma too many. Put quotes around a text with commas.', row=row))


_OF_THE_KEY = frozenset({'option', 'answer', 'choice', 'match', 'item', 'true', 'false'})
_KINDS: dict[str, Callable[[_Reader], Question]] = {
    'WR': _Reader.written,
    'SA': _Reader.short_text,
    'MC': _Reader.choice,
    'MS': _Reader.choices,
    'TF': _Reader.true_or_false,
    'M': _Reader.matching,
    'O': _Reader.ordering,
}
