"""The figures of a class that the whole room may see: see decision 11."""

from dataclasses import dataclass

from services.live.board import LIVE, OWN, Board

FEWEST = 5
"""learners of whom a share is told; of fewer it would show a person"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The share of each column and of all, in percent; None where it is not told."""

    shares: tuple[int | None, ...]
    percent: int | None


def figures(board: Board) -> Figures:
    """Return the figures of those who are shown: whoever is hidden moves none of them."""
    shown = [learner for learner in board.learners.values() if learner.joined and not learner.is_hidden]
    if len(shown) < FEWEST:
        return Figures(shares=(None,) * len(board.places), percent=None)
    done = list(board.shares)
    for learner in board.learners.values():
        if learner.joined and learner.is_hidden:
            for index, bits in enumerate(learner.cells):
                done[index] -= bool(bits & (LIVE | OWN))
    return Figures(
        shares=tuple(100 * count // len(shown) for count in done),
        percent=100 * sum(done) // max(1, len(shown) * len(board.places)),
    )
