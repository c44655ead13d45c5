"""One line for the week of a learner: what is done and what is left, without a verdict on the first day."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from services.goals.closed_weeks import PastWeek
from services.goals.status import Outlook
from services.goals.weekly import Week
from services.progress.states import EnrollmentState
from ui.goals.week_line import past_week_words, week_words

pytestmark = pytest.mark.req('S13')


@pytest.mark.parametrize(
    ('state', 'done', 'outlook', 'expected'),
    [
        (EnrollmentState.NOT_STARTED, 0, Outlook.ON_TRACK, 'not started'),
        (EnrollmentState.NOT_STARTED, 0, Outlook.AT_RISK, 'not started'),
        (EnrollmentState.IN_PROGRESS, 0, Outlook.ON_TRACK, '0 of 5 this week'),
        (EnrollmentState.IN_PROGRESS, 3, Outlook.ON_TRACK, '3 of 5 this week · on track'),
        (EnrollmentState.IN_PROGRESS, 0, Outlook.AT_RISK, '0 of 5 this week · 5 more until Sunday'),
        (EnrollmentState.IN_PROGRESS, 4, Outlook.AT_RISK, '4 of 5 this week · 1 more until Sunday'),
        (EnrollmentState.IN_PROGRESS, 5, Outlook.ACHIEVED, '5 of 5 this week · achieved'),
        (EnrollmentState.PAUSED, 2, Outlook.AT_RISK, 'paused'),
        (EnrollmentState.COMPLETED, 2, Outlook.AT_RISK, 'completed'),
    ],
)
def test_the_line(state: EnrollmentState, done: int, outlook: Outlook, expected: str) -> None:
    week = Week(course_id=1, title='Soil', state=state, percent=0, done=done, goal=5, outlook=outlook)

    assert week_words(week) == expected


@pytest.mark.parametrize(
    ('done', 'outlook', 'expected'),
    [
        (5, Outlook.ACHIEVED, 'Week of 7 Jan 2030: 5 of 5, goal reached'),
        (2, Outlook.MISSED, 'Week of 7 Jan 2030: 2 of 5, a quieter week'),
        (0, Outlook.MISSED, 'Week of 7 Jan 2030: none of 5, a quiet week'),
    ],
)
def test_a_week_that_is_over_is_a_fact(done: int, outlook: Outlook, expected: str) -> None:
    with time_machine.travel(datetime(2031, 1, 1, tzinfo=UTC)):
        week = PastWeek(monday=date(2030, 1, 7), done=done, goal=5, outlook=outlook)
        assert past_week_words(week) == expected
