"""People and how they sign in."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime, words
from models.enums import Agreement, DeviceKind, Role, Scope
from models.personal import Basis, Erase, Export, days, declare, kept


class User(SQLModel, table=True):
    """A person.

    With an e-mail address and a password hash it is an account. The address is confirmed or not; an account loses an
    unconfirmed address when its owner says that it is not their account.
    With a rejoin code and neither, it is a guest: a student who gave a name in class.
    """

    __tablename__ = 'users'

    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=80)
    plain_name: str = Field(max_length=200, index=True)
    """the name without what the eye does not tell apart, to find namesakes"""
    role: Role = Field(sa_type=words(Role))
    email: str | None = Field(default=None, max_length=254, unique=True)
    email_confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """since when it is known that mails to the address reach this person"""
    password_hash: str | None = Field(default=None, max_length=60)
    rejoin_code: str | None = Field(default=None, max_length=8, unique=True)
    merged_into_id: int | None = Field(default=None, foreign_key='users.id', ondelete='RESTRICT', index=True)
    """the person who this guest has turned out to be"""
    time_zone: str = Field(default='', max_length=64)
    """IANA name of the zone in which this person sees times; empty for that of the school"""
    language: str = Field(default='', max_length=16)
    """code of the language in which this person reads; empty for what their browser asks for"""
    agreement: Agreement | None = Field(default=None, sa_type=words(Agreement))
    """who agrees that they registered, as they said; None where nobody asked"""
    agreement_age: int | None = None
    """from which age a person agreed for themselves at that time"""
    agreement_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """since when an admin has switched this account off; it cannot sign in"""
    erasure_asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """since when the person has been asking to be erased"""
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """since when the person has a pseudonym; what else is to be erased of them follows at once (decision 42)"""
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


declare(
    User,
    kept('name plain_name', 'the name', 'so that teachers and classmates know who somebody is', on_erase=Erase.REPLACE),
    kept(
        'email email_confirmed_at',
        'the e-mail address, and since when it is confirmed',
        'to sign in, and to be found by teachers',
        on_erase=Erase.REPLACE,
    ),
    kept(
        'password_hash rejoin_code',
        'what the person signs in with',
        'so that nobody else does',
        on_export=Export.LEAVE_OUT,
        on_erase=Erase.REPLACE,
    ),
    kept('merged_into_id', 'who a guest turned out to be', 'so that the work of one person is counted as theirs'),
    kept('time_zone language', 'time zone and language', 'so that times and texts are those of the person'),
    kept(
        'agreement agreement_age agreement_at',
        'who agreed that the person registers: they, as they are old enough, or their parents; and when',
        'so that the school can show it',
        Basis.DUTY,
        on_erase=Erase.REPLACE,
    ),
    kept('erasure_asked_at erased_at', 'that the person asked to be erased, and was', 'so that it is done', Basis.DUTY),
    kept('role created_at updated_at disabled_at', 'role, and since when', 'to know what the person may do'),
    whose='id',
)


class SignIn(SQLModel, table=True):
    """One device on which a person is signed in; signing out deletes the row.

    The device holds a random token, the row only its hash; of a client it is the refresh token that is good now.
    An id is never given twice, because an actor is known by it: on SQLite a page that was signed out would come
    to life with the next person's sign-in.
    """

    __tablename__ = 'sign_ins'
    __table_args__ = {'sqlite_autoincrement': True}

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='CASCADE', index=True)
    token_hash: str = Field(max_length=64, unique=True)
    device: str = Field(max_length=80)
    kind: DeviceKind = Field(default=DeviceKind.BROWSER, sa_type=words(DeviceKind))
    scope: Scope | None = Field(default=None, sa_type=words(Scope))
    """of a service: the one thing that it may do"""
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


declare(
    SignIn,
    kept(
        'token_hash',
        'the hash of what a device shows',
        'to know the device again',
        until=days(30, since='expires_at'),
        on_export=Export.LEAVE_OUT,
        on_erase=Erase.DELETE,
    ),
    kept(
        'device kind scope created_at seen_at expires_at',
        'which device, and when it was used',
        'so that the person sees where they are signed in, and can end it',
        until=days(30, since='expires_at'),
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
    plain='id',
)


class Invitation(SQLModel, table=True):
    """A one-time link that lets its holder register with a role. Open until used or expired.

    The set-up link of an empty installation is an invitation for an admin that nobody sent.
    """

    __tablename__ = 'invitations'

    id: int = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    role: Role = Field(sa_type=words(Role))
    invited_by: int | None = Field(default=None, foreign_key='users.id', ondelete='SET NULL')
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    Invitation,
    others='invited_by',
    plain='id token_hash role created_at expires_at used_at',
    because='It does not say who is invited; only who invited.',
)


class PasswordReset(SQLModel, table=True):
    """A link that lets its holder choose a new password, once. Open until used or expired."""

    __tablename__ = 'password_resets'

    id: int = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    user_id: int = Field(foreign_key='users.id', ondelete='CASCADE', index=True)
    made_by: int | None = Field(default=None, foreign_key='users.id', ondelete='SET NULL')
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    PasswordReset,
    kept(
        'token_hash created_at expires_at used_at',
        'that a link for a new password was made for the person',
        'so that it is good once, and that the person and admins see who made it',
        until=days(30, since='expires_at'),
        on_export=Export.LEAVE_OUT,
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
    others='made_by',
    plain='id',
)


class IdempotentRequest(SQLModel, table=True):
    """A request of a client that has made something, and what it was answered, in case it is sent again."""

    __tablename__ = 'idempotent_requests'
    __table_args__ = (UniqueConstraint('owner', 'key'),)

    id: int = Field(default=None, primary_key=True)
    owner: str = Field(max_length=40)
    """whose key it is; who is not signed in yet shares one"""
    key: str = Field(max_length=64)
    fingerprint: str = Field(max_length=64)
    """what was asked for, so that a key is not taken for something else"""
    answer: str
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)


declare(
    IdempotentRequest,
    kept(
        'owner key fingerprint answer created_at',
        'what a program was answered',
        'so that a request that is sent twice makes nothing twice',
        until=days(1, since='created_at'),
        on_export=Export.LEAVE_OUT,
        on_erase=Erase.DELETE,
    ),
    plain='id',
    matching=(('owner', '{id}'),),
    mentions='answer',
)


class Throttle(SQLModel, table=True):
    """How often something secret was guessed wrong in a row, by what was guessed at."""

    __tablename__ = 'throttles'

    key: str = Field(max_length=300, primary_key=True)
    failures: int = 0
    last_failure_at: datetime = Field(sa_type=UtcDateTime)


declare(
    Throttle,
    kept(
        'key failures last_failure_at',
        'which address or code was guessed at, and from where',
        'to slow down who guesses passwords and codes',
        Basis.INTEREST,
        days(1, since='last_failure_at'),
        on_export=Export.LEAVE_OUT,
        on_erase=Erase.DELETE,
    ),
    matching=(('key', '% {id}'), ('key', '% {id} %')),
)
