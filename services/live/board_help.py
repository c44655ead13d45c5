"""The help queue on the board: loaded with it, and moved by the same events."""

from dataclasses import fields
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from models import HelpRequest, User
from services import help_requests
from services.core.database import Transaction
from services.core.events import Recorded
from services.help_requests import Request

if TYPE_CHECKING:
    from services.live.board import Board, Touched

STUCK = 8
"""The bit of a cell that says that somebody waits for help with it."""


def load(tx: Transaction, board: 'Board') -> None:
    """Put the open requests of a course onto its fresh board; who is out of the course waits for nobody."""
    query = select(HelpRequest).where(
        col(HelpRequest.course_id) == board.course_id, col(HelpRequest.resolved_at).is_(None)
    )
    asked = (row for row in tx.session.scalars(query.order_by(col(HelpRequest.id))) if row.user_id in board.learners)
    for row in asked:
        _put(board, row.user_id, Request(**{field.name: getattr(row, field.name) for field in fields(Request)}))
    helping = {request.helper_id for request in board.requests.values() if request.helper_id}
    if helping:
        names = tx.execute(select(col(User.id), col(User.name)).where(col(User.id).in_(helping)))
        board.helpers.update(dict(names.all()))


def record(board: 'Board', activity: Recorded, touched: 'Touched') -> None:
    """Move the queue by an activity, if it is about help."""
    if activity.verb not in help_requests.MOVING:
        return
    user_id, _ = help_requests.key_of(activity)
    before = board.requests.get(user_id)
    after = help_requests.moved(before, activity)
    if after is None or after == before or user_id not in board.learners:
        return
    index = _put(board, user_id, after)
    if index is not None:
        touched.cells.add((user_id, index))
    touched.help = True
    for who in {user_id} | _behind(board, after) | _helping(board, before or after, after):
        board.learners[who].version += 1
        touched.helped.add(who)


def _put(board: 'Board', user_id: int, request: Request) -> int | None:
    """Take over a request; returns the column in which somebody is now stuck, or no longer."""
    index = board.index_of(request.checkpoint_id)
    if request.resolved_at:
        board.requests.pop(user_id, None)
    else:
        board.requests[user_id] = request
    if index is None or user_id not in board.learners:
        return None
    learner = board.learners[user_id]
    bits = learner.cells[index]
    return index if board.mark(learner, index, bits & ~STUCK if request.resolved_at else bits | STUCK) else None


def _behind(board: 'Board', moved: Request) -> set[int]:
    """Return whose place in the queue may be another one now."""
    return {request.user_id for request in board.requests.values() if request.id > moved.id} & board.learners.keys()


def _helping(board: 'Board', before: Request, after: Request) -> set[int]:
    """Return the classmates to whom this is, or was, offered."""
    named = before.helper_id, after.helper_id
    helpers = {user_id for user_id in board.learners if user_id in named}
    if board.classmates_help:
        helpers |= {user_id for user_id in board.learners if board.has_done(user_id, after.checkpoint_id)}
    return helpers
