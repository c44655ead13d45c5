"""Courses, what they consist of, and who takes part."""

from datetime import datetime

from sqlalchemy import JSON, text
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from models.columns import UtcDateTime, words
from models.enums import CheckpointKind
from models.personal import Basis, Erase, declare, kept

_DUE = text('completion_due_at IS NOT NULL')


class Course(SQLModel, table=True):
    """Ordered modules, owned by an instructor, joined with a code.

    Open or archived (`archived_at`: to be read, not worked on) or deleted (`deleted_at`: restorable).
    """

    __tablename__ = 'courses'

    id: int = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', index=True)
    title: str = Field(max_length=120)
    description: str = Field(default='', max_length=10_000)
    subject: str = Field(default='', max_length=80)
    code: str = Field(max_length=6, unique=True)
    code_open: bool = True
    classmates_help: bool = False
    """whether somebody who has finished a checkpoint may help others with it"""
    lag_percent: int = 70
    """of the average of the class: who is below needs a look"""
    lag_steps: int = 2
    """behind the median of the class"""
    lag_minutes: int = 5
    """for which somebody is behind, or silent, until they need a look"""
    mastery_percent: int = 85
    """the best score from which on a checkpoint is mastered"""
    gives_certificates: bool = True
    """whether who completes it gets a certificate"""
    is_predicted: bool = True
    """whether predictions are made for its learners"""
    shows_points: bool = True
    """whether learners see points and levels for what they do in it"""
    shows_badges: bool = True
    shows_streaks: bool = True
    shows_leaderboard: bool = False
    copied_from_id: int | None = None
    """the course of which it is a copy, which may be gone: an earlier run of it"""
    counted: int = 0
    """how many checkpoints count at the moment"""
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    Course,
    others='owner_id',
    plain='id title description subject code code_open classmates_help lag_percent lag_steps lag_minutes '
    'mastery_percent gives_certificates is_predicted shows_points shows_badges shows_streaks shows_leaderboard '
    'copied_from_id counted created_at updated_at archived_at deleted_at',
    because='It is the work of its instructor, and says nothing of learners.',
)


class CourseInstructor(SQLModel, table=True):
    """A co-instructor: may do in the course all that its owner may, but not delete it."""

    __tablename__ = 'course_instructors'

    course_id: int = Field(foreign_key='courses.id', ondelete='CASCADE', primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='CASCADE', primary_key=True, index=True)


declare(
    CourseInstructor,
    kept('course_id', 'which courses the person teaches', 'to know what the person may do', on_erase=Erase.DELETE),
    whose='user_id',
)


class Module(SQLModel, table=True):
    """An ordered group of checkpoints. Deleted softly, together with its checkpoints (same `deleted_at`)."""

    __tablename__ = 'modules'

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', index=True)
    title: str = Field(max_length=120)
    description: str = Field(default='', max_length=10_000)
    """what learners read before its checkpoints, as Markdown"""
    position: int
    is_changed: bool = False
    """whether learners may have completed it by a change of the course (see `services.progress.module_completions`)"""
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    Module,
    plain='id course_id title description position is_changed deleted_at',
    because='It is a part of a course.',
)


class Checkpoint(SQLModel, table=True):
    """The one unit that a learner starts and completes.

    Counted, or a preview (`is_preview`: open to anyone, never counted), or deleted (`deleted_at`: restorable).
    """

    __tablename__ = 'checkpoints'

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', index=True)
    module_id: int = Field(foreign_key='modules.id', ondelete='RESTRICT', index=True)
    kind: CheckpointKind = Field(default=CheckpointKind.MARKER, sa_type=words(CheckpointKind))
    title: str = Field(max_length=120)
    description: str = Field(default='', max_length=10_000)
    position: int
    estimated_minutes: int | None = None
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tags: list[str] = Field(default=[], sa_type=JSON)
    is_preview: bool = False
    body: str = Field(default='', max_length=100_000)
    """what there is to read in a document that is no file, as Markdown"""
    file_id: int | None = Field(default=None, foreign_key='uploads.id', ondelete='RESTRICT')
    """the video of a video, or the PDF of a document"""
    link: str = Field(default='', max_length=2000)
    """the address of a video elsewhere; it is shown where a video has no file"""
    captions_id: int | None = Field(default=None, foreign_key='uploads.id', ondelete='RESTRICT')
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    Checkpoint,
    plain='id course_id module_id kind title description position estimated_minutes due_at tags[] is_preview body '
    'file_id link captions_id created_at updated_at deleted_at',
    because='It is a part of a course.',
)


