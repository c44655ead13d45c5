"""The roll with guests counted as who they have turned out to be: who was there twice at once was there once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import col

from models import Activity, Attendance, LiveSession, Verb
from services.activity import log
from services.core.events import Recorded
from services.core.transaction import Transaction
from services.live.attendance import stays as attendance_stays
from services.live.attendance.stays import Key, Stays


def of_people(tx: Transaction, rows: Sequence[Attendance], owners: Mapping[int, int]) -> dict[Key, Stays]:
    """Return the stays of each person in each class, in the order of the rows; `owners` tells whose a guest is."""
    groups: defaultdict[Key, list[Attendance]] = defaultdict(list)
    for row in rows:
        groups[row.session_id, owners.get(row.user_id, row.user_id)].append(row)
    return {key: _stays(group[0]) if len(group) == 1 else _together(tx, group) for key, group in groups.items()}


def _stays(row: Attendance) -> Stays:
    return Stays(
        course_id=row.course_id,
        came_at=row.came_at,
        here_since=row.here_since,
        left_at=row.left_at,
        seconds=row.seconds,
    )


def _together(tx: Transaction, rows: Sequence[Attendance]) -> Stays:
    """Return the stays of one person under several names in one class, read from the log."""
    users = col(Activity.user_id).in_([row.user_id for row in rows])
    in_class = col(Activity.session_id) == rows[0].session_id
    moving = log.read(tx, in_class & users & col(Activity.verb).in_(attendance_stays.MOVING))
    return _union(_stays(rows[0]), moving, tx.session.get_one(LiveSession, rows[0].session_id).ended_at)


def _union(first: Stays, moving: Sequence[Recorded], end: datetime | None) -> Stays:
    here: set[int] = set()
    stays = Stays(course_id=first.course_id, came_at=first.came_at)
    for activity in sorted(moving, key=attendance_stays.moment):
        at = attendance_stays.moment(activity)
        if end and at > end:
            break
        was_here = bool(here)
        (here.add if activity.verb is Verb.JOINED else here.discard)(activity.user_id)
        if here and not was_here:
            stays = replace(stays, here_since=at)
        elif was_here and not here:
            stays = attendance_stays.ended(stays, at)
    return attendance_stays.ended(stays, end) if end else stays
