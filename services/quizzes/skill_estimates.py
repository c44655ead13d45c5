"""How sure each learner is of each skill of a course: a projection of the activity log.

The answers of a graded attempt show skills, and so does an answer in class; the log says of each skill how right they
were, and how many of all answers to it were right by then, so that one learner's estimate can be told from their own
activities alone. What is said of an attempt or of a question in class later, after a regrade, replaces what was said
before; what was mastered stays mastered.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import col

from models import SkillEstimate, Verb, table
from services.core.events import Recorded
from services.core.projection import Form, Part, Projection, State, compared
from services.core.sql.in_list import number_pair_among
from services.core.sql.prepared import Prepared
from services.core.sql.upsert import upsert
from services.core.transaction import Transaction
from services.quizzes.estimating import ENOUGH, estimate, faded
from services.quizzes.mastery import USUAL_MARK, owners_of

Key = tuple[int, int]
"""(user id, skill id)"""
IN_CLASS = 'class:'


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the answers of one learner say of one skill."""

    course_id: int
    results: Mapping[str, str] = field(default_factory=dict)
    """of each attempt, and of each question in class: how right each answer was, in tenths, X for ten; in the order in
    which they were graded, by their `key_of`
    """
    rate: int
    last_at: datetime
    mastered_at: datetime | None = None

    @property
    def tenths(self) -> list[int]:
        """How right each answer was, the oldest first."""
        return [10 if each == 'X' else int(each) for said in self.results.values() for each in said]

    @property
    def evidence(self) -> tuple[float, float]:
        """What was right and what was answered, fading."""
        right, weight = 0.0, 0.0
        for tenths in self.tenths:
            right, weight = faded(right, weight, tenths / 10)
        return right, weight


def said_of(details: Mapping[str, object]) -> Iterator[tuple[int, int, str]]:
    """Yield what an activity says of skills: which one, the rate of all answers to it, and the results."""
    for each in str(details.get('skills', '')).split():
        skill, rate, results = each.split(':')
        yield int(skill), int(rate), results


def key_of(details: Mapping[str, object]) -> str:
    """Return what has shown skills: the id of an attempt, or of a question in class with `IN_CLASS` before it."""
    return str(details['attempt']) if 'attempt' in details else f'{IN_CLASS}{details["live_question"]}'


def attempts_in(known: Iterable[Known]) -> set[int]:
    """Return the attempts of which the answers are."""
    return {int(key) for each in known for key in each.results if not key.startswith(IN_CLASS)}


def asked_in(known: Iterable[Known]) -> set[int]:
    """Return the questions in class of which the answers are, by the ids under which they were asked."""
    return {int(key.removeprefix(IN_CLASS)) for each in known for key in each.results if key.startswith(IN_CLASS)}


def fold(found: dict[Key, Known], activities: Iterable[Recorded]) -> set[Key]:
    """Move what is known by activities, oldest first; returns the keys of what has changed."""
    changed: set[Key] = set()
    for activity in activities:
        details = activity.details or {}
        if activity.verb is not Verb.SKILLS_SHOWN:
            continue
        mark = details.get('mark', USUAL_MARK)
        for skill, rate, results in said_of(details):
            key = (activity.user_id, skill)
            before = found.get(key) or Known(course_id=activity.of_course, rate=rate, last_at=activity.happened_at)
            said = dict(before.results) | {key_of(details): results}
            after = replace(
                before,
                results={shown_by: each for shown_by, each in said.items() if each},
                rate=rate,
                last_at=max(before.last_at, activity.happened_at),
            )
            is_reached = _is_mastered(after, mark if isinstance(mark, int) else USUAL_MARK)
            found[key] = replace(after, mastered_at=before.mastered_at or (activity.at if is_reached else None))
            changed.add(key)
    return changed


def project(tx: Transaction, activities: Sequence[Recorded]) -> None:
    """Bring the table up to date with activities just recorded; a guest's are those of the person who they are."""
    owners = owners_of(tx, {each.user_id for each in activities})
    owned = [replace(each, user_id=owners.get(each.user_id, each.user_id)) for each in activities]
    keys = sorted({(each.user_id, skill) for each in owned for skill, _, _ in said_of(each.details or {})})
    found = {
        (user_id, skill_id): Known(course_id=course_id, results=results, rate=rate, last_at=last, mastered_at=mastered)
        for user_id, skill_id, course_id, results, rate, last, mastered in _STORED.rows(tx.connection, keys=keys)
    }
    changed = fold(found, owned)
    _STORE.each(tx.connection, [_row(key, found[key]) for key in sorted(changed)])


def rebuild(tx: Transaction, part: Part) -> None:
    """Store anew what is known of some people; the work of a guest is that of the person who they turned out to be."""
    tx.execute(delete(SkillEstimate).where(col(SkillEstimate.user_id).in_(part.people)))
    if rows := [_row(key, known) for key, known in part.folded(tx, STATE).items()]:
        _STORE.each(tx.connection, rows)


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare what is known of some people with the log."""
    rows = tx.session.scalars(select(SkillEstimate).where(col(SkillEstimate.user_id).in_(part.people)))
    stored = {(row.user_id, row.skill_id): row.model_dump() for row in rows}
    told = {key: _row(key, known) for key, known in part.folded(tx, STATE).items()}
    return list(compared('skill', told, stored))


def _is_mastered(known: Known, mark: int) -> bool:
    enough = len(known.tenths) >= ENOUGH
    return enough and 100 * estimate(*known.evidence, known.rate / 100) >= mark


def _fold_part(_: Transaction, part: Part, found: dict[Key, Known]) -> None:
    fold(found, part.owned())


def _row(key: Key, known: Known) -> dict[str, object]:
    right, weight = known.evidence
    return {
        'user_id': key[0],
        'skill_id': key[1],
        'course_id': known.course_id,
        'results': dict(known.results),
        'answers': len(known.tenths),
        'tenths': sum(known.tenths),
        'right_share': right,
        'weight': weight,
        'rate': known.rate,
        'last_at': known.last_at,
        'mastered_at': known.mastered_at,
    }


_estimates = table(SkillEstimate)
_NAMES = tuple(SkillEstimate.model_fields)
_READ = ('user_id', 'skill_id', 'course_id', 'results', 'rate', 'last_at', 'mastered_at')
_STORED = Prepared(
    select(*(_estimates.c[name] for name in _READ)).where(
        number_pair_among(_estimates.c.user_id, _estimates.c.skill_id, 'keys')
    )
)
_STORE = upsert(_estimates, _NAMES, key=('user_id', 'skill_id'))

STATE: State[Key, Known] = State(name='skills', form=Form(list[tuple[Key, Known]]), fold=_fold_part)

PROJECTION = Projection(
    name='skills',
    follows=frozenset({Verb.SKILLS_SHOWN}),
    project=project,
    rebuild=rebuild,
    states=(STATE,),
    differences=differences,
)
