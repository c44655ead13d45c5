"""Stores of statements (xAPI) outside, to which the log is sent: how far each is, and what waits for its time."""

from datetime import datetime

from sqlmodel import Field, Index, SQLModel

from models.columns import UtcDateTime
from models.personal import Erase, declare, kept


class RecordStore(SQLModel, table=True):
    """A store that the settings have named: it has every statement about the log up to `position`.

    A store that is named again later goes on where it was.
    """

    __tablename__ = 'record_stores'

    id: int = Field(default=None, primary_key=True)
    address: str = Field(max_length=500, unique=True)
    position: int = 0
    """the id of the last activity that was looked at"""
    refused: int = 0
    """how many statements the store will never take"""
    wait_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """until then the store has asked to be left alone"""


declare(RecordStore, plain='id address position refused wait_until', because='It is about a program.')


class HeldStatement(SQLModel, table=True):
    """An activity whose score its learner may not see yet: its statement is sent when they may."""

    __tablename__ = 'held_statements'
    __table_args__ = (Index('ix_held_statements_activity', 'activity_id'),)  # the log asks before a row leaves it

    store_id: int = Field(foreign_key='record_stores.id', ondelete='CASCADE', primary_key=True)
    activity_id: int = Field(foreign_key='activities.id', ondelete='RESTRICT', primary_key=True)
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    """when it is looked at next"""


declare(
    HeldStatement,
    kept(
        'due_at',
        'which scores were not sent to the record store yet',
        'so that no score is known there before the person may see it',
        on_erase=Erase.DELETE,
    ),
    whose='activity_id',
    plain='store_id',
)
