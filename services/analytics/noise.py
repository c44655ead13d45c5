"""Noise for figures of the whole school, from the random bits of the system. Pure rules.

With a share of `epsilon` of the budget, nobody who sees a figure can tell with much certainty whether one person is in
it: whatever it says, it says with at most e^epsilon times the likelihood that it would have without that person.
"""

from collections.abc import Sequence
from math import exp
from random import Random, SystemRandom

SYSTEM = SystemRandom()


def discrete_laplace(scale: int, *, source: Random = SYSTEM) -> int:
    """Return a whole number that is `n` with a likelihood of exp(-|n| / scale), as exactly as the source is random.

    `scale` is how much one person changes the figure, divided by epsilon. No floating point number is in it, as their
    gaps would give the exact figure away (Canonne, Kamath, Steinke 2020, algorithm 2).
    """
    while True:
        rest = source.randrange(scale)
        if not _happens(rest, scale, source):
            continue
        whole = 0
        while _happens(1, 1, source):
            whole += 1
        size, is_negative = rest + scale * whole, bool(source.getrandbits(1))
        if size or not is_negative:  # there is one zero, not two
            return -size if is_negative else size


def median(values: Sequence[int], *, most: int, epsilon: float, source: Random = SYSTEM) -> int:
    """Return a number from 0 to `most` near the median of values, the likelier the fewer values lie between them.

    One value more or less changes by how many a number is off by one at most (the exponential mechanism).
    """
    counts = [0] * (most + 1)
    for value in values:
        counts[min(max(value, 0), most)] += 1
    below, off = 0, []
    for count in counts:
        off.append(max(below, len(values) - below - count))
        below += count
    nearest = min(off)
    return source.choices(range(most + 1), [exp(epsilon / 2 * (nearest - each)) for each in off])[0]


def _happens(part: int, whole: int, source: Random) -> bool:
    """Tell, at random, whether something happens that has a likelihood of exp(-part / whole); a part, at most 1."""
    tries = 1
    while source.randrange(whole * tries) < part:
        tries += 1
    return tries % 2 == 1
