"""`/api/analytics`: the figures of courses and learners, with the same numbers as on the pages."""

from datetime import date
from typing import Annotated, TypeVar

from fastapi import Query
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from api.analytics_shapes import (
    CourseAnalytics,
    CourseInsights,
    LearnerAnalytics,
    Meaning,
    SubjectScore,
    Trends,
)
from api.auth import Person
from api.learning_analytics_shapes import LearningAnalyticsAnswer
from api.subject import Subject
from api.types import Body, Group, Id, IdField, Shape
from services.access import Actor
from services.analytics import (
    attention,
    dashboards,
    definitions,
    educator,
    export,
    learner,
    learning_analytics,
    subjects,
)
from services.analytics.attention import Reason, Why
from services.analytics.export import CourseTable
from services.analytics.learning_document import Period
from services.core import clock, database, threads
from services.core.transaction import Transaction
from services.core.workbook import workbook
from services.enums import ExportForm, ReportDetail, ReportKind
from services.reports.exports import paper
from services.reports.exports.writing import MEDIA_TYPES
from services.reports.performance import building
from services.reports.performance.document import Options, PerformanceReport

router = Subject(prefix='/analytics', tags=['analytics'])

OneCourse = Annotated[int | None, Query(ge=1, le=2**31 - 1, description='only this course')]
From = Annotated[date | None, Query(description='the first day of the span')]
Until = Annotated[date | None, Query(description='its last day; today where it is left out')]


class Csv(Response):
    """A table for spreadsheets."""

    media_type = 'text/csv; charset=utf-8'


class Dismissal(Body):
    """Which reason of whom is dismissed, and why; for two weeks."""

    user_id: IdField
    reason: Reason
    why: Why


class DateRange(Body):
    """The first and the last day of a span."""

    start: date | None = None
    end: date | None = None


class Export(Body):
    """Who is exported, for which days, and as what."""

    student_ids: list[IdField] = Field(min_length=1, max_length=export.MOST, examples=[[23, 24]])
    date_range: DateRange = DateRange()
    format: ExportForm = ExportForm.JSON
    pseudonyms: bool = False


@router.get('/definitions')
async def meanings(actor: Person) -> list[Meaning]:
    """What each figure means, in which unit it is, and what it is counted from."""
    return [Meaning.model_validate(each) for each in definitions.everything()]


@router.get('/instructor/{course_id}')
async def of_course(course_id: Id, actor: Person, group: Group = '', session_id: OneCourse = None) -> CourseAnalytics:
    """The figures of a course for those who teach it: of everybody, of one group, or of those in one class."""

    def query(tx: Transaction) -> CourseAnalytics:
        found = educator.of_course(tx, actor, course_id, group=group, session_id=session_id)
        return CourseAnalytics.model_validate(found)

    return await database.read(query)


@router.post('/instructor/{course_id}/dismiss', status_code=204)
async def dismiss(course_id: Id, actor: Person, body: Dismissal) -> None:
    """Have a learner not shown for a reason for two weeks."""
    await database.write(attention.dismiss, actor, course_id, user_id=body.user_id, reason=body.reason, why=body.why)


@router.get('/student/{course_id}')
async def own(course_id: Id, actor: Person) -> LearnerAnalytics:
    """Your own figures in a course in which you learn."""
    return await database.read(lambda tx: LearnerAnalytics.model_validate(learner.own(tx, actor, course_id)))


@router.get('/export/{course_id}', response_class=Csv)
async def course_csv(course_id: Id, actor: Person, table: CourseTable = CourseTable.LEARNERS, group: Group = '') -> Csv:
    """The figures of a course as CSV: its learners by checkpoint, its checkpoints, its weeks or its scores."""
    written = await database.read(export.course_csv, actor, course_id, which=table, group=group)
    return Csv(written, headers=_as_file(f'{table}-{course_id}.csv'))


@router.post('/export')
async def export_learners(actor: Person, body: Export) -> Response:
    """Chosen learners in all courses that concern the reader, as a file of any kind; with pseudonyms if wanted."""
    since, until = body.date_range.start, body.date_range.end
    table = await database.read(
        export.of_learners, actor, body.student_ids, since=since, until=until, pseudonyms=body.pseudonyms
    )
    if body.format is ExportForm.JSON:
        return JSONResponse(table.records())
    headers = _as_file(f'learners.{body.format}')
    if body.format is ExportForm.CSV:
        return Csv(table.csv(), headers=headers)
    if body.format is ExportForm.XLSX:
        content = await threads.shared.run(workbook, table.as_numbers())
    else:
        content = await paper.make_pdf(_sheet(table, since, until))
    return Response(content, media_type=MEDIA_TYPES[body.format], headers=headers)


def _sheet(table: export.Table, since: date | None, until: date | None) -> paper.Sheet:
    heads, *rows = table.written()
    return paper.Sheet(
        title='Learners',
        about=' – '.join(day.isoformat() for day in (since, until) if day),
        heads=[str(head) for head in heads],
        rows=rows,
        made_on=clock.now().date(),
    )


@router.get('/report/{user_id}')
async def report(
    user_id: Id,
    actor: Person,
    course_id: OneCourse = None,
    period: Period = Period.WEEKLY,
    start_date: From = None,
    end_date: Until = None,
) -> list[LearningAnalyticsAnswer]:
    """Everything that the record says of a learner in a span, by course; a custom period needs its first day."""

    def query(tx: Transaction) -> list[LearningAnalyticsAnswer]:
        found = learning_analytics.of_courses(
            tx, actor, user_id, course_id=course_id, period=period, since=start_date, until=end_date
        )
        return [LearningAnalyticsAnswer.model_validate(each) for each in found]

    return await database.read(query)


@router.get('/report/{user_id}/performance')
async def performance_report(
    user_id: Id,
    actor: Person,
    course_id: OneCourse = None,
    report_type: ReportKind = ReportKind.PROGRESS,
    detail_level: ReportDetail = ReportDetail.DETAILED,
    include_graphs: bool = True,
    start_date: From = None,
    end_date: Until = None,
) -> PerformanceReport:
    """The report about a learner in words and figures, in one course or in the newest that concern the client."""
    options = Options(
        kind=report_type, detail=detail_level, include_graphs=include_graphs, since=start_date, until=end_date
    )
    return await database.read(building.of_learner, actor, user_id, course_id=course_id, options=options)


@router.get('/insights/{user_id}')
async def insights(user_id: Id, actor: Person, course_id: OneCourse = None) -> list[CourseInsights]:
    """Plain sentences about how somebody learns, with their evidence, by course."""
    return await database.read(_of_learner, CourseInsights, actor, user_id, course_id)


@router.get('/trends/{user_id}')
async def trends(user_id: Id, actor: Person, course_id: OneCourse = None) -> list[Trends]:
    """How the learning of somebody goes on: pace, weeks, time of day, and how they do by tag."""
    return await database.read(_of_learner, Trends, actor, user_id, course_id)


@router.get('/subjects/{user_id}')
async def by_subject(user_id: Id, actor: Person) -> list[SubjectScore]:
    """How somebody does by subject, over the courses that concern the reader: strengths, and what to work on."""
    found = await database.read(subjects.of_learner, actor, user_id)
    return [SubjectScore.model_validate(each) for each in found]


S = TypeVar('S', bound=Shape)


def _of_learner(tx: Transaction, form: type[S], actor: Actor, user_id: int, course_id: int | None) -> list[S]:
    found = dashboards.of_learner(tx, actor, user_id, course_id=course_id)
    return [form.model_validate(each) for each in found]


def _as_file(name: str) -> dict[str, str]:
    return {'content-disposition': f'attachment; filename="{name}"'}
