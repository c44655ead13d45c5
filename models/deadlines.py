"""What the calendars of people have said of each deadline."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime
from models.personal import Basis, Erase, Export, declare, kept


class CalendarEntry(SQLModel, table=True):
    """What the calendar of one person said last of one deadline, so that a change of it has the next number.

    Nothing else knows that a deadline has changed: extra time and later dates carry no moment of their own.
    """

    __tablename__ = 'calendar_entries'

    user_id: int = Field(foreign_key='users.id', ondelete='CASCADE', primary_key=True)
    checkpoint_id: int = Field(foreign_key='checkpoints.id', ondelete='CASCADE', primary_key=True)
    said: str = Field(max_length=64)
    """the hash of what the entry says"""
    number: int = 0
    """how often it has changed: SEQUENCE of RFC 5545"""
    changed_at: datetime = Field(sa_type=UtcDateTime)


declare(
    CalendarEntry,
    kept(
        'checkpoint_id said number changed_at',
        'how often a deadline in the calendar of the person has changed',
        'so that calendars take over the newest date',
        Basis.CONSENT,
        on_export=Export.LEAVE_OUT,
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
)
