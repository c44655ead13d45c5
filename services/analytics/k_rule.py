"""What may be said of a group without showing a person: the rule for every shared figure. Pure rules.

A share is shown if both those who are in it and those who are not are nobody or at least `k` people. What all or nobody
of a small group did is only said roughly. Too small a group and a hidden share look the same.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from statistics import fmean

IN_COURSE = 5
"""people, where those of one course see it"""
SITE_WIDE = 10
"""people, where it is of the whole school or published"""
SMALL = 4
"""times `k`: a group below that is small, and its 0 and 100 percent are not said exactly"""


class Rough(StrEnum):
    """A share that is not said exactly."""

    HIDDEN = 'hidden'
    FEW = 'few'
    MOST = 'most'


def share(part: int, whole: int, *, k: int) -> int | Rough:
    """Return a share in percent, rounded down, as far as it may be shown."""
    if whole < k or 0 < part < k or 0 < whole - part < k:
        return Rough.HIDDEN
    if whole < SMALL * k and part in {0, whole}:
        return Rough.MOST if part else Rough.FEW
    return part * 100 // whole


def mean(values: Sequence[float], *, k: int) -> float | None:
    """Return the mean of what enough people have; None for too few."""
    return fmean(values) if len(values) >= k else None


def count(people: int, *, k: int) -> int | None:
    """Return how many people; None for a number that is too small to be said. Nobody may be said."""
    return people if people == 0 or people >= k else None


def counts(groups: Mapping[str, int], *, k: int) -> dict[str, int | None]:
    """Return how many people are in each group that together are everybody.

    Where one group is too small to be said, none is: somebody who knows the total and this rule could compute it from
    the others, whichever others were hidden with it.
    """
    is_shown = all(count(people, k=k) is not None for people in groups.values())
    return {name: people if is_shown else None for name, people in groups.items()}
