"""What is remembered of class lists, so that the next one is read without questions."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime
from models.personal import Erase, declare, kept


class ColumnMap(SQLModel, table=True):
    """What a column of class lists means, as a teacher has decided once."""

    __tablename__ = 'column_maps'
    __table_args__ = (UniqueConstraint('user_id', 'heading'),)

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='CASCADE')
    """the teacher"""
    heading: str = Field(max_length=80)
    """as programs write it, without case and punctuation"""
    fact: str = Field(max_length=16)
    """what the column tells about people; empty for nothing that is needed"""
    chosen_at: datetime = Field(sa_type=UtcDateTime)


declare(
    ColumnMap,
    kept(
        'heading fact chosen_at',
        'how the columns of their class lists are named',
        'so that a teacher is asked only once',
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
    plain='id',
)
