"""What a learner is sure of, skill by skill, in words first; and what that says of answers still to come.

Learners do not see here what a quiz does not show them yet, nor what a class was not: such answers are left out of what
they are told.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import col

from models import Attempt, Course, LiveQuestion, LiveQuestionState, Quiz, Skill, SkillEstimate
from services import access
from services.access import Actor
from services.core.transaction import Transaction
from services.quizzes import revealing, skill_estimates
from services.quizzes.estimating import ENOUGH, estimate
from services.quizzes.skill_estimates import IN_CLASS, Known

ON_THE_WAY = 60
"""percent from which on a skill is on the way to be mastered"""


class Standing(StrEnum):
    """How it stands with one skill of one learner."""

    SURE = 'sure'
    """the estimate reaches the mark of the course"""
    ON_THE_WAY = 'on_the_way'
    TO_PRACTISE = 'to_practise'
    TOO_EARLY = 'too_early'
    """too few answers to say anything"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillShown:
    """What is said of one skill of one learner."""

    skill_id: int
    name: str
    standing: Standing
    percent: int | None
    """how probably the next answer is right; None where it is too early to say"""
    answers: int
    last_at: datetime
    mastered_at: datetime | None
    """when the estimate reached the mark of the course first"""


def of_learner(tx: Transaction, actor: Actor | None, course_id: int, user_id: int) -> tuple[SkillShown, ...]:
    """Return the skills of a learner in a course that concerns the actor: what to practise comes first."""
    access.learner(tx, actor, user_id, course_id)
    is_own = actor is not None and actor.user_id == user_id
    return told(tx, course_id, known_of(tx, course_id, user_id, for_learner=is_own))


def told(tx: Transaction, course_id: int, known: Mapping[int, Known]) -> tuple[SkillShown, ...]:
    """Return what is said of skills; the caller has checked who may know it."""
    course = tx.session.get_one(Course, course_id)
    shown = [
        _shown(skill_id, name, known[skill_id], mark=course.mastery_percent)
        for skill_id, name in names(tx, course_id).items()
        if skill_id in known and known[skill_id].tenths
    ]
    return tuple(sorted(shown, key=lambda each: (_ORDER[each.standing], each.percent or 0, each.name)))


def known_of(tx: Transaction, course_id: int, user_id: int, *, for_learner: bool) -> dict[int, Known]:
    """Return what the answers of a learner say, by skill; for the learner without what they were not shown yet."""
    mine = col(SkillEstimate.course_id) == course_id, col(SkillEstimate.user_id) == user_id
    known = {
        row.skill_id: Known(
            course_id=row.course_id,
            results=row.results,
            rate=row.rate,
            last_at=row.last_at,
            mastered_at=row.mastered_at,
        )
        for row in tx.session.scalars(select(SkillEstimate).where(*mine))
    }
    if not for_learner:
        return known
    hidden = _hidden(tx, course_id, user_id, skill_estimates.attempts_in(known.values()))
    hidden |= _unsolved(tx, skill_estimates.asked_in(known.values()))
    return {skill_id: _without(each, hidden) for skill_id, each in known.items()}


def names(tx: Transaction, course_id: int) -> dict[int, str]:
    """Return what the skills of a course are called, by their ids."""
    rows = tx.session.scalars(select(Skill).where(col(Skill.course_id) == course_id))
    return {row.id: row.name for row in rows}


def standing_of(known: Known, *, mark: int) -> Standing:
    """Return how it stands with a skill where mastered means so many percent."""
    if len(known.tenths) < ENOUGH:
        return Standing.TOO_EARLY
    percent = _percent(known)
    if percent >= mark:
        return Standing.SURE
    return Standing.ON_THE_WAY if percent >= min(ON_THE_WAY, mark) else Standing.TO_PRACTISE


_ORDER = {Standing.TO_PRACTISE: 0, Standing.ON_THE_WAY: 1, Standing.TOO_EARLY: 2, Standing.SURE: 3}


def _shown(skill_id: int, name: str, known: Known, *, mark: int) -> SkillShown:
    standing = standing_of(known, mark=mark)
    return SkillShown(
        skill_id=skill_id,
        name=name,
        standing=standing,
        percent=None if standing is Standing.TOO_EARLY else _percent(known),
        answers=len(known.tenths),
        last_at=known.last_at,
        mastered_at=known.mastered_at,
    )


def _percent(known: Known) -> int:
    return int(100 * estimate(*known.evidence, known.rate / 100))


def _hidden(tx: Transaction, course_id: int, user_id: int, attempts: Collection[int]) -> set[str]:
    """Return those of a learner's attempts of which they may not know yet what was right."""
    if not attempts:
        return set()
    keeps_back = col(Quiz.shows_score).in_(revealing.LATER) | col(Quiz.shows_right).in_(revealing.LATER)
    quizzes = tx.session.scalars(select(Quiz).where(col(Quiz.course_id) == course_id, keeps_back)).all()
    hidden = [quiz.checkpoint_id for quiz in quizzes if not _may_know(tx, quiz, user_id)]
    if not hidden:
        return set()
    theirs = col(Attempt.checkpoint_id).in_(hidden), col(Attempt.id).in_(attempts)
    return {str(id_) for id_ in tx.session.scalars(select(col(Attempt.id)).where(*theirs))}


def _unsolved(tx: Transaction, asked: Collection[int]) -> set[str]:
    """Return those questions in class whose solution the class was not shown."""
    unsolved = col(LiveQuestion.id).in_(asked), col(LiveQuestion.state) != LiveQuestionState.SOLUTION
    ids = tx.session.scalars(select(col(LiveQuestion.id)).where(*unsolved)) if asked else ()
    return {f'{IN_CLASS}{id_}' for id_ in ids}


def _may_know(tx: Transaction, quiz: Quiz, user_id: int) -> bool:
    sees = revealing.of_quiz(tx, quiz, user_id)
    return sees.score and sees.right


def _without(known: Known, hidden: Collection[str]) -> Known:
    left = {key: said for key, said in known.results.items() if key not in hidden}
    if len(left) == len(known.results):
        return known
    return replace(known, results=left, mastered_at=None)
