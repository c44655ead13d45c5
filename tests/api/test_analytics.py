"""Figures over the API: the same numbers as on the pages and in tables, and one document about a learner."""

import csv
import io
import json
from datetime import timedelta

import pypdfium2
import pytest
import time_machine
from python_calamine import CalamineWorkbook

from services.activity.following import Running
from services.analytics import daily_totals, educator, learner
from services.core import database
from services.reports.performance import building
from tests.api.conftest import APrograms
from tests.factories.classes import a_class, mark
from tests.factories.people import an_admin
from tests.factories.quizzes import RIGHT, WRONG, a_quiz, take
from tests.factories.study import a_morning, arrive, beat, leave

pytestmark = pytest.mark.req('B1', 'N1', 'N2', 'N3', 'N5', 'N6', 'R2')


async def test_page_api_and_tables_say_the_same(a_program: APrograms) -> None:
    with time_machine.travel(a_morning(), tick=False) as clock:
        klass = await a_class(checkpoints=2, learners=['Lena', 'Otto', 'Rosa'])
        quiz = await a_quiz(klass=klass)
        for one, answers in zip(klass.learners, (RIGHT, WRONG, RIGHT), strict=True):
            await arrive(one, klass.checkpoints[0])
            clock.shift(60)
            await beat(one, klass.checkpoints[0])
            await leave(one, klass.course_id)
            await mark(klass.checkpoints[0], by=one)
            await take(quiz, answers, by=one)
        await Running(daily_totals.FOLLOWER).catch_up()
        teacher, lena = await a_program(klass.teacher), await a_program(klass.learner)
        shown = await database.read(educator.of_course, klass.teacher, klass.course_id)
        mine = await database.read(learner.own, klass.learner, klass.course_id)

        said = (await teacher.get(f'/analytics/instructor/{klass.course_id}')).json()
        checkpoints = (await teacher.get(f'/analytics/export/{klass.course_id}', params={'table': 'steps'})).text
        own = (await lena.get(f'/analytics/student/{klass.course_id}')).json()
        home = (await teacher.get(f'/dashboard/educator/{klass.teacher.user_id}')).json()
        people = {'student_ids': [one.user_id for one in klass.learners], 'pseudonyms': True}
        exported = (await teacher.post('/analytics/export', json=people)).json()
        as_csv = await teacher.post('/analytics/export', json=people | {'format': 'csv'})
        as_workbook = await teacher.post('/analytics/export', json=people | {'format': 'xlsx'})
        as_pdf = await teacher.post('/analytics/export', json=people | {'format': 'pdf'})

    assert [row['done_percent'] for row in said['steps']] == [checkpoint.done_percent for checkpoint in shown.steps]
    assert said['scores']['score_mean'] == shown.scores.score_mean == pytest.approx(200 / 3)
    assert said['weeks'][-1]['study_seconds'] == shown.weeks[-1].study_seconds == 180
    assert home['in_full'] == [said]
    header, *rows = csv.reader(io.StringIO(checkpoints.removeprefix('\ufeff')))
    in_table = [dict(zip(header, row, strict=True)) for row in rows]
    assert [int(row['Completion (percent)']) for row in in_table] == [
        checkpoint.done_percent for checkpoint in shown.steps
    ]
    assert in_table[-1]['Mean score (score)'] == '66.67'
    assert (own['percent'], own['total_seconds']) == (mine.percent, mine.total_seconds) == (66, 60)
    assert [row['study_seconds'] for row in exported] == [60, 60, 60]
    assert all(not row['name'] and len(row['student']) == 16 for row in exported)
    assert len(as_csv.text.splitlines()) == 4
    heads, *lines = csv.reader(io.StringIO(as_csv.text.removeprefix('\ufeff')))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(as_workbook.content)).get_sheet_by_index(0).to_python()
    assert [str(cell) for cell in sheet[0]] == heads
    mean = list(exported[0]).index('score_mean')
    assert [line[mean] for line in sheet[1:]] == [float(line[mean]) for line in lines]
    with pypdfium2.PdfDocument(as_pdf.content) as document:
        text = document[0].get_textpage().get_text_range()
    assert all(row['student'][:8] in text for row in exported)


