"""The log of everything that happened, and what is folded from it."""

from datetime import date, datetime

from sqlalchemy import BigInteger, text
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from models.columns import UtcDateTime, words
from models.enums import Mode, Verb
from models.personal import NEVER, Erase, Export, declare, declare_files, kept


class Activity(SQLModel, table=True):
    """One thing that one person did. Rows are never changed; `id` is the order in which they were committed.

    Old rows can leave for the archive (`ArchivedMonth`); nothing else is ever removed.

    `tap_id` is the id that the person's screen gave the gesture: the same one twice is the same gesture.
    `about_id` is the other person of those verbs that have one (who was helped, who was merged, who awarded points),
    and `words` what was said.
    """

    __tablename__ = 'activities'
    __table_args__ = (
        UniqueConstraint('user_id', 'tap_id'),
        Index('ix_activities_course', 'course_id', 'id'),
        Index('ix_activities_session', 'session_id', 'id'),
        Index(
            'ix_activities_about',
            'about_id',
            sqlite_where=text('about_id IS NOT NULL'),
            postgresql_where=text('about_id IS NOT NULL'),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    tap_id: str = Field(max_length=64)
    verb: Verb = Field(sa_type=words(Verb))
    course_id: int | None = Field(default=None, foreign_key='courses.id', ondelete='RESTRICT')
    checkpoint_id: int | None = Field(default=None, foreign_key='checkpoints.id', ondelete='RESTRICT')
    session_id: int | None = Field(default=None, foreign_key='live_sessions.id', ondelete='RESTRICT')
    mode: Mode | None = Field(default=None, sa_type=words(Mode))
    about_id: int | None = Field(default=None, foreign_key='users.id', ondelete='RESTRICT')
    words: str = Field(default='', max_length=280)
    seconds: int | None = None
    """how long it took, where one activity sums up a stretch; with `left`, how long nothing had been heard of them"""
    score: int | None = None
    """0 to 100, where something was assessed; a grade that was set by hand may be above that"""
    details: str | None = Field(default=None, max_length=400)
    """a small JSON object of numbers, ids and words of ours; never free text, names or answers"""
    at: datetime = Field(sa_type=UtcDateTime)
    """when it was recorded; later rows never have lower ids (decision 20)"""
    happened_at: datetime = Field(sa_type=UtcDateTime)
    """when it was done: earlier, where that became known later"""
    local_date: date
    """on which date it was done, for the person at that time"""
    local_hour: int = 0
    """in which hour of that day, 0 to 23"""


declare(
    Activity,
    kept(
        'tap_id verb course_id checkpoint_id session_id mode seconds score details at happened_at local_date'
        ' local_hour',
        'what the person did, and when',
        'so that nothing that was shown as saved is lost: everything else is counted from it',
        until=NEVER,
    ),
    kept(
        'words',
        'what the person wrote when they asked for help, and for what staff awarded points to them',
        'so that it can be answered, and explained',
        on_erase=Erase.REPLACE,
        only=('verb', (Verb.HELP_ASKED, Verb.POINTS_AWARDED)),
    ),
    whose='user_id',
    others='about_id',
    plain='id',
)


class ArchivedMonth(SQLModel, table=True):
    """A month of old activities that lies in a file, `archive/YYYY-MM.jsonl.gz` in the data folder.

    The row is there once the whole file is on the disk. What the file has leaves the log in the order of ids: each
    activity counts once at any moment, in the file up to `gone_until`, and in the log after it. A month of which
    nothing leaves has a row without a file.
    """

    __tablename__ = 'archived_months'

    month: date = Field(primary_key=True)
    """its first day; months are those of UTC"""
    rows: int
    last_id: int
    """of the newest activity in the log that month, whether or not it is in the file"""
    sha256: str = Field(max_length=64)
    """of the file, in hex"""
    archived_at: datetime = Field(sa_type=UtcDateTime)
    gone: int = 0
    """how many of its rows have left the log"""
    gone_until: int = 0
    """the newest id of the file that has left the log; 0 where none has"""


declare(
    ArchivedMonth,
    plain='month rows last_id sha256 archived_at gone gone_until',
    because='It says which files there are.',
)


class ArchivedPart(SQLModel, table=True):
    """What one person did in an archived month: `size` bytes at `place` in its file, a gzip file of their own.

    Its `rows` are the oldest first. Parts without their month are of a file that was not finished, and count for
    nothing.
    """

    __tablename__ = 'archived_parts'
    __table_args__ = (Index('ix_archived_parts_month', 'month', 'place'),)

    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True)
    month: date = Field(primary_key=True)
    place: int = Field(sa_type=BigInteger)
    size: int
    rows: int


declare(
    ArchivedPart,
    kept(
        'month place size rows',
        'in which archived months the person did something, and where that is in the files',
        'to find what the person did in the archive of the log',
        until=NEVER,
        on_export=Export.LEAVE_OUT,
    ),
    whose='user_id',
)
declare_files(
    'archive',
    kept(
        '*',
        'old activities that the log keeps in files, by month: who, when and what, without names or words',
        'so that nothing is lost, and the database stays small',
        until=NEVER,
        on_export=Export.AS_TABLES,
    ),
)


class Progress(SQLModel, table=True):
    """One learner at one checkpoint in one mode, as the log tells it.

    Started (`started_at`) and, unless undone, completed (`completed_at`, with the seconds it took).
    """

    __tablename__ = 'progress'
    __table_args__ = (
        UniqueConstraint('user_id', 'checkpoint_id', 'mode'),
        # how a class stands is read from it alone: in a large school each row would be on a page of its own
        Index(
            'ix_progress_course', 'course_id', 'user_id', 'completed_at', 'checkpoint_id', 'mode', 'duration_seconds'
        ),
        Index(
            'ix_progress_done',
            'checkpoint_id',
            'user_id',
            sqlite_where=text('completed_at IS NOT NULL'),
            postgresql_where=text('completed_at IS NOT NULL'),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    checkpoint_id: int = Field(foreign_key='checkpoints.id', ondelete='RESTRICT')
    mode: Mode = Field(sa_type=words(Mode))
    started_at: datetime = Field(sa_type=UtcDateTime)
    completed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    duration_seconds: int | None = None


declare(
    Progress,
    kept(
        'course_id checkpoint_id mode started_at completed_at duration_seconds',
        'which checkpoints the person started and completed',
        'to show the person and their teachers how far they are',
    ),
    whose='user_id',
    plain='id',
)


class ModuleCompletion(SQLModel, table=True):
    """That one learner has completed one module, and when: once and for good, whatever becomes of the module."""

    __tablename__ = 'module_completions'
    __table_args__ = (Index('ix_module_completions_course', 'course_id', 'user_id'),)

    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True)
    module_id: int = Field(foreign_key='modules.id', ondelete='RESTRICT', primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    completed_at: datetime = Field(sa_type=UtcDateTime)


declare(
    ModuleCompletion,
    kept(
        'module_id course_id completed_at',
        'which modules the person completed',
        'to show the person and their teachers how far they are',
    ),
    whose='user_id',
)


class CommitNumber(SQLModel, table=True):
    """The number of the last commit that had something to tell: one row, for several processes that show one class.

    It grows by one within the transaction, so that numbers have no gap, and processes notice what they have missed.
    """

    __tablename__ = 'commit_numbers'

    id: int = Field(primary_key=True, sa_column_kwargs={'autoincrement': False})
    number: int = Field(sa_type=BigInteger)


declare(CommitNumber, plain='id number', because='It counts commits.')
