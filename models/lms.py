"""Learning management systems that open Waymark (LTI 1.3): who they are, what leads where, and what they are sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime
from models.personal import Basis, Erase, Export, days, declare, declare_files, kept


class LtiPlatform(SQLModel, table=True):
    """A learning management system that an admin has registered."""

    __tablename__ = 'lti_platforms'
    __table_args__ = (UniqueConstraint('issuer', 'client_id'),)

    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=80)
    issuer: str = Field(max_length=255)
    client_id: str = Field(max_length=255)
    deployments: list[str] = Field(default=[], sa_type=JSON)
    """ids of the places in the system where Waymark was added; launches from others are refused"""
    auth_login_url: str = Field(max_length=1000)
    auth_token_url: str = Field(max_length=1000)
    token_audience: str = Field(default='', max_length=1000)
    """for whom we say that we ask for a token, where that is not the address of the token"""
    key_set_url: str = Field(max_length=1000)
    makes_instructors: bool = True
    """whether people who teach there may make an instructor's account here"""
    is_on: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)
    key_set: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    """the keys that were read last, by their ids; they are used for a while when the address does not answer"""
    key_set_read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    key_set_problem: str = Field(default='', max_length=280)
    """why the keys cannot be read now"""
    key_set_failed_since: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    LtiPlatform,
    plain='id name issuer client_id deployments[] auth_login_url auth_token_url token_audience key_set_url '
    'makes_instructors is_on created_at key_set.* key_set_read_at key_set_problem key_set_failed_since',
    because='It is about a program.',
)


class LtiRegistration(SQLModel, table=True):
    """A one-time address at which a platform registers itself. Open until it is used or expired; then `found` is what
    the platform has said of itself, until an admin saves it as a platform or drops it, or `problem` why that failed."""

    __tablename__ = 'lti_registrations'
    __table_args__ = {'sqlite_autoincrement': True}

    id: int = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    address: str = Field(max_length=1000)
    """of the platform, as the admin named it: no other one can use the token"""
    made_by: int | None = Field(default=None, foreign_key='users.id', ondelete='SET NULL', index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    problem: str = Field(default='', max_length=280)
    found: dict[str, Any] | None = Field(default=None, sa_type=JSON)


declare(
    LtiRegistration,
    others='made_by',
    plain='id token_hash address created_at expires_at used_at problem found.*',
    because='It is about a program.',
)


class LtiLogin(SQLModel, table=True):
    """One launch under way: its state and nonce are good once, and bound to the browser that began it.

    When the platform has vouched for the person, there are `claims` and a ticket, which the browser exchanges for a
    sign-in. The ticket stays good for the one who entered with it, until they have chosen what a link leads to.
    """

    __tablename__ = 'lti_logins'

    id: int = Field(default=None, primary_key=True)
    platform_id: int = Field(foreign_key='lti_platforms.id', ondelete='CASCADE', index=True)
    state_hash: str = Field(max_length=64, unique=True)
    nonce_hash: str = Field(max_length=64)
    browser_hash: str = Field(max_length=64)
    ticket_hash: str | None = Field(default=None, max_length=64, unique=True)
    claims: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    user_id: int | None = Field(default=None, foreign_key='users.id', ondelete='CASCADE', index=True)
    """who has entered with the ticket"""
    frame_hash: str | None = Field(default=None, max_length=64, index=True)
    """the frame of the platform from which the browser has opened a window for it"""
    place_key: str | None = Field(default=None, max_length=64)
    """what was chosen to be added there"""
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)