async def test_records_of_completion_are_a_file_in_two_forms(a_program: APrograms) -> None:
    with time_machine.travel(a_morning(), tick=False):  # each form says when it was written
        klass = await a_class(checkpoints=1)
        await mark(klass.checkpoints[0], by=klass.learner)
        teacher = await a_program(klass.teacher)
        address = f'/courses/{klass.course_id}/completion-records'
        as_csv, as_lines = await teacher.get(address), await teacher.get(address, params={'format': 'jsonl'})
        paper = await teacher.get(address, params={'format': 'pdf'})

    assert as_csv.headers['content-type'] == 'text/csv; charset=utf-8'
    assert as_lines.headers['content-type'] == 'application/jsonl'
    in_table = list(csv.DictReader(io.StringIO(as_csv.text.removeprefix('\ufeff'))))
    in_lines = [json.loads(line) for line in as_lines.text.splitlines()]
    assert in_table == in_lines
    assert (in_lines[0]['record'], in_lines[0]['person']) == ('completed', 'Lena Learner')
    assert paper.status_code == 422


async def test_one_document_about_a_learner_for_any_span(a_program: APrograms) -> None:
    with time_machine.travel(a_morning(), tick=False) as clock:
        klass = await a_class(checkpoints=2)
        lena, quiz = klass.learner, await a_quiz(klass=klass)
        for minutes, checkpoint in ((10, klass.checkpoints[0]), (4, quiz.checkpoint_id)):
            await arrive(lena, checkpoint)
            for _ in range(minutes):
                clock.shift(60)
                await beat(lena, checkpoint)
            await leave(lena, klass.course_id)
        await take(quiz)
        await Running(daily_totals.FOLLOWER).catch_up()
        path = f'/analytics/report/{lena.user_id}'
        client = await a_program(lena)
        (week,) = (await client.get(path, params={'period': 'weekly'})).json()
        clock.shift(timedelta(days=10))
        client = await a_program(lena)  # its first token was good for some minutes
        (later,) = (await client.get(path, params={'period': 'weekly'})).json()
        span = {'period': 'custom', 'start_date': week['start_date'], 'course_id': klass.course_id}
        (whole,) = (await client.get(path, params=span)).json()
        without = await client.get(path, params={'period': 'custom'})
        insights = (await client.get(f'/analytics/insights/{lena.user_id}')).json()
        (trend,) = (await client.get(f'/analytics/trends/{lena.user_id}')).json()
        admin = await an_admin()
        site = await (await a_program(admin)).get(f'/dashboard/admin/{admin.user_id}')

    times = week['time_metrics']
    assert (times['total_time'], times['lesson_time'], times['quiz_time'], times['resource_time']) == (14, 10, 4, 0)
    assert times['peak_hours'] == {'night': 0, 'morning': 14, 'afternoon': 0, 'evening': 0}
    assert week['performance_metrics']['quiz_average'] == 100
    assert week['performance_metrics']['grade_distribution'] == {'A': 1, 'B': 0, 'C': 0, 'D': 0, 'F': 0}
    assert (week['engagement_metrics']['session_count'], week['engagement_metrics']['avg_session_length']) == (2, 7)
    assert week['learning_patterns']['content_preferences']['interactive_preference'] == 100
    assert week['comparison_metrics']['peer_comparison'] is None, 'nobody has asked to be compared'
    assert (week['predictions']['band'], week['predictions']['silence']) == (None, 'not_yet')
    assert later['time_metrics']['total_time'] == 0
    assert whole['time_metrics']['total_time'] == 14
    assert without.status_code == 422
    assert [each['insights'] for each in insights] == [[]], 'one day says nothing'
    assert trend['total_seconds'] == 14 * 60
    assert site.json()['completion_rate'] == 'hidden'


@pytest.mark.req('R1')
async def test_the_report_of_a_learner_is_that_of_the_page(a_program: APrograms) -> None:
    with time_machine.travel(a_morning(), tick=False):
        klass = await a_class(checkpoints=2)
        await mark(klass.checkpoints[0], by=klass.learner)
        teacher, lena = await a_program(klass.teacher), await a_program(klass.learner)
        address = f'/analytics/report/{klass.learner.user_id}/performance'
        page = await database.read(building.of_learner, klass.teacher, klass.learner.user_id)

        said = (await teacher.get(address)).json()
        own = (await lena.get(address, params={'report_type': 'grade', 'include_graphs': False})).json()
        wrong = await teacher.get(address, params={'start_date': '2026-05-02', 'end_date': '2026-05-01'})

    (course,) = said['courses']
    assert course['first_page']['stands'] == str(page.courses[0].first_page.stands)
    assert (said['report_type'], own['report_type'], own['courses'][0]['way']) == ('progress', 'grade', None)
    assert course['summary']['completion_rate'] == 50
    assert wrong.status_code == 422
