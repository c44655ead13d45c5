"""The wave of a class: how far the learners on the projector were, all together, from its beginning until now."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate, chain, repeat

from sqlalchemy import ColumnElement, Integer, bindparam, case, func, literal_column, select

from models import Progress, table
from models.columns import UtcDateTime
from services import access
from services.access import Actor
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.live.board.board import Board
from services.live.board.public_stats import FEWEST

WIDTHS = tuple(timedelta(seconds=each) for each in (15, 30, 60, 120, 300, 600, 1800, 3600))
LEAST_POINTS, MOST_POINTS = 4, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Of whom and of when the wave is; taken from the board, so that it agrees with all else on the projector."""

    course_id: int
    learners: tuple[int, ...]
    checkpoints: tuple[int, ...]
    moments: tuple[datetime, ...]

    def is_like(self, other: 'Asked') -> bool:
        """Tell whether it is of the same class, learners and checkpoints, if at another time."""
        return replace(self, moments=other.moments) == other and self.moments[0] == other.moments[0]


def asked(board: Board, now: datetime) -> Asked | None:
    """Return what to ask for; None where too few learners are shown, and where the class has only begun."""
    if board.session is None or board.shown < FEWEST or not board.places:
        return None
    moments = _moments(board.session.started_at, now)
    if len(moments) < LEAST_POINTS:
        return None
    return Asked(
        course_id=board.course_id,
        learners=tuple(each.user_id for each in board.learners.values() if each.joined and not each.is_hidden),
        checkpoints=tuple(place.column.checkpoint_id for place in board.places),
        moments=moments,
    )


def of_class(tx: Transaction, actor: Actor | None, wanted: Asked) -> tuple[int, ...]:
    """Return how many percent of their checkpoints the learners had done by each moment.

    What was taken back since then counts as never done.
    """
    access.taught_course(tx, actor, wanted.course_id)
    everything = len(wanted.learners) * len(wanted.checkpoints)
    who = {'course': wanted.course_id, 'users': wanted.learners, 'checkpoints': wanted.checkpoints}
    moments = dict(zip(_PLACES, chain(wanted.moments, repeat(wanted.moments[-1])), strict=False))
    new: dict[int, int] = dict(_DONE_BETWEEN.rows(tx.connection, **who, **moments))
    done = accumulate(new.get(place, 0) for place in range(len(wanted.moments)))
    return tuple(100 * count // max(1, everything) for count in done)


def _moments(start: datetime, now: datetime) -> tuple[datetime, ...]:
    """Return moments from the start on that are equally far apart, and the one that is now."""
    length = max(now - start, timedelta())
    width = next((each for each in WIDTHS if length <= each * MOST_POINTS), length / MOST_POINTS)
    return (*(start + index * width for index in range(-(-length // width))), now)


_progress = table(Progress)
_FIRST = (
    select(func.min(_progress.c.completed_at).label('done_at'))
    .where(
        _progress.c.course_id == bindparam('course'),
        among(_progress.c.user_id, 'users'),
        among(_progress.c.checkpoint_id, 'checkpoints'),
        _progress.c.completed_at.is_not(None),
    )
    .group_by(_progress.c.user_id, _progress.c.checkpoint_id)
    .subquery()
)
"""when a learner was done with a checkpoint first, in class or before it"""
_PLACES = tuple(f'moment_{index}' for index in range(MOST_POINTS + 2))


def _place(first: int, last: int) -> ColumnElement[int]:
    """Return the place of the first moment by which a checkpoint was done, found by halving."""
    if first == last:
        return literal_column(str(first), Integer)
    middle = (first + last) // 2
    is_earlier = _FIRST.c.done_at <= bindparam(_PLACES[middle], type_=UtcDateTime())
    return case((is_earlier, _place(first, middle)), else_=_place(middle + 1, last))


_place_of_each = _place(0, len(_PLACES)).label('place')
_DONE_BETWEEN = Prepared(select(_place_of_each, func.count()).group_by(_place_of_each))
"""How many checkpoints were done between two moments. Each is looked at once: a sum for each moment takes ten times as
long."""
