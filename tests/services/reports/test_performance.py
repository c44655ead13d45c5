"""The performance report: every field of it by value, the same figures as on dashboards, and who may see which part."""

import re
from dataclasses import fields, is_dataclass
from datetime import timedelta
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
import time_machine
from pydantic import TypeAdapter

from models import CheckpointKind, ReportDetail, ReportKind, ReportReader, Reveal
from services.access import Actor
from services.analytics import educator, learner
from services.assignments import rules
from services.core import database
from services.core.errors import Invalid, NotFound
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.grades import gradebook, grading
from services.grades.totals import tenths
from services.live.attendance import report as attendance
from services.quizzes import quiz_settings
from services.quizzes.quiz_settings import Rules
from services.reports.performance import assessments, building, remarks
from services.reports.performance.document import Options, PerformanceReport, QuizResult, ScoreTrend
from services.reports.performance.remarks import Remark
from services.reports.performance.words import KEEP
from tests.factories.classes import a_class
from tests.factories.people import a_student, an_instructor
from tests.factories.reports import BEGINS, ENDS, ReportedAtHand, a_reported_learner, give_extra_credit, report_of

pytestmark = [pytest.mark.req('R1'), pytest.mark.usefixtures('db')]

EVERYTHING = Options(kind=ReportKind.COMPREHENSIVE, detail=ReportDetail.COMPREHENSIVE)
FORM = TypeAdapter(PerformanceReport)
PAGE = Path(building.__file__).parents[3] / 'docs' / 'performance-report.md'
LATE = '“Step 2” was due on 5 March 2027; it is still worth doing.'
AGAIN = 'Look again at “Soil fair”: the best score is 63, and from 85 on it is mastered.'

