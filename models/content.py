"""What there is to watch and to read, and how far each learner is with it."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime
from models.personal import Erase, Export, declare, declare_files, kept


class Upload(SQLModel, table=True):
    """A file that an instructor gave: a video, a PDF, or captions, whole in the data folder.

    The same file can belong to checkpoints of several courses, because copies of a course share it.
    """

    __tablename__ = 'uploads'
    __table_args__ = {'sqlite_autoincrement': True}

    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=200)
    """as its owner called it; never part of a path"""
    media_type: str = Field(max_length=80)
    """what it really is, by its content"""
    size: int = Field(sa_type=BigInteger)
    """in bytes"""
    stored_as: str = Field(max_length=64, unique=True)
    seconds: float | None = None
    """how long a video is"""
    pages: int | None = None
    """how many pages a PDF has"""
    uploaded_by: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    uploaded_at: datetime = Field(sa_type=UtcDateTime)


declare(
    Upload,
    others='uploaded_by',
    plain='id name media_type size stored_as seconds pages uploaded_at',
    because='It is a part of a course.',
)
declare_files(
    'uploads',
    kept(
        '*',
        'videos, documents and pictures of courses, and the files that learners handed in',
        'to teach, and to keep what was handed in',
        on_export=Export.AS_TABLES,
        on_erase=Erase.AS_TABLES,
    ),
    named_by='submission_files.stored_as',
)
declare_files(
    'pages',
    kept(
        '*',
        'pictures of the pages of documents of courses, and of what learners handed in; drawn anew when missing',
        'so that a document can be read page by page',
        on_export=Export.LEAVE_OUT,
        on_erase=Erase.DELETE,
    ),
    named_by='submission_files.stored_as',
)


class ContentPosition(SQLModel, table=True):
    """How far one learner is with one video or document, saved every few seconds while it is used.

    It is no projection: the log is told of a stretch when it ends. `seen` is of the file `file_id` (of the body, if
    None): another file starts it anew.
    """

    __tablename__ = 'content_positions'

    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True)
    checkpoint_id: int = Field(foreign_key='checkpoints.id', ondelete='RESTRICT', primary_key=True, index=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    file_id: int | None = Field(default=None, foreign_key='uploads.id', ondelete='SET NULL')
    position: float = 0.0
    """where to go on: seconds in a video, pages (counted from 0) in a PDF, share (0–1) of a text"""
    furthest: float = 0.0
    """in the same unit"""
    seen: list[list[float]] = Field(default=[], sa_type=JSON)
    """what was really seen: intervals [from, to) in the same unit, in order and apart from each other"""
    percent: int = 0
    """the share that was really seen"""
    views: int = 0
    plays: int = 0
    pauses: int = 0
    seeks: int = 0
    finishes: int = 0
    downloads: int = 0
    started_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    spent_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """until when the time that has passed is used up by what was told of it; see `services.content.time_budget`"""


declare(
    ContentPosition,
    kept(
        'checkpoint_id course_id file_id position furthest seen[] percent views plays pauses seeks finishes downloads '
        'started_at updated_at spent_until',
        'what the person has seen of a video or a document',
        'to let the person go on where they stopped, and to complete what they have seen',
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
)
