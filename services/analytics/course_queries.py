"""What the database is asked for the figures of a course; each query is found by an index."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BindParameter, bindparam, case, func, select

from models import (
    Attendance,
    Checkpoint,
    ContentPosition,
    CourseGroup,
    Enrollment,
    GradeOverride,
    HelpRequest,
    LiveSession,
    Mastery,
    Mode,
    Module,
    Progress,
    StudyTime,
    User,
    table,
)
from services.analytics.course_facts import LONGEST_IN_CLASS, CountedCheckpoint, HeldClass, Learner, Place, Waiting
from services.core.sql.in_list import among
from services.core.sql.listed import listed
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction


def checkpoints(tx: Transaction, course_id: int) -> tuple[CountedCheckpoint, ...]:
    """Return the checkpoints that count, in order."""
    return checkpoints_of(tx, [course_id])[course_id]


def checkpoints_of(tx: Transaction, course_ids: Sequence[int]) -> dict[int, tuple[CountedCheckpoint, ...]]:
    """Return the checkpoints of some courses that count, in order."""
    found: dict[int, list[CountedCheckpoint]] = {course_id: [] for course_id in course_ids}
    for course_id, id_, title, kind, module, minutes, due_at, created_at, tags in _CHECKPOINTS.rows(
        tx.connection, courses=list(course_ids)
    ):
        checkpoint = CountedCheckpoint(
            checkpoint_id=id_,
            number=len(found[course_id]) + 1,
            title=title,
            kind=kind,
            module=module,
            minutes=minutes,
            due_at=due_at,
            created_at=created_at,
            tags=tuple(tags or ()),
        )
        found[course_id].append(checkpoint)
    return {course_id: tuple(its) for course_id, its in found.items()}


def learners(tx: Transaction, course_id: int) -> tuple[Learner, ...]:
    """Return who learns in a course, by name."""
    return tuple(_learner(row) for row in _LEARNERS.rows(tx.connection, course=course_id))


def learners_among(
    tx: Transaction, course_ids: Sequence[int], user_ids: Sequence[int]
) -> dict[tuple[int, int], Learner]:
    """Return those of some people who learn in some courses, by (course, learner)."""
    rows = _LEARNERS_AMONG.rows(tx.connection, courses=list(course_ids), people=list(user_ids))
    return {(course_id, row[0]): _learner(row) for *row, course_id in rows}


def _learner(row: Sequence[Any]) -> Learner:
    return Learner(**dict(zip(_LEARNER, row, strict=True)))


def standings(
    tx: Transaction, course_id: int, people: Sequence[int]
) -> tuple[dict[int, set[int]], dict[int, set[int]], dict[int, dict[int, int]]]:
    """Return by checkpoint which learners have begun it and have done it, and how long they were at it in class.

    The last is in seconds from start to completion; where that is not known, there is none.
    """
    begun, done, in_class = {}, {}, {}
    for checkpoint_id, *lists in _STANDINGS.rows(tx.connection, course=course_id, people=list(people)):
        started, completed, there, seconds = (orjson.loads(each or '[]') for each in lists)
        begun[checkpoint_id], done[checkpoint_id] = set(started), set(completed)
        in_class[checkpoint_id] = dict(zip(there, seconds, strict=True))
    return begun, done, in_class


def studied(tx: Transaction, course_id: int, people: Sequence[int]) -> dict[int, dict[int, int]]:
    """Return how long some learners, and others, studied at each checkpoint on their own, in seconds.

    What these learners did as guests is theirs.
    """
    owners: dict[int, int] = dict(_GUESTS.rows(tx.connection, people=list(people)))
    found: dict[int, dict[int, int]] = {}
    for checkpoint_id, *lists in _STUDIED.rows(tx.connection, course=course_id):
        here = found[checkpoint_id] = dict(zip(*map(orjson.loads, lists), strict=True))
        for guest in here.keys() & owners.keys():
            here[owners[guest]] = here.get(owners[guest], 0) + here.pop(guest)
    return found


def seen(tx: Transaction, checkpoint_ids: Sequence[int]) -> dict[Place, int]:
    """Return which share of videos and documents everybody has seen, in percent."""
    if not checkpoint_ids:
        return {}
    rows = _SEEN.rows(tx.connection, checkpoints=list(checkpoint_ids))
    found: dict[Place, int] = {}
    for user_id, checkpoint_id, percent in rows:
        found[user_id, checkpoint_id] = max(percent, found.get((user_id, checkpoint_id), 0))
    return found


def help_asked(tx: Transaction, course_id: int) -> tuple[set[Place], list[Waiting]]:
    """Return who has asked for help where, and who is still waiting in a running class."""
    rows = _HELP.rows(tx.connection, course=course_id)
    waiting = [
        Waiting(user_id=user_id, checkpoint_id=checkpoint_id, asked_at=asked_at)
        for user_id, checkpoint_id, asked_at, resolved_at, ended_at in rows
        if resolved_at is None and ended_at is None
    ]
    return {(user_id, checkpoint_id) for user_id, checkpoint_id, *_ in rows}, waiting


def attempts(tx: Transaction, course_id: int) -> dict[Place, int]:
    """Return how many graded attempts everybody has at each checkpoint."""
    rows = _ATTEMPTS.rows(tx.connection, course=course_id)
    return {(user_id, checkpoint_id): len(scores) for user_id, checkpoint_id, scores in rows}


def excused(tx: Transaction, course_id: int) -> dict[int, set[int]]:
    """Return the checkpoints from which learners are excused, by learner."""
    found: dict[int, set[int]] = {}
    for user_id, checkpoint_id in _EXCUSED.rows(tx.connection, course=course_id):
        found.setdefault(user_id, set()).add(checkpoint_id)
    return found


def excused_among(tx: Transaction, course_ids: Sequence[int], user_ids: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return from which checkpoints some people are excused, as (course, person, checkpoint)."""
    return [*_EXCUSED_AMONG.rows(tx.connection, courses=list(course_ids), people=list(user_ids))]


