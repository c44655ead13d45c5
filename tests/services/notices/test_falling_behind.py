"""Silence and lag: a term of a steady, a silent and a slow learner, and what they and their teacher hear of it."""

from datetime import UTC, datetime, timedelta

import pytest

from models import NoticeKind
from services.accounts import administration
from services.core import database
from services.courses import catalog
from services.motivation import calendar
from services.notices import falling_behind
from services.people import joining
from services.progress import states
from tests.factories.classes import mark
from tests.factories.people import an_admin
from tests.factories.terms import TermAtHand, a_term, keep_up, on
from tests.services.notices.test_from_log import follow, notices_of, of_kind

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('M1')]

BEGINS = datetime(2026, 9, 1, 8, tzinfo=UTC)


async def a_term_of_three() -> TermAtHand:
    """Steady does every checkpoint; silent stops after the first; slow comes every day and does nothing."""
    term = await a_term(learners=['Steady', 'Silent', 'Slow'], begins=BEGINS)
    steady, silent, _ = term.learners
    await keep_up(term, until=1, who=[silent])
    await keep_up(term, until=6, who=[steady])
    return term


@pytest.mark.both_databases
async def test_each_stretch_of_silence_is_one_notice_with_its_reason() -> None:
    term = await a_term_of_three()
    steady, silent, slow = term.learners
    for day in (6, 8, 9, 10, 12):
        async with on(BEGINS + timedelta(days=day, hours=3)):
            await look()

    (reminder,) = of_kind(await notices_of(silent), NoticeKind.INACTIVITY)
    assert reminder.title == 'You have not been in “Soil through the year” for 7 days.'
    assert of_kind(await notices_of(steady), NoticeKind.INACTIVITY) == []
    assert len(of_kind(await notices_of(slow), NoticeKind.INACTIVITY)) == 1, 'who never began is silent since joining'

    async with on(BEGINS + timedelta(days=13)):
        await mark(term.course.checkpoints[1], by=silent)
    async with on(BEGINS + timedelta(days=20, hours=3)):
        await mark(term.course.checkpoints[7], by=steady)
        await look()
    assert len(of_kind(await notices_of(silent), NoticeKind.INACTIVITY)) == 2


async def test_those_who_teach_hear_once_a_week_of_a_learner_and_why() -> None:
    term = await a_term_of_three()
    async with on(BEGINS + timedelta(days=9)):
        await look()
        first = await notices_of(term.teacher)
        await look()
    async with on(BEGINS + timedelta(days=10)):
        await look()

    assert sorted(each.title for each in first) == [
        'Silent: 3 of 4 due steps are missing, the first is “Step 2”',
        'Slow: 4 of 4 due steps are missing, the first is “Step 1”',
    ]
    assert await notices_of(term.teacher) == first


async def test_a_course_with_many_who_lag_does_not_fill_an_inbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(falling_behind, 'MOST_A_DAY', 1)
    term = await a_term_of_three()
    heard = []
    for day in (9, 9, 10):
        async with on(BEGINS + timedelta(days=day, hours=1)):
            await look()
            heard.append(len(await notices_of(term.teacher)))

    assert heard == [1, 1, 2], 'one a day, and the others come next'


async def test_nobody_hears_of_a_learner_whose_account_is_off() -> None:
    term = await a_term_of_three()
    _, _, slow = term.learners
    await database.write(administration.disable, await an_admin(), user_id=slow.user_id)
    async with on(BEGINS + timedelta(days=9)):
        await look()

    assert [each.title.partition(':')[0] for each in await notices_of(term.teacher)] == ['Silent']


async def test_a_course_that_rests_reminds_nobody() -> None:
    term = await a_term(checkpoints=2, learners=['Slow'], begins=BEGINS)
    async with on(BEGINS + timedelta(days=9)):
        await look()

    assert await notices_of(term.learners[0]) == [], 'nobody was there this week, and nothing will be due'


async def test_days_off_are_no_silence_and_nobody_is_reminded_on_them() -> None:
    term = await a_term_of_three()
    _, silent, _ = term.learners
    admin = await an_admin()
    await database.write(calendar.choose_free_days, admin, lines='2026-09-05 – 2026-09-09')
    heard = []
    for day in (8, 11, 13):
        async with on(BEGINS + timedelta(days=day)):
            await look()
            heard.append(len(of_kind(await notices_of(silent), NoticeKind.INACTIVITY)))

    assert heard == [0, 0, 1], 'on a day off; six days without those off; seven of them'


async def test_a_reminder_that_is_due_on_a_day_off_comes_the_day_after() -> None:
    term = await a_term_of_three()
    await database.write(calendar.choose_free_days, await an_admin(), lines='2026-09-10')
    heard = []
    for day in (9, 10):
        async with on(BEGINS + timedelta(days=day, hours=3)):
            await look()
            heard.append(len(of_kind(await notices_of(term.learners[1]), NoticeKind.INACTIVITY)))

    assert heard == [0, 1]


async def test_who_is_silent_in_two_courses_is_reminded_of_one() -> None:
    term = await a_term_of_three()
    silent = term.learners[1]
    other = await a_term(learners=['Olga'], begins=BEGINS)
    async with on(BEGINS):
        await database.write(joining.join, silent, code=other.course.code)
    await keep_up(other, until=6, who=other.learners)
    for day in (8, 9):
        async with on(BEGINS + timedelta(days=day, hours=3)):
            await look()

    assert len(of_kind(await notices_of(silent), NoticeKind.INACTIVITY)) == 1


async def test_who_has_paused_is_left_alone_and_so_are_all_of_an_archived_course() -> None:
    term = await a_term_of_three()
    _, silent, slow = term.learners
    async with on(BEGINS + timedelta(days=8)):
        await database.write(states.pause, silent, term.course_id)
    async with on(BEGINS + timedelta(days=13)):
        await database.write(catalog.archive, term.teacher, term.course_id, archived=True)
        await look()
        assert await notices_of(slow) == []
        await database.write(catalog.archive, term.teacher, term.course_id, archived=False)
        await look()
    async with on(BEGINS + timedelta(days=16)):
        await look()

    assert len(of_kind(await notices_of(slow), NoticeKind.INACTIVITY)) == 1
    assert of_kind(await notices_of(silent), NoticeKind.INACTIVITY) == []


async def look() -> None:
    """Let the totals follow, and the job look."""
    await follow()
    await falling_behind.look()
