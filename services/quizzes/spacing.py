"""What a learner should look at again today, before it is forgotten: one card for each skill.

Each attempt, and each question in class, is a look at its skills: how much of them was right says how well they were
remembered. From the looks, FSRS (free spaced repetition) says when nine of ten would still remember; then the skill is
due. Nothing is stored.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from fsrs import Card, Rating, Scheduler
from sqlalchemy import exists, select
from sqlmodel import col

from models import Attempt, Checkpoint, Course, Enrollment, LiveQuestion, Question, Quiz, QuizPart, SkillEstimate
from services import access
from services.access import Actor
from services.core.transaction import Transaction
from services.quizzes import skill_estimates, skills
from services.quizzes.skill_estimates import IN_CLASS, Known

FORGOTTEN, HARD = 0.5, 0.75
"""shares of right answers in an attempt: below the first the skill was forgotten, below the second it was hard"""
_scheduler = Scheduler(desired_retention=0.9, learning_steps=(), relearning_steps=(), enable_fuzzing=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToReview:
    """A skill that is due."""

    skill_id: int
    name: str
    due_at: datetime
    last_at: datetime
    """when the learner answered to it last"""
    practice_id: int | None
    """the checkpoint of a quiz for practice that trains it, if there is one"""


@dataclass(frozen=True, slots=True, kw_only=True)
class InCourse:
    """A skill that is due, with its course."""

    course_id: int
    title: str
    """of the course"""
    skill: ToReview


def due(tx: Transaction, actor: Actor | None, course_id: int, user_id: int) -> tuple[ToReview, ...]:
    """Return what a learner of a course that concerns the actor should look at again today, the most urgent first."""
    access.learner(tx, actor, user_id, course_id)
    assert actor is not None
    known = skills.known_of(tx, course_id, user_id, for_learner=actor.user_id == user_id)
    looks = _looks(tx, known.values())
    cards = {skill_id: card for skill_id, each in known.items() if (card := card_of(skill_id, each, looks))}
    today = tx.now.astimezone(actor.zone).date()
    urgent = sorted(
        (card.due, skill_id) for skill_id, card in cards.items() if card.due.astimezone(actor.zone).date() <= today
    )
    if not urgent:
        return ()
    names = skills.names(tx, course_id)
    practices = _practices(tx, course_id, {names[skill_id] for _, skill_id in urgent})
    return tuple(
        ToReview(
            skill_id=skill_id,
            name=names[skill_id],
            due_at=due_at,
            last_at=cards[skill_id].last_review or due_at,
            practice_id=practices.get(names[skill_id]),
        )
        for due_at, skill_id in urgent
    )


def today(tx: Transaction, actor: Actor | None) -> tuple[InCourse, ...]:
    """Return what the actor should look at again today in all courses in which they learn, the most urgent first."""
    actor = access.signed_in(tx, actor)
    courses = tx.execute(
        select(col(Course.id), col(Course.title))
        .join(Enrollment, (col(Enrollment.course_id) == col(Course.id)) & (col(Enrollment.user_id) == actor.user_id))
        .where(
            col(Enrollment.removed_at).is_(None),
            col(Course.deleted_at).is_(None),
            col(Course.archived_at).is_(None),
            exists().where(col(SkillEstimate.course_id) == col(Course.id), col(SkillEstimate.user_id) == actor.user_id),
        )
    )
    found = [
        InCourse(course_id=course_id, title=title, skill=skill)
        for course_id, title in courses.all()
        for skill in due(tx, actor, course_id, actor.user_id)
    ]
    return tuple(sorted(found, key=lambda each: (each.skill.due_at, each.skill.skill_id)))


def card_of(skill_id: int, known: Known, looks: Mapping[str, datetime]) -> Card | None:
    """Return the card of a skill after all looks at it; None before the first."""
    seen = sorted((looks[key], key) for key in known.results if key in looks)
    if not seen:
        return None
    card = Card(card_id=skill_id)
    for at, key in seen:
        card, _ = _scheduler.review_card(card, _rating(known.results[key]), at)
    return card


def _rating(results: str) -> Rating:
    share = sum(10 if each == 'X' else int(each) for each in results) / (10 * len(results))
    return Rating.Again if share < FORGOTTEN else Rating.Hard if share < HARD else Rating.Good


def _looks(tx: Transaction, known: Collection[Known]) -> dict[str, datetime]:
    """Return when attempts were submitted, and when questions were asked in class."""
    attempts, asked = skill_estimates.attempts_in(known), skill_estimates.asked_in(known)
    rows = tx.execute(select(col(Attempt.id), col(Attempt.submitted_at)).where(col(Attempt.id).in_(attempts)))
    looks = {str(id_): at for id_, at in rows if at is not None}
    opened = select(col(LiveQuestion.id), col(LiveQuestion.opened_at)).where(col(LiveQuestion.id).in_(asked))
    return looks | {f'{IN_CLASS}{id_}': at for id_, at in tx.execute(opened)}


def _practices(tx: Transaction, course_id: int, names: Collection[str]) -> dict[str, int]:
    """Return for each skill the first quiz for practice that has a question on it."""
    rows = tx.execute(
        select(col(Quiz.checkpoint_id), col(QuizPart.draw_tag), col(QuizPart.question_id), col(Question.tags))
        .join(QuizPart, col(QuizPart.checkpoint_id) == col(Quiz.checkpoint_id))
        .join(Checkpoint, col(Checkpoint.id) == col(Quiz.checkpoint_id))
        .outerjoin(Question, col(Question.id) == col(QuizPart.question_id))
        .where(
            col(Quiz.course_id) == course_id,
            col(Quiz.is_practice),
            col(Quiz.is_published),
            col(Checkpoint.deleted_at).is_(None),
        )
        .order_by(col(Quiz.checkpoint_id))
    )
    found: dict[str, int] = {}
    for checkpoint_id, tag, question_id, tags in rows:
        trained = set(tags or ()) if question_id is not None else {tag} if tag else set(names)
        for name in trained.intersection(names):
            found.setdefault(name, checkpoint_id)
    return found
