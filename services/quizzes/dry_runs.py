"""What a change of a question would mean for those who have answered it, before it is made; nothing is changed."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlmodel import col

from models import AttemptAnswer, Change, User
from services.access import Actor
from services.core.transaction import Transaction
from services.quizzes import bank, checking, class_answers, other_versions, regrading
from services.quizzes.class_answers import Changed
from services.quizzes.question import WHOLE
from services.quizzes.question import Question as Content
from services.quizzes.scores import Sum, rounded_part

MOST_NAMES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How one attempt would come out."""

    attempt_id: int
    user_id: int
    name: str
    before: int
    """score, 0 to 100"""
    after: int
    flips: bool
    """whether it would be passed where it was not, or the other way round"""


@dataclass(frozen=True, slots=True, kw_only=True)
class InClass:
    """What a change would mean for what classes have answered; it counts for skills and in figures, for no grade."""

    answers: int
    up: int
    down: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What a change would mean for attempts that are over."""

    attempts: int
    up: int
    down: int
    """that would lose points, and do so only if they are not to keep the better"""
    flips: int
    moved: tuple[Moved, ...]
    """by name, the first of them"""
    in_class: InClass


def of_change(
    tx: Transaction,
    actor: Actor | None,
    question_id: int,
    content: Content,
    *,
    change: Change,
    keeps_better: bool = True,
) -> DryRun:
    """Return what a change would mean; nothing is changed."""
    bank.taught(tx, actor, question_id)
    content = checking.check(content)
    rows = list(regrading.over(tx, question_id, after=0))
    regrading.check_same_kind(content, change, (known for _, _, known in rows))
    rounded = _rounded(tx, [attempt.id for attempt, _, _ in rows])
    names = _names(tx, {attempt.user_id for attempt, _, _ in rows})
    moved = []
    ups = 0
    for attempt, row, known in rows:
        credit = other_versions.credit_after(change, content, known, answer=row.answer, before=row.credit or 0)
        earned = attempt.earned + row.points * (credit - (row.credit or 0))
        if credit == row.credit or (earned < attempt.earned and keeps_better):
            continue
        before = Sum(possible=attempt.possible, earned=attempt.earned, rounded=rounded.get(attempt.id, 0))
        moves = rounded_part(row.points, credit) - rounded_part(row.points, row.credit)
        after = replace(before, earned=earned, rounded=before.rounded + moves)
        ups += earned > attempt.earned
        moved.append(
            Moved(
                attempt_id=attempt.id,
                user_id=attempt.user_id,
                name=names[attempt.user_id],
                before=before.score,
                after=after.score,
                flips=attempt.is_passed is not None and after.passes(attempt.passing_percent) != attempt.is_passed,
            )
        )
    return DryRun(
        attempts=len(rows),
        up=ups,
        down=len(moved) - ups,
        flips=sum(each.flips for each in moved),
        moved=tuple(sorted(moved, key=lambda each: each.name)[:MOST_NAMES]),
        in_class=_in_class(tx, question_id, Changed(content=content, change=change, keeps_better=keeps_better)),
    )


def _in_class(tx: Transaction, question_id: int, changed: Changed) -> InClass:
    moves = list(class_answers.tried(tx, question_id, changed))
    return InClass(
        answers=len(moves),
        up=sum(after > before for before, after in moves),
        down=sum(after < before for before, after in moves),
    )


def _rounded(tx: Transaction, attempt_ids: Collection[int]) -> dict[int, int]:
    """Return the points of the answers of attempts whose credit was rounded."""
    points = select(col(AttemptAnswer.attempt_id), func.sum(col(AttemptAnswer.points)))
    partly = col(AttemptAnswer.credit).between(1, WHOLE - 1)
    rows = tx.execute(
        points.where(col(AttemptAnswer.attempt_id).in_(attempt_ids), partly).group_by(col(AttemptAnswer.attempt_id))
    )
    return {attempt_id: int(rounded) for attempt_id, rounded in rows}


def _names(tx: Transaction, user_ids: set[int]) -> dict[int, str]:
    rows = tx.execute(select(col(User.id), col(User.name)).where(col(User.id).in_(user_ids)))
    return {id_: name for id_, name in rows}  # noqa: C416 - rows are no pairs to mypy
