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
    scaled: bool = False
    """whether the goal is a time on the reference machine, so that a slower machine may take longer"""
    times_own: tuple[str, float] | None = None
    """another figure of ours, by its key, and how many times as much this one may be"""
    slower: float = 1.0
    """how many times slower this machine was than the reference when it was measured last"""

    @property
    def value(self) -> float | None:
        """What all rounds together say."""
        return self._of(self.rounds)

    @property
    def peer_value(self) -> float | None:
        """What all of the peer's rounds together say."""
        return self._of(self.peer)

    def reached(self, own: float | None = None) -> bool | None:
        """Whether the goal is met; None if there is no goal or no value. `own` is the figure of `times_own`."""
        value, peer = self.value, self.peer_value
        limits = [] if self.goal is None else [self.goal * (self.slower if self.scaled else 1.0)]
        if self.times_peer is not None and peer is not None:
            limits.append(self.times_peer * peer)
        if self.times_own is not None and own is not None:
            limits.append(self.times_own[1] * own)
        if value is None or not limits:
            return None
        return all(value >= limit if self.more else value <= limit for limit in limits)

    def _of(self, rounds: Sequence[float]) -> float | None:
        if not rounds:
            return None
        return max(rounds) if self.worst else statistics.median(rounds)


class Table:
    """The figures of a run, by their key, in the order in which people should read them."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self.figures = {figure.key: figure for figure in figures}
        self.slower = 1.0
        """how many times slower this machine is than the reference at the moment"""

    def ours(self, key: str, value: float) -> None:
        """Note what Waymark did in one round."""
        self.figures[key].rounds.append(value)
        self.figures[key].slower = self.slower

    def peers(self, key: str, value: float) -> None:
        """Note what the alternative did in one round."""
        if key in self.figures:
            self.figures[key].peer.append(value)

    def __str__(self) -> str:
        """The table as people read it."""
        lines = [('work', 'figure', 'Waymark', 'range', 'peer', 'goal', 'reached')]
        lines += [self._line(figure) for figure in self.figures.values() if figure.rounds or figure.peer]
        widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
        return '\n'.join(
            '  '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
        )

    def reached(self, figure: Figure) -> bool | None:
        """Whether a figure meets its goal on this machine."""
        other = self.figures.get(figure.times_own[0]) if figure.times_own else None
        return figure.reached(other.value if other else None)

    def _line(self, figure: Figure) -> tuple[str, str, str, str, str, str, str]:
        return _line(figure, self.reached(figure))

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
                'goal_times_own': figure.times_own,
                'goal_on_reference': figure.scaled,
                'times_slower_then': figure.slower,
                'reached': self.reached(figure),
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


def _line(figure: Figure, reached: bool | None) -> tuple[str, str, str, str, str, str, str]:
    sign = '≥' if figure.more else '≤'
    goals = [] if figure.goal is None else [f'{figure.goal:g} {figure.unit}' + ' on the reference' * figure.scaled]
    if figure.times_peer is not None:
        goals.append(f'{figure.times_peer:g} × peer')
    if figure.times_own is not None:
        goals.append(f'{figure.times_own[1]:g} × {figure.times_own[0]}')
    goal = ', '.join(f'{sign} {each}' for each in goals)
    spread = f'{min(figure.rounds):.4g}–{max(figure.rounds):.4g}' if len(figure.rounds) > 1 else ''
    return (
        figure.work,
        figure.name,
        _with_unit(figure.value, figure.unit),
        spread,
        _with_unit(figure.peer_value, figure.unit),
        goal,
        {None: '', True: 'yes', False: 'NO'}[reached],
    )


def _with_unit(value: float | None, unit: str) -> str:
    return '' if value is None else f'{value:.4g} {unit}'
