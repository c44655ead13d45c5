"""From when on learners see what: the score, what is right or wrong, the solution, and the feedback, each by itself."""

from collections.abc import Collection
from dataclasses import dataclass

from models import Quiz, Reveal
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
    is_over = Reveal.AFTER_CLOSE in _reveals(rules) and limits.is_over(tx, quiz, user_id)
    return of_submitted(rules, is_over=is_over)


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


LATER = Reveal.AFTER_CLOSE, Reveal.NEVER
"""when something is shown that is kept back at first"""
_NAMES = 'score', 'right', 'solution', 'feedback'


def _reveals(rules: Rules) -> tuple[Reveal, ...]:
    return rules.shows_score, rules.shows_right, rules.shows_solution, rules.shows_feedback
