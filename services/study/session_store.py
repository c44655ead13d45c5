"""The rows of learning sessions, and of the time at each checkpoint, as study time reads and moves them."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Dialect, Select, bindparam, case, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from models import LearningSession, StudyTime, table
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction

SILENT_AFTER = timedelta(minutes=30)
"""How long a session may be without a sign of life until it is over."""


class StudySession(NamedTuple):
    """A learning session, as far as its time has to know it."""

    id: int
    user_id: int
    sign_in_id: int | None
    course_id: int
    checkpoint_id: int
    started_at: datetime
    seen_at: datetime
    counted_until: datetime
    ended_at: datetime | None

    @property
    def last_sign(self) -> datetime:
        """Until when it lasted: its last sign of life, or the moment when another device took over."""
        return max(self.started_at, self.seen_at, self.counted_until)

    def is_on(self, sign_in_id: int, course_id: int) -> bool:
        """Tell whether it is open, on this device and in this course."""
        return self.ended_at is None and (self.sign_in_id, self.course_id) == (sign_in_id, course_id)


def sessions_where(*conditions: ColumnElement[bool]) -> Select[*tuple[object, ...]]:
    """Return the query for sessions that are to be changed."""
    columns = (sessions.c[name] for name in StudySession._fields)
    return select(*columns).where(*conditions).with_for_update()


def of_person(tx: Transaction, user_id: int) -> list[StudySession]:
    """Return the sessions of a person that are open or were just now, the one that was used last at the end."""
    rows = _OF_PERSON.rows(tx.connection, user=user_id, since=tx.now - SILENT_AFTER)
    return [StudySession(*row) for row in rows]


class Studied(NamedTuple):
    """Study that a new session has in it from the beginning."""

    since: datetime
    until: datetime
    seconds: int


def begin(
    tx: Transaction,
    *,
    user_id: int,
    sign_in_id: int,
    course_id: int,
    checkpoint_id: int,
    device: str,
    plays: bool,
    studied: Studied | None = None,
) -> None:
    """Open a session now, with its first page; or since midnight, where it goes on with one of the day before."""
    who = {'user_id': user_id, 'course_id': course_id, 'checkpoint_id': checkpoint_id}
    since, until, seconds = studied or Studied(tx.now, tx.now, 0)
    moments = {'started_at': since, 'seen_at': tx.now, 'counted_until': until, 'active_seconds': seconds}
    seen = {'pages_viewed': 1, 'videos_watched': int(plays)}
    ((session_id,),) = _BEGIN.rows(tx.connection, **who, **moments, **seen, sign_in_id=sign_in_id, device=device)
    _ADD.rows(tx.connection, session_id=session_id, **who, seconds=seconds, watched=plays)


def come_to(tx: Transaction, session: StudySession, checkpoint_id: int) -> None:
    """Let a session have a checkpoint among its own."""
    who = {'user_id': session.user_id, 'course_id': session.course_id, 'checkpoint_id': checkpoint_id}
    _ADD.rows(tx.connection, session_id=session.id, **who, seconds=0, watched=False)


def count(tx: Transaction, session: StudySession, until: datetime, *, active: int, idle: int) -> None:
    """Add seconds to a session, and those of study to the checkpoint at which they were."""
    if active:
        who = {'user_id': session.user_id, 'course_id': session.course_id, 'checkpoint_id': session.checkpoint_id}
        _ADD.rows(tx.connection, session_id=session.id, **who, seconds=active, watched=False)
    _COUNT.rows(tx.connection, session=session.id, until=until, active=active, idle=idle)


def move(tx: Transaction, session: StudySession, *, views: int) -> None:
    """Store where and when a session was seen last."""
    _MOVE.rows(
        tx.connection,
        session=session.id,
        seen=session.seen_at,
        counted=session.counted_until,
        checkpoint=session.checkpoint_id,
        views=views,
    )


def watch(tx: Transaction, session: StudySession, checkpoint_id: int) -> None:
    """Note that a video was playing; the first time it is one more that the session has seen."""
    if _WATCH.rows(tx.connection, session=session.id, checkpoint=checkpoint_id):
        _ONE_MORE_VIDEO.rows(tx.connection, session=session.id)


def attempt_quiz(tx: Transaction, *, sign_in_id: int, course_id: int) -> None:
    """Note that an attempt at a quiz has begun, where a session of this device is open."""
    _ONE_MORE_QUIZ.rows(tx.connection, sign_in=sign_in_id, course=course_id)


def set_back(tx: Transaction, user_id: int) -> None:
    """Let no open session of a person have been seen after now."""
    _SET_BACK.rows(tx.connection, user=user_id, now=tx.now)


sessions, _times = table(LearningSession), table(StudyTime)
_ONE = sessions.c.id == bindparam('session')
_NOW = bindparam('now', type_=sessions.c.seen_at.type)

_THEIRS = sessions.c.user_id == bindparam('user')
_OF_PERSON = Prepared(  # said twice whose they are, so that SQLite looks into its index twice and not through them all
    sessions_where(
        (_THEIRS & sessions.c.ended_at.is_(None)) | (_THEIRS & (sessions.c.ended_at > bindparam('since')))
    ).order_by(sessions.c.seen_at, sessions.c.id)
)
_BEGIN = Prepared(
    insert(sessions).returning(sessions.c.id),
    columns=(
        *('user_id', 'sign_in_id', 'course_id', 'checkpoint_id', 'device'),
        *('started_at', 'seen_at', 'counted_until', 'active_seconds', 'pages_viewed', 'videos_watched'),
    ),
)
_MOVE = Prepared(
    update(sessions)
    .where(_ONE)
    .values(
        seen_at=bindparam('seen'),
        counted_until=bindparam('counted'),
        checkpoint_id=bindparam('checkpoint'),
        pages_viewed=sessions.c.pages_viewed + bindparam('views'),
    )
)
_COUNT = Prepared(
    update(sessions)
    .where(_ONE)
    .values(
        counted_until=bindparam('until'),
        active_seconds=sessions.c.active_seconds + bindparam('active'),
        idle_seconds=sessions.c.idle_seconds + bindparam('idle'),
    )
)
_ONE_MORE_VIDEO = Prepared(update(sessions).where(_ONE).values(videos_watched=sessions.c.videos_watched + 1))
_ONE_MORE_QUIZ = Prepared(
    update(sessions)
    .where(
        sessions.c.sign_in_id == bindparam('sign_in'),
        sessions.c.course_id == bindparam('course'),
        sessions.c.ended_at.is_(None),
    )
    .values(quizzes_attempted=sessions.c.quizzes_attempted + 1)
)
_WATCH = Prepared(
    update(_times)
    .where(
        _times.c.session_id == bindparam('session'),
        _times.c.checkpoint_id == bindparam('checkpoint'),
        ~_times.c.watched,
    )
    .values(watched=True)
    .returning(_times.c.checkpoint_id)
)
_SET_BACK = Prepared(
    update(sessions)
    .where(_THEIRS, sessions.c.ended_at.is_(None))
    .values(
        {name: case((sessions.c[name] > _NOW, _NOW), else_=sessions.c[name]) for name in ('seen_at', 'counted_until')}
    )
)


def _adding(dialect: Dialect) -> sqlite.Insert | postgresql.Insert:
    row = sqlite.insert(_times) if dialect.name == 'sqlite' else postgresql.insert(_times)
    more = {'seconds': _times.c.seconds + row.excluded.seconds}
    return row.on_conflict_do_update(index_elements=['session_id', 'checkpoint_id'], set_=more)


_ADD = Prepared(_adding, columns=('session_id', 'checkpoint_id', 'course_id', 'user_id', 'seconds', 'watched'))
