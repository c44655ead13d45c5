"""Assignments, and what learners hand in: each try with its text and its files, and what came back."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from models.columns import UtcDateTime, words
from models.enums import FileKind, SubmissionState
from models.personal import Erase, declare, kept


class Assignment(SQLModel, table=True):
    """What a checkpoint that is an assignment asks for. It is due when its checkpoint is."""

    __tablename__ = 'assignments'

    checkpoint_id: int = Field(foreign_key='checkpoints.id', ondelete='RESTRICT', primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', index=True)
    takes_text: bool = True
    most_files: int = 3
    """0 where it takes no files"""
    file_kinds: list[str] = Field(default=[kind.value for kind in FileKind], sa_type=JSON)
    takes_late: bool = True
    """whether work is taken after the due date, and marked as late"""
    is_graded: bool = True
    passing_percent: int = 60
    may_resubmit: bool = False
    """whether learners can hand in again after their work was returned"""
    hides_names: bool = False
    """whether those who grade see no names until they ask for them"""
    rubric: list[list[object]] = Field(default=[], sa_type=JSON)
    """[criterion, [[points, level], …]] each, the best level first; empty where a grade is typed"""
    updated_at: datetime = Field(sa_type=UtcDateTime)


declare(
    Assignment,
    plain='checkpoint_id course_id takes_text most_files file_kinds[] takes_late is_graded passing_percent '
    'may_resubmit hides_names rubric[] updated_at',
    because='It is a part of a course.',
)


class AssignmentExtension(SQLModel, table=True):
    """Another due date of one assignment, for one learner or for one group."""

    __tablename__ = 'assignment_extensions'
    __table_args__ = (UniqueConstraint('checkpoint_id', 'user_id'), UniqueConstraint('checkpoint_id', 'group_id'))

    id: int = Field(default=None, primary_key=True)
    checkpoint_id: int = Field(foreign_key='checkpoints.id', ondelete='RESTRICT')
    user_id: int | None = Field(default=None, foreign_key='users.id', ondelete='RESTRICT', index=True)
    group_id: int | None = Field(default=None, foreign_key='course_groups.id', ondelete='CASCADE', index=True)
    due_at: datetime = Field(sa_type=UtcDateTime)


declare(
    AssignmentExtension,
    kept(
        'checkpoint_id group_id due_at',
        'a later due date that was agreed on',
        'so that the person has the time that they were promised',
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
    plain='id',
)


class Submission(SQLModel, table=True):
    """One try of one learner at one assignment: a draft, then submitted, graded and returned."""

    __tablename__ = 'submissions'
    __table_args__ = (
        UniqueConstraint('user_id', 'checkpoint_id', 'number'),
        Index('ix_submissions_checkpoint', 'checkpoint_id', 'state'),
    )

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', index=True)
    checkpoint_id: int = Field(foreign_key='checkpoints.id', ondelete='RESTRICT')
    number: int
    """1 for the first try of this learner"""
    state: SubmissionState = Field(default=SubmissionState.DRAFT, sa_type=words(SubmissionState))
    text: str = Field(default='', max_length=100_000)
    """Markdown"""
    saved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """when the text was saved last"""
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    late_seconds: int = Field(default=0, sa_type=BigInteger)
    """by how much it came after it was due"""
    grade: int | None = None
    """0 to 100"""
    feedback: str = Field(default='', max_length=10_000)
    """what the teacher says of it, as Markdown"""
    marks: list[list[int | str]] = Field(default=[], sa_type=JSON)
    """[criterion, most points, points, level, remark] each, as the rubric was when it was graded"""
    graded_by: int | None = Field(default=None, foreign_key='users.id', ondelete='RESTRICT')
    graded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    returned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    Submission,
    kept(
        'text feedback marks[]',
        'what was written for assignments, and what a teacher said of it',
        'so that nothing that was handed in is lost, and the person learns',
        on_erase=Erase.REPLACE,
    ),
    kept(
        'course_id checkpoint_id number state saved_at submitted_at late_seconds grade graded_at returned_at',
        'when assignments were handed in, and what they are worth',
        'to teach the person',
    ),
    whose='user_id',
    others='graded_by',
    plain='id',
)


class SubmissionFile(SQLModel, table=True):
    """A file of what a learner hands in, or one that came back with it; no other course or copy refers to it."""

    __tablename__ = 'submission_files'
    __table_args__ = {'sqlite_autoincrement': True}

    id: int = Field(default=None, primary_key=True)
    submission_id: int = Field(foreign_key='submissions.id', ondelete='RESTRICT', index=True)
    name: str = Field(max_length=200)
    """as its owner called it; never part of a path"""
    kind: FileKind = Field(sa_type=words(FileKind))
    media_type: str = Field(max_length=80)
    """what it really is, by its content"""
    size: int = Field(sa_type=BigInteger)
    """in bytes"""
    pages: int | None = None
    """of a PDF that can be shown page by page"""
    given_by: int | None = Field(default=None, foreign_key='users.id', ondelete='RESTRICT')
    """the teacher who gave it back with feedback; None for what the learner handed in"""
    stored_as: str = Field(max_length=64, unique=True)
    uploaded_at: datetime = Field(sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """when it was taken away again, or replaced"""


declare(
    SubmissionFile,
    kept(
        'name kind media_type size pages stored_as uploaded_at removed_at',
        'the files that were handed in, and those that came back',
        'so that nothing that was handed in is lost',
        on_erase=Erase.DELETE,
    ),
    whose='submission_id',
    others='given_by',
    plain='id',
)