C = 'courses[]'
SAID: dict[str, object] = {
    'id': None,
    'student_id': 'the learner',
    'student_name': 'Lena Learner',
    'course_id': 'the course',
    'report_type': 'comprehensive',
    'title': 'Comprehensive report',
    'description': 'Lena Learner, 18 December 2026 to 11 March 2027',
    'period_start': '2026-12-18',
    'period_end': '2027-03-11',
    'generated_at': '2027-03-11T08:00:00Z',
    'generated_by': 'the learner',
    'generated_by_name': 'Lena Learner',
    'accessed_by': [],
    f'{C}.course_id': 'the course',
    f'{C}.title': 'Soil',
    f'{C}.first_page.schedule': 'behind',
    f'{C}.first_page.stands': 'Lena Learner has done 4 of 6 steps. One step is overdue: “Step 2”.',
    f'{C}.first_page.changed': 'This is the first report on this course.',
    f'{C}.first_page.strengths': ['“Quiz 2”: 100 of 100.'],
    f'{C}.first_page.work_on': LATE,
    f'{C}.first_page.this_week': [
        'Bring a sample',
        'Go on with “Step 2”. It was due; it is still worth doing.',
        'Look again at “Soil fair”.',
    ],
    f'{C}.first_page.ask[].user_id': 'the teacher',
    f'{C}.first_page.ask[].name': 'Ines Instructor',
    f'{C}.way.finding': '4 of 6 steps are done; 3 were due by now.',
    f'{C}.way.steps': 6,
    f'{C}.way.points[].day': '2027-03-01',
    f'{C}.way.points[].done': 0,
    f'{C}.way.points[].due': 0,
    f'{C}.summary.overall_grade': 'D',
    f'{C}.summary.overall_percentage': 60.7,  # (0 + 100 + 80 + 63) / 4, rounded down
    f'{C}.summary.attendance_rate': 100,
    f'{C}.summary.classes_attended': 1,
    f'{C}.summary.classes_held': 1,
    f'{C}.summary.completion_rate': 66,
    f'{C}.summary.steps_done': 4,
    f'{C}.summary.steps_counted': 6,
    f'{C}.summary.behavior_score': 90,
    f'{C}.summary.effort_score': 75,
    f'{C}.summary.total_time_spent': 0.8,  # 20 minutes of study and 30 in class
    f'{C}.summary.assignments_completed': 2,
    f'{C}.summary.quizzes_taken': 2,
    f'{C}.summary.gpa_contribution': None,
    f'{C}.summary.credit_hours': 1.5,
    f'{C}.assessments.quizzes[].id': 'quiz 1',
    f'{C}.assessments.quizzes[].title': 'Quiz 1',
    f'{C}.assessments.quizzes[].date': '2027-03-04T08:00:00Z',
    f'{C}.assessments.quizzes[].score': 0,
    f'{C}.assessments.quizzes[].weight': 25.0,
    f'{C}.assessments.quizzes[].trend': None,
    f'{C}.assessments.assignments[].id': 'the essay',
    f'{C}.assessments.assignments[].title': 'Soil report',
    f'{C}.assessments.assignments[].submitted': '2027-03-07T08:00:00Z',
    f'{C}.assessments.assignments[].grade': 80,
    f'{C}.assessments.assignments[].weight': 25.0,
    f'{C}.assessments.assignments[].feedback_summary': 'Say why.',
    f'{C}.assessments.assignments[].late': True,
    f'{C}.assessments.projects[].id': 'the project',
    f'{C}.assessments.projects[].title': 'Soil fair',
    f'{C}.assessments.projects[].grade': 63,
    f'{C}.assessments.projects[].collaboration_score': 100,
    f'{C}.assessments.projects[].presentation_score': 25,
    f'{C}.skills[].skill_name': 'soil',
    f'{C}.skills[].category': 'academic',
    f'{C}.skills[].mastery_level': 'beginner',
    f'{C}.skills[].evidence_count': 4,
    f'{C}.skills[].last_demonstrated': '2027-03-07T08:00:00Z',
    f'{C}.skills[].sub_skills': [],
    f'{C}.feedback.strengths': ['“Quiz 2”: 100 of 100.'],
    f'{C}.feedback.improvements': [
        LATE,
        '“soil” needs practice; 4 answers show it.',
        AGAIN,
        'Look again at “Soil report”: the best score is 80, and from 85 on it is mastered.',
    ],
    f'{C}.feedback.achievements': ['“Quiz 2” mastered'],
    f'{C}.feedback.teacher_comments': 'Asks **good** questions.',
    f'{C}.feedback.written_by': 'Ines Instructor',
    f'{C}.feedback.written_by_id': 'the teacher',
    f'{C}.feedback.action_items[].action_id': 'the action',
    f'{C}.feedback.action_items[].priority': 'high',
    f'{C}.feedback.action_items[].description': 'Bring a sample',
    f'{C}.feedback.action_items[].due_date': '2027-03-15',
    f'{C}.feedback.action_items[].assigned_to': 'student',
    f'{C}.feedback.action_items[].is_done': False,
    f'{C}.feedback.recommendations.academic': [
        AGAIN,
        'Look again at “Soil report”: the best score is 80, and from 85 on it is mastered.',
    ],
    f'{C}.feedback.recommendations.behavioral': ['Raise a hand'],
    f'{C}.feedback.recommendations.enrichment': ['Visit the museum', 'Read on'],
    f'{C}.next_steps.immediate_focus': LATE,
    f'{C}.next_steps.resources[].type': 'marker',
    f'{C}.next_steps.resources[].title': 'Step 2',
    f'{C}.next_steps.resources[].url': 'the step',
    f'{C}.next_steps.support_services': ['Homework club'],
    f'{C}.next_steps.parent_actions': [
        'Look at the garden',
        'Ask about “Step 2”: what it is good for, and what is hard about it.',
    ],
    f'{C}.weeks[].monday': '2027-03-01',
    f'{C}.weeks[].study_minutes': 20,
    f'{C}.weeks[].class_minutes': 30,
    f'{C}.weeks[].steps_completed': 4,
    f'{C}.steps[].number': 1,
    f'{C}.steps[].title': 'Step 1',
    f'{C}.steps[].module': 'Module 1',
    f'{C}.steps[].due_date': '2027-03-03',
    f'{C}.steps[].completed_on': '2027-03-02',
    f'{C}.steps[].minutes': 20,
    f'{C}.steps[].score': None,
    'goals[].goal_id': 'the goal',
    'goals[].description': 'Know my soil',
    'goals[].target_date': '2027-06-01',
    'goals[].progress': 50,
    'goals[].status': 'on_track',
    'goals[].milestones[].description': 'Dig',
    'goals[].milestones[].completed': True,
    'goals[].milestones[].date': None,
    'configuration.formats': ['html', 'pdf', 'json'],
    'configuration.template': 'standard',
    'configuration.include_graphs': True,
    'configuration.detail_level': 'comprehensive',
    'configuration.visibility.student': True,
    'configuration.visibility.parents': False,
    'configuration.visibility.teachers': True,
    'configuration.visibility.administrators': True,
    'configuration.sharing.shareable': False,
    'configuration.sharing.share_url': None,
    'configuration.sharing.expires_at': None,
}
"""each field of the learner's own report; of a list, the first of its values"""
OF_KEPT = {f'accessed_by[].{name}' for name in ('user_id', 'name', 'role', 'accessed_at')}
"""only in a report that was kept: see test_kept.py"""
NEVER = {f'{C}.skills[].sub_skills[].{name}' for name in ('name', 'level')}
"""of what does not exist here"""


