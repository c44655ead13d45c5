"""How long each checkpoint of a class took, and what of it is worth saying."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from services.core.phrases import Phrase, phrase, plural
from services.live.board.learner import LIVE
from services.live.board.public_stats import FEWEST
from services.live.board.views import Column
from services.live.replay.history import Move

SHARES = (50, 90)
"""percent of those who joined, whose moment is told for each checkpoint"""
REMARKABLE = 1.5
"""times as long as planned, or as the other checkpoints, is worth a sentence"""
FAR = 1.5
"""times the middle half beyond it is the reach of a box's whiskers, as in any box plot"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How the times of one checkpoint lie, in seconds: the box, and how far its whiskers go."""

    least: int
    quarters: tuple[int, int, int]
    most: int
    far: tuple[int, ...]
    """what lies beyond the whiskers"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointTimes:
    """How one checkpoint went: when how many were done, and how long it took each; in seconds."""

    column: Column
    planned: int | None
    reached: tuple[int | None, ...]
    """since the class began, by `SHARES`; None if it never was"""
    took: tuple[int, ...]
    """from start to done of each who did it in this class, the quickest first"""

    @property
    def quarters(self) -> tuple[int, int, int] | None:
        """A quarter, half, and three quarters of those took no more than that; None where nobody did it."""
        if len(self.took) < 2:
            return (self.took[0],) * 3 if self.took else None
        first, half, third = quantiles(self.took, n=4, method='inclusive')
        return int(first), int(half), int(third)

    @property
    def half(self) -> int | None:
        """The median."""
        return self.quarters[1] if self.quarters else None

    @property
    def spread(self) -> Spread | None:
        """How the times lie; None where nobody did it."""
        if self.quarters is None:
            return None
        first, _, third = self.quarters
        reach = FAR * (third - first)
        near = [each for each in self.took if first - reach <= each <= third + reach]
        far = tuple(each for each in self.took if not first - reach <= each <= third + reach)
        return Spread(least=near[0], quarters=self.quarters, most=near[-1], far=far)


def times(
    columns: Sequence[Column], planned: Sequence[int | None], moves: Sequence[Move], people: int
) -> tuple[CheckpointTimes, ...]:
    """Tell each checkpoint by the last time that it was done in this class, for those who did not take it back."""
    started: dict[tuple[int, int], int] = {}
    done: list[dict[int, int]] = [{} for _ in columns]
    for move in moves:
        if move.index is None:
            continue
        started.setdefault((move.user_id, move.index), move.second)
        if not move.bits & LIVE:
            done[move.index].pop(move.user_id, None)
        else:
            done[move.index].setdefault(move.user_id, move.second)
    return tuple(
        CheckpointTimes(
            column=column,
            planned=planned[index],
            reached=tuple(_when(sorted(done[index].values()), people, share) for share in SHARES),
            # a clock that was set back must not make the time negative
            took=tuple(sorted(max(0, second - started[user_id, index]) for user_id, second in done[index].items())),
        )
        for index, column in enumerate(columns)
    )


def finding(checkpoints: Sequence[CheckpointTimes]) -> Phrase:
    """Return what stands out among checkpoints that enough finished: most over its plan, or else the slowest."""
    if not any(checkpoint.took for checkpoint in checkpoints):
        return phrase('Nobody finished a step in this class.')
    done = [
        (checkpoint, checkpoint.half)
        for checkpoint in checkpoints
        if checkpoint.half is not None and len(checkpoint.took) >= FEWEST
    ]
    if not done:
        return phrase('Fewer than {count} finished any step: too few to say which one stands out.', count=FEWEST)
    over = [(half / checkpoint.planned, checkpoint, half) for checkpoint, half in done if checkpoint.planned]
    ratio, checkpoint, half = max(over, key=lambda each: each[0], default=(0.0, *done[0]))
    if ratio >= REMARKABLE:
        return phrase(
            'Step {number} took {times} as long as planned: {needed}.',
            number=checkpoint.column.number,
            times=_times(ratio),
            needed=_needed(half),
        )
    checkpoint, half = max(done, key=lambda each: each[1])
    if len(done) == 1:
        return phrase(
            'Step {number} is the only one that {count} or more finished: {needed}.',
            number=checkpoint.column.number,
            count=FEWEST,
            needed=_needed(half),
        )
    ratio = half / max(1.0, median(other for each, other in done if each is not checkpoint))
    if ratio >= REMARKABLE:
        return phrase(
            'Step {number} took {times} as long as the others: {needed}.',
            number=checkpoint.column.number,
            times=_times(ratio),
            needed=_needed(half),
        )
    return phrase(
        'No step stands out. Step {number} took longest: {needed}.',
        number=checkpoint.column.number,
        needed=_needed(half),
    )


def _needed(seconds: int) -> Phrase:
    if seconds < 60:
        return plural('half needed more than {count} second', 'half needed more than {count} seconds', seconds)
    minutes, rest = divmod(seconds // 30, 2)
    amount = f'{minutes}½' if rest else f'{minutes}'
    if amount == '1':
        return phrase('half needed more than a minute')
    return phrase('half needed more than {minutes} minutes', minutes=amount)


def _times(ratio: float) -> Phrase:
    if 1.75 <= ratio < 2.25:
        return phrase('twice')
    amount = f'{ratio:.1f}'.removesuffix('.0')
    return phrase('{ratio} times', ratio=amount)


def _when(moments: Sequence[int], people: int, share: int) -> int | None:
    needed = max(1, -(-people * share // 100))
    return moments[needed - 1] if len(moments) >= needed else None
