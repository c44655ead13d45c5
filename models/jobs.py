"""Work that is done later or again and again."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime
from models.personal import declare


class Job(SQLModel, table=True):
    """A piece of work with the moment at which it is due.

    It waits until then; a process takes it with a lease and renews the lease while it works; a lease that runs out
    means that the process is gone, and another one takes the job. What repeats gets a new moment when it is done, what
    does not is deleted. What failed has a problem and waits for longer each time.
    """

    __tablename__ = 'jobs'
    __table_args__ = (UniqueConstraint('kind', 'key'), {'sqlite_autoincrement': True})

    id: int = Field(default=None, primary_key=True)
    kind: str = Field(max_length=40)
    key: str = Field(default='', max_length=64)
    """what it is about; empty where there is one job of its kind"""
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    holder: str = Field(default='', max_length=32)
    """the run that holds the lease"""
    attempts: int = 0
    """how often it was taken since it last worked"""
    problem: str = Field(default='', max_length=280)
    """why it did not work the last time, as a sentence for an admin"""
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """when it last worked"""


declare(
    Job,
    plain='id kind key due_at lease_until holder attempts problem done_at',
    because='It says what is to be done by when; whom it concerns stands in other tables.',
)
