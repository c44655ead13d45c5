"""How a learning session ends: left, signed out, removed from the course, silent, or with the learner's day; always at
its last sign of life.

What was studied then goes into the log: one STUDIED for each checkpoint, which add up to the session.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlmodel import col

from models import LearningSession, Mode, StudyTime, User, Verb, table
from services.accounts import sign_ins
from services.activity import recording
from services.activity.log import Entry
from services.core import zones
from services.core.events import Detail
from services.core.projection import Form, Part, Projection, State
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.study import day_parts
from services.study.session_store import SILENT_AFTER, StudySession, sessions, sessions_where

_Key = tuple[int, str]
"""(user id, tap id)"""
_Facts = tuple[int | None, int | None, int | None]
"""(course id, checkpoint id, seconds)"""
LEFT, SIGNED_OUT, REMOVED, SILENCE, DAY = 'left', 'signed_out', 'removed', 'silence', 'day'


def end(tx: Transaction, ending: Sequence[StudySession], *, by: str) -> None:
    """End sessions that are open, and tell the log what was studied in them."""
    if not ending:
        return
    _END.each(tx.connection, [{'session': each.id, 'at': each.last_sign, 'by': by} for each in ending])
    studied = _STUDIED.rows(tx.connection, sessions=[each.id for each in ending])
    spans = {each.id: (each.started_at, min(each.last_sign, tx.now)) for each in ending}
    firsts: dict[int, int] = {}
    for session_id, checkpoint_id, *_ in studied:
        firsts.setdefault(session_id, checkpoint_id)
    recording.record(
        tx,
        [
            Entry(
                user_id=user_id,
                tap_id=studied_id(session_id, checkpoint_id),
                verb=Verb.STUDIED,
                course_id=course_id,
                checkpoint_id=checkpoint_id,
                mode=Mode.SELF_PACED,
                seconds=seconds,
                happened_at=spans[session_id][1],
                zone=zone,
                details=_details(zone, spans[session_id], seconds, ends=firsts[session_id] == checkpoint_id),
            )
            for session_id, checkpoint_id, course_id, user_id, seconds, zone in studied
        ],
    )
    tx.note('learning sessions ended', by=by, sessions=[each.id for each in ending])


def _details(zone: str, span: tuple[datetime, datetime], seconds: int, *, ends: bool) -> dict[str, Detail]:
    """Return whether this stretch stands for the session, and its seconds by part of the day, where it has several."""
    parts = day_parts.spread(zones.of(zone), *span, seconds)
    by_part: dict[str, Detail] = {str(part): its for part, its in parts.items()} if len(parts) > 1 else {}
    return by_part | ({'ends_session': True} if ends else {})


def studied_id(session_id: int, checkpoint_id: int) -> str:
    """Return the tap id under which the log knows what one session was at one checkpoint."""
    return f'studied:{session_id}:{checkpoint_id}'


@sign_ins.before_end
def sign_outs(tx: Transaction, sign_in_ids: Sequence[int]) -> None:
    """End what goes on on devices that are being signed out."""
    end(tx, _found(tx, sessions.c.sign_in_id.in_(sign_in_ids)), by=SIGNED_OUT)


def removal(tx: Transaction, *, user_id: int, course_id: int) -> None:
    """End what somebody studies in a course that they are being taken out of."""
    end(tx, _found(tx, sessions.c.user_id == user_id, sessions.c.course_id == course_id), by=REMOVED)


def close_silent(tx: Transaction) -> None:
    """End the sessions that have been silent for too long."""
    end(tx, _found(tx, sessions.c.seen_at <= tx.now - SILENT_AFTER), by=SILENCE)


def close_all(tx: Transaction) -> None:
    """End every session, because they died with the server; a learner who is still there begins a new one."""
    end(tx, _found(tx), by=SILENCE)


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare each session with its study times, and those of sessions that have ended with the log."""
    theirs = select(LearningSession).where(col(LearningSession.user_id).in_(part.people))
    own = {session.id: session for session in tx.session.scalars(theirs)}
    active = dict.fromkeys(own, 0)
    ended: set[tuple[_Key, _Facts]] = set()
    for row in tx.session.scalars(select(StudyTime).where(col(StudyTime.user_id).in_(part.people))):
        active[row.session_id] += row.seconds
        if row.seconds and own[row.session_id].ended_at:
            tap_id = studied_id(row.session_id, row.checkpoint_id)
            ended.add(((row.user_id, tap_id), (row.course_id, row.checkpoint_id, row.seconds)))
    told = part.folded(tx, STATE).items()
    return [f'studied {(*key, *what)}: in one of log and table only' for key, what in ended ^ told] + [
        f'learning session {id_}: {own[id_].active_seconds} s instead of {seconds} s'
        for id_, seconds in active.items()
        if own[id_].active_seconds != seconds
    ]


def _found(tx: Transaction, *conditions: ColumnElement[bool]) -> list[StudySession]:
    """Return the open sessions that meet conditions."""
    return [StudySession._make(row) for row in tx.execute(sessions_where(sessions.c.ended_at.is_(None), *conditions))]


_times, _users = table(StudyTime), table(User)
_END = Prepared(
    update(sessions)
    .where(sessions.c.id == bindparam('session'))
    .values(ended_at=bindparam('at'), ended_by=bindparam('by'))
)
_STUDIED = Prepared(
    select(
        *(_times.c[name] for name in ('session_id', 'checkpoint_id', 'course_id', 'user_id', 'seconds')),
        _users.c.time_zone,
    )
    .join(_users, _users.c.id == _times.c.user_id)
    .where(among(_times.c.session_id, 'sessions'), _times.c.seconds > 0)
    .order_by(_times.c.session_id, _times.c.checkpoint_id)
)


def _study(_: Transaction, part: Part, studied: dict[_Key, _Facts]) -> None:
    told = (each for each in part.own() if each.verb is Verb.STUDIED)
    studied.update(((each.user_id, each.tap_id), (each.course_id, each.checkpoint_id, each.seconds)) for each in told)


STATE: State[_Key, _Facts] = State(name='studied', form=Form(list[tuple[_Key, _Facts]]), fold=_study)
PROJECTION = Projection(name='study time', states=(STATE,), differences=differences)
"""The log follows the learning sessions."""
