"""The web application: pages, form posts and what monitoring asks for, within one process and one event loop."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from nicegui import app as nicegui_app
from nicegui import ui
from nicegui.nicegui import sio_app
from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Scope

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
from ui.kit import nicegui_patches, preloading, sub_path, theme
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
from ui.shell import gc_tuning, home_screen, open_pages, polled_sockets
from ui.shell.assets import CachedGzip
from ui.shell.operations import health, ready, show_metrics
from ui.shell.page import RECONNECT_TIMEOUT
from ui.shell.security import Guard
from web.sub_path import SubPath
from web.telemetry import NO_TELEMETRY

Hook = Callable[[], Awaitable[None]]
PARTS = (
    form_handlers,
    launch,
    files,
    handed_files,
    course_files,
    course_poster,
    page_pictures,
    question_pictures,
    join_page,
    attendance_page,
    gradebook_files,
    list_files,
    educator_page,
    export_page,
    learner_page,
    admin_page,
    school_time_page,
    study_time_page,
    new_password_page,
    forgotten_page,
    confirm_page,
    own_data_page,
    second_step_page,
    school_sign_in,
    calendar_page,
    notes_page,
    unsubscribe_page,
    people_page,
    import_page,
    export_files,
    guest_codes_page,
    certificate_page,
    report_page,
    class_reports_page,
    shared_page,
    course_certificates,
)
"""what answers besides the pages: forms, files, and pages that need no socket"""


def build(*, on_start: Hook, on_stop: Hook, api: ASGIApp, socket_api: ASGIApp) -> FastAPI:
    """Put the application together; the hooks run on its event loop, and `api` and `socket_api` serve clients."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        nicegui_patches.apply()
        await on_start()
        gc_tuning.tune()
        polled_sockets.start()
        upkeep = gc_tuning.start(), open_pages.start()
        yield
        for each in upkeep:
            each.cancel()
        await on_stop()

    application = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan, telemetry=NO_TELEMETRY)
    application.router.routes += [_mount('/api/socket.io', socket_api), _mount('/api', api)]  # most asked, so first
    for each in PARTS:  # their routes as they are: an included router costs seven times as much to pass by
        application.router.routes += each.router.routes
    for path, shown in (('/health', health), ('/ready', ready), ('/metrics', show_metrics)):
        application.add_api_route(path, shown, methods=['GET', 'HEAD'])
    application.add_middleware(Guard)
    theme.register()
    preloading.register()
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
    application.router.routes[:0] = [_SocketMount('/_nicegui_ws', sio_app), _ClassMount('', nicegui_app)]
    sub_path.register()
    application.add_middleware(SubPath)  # the last, so that everything else is within it
    return application


class _SocketMount(Mount):
    """Leads WebSockets of pages to their server, past what each of a thousand would keep; a poll goes as pages do."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tell whether a request is one of these."""
        return super().matches(scope) if scope['type'] == 'websocket' else (Match.NONE, {})


class _ClassMount(Mount):
    """Leads a class that arrives to its pages and their scripts, past a hundred addresses that are tried in order."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tell whether a request is one of these."""
        return super().matches(scope) if scope['path'].startswith(('/class/', '/_nicegui/')) else (Match.NONE, {})


def _mount(path: str, whole: ASGIApp) -> Mount:
    """Serve an application under a path, whatever the rest of an address holds; a line break would end it."""
    mount = Mount(path, whole)
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount
