"""Sessions of learning by oneself, outside of a class, and the time studied in them."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Field, Index, SQLModel

from models.columns import UtcDateTime
from models.personal import Erase, analytics, declare, kept


class LearningSession(SQLModel, table=True):
    """One stretch of study by one learner in one course on one device: open until they leave, sign out or fall silent.

    The same second is counted for one session of a person only: `counted_until` says how far this one has counted.
    """

    __tablename__ = 'learning_sessions'
    __table_args__ = (
        Index('ix_learning_sessions_user', 'user_id', 'ended_at'),
        Index(
            'ix_learning_sessions_open',
            'seen_at',
            sqlite_where=text('ended_at IS NULL'),
            postgresql_where=text('ended_at IS NULL'),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    sign_in_id: int | None = Field(default=None, foreign_key='sign_ins.id', ondelete='SET NULL', index=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    checkpoint_id: int = Field(foreign_key='checkpoints.id', ondelete='RESTRICT')
    """where they were seen last"""
    device: str = Field(max_length=80)
    started_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    """the last sign of life"""
    counted_until: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by: str = Field(default='', max_length=24)
    """left, signed_out, removed, silence or day"""
    active_seconds: int = 0
    """always the sum of its study times"""
    idle_seconds: int = 0
    pages_viewed: int = 0
    videos_watched: int = 0
    quizzes_attempted: int = 0


declare(
    LearningSession,
    kept(
        'course_id checkpoint_id started_at seen_at counted_until ended_at ended_by active_seconds idle_seconds '
        'pages_viewed videos_watched quizzes_attempted',
        'when the person studied, and for how long',
        'to show the person and their teachers how much time it takes',
    ),
    kept(
        'sign_in_id device',
        'on which device',
        'so that no second is counted twice',
        until=analytics(since='started_at'),
        on_erase=Erase.REPLACE,
    ),
    whose='user_id',
    plain='id',
)


class StudyTime(SQLModel, table=True):
    """How long one learning session was spent at one checkpoint."""

    __tablename__ = 'study_times'
    __table_args__ = (
        Index('ix_study_times_user', 'user_id', 'checkpoint_id'),
        Index('ix_study_times_course', 'course_id', 'checkpoint_id', 'user_id', 'seconds'),
    )

    session_id: int = Field(foreign_key='learning_sessions.id', ondelete='CASCADE', primary_key=True)
    checkpoint_id: int = Field(foreign_key='checkpoints.id', ondelete='RESTRICT', primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    seconds: int = 0
    watched: bool = False
    """whether a video was playing"""


declare(
    StudyTime,
    kept(
        'session_id checkpoint_id course_id seconds watched',
        'how long the person studied where',
        'to show the person and their teachers how much time it takes',
    ),
    whose='user_id',
)