class CourseGroup(SQLModel, table=True):
    """Some of the learners of a course, by the name that the instructor gave them."""

    __tablename__ = 'course_groups'
    __table_args__ = (UniqueConstraint('course_id', 'name'), {'sqlite_autoincrement': True})

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='CASCADE')
    name: str = Field(max_length=80)


declare(CourseGroup, plain='id course_id name', because='It has a name; who is in it stands with the enrollment.')


class Enrollment(SQLModel, table=True):
    """One learner in one course, with the percentage that follows from their progress.

    Not started (nothing in their progress), in progress, paused (`paused_at`, by the learner) or completed:
    `completed_at` is set once, when the percentage first reaches 100, and never changes.
    A change of the course moves everybody's counters at once: PostgreSQL leaves room for that beside each row, which
    makes it five times as quick.
    """

    __tablename__ = 'enrollments'
    __table_args__ = (
        UniqueConstraint('course_id', 'user_id'),
        Index('ix_enrollments_user', 'user_id'),
        Index('ix_enrollments_due', 'id', sqlite_where=_DUE, postgresql_where=_DUE),
        {'postgresql_with': {'fillfactor': 50}},
    )

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    enrolled_at: datetime = Field(sa_type=UtcDateTime)
    percent: int = 0
    done: int = 0
    """how many of the checkpoints that count are completed, in either mode"""
    completed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    completion_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """since when they are at 100 percent and about to complete the course (see `services.progress.completions`)"""
    is_hidden: bool = False
    """whether this learner has chosen not to be shown on the projector"""
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """when the instructor took this learner out of the course, or they were merged into somebody else"""
    paused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    weekly_goal: int = 5
    """checkpoints that the learner wants to complete in a week"""
    group_id: int | None = Field(default=None, foreign_key='course_groups.id', ondelete='SET NULL')
    seat: str = Field(default='', max_length=4)
    """where the learner sits in the room: the letter of the row from the front, and the place in it, such as B4"""
    extra_percent: int = 0
    """extra time for this learner, in percent of what others have"""
    custom: dict[str, str] = Field(default={}, sa_type=JSON)
    """what the school needs to note, by the name of the field"""
    note: str = Field(default='', max_length=500)
    """what those who teach the course note of this learner"""


declare(
    Enrollment,
    kept(
        'course_id enrolled_at removed_at percent done completed_at completion_due_at',
        'which course the person takes, and how far they are',
        'to teach them, and to let them go on where they stopped',
    ),
    kept('is_hidden', 'whether the projector shows them', 'because the person chose it', Basis.CONSENT),
    kept('paused_at weekly_goal', 'pause and weekly goal', 'because the person chose them', Basis.CONSENT),
    kept('group_id seat', 'the group and the seat', 'so that teachers can plan', on_erase=Erase.REPLACE),
    kept(
        'extra_percent',
        'extra time',
        'so that nobody is at a disadvantage; it can say something of health',
        Basis.DUTY,
        on_erase=Erase.REPLACE,
    ),
    kept(
        'custom.*',
        'what the school notes',
        'because the school has to know it; by the names that it chose',
        Basis.DUTY,
        on_erase=Erase.REPLACE,
    ),
    kept(
        'note',
        'what their teachers noted',
        'so that those who teach the course can help',
        on_erase=Erase.REPLACE,
    ),
    whose='user_id',
    plain='id',
)
