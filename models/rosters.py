"""Lists of a whole school (OneRoster): who and what of them is who and what here."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime, words
from models.personal import Basis, Erase, declare, kept


class RosterRole(StrEnum):
    """What somebody does in a class of a list."""

    STUDENT = 'student'
    TEACHER = 'teacher'


class RosterPerson(SQLModel, table=True):
    """One person of a list; by this they are known again in the next one."""

    __tablename__ = 'roster_people'
    __table_args__ = (UniqueConstraint('source', 'sourced_id'),)

    id: int = Field(default=None, primary_key=True)
    source: str = Field(max_length=100)
    """the system that wrote the list; its ids mean nothing in another one"""
    sourced_id: str = Field(max_length=255)
    user_id: int = Field(foreign_key='users.id', ondelete='CASCADE', index=True)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """since when the list does not have them"""


declare(
    RosterPerson,
    kept(
        'source sourced_id seen_at left_at',
        'who the person is in the lists of the school',
        'so that the next list knows them again',
        Basis.CONTRACT,
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
    plain='id',
)


class RosterClass(SQLModel, table=True):
    """One class of a list, and the course that it is here."""

    __tablename__ = 'roster_classes'
    __table_args__ = (UniqueConstraint('source', 'sourced_id'),)

    id: int = Field(default=None, primary_key=True)
    source: str = Field(max_length=100)
    sourced_id: str = Field(max_length=255)
    course_id: int = Field(foreign_key='courses.id', ondelete='CASCADE', index=True)
    title: str = Field(max_length=120)
    """what the list called it last; a title that a teacher has chosen instead stays"""
    school: str = Field(default='', max_length=255)
    """the id of its school there, which results have to name"""
    terms: list[str] = Field(default=[], sa_type=JSON)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    RosterClass,
    plain='id source sourced_id course_id title school terms[] left_at',
    because='It is about a course.',
)


class RosterPlace(SQLModel, table=True):
    """What one person does in one class of a list."""

    __tablename__ = 'roster_places'
    __table_args__ = (UniqueConstraint('source', 'sourced_id'),)

    id: int = Field(default=None, primary_key=True)
    source: str = Field(max_length=100)
    sourced_id: str = Field(max_length=255)
    class_id: int = Field(foreign_key='roster_classes.id', ondelete='CASCADE', index=True)
    user_id: int = Field(foreign_key='users.id', ondelete='CASCADE', index=True)
    role: RosterRole = Field(sa_type=words(RosterRole))
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """since when the list does not have it"""


declare(
    RosterPlace,
    kept(
        'source sourced_id role left_at',
        'which classes the lists of the school put the person into',
        'so that only what a list has done is undone by the next one',
        Basis.CONTRACT,
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
    plain='id class_id',
)
