"""What was seen of a video or a document: intervals [from, to) in order, apart from each other, none empty.

Pure functions; they take what databases and browsers give and never fail.
"""

import math
from collections.abc import Iterable, Sequence

Interval = tuple[float, float]
Seen = tuple[Interval, ...]

_NOISE = 1e-6
"""what adding up may cost"""


def merge(pieces: Iterable[Sequence[float]]) -> Seen:
    """Return what all pieces cover together; what is empty, backwards, not a number or endless covers nothing."""
    merged: list[Interval] = []
    for start, stop in sorted((start, stop) for start, stop in pieces if _is_real(start, stop)):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], stop)
        else:
            merged.append((start, stop))
    return tuple(merged)


def add(seen: Iterable[Sequence[float]], start: float, stop: float) -> Seen:
    """Return what is seen after one more piece was."""
    return merge([*seen, (start, stop)])


def clamp(seen: Iterable[Sequence[float]], end: float) -> Seen:
    """Return the part that lies between 0 and the end."""
    return merge((max(0.0, start), min(stop, end)) for start, stop in merge(seen))


def missing(seen: Iterable[Sequence[float]], end: float) -> Seen:
    """Return what has not been seen yet between 0 and the end."""
    inside = clamp(seen, end)
    starts = [0.0, *(stop for _, stop in inside)]
    stops = [*(start for start, _ in inside), end]
    return merge(zip(starts, stops, strict=True))


def total(seen: Seen) -> float:
    """Return how much was seen, each part once."""
    return math.fsum(stop - start for start, stop in seen)


def percent(seen: Iterable[Sequence[float]], end: float, *, slack: float = 0.0) -> int:
    """Return the share that was seen, rounded down; it is 100 only when no more than the slack is missing."""
    if not 0 < end < math.inf:
        return 0
    covered = total(clamp(seen, end))
    return 100 if covered and end - covered <= slack + _NOISE else min(99, math.floor(covered * 100 / end + _NOISE))


def _is_real(start: float, stop: float) -> bool:
    return math.isfinite(start) and math.isfinite(stop) and start < stop
