r"""Reads GIFT, which teachers write by hand: a blank line ends a question, and what is right stands in braces.

The rules are those of Moodle: lines that begin with `//` are comments, the first `{` and the first `}` count, and a
backslash takes a sign its meaning. Signs after a backslash are hidden first, so that a text is searched for signs only.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from services.core.phrases import Phrase, phrase
from services.quizzes.formats import look_alikes, texts
from services.quizzes.formats.categories import category_of
from services.quizzes.formats.findings import At, Findings, Item, Read, Wrong, quoted
from services.quizzes.formats.gift_braces import TRUE_OR_FALSE, parted
from services.quizzes.formats.keys import check
from services.quizzes.formats.numbers import band, credit_of, made_whole, number_of, tolerance_of
from services.quizzes.formats.pictures import Pictures
from services.quizzes.question import WHOLE, CreditRule, NumberAnswer, Option, Pair, Question, QuestionKind, TextAnswer

CATEGORY = '$CATEGORY:'
_SIGNS = '\\~=#{}:n'
_HIDDEN = {sign: chr(0xFDD0 + place) for place, sign in enumerate(_SIGNS)}
"""characters that no text has"""
_SHOWN = {ord(hidden): '\n' if sign == 'n' else sign for sign, hidden in _HIDDEN.items()}
_ESCAPE = re.compile(r'\\([\\~=#{}:n])')
_TAG = re.compile(r'\[tag:([^\]<>`]{1,100})\]')
_ID = re.compile(r'\[id:[^\]]')
_FORMAT = re.compile(r'\[(html|moodle|plain|markdown)\]')
_RIGHT = re.compile(r'~\s*=')
"""how some programs mark the right option, instead of with “=” alone"""
_WEIGHT = re.compile(r'%[ \t]{0,3}([^%\s]{1,20})[ \t]{0,3}%')
_HALF_A_WEIGHT = re.compile(r'%[% \t]{0,3}-?\d')


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """The lines of one question, without comments and with hidden signs."""

    line: int
    text: str
    tags: tuple[str, ...] = ()
    has_id: bool = False
    """whether a comment gives it a number, which Moodle would keep"""


def read(text: str) -> Read:
    """Return the questions of a file."""
    findings = Findings()
    category = ''
    number = 0
    for block in _blocks(text):
        if block.text.startswith(CATEGORY):
            named, _, rest = block.text.partition('\n')
            category = category_of(_shown(named.removeprefix(CATEGORY)))
            if not rest.strip():
                continue
            block = replace(block, text=rest.strip(), line=block.line + 1)
        number += 1
        if findings.is_full(number):
            break
        place = At(line=block.line, number=number)
        with findings.at(place):
            findings.items.append(_Reader(block, findings, place).item(category))
    return findings.read()


def _blocks(text: str) -> Iterator[_Block]:
    """Yield what stands between blank lines."""
    hidden = text.translate(dict.fromkeys(_SHOWN))
    lines: list[str] = []
    tags: list[str] = []
    first = 1
    has_id = False
    for number, line in enumerate([*hidden.split('\n'), ''], start=1):
        plain = line.strip()
        if plain.startswith('//'):
            tags += [tag.strip() for tag in _TAG.findall(plain)]
            has_id = has_id or _ID.search(plain) is not None
        elif plain:
            first = first if lines else number
            lines.append(line)
        else:
            if lines:
                written = _ESCAPE.sub(lambda found: _HIDDEN[found[1]], '\n'.join(lines).strip())
                yield _Block(line=first, text=written, tags=tuple(dict.fromkeys(tags)), has_id=has_id)
            lines, tags, has_id = [], [], False


def _shown(text: str) -> str:
    return look_alikes.unescaped(text.translate(_SHOWN).strip())


class _Reader:
    """Reads one question."""

    def __init__(self, block: _Block, findings: Findings, place: At) -> None:
        self._block = block
        self._findings = findings
        self._place = place
        self._pictures = Pictures()
        self._format = 'moodle'

    def item(self, category: str) -> Item:
        """Return the question; raises `Wrong` and `NotTaken`."""
        look_alikes.check_text(self._block.text)
        title, rest = self._title()
        stem, answers = parted(rest)
        likely = list(look_alikes.check_answers(answers))
        if found := _FORMAT.match(stem):
            self._format = found[1]
        answers, mark, feedback = answers.rpartition('####') if '####' in answers else (answers, '', '')
        kind = _kind_of(answers.strip())
        question = replace(
            kind(self, answers.strip()),
            title=title,
            text=self._said(stem),
            tags=self._block.tags,
            feedback=self._said(feedback) if mark else '',
        )
        if self._block.has_id:
            self._findings.lose('comments')
        for warning in (*likely, *check(question)):
            self._warn(self._place.said(warning))
        line, number, pictures = self._place.line, self._place.number, dict(self._pictures.kept)
        return Item(question=question, category=category, line=line, number=number, pictures=pictures)

    def essay(self, _: str) -> Question:
        """Return a question with nothing in its braces."""
        return Question(kind=QuestionKind.ESSAY, text='')

    def true_or_false(self, answers: str) -> Question:
        """Return a statement; what is said of a wrong answer stands before what is said of a right one."""
        word, wrong, right, *_ = [*answers.split('#', 2), '', '']
        is_true = word.strip().upper() in {'T', 'TRUE'}
        said = {is_true: self._said(right), not is_true: self._said(wrong)}
        options = tuple(
            Option(credit=WHOLE if value is is_true else 0, feedback=said[value]) for value in (True, False)
        )
        return Question(kind=QuestionKind.TRUE_FALSE, text='', options=options)

    def number(self, answers: str) -> Question:
        """Return a question that asks for a number."""
        right, mark, feedback = answers.removeprefix('#').partition('~')
        numbers = [self._number(answer) for answer in _split(right, '=', needs_first=False)]
        if mark:
            said = self._said(feedback.strip().removeprefix('#'))
            numbers.append(NumberAnswer(value=Decimal(0), credit=0, feedback=said, is_any=True))
        return Question(kind=QuestionKind.NUMERIC, text='', numbers=tuple(numbers))

    def _number(self, answer: str) -> NumberAnswer:
        credit, written, feedback = self._weighed(answer, otherwise=WHOLE)
        value, tolerance = _number_and_tolerance(_shown(written))
        is_any = value is None
        return NumberAnswer(
            value=value or Decimal(0), tolerance=tolerance, credit=credit, feedback=feedback, is_any=is_any
        )

    def choice(self, answers: str) -> Question:
        """Return a question with options, of which several are right where none is marked with `=`."""
        answers = _RIGHT.sub('=', answers)
        is_single = '=' in answers
        found = [
            self._weighed(option.removeprefix('='), otherwise=WHOLE if option.startswith('=') else 0)
            for option in _split(answers.replace('=', '~='), '~')
        ]
        credits = [credit for credit, _, _ in found]
        options = tuple(
            Option(text=self._said(text), credit=credit, feedback=feedback)
            for credit, (_, text, feedback) in zip(credits if is_single else made_whole(credits), found, strict=True)
        )
        kind = QuestionKind.SINGLE_CHOICE if is_single else QuestionKind.MULTIPLE_CHOICE
        rule = CreditRule.GUESS_NEUTRAL if is_single else CreditRule.OWN_WEIGHTS
        return Question(kind=kind, text='', options=options, credit_rule=rule)

    def matching(self, answers: str) -> Question:
        """Return a question that asks what belongs together."""
        pairs = []
        for pair in _split(answers, '='):
            left, arrow, right = pair.partition('->')
            if not arrow:
                raise Wrong(phrase('the pair “{pair}” has no “->”.', pair=quoted(_shown(pair))))
            pairs.append(Pair(left=self._said(left), right=self._literal(right)))
        return Question(kind=QuestionKind.MATCHING, text='', pairs=tuple(pairs))

    def short_text(self, answers: str) -> Question:
        """Return a question that asks for a word or two."""
        if '=' not in answers:
            self._warn(
                self._place.said(
                    phrase('“{answer}” has no “=” before it, and is taken as an answer.', answer=quoted(answers))
                )
            )
        found = []
        for answer in _split(answers, '=', needs_first='=' in answers):
            credit, written, feedback = self._weighed(answer, otherwise=WHOLE)
            found.append(TextAnswer(pattern=self._literal(written), credit=credit, feedback=feedback))
        return Question(kind=QuestionKind.SHORT_TEXT, text='', texts=tuple(found))

    def _title(self) -> tuple[str, str]:
        text = self._block.text
        if not text.startswith('::'):
            return '', text
        title, mark, rest = text[2:].partition('::')
        if mark:
            return texts.plain(_shown(title)), rest.strip()
        self._warn(self._place.said(phrase('the title has no “::” at its end, and is taken as text.')))
        return '', text[2:].strip()

    def _weighed(self, answer: str, *, otherwise: int) -> tuple[int, str, str]:
        """Return the credit, the text and the feedback of an answer."""
        written = answer.strip()
        weight = _WEIGHT.match(written)
        if not weight and _HALF_A_WEIGHT.match(written):
            said = phrase('“{answer}” has no second “%”, and is taken as an answer.', answer=quoted(written))
            self._warn(self._place.said(said))
        text, _, feedback = (written[weight.end() :] if weight else written).partition('#')
        return credit_of(weight[1]) if weight else otherwise, text.strip(), self._said(feedback)

    def _said(self, written: str) -> str:
        """Return a text as Markdown, in the format that it names, or that of the question."""
        named, text = self._formatted(written)
        match named:
            case 'markdown':
                return texts.from_markdown(text.strip())
            case 'html':
                return texts.from_html(text, self._pictures, self._findings.lose)
            case 'plain':
                return texts.from_plain(text)
            case _:
                return texts.from_mixed(text, self._pictures, self._findings.lose)

    def _literal(self, written: str) -> str:
        named, text = self._formatted(written)
        return texts.literal(text, is_html=named in {'html', 'moodle'})

    def _formatted(self, written: str) -> tuple[str, str]:
        text = _shown(written)
        found = _FORMAT.match(text)
        return (found[1], text[found.end() :]) if found else (self._format, text)

    def _warn(self, warning: Phrase) -> None:
        self._findings.warnings.append(warning)


def _kind_of(answers: str) -> Callable[[_Reader, str], Question]:
    if not answers:
        return _Reader.essay
    if answers.startswith('#'):
        return _Reader.number
    if '~' in answers:
        return _Reader.choice
    if '=' in answers and '->' in answers:
        return _Reader.matching
    is_statement = answers.partition('#')[0].strip().upper() in TRUE_OR_FALSE
    return _Reader.true_or_false if is_statement else _Reader.short_text


def _split(answers: str, mark: str, *, needs_first: bool = True) -> list[str]:
    """Return the answers that begin with a mark each; only the first may do without, where that is usual."""
    first, *rest = answers.split(mark)
    if not first.strip():
        return [answer.strip() for answer in rest]
    if needs_first:
        raise Wrong(phrase('“{answer}” has no “=” or “~” before it.', answer=quoted(_shown(first))))
    return [answer.strip() for answer in (first, *rest)]


def _number_and_tolerance(written: str) -> tuple[Decimal | None, Decimal]:
    """Return a number and how far from it an answer may be; None stands for any number."""
    if written == '*':
        return None, Decimal(0)
    low, range_mark, high = written.partition('..')
    if range_mark and not high.startswith('.'):
        return band(number_of(low), number_of(high))
    value, _, tolerance = written.partition(':')
    return number_of(value), tolerance_of(tolerance)
