"""The time of all courses by month: the sums that each course says of itself, and nothing of too few learners."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from services.activity.following import Running
from services.analytics import daily_totals
from services.core import database
from services.core.errors import Invalid, NotFound
from services.enums import ExportForm, ExportTable
from services.people import groups, joining
from services.reports.exports import months, school_months, showing
from services.reports.exports.asking import Asked
from services.reports.exports.cells import written
from services.reports.exports.months import Time
from tests.factories.classes import ClassAtHand, a_class
from tests.factories.people import a_student, an_admin
from tests.factories.study import a_morning, arrive, beat, leave

pytestmark = pytest.mark.req('R2', 'V4')


@pytest.mark.usefixtures('db')
@pytest.mark.both_databases
async def test_an_admin_sees_each_course_as_it_sees_itself() -> None:
    admin, morning = await an_admin(), a_morning() - timedelta(days=40)
    soil, sky = await a_class(checkpoints=1, learners=[]), await a_class(title='=Sky', checkpoints=1, learners=[])
    with time_machine.travel(morning, tick=False) as at:
        await study(soil, ['Blue'] * 6 + ['Red'] * 5, at)
        await study(sky, [''] * 9, at)
        await Running(daily_totals.FOLLOWER).catch_up()
        with pytest.raises(Invalid, match='a month that is over'):
            await school_months.of_school(admin, since=morning.date())
        at.shift(timedelta(days=40))
        found = await school_months.of_school(admin)
        course = await database.read(showing.shown, soil.teacher, soil.course_id, Asked(what=ExportTable.MONTHS))
        made = await school_months.file_of(found, ExportForm.CSV)
        with_commas = await school_months.file_of(found, ExportForm.CSV, has_commas=True)
        workbook = await school_months.file_of(found, ExportForm.XLSX)
        with pytest.raises(NotFound):
            await school_months.of_school(soil.teacher)
        with pytest.raises(Invalid, match='at most a year'):
            await school_months.of_school(admin, since=date(2020, 1, 1))

    month = f'{morning:%Y-%m}'
    small, whole = found.rows
    assert small == (month, '=Sky', 'too few', None, None, None), 'nine learners'
    assert [(each.course, each.month_learners) for each in found.months] == [('=Sky', None), ('Soil', 11)]
    assert whole[:3] == (month, 'Soil', 11)
    for place in (3, 4):
        assert whole[place] == pytest.approx(sum(float(str(row[place])) for row in course.rows), abs=0.11), 'rounded'
    heads, *lines = csv.reader(io.StringIO(made.decode('utf-8-sig'), newline=''))
    assert heads == list(found.heads)
    assert [[cell.removeprefix("'") for cell in line] for line in lines] == [
        [str(written(cell)) for cell in row] for row in found.rows
    ]
    assert ';' in with_commas.decode('utf-8-sig').splitlines()[0]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()
    assert sheet[2][2:4] == list(whole[2:4])


@pytest.mark.usefixtures('db')
async def test_what_one_learner_did_is_not_the_difference_of_two_tables() -> None:
    begins = datetime(2026, 3, 9, 9, tzinfo=UTC)
    with time_machine.travel(begins, tick=False) as at:
        admin, soil = await an_admin(), await a_class(checkpoints=1, learners=[])
        await study(soil, [''] * 10, at)
        at.move_to(begins + timedelta(days=3))
        await study(soil, [''], at, since=10)
        await Running(daily_totals.FOLLOWER).catch_up()

        at.move_to(datetime(2026, 4, 1, 9, tzinfo=UTC))
        with pytest.raises(Invalid, match='a month that is over'):
            await school_months.of_school(admin, since=begins.date())  # it is still March somewhere
        at.move_to(datetime(2026, 4, 2, 9, tzinfo=UTC))
        spans = [
            await school_months.of_school(admin, since=date(2026, 3, first), until=date(2026, 3, last))
            for first, last in ((1, 31), (9, 11), (9, 12), (10, 12), (12, 12))
        ]

    assert {(found.since, found.until) for found in spans} == {(date(2026, 3, 1), date(2026, 3, 31))}
    assert {found.rows for found in spans} == {(('2026-03', 'Soil', 11, 1.8, 0.0, 0.2),)}


@given(sizes=st.lists(st.integers(0, 14), min_size=1, max_size=5))
def test_no_group_that_is_hidden_is_what_is_left_of_its_course(sizes: list[int]) -> None:
    times = [Time(people=set(range(100 * at, 100 * at + size))) for at, size in enumerate(sizes)]
    hidden = sum(size for size in sizes if size < 5)

    if months._may_be_said(times):
        assert sum(sizes) >= 10
        assert hidden == 0 or hidden >= 10


async def study(klass: ClassAtHand, names: Sequence[str], at: time_machine.Traveller, *, since: int = 0) -> None:
    """Let as many learners as there are names of groups study ten minutes each; they are numbered from `since` on."""
    for number, name in enumerate(names, since):
        learner = await a_student(name=f'Learner {number}', email=f'l{klass.course_id}-{number}@example.org')
        await database.write(joining.join, learner, code=klass.code)
        if name:
            await database.write(groups.put, klass.teacher, klass.course_id, user_id=learner.user_id, name=name)
        await arrive(learner, klass.checkpoints[0])
        for _ in range(20):
            at.shift(timedelta(seconds=30))
            await beat(learner, klass.checkpoints[0])
        await leave(learner, klass.course_id)
