"""What a learner's page says in sentences, beside the figures and the pictures on it: for any record, they agree."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import CheckpointKind, Course, DayPart, Verb
from services.analytics import definitions, insights, learner, learner_findings
from services.analytics.course_facts import CountedCheckpoint, Learner, Standing
from services.analytics.insights import Insight
from services.analytics.learner import Trend
from services.analytics.learner_facts import LearnerFacts
from services.analytics.learner_queries import Total
from ui.analytics.figure_words import shown

pytestmark = pytest.mark.req('N5')

TODAY = date(2027, 5, 9)
PARTS = {DayPart.NIGHT: 'night', DayPart.MORNING: 'morning', DayPart.AFTERNOON: 'afternoon', DayPart.EVENING: 'evening'}
DAYS = st.tuples(
    st.integers(0, 69), st.sampled_from(DayPart), st.sampled_from((0, 600, 1800, 3600, 5400)), st.integers(0, 3)
)
"""how many days ago, when, the seconds of study, and the steps that became complete"""
STEPS = st.tuples(st.integers(0, 100), st.sampled_from(('ph', 'pores', 'worms')), st.integers(0, 8000))
"""the best score, the tag, and the seconds at a step that is planned for ten minutes"""


def facts(days: Sequence[tuple[int, DayPart, int, int]], steps: Sequence[tuple[int, str, int]] = ()) -> LearnerFacts:
    begun = datetime(2027, 2, 1, tzinfo=UTC)
    checkpoints = tuple(
        CountedCheckpoint(
            checkpoint_id=number,
            number=number,
            title=f'Step {number}',
            kind=CheckpointKind.QUIZ,
            module='Soil',
            minutes=10,
            due_at=None,
            created_at=begun,
            tags=(tag,),
        )
        for number, (_score, tag, _seconds) in enumerate(steps, start=1)
    )
    return LearnerFacts(
        course=Course(title='Soil'),
        learner=Learner(
            user_id=1,
            name='Lena',
            group='',
            percent=0,
            done=0,
            enrolled_at=begun,
            completed_at=None,
            paused_at=None,
            extra_percent=0,
        ),
        now=datetime(2027, 5, 9, 12, tzinfo=UTC),
        zone=ZoneInfo('UTC'),
        today=TODAY,
        since=begun.date(),
        until=TODAY,
        checkpoints=checkpoints,
        standings={
            each.checkpoint_id: Standing(started_at=begun, completed_at=None, seconds_in_class=0)
            for each in checkpoints
        },
        studied={number: seconds for number, (_, _, seconds) in enumerate(steps, start=1)},
        studied_in_span={},
        scores={number: score for number, (score, _, _) in enumerate(steps, start=1)},
        ungraded=frozenset(),
        totals=tuple(
            Total(
                day=TODAY - timedelta(days=ago),
                verb=Verb.STUDIED,
                part=part,
                count=1,
                seconds=seconds,
                sessions=1,
                completed=completed,
            )
            for ago, part, seconds, completed in days
        ),
        sessions=(),
        classes=(),
        choices=frozenset(),
    )


def said(found: LearnerFacts) -> dict[str, Insight]:
    return {each.key: each for each in insights.of_learner(found)}


@given(st.lists(DAYS, min_size=3, max_size=40))
def test_no_sentence_contradicts_another_one_a_figure_or_the_title_of_a_picture(
    days: list[tuple[int, DayPart, int, int]],
) -> None:
    record = facts(days)
    there = said(record)
    for key in there.keys() & {'favourite_time', 'part_of_day'}:
        (part,) = [word for word in PARTS.values() if word in str(there[key].words)]
        assert part in str(learner_findings.time_of_day(learner.time_of_day(record)))
    assert not ('more' in there and learner.velocity_trend(record) is not Trend.INCREASING)
    assert not ('less' in there and learner.velocity_trend(record) is not Trend.DECREASING)
    assert not ('regular' in there and ('back' in there or learner.inactive_days(record) >= 7))


@given(st.lists(STEPS, min_size=2, max_size=12))
def test_a_sentence_has_the_numbers_that_the_table_beside_it_has(steps: list[tuple[int, str, int]]) -> None:
    record = facts([(ago, DayPart.MORNING, 600, 0) for ago in (1, 2, 3)], steps)
    there = said(record)
    tags = {each.tag: each for each in learner.tags(record)}
    for key, is_so in (('strength', 'is_strong'), ('another_look', 'is_weak')):
        if key in there:
            (tag,) = [each for each in tags.values() if f'“{each.tag}”' in str(there[key].words)]
            assert getattr(tag, is_so)
            mean = shown(definitions.of('tag_mean'), tag.tag_mean)
            assert str(there[key].evidence) == f'Mean score {mean} at {tag.scored} steps.'
    assert bool(there.keys() & {'strength'}) is any(each.is_strong for each in tags.values())
    assert bool(there.keys() & {'another_look'}) is any(each.is_weak for each in tags.values())


def test_a_time_of_one_weekday_is_not_said_against_the_time_of_all_others() -> None:
    evenings = [(ago, DayPart.EVENING, 3600, 0) for ago in (12, 19, 26)]
    mornings = [(ago, DayPart.MORNING, 1800, 0) for ago in (10, 11, 14, 17, 18, 24, 25, 31, 32)]
    assert 'favourite_time' in said(facts(evenings))
    assert said(facts([*evenings, *mornings])).keys() & {'favourite_time', 'part_of_day'} == {'part_of_day'}
