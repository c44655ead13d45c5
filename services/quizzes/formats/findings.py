"""What a file of questions gives: its questions, what is wrong with it, and what is not taken over."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from services.core.errors import Invalid
from services.core.phrases import Phrase, phrase, plural
from services.quizzes.question import Question

MOST_SAID = 50
"""sentences of each sort; the rest is counted"""
MOST_QUESTIONS = 5_000
MOST_PROBLEMS = 1_000
"""after which the rest of a file is not looked at"""
LONGEST_QUOTE = 40
PICTURE = 'picture:'
"""what the address of a picture begins with in a text, where the picture came along; its name follows"""


class Wrong(Invalid):
    """Something in a file that is wrong; with it, nothing of the file is taken."""


class NotTaken(Exception):
    """A question of a kind that is not taken over; the others are."""

    def __init__(self, sentence: Phrase) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """Where in a file something is: the line it begins in, or which of the questions it is."""

    line: int | None = None
    number: int = 1
    title: str = ''

    def said(self, sentence: Phrase) -> Phrase:
        """Return a sentence with the place that it is about."""
        if self.line is not None:
            return phrase('Line {line}: {problem}', line=self.line, problem=sentence)
        if self.title:
            title = quoted(self.title)
            return phrase('Question {number} “{title}”: {problem}', number=self.number, title=title, problem=sentence)
        return phrase('Question {number}: {problem}', number=self.number, problem=sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question of a file, with the pictures that its texts refer to as `picture:name`."""

    question: Question
    category: str = ''
    """where its bank keeps it, from the outside in, with `/` between"""
    line: int | None = None
    number: int = 1
    """which of the questions of the file it is"""
    pictures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a file gives. With a problem in it, nothing is taken; the questions are there to be shown."""

    questions: tuple[Item, ...] = ()
    problems: tuple[Phrase, ...] = ()
    left_out: tuple[Phrase, ...] = ()
    warnings: tuple[Phrase, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether nothing of the file may be taken."""
        return bool(self.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file of questions, and what it cannot say of them."""

    content: bytes
    left_out: tuple[Phrase, ...] = ()


class Findings:
    """Collects what a file gives while it is read."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.problems: list[Phrase] = []
        self.left_out: list[Phrase] = []
        self.warnings: list[Phrase] = []
        self._lost: Counter[str] = Counter()
        self._unread: Counter[str] = Counter()

    @contextmanager
    def at(self, place: At) -> Iterator[None]:
        """Let what is wrong with a question be noted with its place."""
        try:
            yield
        except Invalid as wrong:
            self.problems.append(place.said(wrong.sentence))
        except NotTaken as other:
            self.left_out.append(place.said(other.sentence))

    def is_full(self, number: int) -> bool:
        """Return whether there are too many questions to go on, and note it, or too many problems."""
        if number <= MOST_QUESTIONS:
            return len(self.problems) >= MOST_PROBLEMS
        self.problems.append(phrase('A file has at most {most} questions. Split it.', most=MOST_QUESTIONS))
        return True

    def lose(self, what: str) -> None:
        """Count that something of a question is not taken over, a key of `_LOST`."""
        self._lost[what] += 1

    def lose_named(self, names: Iterable[str]) -> None:
        """Count what nobody reads in a question, by the names that its file gives it; see `unread`."""
        for name in {quoted(name) for name in names}:
            if name in self._unread or len(self._unread) < MOST_PROBLEMS:
                self._unread[name] += 1

    def read(self) -> Read:
        """Return all of it."""
        lost = [_LOST[what](count) for what, count in self._lost.items()]
        lost += [
            plural('“{name}” of {count} question.', '“{name}” of {count} questions.', count, name=name)
            for name, count in sorted(self._unread.items())
        ]
        return Read(
            questions=tuple(self.items),
            problems=bounded(self.problems),
            left_out=bounded([*lost, *self.left_out]),
            warnings=bounded(self.warnings),
        )


def bounded(said: list[Phrase]) -> tuple[Phrase, ...]:
    """Return the first of many sentences, and how many there are more."""
    more = len(said) - MOST_SAID
    rest = [plural('And {count} more.', 'And {count} more.', more)] if more > 0 else []
    return (*said[:MOST_SAID], *rest)


def quoted(text: str) -> str:
    """Return the beginning of a text, as a sentence repeats it."""
    plain = ' '.join(text[: 4 * LONGEST_QUOTE].split())
    shown = ''.join(letter if letter.isprintable() else '�' for letter in plain)
    return shown if len(shown) <= LONGEST_QUOTE else f'{shown[:LONGEST_QUOTE]}…'


_LOST: Mapping[str, Callable[[int], Phrase]] = {
    'hints': lambda count: plural('The hints of {count} question.', 'The hints of {count} questions.', count),
    'units': lambda count: plural(
        'The units of {count} question with numbers.', 'The units of {count} questions with numbers.', count
    ),
    'template': lambda count: plural('What {count} essay begins with.', 'What {count} essays begin with.', count),
    'attachments': lambda count: plural(
        'The files that {count} essay asks for.', 'The files that {count} essays ask for.', count
    ),
    'penalty': lambda count: plural(
        'What {count} question takes away for each further try.',
        'What {count} questions take away for each further try.',
        count,
    ),
    'files': lambda count: plural(
        '{count} file that is no picture (PNG, JPEG, GIF or WebP).',
        '{count} files that are no pictures (PNG, JPEG, GIF or WebP).',
        count,
    ),
    'pictures': lambda count: plural(
        '{count} picture that did not come along with the file.',
        '{count} pictures that did not come along with the file.',
        count,
    ),
    'remote': lambda count: plural(
        '{count} picture is on another site, and is not copied.',
        '{count} pictures are on other sites, and are not copied.',
        count,
    ),
    'media': lambda count: plural(
        '{count} video, sound or frame in a text.', '{count} videos, sounds or frames in texts.', count
    ),
    'limits': lambda count: plural(
        'How many words {count} essay has to have.', 'How many words {count} essays have to have.', count
    ),
    'subset': lambda count: plural(
        'That {count} question asks for some of its parts; here it asks for all of them.',
        'That {count} questions ask for some of their parts; here they ask for all of them.',
        count,
    ),
    'beside': lambda count: plural(
        '{count} text that stands beside questions.', '{count} texts that stand beside questions.', count
    ),
    'draws': lambda count: plural(
        'That questions are drawn from {count} group, and their points there.',
        'That questions are drawn from {count} groups, and their points there.',
        count,
    ),
    'banks': lambda count: plural(
        '{count} group of questions: they are in a bank that did not come along.',
        '{count} groups of questions: they are in banks that did not come along.',
        count,
    ),
    'tests': lambda count: plural(
        'The parts, the order and the time of {count} test.',
        'The parts, the order and the time of {count} tests.',
        count,
    ),
    'feedback': lambda count: plural(
        '{count} piece of feedback with a condition of its own.',
        '{count} pieces of feedback with conditions of their own.',
        count,
    ),
    'empty': lambda count: plural('{count} option without text.', '{count} options without text.', count),
    'comments': lambda count: plural(
        'The number that {count} question had elsewhere.', 'The numbers that {count} questions had elsewhere.', count
    ),
    'unused': lambda count: plural(
        '{count} file that no question shows.', '{count} files that no question shows.', count
    ),
    'category': lambda count: plural(
        'What {count} category says beside its name.', 'What {count} categories say beside their names.', count
    ),
    'borders': lambda count: plural(
        'That {count} range of numbers is without its borders; here they are right.',
        'That {count} ranges of numbers are without their borders; here they are right.',
        count,
    ),
    'processing': lambda count: plural(
        'How {count} question reckons, beyond which answers are right.',
        'How {count} questions reckon, beyond which answers are right.',
        count,
    ),
}
