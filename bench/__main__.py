"""Measures everything and prints one table: `python -m bench`, `--quick` for one short round, `--only taps burst`."""

import argparse
import asyncio
import os
import platform
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

import orjson
import psutil  # type: ignore[import-untyped]
import uvloop

from bench import (
    api,
    archive,
    backups,
    dashboards,
    gradebook,
    grid,
    live,
    lms,
    machine,
    mails,
    mastery,
    motivation,
    outage,
    pace,
    prediction,
    privacy,
    processes,
    projector,
    quizzes,
    recovery,
    reports,
    screens,
    snapshot,
    videos,
)
from bench.figures import Table
from bench.goals import PARTS, new_table
from bench.mastery import Files
from bench.server import allow_many_sockets

RESULTS = Path(__file__).parent / 'results' / 'latest.json'
CLASS_PARTS = {'join', 'taps', 'burst', 'looks'}
PEER_PARTS = {'taps', 'burst'}
BUSY = 10.0  # percent; above it the figures say little about us


def main() -> None:
    """Read the arguments, measure, and show what came of it, even if it was interrupted."""
    arguments = _arguments()
    size = live.Size(students=arguments.students, seconds=arguments.seconds)
    table = new_table(size)
    allow_many_sockets()
    speed = _machine(table)
    try:
        if 'mastery' in arguments.only:
            _announce('mastery', table)
            mastery.run(table, Files(answers=arguments.answers, out=arguments.out, generate=arguments.generate))
        uvloop.run(_measure(table, size, arguments.rounds, arguments.only))
    except asyncio.CancelledError:
        print('interrupted: this is what was measured until then')
        sys.exit(128 + signal.SIGINT)
    finally:
        print(f'\n{table}')
        _write(table, size, arguments.rounds, speed)


async def _measure(table: Table, size: live.Size, rounds: int, parts: Sequence[str]) -> None:
    """Each part so many rounds, ours and the peer's in turn, so that both meet the machine in the same mood."""
    task = asyncio.current_task()
    assert task is not None
    for ending in (signal.SIGINT, signal.SIGTERM):
        # whoever ends us politely must not leave servers behind
        asyncio.get_running_loop().add_signal_handler(ending, task.cancel)
    for number in range(1, rounds + 1):
        if CLASS_PARTS.intersection(parts):
            _announce(f'round {number}, Waymark', table)
            await live.class_round(table, size, parts)
        if PEER_PARTS.intersection(parts):
            _announce(f'round {number}, peer', table)
            await live.peer_round(table, size, parts)
        for part, what, measure in (
            ('page', 'pages', partial(live.page_round, table, size)),
            ('outage', 'an outage', partial(outage.outage_round, table, size)),
            ('pace', "at one's own pace", partial(pace.pace_round, table)),
            ('quizzes', 'quizzes', partial(quizzes.quiz_round, table, size.seconds)),
            ('videos', 'videos', partial(videos.video_round, table, size.seconds)),
            ('snapshot', 'snapshots', partial(snapshot.snapshot_round, table)),
            ('api', 'programs', partial(api.api_round, table, size.seconds)),
            ('processes', 'several processes', partial(processes.processes_round, table)),
            ('recovery', 'what breaks', partial(recovery.recovery_round, table)),
        ):
            if part in parts:
                _announce(f'round {number}, {what}', table)
                await measure()
    await _measure_once(table, rounds, parts)
    for part, what, measure_rounds in (
        ('grid', 'grid in Chromium', grid.grid_rounds),
        ('gradebook', 'gradebook in Chromium', gradebook.gradebook_rounds),
        ('privacy', 'an erasure', privacy.privacy_rounds),
        ('reports', 'reports about learners', reports.report_rounds),
        ('projector', 'projector in Chromium', partial(projector.projector_rounds, most=size.students)),
        ('screens', 'side panel and home', partial(screens.screen_rounds, most=size.students)),
    ):
        if part in parts:
            _announce(what, table)
            await measure_rounds(table, rounds)


async def _measure_once(table: Table, rounds: int, parts: Sequence[str]) -> None:
    """What takes minutes, so that once has to do."""
    for part, what, measure in (
        ('prediction', 'predictions', partial(prediction.prediction_round, table)),
        ('dashboards', 'dashboards of a school', partial(dashboards.dashboard_round, table, is_small=rounds == 1)),
        ('mails', 'mails with notices', partial(mails.mail_round, table, is_small=rounds == 1)),
        ('lms', 'learning systems and lists', partial(lms.lms_round, table, is_small=rounds == 1)),
        ('archive', 'a month is archived', partial(archive.archive_round, table, is_small=rounds == 1)),
        ('backups', 'a back-up', partial(backups.backup_round, table, is_small=rounds == 1)),
        ('motivation', 'badges and parents', partial(motivation.motivation_round, table, is_small=rounds == 1)),
    ):
        if part in parts:
            _announce(what, table)
            await measure()


def _machine(table: Table) -> machine.Speed:
    """Time what no version of ours changes, so that figures of two machines can be compared."""
    speed = machine.measure()
    table.slower = speed.times_slower_than(machine.REFERENCE)
    print(
        f'this machine: {speed.python:.1f} ms for a piece of Python, {speed.sqlite:.1f} ms for a piece of SQLite; '
        f'{table.slower:.2f} × the time of the reference '
        f'({machine.REFERENCE.python:g} and {machine.REFERENCE.sqlite:g} ms)'
    )
    return speed


def _announce(what: str, table: Table) -> None:
    """Say what comes next, how fast the machine is at the moment, and whether it has time for it."""
    table.slower = machine.measure().times_slower_than(machine.REFERENCE)
    others = psutil.cpu_percent(interval=1)
    busy = f', and others keep it {others:.0f} % busy' if others > BUSY else ''
    print(f'{what} (this machine: {table.slower:.2f} × the time of the reference{busy})', flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog='python -m bench', description=__doc__)
    parser.add_argument('--quick', action='store_true', help='one round with five seconds of taps')
    parser.add_argument('--rounds', type=int, help='rounds of which the median is shown (5)')
    parser.add_argument('--seconds', type=float, help='length of the steady load (20)')
    parser.add_argument('--students', type=int, default=1000)
    parser.add_argument('--only', nargs='+', choices=PARTS, default=PARTS, metavar='PART', help=', '.join(PARTS))
    parser.add_argument('--answers', type=Path, help='mastery: a file of answers to predict (user,item,skill,correct)')
    parser.add_argument('--out', type=Path, help='mastery: where to write the predictions')
    parser.add_argument(
        '--generate', type=Path, help='mastery: where to write made-up answers, which are then predicted'
    )
    arguments = parser.parse_args()
    arguments.rounds = arguments.rounds or (1 if arguments.quick else 5)
    arguments.seconds = arguments.seconds or (5.0 if arguments.quick else 20.0)
    return arguments


def _write(table: Table, size: live.Size, rounds: int, speed: machine.Speed) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_bytes(orjson.dumps({
        'measured_at': datetime.now(UTC),
        'machine': {'system': platform.platform(), 'cores': os.cpu_count(), 'python': platform.python_version()},
        'speed': speed,
        'reference': machine.REFERENCE,
        'versions': {name: version(name) for name in ('nicegui', 'uvicorn', 'flask-socketio', 'gevent')},
        'size': size,
        'rounds': rounds,
        'figures': table.as_json(),
    }, option=orjson.OPT_INDENT_2))  # fmt: skip
    print(f'written to {RESULTS.relative_to(Path.cwd()) if RESULTS.is_relative_to(Path.cwd()) else RESULTS.name}')


if __name__ == '__main__':
    main()
