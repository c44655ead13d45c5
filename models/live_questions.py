"""Questions that are asked in a class, and what each learner answered to them."""

from datetime import datetime

from sqlalchemy import JSON, false, text
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from models.columns import UtcDateTime, words
from models.enums import LiveQuestionState
from models.personal import Erase, declare, kept

_SHOWN = text('put_away_at IS NULL')
_UNGRADED = text('credit IS NULL AND answer IS NOT NULL')


class LiveQuestion(SQLModel, table=True):
    """One question that was asked in one class, in the version that it had then. At most one of a class is shown."""

    __tablename__ = 'live_questions'
    __table_args__ = (
        UniqueConstraint('session_id', 'number'),
        Index('ux_live_questions_shown', 'session_id', unique=True, sqlite_where=_SHOWN, postgresql_where=_SHOWN),
    )

    id: int = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key='live_sessions.id', ondelete='RESTRICT')
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', index=True)
    question_id: int = Field(foreign_key='questions.id', ondelete='RESTRICT', index=True)
    version_id: int = Field(foreign_key='question_versions.id', ondelete='RESTRICT')
    number: int
    """1 for the first question of its class"""
    shown: list[int] = Field(default=[], sa_type=JSON)
    """the places of its options in the order in which everybody sees them"""
    state: LiveQuestionState = Field(default=LiveQuestionState.OPEN, sa_type=words(LiveQuestionState))
    asked_by: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    opened_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """since when answers are not taken; None while they are"""
    put_away_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """since when no screen of the class shows it"""
    closes_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """when it closes by itself, while it is open; None without a countdown"""
    shows_live: bool = Field(default=False, sa_column_kwargs={'server_default': false()})
    """whether the room sees what is answered while it is open"""


declare(
    LiveQuestion,
    others='asked_by',
    plain='id session_id course_id question_id version_id number shown[] state opened_at closed_at put_away_at '
    'closes_at shows_live',
    because='It says what a class was asked, not who answered.',
)


class LiveAnswer(SQLModel, table=True):
    """What one learner answered to one question of a class; when, as the log has it."""

    __tablename__ = 'live_answers'
    __table_args__ = (
        Index('ix_live_answers_ungraded', 'live_question_id', sqlite_where=_UNGRADED, postgresql_where=_UNGRADED),
    )

    live_question_id: int = Field(foreign_key='live_questions.id', ondelete='RESTRICT', primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True, index=True)
    answer: str | None = Field(default=None, max_length=4_000)
    """JSON, as `services.quizzes.answer.FORM` writes it; None where the learner took it back"""
    saved_at: datetime = Field(sa_type=UtcDateTime)
    changes: int = 0
    """how often it was replaced by another"""
    credit: int | None = None
    """of 10,000; None until the question is over and the answer was graded, and while it waits to be graded again"""


declare(
    LiveAnswer,
    kept(
        'answer',
        'every answer to a question in class',
        'so that nothing that was answered is lost, and the person learns',
        on_erase=Erase.REPLACE,
    ),
    kept(
        'live_question_id saved_at changes credit',
        'when each answer in class was given, and how right it was',
        'to teach the person, and to see which questions are good',
    ),
    whose='user_id',
)
