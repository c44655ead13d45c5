"""Where grades come from: each kind of work says which of its checkpoints are graded, and what learners have reached.

Another kind joins by adding its source to `SOURCES`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from services.core.transaction import Transaction
from services.grades import assignment_grades, quiz_grades
from services.grades.results import Key, Place, Reached, Results


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One kind of work that is graded; all are asked after the caller has checked who may see it."""

    graded: Callable[[Transaction, int], AbstractSet[int]]
    """returns the ids of the checkpoints of a course that are graded"""
    results: Callable[[Transaction, int, int | None], Results]
    """returns what everybody in a course has reached, or one learner of it"""
    hidden: Callable[[Transaction, int, int], AbstractSet[int]]
    """returns the checkpoints whose score a learner of a course (its id, then theirs) may not see yet"""
    reached: Callable[[Transaction, Sequence[int], Mapping[int, int]], Reached]
    """returns what some learners (by their ids, and by those of guests who they were) have reached in some courses"""
    hidden_of: Callable[[Transaction, Mapping[Place, Collection[int]]], Mapping[Place, AbstractSet[int]]]
    """returns which of some checkpoints with a score their learners may not see yet"""


SOURCES = (
    Source(
        graded=quiz_grades.graded,
        results=quiz_grades.results,
        hidden=quiz_grades.hidden,
        reached=quiz_grades.reached,
        hidden_of=quiz_grades.hidden_of,
    ),
    Source(
        graded=assignment_grades.graded,
        results=assignment_grades.results,
        hidden=assignment_grades.hidden,
        reached=assignment_grades.reached,
        hidden_of=assignment_grades.hidden_of,
    ),
)


def graded(tx: Transaction, course_id: int) -> set[int]:
    """Return the ids of all checkpoints of a course that are graded."""
    return {checkpoint_id for source in SOURCES for checkpoint_id in source.graded(tx, course_id)}


def results(tx: Transaction, course_id: int, user_id: int | None = None) -> Results:
    """Return what everybody in a course has reached, or one learner of it, of all sources."""
    found = [source.results(tx, course_id, user_id) for source in SOURCES]
    scores: dict[int, Mapping[int, int]] = {}
    late: dict[Key, datetime] = {}
    waiting: set[Key] = set()
    later: dict[int, dict[int, datetime]] = defaultdict(dict)
    for each in found:
        for whose, own in each.by_learner.items():
            scores[whose] = {**scores[whose], **own} if whose in scores else own
        late.update(each.late)
        waiting.update(each.waiting)
        for whose, dates in each.later.items():
            later[whose].update(dates)
    return Results(by_learner=scores, late=late, waiting=waiting, later=dict(later))


def hidden(tx: Transaction, course_id: int, user_id: int) -> set[int]:
    """Return the checkpoints whose score a learner may not see yet."""
    return {checkpoint_id for source in SOURCES for checkpoint_id in source.hidden(tx, course_id, user_id)}


def reached(tx: Transaction, course_ids: Sequence[int], owners: Mapping[int, int]) -> Reached:
    """Return what some learners have reached in some courses, in as many statements for a hundred as for one.

    `owners` are the learners by their own ids, and by those of the guests who have turned out to be them.
    """
    scores: dict[Place, dict[int, int]] = defaultdict(dict)
    waiting: dict[Place, set[int]] = defaultdict(set)
    later: dict[Place, dict[int, datetime]] = defaultdict(dict)
    for each in [source.reached(tx, course_ids, owners) for source in SOURCES]:
        for place, own in each.scores.items():
            scores[place].update(own)
        for place, ids in each.waiting.items():
            waiting[place].update(ids)
        for place, dates in each.later.items():
            later[place].update(dates)
    return Reached(scores=dict(scores), waiting=dict(waiting), later=dict(later))


def hidden_of(tx: Transaction, scored: Mapping[Place, Collection[int]]) -> dict[Place, set[int]]:
    """Return which of some checkpoints with a score may not be seen yet by their learner, by their places."""
    found: dict[Place, set[int]] = defaultdict(set)
    for source in SOURCES:
        for place, ids in source.hidden_of(tx, scored).items():
            found[place].update(ids)
    return dict(found)
