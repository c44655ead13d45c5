"""The best score of each learner at each checkpoint, and when it was mastered: a projection of the activity log.

A score comes from an attempt at a quiz, or from another system that tracks it. The best one counts; what was mastered
stays mastered, whatever a regrade does. Practice never counts.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import orjson
from sqlalchemy import ColumnElement, Dialect, Select, bindparam, delete, select
from sqlmodel import col

from models import Course, Mastery, User, Verb, table
from services.core.events import Recorded
from services.core.projection import Form, Part, Projection, State, compared
from services.core.sql.in_list import among, number_pair_among
from services.core.sql.listed import listed
from services.core.sql.prepared import Prepared
from services.core.sql.upsert import upsert
from services.core.transaction import Transaction

USUAL_MARK = 85
"""percent, where the log does not say which mark held. Source: PRODUCT Q6"""

Key = tuple[int, int]
"""(user id, checkpoint id)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mastered:
    """What one learner has reached at one checkpoint."""

    course_id: int
    scores: Mapping[str, int] = field(default_factory=dict)
    best_score: int = 0
    mastered_at: datetime | None = None


def fold(found: dict[Key, Mastered], activities: Iterable[Recorded]) -> set[Key]:
    """Move what was reached by activities, oldest first; returns the keys of what has changed."""
    changed: set[Key] = set()
    for activity in activities:
        details = activity.details or {}
        if activity.verb not in _FOLLOWS or activity.score is None or activity.checkpoint_id is None:
            continue
        if details.get('practice'):
            continue
        key = (activity.user_id, activity.checkpoint_id)
        before = found.get(key) or Mastered(course_id=activity.of_course)
        scores = dict(before.scores) | {str(details.get('attempt', activity.tap_id)): activity.score}
        best = max(scores.values())
        mark = details.get('mark', USUAL_MARK)
        reached = activity.happened_at if isinstance(mark, int) and best >= mark else None
        found[key] = replace(before, scores=scores, best_score=best, mastered_at=before.mastered_at or reached)
        changed.add(key)
    return changed


def project(tx: Transaction, activities: Sequence[Recorded]) -> None:
    """Bring the table up to date with activities just recorded; a guest's are those of the person who they are."""
    owners = owners_of(tx, {each.user_id for each in activities})
    owned = [replace(each, user_id=owners.get(each.user_id, each.user_id)) for each in activities]
    keys = sorted({(each.user_id, each.checkpoint_id) for each in owned if each.checkpoint_id is not None})
    found = {
        (user_id, checkpoint_id): Mastered(course_id=course_id, scores=scores, best_score=best, mastered_at=at)
        for user_id, checkpoint_id, course_id, scores, best, at in _STORED.rows(tx.connection, keys=keys)
    }
    changed = fold(found, owned)
    _STORE.each(tx.connection, [_row(key, found[key]) for key in changed])