declare(
    LtiLogin,
    kept(
        'state_hash nonce_hash browser_hash ticket_hash claims.* frame_hash place_key created_at',
        'what a learning management system says of the person when they come from there',
        'to sign them in, and to open what the link is of',
        until=days(1, since='created_at'),
        on_export=Export.LEAVE_OUT,
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
    plain='id platform_id',
)


class LtiIdentity(SQLModel, table=True):
    """Who somebody is in a learning management system; only by this are they known again."""

    __tablename__ = 'lti_identities'
    __table_args__ = (UniqueConstraint('issuer', 'subject'),)

    id: int = Field(default=None, primary_key=True)
    issuer: str = Field(max_length=255)
    subject: str = Field(max_length=255)
    user_id: int = Field(foreign_key='users.id', ondelete='CASCADE', index=True)
    made_at: datetime = Field(sa_type=UtcDateTime)


declare(
    LtiIdentity,
    kept(
        'issuer subject made_at',
        'who the person is in a learning management system',
        'so that they enter from there, and their grades arrive there',
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
    plain='id',
)


class LtiPlace(SQLModel, table=True):
    """What a teacher has offered to a platform: a link there carries the key. It is good in the course it was made for;
    where the platform has copied that course, a teacher is asked which course the link leads to."""

    __tablename__ = 'lti_places'

    id: int = Field(default=None, primary_key=True)
    key: str = Field(max_length=43, unique=True)
    platform_id: int = Field(foreign_key='lti_platforms.id', ondelete='CASCADE', index=True)
    context_id: str = Field(max_length=255)
    course_id: int = Field(foreign_key='courses.id', ondelete='CASCADE', index=True)
    checkpoint_id: int | None = Field(default=None, foreign_key='checkpoints.id', ondelete='CASCADE', index=True)
    in_class: bool = False
    made_by: int | None = Field(default=None, foreign_key='users.id', ondelete='SET NULL', index=True)
    made_at: datetime = Field(sa_type=UtcDateTime)


declare(
    LtiPlace,
    others='made_by',
    plain='id key platform_id context_id course_id checkpoint_id in_class made_at',
    because='It says where a link leads.',
)


class LtiLink(SQLModel, table=True):
    """One link in a course of a platform: what it opens here, and where its grades and its class list are."""

    __tablename__ = 'lti_links'
    __table_args__ = (UniqueConstraint('platform_id', 'deployment_id', 'resource_link_id'),)

    id: int = Field(default=None, primary_key=True)
    platform_id: int = Field(foreign_key='lti_platforms.id', ondelete='CASCADE')
    deployment_id: str = Field(max_length=255)
    resource_link_id: str = Field(max_length=255)
    context_id: str = Field(default='', max_length=255)
    context_title: str = Field(default='', max_length=200)
    course_id: int = Field(foreign_key='courses.id', ondelete='CASCADE', index=True)
    checkpoint_id: int | None = Field(default=None, foreign_key='checkpoints.id', ondelete='CASCADE', index=True)
    in_class: bool = False
    line_item: str = Field(default='', max_length=1000)
    """the address of its column in the gradebook there"""
    line_items: str = Field(default='', max_length=1000)
    scopes: list[str] = Field(default=[], sa_type=JSON)
    """what Waymark may do with grades there"""
    roster: str = Field(default='', max_length=1000)
    """the address of the class list there"""
    sends_milestones: bool = False
    """whether completed modules and the completed course are columns of their own there; of the links in one course
    there, one has it"""
    seen_at: datetime = Field(sa_type=UtcDateTime)


declare(
    LtiLink,
    plain='id platform_id deployment_id resource_link_id context_id context_title course_id checkpoint_id in_class '
    'line_item line_items scopes[] roster sends_milestones seen_at',
    because='It is a part of a course.',
)


class LtiMilestone(SQLModel, table=True):
    """A module, or the course as a whole (`module_id` is None), that has a column of its own in the gradebook of a
    platform: there is a row as soon as somebody has completed it."""

    __tablename__ = 'lti_milestones'
    __table_args__ = (UniqueConstraint('link_id', 'module_id'),)

    id: int = Field(default=None, primary_key=True)
    link_id: int = Field(foreign_key='lti_links.id', ondelete='CASCADE')
    module_id: int | None = Field(default=None, foreign_key='modules.id', ondelete='CASCADE', index=True)
    line_item: str = Field(default='', max_length=1000)
    """the address of the column there"""


declare(LtiMilestone, plain='id link_id module_id line_item', because='It is a part of a course.')

_OF_LINK, _OF_MILESTONE = text('milestone_id IS NULL'), text('milestone_id IS NOT NULL')


class LtiScore(SQLModel, table=True):
    """What a platform is to know of one learner at one link, or at one milestone of it, and what it knows.

    `due_at` says when it is looked at next; None where the platform knows everything. What is sent is made at that
    moment, so several changes are sent as one, and never in another order.
    """

    __tablename__ = 'lti_scores'
    __table_args__ = (
        Index('ux_lti_scores', 'link_id', 'user_id', unique=True, sqlite_where=_OF_LINK, postgresql_where=_OF_LINK),
        Index(
            'ux_lti_scores_milestone',
            'milestone_id',
            'user_id',
            unique=True,
            sqlite_where=_OF_MILESTONE,
            postgresql_where=_OF_MILESTONE,
        ),
    )

    id: int = Field(default=None, primary_key=True)
    link_id: int = Field(foreign_key='lti_links.id', ondelete='CASCADE')
    milestone_id: int | None = Field(default=None, foreign_key='lti_milestones.id', ondelete='CASCADE')
    user_id: int = Field(foreign_key='users.id', ondelete='CASCADE', index=True)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    moved: int = 0
    """how often something has happened that may change the score"""
    sent: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    """what the platform has taken last"""
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    holder: str = Field(default='', max_length=32)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    problem: str = Field(default='', max_length=280)
    failed_since: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    LtiScore,
    kept(
        'sent.* sent_at due_at moved attempts problem failed_since',
        'which grade a learning management system was sent',
        'so that the grade there is the one here',
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
    plain='id link_id milestone_id holder lease_until',
)


class LtiReading(SQLModel, table=True):
    """When the grades of a link were read back from the platform, and when they are read again.

    A link without a row was never read. `problem` says why the last reading failed; what was read before that stays.
    """

    __tablename__ = 'lti_readings'

    link_id: int = Field(primary_key=True, foreign_key='lti_links.id', ondelete='CASCADE')
    due_at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    problem: str = Field(default='', max_length=280)
    failed_since: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(LtiReading, plain='link_id due_at read_at attempts problem failed_since', because='It is about a link.')


class LtiResult(SQLModel, table=True):
    """The grade of one learner at one link as the platform has it, where it was read back.

    `differs_since` is the moment since which it is not what the platform was sent; None where both are the same.
    A difference that a teacher ignores comes back as soon as one of the two grades changes.
    """

    __tablename__ = 'lti_results'
    __table_args__ = (UniqueConstraint('link_id', 'user_id'),)

    id: int = Field(default=None, primary_key=True)
    link_id: int = Field(foreign_key='lti_links.id', ondelete='CASCADE')
    user_id: int = Field(foreign_key='users.id', ondelete='CASCADE', index=True)
    score: float | None = None
    """of 100; None for no grade there"""
    comment: str = Field(default='', max_length=280)
    read_at: datetime = Field(sa_type=UtcDateTime)
    differs_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ignored_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ignored_score: float | None = None
    """the grade there when the difference was ignored"""
    ignored_sent: float | None = None
    """the grade that had been sent when the difference was ignored"""


declare(
    LtiResult,
    kept(
        'score comment read_at differs_since ignored_at ignored_score ignored_sent',
        'which grade a learning management system has',
        'so that teachers see where it is not the one here',
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
    plain='id link_id',
)


class LtiMember(SQLModel, table=True):
    """One person on the class list of a course there, as it was read last, or a learner who has come from it since."""

    __tablename__ = 'lti_members'
    __table_args__ = (UniqueConstraint('platform_id', 'context_id', 'subject'),)

    id: int = Field(default=None, primary_key=True)
    platform_id: int = Field(foreign_key='lti_platforms.id', ondelete='CASCADE')
    context_id: str = Field(max_length=255)
    subject: str = Field(max_length=255)
    user_id: int = Field(foreign_key='users.id', ondelete='CASCADE', index=True)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """since when the list does not have them"""


declare(
    LtiMember,
    kept(
        'context_id subject seen_at left_at',
        'that the person was on a class list of a learning management system, or came from there',
        'so that teachers see who is new, and who has left there',
        Basis.CONTRACT,
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
    plain='id platform_id',
)

declare_files('lti_key.pem', because='It is the key with which Waymark proves to platforms who it is.')