async def test_work_is_not_late_once_more_time_was_agreed_on() -> None:
    at_hand = await a_reported_learner()

    with time_machine.travel(ENDS, tick=False):
        later = {'due_at': BEGINS + timedelta(days=8), 'user_id': at_hand.lena.user_id}
        await database.write(rules.extend, at_hand.teacher, at_hand.essay.checkpoint_id, **later)

    found = (await report_of(at_hand, options=EVERYTHING)).courses[0].assessments
    assert found is not None
    assert [each.late for each in found.assignments] == [False], 'as in the gradebook'


async def test_every_field_by_value_and_in_the_docs() -> None:
    at_hand = await a_reported_learner()
    await database.write(grading.set_letters, at_hand.teacher, at_hand.course_id, letters=((70, 'C'), (60, 'D')))

    report = await report_of(at_hand, by=at_hand.lena, options=EVERYTHING)

    written = FORM.dump_python(report, mode='json')
    ids = {
        'the learner': at_hand.lena.user_id,
        'the teacher': at_hand.teacher.user_id,
        'the course': at_hand.course_id,
        'quiz 1': at_hand.quizzes[0].checkpoint_id,
        'the essay': at_hand.essay.checkpoint_id,
        'the project': at_hand.project.checkpoint_id,
        'the action': at_hand.action_id,
        'the step': f'/courses/{at_hand.course_id}/learn/{at_hand.klass.checkpoints[1]}',
        'the goal': 1,
    }
    expected = {path: ids.get(value, value) if isinstance(value, str) else value for path, value in SAID.items()}
    assert {path: first(written, path) for path in SAID} == expected
    lists = {
        path
        for path in leaves(PerformanceReport)
        if path.rpartition('[].')[0] in {'accessed_by', f'{C}.skills[].sub_skills'}
    }
    assert lists == OF_KEPT | NEVER
    assert set(SAID) - {'accessed_by', f'{C}.skills[].sub_skills'} | lists == set(leaves(PerformanceReport))
    documented = re.findall(r'^\| `([^`]+)`', PAGE.read_text(), re.MULTILINE)
    assert documented == leaves(PerformanceReport)
    kept = FORM.validate_json(FORM.dump_json(report, context=KEEP))
    assert kept == report, 'a report that was kept says the same, in any language'


async def test_extra_credit_is_in_the_report_as_in_the_gradebook() -> None:
    at_hand = await a_reported_learner()
    await give_extra_credit(at_hand)

    report = await report_of(at_hand, options=EVERYTHING)

    (course,) = report.courses
    assert course.summary.overall_percentage == 120
    assert course.assessments is not None
    assert {each.score for each in course.assessments.quizzes} == {120}
    assert {each.grade for each in course.assessments.assignments} == {120}
    assert '“Soil report”: 120 of 100.' in map(str, course.feedback.strengths)
    asked = *course.feedback.improvements, *course.feedback.recommendations.academic, *course.first_page.this_week
    assert not [each for each in map(str, asked) if 'Look again' in each], 'what is praised is not asked for again'
    assert [each.title for each in course.next_steps.resources] == ['Step 2']
    assert FORM.validate_json(FORM.dump_json(report, context=KEEP)) == report


def test_a_quiz_is_set_beside_those_before() -> None:
    def quiz(number: int, score: int | None) -> QuizResult:
        at = BEGINS + timedelta(days=number)
        return QuizResult(id=number, title='Quiz', date=at, score=score, weight=None, trend=None)

    after_extra_credit = [quiz(number, score) for number, score in enumerate((130, 100, 120))]
    assert [each.trend for each in assessments.with_trends(after_extra_credit)] == [
        None,
        ScoreTrend.STABLE,
        ScoreTrend.STABLE,
    ], 'full marks are never a step back'
    taken = [quiz(number, score) for number, score in enumerate((60, 70, None, 68, 40))]

    trends = [each.trend for each in assessments.with_trends(taken[::-1])]

    assert trends == [None, ScoreTrend.IMPROVING, None, ScoreTrend.STABLE, ScoreTrend.DECLINING]


