"""The web application: pages, form posts and what monitoring asks for, within one process and one event loop."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from nicegui import ui
from starlette.routing import Mount
from starlette.types import ASGIApp

from ui.accounts import (
    confirm_page,
    forgotten_page,
    form_handlers,
    join_page,
    new_password_page,
    own_data_page,
    school_sign_in,
    second_step_page,
)
from ui.analytics import admin_page, educator_page, export_page, learner_page, school_time_page
from ui.assignments import handed_files
from ui.certificates import certificate_page, course_certificates
from ui.content import files, page_pictures, question_pictures
from ui.courses import course_files, course_poster
from ui.deadlines import calendar_page
from ui.grades import gradebook_files
from ui.kit import nicegui_patches, sub_path, theme
from ui.learn import study_time_page
from ui.live import attendance_page
from ui.lms import launch
from ui.notes import notes_page
from ui.notices import unsubscribe_page
from ui.pages import register
from ui.people import guest_codes_page, people_page
from ui.quizzes import export_files, import_page
from ui.reports import class_reports_page, report_page, shared_page
from ui.school import list_files
from ui.shell import gc_tuning, home_screen, open_pages
from ui.shell.assets import CachedGzip
from ui.shell.operations import health, ready, show_metrics
from ui.shell.page import RECONNECT_TIMEOUT
from ui.shell.security import Guard
from web.sub_path import SubPath
from web.telemetry import NO_TELEMETRY

Hook = Callable[[], Awaitable[None]]


def build(*, on_start: Hook, on_stop: Hook, api: ASGIApp, socket_api: ASGIApp) -> FastAPI:
    """Put the application together; the hooks run on its event loop, and `api` and `socket_api` serve clients."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        nicegui_patches.apply()
        await on_start()
        gc_tuning.tune()
        upkeep = gc_tuning.start(), open_pages.start()
        yield
        for each in upkeep:
            each.cancel()
        await on_stop()

    application = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan, telemetry=NO_TELEMETRY)
    application.router.routes += [_mount('/api/socket.io', socket_api), _mount('/api', api)]  # most asked, so first
    application.include_router(form_handlers.router)
    application.include_router(launch.router)
    application.include_router(files.router)
    application.include_router(handed_files.router)
    application.include_router(course_files.router)
    application.include_router(course_poster.router)
    application.include_router(page_pictures.router)
    application.include_router(question_pictures.router)
    application.include_router(join_page.router)
    application.include_router(attendance_page.router)
    application.include_router(gradebook_files.router)
    application.include_router(list_files.router)
    application.include_router(educator_page.router)
    application.include_router(export_page.router)
    application.include_router(learner_page.router)
    application.include_router(admin_page.router)
    application.include_router(school_time_page.router)
    application.include_router(study_time_page.router)
    application.include_router(new_password_page.router)
    application.include_router(forgotten_page.router)
    application.include_router(confirm_page.router)
    application.include_router(own_data_page.router)
    application.include_router(second_step_page.router)
    application.include_router(school_sign_in.router)
    application.include_router(calendar_page.router)
    application.include_router(notes_page.router)
    application.include_router(unsubscribe_page.router)
    application.include_router(people_page.router)
    application.include_router(import_page.router)
    application.include_router(export_files.router)
    application.include_router(guest_codes_page.router)
    application.include_router(certificate_page.router)
    application.include_router(report_page.router)
    application.include_router(class_reports_page.router)
    application.include_router(shared_page.router)
    application.include_router(course_certificates.router)
    for path, shown in (('/health', health), ('/ready', ready), ('/metrics', show_metrics)):
        application.add_api_route(path, shown, methods=['GET', 'HEAD'])
    application.add_middleware(Guard)
    theme.register()
    home_screen.register()
    register()
    nicegui_patches.hide_loading_bar()
    nicegui_patches.prune_in_turn()
    ui.run_with(
        application,
        title='Waymark',
        favicon=theme.FAVICON,
        dark=None,
        language='en-US',
        tailwind=False,
        binding_refresh_interval=None,
        reconnect_timeout=RECONNECT_TIMEOUT,
        message_history_length=1000,
        gzip_middleware_factory=CachedGzip,
        show_welcome_message=False,
    )
    nicegui_patches.drop_middlewares()
    sub_path.register()
    application.add_middleware(SubPath)  # the last, so that everything else is within it
    return application


def _mount(path: str, whole: ASGIApp) -> Mount:
    """Serve an application under a path, whatever the rest of an address holds; a line break would end it."""
    mount = Mount(path, whole)
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount
