"""Reads questions from a table, one in each row, as spreadsheets keep them; `template` shows how.

Texts are Markdown, as in the editor. What is right is named by the letter, the number or the text of an option.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from services.core.csv import FORMULA_SIGNS, csv_text
from services.core.phrases import phrase
from services.core.sheet_cells import MOST_COLUMNS, Rows
from services.quizzes.formats import texts
from services.quizzes.formats.findings import At, Findings, Item, NotTaken, Read, Wrong, quoted
from services.quizzes.formats.keys import check
from services.quizzes.formats.numbers import band, number_of, points_of, tolerance_of
from services.quizzes.formats.table_columns import (
    MOST_HEADINGS_DOWN,
    OPTION,
    TEMPLATE,
    Columns,
    columns_of,
    is_heading,
    ordinal,
)
from services.quizzes.formats.table_words import FALSE, KIND_OF, NO_KEY, TRUE
from services.quizzes.question import WHOLE, NumberAnswer, Option, Pair, Question, QuestionKind, TextAnswer

DELIMITERS = ',;\t|'

_SEP = re.compile('"?sep=(.)"?', re.IGNORECASE)
_EXAMPLES = (
    ('Moons', 'single choice', 'Which is a moon?', 'Mars', 'Io', 'Vega', '', 'B', '', 1, 'sky', 'Of Jupiter.', ''),
    ('', 'multiple choice', 'Which are planets?', 'Mars', 'Io', 'Venus', '', 'A, C', '', 2, 'sky', '', ''),
    ('', 'true or false', 'The sun is a star.', '', '', '', '', 'true', '', 1, '', '', ''),
    ('', 'number', 'What is π, to two places?', '', '', '', '', '3.14', '0.005', 1, '', '', ''),
    ('', 'short text', 'Who discovered Io?', '', '', '', '', 'Galilei | Galileo Galilei', '', 1, '', '', ''),
    ('', 'matching', 'What belongs together?', 'Io -> Jupiter', 'Titan -> Saturn', '', '', '', '', 1, '', '', ''),
    ('', 'ordering', 'From the sun outwards:', 'Venus', 'Earth', 'Mars', '', '', '', 1, '', '', ''),
    ('', 'essay', 'Why is there day and night?', '', '', '', '', '', '', 5, '', '', ''),
)  # fmt: skip


def template() -> str:
    """Return a table to be filled in, with a question of each kind."""
    return csv_text([TEMPLATE, *_EXAMPLES])


def read(text: str) -> Read:
    """Return the questions of a table that is written as text; raises `Wrong` where it cannot be split."""
    return read_rows(list(_rows(text)))


def read_rows(rows: Rows) -> Read:
    """Return the questions of a table; raises `Wrong` where its columns cannot be recognised."""
    top = next((place for place, (_, cells) in enumerate(rows[:MOST_HEADINGS_DOWN]) if is_heading(cells)), None)
    if top is None:
        raise Wrong(phrase('A table of questions needs the headings “Question” and “Right”. Begin with the template.'))
    columns = columns_of(rows[top][1])
    if columns.twice:
        raise Wrong(
            phrase(
                'The column “{heading}” says the same as one before it. Take one of both out.',
                heading=quoted(columns.twice[0]),
            )
        )
    if columns.has_gap:
        raise Wrong(phrase('A heading of an option is missing between the others, such as “Option 2” or “B”.'))
    findings = Findings()
    findings.left_out += [
        phrase('The column “{heading}”.', heading=quoted(heading)) for heading in dict.fromkeys(columns.unknown)
    ]
    for number, (line, cells) in enumerate(rows[top + 1 :], start=1):
        if findings.is_full(number):
            break
        place = At(line=line, number=number)
        with findings.at(place):
            row = _Row(cells=tuple(cells), columns=columns)
            question = row.question()
            findings.warnings += [place.said(warning) for warning in check(question)]
            findings.items.append(Item(question=question, category=row.fact('category'), line=line, number=number))
    return findings.read()


def looks_like(text: str) -> bool:
    """Return whether a text is a table of questions."""
    try:
        return any(is_heading(cells) for _, cells in islice(_rows(text[:20_000]), MOST_HEADINGS_DOWN))
    except Wrong:
        return False


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that have something in them, split at what gives the headings."""
    first, _, rest = text.partition('\n')
    said = _SEP.fullmatch(first.strip(' ,;\t|') or first)
    if said:
        yield from split(rest, said[1], first_line=2)
        return
    beginning = '\n'.join(text[:20_000].split('\n')[:MOST_HEADINGS_DOWN])
    yield from split(text, max(DELIMITERS, key=lambda delimiter: _known(beginning, delimiter)))


def _known(beginning: str, delimiter: str) -> int:
    rows = csv.reader(io.StringIO(beginning, newline=''), delimiter=delimiter)
    try:
        return max((len(cells) for cells in rows if is_heading(cells)), default=0)
    except csv.Error:
        return 0


def split(text: str, delimiter: str, *, first_line: int = 1) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that have something in them, each with its line; raises `Wrong`."""
    reader = csv.reader(io.StringIO(text, newline=''), delimiter=delimiter, strict=True)
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield first_line + before, cells[:MOST_COLUMNS]
            before = reader.line_num
    except csv.Error as error:
        raise Wrong(
            phrase(
                'Line {line}: this is not a table that can be read ({reason}). Save it as CSV.',
                line=first_line + before,
                reason=str(error),
            )
        ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One row, with what its cells mean."""

    cells: tuple[str, ...]
    columns: Columns

    def question(self) -> Question:
        """Return the question of the row; raises `Wrong`."""
        kind = self._kind()
        return replace(
            _READERS[kind](self),
            kind=kind,
            title=self.fact('title'),
            text=texts.from_markdown(self.fact('text')),
            points=points_of(self.fact('points')),
            tags=tuple(dict.fromkeys(tag.strip() for tag in re.split('[,;|]', self.fact('tags')) if tag.strip())),
            feedback=texts.from_markdown(self.fact('feedback')),
        )

    def fact(self, name: str) -> str:
        """Return what the row says in the column of a fact."""
        return self._cell(self.columns.facts.get(name, len(self.cells)))

    def choice(self) -> Question:
        """Return a question with options."""
        right = {self._option_at(word) for word in self._right_words()}
        options = tuple(
            Option(text=text, credit=WHOLE if place in right else 0, feedback=self._cell(feedback))
            for place, (text, feedback) in enumerate(self._options())
        )
        if len(right) > 1 and self._kind() is QuestionKind.SINGLE_CHOICE:
            raise Wrong(phrase('several options are right; write “multiple choice” as its type.'))
        return Question(kind=QuestionKind.SINGLE_CHOICE, text='', options=options)

    def true_or_false(self) -> Question:
        """Return a statement."""
        word = self.fact('right').casefold()
        if word not in TRUE | FALSE:
            raise Wrong(phrase('“{answer}” is neither “true” nor “false”.', answer=quoted(self.fact('right'))))
        credits = (WHOLE, 0) if word in TRUE else (0, WHOLE)
        options = tuple(Option(credit=credit) for credit in credits)
        return Question(kind=QuestionKind.TRUE_FALSE, text='', options=options)

    def number(self) -> Question:
        """Return a question that asks for a number."""
        self._check_no_options()
        numbers = []
        for written in self._alternatives():
            low, is_range, high = written.partition('..')
            value, _, after = written.replace('+-', '±').partition('±')
            if is_range:
                middle, tolerance = band(number_of(low), number_of(high))
            else:
                middle, tolerance = number_of(value), tolerance_of(after or self.fact('tolerance'))
            numbers.append(NumberAnswer(value=middle, tolerance=tolerance))
        return Question(kind=QuestionKind.NUMERIC, text='', numbers=tuple(numbers))

    def short_text(self) -> Question:
        """Return a question that asks for a word or two."""
        is_of_quizizz = self.columns.is_game and not self.fact('right')
        if not is_of_quizizz:
            self._check_no_options()
        answers = [text for text, _ in self._options()] if is_of_quizizz else self._alternatives()
        found = tuple(TextAnswer(pattern=' '.join(each.split())) for each in answers)
        return Question(kind=QuestionKind.SHORT_TEXT, text='', texts=found)

    def essay(self) -> Question:
        """Return a question that asks for an essay; what is right is for those who grade it."""
        self._check_no_options()
        return Question(kind=QuestionKind.ESSAY, text='', graders_note=self.fact('right'))

    def matching(self) -> Question:
        """Return a question that asks what belongs together."""
        self._check_no_key()
        pairs = []
        for text, _ in self._options():
            left, arrow, right = text.replace('→', '->').partition('->')
            if not arrow:
                raise Wrong(phrase('the pair “{pair}” has no “->”.', pair=quoted(text)))
            pairs.append(Pair(left=left.strip(), right=' '.join(right.split())))
        return Question(kind=QuestionKind.MATCHING, text='', pairs=tuple(pairs))

    def ordering(self) -> Question:
        """Return a question that asks for the order in which its options stand."""
        self._check_no_key()
        return Question(kind=QuestionKind.ORDERING, text='', order=tuple(text for text, _ in self._options()))

    def _check_no_options(self) -> None:
        if self._options():
            raise Wrong(phrase('a question of this type has no options; they would be lost.'))

    def _check_no_key(self) -> None:
        if self.fact('right'):
            raise Wrong(phrase('the options say what is right; leave “Right” empty.'))

    def _kind(self) -> QuestionKind:
        word = ' '.join(re.sub('[-_/]', ' ', self.fact('kind').casefold()).split())
        if word in NO_KEY:
            raise NotTaken(phrase('questions of the kind “{kind}” are not taken over.', kind=word))
        if word and not (self.columns.is_game and word == 'multiple choice'):
            if word not in KIND_OF:
                raise Wrong(phrase('“{word}” is no type of question. See the template.', word=quoted(word)))
            return KIND_OF[word]
        if self._options():
            return QuestionKind.MULTIPLE_CHOICE if len(self._right_words()) > 1 else QuestionKind.SINGLE_CHOICE
        if self.fact('right').casefold() in {'true', 'false'}:
            return QuestionKind.TRUE_FALSE
        raise Wrong(phrase('say in “Type” how this question is answered.'))

    def _options(self) -> list[tuple[str, int]]:
        """Return the options that have a text, each with the column of what is said about it."""
        feedback = self.columns.option_feedback
        found = [(self._cell(place), feedback.get(place, len(self.cells))) for place in self.columns.options]
        while found and not found[-1][0]:
            found.pop()
        if not all(text for text, _ in found):
            raise Wrong(phrase('an option is empty; leave no gap between options.'))
        return found

    def _right_words(self) -> list[str]:
        """Return what names the right options: all of the cell where it is one of them, or else its parts."""
        written = self.fact('right')
        if not self.columns.is_game and any(written == text for text, _ in self._options()):
            return [written]
        return [word.strip() for word in re.split('[,;|\n]', written) if word.strip()]

    def _option_at(self, word: str) -> int:
        """Return which option a letter, number, heading or text names; raises `Wrong` where it could be several."""
        options = self._options()
        named = {place for place, (text, _) in enumerate(options) if text.casefold() == word.casefold()}
        if self.columns.is_game and word.isdecimal():
            named.clear()
        if len(word) == 1 and word.isascii() and word.isalpha():
            named.add(ord(word.lower()) - ord('a'))
        elif word.isascii() and word.isdecimal() and len(word) < 3:
            named.add(int(word) - 1)
        elif heading := OPTION.fullmatch(' '.join(word.casefold().replace('_', ' ').split())):
            named.add(ordinal(heading) - 1)
        if len(named) > 1:
            raise Wrong(phrase('“{word}” could be the place of an option or its text; write its letter.', word=word))
        if not named or not 0 <= min(named) < len(options):
            raise Wrong(phrase('“{word}” is none of the options.', word=quoted(word)))
        return named.pop()

    def _alternatives(self) -> list[str]:
        return [each.strip() for each in re.split('[|\n]', self.fact('right')) if each.strip()]

    def _cell(self, place: int) -> str:
        cell = self.cells[place].strip() if place < len(self.cells) else ''
        return cell[1:] if cell.startswith("'") and cell[1:].lstrip(' ').startswith(FORMULA_SIGNS) else cell


_READERS: dict[QuestionKind, Callable[[_Row], Question]] = {
    QuestionKind.SINGLE_CHOICE: _Row.choice,
    QuestionKind.MULTIPLE_CHOICE: _Row.choice,
    QuestionKind.TRUE_FALSE: _Row.true_or_false,
    QuestionKind.NUMERIC: _Row.number,
    QuestionKind.SHORT_TEXT: _Row.short_text,
    QuestionKind.ESSAY: _Row.essay,
    QuestionKind.MATCHING: _Row.matching,
    QuestionKind.ORDERING: _Row.ordering,
}