def classes(tx: Transaction, course_id: int) -> tuple[HeldClass, ...]:
    """Return the classes of a course, the newest first."""
    return tuple(
        HeldClass(session_id=id_, started_at=started_at, is_running=ended_at is None)
        for id_, started_at, ended_at in _CLASSES.rows(tx.connection, course=course_id)
    )


def came(tx: Transaction, session_id: int) -> set[int]:
    """Return who came to a class."""
    return {user_id for (user_id,) in _CAME.rows(tx.connection, session=session_id)}


def stays(tx: Transaction, course_id: int, since: datetime) -> list[tuple[int, datetime, int]]:
    """Return (learner, when the class began, seconds) of all that came to the classes since a moment."""
    rows = _STAYS.rows(tx.connection, course=course_id, since=since)
    return [
        (user_id, began_at, seconds + (max(0, int((tx.now - here).total_seconds())) if here and ended is None else 0))
        for user_id, began_at, ended, seconds, here in rows
    ]


_checkpoints, _modules, _users = table(Checkpoint), table(Module), table(User)
_enrollments, _groups, _progress = table(Enrollment), table(CourseGroup), table(Progress)
_times, _positions, _mastery = table(StudyTime), table(ContentPosition), table(Mastery)
_help, _sessions, _attendance = table(HelpRequest), table(LiveSession), table(Attendance)
_overrides = table(GradeOverride)
_COURSE: BindParameter[int] = bindparam('course')
_whose = func.coalesce(_users.c.merged_into_id, _users.c.id)

