"""Grades as they are typed: a number, a sign for a learner who is excused, or nothing to take back what was set."""

from dataclasses import dataclass
from types import EllipsisType

from models import Checkpoint
from services import access
from services.access import Actor
from services.core.errors import Invalid, Refused
from services.core.text import check_is_text, line
from services.core.transaction import Transaction
from services.grades import overrides, sources
from services.grades.grading import graded_checkpoint
from services.grades.overrides import HIGHEST, Was

EXCUSED = 'x'
"""what is typed for a learner who is excused"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What was set by hand before a grade was typed, and after that, for `overrides.put_back`."""

    before: Was | None
    after: Was | None


def enter(
    tx: Transaction,
    actor: Actor | None,
    checkpoint_id: int,
    *,
    user_id: int,
    typed: str,
    reason: str = '',
    seen: int | str | EllipsisType | None = ...,
) -> Entered:
    """Set, excuse or take back one grade as it was typed; the score that is there already changes nothing.

    `seen` is the grade that the person saw as they typed: a score, `EXCUSED`, or None for nothing. Where another one
    is there now, `Refused` says so with the field `seen`, so that nobody overwrites silently; left out, nothing is
    compared.
    """
    checkpoint = graded_checkpoint(tx, actor, checkpoint_id)
    access.enrollment(tx, checkpoint.course_id, user_id, locked=True)  # two who type do so one after the other
    before = overrides.was(tx, checkpoint_id, user_id)
    score = read(typed)
    if seen is not ...:
        _check_seen(tx, checkpoint, user_id, before, seen, score)
    if score is None:
        overrides.clear(tx, actor, checkpoint_id, user_id=user_id)
    elif score == EXCUSED:
        overrides.excuse(tx, actor, checkpoint_id, user_id=user_id, reason=reason)
    elif before or not _is_reached(tx, checkpoint.course_id, checkpoint_id, user_id, int(score)):
        overrides.set_score(tx, actor, checkpoint_id, user_id=user_id, score=int(score), reason=reason)
    return Entered(before=before, after=overrides.was(tx, checkpoint_id, user_id))


def read(typed: str) -> int | str | None:
    """Return a score, `EXCUSED`, or None for nothing; raises `Invalid` for anything else."""
    check_is_text(typed)
    typed = line(typed).casefold().removesuffix('%').strip()
    if not typed:
        return None
    if typed == EXCUSED:
        return EXCUSED
    if len(typed) > 3 or not typed.isdecimal() or int(typed) > HIGHEST:
        raise Invalid(
            'Type a whole number from 0 to {most}, “x” for excused, or nothing. More than 100 is extra credit.',
            most=HIGHEST,
            field='score',
        )
    return int(typed)


def _check_seen(
    tx: Transaction,
    checkpoint: Checkpoint,
    user_id: int,
    by_hand: Was | None,
    seen: int | str | None,
    typed: int | str | None,
) -> None:
    """Refuse to overwrite a grade that the person has not seen; one that is there already may be typed again."""
    there = _there(tx, checkpoint, user_id, by_hand)
    if there in (seen, typed):
        return
    if by_hand is None:
        raise Refused('The grade is {grade} by now.', grade='–' if there is None else there, field='seen')
    raise Refused(
        '{name} has set another grade meanwhile: {grade}.',
        name=by_hand.by,
        grade=EXCUSED if there is None else there,
        field='seen',
    )


def _there(tx: Transaction, checkpoint: Checkpoint, user_id: int, by_hand: Was | None) -> int | str | None:
    """Return the grade that a learner has now, as it is typed."""
    if by_hand is not None:
        return EXCUSED if by_hand.score is None else by_hand.score
    return sources.results(tx, checkpoint.course_id, user_id).score_of(user_id, checkpoint.id)


def _is_reached(tx: Transaction, course_id: int, checkpoint_id: int, user_id: int, score: int) -> bool:
    """Tell whether a learner has reached just this score."""
    return sources.results(tx, course_id, user_id).score_of(user_id, checkpoint_id) == score
