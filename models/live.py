"""Classes: sessions, what learners ask for help with, and who was there."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Field, Index, SQLModel

from models.columns import UtcDateTime, words
from models.enums import NameDisplay, RollMark
from models.personal import Basis, Erase, declare, kept


class LiveSession(SQLModel, table=True):
    """One class held on one course: running until `ended_at` is set. A course has at most one running."""

    __tablename__ = 'live_sessions'
    __table_args__ = (
        Index(
            'ux_live_sessions_running',
            'course_id',
            unique=True,
            sqlite_where=text('ended_at IS NULL'),
            postgresql_where=text('ended_at IS NULL'),
        ),
        Index('ix_live_sessions_course', 'course_id'),
    )

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    started_by: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    current_checkpoint_id: int | None = Field(default=None, foreign_key='checkpoints.id', ondelete='SET NULL')
    led_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """when everybody was led to the current checkpoint"""
    timer_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """since when the time runs that the instructor has set by hand"""
    timer_seconds: int | None = None
    """how long that time is; it goes before the estimate of the current checkpoint"""
    paused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    pause_reason: str = Field(default='', max_length=120)
    names: NameDisplay = Field(default=NameDisplay.ALIAS, sa_type=words(NameDisplay))


declare(
    LiveSession,
    others='started_by',
    plain='id course_id started_at ended_at current_checkpoint_id led_since timer_since timer_seconds paused_at '
    'pause_reason names',
    because='It says when a class was held, not who was there.',
)


class HelpRequest(SQLModel, table=True):
    """Somebody was stuck in class: waiting, then claimed by a helper, then resolved. As the log tells it.

    `id` is that of the activity that asked. A learner has at most one that is open in a class.
    """

    __tablename__ = 'help_requests'
    __table_args__ = (Index('ix_help_requests_session', 'session_id', 'resolved_at', 'id'),)

    id: int = Field(primary_key=True, sa_column_kwargs={'autoincrement': False})
    session_id: int = Field(foreign_key='live_sessions.id', ondelete='RESTRICT')
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', index=True)
    checkpoint_id: int = Field(foreign_key='checkpoints.id', ondelete='RESTRICT')
    words: str = Field(default='', max_length=280)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    helper_id: int | None = Field(default=None, foreign_key='users.id', ondelete='RESTRICT')
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """also set when it was withdrawn; `helper_id` then tells whether anybody helped"""


declare(
    HelpRequest,
    kept(
        'session_id course_id checkpoint_id asked_at claimed_at resolved_at',
        'where the person was stuck, and until when',
        'so that somebody comes, and teachers see where many get stuck',
    ),
    kept('words', 'what the person wrote', 'so that it can be answered', on_erase=Erase.REPLACE),
    whose='user_id',
    others='helper_id',
    plain='id',
)


class Attendance(SQLModel, table=True):
    """One learner in one class, as the log tells it: when they came, when they went, and how long they were there."""

    __tablename__ = 'attendance'

    session_id: int = Field(foreign_key='live_sessions.id', ondelete='RESTRICT', primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True, index=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    came_at: datetime = Field(sa_type=UtcDateTime)
    here_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """None while they are away"""
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    seconds: int = 0
    """of all stays that have ended"""


declare(
    Attendance,
    kept(
        'session_id course_id came_at here_since left_at seconds',
        'in which classes the person was, and for how long',
        'because schools have to keep a roll',
        Basis.DUTY,
    ),
    whose='user_id',
)


class AttendanceMark(SQLModel, table=True):
    """What those who teach say of one learner in one class, as the log tells it; a mark taken back has no row."""

    __tablename__ = 'attendance_marks'
    __table_args__ = (Index('ix_attendance_marks_course', 'course_id'),)

    session_id: int = Field(foreign_key='live_sessions.id', ondelete='RESTRICT', primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True, index=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    mark: RollMark = Field(sa_type=words(RollMark))
    marked_by: int = Field(foreign_key='users.id', ondelete='RESTRICT')


declare(
    AttendanceMark,
    kept(
        'session_id course_id mark',
        'in which classes the person was late, excused, or is said to have been there or not',
        'because schools have to keep a roll',
        Basis.DUTY,
    ),
    whose='user_id',
    others='marked_by',
)
