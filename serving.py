"""Starts the server: settings, migrations, services, pages, API, in that order."""

import asyncio
import errno
import gc
import os
import socket
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp

from commands import tables
from services import followers, projections, timed
from services.accounts import guessing, known_secret, registration, school_settings, sign_ins
from services.activity.following import start as follow_log
from services.certificates import keys as badge_keys
from services.content import pdf_workers, prose
from services.core import database, jobs, one_process, one_server, server_log, shared_buckets, signing_keys, threads
from services.core.processes import Processes
from services.core.server_address import public_url
from services.core.shared_folder import NotShared, SharedFolder
from services.core.watchdog import Watchdog
from services.live import rooms, sharing
from services.lms import platforms
from services.mail import mail_settings
from services.privacy import erasing
from services.study import session_end
from settings import Settings, SettingsError, settings
from web import draining, patient_protocol

RELOAD_EVERY = 60.0
"""seconds after which this process knows what an admin has changed of the school in another one"""

LARGEST_MESSAGE = 1_000_000
"""bytes on a WebSocket; neither pages nor programs may send more, so nobody need hold more in memory"""


def serve(welcome: Callable[[Settings], Awaitable[None]]) -> None:
    """Serve until the process is told to stop; `welcome` runs once everything is ready."""
    os.umask(one_process.PRIVATE)
    try:
        config = settings()
        server_log.set_up(config.log_level)
        place = lock(config)
        tables.migrate(config)
        one_process.keep_private(config.data_dir, config.database_url)
        listening = listen(config)
    except SettingsError as error:
        sys.exit(str(error))
    gc.disable()  # what is built now stays: to look through it again and again is a fifth of the start
    from api import app  # after the settings, so that a wrong one is told at once
    from api.sockets.revocation import Revocation
    from api.sockets.server import Sockets
    from ui import server
    from ui.shell import operations
    from web.origins import may_open_socket

    sockets = Sockets(may_open=may_open_socket)
    life = Life(
        config,
        place,
        is_ending=lambda: web_server.should_exit,
        watch_tokens=Revocation(sockets).start,
        close_sockets=sockets.close,
        welcome=welcome,
    )
    operations.is_ending = life.is_ending
    patient_protocol.raise_limits()
    threads.take_short_turns()
    rest_api = app.build()
    app.prepare(rest_api)
    application = server.build(on_start=life.start, on_stop=life.stop, api=rest_api, socket_api=sockets)
    web_server = draining.DrainingServer(_web_config(application, config), has_others=bool(config.redis_url))
    web_server.run(sockets=[listening])


def _web_config(application: ASGIApp, config: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=patient_protocol.PatientProtocol,
        ws=draining.LeavingWebSocket,
        ws_per_message_deflate=False,
        ws_ping_interval=None,  # pages and programs ping by themselves
        ws_max_size=LARGEST_MESSAGE,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=3,
        forwarded_allow_ips=config.trusted_proxies,
    )


@dataclass(kw_only=True)
class Life:
    """What runs beside pages and API, from the open database until it is closed."""

    config: Settings = field(kw_only=False)
    place: one_server.Place | None = field(kw_only=False)
    is_ending: Callable[[], bool]
    watch_tokens: Callable[[], asyncio.Task[None]]
    close_sockets: Callable[[], Awaitable[None]]
    welcome: Callable[[Settings], Awaitable[None]]
    _running: list[asyncio.Task[None]] = field(default_factory=list)
    _processes: Processes | None = None

    async def start(self) -> None:
        """Open the database, load what the process keeps of it, and begin the work that goes on by itself."""
        config, running = self.config, self._running
        running.append(Watchdog(is_ending=self.is_ending).start())
        self._processes = Processes(config.redis_url, secret=config.secret_key) if config.redis_url else None
        database.open_at(config.database_url, projections.ALL, others=self._processes)
        if self._processes is None:
            await database.write(session_end.close_all)  # with others, those that are silent end by themselves
        else:
            await self._processes.start()
            guessing.share(self._processes)
            running.extend([sharing.start(self._processes), shared_buckets.start(self._processes)])
        await self._load()
        running.extend([jobs.start(timed.kinds()), self.watch_tokens()])
        running.append(jobs.every(RELOAD_EVERY, 'school settings', school_settings.load, at_once=False))
        running.append(jobs.every(RELOAD_EVERY, 'mail settings', mail_settings.load, at_once=False))
        if self.place:
            running.append(jobs.every(one_server.LOOK_EVERY, 'place at the database', self.place.look, at_once=False))
        running.extend(follow_log(followers.ALL))
        await self.welcome(config)

    async def _load(self) -> None:
        await database.write(known_secret.recognise)
        await erasing.erase_listed()
        if self.config.second_factor_required:
            await database.write(sign_ins.end_without_factor)
        await school_settings.load()
        await mail_settings.load()
        signing_keys.load(badge_keys.path(), platforms.key_path())

    async def stop(self) -> None:
        """End all of it, and close the database last."""
        await jobs.end(self._running)
        await self.close_sockets()
        if self._processes:
            await self._processes.close()
        rooms.close_all()
        pdf_workers.close()
        prose.close()
        database.close()


def lock(config: Settings) -> one_server.Place | None:
    """Be alone on this database, or one of several that hear each other and share a folder; raises `SettingsError`."""
    try:
        one_process.hold(config.database_url)
        shared = SharedFolder(config.data_dir, secret=config.secret_key) if config.redis_url else None
        return one_server.take(config.database_url, shared=shared)
    except NotShared as error:
        raise SettingsError(str(error)) from error
    except one_process.AlreadyRunning as error:
        todo = 'Stop it, or give this one a database of its own.'
        if not one_process.file_of(config.database_url):
            todo = (
                'Stop it, or set the same REDIS_URL for both: without it they would not see what the other one saves.'
            )
        raise SettingsError(f'DATABASE_URL: another Waymark is running on {error}. {todo}') from error
    except (SQLAlchemyError, OSError) as error:
        raise tables.cannot_be_opened(error, config) from error


def listen(config: Settings) -> socket.socket:
    """Take the port; raises `SettingsError` if it is not free."""
    family = socket.AF_INET6 if ':' in config.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((config.host, config.port))
    except OSError as error:
        wrong = 'HOST' if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL else 'PORT'
        raise SettingsError(f'{wrong}: {config.host}:{config.port} cannot be used ({error.strerror}).') from error
    listening.set_inheritable(True)
    return listening


async def welcome(config: Settings) -> None:
    """Print where the server is, and on an empty installation the link with which it is set up."""
    address = public_url() or f'http://localhost:{config.port}'
    print(f'Waymark is at {address}', flush=True)
    if not public_url():
        server_log.write_warning('no public address', hint='Set PUBLIC_URL: links are made of what browsers ask for.')
    token = await database.write(registration.set_up_link)
    offer_set_up(f'{address}/register?invitation={token}' if token else None, config.data_dir / 'set_up_link')


def offer_set_up(link: str | None, file: Path) -> None:
    """Print the set-up link on a terminal; where the output is kept, as in a log file, only where the link lies."""
    file.unlink(missing_ok=True)
    if link is None:
        return
    if sys.stdout.isatty():
        print(f'Set it up (this link works once): {link}', flush=True)
        return
    file.touch(mode=0o600)
    file.write_text(f'{link}\n')
    print(f'Set it up with the link in {file}; it works once.', flush=True)
