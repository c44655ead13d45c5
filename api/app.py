"""The application that is served under `/api`."""

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from api import docs_page, errors
from api.middleware import Front
from api.openapi import DESCRIPTION, Documented, operation_id, subjects
from api.rate_limits import Limits
from api.routes import (
    analytics,
    assignments,
    attempts,
    attendance,
    auth,
    certificates,
    checkpoints,
    completion_records,
    content,
    course_files,
    courses,
    dashboard,
    deadlines,
    goals,
    grading,
    help,
    links,
    live,
    live_questions,
    mails,
    modules,
    motivation,
    notes,
    notices,
    own_course,
    parents,
    people,
    predictions,
    progress,
    questions,
    quizzes,
    replay,
    reports,
    school,
    study,
    submissions,
    uploads,
)
from settings import settings
from web.sub_path import outward
from web.telemetry import NO_TELEMETRY

AT_ONCE = 5
"""How many seconds' worth of requests one may send all at once."""


def build() -> FastAPI:
    """Put the application together."""
    routers = (
        auth.router,
        courses.router,
        live.router,
        live_questions.router,
        help.router,
        replay.router,
        attendance.router,
        own_course.router,
        reports.router,
        analytics.router,
        dashboard.router,
        checkpoints.router,
        modules.router,
        study.router,
        content.router,
        notes.router,
        notices.router,
        deadlines.router,
        attempts.router,
        quizzes.router,
        questions.router,
        grading.router,
        assignments.router,
        submissions.router,
        goals.router,
        motivation.router,
        predictions.router,
        certificates.router,
        course_files.router,
        completion_records.router,
        people.router,
        links.router,
        parents.router,
        mails.router,
        school.router,
        uploads.router,
        progress.router,
    )
    first = progress.router, attempts.router  # a whole class asks at once, and passes by all that come before
    app = Documented(
        title='Waymark',
        version='1',
        description=DESCRIPTION,
        openapi_tags=subjects(routers),
        servers=[{'url': outward('/api')}],
        root_path_in_servers=False,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        responses=errors.RESPONSES,
        generate_unique_id_function=operation_id,
        redirect_slashes=False,
        telemetry=NO_TELEMETRY,
    )
    errors.install(app)
    for router in sorted(routers, key=lambda each: each not in first):
        app.include_router(router)
    docs_page.install(app)
    per_second = settings().api_requests_per_second
    app.add_middleware(Front, limits=Limits(name='requests', per_second=per_second, at_once=per_second * AT_ONCE))
    return app


def prepare(app: FastAPI) -> None:
    """Build every route ahead; else the first request keeps the event loop for a second."""
    for _ in iter_route_contexts(app.routes):
        pass
