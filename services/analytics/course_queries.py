"""What the database is asked for the figures of a course; each query is found by an index."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import BindParameter, bindparam, case, func, or_, select

from models import (
    Attendance,
    Checkpoint,
    ContentPosition,
    CourseGroup,
    DailyTotal,
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
    Verb,
    table,
    verbs_where,
)
from services.analytics.course_facts import (
    LONGEST_IN_CLASS,
    Day,
    HeldClass,
    Learner,
    Place,
    Standing,
    Step,
    Waiting,
)
from services.core.database import Transaction
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared


def steps(tx: Transaction, course_id: int) -> tuple[Step, ...]:
    """Return the checkpoints that count, in order."""
    return tuple(
        Step(
            checkpoint_id=id_,
            number=number,
            title=title,
            kind=kind,
            module=module,
            minutes=minutes,
            due_at=due_at,
            created_at=created_at,
            tags=tuple(tags or ()),
        )
        for number, (id_, title, kind, module, minutes, due_at, created_at, tags) in enumerate(
            _STEPS.rows(tx.connection, course=course_id), start=1
        )
    )


def learners(tx: Transaction, course_id: int) -> tuple[Learner, ...]:
    """Return who learns in a course, by name."""
    return tuple(
        Learner(**dict(zip(_LEARNER, row, strict=True))) for row in _LEARNERS.rows(tx.connection, course=course_id)
    )


def standings(tx: Transaction, course_id: int, people: Sequence[int]) -> dict[Place, Standing]:
    """Return how some learners stand at each checkpoint that they have started."""
    found: dict[Place, Standing] = {}
    for user_id, checkpoint_id, mode, started_at, completed_at, seconds in _PROGRESS.rows(
        tx.connection, course=course_id, people=list(people)
    ):
        in_class = seconds if mode is Mode.LIVE and seconds and seconds <= LONGEST_IN_CLASS else 0
        key = user_id, checkpoint_id
        other = found.get(key)
        if other:
            started_at = min(started_at, other.started_at)
            completed_at = min(filter(None, (completed_at, other.completed_at)), default=None)
            in_class += other.seconds_in_class
        found[key] = Standing(started_at=started_at, completed_at=completed_at, seconds_in_class=in_class)
    return found


def studied(tx: Transaction, course_id: int) -> dict[Place, int]:
    """Return how long everybody studied at each checkpoint on their own, in seconds."""
    rows = _STUDIED.rows(tx.connection, course=course_id)
    return {(user_id, checkpoint_id): int(seconds) for user_id, checkpoint_id, seconds in rows}


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


def last_days(tx: Transaction, course_id: int, people: Sequence[int]) -> dict[int, date]:
    """Return on which day each of some learners did something themselves last."""
    rows = _LAST_DAYS.rows(tx.connection, course=course_id, people=list(people))
    return {user_id: day for user_id, day in rows if day}


def days(tx: Transaction, course_id: int, people: Sequence[int], since: date) -> tuple[Day, ...]:
    """Return what some learners did on each day since one."""
    rows = _DAYS.rows(tx.connection, course=course_id, people=list(people), since=since)
    return tuple(
        Day(
            user_id=user_id,
            day=day,
            is_active=bool(deeds),
            seconds=int(seconds),
            completed=int(completed),
            sessions=int(sessions),
        )
        for user_id, day, deeds, seconds, completed, sessions in rows
    )


def excused(tx: Transaction, course_id: int) -> dict[int, set[int]]:
    """Return the checkpoints from which learners are excused, by learner."""
    found: dict[int, set[int]] = {}
    for user_id, checkpoint_id in _EXCUSED.rows(tx.connection, course=course_id):
        found.setdefault(user_id, set()).add(checkpoint_id)
    return found


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
_totals, _overrides = table(DailyTotal), table(GradeOverride)
_COURSE: BindParameter[int] = bindparam('course')
_whose = func.coalesce(_users.c.merged_into_id, _users.c.id)

_STEPS = Prepared(
    select(
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
        _checkpoints.c.course_id == _COURSE,
        _checkpoints.c.deleted_at.is_(None),
        ~_checkpoints.c.is_preview,
        _modules.c.deleted_at.is_(None),
    )
    .order_by(_modules.c.position, _modules.c.id, _checkpoints.c.position, _checkpoints.c.id)
)
_LEARNER = (
    'user_id', 'name', 'group', 'percent', 'done', 'enrolled_at', 'completed_at', 'paused_at', 'extra_percent',
)  # fmt: skip
_LEARNERS = Prepared(
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
    )
    .select_from(_enrollments)
    .join(_users, _users.c.id == _enrollments.c.user_id)
    .outerjoin(_groups, _groups.c.id == _enrollments.c.group_id)
    .where(_enrollments.c.course_id == _COURSE, _enrollments.c.removed_at.is_(None), _users.c.merged_into_id.is_(None))
    .order_by(_users.c.plain_name, _users.c.id)
)
_PROGRESS = Prepared(
    select(
        _progress.c.user_id,
        _progress.c.checkpoint_id,
        _progress.c.mode,
        _progress.c.started_at,
        _progress.c.completed_at,
        _progress.c.duration_seconds,
    ).where(_progress.c.course_id == _COURSE, among(_progress.c.user_id, 'people'))
)
_STUDIED = Prepared(
    select(_whose, _times.c.checkpoint_id, func.sum(_times.c.seconds))
    .join(_users, _users.c.id == _times.c.user_id)
    .where(_times.c.course_id == _COURSE, _times.c.seconds > 0)
    .group_by(_whose, _times.c.checkpoint_id)
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
NOT_OWN = sorted({*verbs_where(lambda traits: not traits.is_own_deed), Verb.ENROLLED})
"""what others do for a learner says nothing of how active they are"""
_last = (
    select(_totals.c.local_date)
    .where(
        _totals.c.course_id == _COURSE,
        _totals.c.user_id == _enrollments.c.user_id,
        *(_totals.c.verb != verb for verb in NOT_OWN),
    )
    .order_by(_totals.c.local_date.desc())
    .limit(1)
    .correlate(_enrollments)
    .scalar_subquery()
)
_LAST_DAYS = Prepared(
    select(_enrollments.c.user_id, _last).where(
        _enrollments.c.course_id == _COURSE, among(_enrollments.c.user_id, 'people')
    )
)
_is_deed = case((or_(*(_totals.c.verb == verb for verb in NOT_OWN)), 0), else_=1)
_DAYS = Prepared(
    select(
        _totals.c.user_id,
        _totals.c.local_date,
        func.max(_is_deed),
        func.sum(_totals.c.seconds),
        func.sum(_totals.c.completed),
        func.sum(_totals.c.sessions),
    )
    .where(
        _totals.c.course_id == _COURSE,
        among(_totals.c.user_id, 'people'),
        _totals.c.local_date >= bindparam('since', type_=_totals.c.local_date.type),
    )
    .group_by(_totals.c.user_id, _totals.c.local_date)
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