_CHECKPOINTS = Prepared(
    select(
        _checkpoints.c.course_id,
        _checkpoints.c.id,
        _checkpoints.c.title,
        _checkpoints.c.kind,
        _modules.c.title,
        _checkpoints.c.estimated_minutes,
        _checkpoints.c.due_at,
        _checkpoints.c.created_at,
        _checkpoints.c.tags,
    )
    .join(_modules, _modules.c.id == _checkpoints.c.module_id)
    .where(
        among(_checkpoints.c.course_id, 'courses'),
        _checkpoints.c.deleted_at.is_(None),
        ~_checkpoints.c.is_preview,
        _modules.c.deleted_at.is_(None),
    )
    .order_by(_modules.c.position, _modules.c.id, _checkpoints.c.position, _checkpoints.c.id)
)
_LEARNER = (
    'user_id', 'name', 'group', 'percent', 'done', 'enrolled_at', 'completed_at', 'paused_at', 'extra_percent',
    'is_erased',
)  # fmt: skip
_HERE = (
    select(
        _users.c.id,
        _users.c.name,
        func.coalesce(_groups.c.name, ''),
        _enrollments.c.percent,
        _enrollments.c.done,
        _enrollments.c.enrolled_at,
        _enrollments.c.completed_at,
        _enrollments.c.paused_at,
        _enrollments.c.extra_percent,
        _users.c.erased_at.is_not(None),
    )
    .select_from(_enrollments)
    .join(_users, _users.c.id == _enrollments.c.user_id)
    .outerjoin(_groups, _groups.c.id == _enrollments.c.group_id)
    .where(_enrollments.c.removed_at.is_(None), _users.c.merged_into_id.is_(None))
)
_LEARNERS = Prepared(_HERE.where(_enrollments.c.course_id == _COURSE).order_by(_users.c.plain_name, _users.c.id))
_LEARNERS_AMONG = Prepared(
    _HERE.add_columns(_enrollments.c.course_id).where(
        among(_enrollments.c.course_id, 'courses'), among(_enrollments.c.user_id, 'people')
    )
)
_took = _progress.c.duration_seconds
IN_CLASS = case(((_progress.c.mode == Mode.LIVE) & (_took <= LONGEST_IN_CLASS), _took), else_=0)
_STANDINGS = Prepared(
    lambda dialect: (
        select(
            _progress.c.checkpoint_id,
            listed(dialect, _progress.c.user_id),
            listed(dialect, _progress.c.user_id, where=_progress.c.completed_at.is_not(None)),
            listed(dialect, _progress.c.user_id, where=IN_CLASS > 0),
            listed(dialect, IN_CLASS, where=IN_CLASS > 0),
        )
        .where(_progress.c.course_id == _COURSE, among(_progress.c.user_id, 'people'))
        .group_by(_progress.c.checkpoint_id)
    )
)
_GUESTS = Prepared(select(_users.c.id, _users.c.merged_into_id).where(among(_users.c.merged_into_id, 'people')))
_by_person = (
    select(_times.c.checkpoint_id, _times.c.user_id, func.sum(_times.c.seconds).label('seconds'))
    .where(_times.c.course_id == _COURSE, _times.c.seconds > 0)
    .group_by(_times.c.checkpoint_id, _times.c.user_id)
    .subquery()
)
_STUDIED = Prepared(
    lambda dialect: select(
        _by_person.c.checkpoint_id, listed(dialect, _by_person.c.user_id), listed(dialect, _by_person.c.seconds)
    ).group_by(_by_person.c.checkpoint_id)
)
_SEEN = Prepared(
    select(_whose, _positions.c.checkpoint_id, _positions.c.percent)
    .join(_users, _users.c.id == _positions.c.user_id)
    .where(among(_positions.c.checkpoint_id, 'checkpoints'))
)
_HELP = Prepared(
    select(_whose, _help.c.checkpoint_id, _help.c.asked_at, _help.c.resolved_at, _sessions.c.ended_at)
    .join(_sessions, _sessions.c.id == _help.c.session_id)
    .join(_users, _users.c.id == _help.c.user_id)
    .where(_sessions.c.course_id == _COURSE)
    .order_by(_help.c.asked_at)
)
_ATTEMPTS = Prepared(
    select(_mastery.c.user_id, _mastery.c.checkpoint_id, _mastery.c.scores).where(_mastery.c.course_id == _COURSE)
)
_EXCUSED = Prepared(
    select(_whose, _overrides.c.checkpoint_id)
    .join(_users, _users.c.id == _overrides.c.user_id)
    .where(_overrides.c.course_id == _COURSE, _overrides.c.score.is_(None))
)
_EXCUSED_AMONG = Prepared(
    select(_overrides.c.course_id, _overrides.c.user_id, _overrides.c.checkpoint_id).where(
        among(_overrides.c.user_id, 'people'), among(_overrides.c.course_id, 'courses'), _overrides.c.score.is_(None)
    )
)
_CLASSES = Prepared(
    select(_sessions.c.id, _sessions.c.started_at, _sessions.c.ended_at)
    .where(_sessions.c.course_id == _COURSE)
    .order_by(_sessions.c.id.desc())
)
_CAME = Prepared(
    select(_whose)
    .join(_attendance, _attendance.c.user_id == _users.c.id)
    .where(_attendance.c.session_id == bindparam('session'))
)
_STAYS = Prepared(
    select(
        _whose,
        _sessions.c.started_at,
        _sessions.c.ended_at,
        _attendance.c.seconds,
        _attendance.c.here_since,
    )
    .select_from(_sessions)
    .join(_attendance, _attendance.c.session_id == _sessions.c.id)
    .join(_users, _users.c.id == _attendance.c.user_id)
    .where(
        _sessions.c.course_id == _COURSE,
        _sessions.c.started_at >= bindparam('since', type_=_sessions.c.started_at.type),
    )
)
