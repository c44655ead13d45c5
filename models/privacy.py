"""What the law asks for beside the data themselves."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime
from models.personal import Basis, Until, days, declare, declare_files, kept


class LegalHold(SQLModel, table=True):
    """That the data of a person must be kept until a day; so long they are not erased."""

    __tablename__ = 'legal_holds'
    __table_args__ = {'sqlite_autoincrement': True}

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', index=True)
    reason: str = Field(max_length=280)
    """the law or the proceedings that ask for it"""
    until: date
    """the last day"""
    set_by: int | None = Field(default=None, foreign_key='users.id', ondelete='SET NULL')
    set_at: datetime = Field(sa_type=UtcDateTime)


declare(
    LegalHold,
    kept(
        'reason until set_at',
        'that the data must be kept, why, and until when',
        'because a law or proceedings ask for it',
        Basis.DUTY,
        Until('its last day is over'),
    ),
    whose='user_id',
    others='set_by',
    plain='id',
)


class Look(SQLModel, table=True):
    """That somebody looked at data of another person, or of everybody in a course. Rows are only ever added.

    Each row has the hash of the one before it (`before`) and its own (`link`), so that no row can be changed, and none
    taken out between two others, without a comparison finding it (decision 42).
    """

    __tablename__ = 'looks'
    __table_args__ = {'sqlite_autoincrement': True}

    id: int = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    by_id: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    about_id: int | None = Field(default=None, foreign_key='users.id', ondelete='RESTRICT', index=True)
    """whose data; None where it was everybody in the course"""
    course_id: int | None = Field(default=None, foreign_key='courses.id', ondelete='RESTRICT', index=True)
    page: str = Field(max_length=40)
    """which page or file, by the name that the program has for it"""
    people: int
    """how many people could be seen there"""
    before: str = Field(max_length=64)
    """the link of the row before; empty in the first one"""
    link: str = Field(max_length=64)


declare(
    Look,
    kept(
        'at course_id page people',
        'who of the staff, parents and admins looked at the data of the person, when and where',
        'so that the person can see it, and nobody looks without a reason',
        Basis.DUTY,
        days(365, since='at'),
    ),
    whose='about_id',
    others='by_id',
    plain='id before link',
)
declare_files(
    'erasures',
    because='It has hashes of the numbers of erased people, so that they are erased again after a restore.',
)
