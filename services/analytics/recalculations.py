"""How long it takes to count percentages again: of the latest recounts that this process has timed. Pure rules."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalculations:
    """Within how many milliseconds so many percent of the recounts were done; None before the first. Source: s3"""

    recalculation_p50: float | None
    recalculation_p95: float | None
    recalculation_p99: float | None


def of(seconds: Sequence[float]) -> Recalculations:
    """Return what durations say; the quickest stands first."""
    return Recalculations(
        recalculation_p50=_within(seconds, 50),
        recalculation_p95=_within(seconds, 95),
        recalculation_p99=_within(seconds, 99),
    )


def _within(seconds: Sequence[float], percent: int) -> float | None:
    """Return the shortest of the durations that so many percent of them do not exceed, in milliseconds."""
    return round(1000 * seconds[-(-len(seconds) * percent // 100) - 1], 1) if seconds else None
