"""Which results quizzes and classes keep back from a learner for now, so that no other way leads to them."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from models import Attempt, AttemptState, LiveAnswer, LiveQuestion, LiveQuestionState, Quiz
from services.core.transaction import Transaction
from services.quizzes import limits, revealing
from services.quizzes.quiz_settings import rules_of
from services.quizzes.skill_estimates import IN_CLASS

_RESULTS = frozenset(
    {'score', 'earned', 'is_passed', 'credit', 'remark', 'marks', 'scores', 'best_score', 'mastered_at'}
)
"""columns that say how right something was"""
_OF_SKILLS = frozenset({'results', 'tenths', 'right_share', 'weight', 'rate', 'mastered_at'})
_SKILLS_SAID = 'skills'


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBack:
    """What a learner may not know yet; whole attempts, where either the score or what was right is kept back."""

    attempts: frozenset[int]
    checkpoints: frozenset[int]
    """of these attempts: what is kept of all attempts at one together is kept back as well"""
    asked: frozenset[int]
    """questions in class whose solution the class was not shown"""

    def without(self, table: str, row: Mapping[str, object]) -> Mapping[str, object]:
        """Return a row that is kept of the learner, with its id or the ids it refers to, without such results."""
        if table == 'skill_estimates':
            return _emptied(row, _OF_SKILLS) if self._hides_any(row['results']) else row
        return self._details_without(_emptied(row, _RESULTS)) if self._hides(table, row) else row

    def _hides(self, table: str, row: Mapping[str, object]) -> bool:
        if table == 'activities':
            details = _details(row)
            return details.get('attempt') in self.attempts or details.get('live_question') in self.asked
        attempt = row.get('id') if table == 'attempts' else row.get('attempt_id')
        if table in {'attempts', 'attempt_answers'}:
            return attempt in self.attempts
        return row.get('checkpoint_id') in self.checkpoints or row.get('live_question_id') in self.asked

    def _hides_any(self, results: object) -> bool:
        hidden = {str(each) for each in self.attempts} | {f'{IN_CLASS}{each}' for each in self.asked}
        return isinstance(results, dict) and not hidden.isdisjoint(results)

    @staticmethod
    def _details_without(row: Mapping[str, object]) -> Mapping[str, object]:
        details = _details(row)
        if _SKILLS_SAID not in details:
            return row
        return {**row, 'details': json.dumps({**details, _SKILLS_SAID: None})}


NOTHING = KeptBack(attempts=frozenset(), checkpoints=frozenset(), asked=frozenset())


def of_person(tx: Transaction, user_id: int, selves: Collection[int]) -> KeptBack:
    """Return what is kept back from a person, who was also some guests; the caller has checked that they ask."""
    found = tx.execute(
        select(Attempt, Quiz)
        .join(Quiz, col(Quiz.checkpoint_id) == col(Attempt.checkpoint_id))
        .where(col(Attempt.user_id).in_(selves))
    )
    rows = [(attempt, quiz) for attempt, quiz in found]
    over = limits.which_are_over(tx, [(quiz, user_id) for quiz in {id(quiz): quiz for _, quiz in rows}.values()])
    hidden = [attempt for attempt, quiz in rows if not _may_know(attempt, quiz, (quiz.checkpoint_id, user_id) in over)]
    return KeptBack(
        attempts=frozenset(attempt.id for attempt in hidden),
        checkpoints=frozenset(attempt.checkpoint_id for attempt in hidden),
        asked=frozenset(_unsolved(tx, selves)),
    )


def _may_know(attempt: Attempt, quiz: Quiz, is_over: bool) -> bool:
    rules = rules_of(quiz)
    if attempt.state is AttemptState.IN_PROGRESS:
        return revealing.of_answer(rules).right
    sees = revealing.of_submitted(rules, is_over=is_over)
    return sees.score and sees.right


def _unsolved(tx: Transaction, selves: Collection[int]) -> Sequence[int]:
    return tx.session.scalars(
        select(col(LiveQuestion.id))
        .join(LiveAnswer, col(LiveAnswer.live_question_id) == col(LiveQuestion.id))
        .where(col(LiveAnswer.user_id).in_(selves), col(LiveQuestion.state) != LiveQuestionState.SOLUTION)
    ).all()


def _details(row: Mapping[str, object]) -> dict[str, object]:
    """Return the details of an activity, which the log keeps as text."""
    try:
        found = json.loads(str(row.get('details') or '{}'))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _emptied(row: Mapping[str, object], names: Collection[str]) -> Mapping[str, object]:
    return {name: None if name in names else value for name, value in row.items()}
