"""What screens are given of the help queue: the instructor all of it, a learner what concerns them."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime

from services.live.board.aliases import first_name
from services.live.board.board import Board
from services.live.board.views import Column, Names
from services.live.help.requests import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One open request, as an instructor sees it."""

    request_id: int
    user_id: int
    name: str
    step: Column
    words: str
    asked_at: datetime
    helper_id: int | None
    helper: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRequest:
    """The learner's own open request: the place among those who wait for somebody, or who is on the way."""

    request_id: int
    step: Column
    asked_at: datetime
    place: int
    helper: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A classmate whom this learner may help, or is helping (`is_mine`)."""

    request_id: int
    name: str
    step: Column
    words: str
    is_mine: bool


def queue(board: Board, group: str = '') -> tuple[Waiting, ...]:
    """Return the open requests, or those of one group, in the order in which they were asked."""
    return tuple(
        Waiting(
            request_id=request.id,
            user_id=request.user_id,
            name=board.learners[request.user_id].name,
            step=column,
            words=request.words,
            asked_at=request.asked_at,
            helper_id=request.helper_id,
            helper=_helper(board, request),
        )
        for request, column in _shown(board)
        if not group or board.learners[request.user_id].group == group
    )


def how_many(board: Board) -> int:
    """Return how many need help and have nobody yet."""
    return sum(request.helper_id is None for request, _ in _shown(board))


def own(board: Board, user_id: int) -> OwnRequest | None:
    """Return the open request of a learner."""
    place = 0
    for request, column in _shown(board):
        place += request.helper_id is None
        if request.user_id == user_id:
            return OwnRequest(
                request_id=request.id,
                step=column,
                asked_at=request.asked_at,
                place=place,
                helper=_helper(board, request),
            )
    return None


def offer(board: Board, user_id: int, declined: Container[int] = ()) -> Offer | None:
    """Return whom a learner is helping, else who has waited longest at a checkpoint that this learner has done."""
    first = None
    for request, column in _shown(board):
        if request.helper_id == user_id:
            return _offer(board, request, column, is_mine=True)
        if first is None and request.id not in declined and _is_offered(board, user_id, request):
            first = _offer(board, request, column, is_mine=False)
    return first


def _is_offered(board: Board, user_id: int, request: Request) -> bool:
    """Tell whether nobody comes yet and this classmate may: they are in class and have done that checkpoint."""
    is_free = board.classmates_help and request.helper_id is None
    return is_free and board.learner(user_id).joined and board.has_done(user_id, request.checkpoint_id)


def _shown(board: Board) -> Iterator[tuple[Request, Column]]:
    """Yield the open requests about checkpoints that are on the board, with their columns."""
    if not board.help.requests or not board.is_running:
        return
    columns = {place.column.checkpoint_id: place.column for place in board.places}
    for request in sorted(board.help.requests.values(), key=lambda request: request.id):
        if request.checkpoint_id in columns and request.user_id in board.learners:
            yield request, columns[request.checkpoint_id]


def _helper(board: Board, request: Request) -> str:
    """Return the name of the helper who comes; learners know each other by their first names."""
    if request.helper_id is None:
        return ''
    if request.helper_id in board.learners:
        return _first_name(board, request.helper_id)
    return board.help.helpers.get(request.helper_id, 'Somebody')


def _offer(board: Board, request: Request, column: Column, *, is_mine: bool) -> Offer:
    name = _first_name(board, request.user_id)
    return Offer(request_id=request.id, name=name, step=column, words=request.words, is_mine=is_mine)


def _first_name(board: Board, user_id: int) -> str:
    learner = board.learners[user_id]
    return learner.shown_as.get(Names.FIRST_NAME) or first_name(learner.name, ())
