"""The proof that the projections are nothing but the log: rebuild them and compare."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select, true
from sqlmodel import col

from models import (
    Attendance,
    Certificate,
    Checkpoint,
    Course,
    Enrollment,
    HelpRequest,
    LearningSession,
    LiveSession,
    Progress,
    StudyTime,
    User,
    Verb,
)
from services import enrollments, help_requests, merging, pausing, progress
from services.core import log
from services.core.database import Transaction
from services.core.events import Recorded
from services.live import roll
from services.study.endings import studied_id


def differences(tx: Transaction) -> list[str]:
    """Return one line for everything in which a projection differs from the log; none is expected."""
    activities = log.read(tx, true())
    standings: dict[progress.Key, progress.Standing] = {}
    owners = merging.owners(activities)
    progress.fold(standings, merging.owned(activities, owners))
    paused: dict[tuple[int, int], datetime] = {}
    pausing.fold(paused, activities)
    completed = {key: first.at for key, first in merging.completions(activities, owners).items()}
    enrolled = {(a.user_id, a.course_id) for a in activities if a.verb is Verb.ENROLLED}

    expected = {key: progress.row_of(key, standing) for key, standing in standings.items()}
    stored = {(row.user_id, row.checkpoint_id, row.mode): row for row in tx.session.scalars(select(Progress))}
    found = [f'progress {key}: in one of log and table only' for key in expected.keys() ^ stored.keys()]
    for key in expected.keys() & stored.keys():
        kept = {name: getattr(stored[key], name) for name in expected[key]}
        if kept != expected[key]:
            found.append(f'progress {key}: {kept} instead of {expected[key]}')

    merged = select(col(User.id), col(User.merged_into_id)).where(col(User.merged_into_id).is_not(None))
    found += [f'merged {pair}: in one of log and table only' for pair in owners.items() ^ set(tx.execute(merged).all())]

    counted = _counted(tx)
    done = _done(standings, counted)
    for course_id, number in tx.execute(select(col(Course.id), col(Course.counted))):
        if number != len(counted.get(course_id, ())):
            found.append(f'course {course_id}: {number} count instead of {len(counted.get(course_id, ()))}')
    rows = list(tx.session.scalars(select(Enrollment)))
    found += [f'enrollment {key}: in one of log and table only' for key in enrolled ^ {_who(row) for row in rows}]
    for row in rows:
        number = done.get(_who(row), 0)
        percent = number * 100 // max(1, len(counted.get(row.course_id, ())))
        if (row.done, row.percent) != (number, percent):
            found.append(f'enrollment {_who(row)}: {row.done} = {row.percent} % instead of {number} = {percent} %')
        if row.completed_at != (at := completed.get(_who(row))):
            found.append(f'enrollment {_who(row)}: completed at {row.completed_at} instead of {at}')
        if row.paused_at != (at := paused.get(_who(row))):
            found.append(f'enrollment {_who(row)}: paused at {row.paused_at} instead of {at}')
    found += _certificate_differences(tx, activities, {key for key in completed if key in enrolled})
    found += _attendance_differences(tx, activities) + _help_differences(tx, activities)
    return found + _study_differences(tx, activities)


def _certificate_differences(
    tx: Transaction, activities: Sequence[Recorded], completed: set[tuple[int, int]]
) -> list[str]:
    """Every certificate is in the log; who has completed has a valid one, unless somebody revoked it."""
    issued = {(a.user_id, a.course_id, a.words) for a in activities if a.verb is Verb.CERTIFIED}
    rows = tx.session.scalars(select(Certificate).order_by(col(Certificate.id))).all()
    stored = {(row.user_id, row.course_id, row.serial) for row in rows}
    latest = {(row.user_id, row.course_id): row for row in rows}
    valid = {key for key, row in latest.items() if row.revoked_at is None and row.replaced_by_id is None}
    revoked = {key for key, row in latest.items() if row.revoked_by}
    found = [f'certificate {key}: in one of log and table only' for key in issued ^ stored]
    found += [f'certificate of {key}: valid without a completed course' for key in valid - completed]
    return found + [f'certificate of {key}: none is valid' for key in completed - valid - revoked]


def _attendance_differences(tx: Transaction, activities: list[Recorded]) -> list[str]:
    ends: dict[int, datetime | None] = dict(tx.execute(select(col(LiveSession.id), col(LiveSession.ended_at))).all())
    stays: dict[roll.Key, roll.Stays] = {}
    roll.fold(stays, (a for a in activities if not ((end := ends.get(a.session_id or 0)) and roll.moment(a) > end)))
    closed = {key: roll.ended(each, end) if (end := ends[key[0]]) else each for key, each in stays.items()}
    expected = {key: roll.row_of(key, each) for key, each in closed.items()}
    stored = {(row.session_id, row.user_id): row.model_dump() for row in tx.session.scalars(select(Attendance))}
    found = [f'attendance {key}: in one of log and table only' for key in expected.keys() ^ stored.keys()]
    return found + [
        f'attendance {key}: {stored[key]} instead of {row}'
        for key, row in expected.items()
        if key in stored and stored[key] != row
    ]


def _help_differences(tx: Transaction, activities: Sequence[Recorded]) -> list[str]:
    expected = {id_: asdict(request) for id_, request in help_requests.fold({}, activities).items()}
    stored = {row.id: row.model_dump() for row in tx.session.scalars(select(HelpRequest))}
    found = [f'help request {id_}: in one of log and table only' for id_ in expected.keys() ^ stored.keys()]
    differing = (id_ for id_ in expected.keys() & stored.keys() if stored[id_] != expected[id_])
    return found + [f'help request {id_}: {stored[id_]} instead of {expected[id_]}' for id_ in differing]


def _study_differences(tx: Transaction, activities: Sequence[Recorded]) -> list[str]:
    """Compare each session with its study times, and those of sessions that have ended with the log."""
    sessions = {session.id: session for session in tx.session.scalars(select(LearningSession))}
    active = dict.fromkeys(sessions, 0)
    ended: set[tuple[int, str, int, int | None, int | None]] = set()
    for row in tx.session.scalars(select(StudyTime)):
        active[row.session_id] += row.seconds
        if row.seconds and sessions[row.session_id].ended_at:
            tap_id = studied_id(row.session_id, row.checkpoint_id)
            ended.add((row.user_id, tap_id, row.course_id, row.checkpoint_id, row.seconds))
    told = {
        (a.user_id, a.tap_id, a.course_id, a.checkpoint_id, a.seconds) for a in activities if a.verb is Verb.STUDIED
    }
    return [f'studied {stretch}: in one of log and table only' for stretch in ended ^ told] + [
        f'learning session {id_}: {sessions[id_].active_seconds} s instead of {seconds} s'
        for id_, seconds in active.items()
        if sessions[id_].active_seconds != seconds
    ]


def _who(row: Enrollment) -> tuple[int, int]:
    return row.user_id, row.course_id


def _counted(tx: Transaction) -> dict[int, set[int]]:
    """Return the checkpoints that count in each course."""
    counted: dict[int, set[int]] = {}
    for course_id, id_ in tx.execute(
        select(col(Checkpoint.course_id), col(Checkpoint.id)).where(enrollments.counted())
    ):
        counted.setdefault(course_id, set()).add(id_)
    return counted


def _done(standings: dict[progress.Key, progress.Standing], counted: dict[int, set[int]]) -> dict[tuple[int, int], int]:
    """Return how many checkpoints each (user, course) has completed, counted here and not by the database."""
    done: dict[tuple[int, int], set[int]] = {}
    for (user_id, checkpoint_id, _mode), standing in standings.items():
        if standing.completed_at and checkpoint_id in counted.get(standing.course_id, ()):
            done.setdefault((user_id, standing.course_id), set()).add(checkpoint_id)
    return {key: len(checkpoints) for key, checkpoints in done.items()}
