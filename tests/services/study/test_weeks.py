"""Study time by the week of the person who reads it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.study.times import SessionTime
from services.study.weeks import MOST_WEEKS, by_week

pytestmark = pytest.mark.req('S8')

UTC_ZONE = ZoneInfo('UTC')
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday


def a_session(started_at: datetime, *, seconds: int = 600) -> SessionTime:
    return SessionTime(
        session_id=1,
        started_at=started_at,
        ended_at=started_at + timedelta(hours=1),
        ended_by='left',
        device='',
        active_seconds=seconds,
        idle_seconds=0,
        pages_viewed=1,
        videos_watched=0,
        quizzes_attempted=0,
    )


def test_each_week_has_its_sessions_and_weeks_without_study_are_shown() -> None:
    sessions = [a_session(NOW), a_session(NOW - timedelta(days=1)), a_session(NOW - timedelta(weeks=2), seconds=60)]

    weeks = by_week(sessions, UTC_ZONE, NOW)

    assert [(week.monday, week.seconds) for week in weeks] == [
        (date(2026, 11, 23), 1200),
        (date(2026, 11, 16), 0),
        (date(2026, 11, 9), 60),
    ]
    assert weeks[0].sunday == date(2026, 11, 29)


def test_a_week_begins_on_monday_where_the_reader_is() -> None:
    sunday_in_utc = a_session(datetime(2026, 11, 22, 20, tzinfo=UTC))

    (here,) = by_week([sunday_in_utc], ZoneInfo('Asia/Tokyo'), NOW)
    there = by_week([sunday_in_utc], UTC_ZONE, NOW)

    assert (here.monday, here.seconds) == (date(2026, 11, 23), 600)
    assert [week.seconds for week in there] == [0, 600]


def test_without_a_session_there_is_no_week_and_old_ones_are_left_out() -> None:
    assert by_week([], UTC_ZONE, NOW) == ()
    assert len(by_week([a_session(NOW - timedelta(weeks=40))], UTC_ZONE, NOW)) == MOST_WEEKS
