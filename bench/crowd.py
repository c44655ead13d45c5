"""A course that a whole university takes: so many learners, each with progress at every one of its checkpoints.

The rows are written in bulk, and the log knows nothing of them: what is measured here does not read it.
"""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select, update

import migrations
from bench.build_school import instructor
from models import Checkpoint, Course, Enrollment, Mode, Progress, Role, SignIn, User, table
from services import projections
from services.access import Actor
from services.core import database
from services.courses import catalog, outline
from services.courses.checkpoints import add as add_checkpoints
from settings import settings

AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
IN_ONE_GO = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """The course, its checkpoints in order, and its learners; the one at `index` has done `done(index)` of them."""

    course_id: int
    checkpoints: tuple[int, ...]
    learners: tuple[Actor, ...]

    def done(self, index: int) -> int:
        """How many checkpoints a learner has completed, from the first on: from none to all but one."""
        return index % len(self.checkpoints)


async def open_with(*, learners: int, checkpoints: int) -> tuple[Actor, Crowd]:
    """Open the empty database of the settings, and let so many learners take a course; returns its teacher, too."""
    url = settings().database_url
    migrations.upgrade(url)
    opened = database.open_at(url, projections.ALL)
    teacher = (await instructor()).actor
    course_id = await database.write(catalog.create, teacher, title='A course for many')
    (section,) = await database.read(outline.sections, teacher, course_id)
    lines = '\n'.join(f'Step {number}' for number in range(1, checkpoints + 1))
    await database.write(add_checkpoints, teacher, section.module_id, lines=lines)
    return teacher, await asyncio.to_thread(gather, opened.engines.writing, course_id=course_id, learners=learners)


def gather(engine: Engine, *, course_id: int, learners: int) -> Crowd:
    """Let so many learners take part in a course that is there already, and have worked on all of it."""
    rows = table(Checkpoint)
    with engine.connect() as connection:
        query = select(rows.c.id).where(rows.c.course_id == course_id).order_by(rows.c.position)
        checkpoints = tuple(connection.execute(query).scalars())
    crowd = Crowd(
        course_id=course_id,
        checkpoints=checkpoints,
        learners=tuple(
            Actor(user_id=10_000 + n, sign_in_id=10_000 + n, role=Role.STUDENT, name=f'Learner {n}', is_guest=True)
            for n in range(learners)
        ),
    )
    write_rows(engine, User, users(crowd.learners))
    write_rows(engine, SignIn, sign_ins(crowd.learners))
    write_rows(engine, Enrollment, _enrollments(crowd))
    write_rows(engine, Progress, _progress(crowd))
    with engine.connect() as connection:
        connection.execute(
            update(table(Course)).where(table(Course).c.id == course_id).values(counted=len(checkpoints))
        )
        connection.exec_driver_sql('ANALYZE')
        connection.commit()
    return crowd


Rows = Iterator[dict[str, Any]]


def users(learners: Iterable[Actor]) -> Rows:
    """Yield their rows among the people."""
    for who in learners:
        yield {
            'id': who.user_id, 'name': who.name, 'plain_name': who.name.lower(), 'role': 'student',
            'created_at': AT, 'updated_at': AT,
        }  # fmt: skip


def sign_ins(learners: Iterable[Actor]) -> Rows:
    """Yield a sign-in of each that never expires."""
    for who in learners:
        yield {
            'id': who.sign_in_id, 'user_id': who.user_id, 'token_hash': f'{who.user_id:064}', 'device': 'bench',
            'created_at': AT, 'seen_at': AT, 'expires_at': AT + timedelta(days=36_500),
        }  # fmt: skip


def _enrollments(crowd: Crowd) -> Rows:
    for index, who in enumerate(crowd.learners):
        done = crowd.done(index)
        yield {
            'course_id': crowd.course_id, 'user_id': who.user_id, 'enrolled_at': AT,
            'done': done, 'percent': done * 100 // len(crowd.checkpoints),
            'is_hidden': False, 'weekly_goal': 5, 'extra_percent': 0, 'custom': '{}',
        }  # fmt: skip


def _progress(crowd: Crowd) -> Rows:
    for index, who in enumerate(crowd.learners):
        done = crowd.done(index)
        for place, checkpoint in enumerate(crowd.checkpoints):
            yield {
                'user_id': who.user_id, 'course_id': crowd.course_id, 'checkpoint_id': checkpoint,
                'mode': Mode.SELF_PACED.value,
                'started_at': AT, 'completed_at': AT if place < done else None,
                'duration_seconds': 0 if place < done else None,
            }  # fmt: skip


def write_rows(engine: Engine, model: type[Any], rows: Rows) -> None:
    """Write rows as quickly as the driver can."""
    first = next(rows)
    names = ', '.join(first)
    target = table(model).name
    with closing(engine.raw_connection()) as raw:
        cursor: Any = raw.cursor()  # of the driver itself, which takes rows as they come
        if engine.dialect.name == 'postgresql':
            with cursor.copy(f'COPY {target} ({names}) FROM STDIN') as copy:
                for row in (first, *rows):
                    copy.write_row(tuple(row.values()))
        else:
            cursor.execute('BEGIN')
            marks = ', '.join('?' for _ in first)
            written = (tuple(_as_sqlite(value) for value in row.values()) for row in _all(first, rows))
            cursor.executemany(f'INSERT INTO {target} ({names}) VALUES ({marks})', written)
        raw.commit()


def _all(first: dict[str, Any], rows: Rows) -> Rows:
    yield first
    yield from rows


def _as_sqlite(value: object) -> object:
    return value.strftime('%Y-%m-%d %H:%M:%S.%f') if isinstance(value, datetime) else value
