"""Long work is killed with `kill -9` after a commit: it goes on or begins anew, and nothing stays half done."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
import time_machine
from sqlalchemy import inspect, select, text
from sqlmodel import col

from models import Job
from services import projections
from services.access import Actor
from services.core import clock, database, jobs, typesetting
from services.core.transaction import Transaction
from services.live.help import queue
from services.notes import editing
from services.people import joining, list_entering, list_reading, participants
from services.privacy import erasing
from services.reports.performance import bundle_making, bundles
from services.reports.performance.document import Options
from tests.factories.classes import a_class, a_course, assert_log_and_projections_agree, join_class, tap
from tests.factories.people import a_student, an_admin
from tests.support.cut_off_child import class_list, make_pdf

pytestmark = [
    *(pytest.mark.on_disk, pytest.mark.usefixtures('db')),
    *(pytest.mark.req('S3', 'V1', 'C7', 'R1'), pytest.mark.parametrize('url', ['sqlite'], indirect=True)),
]

CHECKOUT = Path(__file__).parents[2]
ROUNDS = 4


@contextmanager
def children(url: str) -> Iterator['subprocess.Popen[bytes]']:
    command = [sys.executable, '-m', 'tests.support.cut_off_child', url]
    process = subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def killed_after(
    process: 'subprocess.Popen[bytes]', url: str, commits: int, work: str, actor: Actor, subject: int
) -> bool:
    """Let a child work and kill it as soon as it has said so many commits; returns whether it was not done before."""
    assert process.stdin
    assert process.stdout
    database.close()
    process.stdin.write(f'{work} {actor.user_id} {actor.sign_in_id} {subject}\n'.encode())
    process.stdin.flush()
    child = int(process.stdout.readline())
    said = [process.stdout.readline() for _ in range(commits)]
    if b'dead\n' not in said:
        os.kill(child, signal.SIGKILL)
        while process.stdout.readline() != b'dead\n':
            pass
    database.open_at(url, projections.ALL)
    return b'dead\n' not in said


async def test_a_class_list_is_in_as_far_as_it_was_saved_and_whole_when_it_is_brought_in_again(url: str) -> None:
    course = await a_course()
    cut_off: list[int] = []
    with children(url) as process:
        for commits in range(1, ROUNDS + 1):
            assert killed_after(process, url, commits, 'list', course.teacher, course.course_id)
            cut_off.append(len(await learners(course.teacher, course.course_id)))
            await assert_log_and_projections_agree()

    assert 0 < cut_off[0] < 220, 'it was killed in the middle'
    assert {number % list_entering.SLICE for number in cut_off} <= {0, 220 % list_entering.SLICE}, 'nobody half in'
    await list_entering.bring_in(course.teacher, course.course_id, list_reading.read(class_list()))
    names = Counter(await learners(course.teacher, course.course_id))
    assert (len(names), max(names.values())) == (220, 1)
    await assert_log_and_projections_agree()


async def learners(teacher: Actor, course_id: int) -> list[str]:
    found = await database.read(participants.of_course, teacher, course_id)
    return [person.name for person in found.learners]


async def test_an_erasure_is_finished_at_the_next_start_wherever_it_was_killed(url: str) -> None:
    admin, klass = await an_admin(), await a_class(checkpoints=2)
    with children(url) as process:
        for commits in range(ROUNDS):
            sam = await a_student(name=f'Sam Rivera{commits}', email=f'rivera{commits}@example.org')
            await database.write(joining.join, sam, code=klass.code)
            await join_class(klass, by=sam)
            await tap(klass, klass.checkpoints[0], by=sam)
            await database.write(queue.ask, sam, klass.session_id, klass.checkpoints[1], f'Where is zebra{commits}?')
            await database.write(editing.write, sam, klass.checkpoints[0], text=f'About quagga{commits}', tags=[])

            assert killed_after(process, url, commits, 'erasure', admin, sam.user_id)
            await the_server_starts([erasing.kind()])

            left = (await database.read(everything)).lower()
            gone = {f'{word}{commits}' not in left for word in ('rivera', 'zebra', 'quagga')}
            assert len(gone) == 1, 'erased, or not at all'
            assert gone == {True} or commits < 2, 'what has begun is finished'
            assert await database.read(erasures_to_do) == []
            await assert_log_and_projections_agree()


async def the_server_starts(kinds: list[jobs.Kind]) -> None:
    """Do what a server does when it starts, once the lease of the one that was killed has run out."""
    await erasing.erase_listed()
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        await jobs.run_due(kinds)


def erasures_to_do(tx: Transaction) -> list[int]:
    return list(tx.session.scalars(select(col(Job.id)).where(col(Job.kind) == erasing.NAME)))


def everything(tx: Transaction) -> str:
    """Return every word in every table."""
    tables = inspect(tx.connection).get_table_names()
    return ' '.join(str(row) for table in tables for row in tx.execute(text(f'SELECT * FROM "{table}"')))


async def test_the_reports_of_a_class_go_on_where_they_were_killed(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, 'make_pdf', make_pdf)
    klass = await a_class(checkpoints=1, learners=[f'Learner {number}' for number in range(9)])
    with children(url) as process:
        for commits in range(1, ROUNDS):
            bundle_id = await database.write(bundles.start, klass.teacher, klass.course_id, options=Options(), group='')
            assert killed_after(process, url, commits, 'reports', klass.teacher, 0)
            (cut_off, *_) = await database.read(bundles.of_course, klass.teacher, klass.course_id)
            assert not cut_off.is_ready

            await the_server_starts([bundle_making.kind()])

            file = await database.read(bundles.file_of, klass.teacher, bundle_id)
            with ZipFile(file.path) as archive:
                assert len(archive.namelist()) == 9
                assert archive.testzip() is None
                assert archive.read(archive.namelist()[8]).startswith(b'%PDF of')
