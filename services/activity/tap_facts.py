"""What taps are checked against, read in one query for all that are waiting."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, case, cast, literal_column, null, select, type_coerce, union_all

from models import Activity, Checkpoint, CheckpointKind, Course, Enrollment, LiveSession, SignIn, table
from services.core.sql.in_list import among, pair_among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of the people, devices, classes and checkpoints of some taps."""

    devices: set[int]
    """ids of the sign-ins that still hold"""
    places: dict[tuple[int, int], bool]
    """(user id, course id) → whether they were taken out of it; who does not learn there is not there"""
    classes: dict[int, tuple[int, bool, bool]]
    """session id → course id, ended?, archived or deleted?"""
    checkpoints: dict[int, tuple[int, bool, bool, bool]]
    """checkpoint id → course id, deleted?, preview?, its course archived or deleted?"""
    kinds: dict[int, CheckpointKind]
    """checkpoint id → of which kind it is"""
    pauses: dict[int, tuple[datetime, str]]
    """session id → since when it is paused, and why"""
    known: set[tuple[int, str]]
    """(user id, tap id) of the taps that are in the log already"""
    now: datetime


def look_up(
    tx: Transaction,
    *,
    sign_ins: AbstractSet[int],
    people: AbstractSet[int],
    classes: AbstractSet[int],
    checkpoints: AbstractSet[int],
    keys: Sequence[tuple[int, str]],
) -> Facts:
    """Read what all waiting taps are checked against, in one query; `keys` are (user id, tap id)."""
    rows = _FACTS.rows(
        tx.connection,
        sign_ins=list(sign_ins),
        people=list(people),
        classes=list(classes),
        checkpoints=list(checkpoints),
        keys=keys,
        now=tx.now,
    )
    facts = Facts(devices=set(), places={}, classes={}, checkpoints={}, kinds={}, pauses={}, known=set(), now=tx.now)
    for kind, id_, course_id, one, other, third, paused_at, words in rows:
        if kind == _CLASS:
            facts.classes[id_] = course_id, bool(one), bool(other)
            if paused_at is not None:
                facts.pauses[id_] = paused_at, words
        elif kind == _CHECKPOINT:
            facts.checkpoints[id_] = course_id, bool(one), bool(other), bool(third)
            facts.kinds[id_] = CheckpointKind(words)
        elif kind == _PLACE:
            facts.places[id_, course_id] = bool(one)
        elif kind == _KNOWN:
            facts.known.add((id_, words))
        else:
            facts.devices.add(id_)
    return facts


_CLASS, _CHECKPOINT, _PLACE, _DEVICE, _KNOWN = 1, 2, 3, 4, 5
"""kinds of fact"""
_classes, _courses = table(LiveSession), table(Course)
_checkpoints, _enrollments, _sign_ins = table(Checkpoint), table(Enrollment), table(SignIn)
_log = table(Activity)


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


_IS_CLOSED = _courses.c.archived_at.is_not(None) | _courses.c.deleted_at.is_not(None)
_NO_PAUSE = (cast(null(), _classes.c.paused_at.type), cast(null(), _classes.c.pause_reason.type))
_NO: ColumnElement[int] = literal_column('0')
_FACTS = Prepared(
    union_all(
        select(
            literal_column(str(_CLASS)),
            _classes.c.id,
            _classes.c.course_id,
            _flag(_classes.c.ended_at.is_not(None)),
            _flag(_IS_CLOSED),
            _NO,
            _classes.c.paused_at,
            _classes.c.pause_reason,
        )
        .join(_courses, _courses.c.id == _classes.c.course_id)
        .where(among(_classes.c.id, 'classes')),
        select(
            literal_column(str(_CHECKPOINT)),
            _checkpoints.c.id,
            _checkpoints.c.course_id,
            _flag(_checkpoints.c.deleted_at.is_not(None)),
            _flag(_checkpoints.c.is_preview),
            _flag(_IS_CLOSED),
            _NO_PAUSE[0],
            type_coerce(_checkpoints.c.kind, _classes.c.pause_reason.type),
        )
        .join(_courses, _courses.c.id == _checkpoints.c.course_id)
        .where(among(_checkpoints.c.id, 'checkpoints')),
        select(
            literal_column(str(_PLACE)),
            _enrollments.c.user_id,
            _enrollments.c.course_id,
            _flag(_enrollments.c.removed_at.is_not(None)),
            _NO,
            _NO,
            *_NO_PAUSE,
        ).where(among(_enrollments.c.user_id, 'people')),
        select(
            literal_column(str(_DEVICE)),
            _sign_ins.c.id,
            _NO,
            _NO,
            _NO,
            _NO,
            *_NO_PAUSE,
        ).where(among(_sign_ins.c.id, 'sign_ins'), _sign_ins.c.expires_at > bindparam('now')),
        select(
            literal_column(str(_KNOWN)),
            _log.c.user_id,
            _NO,
            _NO,
            _NO,
            _NO,
            _NO_PAUSE[0],
            type_coerce(_log.c.tap_id, _classes.c.pause_reason.type),
        ).where(pair_among(_log.c.user_id, _log.c.tap_id, 'keys')),
    )
)
