"""Mails that are still to be sent, or could not be sent."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime, words
from models.enums import MailKind, MailState
from models.personal import Basis, Erase, Export, days, declare, kept


class Mail(SQLModel, table=True):
    """A mail that somebody is to get. It has no text: that is made when it is sent, with a link that is fresh then.

    It waits, is being sent, or has failed; when it was sent, its row is deleted. A process that ends while it sends
    leaves the row as being sent: nobody knows whether the mail has arrived, so it counts as failed, and only an admin
    has it sent again.
    """

    __tablename__ = 'mails'
    __table_args__ = {'sqlite_autoincrement': True}

    id: int = Field(default=None, primary_key=True)
    kind: MailKind = Field(sa_type=words(MailKind))
    user_id: int | None = Field(default=None, foreign_key='users.id', ondelete='CASCADE', index=True)
    """whose account it is about; empty where somebody has only typed an address"""
    address: str = Field(max_length=254)
    language: str = Field(default='', max_length=16)
    """code of the language of the text; empty for that of the school"""
    state: MailState = Field(default=MailState.WAITING, sa_type=words(MailState))
    holder: str = Field(default='', max_length=32)
    """the attempt that sends it"""
    attempts: int = 0
    problem: str = Field(default='', max_length=280)
    """why it was not sent the last time, as a sentence for an admin"""
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    """when it is sent or tried again; while it is being sent, when that began"""
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """after which it is of no use"""
    created_at: datetime = Field(sa_type=UtcDateTime)


declare(
    Mail,
    kept(
        'kind address language state holder attempts problem due_at expires_at created_at',
        'a mail to the person that was not sent yet, or could not be sent',
        'so that it is sent, and the school sees what did not work',
        Basis.CONTRACT,
        days(30, since='created_at'),
        on_export=Export.LEAVE_OUT,
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
    plain='id',
    mentions='address',
)


class RefusedAddress(SQLModel, table=True):
    """What mail servers have said against the address of a person; without a row, nothing is known against it.

    It counts failures in a row. From `off_at` on, nothing is sent there that the person has not just asked for, until
    they confirm the address anew. A row with another address than the account has by now means nothing.
    """

    __tablename__ = 'refused_addresses'

    user_id: int = Field(foreign_key='users.id', ondelete='CASCADE', primary_key=True)
    address: str = Field(max_length=254)
    failures: int
    problem: str = Field(max_length=280)
    """what was said the last time, as a stored phrase"""
    failed_at: datetime = Field(sa_type=UtcDateTime)
    off_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    noticed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """since when the person and the admins have a notice of it"""


declare(
    RefusedAddress,
    kept(
        'address failures problem failed_at off_at noticed_at',
        'that mails to the person do not arrive, and since when',
        'so that nothing is sent where nobody gets it, and the person learns of it',
        Basis.CONTRACT,
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
)
