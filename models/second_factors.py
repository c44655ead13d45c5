"""The second factor of an account: an authenticator app, and the codes for the day on which the phone is lost."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime
from models.personal import Erase, Export, declare, kept


class SecondFactor(SQLModel, table=True):
    """The authenticator app of a person. There is a row once a code of it has been confirmed; removing deletes it."""

    __tablename__ = 'second_factors'

    user_id: int = Field(primary_key=True, foreign_key='users.id', ondelete='CASCADE')
    secret: str = Field(max_length=400)
    """sealed with the secret of this installation, so that a copy of the database does not give it away"""
    last_step: int
    """the time step of the last code that was accepted; codes of it and of earlier ones are refused"""
    created_at: datetime = Field(sa_type=UtcDateTime)


declare(
    SecondFactor,
    kept(
        'secret last_step',
        'what an authenticator app of the person makes its codes of',
        'so that a stolen password alone opens nothing',
        on_export=Export.LEAVE_OUT,
        on_erase=Erase.DELETE,
    ),
    kept(
        'created_at',
        'since when the person has a second factor',
        'so that the person sees that it is theirs',
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
)


class RecoveryCode(SQLModel, table=True):
    """A code that stands in for the authenticator app once. Good until it is used, or the second factor is removed."""

    __tablename__ = 'recovery_codes'

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='CASCADE', index=True)
    code_hash: str = Field(max_length=64)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    RecoveryCode,
    kept(
        'code_hash used_at',
        'the hashes of the recovery codes, and when each was used',
        'so that the person gets in once with each when the phone is lost',
        on_export=Export.LEAVE_OUT,
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
    plain='id',
)