@pytest.mark.both_databases
async def test_the_figures_are_those_of_the_dashboards() -> None:
    at_hand = await a_reported_learner()
    (course,) = (await report_of(at_hand, options=EVERYTHING)).courses
    with time_machine.travel(ENDS, tick=False):
        about = at_hand.teacher, at_hand.course_id
        figures = await database.read(learner.of_learner, *about, user_id=at_hand.lena.user_id)
        book = await database.read(gradebook.of_course, *about)
        roll = await database.read(attendance.of_course, *about)
        matrix = (await database.read(educator.of_course, *about)).matrix

    (row,), (here,), (place,) = book.rows, roll.learners, matrix
    summary, total = course.summary, row.explanation.total
    assert (summary.completion_rate, summary.steps_done, summary.steps_counted) == (
        figures.percent,
        figures.steps_done,
        figures.steps_counted,
    )
    assert total is not None
    assert summary.overall_percentage == tenths(total) / 10
    assert summary.attendance_rate == here.rate
    assert summary.total_time_spent == round(figures.total_seconds / 3600, 1)
    assert place.overdue == 1
    assert 'One step is overdue' in str(course.first_page.stands)
    assert course.assessments is not None
    cells = dict(zip([thing.checkpoint_id for thing in book.things], row.cells, strict=True))
    assert all(cells[quiz.id].score == quiz.score for quiz in course.assessments.quizzes)
    assert course.weeks is not None
    assert [(week.monday, week.steps_completed) for week in course.weeks] == [
        (week.monday, week.steps_completed) for week in figures.weeks
    ]


async def test_what_is_asked_for_is_in_it_and_no_more() -> None:
    at_hand = await a_reported_learner()
    found = {
        (kind, detail): await report_of(at_hand, options=Options(kind=kind, detail=detail, include_graphs=False))
        for kind in ReportKind
        for detail in ReportDetail
    }

    def parts(kind: ReportKind, detail: ReportDetail) -> set[str]:
        (course,) = found[kind, detail].courses
        assert course.way is None
        return {name for name in ('assessments', 'skills', 'weeks', 'steps') if getattr(course, name) is not None}

    summary, detailed, full = ReportDetail
    assert [parts(kind, summary) for kind in ReportKind] == [set(), set(), set()]
    assert [parts(kind, detailed) for kind in ReportKind] == [
        {'weeks'},
        {'assessments'},
        {'assessments', 'skills', 'weeks'},
    ]
    assert parts(ReportKind.PROGRESS, full) == {'weeks', 'skills', 'steps'}
    assert parts(ReportKind.GRADE, full) == {'assessments', 'skills'}
    assert parts(ReportKind.COMPREHENSIVE, full) == {'assessments', 'skills', 'weeks', 'steps'}

    one_day = Options(
        kind=ReportKind.GRADE, since=(BEGINS + timedelta(days=6)).date(), until=(BEGINS + timedelta(days=6)).date()
    )
    (course,) = (await report_of(at_hand, options=one_day)).courses
    assert course.assessments is not None
    assert [quiz.title for quiz in course.assessments.quizzes] == ['Quiz 2'], 'Quiz 1 was on another day'
    assert (course.summary.quizzes_taken, course.summary.total_time_spent) == (1, 0)
    with pytest.raises(Invalid, match='first day has to come before'):
        await report_of(at_hand, options=Options(since=ENDS.date(), until=BEGINS.date()))
    with pytest.raises(Invalid, match='at most 731 days'):
        await report_of(at_hand, options=Options(since=BEGINS.date() - timedelta(days=900)))


@pytest.mark.req('Q8', 'V3')
async def test_each_reader_sees_what_they_may_see() -> None:
    at_hand = await a_reported_learner()
    with time_machine.travel(ENDS, tick=False):
        rules = Rules(shows_score=Reveal.NEVER)
        await database.write(quiz_settings.set_rules, at_hand.teacher, at_hand.quizzes[1].checkpoint_id, rules)
        seen = (await database.read(remarks.of_learner, *_about(at_hand))).at
        remark = Remark(comment='For colleagues.', behavior=20, shows_learner=False, shows_parents=True)
        await database.write(remarks.write, *_about(at_hand), remark=remark, seen=seen)

    full, own = (
        await report_of(at_hand, options=EVERYTHING),
        await report_of(at_hand, by=at_hand.lena, options=EVERYTHING),
    )
    handed = await _for(at_hand, ReportReader.STUDENT, ReportReader.PARENT)
    for_parents = await _for(at_hand, ReportReader.PARENT)

    def what(report: PerformanceReport) -> tuple[str, int | None, int | None]:
        (course,) = report.courses
        assert course.assessments is not None
        score = next(quiz.score for quiz in course.assessments.quizzes if quiz.title == 'Quiz 2')
        return course.feedback.teacher_comments, course.summary.behavior_score, score

    assert what(full) == ('For colleagues.', 20, 100)
    assert what(own) == what(handed) == ('', None, None)
    assert what(for_parents) == ('For colleagues.', 20, None)
    assert own.goals
    assert not full.goals, 'personal goals are for their owner alone'
    with time_machine.travel(ENDS, tick=False):
        strangers = await a_student(), await an_instructor(email='else@example.org')
    for somebody in strangers:
        with pytest.raises(NotFound):
            await report_of(at_hand, by=somebody)


