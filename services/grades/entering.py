"""Grades as they are typed: a number, a sign for a learner who is excused, or nothing to take back what was set."""

from services.access import Actor
from services.core.database import Transaction
from services.core.errors import Invalid
from services.core.text import check_is_text, line
from services.grades import overrides, sources
from services.grades.grading import graded_checkpoint
from services.grades.overrides import Was

EXCUSED = 'x'
"""what is typed for a learner who is excused"""


def enter(
    tx: Transaction, actor: Actor | None, checkpoint_id: int, *, user_id: int, typed: str, reason: str = ''
) -> Was | None:
    """Set, excuse or take back one grade as it was typed; the score that is there already changes nothing.

    Returns what was set by hand before, for `overrides.put_back`.
    """
    checkpoint = graded_checkpoint(tx, actor, checkpoint_id)
    before = overrides.was(tx, checkpoint_id, user_id)
    score = read(typed)
    if score is None:
        overrides.clear(tx, actor, checkpoint_id, user_id=user_id)
    elif score == EXCUSED:
        overrides.excuse(tx, actor, checkpoint_id, user_id=user_id, reason=reason)
    elif before or not _is_reached(tx, checkpoint.course_id, checkpoint_id, user_id, int(score)):
        overrides.set_score(tx, actor, checkpoint_id, user_id=user_id, score=int(score), reason=reason)
    return before


def read(typed: str) -> int | str | None:
    """Return a score, `EXCUSED`, or None for nothing; raises `Invalid` for anything else."""
    check_is_text(typed)
    typed = line(typed).casefold().removesuffix('%').strip()
    if not typed:
        return None
    if typed == EXCUSED:
        return EXCUSED
    if len(typed) > 3 or not typed.isdecimal() or int(typed) > 100:
        raise Invalid('Type a grade from 0 to 100, “x” for excused, or nothing.', field='score')
    return int(typed)


def _is_reached(tx: Transaction, course_id: int, checkpoint_id: int, user_id: int, score: int) -> bool:
    """Tell whether a learner has reached just this score."""
    return sources.results(tx, course_id, user_id).score_of(user_id, checkpoint_id) == score