def rebuild(tx: Transaction, part: Part) -> None:
    """Store anew what some people have reached; the work of a guest is that of the person who they turned out to be."""
    tx.execute(delete(Mastery).where(col(Mastery.user_id).in_(part.people)))
    if rows := [_row(key, reached) for key, reached in part.folded(tx, STATE).items()]:
        _STORE.each(tx.connection, rows)


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare what some people have reached with the log."""
    rows = tx.session.scalars(select(Mastery).where(col(Mastery.user_id).in_(part.people)))
    stored = {(row.user_id, row.checkpoint_id): row.model_dump() for row in rows}
    told = {key: _row(key, reached) for key, reached in part.folded(tx, STATE).items()}
    return list(compared('mastery', told, stored))


def of_learner(tx: Transaction, course_id: int, user_id: int) -> dict[int, Mastered]:
    """Return what one learner has reached in a course, by checkpoint; the caller has checked who may see it."""
    mine = col(Mastery.course_id) == course_id, col(Mastery.user_id) == user_id
    return {
        row.checkpoint_id: Mastered(
            course_id=course_id, scores=row.scores, best_score=row.best_score, mastered_at=row.mastered_at
        )
        for row in tx.session.scalars(select(Mastery).where(*mine))
    }


def best_scores(tx: Transaction, course_id: int, user_id: int | None = None) -> dict[int, dict[int, int]]:
    """Return the best scores by learner and checkpoint, of a course or of one learner in it.

    The caller has checked who may see them. A row is read for each learner, and not for each of thirty thousand scores.
    """
    if user_id is None:
        rows = _BEST.rows(tx.connection, course=course_id)
    else:
        rows = _OWN_BEST.rows(tx.connection, course=course_id, user=user_id)
    return {whose: dict(zip(orjson.loads(ids), orjson.loads(best), strict=True)) for whose, ids, best in rows}


def best_of(
    tx: Transaction, course_ids: Sequence[int], user_ids: Sequence[int]
) -> dict[tuple[int, int], dict[int, int]]:
    """Return the best scores of some learners in some courses, by (course, learner) and checkpoint."""
    found: dict[tuple[int, int], dict[int, int]] = {}
    for course_id, whose, checkpoint_id, best in _BEST_OF.rows(
        tx.connection, courses=list(course_ids), people=list(user_ids)
    ):
        found.setdefault((course_id, whose), {})[checkpoint_id] = best
    return found


def marks_of(tx: Transaction, course_ids: Collection[int]) -> dict[int, int]:
    """Return from how many percent on something is mastered in each of some courses, each of them read once."""
    return {id_: tx.session.get_one(Course, id_).mastery_percent for id_ in course_ids}


def owners_of(tx: Transaction, user_ids: set[int]) -> dict[int, int]:
    """Return who those of some people who were guests have turned out to be."""
    return dict(_OWNERS.rows(tx.connection, people=sorted(user_ids)))


_FOLLOWS = frozenset({Verb.GRADED, Verb.REGRADED})


def _fold_part(_: Transaction, part: Part, found: dict[Key, Mastered]) -> None:
    fold(found, part.owned())


def _row(key: Key, reached: Mastered) -> dict[str, object]:
    return {
        'user_id': key[0],
        'checkpoint_id': key[1],
        'course_id': reached.course_id,
        'scores': dict(reached.scores),
        'best_score': reached.best_score,
        'mastered_at': reached.mastered_at,
    }


_mastery, _users = table(Mastery), table(User)
_OWNERS = Prepared(
    select(_users.c.id, _users.c.merged_into_id).where(
        among(_users.c.id, 'people'), _users.c.merged_into_id.is_not(None)
    )
)
_NAMES = ('user_id', 'checkpoint_id', 'course_id', 'scores', 'best_score', 'mastered_at')
_STORED = Prepared(
    select(*(_mastery.c[name] for name in _NAMES)).where(
        number_pair_among(_mastery.c.user_id, _mastery.c.checkpoint_id, 'keys')
    )
)


def _best(dialect: Dialect, *where: ColumnElement[bool]) -> Select[int, str, str]:
    lists = (listed(dialect, _mastery.c[name]) for name in ('checkpoint_id', 'best_score'))
    ours = _mastery.c.course_id == bindparam('course')
    return select(_mastery.c.user_id, *lists).where(ours, *where).group_by(_mastery.c.user_id)


_BEST = Prepared(_best)
_OWN_BEST = Prepared(lambda dialect: _best(dialect, _mastery.c.user_id == bindparam('user')))
_BEST_OF = Prepared(
    select(_mastery.c.course_id, _mastery.c.user_id, _mastery.c.checkpoint_id, _mastery.c.best_score).where(
        among(_mastery.c.course_id, 'courses'), among(_mastery.c.user_id, 'people')
    )
)
_STORE = upsert(_mastery, _NAMES, key=('user_id', 'checkpoint_id'))

STATE: State[Key, Mastered] = State(name='mastery', form=Form(list[tuple[Key, Mastered]]), fold=_fold_part)

PROJECTION = Projection(
    name='mastery',
    follows=_FOLLOWS,
    project=project,
    rebuild=rebuild,
    states=(STATE,),
    differences=differences,
)
