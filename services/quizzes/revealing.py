"""From when on learners see what: the score, what is right or wrong, the solution, and the feedback, each by itself."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import case, func, select
from sqlmodel import col

from models import Attempt, AttemptState, Quiz, Reveal
from services.core.transaction import Transaction
from services.quizzes import limits
from services.quizzes.quiz_settings import Rules, rules_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Sees:
    """What a learner may see at some moment."""

    score: bool
    right: bool
    """how right each answer is"""
    solution: bool
    feedback: bool


def of_quiz(tx: Transaction, quiz: Quiz, user_id: int) -> Sees:
    """Return what a learner may see of their attempts that were submitted."""
    rules = rules_of(quiz)
    waits = limits.has_key_wait(quiz) and _may_better(tx, quiz, user_id)
    is_over = (waits or Reveal.AFTER_CLOSE in _reveals(rules)) and limits.is_over(tx, quiz, user_id)
    sees = of_submitted(rules, is_over=is_over)
    return replace(sees, solution=False) if waits and not is_over else sees


def while_going_on(tx: Transaction, quiz: Quiz, user_id: int) -> Sees:
    """Return what a learner may see at once of the answers of an attempt that goes on."""
    sees = of_answer(rules_of(quiz))
    if sees.solution and limits.has_key_wait(quiz) and _has_another(tx, quiz, user_id, _tried(tx, quiz, user_id)):
        return replace(sees, solution=False)
    return sees


def keeps_score(tx: Transaction, asked: Collection[tuple[Quiz, int]]) -> set[tuple[int, int]]:
    """Return of some quizzes, each with a learner, those whose score the learner may not see now.

    As pairs of (checkpoint id, user id).
    """
    later = [(quiz, user_id) for quiz, user_id in asked if quiz.shows_score in LATER]
    waiting = [(quiz, user_id) for quiz, user_id in later if quiz.shows_score is Reveal.AFTER_CLOSE]
    return {(quiz.checkpoint_id, user_id) for quiz, user_id in later} - limits.which_are_over(tx, waiting)


def of_submitted(rules: Rules, *, is_over: bool) -> Sees:
    """Return what may be seen after submitting; `is_over` says whether the quiz has closed."""
    may = {Reveal.AFTER_ANSWER, Reveal.AFTER_SUBMIT} | ({Reveal.AFTER_CLOSE} if is_over else set())
    return Sees(**dict(zip(_NAMES, (reveal in may for reveal in _reveals(rules)), strict=True)))


def of_answer(rules: Rules) -> Sees:
    """Return what may be seen of an answer that was checked while the attempt goes on."""
    shown = (reveal is Reveal.AFTER_ANSWER for reveal in _reveals(rules))
    return Sees(**dict(zip(_NAMES, shown, strict=True)))


def waits_for_last(rules: Rules, sees: Sees) -> bool:
    """Tell whether what would have been right is kept back only because the learner may try again."""
    return rules.shows_solution in limits.AT_ONCE and not sees.solution


LATER = Reveal.AFTER_CLOSE, Reveal.NEVER
"""when something is shown that is kept back at first"""
_NAMES = 'score', 'right', 'solution', 'feedback'


def _reveals(rules: Rules) -> tuple[Reveal, ...]:
    return rules.shows_score, rules.shows_right, rules.shows_solution, rules.shows_feedback


@dataclass(frozen=True, slots=True)
class _Tried:
    """What a learner has done so far of what counts."""

    number: int
    best: int
    """the best score, in percent"""
    is_on: bool
    """whether an attempt goes on"""


def _tried(tx: Transaction, quiz: Quiz, user_id: int) -> _Tried:
    mine = col(Attempt.user_id) == user_id, col(Attempt.checkpoint_id) == quiz.checkpoint_id
    is_on = func.max(case((col(Attempt.state) == AttemptState.IN_PROGRESS, 1), else_=0))
    counted = select(func.count(), func.max(col(Attempt.score)), is_on).where(*mine, ~col(Attempt.is_practice))
    number, best, goes_on = tx.execute(counted).one()
    return _Tried(number, best or 0, bool(goes_on))


def _has_another(tx: Transaction, quiz: Quiz, user_id: int, tried: _Tried) -> bool:
    allowed = limits.attempts_of(tx, quiz, user_id)
    return allowed is None or tried.number < allowed


def _may_better(tx: Transaction, quiz: Quiz, user_id: int) -> bool:
    """Tell whether a learner can still score higher, as far as they know their score."""
    tried = _tried(tx, quiz, user_id)
    knows_all_right = quiz.shows_score in limits.AT_ONCE and tried.best == 100
    return tried.is_on or (not knows_all_right and _has_another(tx, quiz, user_id, tried))
