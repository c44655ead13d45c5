"""What learners have reached, as the log has it: badges, levels, streaks and certificates, each once and for good."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Dialect, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from models import Achievement, AchievementKind, Verb, table
from services.core.events import Recorded
from services.core.projection import Form, Part, Projection, State, compared
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.quizzes.mastery import owners_of

Key = tuple[int, AchievementKind, int]
"""(user id, kind, number)"""
Reached = tuple[int, datetime, int]
"""(course id, when it was reached, the activity that says so)"""

KINDS = MappingProxyType(
    {
        Verb.BADGE_EARNED: (AchievementKind.BADGE, 'badge'),
        Verb.LEVEL_REACHED: (AchievementKind.LEVEL, 'since'),
        Verb.STREAK_REACHED: (AchievementKind.STREAK, 'days'),
        Verb.CERTIFIED: (AchievementKind.CERTIFICATE, ''),
    }
)
"""by verb, with the name that the number has among the details; a certificate has that of its course"""


def fold(activities: Iterable[Recorded], owners: Mapping[int, int], found: dict[Key, Reached]) -> None:
    """Add what activities, oldest first, say was reached."""
    for each in activities:
        if each.verb in KINDS:
            kind, name = KINDS[each.verb]
            number = int((each.details or {})[name]) if name else each.of_course
            key = owners.get(each.user_id, each.user_id), kind, number
            found.setdefault(key, (each.of_course, each.happened_at, each.id))


def project(tx: Transaction, activities: Sequence[Recorded]) -> None:
    """Store what has just been reached."""
    found: dict[Key, Reached] = {}
    fold(activities, owners_of(tx, {each.user_id for each in activities}), found)
    _store(tx, found)


def rebuild(tx: Transaction, part: Part) -> None:
    """Store anew what some people have reached."""
    tx.execute(delete(Achievement).where(col(Achievement.user_id).in_(part.people)))
    _store(tx, part.folded(tx, STATE))


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare what some people have reached with the log."""
    rows = tx.session.scalars(select(Achievement).where(col(Achievement.user_id).in_(part.people)))
    stored = {(row.user_id, row.kind, row.number): row.model_dump() for row in rows}
    told = {key: _row(key, reached) for key, reached in part.folded(tx, STATE).items()}
    return list(compared('achievement', told, stored))


def of_people(tx: Transaction, people: Iterable[int]) -> set[Key]:
    """Return what some people have reached; the caller has checked who may see it."""
    return set(_OF_PEOPLE.rows(tx.connection, people=sorted(people)))


def _fold_part(_: Transaction, part: Part, found: dict[Key, Reached]) -> None:
    fold(part.owned(), {}, found)


def _row(key: Key, reached: Reached) -> dict[str, object]:
    return dict(zip(_COLUMNS, (*key, *reached), strict=True))


def _store(tx: Transaction, found: Mapping[Key, Reached]) -> None:
    if found:
        _STORE.each(tx.connection, [_row(key, each) for key, each in found.items()])


_COLUMNS = ('user_id', 'kind', 'number', 'course_id', 'reached_at', 'activity_id')
_reached = table(Achievement)


def _once(dialect: Dialect) -> sqlite.Insert | postgresql.Insert:
    row = sqlite.insert(_reached) if dialect.name == 'sqlite' else postgresql.insert(_reached)
    return row.on_conflict_do_nothing()


_STORE = Prepared(_once, columns=_COLUMNS)
_OF_PEOPLE = Prepared(
    select(_reached.c.user_id, _reached.c.kind, _reached.c.number).where(among(_reached.c.user_id, 'people'))
)

STATE: State[Key, Reached] = State(name='achievements', form=Form(list[tuple[Key, Reached]]), fold=_fold_part)
PROJECTION = Projection(
    name='achievements',
    follows=frozenset(KINDS),
    project=project,
    rebuild=rebuild,
    states=(STATE,),
    differences=differences,
)
