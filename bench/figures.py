"""Figures: what was measured in each round, the median, the goal, and the table that shows them."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Figure:
    """One line of the table; `rounds` has one value per round, `peer` likewise for the alternative.

    What must never happen counts by its worst round (`worst`), everything else by the median.
    """

    key: str
    work: str
    name: str
    unit: str
    goal: float | None = None
    rounds: list[float] = field(default_factory=list)
    peer: list[float] = field(default_factory=list)
    times_peer: float | None = None
    worst: bool = False
    more: bool = False
    """whether more is better"""

    @property
    def value(self) -> float | None:
        """What all rounds together say."""
        return self._of(self.rounds)

    @property
    def peer_value(self) -> float | None:
        """What all of the peer's rounds together say."""
        return self._of(self.peer)

    @property
    def reached(self) -> bool | None:
        """Whether the goal is met; None if there is no goal or no value."""
        value, peer = self.value, self.peer_value
        if value is None or (self.goal is None and self.times_peer is None):
            return None
        limits = [] if self.goal is None else [self.goal]
        if self.times_peer is not None and peer is not None:
            limits.append(self.times_peer * peer)
        return all(value >= limit if self.more else value <= limit for limit in limits)

    def _of(self, rounds: Sequence[float]) -> float | None:
        if not rounds:
            return None
        return max(rounds) if self.worst else statistics.median(rounds)


class Table:
    """The figures of a run, by their key, in the order in which people should read them."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self.figures = {figure.key: figure for figure in figures}

    def ours(self, key: str, value: float) -> None:
        """Note what Waymark did in one round."""
        self.figures[key].rounds.append(value)

    def peers(self, key: str, value: float) -> None:
        """Note what the alternative did in one round."""
        if key in self.figures:
            self.figures[key].peer.append(value)

    def __str__(self) -> str:
        """The table as people read it."""
        lines = [('work', 'figure', 'Waymark', 'range', 'peer', 'goal', 'reached')]
        lines += [_line(figure) for figure in self.figures.values() if figure.rounds or figure.peer]
        widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
        return '\n'.join(
            '  '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
        )

    def as_json(self) -> list[dict[str, object]]:
        """The table as programs read it."""
        return [
            {
                'work': figure.work,
                'figure': figure.name,
                'unit': figure.unit,
                'waymark': figure.value,
                'rounds': figure.rounds,
                'peer': figure.peer_value,
                'peer_rounds': figure.peer,
                'goal': figure.goal,
                'goal_times_peer': figure.times_peer,
                'reached': figure.reached,
            }
            for figure in self.figures.values()
            if figure.rounds or figure.peer
        ]


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least so many percent of the values do not exceed; 0 without values."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-len(ordered) * percent // 100) - 1))]


def _line(figure: Figure) -> tuple[str, str, str, str, str, str, str]:
    sign = '≥' if figure.more else '≤'
    goal = '' if figure.goal is None else f'{sign} {figure.goal:g} {figure.unit}'
    if figure.times_peer is not None:
        goal = f'{goal}, ' * bool(goal) + f'{sign} {figure.times_peer:g} × peer'
    spread = f'{min(figure.rounds):.4g}–{max(figure.rounds):.4g}' if len(figure.rounds) > 1 else ''
    return (
        figure.work,
        figure.name,
        _with_unit(figure.value, figure.unit),
        spread,
        _with_unit(figure.peer_value, figure.unit),
        goal,
        {None: '', True: 'yes', False: 'NO'}[figure.reached],
    )


def _with_unit(value: float | None, unit: str) -> str:
    return '' if value is None else f'{value:.4g} {unit}'
