"""What the pictures of a course say: the sentence above each, for figures that are made up."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from models import CheckpointKind
from services.analytics import findings
from services.analytics.checkpoint_figures import CheckpointFigures
from services.analytics.educator import WeekFigures

pytestmark = pytest.mark.req('N6')

CHECKPOINT = CheckpointFigures(
    checkpoint_id=1,
    number=1,
    title='Soil',
    kind=CheckpointKind.MARKER,
    module='',
    due_at=None,
    done=0,
    started=0,
    not_started=0,
    done_percent=0,
    median_seconds=None,
    planned_seconds=600,
    time_ratio=None,
    helped=0,
    stopped=0,
    mean_attempts=None,
    mean_score=None,
    difficulty=None,
    engagement=None,
)


@pytest.mark.parametrize(
    ('done', 'says'),
    [
        ([], 'There is nothing to complete yet.'),
        ([4, 3, 0], 'No step is done by half of the learners yet.'),
        ([10, 9, 8, 0], 'Half of the learners or more have done step 3; 8 of 10 have.'),
        ([10, 9, 7, 6, 0], '2 learners fewer have done step 3 than the step before.'),
        ([10, 7, 7], '3 learners fewer have done step 2 than the step before.'),
    ],
)
def test_completion_says_how_far_most_are_or_where_the_way_ends(done: list[int], says: str) -> None:
    checkpoints = [replace(CHECKPOINT, number=number, done=each) for number, each in enumerate(done, start=1)]
    assert str(findings.completion(checkpoints, 10)) == says


@pytest.mark.parametrize(
    ('minutes', 'says'),
    [
        ([None, None], 'It is not known yet how long steps take.'),
        ([10, 12], 'Steps take as long as planned; step 2 takes longest.'),
        ([13, 21], 'Step 2 takes 2.1 times as long as planned.'),
    ],
)
def test_times_name_the_checkpoint_that_goes_most_over_its_plan(minutes: list[int | None], says: str) -> None:
    checkpoints = [
        replace(CHECKPOINT, number=number, done=5, median_seconds=each and 60 * each, time_ratio=each and each / 10)
        for number, each in enumerate(minutes, start=1)
    ]
    assert str(findings.times(checkpoints)) == says


@pytest.mark.parametrize(
    ('hours', 'says'),
    [
        ([20, 5], 'After two weeks you see here whether learners do more or less than usual.'),
        ([20, 20, 21, 3], 'Last week was like the others: 21 hours, where 20 are usual.'),
        ([20, 20, 30, 3], 'Last week was a busy one: 30 hours, where 20 are usual.'),
        ([20, 20, 10, 3], 'Last week was a quiet one: 10 hours, where 20 are usual.'),
    ],
)
def test_weeks_compare_the_last_full_one_with_those_before(hours: list[int], says: str) -> None:
    found = [
        WeekFigures(
            monday=date(2026, 3, 2) + timedelta(weeks=number),
            study_seconds=3600 * each,
            class_seconds=0,
            active_learners=1,
            active_days=1,
            steps_completed=0,
        )
        for number, each in enumerate(hours)
    ]
    assert str(findings.weeks(found)) == says


def test_scores_are_counted_at_both_ends() -> None:
    assert str(findings.scores({'A': 0, 'F': 0})) == 'Nothing has a score yet.'
    assert str(findings.scores({'A': 2, 'B': 1, 'C': 1, 'D': 0, 'F': 3})) == (
        '3 of 7 best scores are 80 or more; 3 are below 60.'
    )
