"""A learner's notes and bookmarks."""

from datetime import datetime

from sqlalchemy import JSON, Text
from sqlmodel import Field, Index, SQLModel

from models.columns import UtcDateTime
from models.personal import Basis, Erase, declare, kept


class Note(SQLModel, table=True):
    """What a learner wrote down at a checkpoint, for themselves alone: a note, or a bookmark with a remark."""

    __tablename__ = 'notes'
    __table_args__ = (Index('ix_notes_user', 'user_id', 'course_id', 'checkpoint_id'), {'sqlite_autoincrement': True})

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='CASCADE')
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    checkpoint_id: int = Field(foreign_key='checkpoints.id', ondelete='RESTRICT')
    is_bookmark: bool = False
    text: str = Field(default='', max_length=10_000)
    """Markdown; the remark of a bookmark may be empty"""
    position: float | None = None
    """in the unit of `ContentPosition.position`"""
    tags: list[str] = Field(default=[], sa_type=JSON)
    plain: str = Field(default='', sa_type=Text)
    """the words of text and tags, folded, for the search index that the database keeps by itself"""
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


declare(
    Note,
    kept(
        'course_id checkpoint_id is_bookmark text position tags[] plain created_at updated_at',
        'what the person wrote down for themselves',
        'because the person wrote it down; nobody else reads it',
        Basis.CONSENT,
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
    plain='id',
    copies='notes_words',
)
