"""Notices to people: what they are of, how each person wants to get them, and what is still to be sent."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from models.columns import UtcDateTime, words
from models.enums import Channel, NoticeKind, PushState, Rhythm
from models.personal import Basis, Erase, Export, days, declare, kept

_UNREAD = text('read_at IS NULL AND is_in_app')
_FOR_MAIL = text('mail_due_at IS NOT NULL')
_IN_MAIL = text('mail_id IS NOT NULL')


class Notice(SQLModel, table=True):
    """Something that one person is notified of: written once, unread until `read_at`.

    Its text is frozen when it is written. What happens to the same object (`object_key`) again, such as the end of a
    deadline that was moved, has another `occurrence`; the two together are written once for each person.
    It goes by mail if `mail_due_at` was set: it waits, is part of a mail that is being sent (`mail_id`), and was sent
    (`mailed_at`).
    """

    __tablename__ = 'notices'
    __table_args__ = (
        UniqueConstraint('user_id', 'kind', 'object_key', 'occurrence'),
        Index('ix_notices_user', 'user_id', 'id'),
        Index('ix_notices_unread', 'user_id', 'id', sqlite_where=_UNREAD, postgresql_where=_UNREAD),
        Index('ix_notices_for_mail', 'mail_due_at', 'user_id', sqlite_where=_FOR_MAIL, postgresql_where=_FOR_MAIL),
        Index('ix_notices_mail', 'mail_id', sqlite_where=_IN_MAIL, postgresql_where=_IN_MAIL),
        {'sqlite_autoincrement': True},
    )

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='CASCADE')
    """who is notified"""
    kind: NoticeKind = Field(sa_type=words(NoticeKind))
    object_key: str = Field(max_length=64)
    """what it is about, such as `checkpoint:7`"""
    occurrence: str = Field(default='', max_length=40)
    """which time it is, where something comes again: the moment of a deadline, the day since when somebody is silent"""
    course_id: int | None = Field(default=None, foreign_key='courses.id', ondelete='CASCADE', index=True)
    learner_id: int | None = Field(default=None, foreign_key='users.id', ondelete='CASCADE', index=True)
    """the learner it is about, if that is somebody else"""
    title: str = Field(max_length=1000)
    """a stored phrase (`services.core.phrases`)"""
    body: str = Field(default='', max_length=1000)
    """a stored phrase, or nothing"""
    searched: str = Field(default='', max_length=1000)
    """title and body as they are searched: in the language of the person, without case"""
    address: str = Field(default='', max_length=200)
    """the page to which it leads, from its first slash on"""
    happened_at: datetime = Field(sa_type=UtcDateTime)
    written_at: datetime = Field(sa_type=UtcDateTime)
    is_in_app: bool = True
    """whether the inbox has it; else it is only sent"""
    useful_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """after which nobody needs to hear of it, such as the end of a deadline"""
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    mail_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """from when on it may go into a mail; empty if it is not to, or is in one already"""
    mail_id: int | None = Field(default=None, foreign_key='mails.id', ondelete='SET NULL')
    """the mail that it is part of, for as long as that has a row"""
    mailed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    Notice,
    kept(
        'kind object_key occurrence course_id title body searched address happened_at written_at is_in_app'
        ' useful_until read_at mail_due_at mail_id mailed_at',
        'what the person was notified of, and whether they have read it; what those who teach them were notified of',
        'so that the person learns of it, and of each thing once',
        on_erase=Erase.DELETE,
    ),
    whose='user_id learner_id',
    plain='id',
)


class NoticeChoice(SQLModel, table=True):
    """That one person wants one kind of notice on one channel, or does not; without a row, the usual holds."""

    __tablename__ = 'notice_choices'

    user_id: int = Field(foreign_key='users.id', ondelete='CASCADE', primary_key=True)
    kind: NoticeKind = Field(sa_type=words(NoticeKind), primary_key=True)
    channel: Channel = Field(sa_type=words(Channel), primary_key=True)
    is_on: bool
    chosen_at: datetime = Field(sa_type=UtcDateTime)


declare(
    NoticeChoice,
    kept(
        'kind channel is_on chosen_at',
        'of what the person wants to be notified, and how',
        'because the person chose it',
        Basis.CONSENT,
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
)


class NoticeSettings(SQLModel, table=True):
    """When one person gets their notices; without a row, the usual holds: at once, with no quiet hours."""

    __tablename__ = 'notice_settings'

    user_id: int = Field(foreign_key='users.id', ondelete='CASCADE', primary_key=True)
    quiet_from: int | None = None
    """minutes after midnight, in the zone of the person; empty without quiet hours"""
    quiet_until: int | None = None
    """likewise; lower than `quiet_from` if the quiet hours go over midnight"""
    rhythm: Rhythm = Field(default=Rhythm.AT_ONCE, sa_type=words(Rhythm))
    collected_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """until when what comes is collected, because a mail has just gone"""
    calendar_hash: str | None = Field(default=None, max_length=64, unique=True)
    """the hash of the secret in the address of their calendar; empty without one"""
    calendar_made_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    NoticeSettings,
    kept(
        'quiet_from quiet_until rhythm collected_until',
        'when the person wants to be notified',
        'because the person chose it',
        Basis.CONSENT,
        on_erase=Erase.DELETE,
    ),
    kept(
        'calendar_hash calendar_made_at',
        'the hash of the secret address of their calendar',
        'so that only the person reads their deadlines there',
        Basis.CONSENT,
        on_export=Export.LEAVE_OUT,
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
)


class NoticePush(SQLModel, table=True):
    """A notice that goes to the service that brings notices to devices; when it was taken there, its row is deleted.

    It waits, is being sent by a process that holds its lease, or has failed with a problem. The service knows a notice
    by its id, so that it shows one that comes twice only once.
    """

    __tablename__ = 'notice_pushes'

    notice_id: int = Field(foreign_key='notices.id', ondelete='CASCADE', primary_key=True)
    state: PushState = Field(default=PushState.WAITING, sa_type=words(PushState))
    holder: str = Field(default='', max_length=32)
    """the attempt that sends it"""
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    problem: str = Field(default='', max_length=280)
    """why it was not sent the last time, as a sentence for an admin"""
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    """when it is sent or tried again"""
    created_at: datetime = Field(sa_type=UtcDateTime)


declare(
    NoticePush,
    kept(
        'state holder lease_until attempts problem due_at created_at',
        'a notice that was not brought to the devices of the person yet, or could not be',
        'so that it is sent, and the school sees what did not work',
        Basis.CONSENT,
        days(30, since='created_at'),
        on_export=Export.LEAVE_OUT,
        on_erase=Erase.DELETE,
    ),
    whose='notice_id',
)
