"""The figures of a class that the whole room may see: see decision 11."""

from dataclasses import dataclass

from services.live.board.board import Board

FEWEST = 5
"""learners of whom a share is told; of fewer it would show a person"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The share of each column and of all, in percent; None where it is not told."""

    shares: tuple[int | None, ...]
    percent: int | None


def figures(board: Board) -> Figures:
    """Return the figures of the learners who are shown: hidden ones move none of them."""
    percent = class_percent(board)
    if percent is None:
        return Figures(shares=(None,) * len(board.places), percent=None)
    return Figures(
        shares=tuple(100 * count // board.shown for count in board.shown_shares),
        percent=percent,
    )


def class_percent(board: Board) -> int | None:
    """Return what a learner is told of how far the class is: as on the projector, so that nobody shows through."""
    if board.shown < FEWEST:
        return None
    return 100 * sum(board.shown_shares) // max(1, board.shown * len(board.places))
