"""The question in class as each screen may show it: the key once it is solved, and never a name beside an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from models import LiveQuestionState
from services.live.board import view_builders
from services.live.board.board import Board
from services.live.board.public_stats import FEWEST
from services.live.board.views import Names
from services.live.presence import Presences
from services.live.questions import distribution
from services.live.questions.distribution import Distribution
from services.live.questions.standing import Standing
from services.quizzes import grading, numbers, review
from services.quizzes.answer import Answer
from services.quizzes.question import NumberAnswer, Question, QuestionKind, Tolerance
from services.quizzes.review import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """What is right, as people read it; only the part of the question's kind is filled."""

    options: tuple[int, ...] = ()
    """the places of the right options"""
    texts: tuple[str, ...] = ()
    """numbers with their tolerance, or words in which `*` stands for any letters"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOption:
    """An option of a question in class."""

    place: int
    """in the question; an answer names it"""
    text: str
    """Markdown; True and False have none"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question in class, as far as it has been shown; None is what may not be shown yet."""

    live_question_id: int
    number: int
    state: LiveQuestionState
    kind: QuestionKind
    text: str
    """Markdown"""
    options: tuple[ShownOption, ...]
    """in the order in which everybody sees them"""
    distribution: Distribution | None
    solution: Right | None
    closes_at: datetime | None = None
    """when it closes by itself, while it is open"""
    shows_live: bool = False
    """whether the room sees what is answered while it is open"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A question in class, and how many have answered it."""

    asked: Asked
    answered: int
    here: int
    """those who are in class, or have answered and left"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A question in class as one learner sees it, with their own answer."""

    asked: Asked
    answer: Answer | None
    verdict: Verdict | None
    """None until the solution is shown"""
    feedback: tuple[str, ...]
    """Markdown, each a paragraph; empty until the solution is shown"""


_told: WeakKeyDictionary[Standing, tuple[frozenset[int], Asked]] = WeakKeyDictionary()
"""what the room is shown of a question, and of whom the shares are"""

STEPS = 20
"""how often the shares of an open question move in a large class"""
MOST_LIVE = 1_000
_live: dict[int, tuple[Mapping[int, Answer], Distribution]] = {}
"""by the id of an open question, the shares that the room sees, and the answers of which they are"""

SHOWS_ANSWERS = frozenset({LiveQuestionState.DISTRIBUTION, LiveQuestionState.SOLUTION})


def of_staff(board: Board, presences: Presences) -> Counted | None:
    """Return the question for those who teach, with what was answered as soon as it is closed, or shown."""
    standing = board.question
    if standing is None:
        return None
    answers = [answer for user_id, answer in standing.answers.items() if user_id in board.learners]
    is_closed = standing.state is not LiveQuestionState.OPEN
    shares = None
    if is_closed or standing.shows_live:
        shares = distribution.of_staff(standing.content, standing.shown, answers, solved=is_closed)
    here = view_builders.headcount(board, Names.TEACHER, presences).here
    return Counted(
        asked=asked_of(standing, shares, solved=is_closed), answered=len(answers), here=max(here, len(answers))
    )


def of_room(board: Board, presences: Presences) -> Counted | None:
    """Return the question for the projector: learners who hide count nowhere."""
    standing = board.question
    if standing is None:
        return None
    answers = _of_shown(board, standing)
    here = view_builders.headcount(board, Names.ALIAS, presences).here
    return Counted(asked=_public(board, standing), answered=len(answers), here=max(here, len(answers)))


def of_learner(board: Board, user_id: int) -> Own | None:
    """Return the question for one learner: their own answer, and what the projector shows."""
    standing = board.question
    if standing is None or user_id not in board.learners:
        return None
    answer = standing.answers.get(user_id)
    is_solved = standing.state is LiveQuestionState.SOLUTION
    grade = grading.grade(standing.content, answer)
    return Own(
        asked=_public(board, standing),
        answer=answer,
        verdict=review.verdict_of(grade.credit, is_empty=answer is None) if is_solved else None,
        feedback=grade.feedback if is_solved else (),
    )


def _public(board: Board, standing: Standing) -> Asked:
    """Return what the whole room is shown; made once, because a thousand phones ask for it at the same moment."""
    if _shows_live(standing):
        return asked_of(standing, _live_shares(standing), solved=False)
    if standing.state is not LiveQuestionState.OPEN:
        _live.pop(standing.live_question_id, None)
    who = frozenset(board.learners) - board.hidden
    if (known := _told.get(standing)) and known[0] == who:
        return known[1]
    is_solved = standing.state is LiveQuestionState.SOLUTION
    shares = None
    if standing.state in SHOWS_ANSWERS:
        answers = _of_shown(board, standing)
        shares = distribution.of_room(standing.content, standing.shown, answers, solved=is_solved)
    asked = asked_of(standing, shares, solved=is_solved)
    _told[standing] = who, asked
    return asked


def advance(board: Board) -> bool:
    """Take new answers into the shares that the room sees of an open question; returns whether they have moved.

    They move in steps of five people or more, and of a twentieth of a large class: a person who watches the bars while
    one neighbour taps would otherwise read that answer, and a thousand phones would be drawn anew for each.
    """
    standing = board.question
    if standing is None or not _shows_live(standing):
        return False
    before, _ = _live.get(standing.live_question_id, ({}, None))
    now = {user_id: answer for user_id, answer in standing.answers.items() if _is_shown(board, user_id)}
    changed = sum(before.get(user_id) != now.get(user_id) for user_id in before.keys() | now.keys())
    if changed < max(FEWEST, len(board.learners) // STEPS):
        return False
    while len(_live) >= MOST_LIVE:
        _live.pop(next(iter(_live)))
    answers = list(now.values())
    _live[standing.live_question_id] = (
        now,
        distribution.of_room(standing.content, standing.shown, answers, solved=False),
    )
    return True


def _shows_live(standing: Standing) -> bool:
    return standing.state is LiveQuestionState.OPEN and standing.shows_live


def _live_shares(standing: Standing) -> Distribution:
    if known := _live.get(standing.live_question_id):
        return known[1]
    return distribution.of_room(standing.content, standing.shown, (), solved=False)


def _of_shown(board: Board, standing: Standing) -> list[Answer]:
    return [answer for user_id, answer in standing.answers.items() if _is_shown(board, user_id)]


def _is_shown(board: Board, user_id: int) -> bool:
    return user_id in board.learners and not board.learners[user_id].is_hidden


def asked_of(standing: Standing, shares: Distribution | None, *, solved: bool) -> Asked:
    """Return a question with what may be shown of it; the caller has decided that."""
    content = standing.content
    return Asked(
        live_question_id=standing.live_question_id,
        number=standing.number,
        state=standing.state,
        kind=content.kind,
        text=content.text,
        options=tuple(ShownOption(place=place, text=content.options[place].text) for place in standing.shown),
        distribution=shares,
        solution=_right(content) if solved else None,
        closes_at=standing.closes_at if standing.state is LiveQuestionState.OPEN else None,
        shows_live=standing.shows_live,
    )


def _right(content: Question) -> Right:
    solution = review.solution_of(content)
    return Right(options=solution.options, texts=tuple(map(_number_text, solution.numbers)) + solution.texts)


def _number_text(answer: NumberAnswer) -> str:
    value = numbers.shown(answer.value)
    if not answer.tolerance:
        return value
    if answer.tolerance_kind is Tolerance.NOMINAL:
        return f'{value} ± {numbers.shown(answer.tolerance)}'
    return f'{value} ± {numbers.shown(100 * answer.tolerance)} %'