async def test_what_stands_on_page_one_against_the_schedule() -> None:
    at_hand = await a_reported_learner()
    with time_machine.travel(ENDS, tick=False):
        for place in (0, 1):
            details = Details(title=f'Step {place + 1}', due_at=ENDS + timedelta(days=9))
            await database.write(checkpoints.edit, at_hand.teacher, at_hand.klass.checkpoints[place], details=details)
        on_time = await _first(at_hand)
        work = at_hand.quizzes[1].checkpoint_id
        await database.write(
            checkpoints.edit,
            at_hand.teacher,
            at_hand.klass.checkpoints[1],
            details=Details(title='Step 2', due_at=None),
        )
        later = Details(title='Quiz 2', due_at=ENDS + timedelta(days=20), kind=CheckpointKind.QUIZ)
        await database.write(checkpoints.edit, at_hand.teacher, work, details=later)
        ahead = await _first(at_hand)
        (course,) = (await report_of(at_hand)).courses

    assert on_time == ('on_schedule', 'Lena Learner has done 4 of 6 steps: all that was due by now.')
    assert ahead[0] == 'ahead'
    assert ahead[1] == 'Lena Learner has done 4 of 6 steps: all that was due by now, and 2 before their day.'
    assert course.way
    assert str(course.way.finding) == '4 of 6 steps are done; 1 was due by now.'


async def test_a_way_of_one_day_has_no_picture() -> None:
    with time_machine.travel(ENDS, tick=False):
        klass = await a_class()
        lena, asked = klass.learner.user_id, {'course_id': klass.course_id}
        (today,) = (await database.read(building.of_learner, klass.teacher, lena, **asked)).courses
    with time_machine.travel(ENDS + timedelta(days=1), tick=False):
        (tomorrow,) = (await database.read(building.of_learner, klass.teacher, lena, **asked)).courses
    assert today.way is None
    assert tomorrow.way
    assert len(tomorrow.way.points) == 2


async def _first(at_hand: ReportedAtHand) -> tuple[str, str]:
    (course,) = (await report_of(at_hand)).courses
    return course.first_page.schedule.value, str(course.first_page.stands)


def _about(at_hand: ReportedAtHand) -> tuple[Actor, int, int]:
    return at_hand.teacher, at_hand.course_id, at_hand.lena.user_id


async def _for(at_hand: ReportedAtHand, *readers: ReportReader) -> PerformanceReport:
    with time_machine.travel(ENDS, tick=False):
        return await database.read(
            lambda tx: building.of_learner(
                tx,
                at_hand.teacher,
                at_hand.lena.user_id,
                course_id=at_hand.course_id,
                options=EVERYTHING,
                readers=readers,
            )
        )


def leaves(kind: type, before: str = '') -> list[str]:
    """The paths of all fields that are no values of ours themselves."""
    found = []
    for name, hint in get_type_hints(kind).items():
        if name not in {each.name for each in fields(kind)}:
            continue
        options = [hint, *(get_args(hint) if get_origin(hint) is UnionType else ())]
        inside = next((each for each in options if is_dataclass(each) and each.__module__.endswith('document')), None)
        of_list = next((get_args(each)[0] for each in options if get_origin(each) is tuple), None)
        if inside:
            found += leaves(inside, f'{before}{name}.')
        elif of_list and is_dataclass(of_list) and of_list.__module__.endswith('document'):
            found += leaves(of_list, f'{before}{name}[].')
        else:
            found.append(f'{before}{name}')
    return found


def first(written: Any, path: str) -> object:
    """What stands at a path; of each list the first."""
    for name in path.split('.'):
        written = written[name.removesuffix('[]')]
        if name.endswith('[]'):
            written = written[0]
    return written
