"""Questions in the bank of a course, in versions, with the pictures that they show."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from models.columns import UtcDateTime, words
from models.enums import Change
from models.personal import declare


class Question(SQLModel, table=True):
    """A question in the bank of a course; what it says is in its versions. Deleted softly: attempts need it."""

    __tablename__ = 'questions'
    __table_args__ = (Index('ix_questions_course', 'course_id', 'deleted_at'),)

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    version: int = 1
    """the number of its newest version"""
    kind: str = Field(max_length=24)
    title: str = Field(max_length=120)
    """its own, or the beginning of what it asks"""
    plain: str = Field(default='', max_length=4_000)
    """title and text in small letters, for the search"""
    tags: list[str] = Field(default=[], sa_type=JSON)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    Question,
    plain='id course_id version kind title plain tags[] created_at updated_at deleted_at',
    because='It is a part of a course.',
)


class QuestionVersion(SQLModel, table=True):
    """What a question said at some time. Attempts keep the versions that they were made with."""

    __tablename__ = 'question_versions'
    __table_args__ = (UniqueConstraint('question_id', 'number'),)

    id: int = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key='questions.id', ondelete='RESTRICT')
    number: int
    content: str = Field(max_length=2_000_000)
    """JSON, as `services.quizzes.question.FORM` writes it"""
    points: int
    """in hundredths"""
    created_by: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    created_at: datetime = Field(sa_type=UtcDateTime)
    change: Change = Field(default=Change.FROM_NOW_ON, sa_type=words(Change))
    """what it means for attempts that were made with another version"""
    keeps_better: bool = True
    """whether an attempt that would lose points keeps what it has"""
    reason: str = Field(default='', max_length=280)
    """what the teacher says to those whose score has changed"""
    regraded_to: int = 0
    """the id of the last attempt that was regraded"""
    regraded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """when all of them were"""


declare(
    QuestionVersion,
    others='created_by',
    plain='id question_id number content points created_at change keeps_better reason regraded_to regraded_at',
    because='It is a part of a course.',
)


class QuestionPicture(SQLModel, table=True):
    """A picture that questions of a course show, whole in the data folder; the courses that have it share the file."""

    __tablename__ = 'question_pictures'
    __table_args__ = (UniqueConstraint('course_id', 'name'),)

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    name: str = Field(max_length=80, index=True)
    """the SHA-256 of what is in it, and how such files end"""
    media_type: str = Field(max_length=20)
    """what it really is, by its content"""
    size: int
    """in bytes"""
    stored_as: str = Field(max_length=64)
    added_at: datetime = Field(sa_type=UtcDateTime)


declare(
    QuestionPicture,
    plain='id course_id name media_type size stored_as added_at',
    because='It is a part of a course.',
)
