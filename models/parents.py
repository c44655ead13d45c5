"""Parents and their children: the links between them, the codes that make links, and who has looked when."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime
from models.personal import Basis, Erase, days, declare, kept


class ParentLink(SQLModel, table=True):
    """A parent may see how a child learns. Either side ends it, or the school does; then the row is deleted."""

    __tablename__ = 'parent_links'

    parent_id: int = Field(foreign_key='users.id', ondelete='CASCADE', primary_key=True)
    child_id: int = Field(foreign_key='users.id', ondelete='CASCADE', primary_key=True, index=True)
    linked_at: datetime = Field(sa_type=UtcDateTime)


declare(
    ParentLink,
    kept(
        'linked_at',
        'who is a parent of whom at this school, and since when',
        'so that parents see how their own children learn, and nobody else does',
        Basis.CONSENT,
        on_erase=Erase.DELETE,
    ),
    whose='parent_id child_id',
)


class ParentCode(SQLModel, table=True):
    """A code with which one parent links themselves to a child. Open until it expires; the row goes when it is used."""

    __tablename__ = 'parent_codes'
    __table_args__ = {'sqlite_autoincrement': True}

    id: int = Field(default=None, primary_key=True)
    child_id: int = Field(foreign_key='users.id', ondelete='CASCADE', index=True)
    code: str = Field(max_length=6, unique=True)
    made_by: int | None = Field(default=None, foreign_key='users.id', ondelete='SET NULL')
    """the child, or somebody of the school"""
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


declare(
    ParentCode,
    kept(
        'code made_at expires_at',
        'a code with which a parent links themselves to the person',
        'so that only those are linked who got it from the child or from the school',
        Basis.CONSENT,
        days(7, since='made_at'),
        on_erase=Erase.DELETE,
    ),
    whose='child_id',
    others='made_by',
    plain='id',
)


class ParentBlock(SQLModel, table=True):
    """The school has decided that a person is not linked to a child; while there is one, the child makes no codes."""

    __tablename__ = 'parent_blocks'

    parent_id: int = Field(foreign_key='users.id', ondelete='CASCADE', primary_key=True)
    child_id: int = Field(foreign_key='users.id', ondelete='CASCADE', primary_key=True, index=True)
    blocked_by: int | None = Field(default=None, foreign_key='users.id', ondelete='SET NULL')
    blocked_at: datetime = Field(sa_type=UtcDateTime)


declare(
    ParentBlock,
    kept(
        'blocked_at',
        'that a person is kept from seeing how a child learns, and since when',
        'so that the school can carry out what a court or the family has decided',
        Basis.INTEREST,
        on_erase=Erase.DELETE,
    ),
    whose='parent_id child_id',
    others='blocked_by',
)


class ParentLook(SQLModel, table=True):
    """How often a parent looked at a child on one day of the child's; it stays when the link ends."""

    __tablename__ = 'parent_looks'
    __table_args__ = (UniqueConstraint('parent_id', 'child_id', 'day'),)

    id: int = Field(default=None, primary_key=True)
    parent_id: int = Field(foreign_key='users.id', ondelete='CASCADE')
    child_id: int = Field(foreign_key='users.id', ondelete='CASCADE', index=True)
    day: date
    """in the zone of the child"""
    count: int
    last_at: datetime = Field(sa_type=UtcDateTime, index=True)


declare(
    ParentLook,
    kept(
        'day count last_at',
        'on which days a parent looked at how the person learns, and how often',
        'so that the person sees who has looked',
        Basis.INTEREST,
        days(90, since='last_at'),
        on_erase=Erase.DELETE,
    ),
    whose='parent_id child_id',
    plain='id',
)


class ParentSummary(SQLModel, table=True):
    """Whether a parent wants the mail at the end of the week, and which was the last week that was seen to."""

    __tablename__ = 'parent_summaries'

    parent_id: int = Field(foreign_key='users.id', ondelete='CASCADE', primary_key=True)
    is_wanted: bool = True
    week: date | None = None
    """the Monday of the last week for which a mail was written, or nothing was to be written"""


declare(
    ParentSummary,
    kept(
        'is_wanted week',
        'whether the person wants a mail at the end of each week, and when the last one was',
        'so that it comes once, or not at all',
        Basis.CONSENT,
        on_erase=Erase.DELETE,
    ),
    whose='parent_id',
)
