"""What the law asks for beside the data themselves."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime
from models.personal import Basis, Until, declare, declare_files, kept


class LegalHold(SQLModel, table=True):
    """That the data of a person must be kept until a day; so long they are not erased."""

    __tablename__ = 'legal_holds'

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
declare_files(
    'erasures',
    because='It has hashes of the numbers of erased people, so that they are erased again after a restore.',
)
