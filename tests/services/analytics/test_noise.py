"""Noise is as likely as it should be, and what it says of one person is bounded."""

from collections import Counter
from math import exp
from random import Random

import pytest

from services.analytics import noise

pytestmark = pytest.mark.req('V4')

DRAWN = 40_000


@pytest.mark.parametrize('scale', [1, 2, 7])
def test_each_number_is_as_likely_as_the_law_says(scale: int) -> None:
    source = Random(2026)
    drawn = Counter(noise.discrete_laplace(scale, source=source) for _ in range(DRAWN))

    zero = (1 - exp(-1 / scale)) / (1 + exp(-1 / scale))
    likely = {number: DRAWN * zero * exp(-abs(number) / scale) for number in range(-3 * scale, 3 * scale + 1)}
    off = sum((drawn[number] - expected) ** 2 / expected for number, expected in likely.items())
    assert off < 2 * len(likely), 'chi-square, of about as many degrees of freedom'


def test_two_schools_that_differ_in_one_person_look_alike() -> None:
    """The likelihoods of one and the same figure differ by e^epsilon at most; here they are counted."""
    source, scale, epsilon = Random(2026), 2, 0.5
    with_her = Counter(30 + noise.discrete_laplace(scale, source=source) for _ in range(DRAWN))
    without = Counter(29 + noise.discrete_laplace(scale, source=source) for _ in range(DRAWN))

    often = [number for number in with_her if min(with_her[number], without[number]) > DRAWN // 100]
    assert len(often) > scale
    assert all(exp(-epsilon) / 1.2 < with_her[number] / without[number] < exp(epsilon) * 1.2 for number in often)


def test_a_median_is_near_the_true_one_and_stays_in_its_span() -> None:
    source = Random(2026)
    values = [number % 20 for number in range(200)]
    medians = [noise.median(values, most=365, epsilon=1, source=source) for _ in range(500)]

    assert sum(abs(each - 9) <= 2 for each in medians) > 450
    assert {noise.median([10_000] * 100, most=365, epsilon=1, source=source) for _ in range(50)} == {365}
    assert noise.median([5] * 100, most=365, epsilon=1) == 5, 'the system has random bits too'
