"""Writes a term down in bulk: the log, and what is projected from it, but for the daily totals, which are counted."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import orjson
from sqlalchemy import ColumnDefault, Engine, update

from bench.crowd import Rows, sign_ins, users, write_rows
from bench.term import CHECKPOINTS, WEEKS, Term, Visit, kind_at
from models import (
    Activity,
    Attempt,
    Attendance,
    Checkpoint,
    ContentPosition,
    Course,
    Enrollment,
    HelpRequest,
    LearningSession,
    LiveSession,
    Mastery,
    Progress,
    Quiz,
    SignIn,
    StudyTime,
    Submission,
    User,
    table,
)
from services.enums import CheckpointKind, Mode, Verb

ALONE = Mode.SELF_PACED.value
QUIZ, ASSIGNMENT, VIDEO = CheckpointKind.QUIZ, CheckpointKind.ASSIGNMENT, CheckpointKind.VIDEO
ASKS_EVERY = 50
"""visits with a class, of which one asks for help"""


def write(engine: Engine, term: Term) -> int:
    """Write everything; returns how many activities the log has of it."""
    _prepare(engine, term)
    write_rows(engine, User, users(term.learners))
    write_rows(engine, SignIn, sign_ins(term.learners))
    write_rows(engine, Enrollment, _enrollments(term))
    write_rows(engine, LiveSession, _classes(term))
    number = 0
    for week in range(WEEKS):
        visits = term.visits(week)
        log = sorted(chain.from_iterable(_activities(visit) for visit in visits), key=lambda row: row['at'])
        for row in log:
            number += 1
            row['tap_id'] = f'bench:{number}'
        write_rows(engine, Activity, iter(log))
        for model, rows in _PROJECTED.items():
            if found := list(filter(None, map(rows, visits))):
                write_rows(engine, model, iter(found))
    with engine.connect() as connection:
        connection.exec_driver_sql('ANALYZE')
        connection.commit()
    return number


def _prepare(engine: Engine, term: Term) -> None:
    """Let checkpoints be of several kinds, and one due each third of a week."""
    with engine.connect() as connection:
        for course_id, checkpoints in term.courses.items():
            connection.execute(update(table(Course)).where(table(Course).c.id == course_id).values(counted=CHECKPOINTS))
            for place, checkpoint in enumerate(checkpoints):
                due_at = term.begins + timedelta(days=9 + 7 * place // 3)
                change = update(table(Checkpoint)).where(table(Checkpoint).c.id == checkpoint)
                connection.execute(change.values(kind=kind_at(place), due_at=due_at))
        connection.commit()
    write_rows(engine, Quiz, (
        _filled(Quiz, checkpoint_id=checkpoint, course_id=course_id, is_published=True, updated_at=term.begins)
        for course_id, checkpoints in term.courses.items()
        for place, checkpoint in enumerate(checkpoints) if kind_at(place) is QUIZ
    ))  # fmt: skip


def _enrollments(term: Term) -> Rows:
    for index, who in enumerate(term.learners):
        done = sum((who.user_id + place) % 4 != 0 for place in range(WEEKS * 3))
        for course_id in term.taken(index):
            yield _filled(
                Enrollment, course_id=course_id, user_id=who.user_id, enrolled_at=term.begins, done=done,
                percent=done * 100 // CHECKPOINTS,
            )  # fmt: skip


def _classes(term: Term) -> Rows:
    for course_id in term.courses:
        for week in range(WEEKS):
            at = term.begins + timedelta(weeks=week, days=2, hours=10)
            yield _filled(
                LiveSession, id=_class(course_id, week), course_id=course_id, started_by=term.teacher.user_id,
                started_at=at, ended_at=at + timedelta(hours=1),
            )  # fmt: skip


def _class(course_id: int, week: int) -> int:
    return 1_000 + course_id * WEEKS + week


def _activities(visit: Visit) -> Iterator[dict[str, Any]]:
    if visit.joins:
        yield _activity(
            visit, Verb.JOINED, visit.begins - timedelta(minutes=5), session_id=_class(visit.course_id, visit.week)
        )
    yield _activity(visit, Verb.STARTED, visit.begins, checkpoint_id=visit.checkpoint, mode=ALONE)
    if visit.is_done:
        yield _activity(visit, Verb.COMPLETED, visit.ends, checkpoint_id=visit.checkpoint, mode=ALONE)
    if visit.completes(QUIZ):
        yield _activity(visit, Verb.GRADED, visit.ends, checkpoint_id=visit.checkpoint, mode=ALONE, score=visit.score)
    yield _activity(
        visit, Verb.STUDIED, visit.ends + timedelta(seconds=1), checkpoint_id=visit.checkpoint, mode=ALONE,
        seconds=visit.seconds, details='{"ends_session":1}',
    )  # fmt: skip


def _activity(visit: Visit, verb: Verb, at: datetime, **more: Any) -> dict[str, Any]:
    known = {
        'user_id': visit.learner.user_id, 'tap_id': '', 'verb': verb.value, 'course_id': visit.course_id,
        'checkpoint_id': None, 'session_id': None, 'mode': None, 'words': '', 'seconds': None, 'score': None,
        'details': None, 'at': at, 'happened_at': at, 'local_date': at.date(), 'local_hour': at.hour,
    }  # fmt: skip
    return known | more


def _progress(visit: Visit) -> dict[str, Any]:
    done = visit.is_done
    return _of(visit, mode=ALONE, started_at=visit.begins, completed_at=visit.ends if done else None,
               duration_seconds=visit.seconds if done else None)  # fmt: skip


def _session(visit: Visit) -> dict[str, Any]:
    return _filled(
        LearningSession, **_of(visit), id=1_000_000 + visit.number, sign_in_id=None, device='bench',
        started_at=visit.begins, seen_at=visit.ends, counted_until=visit.ends, ended_at=visit.ends, ended_by='left',
        active_seconds=visit.seconds,
    )  # fmt: skip


def _time(visit: Visit) -> dict[str, Any]:
    return _of(visit, session_id=1_000_000 + visit.number, seconds=visit.seconds, watched=False)


def _mastery(visit: Visit) -> dict[str, Any] | None:
    if not visit.completes(QUIZ):
        return None
    scores = orjson.dumps({f'bench:{visit.number}': visit.score, 'first': visit.score // 2}).decode()
    at = visit.ends if visit.score >= 85 else None
    return _of(visit, scores=scores, best_score=visit.score, mastered_at=at)


def _attempt(visit: Visit) -> dict[str, Any] | None:
    if not visit.completes(QUIZ):
        return None
    return _filled(
        Attempt, **_of(visit), number=1, state='graded', mode=ALONE, started_at=visit.begins, seen_at=visit.ends,
        submitted_at=visit.ends, graded_at=visit.ends, possible=100, score=visit.score, passing_percent=60,
        is_passed=visit.score >= 60, device='bench', browser='bench', address_hash='',
    )  # fmt: skip


def _submission(visit: Visit) -> dict[str, Any] | None:
    if not visit.completes(ASSIGNMENT):
        return None
    waits = visit.week == WEEKS - 1
    return _filled(
        Submission, **_of(visit), number=1, state='submitted' if waits else 'returned', text='Done. ' * 100,
        submitted_at=visit.ends, grade=None if waits else visit.score, returned_at=None if waits else visit.ends,
    )  # fmt: skip


def _position(visit: Visit) -> dict[str, Any] | None:
    if kind_at(visit.place) is not VIDEO:
        return None
    return _filled(ContentPosition, **_of(visit), percent=100 if visit.is_done else 40, started_at=visit.begins,
                   updated_at=visit.ends)  # fmt: skip


def _attendance(visit: Visit) -> dict[str, Any] | None:
    if not visit.joins:
        return None
    session = {'session_id': _class(visit.course_id, visit.week), 'user_id': visit.learner.user_id}
    return session | {'course_id': visit.course_id, 'came_at': visit.begins, 'left_at': visit.ends, 'seconds': 3_000}


def _help(visit: Visit) -> dict[str, Any] | None:
    if not visit.joins or visit.number % ASKS_EVERY:
        return None
    session_id = _class(visit.course_id, visit.week)
    return _of(
        visit, id=1_000_000 + visit.number, session_id=session_id, words='', asked_at=visit.begins,
        resolved_at=visit.ends,
    )  # fmt: skip


def _of(visit: Visit, **more: Any) -> dict[str, Any]:
    return {'user_id': visit.learner.user_id, 'course_id': visit.course_id, 'checkpoint_id': visit.checkpoint} | more


def _filled(model: type[Any], **known: Any) -> dict[str, Any]:
    """Return a row with what the model says of the columns that are not given."""
    return {**_defaults(model), **known}


def _defaults(model: type[Any]) -> dict[str, Any]:
    if model not in _DEFAULTS:
        values = {
            column.key: column.default.arg
            for column in table(model).columns
            if isinstance(column.default, ColumnDefault) and column.key != 'id'
        }
        _DEFAULTS[model] = {name: _plain(value) for name, value in values.items()}
    return _DEFAULTS[model]


def _plain(value: Any) -> Any:
    made = value(None) if callable(value) else value
    return orjson.dumps(made).decode() if isinstance(made, list | dict) else getattr(made, 'value', made)


_DEFAULTS: dict[type[Any], dict[str, Any]] = {}
_PROJECTED: dict[type[Any], Callable[[Visit], dict[str, Any] | None]] = {
    Progress: _progress, LearningSession: _session, StudyTime: _time, Mastery: _mastery, Attempt: _attempt,
    Submission: _submission, ContentPosition: _position, Attendance: _attendance, HelpRequest: _help,
}  # fmt: skip
