"""What an admin sees of the whole school, with small groups hidden; and the rule that hides them."""

from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from models import Verb
from services.activity.following import Running
from services.analytics import daily_totals, k_rule, recalculations, school
from services.analytics.k_rule import Rough
from services.analytics.recalculations import Recalculations
from services.core import database
from services.core.clock import now as clock_now
from services.people import participants
from tests.factories.classes import a_class, mark
from tests.factories.people import an_admin
from tests.factories.study import a_morning


@pytest.mark.req('N8', 'D4', 'V4')
@pytest.mark.usefixtures('db')
@pytest.mark.both_databases
async def test_a_school_of_twelve() -> None:
    with time_machine.travel(a_morning(), tick=False) as clock:
        admin = await an_admin()
        klass = await a_class(steps=1, learners=[f'Learner {number}' for number in range(12)])
        for one in klass.learners[:11]:
            await mark(klass.steps[0], by=one)
        clock.shift(timedelta(days=1))
        for one in klass.learners[:4]:
            await mark(klass.steps[0], by=one)
        clock.shift(timedelta(days=1))
        await Running(daily_totals.FOLLOWER).catch_up()
        found = await database.read(school.of_school, admin)
        with time_machine.travel(clock_now() - timedelta(hours=30), tick=False):
            await mark(klass.steps[0], by=klass.learners[11], verb=Verb.STARTED)
        await Running(daily_totals.FOLLOWER).catch_up()
        await database.write(participants.remove, klass.teacher, klass.course_id, user_id=klass.learners[11].user_id)
        same_day = await database.read(school.of_school, admin)
        clock.shift(timedelta(days=1))
        next_day = await database.read(school.of_school, admin)

    assert [day.active_people for day in found.days[-3:]] == [0, 14, None], 'four are too few to be said'
    assert (found.active_per_month, found.active_month_before) == (14, 0)
    assert same_day.courses == found.courses, 'who is taken out counts until the day is over'
    assert same_day.days == found.days, 'nobody sees what one more person changes on the same day'
    assert next_day.days[-1].day == found.as_of + timedelta(days=1)
    (course,) = found.courses
    assert (course.enrolled, course.completion_rate) == (12, Rough.HIDDEN), 'the one who has not would be shown'
    assert (found.days_to_completion, found.jobs_failed) == (0, 0)
    assert found.recalculations.recalculation_p50 is not None, 'marks were counted'
    assert ('daily totals', 0) in [(each.name, each.behind) for each in found.followers]


@pytest.mark.req('N8')
def test_how_long_recalculations_take_is_read_from_the_latest_of_them() -> None:
    among_a_hundred = recalculations.of([number / 1000 for number in range(1, 101)])
    assert among_a_hundred == Recalculations(recalculation_p50=50.0, recalculation_p95=95.0, recalculation_p99=99.0)
    one = recalculations.of([0.0042])
    assert (one.recalculation_p50, one.recalculation_p99) == (4.2, 4.2)
    assert recalculations.of([]).recalculation_p95 is None


@pytest.mark.req('V4')
@given(courses=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6))
def test_no_hidden_rate_is_what_is_left_of_the_rate_of_all(courses: list[tuple[int, int]]) -> None:
    at = clock_now()
    places = [
        school._Place(course_id=number, title='', enrolled_at=at, completed_at=at if place < done else None)
        for number, (done, others) in enumerate(courses)
        for place in range(done + others)
    ]
    found = {each.course_id: each.completion_rate for each in school.completion_rates(places)}
    hidden = {course_id for course_id, rate in found.items() if rate is Rough.HIDDEN}
    rest = [each for each in places if each.course_id in hidden]
    told = k_rule.share(sum(each.completed_at is not None for each in rest), len(rest), k=k_rule.SITE_WIDE)
    assert not rest or hidden == found.keys() or told is not Rough.HIDDEN


@pytest.mark.req('V4')
@given(parts=st.lists(st.integers(0, 40), min_size=2, max_size=5), k=st.sampled_from([5, 10]))
def test_nobody_is_found_from_what_is_shown_and_the_total(parts: list[int], k: int) -> None:
    groups = {str(number): people for number, people in enumerate(parts)}
    shown = k_rule.counts(groups, k=k)

    hidden = [name for name, people in shown.items() if people is None]
    assert all(people is None or people == groups[name] for name, people in shown.items())
    assert all(people == 0 or people >= k for people in shown.values() if people is not None)
    alone = len(hidden) == 1 and any(groups[name] for name in groups if name != hidden[0])
    assert not alone, 'one hidden number follows from the total'

    part, whole = parts[0], sum(parts)
    said = k_rule.share(part, whole, k=k)
    if isinstance(said, int):
        assert whole >= k
        assert part in {0, whole} or (part >= k and whole - part >= k)
