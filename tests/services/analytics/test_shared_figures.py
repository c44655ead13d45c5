"""What is told beyond those who teach shows nobody, also not as the difference of two figures (V4)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import RiskBand
from services.analytics import comparison
from services.analytics.comparison import Comparison
from services.analytics.k_rule import IN_COURSE, SITE_WIDE, SMALL, Rough
from services.analytics.prediction import BandQuality, CourseQuality, band_quality

pytestmark = pytest.mark.req('V4')

MAY = datetime(2026, 5, 1, tzinfo=UTC)
BAND = st.integers(0, 60).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size)))
COURSES = st.lists(st.lists(BAND, min_size=3, max_size=3), max_size=6)


@given(sizes=COURSES)
def test_small_courses_are_told_together_and_none_is_what_is_left(sizes: list[list[tuple[int, int]]]) -> None:
    courses = [a_course(number, bands) for number, bands in enumerate(sizes, start=1)]

    said = band_quality.shared(courses)

    for course in said:
        assert all(shows_nobody(band.unfinished, band.learners, k=SITE_WIDE) for band in course.bands)
    alone = {course.course_id for course in said if course.course_id}
    assert all(course in courses for course in said if course.course_id), 'as those who teach it see it'
    if together := [course for course in said if not course.course_id]:
        rest = [course for course in courses if course.course_id not in alone]
        assert len(together) == 1
        assert len(rest) != 1, 'one course together with itself'
        assert together[0].bands == band_quality.together(rest)


@given(sizes=COURSES)
def test_what_is_said_of_all_is_the_sum_of_what_is_said(sizes: list[list[tuple[int, int]]]) -> None:
    """Without a total beside them there is no group that is everybody less those who are shown."""
    said = band_quality.shared([a_course(number, bands) for number, bands in enumerate(sizes, start=1)])

    for band in band_quality.together(said):
        assert shows_nobody(band.unfinished, band.learners, k=SITE_WIDE)


@given(percents=st.lists(st.integers(0, 100), max_size=45), own=st.integers(0, 100))
def test_beside_the_others_either_all_three_shares_are_said_or_none(percents: list[int], own: int) -> None:
    found = compared(own, percents)
    shares = found.ahead_of, found.similar_to, found.behind
    below = sum(each < own - comparison.NEAR for each in percents)
    above = sum(each > own + comparison.NEAR for each in percents)

    if Rough.HIDDEN in shares:
        assert set(shares) == {Rough.HIDDEN}, 'the third follows from the other two'
    else:
        parts = below, len(percents) - below - above, above
        assert all(
            shows_nobody(part, len(percents), k=IN_COURSE, said=s) for part, s in zip(parts, shares, strict=True)
        )
    assert (found.others_percent is None) == (len(percents) < IN_COURSE)


@given(percents=st.lists(st.integers(0, 100), min_size=1, max_size=45), own=st.integers(0, 100), at=st.integers(0, 44))
def test_no_share_counts_the_one_who_left(percents: list[int], own: int, at: int) -> None:
    """Before and after: where one person leaves, a share moves by a person among five or more, or is hidden."""
    without = [*percents]
    del without[at % len(percents)]
    for found, people in ((compared(own, percents), percents), (compared(own, without), without)):
        for share in (found.ahead_of, found.similar_to, found.behind):
            if isinstance(share, int) and 0 < share < 100:
                assert share * len(people) // 100 + 1 >= IN_COURSE


def compared(own: int, percents: Sequence[int]) -> Comparison:
    others = [comparison._Done(percent=each, in_week=0) for each in percents]
    return comparison.compared(comparison._Done(percent=own, in_week=0), others, date(2026, 5, 1))


def shows_nobody(part: int, whole: int, *, k: int, said: int | Rough = 0) -> bool:
    """Tell whether a share is of nobody or of enough, and so are the others; all of a small group is said roughly."""
    if not whole:
        return True
    if part in {0, whole}:
        return whole >= SMALL * k or (whole >= k and isinstance(said, Rough))
    return whole >= k and part >= k and whole - part >= k


def a_course(number: int, bands: Sequence[tuple[int, int]]) -> CourseQuality:
    return CourseQuality(
        course_id=number,
        title=f'Course {number}',
        judged_at=MAY,
        bands=tuple(
            BandQuality(band=band, learners=learners, unfinished=unfinished)
            for band, (learners, unfinished) in zip(RiskBand, bands, strict=True)
        ),
    )
