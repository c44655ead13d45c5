"""What was answered to a question in class, counted by people: for those who teach, and for the whole room.

The room is shown no share of fewer than five answers, and nothing that a single person has typed.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from services.core.errors import Invalid
from services.live.board.public_stats import FEWEST
from services.quizzes import grading, numbers, short_texts
from services.quizzes.answer import Answer
from services.quizzes.question import WHOLE, Question, QuestionKind

MOST_TYPED = 8
"""different numbers or words that are listed; what is rarer is counted together"""
TWO = 2
"""people who typed the same, from which on the room is shown it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """An option, or what somebody typed, and how many answered that."""

    place: int | None
    """of the option; None for what was typed"""
    text: str
    """Markdown of an option; what was typed as it is"""
    count: int | None
    """None where that would show a person"""
    percent: int | None
    """of those who answered"""
    is_right: bool | None
    """None until the solution is shown"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """The bars in the order of the options, or the most frequent first."""

    answered: int
    bars: tuple[Bar, ...]
    others: int | None = None
    """how many typed something that is not listed; None where that would show a person"""
    others_percent: int | None = None
    is_hidden: bool = False
    """whether too few have answered for shares to be shown"""


def of_staff(
    question: Question, shown: Sequence[int], answers: Collection[Answer], *, solved: bool = True
) -> Distribution:
    """Return what was answered as those who teach see it."""
    return _of(question, shown, answers, solved=solved, at_least=1)


def of_room(question: Question, shown: Sequence[int], answers: Collection[Answer], *, solved: bool) -> Distribution:
    """Return what was answered as the projector and the learners are shown it."""
    if len(answers) >= FEWEST:
        return _of(question, shown, answers, solved=solved, at_least=TWO)
    bare = _of(question, shown, (), solved=solved, at_least=TWO)
    bars = tuple(
        Bar(place=each.place, text=each.text, count=None, percent=None, is_right=each.is_right) for each in bare.bars
    )
    return Distribution(answered=len(answers), bars=bars, is_hidden=True)


def _of(
    question: Question, shown: Sequence[int], answers: Collection[Answer], *, solved: bool, at_least: int
) -> Distribution:
    if question.options:
        return Distribution(answered=len(answers), bars=_options(question, shown, answers, solved=solved))
    return _typed(question, answers, solved=solved, at_least=at_least)


def _options(question: Question, shown: Sequence[int], answers: Collection[Answer], *, solved: bool) -> tuple[Bar, ...]:
    ticks = Counter(place for answer in answers for place in answer.chosen)
    least = 1 if question.kind is QuestionKind.MULTIPLE_CHOICE else WHOLE
    return tuple(
        Bar(
            place=place,
            text=question.options[place].text,
            count=ticks[place],
            percent=_percent(ticks[place], len(answers)),
            is_right=question.options[place].credit >= least if solved else None,
        )
        for place in shown
    )


def _typed(question: Question, answers: Collection[Answer], *, solved: bool, at_least: int) -> Distribution:
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for answer in answers:
        alike[_plain(question, answer.text)].append(answer.text.strip())
    groups = sorted(alike.items(), key=lambda each: (-len(each[1]), each[0]))
    listed = [each for each in groups if len(each[1]) >= at_least][:MOST_TYPED]
    others = len(answers) - sum(len(texts) for _, texts in listed)
    return Distribution(
        answered=len(answers),
        bars=tuple(
            Bar(
                place=None,
                text=plain if question.kind is QuestionKind.NUMERIC else Counter(texts).most_common(1)[0][0],
                count=len(texts),
                percent=_percent(len(texts), len(answers)),
                is_right=_is_right(question, texts[0]) if solved else None,
            )
            for plain, texts in listed
        ),
        others=others,
        others_percent=_percent(others, len(answers)),
    )


def _plain(question: Question, text: str) -> str:
    """Return what answers have in common that mean the same."""
    if question.kind is not QuestionKind.NUMERIC:
        return short_texts.plain(text, question)
    try:
        return numbers.shown(numbers.read(text))
    except Invalid:
        return text.strip()


def _is_right(question: Question, text: str) -> bool:
    return grading.grade(question, Answer(text=text)).credit == WHOLE


def _percent(count: int, people: int) -> int:
    return 100 * count // max(1, people)
