"""The badges that learners have earned, as the log has them: each once, and for good."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Dialect, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from models import EarnedBadge, Verb, table
from services.core.database import Transaction
from services.core.events import Recorded
from services.core.projection import Form, Part, Projection, State, compared
from services.core.sql.prepared import Prepared
from services.quizzes.mastery import owners_of

Key = tuple[int, int]
"""(user id, badge id)"""
Won = tuple[int, datetime, int]
"""(course id, when it was earned, the activity that says so)"""


def fold(activities: Iterable[Recorded], owners: Mapping[int, int], won: dict[Key, Won]) -> None:
    """Add the badges that activities, oldest first, say were earned."""
    for each in activities:
        if each.verb is Verb.BADGE_EARNED and each.details:
            key = owners.get(each.user_id, each.user_id), int(each.details['badge'])
            won.setdefault(key, (each.of_course, each.happened_at, each.id))


def project(tx: Transaction, activities: Sequence[Recorded]) -> None:
    """Store badges that have just been earned."""
    won: dict[Key, Won] = {}
    fold(activities, owners_of(tx, {each.user_id for each in activities}), won)
    _store(tx, won)


def rebuild(tx: Transaction, part: Part) -> None:
    """Store the badges of some people anew."""
    tx.execute(delete(EarnedBadge).where(col(EarnedBadge.user_id).in_(part.people)))
    _store(tx, part.folded(tx, STATE))


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare the badges of some people with the log."""
    rows = tx.session.scalars(select(EarnedBadge).where(col(EarnedBadge.user_id).in_(part.people)))
    stored = {(row.user_id, row.badge_id): row.model_dump() for row in rows}
    told = {key: _row(key, won) for key, won in part.folded(tx, STATE).items()}
    return list(compared('badge', told, stored))


def _fold_part(_: Transaction, part: Part, won: dict[Key, Won]) -> None:
    fold(part.owned(), {}, won)


def _row(key: Key, won: Won) -> dict[str, object]:
    return dict(zip(_COLUMNS, (*key, *won), strict=True))


def _store(tx: Transaction, won: Mapping[Key, Won]) -> None:
    if won:
        _STORE.each(tx.connection, [_row(key, each) for key, each in won.items()])


_COLUMNS = ('user_id', 'badge_id', 'course_id', 'earned_at', 'activity_id')
_earned = table(EarnedBadge)


def _once(dialect: Dialect) -> sqlite.Insert | postgresql.Insert:
    row = sqlite.insert(_earned) if dialect.name == 'sqlite' else postgresql.insert(_earned)
    return row.on_conflict_do_nothing()


_STORE = Prepared(_once, columns=_COLUMNS)

STATE: State[Key, Won] = State(name='badges', form=Form(list[tuple[Key, Won]]), fold=_fold_part)
PROJECTION = Projection(
    name='badges',
    follows=frozenset({Verb.BADGE_EARNED}),
    project=project,
    rebuild=rebuild,
    states=(STATE,),
    differences=differences,
)
