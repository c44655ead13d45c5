"""Accounts that sign in with the school's own page: which person is who there, and which sign-ins came from there."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime
from models.personal import Erase, declare, kept


class FederatedIdentity(SQLModel, table=True):
    """Who a person is at a provider of sign-ins. Issuer and subject name them there, and never change or come back."""

    __tablename__ = 'federated_identities'
    __table_args__ = (UniqueConstraint('issuer', 'subject'),)

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='CASCADE', index=True)
    issuer: str = Field(max_length=255)
    subject: str = Field(max_length=255)
    made_account: bool
    """whether the account was made by this sign-in; then its role follows what the provider says"""
    created_at: datetime = Field(sa_type=UtcDateTime)


declare(
    FederatedIdentity,
    kept(
        'issuer subject made_account created_at',
        "who the person is at the school's own sign-in",
        'so that they sign in there',
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
    plain='id',
)


class FederatedSignIn(SQLModel, table=True):
    """A sign-in that came from a provider, so that signing out there ends it here. It goes with the sign-in."""

    __tablename__ = 'federated_sign_ins'

    sign_in_id: int = Field(primary_key=True, foreign_key='sign_ins.id', ondelete='CASCADE')
    identity_id: int = Field(foreign_key='federated_identities.id', ondelete='CASCADE', index=True)
    session: str = Field(default='', max_length=255)
    """what the provider calls its own session; empty where it does not say"""


declare(
    FederatedSignIn,
    plain='sign_in_id identity_id session',
    because='It says of a device that is signed in where it came from, and goes with it.',
)
