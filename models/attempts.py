"""Attempts at quizzes, with every answer."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, text
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from models.columns import UtcDateTime, words
from models.enums import AttemptState, DeviceClass, Mode
from models.personal import Erase, analytics, declare, kept

_OPEN = text("state = 'in_progress'")
_HELD = text('is_held')
_ENDING = text("state = 'in_progress' AND ends_at IS NOT NULL")


class Attempt(SQLModel, table=True):
    """One attempt of one learner at one quiz: in progress, submitted (an essay waits for its grade), or graded."""

    __tablename__ = 'attempts'
    __table_args__ = (
        UniqueConstraint('user_id', 'checkpoint_id', 'number'),
        Index('ix_attempts_open', 'user_id', 'checkpoint_id', unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index('ix_attempts_ending', 'ends_at', sqlite_where=_ENDING, postgresql_where=_ENDING),
        Index('ix_attempts_checkpoint', 'checkpoint_id', 'user_id'),
        Index('ix_attempts_held', 'id', sqlite_where=_HELD, postgresql_where=_HELD),
    )

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', index=True)
    checkpoint_id: int = Field(foreign_key='quizzes.checkpoint_id', ondelete='RESTRICT')
    number: int
    """1 for the first attempt of this learner at this quiz"""
    state: AttemptState = Field(default=AttemptState.IN_PROGRESS, sa_type=words(AttemptState))
    is_practice: bool = False
    mode: Mode = Field(sa_type=words(Mode))
    session_id: int | None = Field(default=None, foreign_key='live_sessions.id', ondelete='RESTRICT')
    """the class in which it began"""
    started_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """when it is submitted by itself; None without a limit"""
    seen_at: datetime = Field(sa_type=UtcDateTime)
    """the last sign of the learner in it"""
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    graded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_out_of_time: bool = False
    """whether it was submitted because the time was up"""
    late_seconds: int = 0
    """by how much the last answer that counts came after the end"""
    possible: int = 0
    """points of all questions, in hundredths"""
    earned: int = Field(default=0, sa_type=BigInteger)
    """points times credit: in hundredths of ten-thousandths"""
    score: int | None = None
    """0 to 100, rounded down; None until it is graded"""
    passing_percent: int
    is_passed: bool | None = None
    is_held: bool = False
    """whether it is graded, and the quiz did not show its learner the score yet"""
    place: int = 0
    """the position of the question that is shown, where they are shown one at a time"""
    interruptions: int = 0
    """how often the page was gone and came back"""
    times_left: int = 0
    """how often the learner looked at another window, as the program said in which they answered; no page can tell"""
    times_pasted: int = 0
    device: DeviceClass = Field(default=DeviceClass.DESKTOP, sa_type=words(DeviceClass))
    browser: str = Field(default='', max_length=80)
    address_hash: str = Field(default='', max_length=64)
    feedback: str = Field(default='', max_length=10_000)
    """what a teacher says of the whole attempt, as Markdown"""
    feedback_by: int | None = Field(default=None, foreign_key='users.id', ondelete='RESTRICT')
    feedback_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    Attempt,
    kept(
        'course_id checkpoint_id number state is_practice mode session_id started_at ends_at seen_at submitted_at '
        'graded_at is_out_of_time late_seconds place possible earned score passing_percent is_passed is_held',
        'attempts at quizzes, and what they are worth',
        'to teach the person, and to let them go on where they stopped',
    ),
    kept(
        'interruptions times_left times_pasted device browser address_hash',
        'on which device a quiz was taken, and what interrupted it',
        'so that a doubt can be cleared up; it decides nothing',
        until=analytics(since='started_at'),
        on_erase=Erase.REPLACE,
    ),
    kept(
        'feedback feedback_at', 'what a teacher said of an attempt', 'so that the person learns', on_erase=Erase.REPLACE
    ),
    whose='user_id',
    others='feedback_by',
    plain='id',
)


class AttemptAnswer(SQLModel, table=True):
    """One question of an attempt, in its place: not answered yet, answered (`saved_at`), or graded (`credit`)."""

    __tablename__ = 'attempt_answers'
    __table_args__ = (Index('ix_attempt_answers_question', 'question_id', 'attempt_id'),)

    attempt_id: int = Field(foreign_key='attempts.id', ondelete='CASCADE', primary_key=True)
    position: int = Field(primary_key=True)
    """from 0, as it was shown"""
    question_id: int = Field(foreign_key='questions.id', ondelete='RESTRICT')
    version_id: int = Field(foreign_key='question_versions.id', ondelete='RESTRICT')
    points: int
    """what it can give, in hundredths"""
    shown: list[int] = Field(default=[], sa_type=JSON)
    """the places of its options, pairs or parts in the order in which they were shown"""
    answer: str | None = Field(default=None, max_length=200_000)
    """JSON, as `services.quizzes.answer.FORM` writes it"""
    saved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    changes: int = 0
    """how often an answer was replaced by another"""
    seconds: int = 0
    """for how long it was looked at"""
    confidence: int | None = None
    """1 to 5"""
    credit: int | None = None
    """of 10,000; None until it is graded"""
    is_by_hand: bool = False
    """whether a person has set the credit; a regrade leaves it as it is"""
    graded_by: int | None = Field(default=None, foreign_key='users.id', ondelete='RESTRICT')
    graded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    remark: str = Field(default='', max_length=10_000)
    """what the person who graded it says, as Markdown"""
    marks: list[list[int | str]] = Field(default=[], sa_type=JSON)
    """what it got for each criterion, as the rubric was when it was graded; see `services.rubrics.kept`"""


declare(
    AttemptAnswer,
    kept(
        'answer remark marks[]',
        'every answer, and what was said of it',
        'so that nothing that was answered is lost, and the person learns',
        on_erase=Erase.REPLACE,
    ),
    kept(
        'question_id version_id points shown[] saved_at changes seconds confidence credit is_by_hand graded_at',
        'what each answer is worth, and how it came about',
        'to teach the person, and to see which questions are good',
    ),
    whose='attempt_id',
    others='graded_by',
    plain='position',
)
