"""`/api/notifications`: what a person is notified of, and what they want to be notified of; for themselves alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.auth import Person
from api.subject import Subject
from api.types import LARGEST_ID, Body, Id, IdField
from services.core import database
from services.enums import Channel, NoticeKind, Rhythm
from services.notices import choosing, inbox
from services.notices.choosing import Wish, Wishes
from services.notices.inbox import MOST_AT_ONCE, PAGE, OwnNotice

router = Subject(tags=['notifications'])

MOST_WISHES = len(NoticeKind) * len(Channel)
Time = Annotated[str | None, Field(max_length=5, pattern='^([01][0-9]|2[0-3]):[0-5][0-9]$', examples=['22:00'])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One notice."""

    notification_id: int
    kind: NoticeKind
    title: str
    body: str
    """empty where the title says all"""
    address: str
    """the page to which it leads, from its first slash on"""
    course_id: int | None
    happened_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notifications:
    """Some notices, the newest first."""

    notifications: tuple[Notification, ...]
    has_more: bool
    """whether there are older ones: ask for those `before` the last id"""
    unread: int
    """how many are unread in all; 100 means 100 or more"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """Whether one kind of notice comes on each channel."""

    kind: NoticeKind
    in_app: bool
    e_mail: bool
    push: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """All that a person has chosen."""

    choices: tuple[Preference, ...]
    quiet_from: str | None
    """in the time zone of the person; null without quiet hours"""
    quiet_until: str | None
    rhythm: Rhythm
    channels: tuple[Channel, ...]
    """those that are on in this installation"""


class Read(Body):
    """The notices that the person has read."""

    notification_ids: list[IdField] = Field(max_length=MOST_AT_ONCE, examples=[[7, 8]])


class Marked(Body):
    """How many of them were unread before."""

    marked: int


class PreferenceForm(Body):
    """Whether one kind of notice is to come on one channel."""

    kind: NoticeKind = Field(examples=['deadline'])
    channel: Channel = Field(examples=['e_mail'])
    is_on: bool = Field(examples=[False])


class PreferencesForm(Body):
    """What a person chooses; kinds and channels that are not named stay as they are."""

    choices: list[PreferenceForm] = Field(default=[], max_length=MOST_WISHES)
    quiet_from: Time = None
    quiet_until: Time = Field(default=None, examples=['07:00'])
    rhythm: Rhythm = Field(default=Rhythm.AT_ONCE, examples=['at_once'])


@router.get('/notifications/{user_id}')
async def pending(
    user_id: Id,
    actor: Person,
    *,
    all_: Annotated[bool, Query(alias='all', description='those that were read, too')] = False,
    before: Annotated[int | None, Query(ge=1, le=LARGEST_ID, description='only older ones than this one')] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_AT_ONCE)] = PAGE,
) -> Notifications:
    """The notices that the person has not read, the newest first."""
    found = await database.read(inbox.of_user, actor, user_id, unread_only=not all_, before=before, limit=limit)
    return Notifications(
        notifications=tuple(map(_notification, found.notices)), has_more=found.has_more, unread=found.unread
    )


@router.post('/notifications/mark-read')
async def mark_read(body: Read, actor: Person) -> Marked:
    """Mark notices as read, all of them or none; marking one twice changes nothing."""
    return Marked(marked=await database.write(inbox.mark, actor, body.notification_ids))


@router.get('/notifications/preferences/{user_id}')
async def preferences(user_id: Id, actor: Person) -> Preferences:
    """What the person wants to be notified of, on which channels, and when."""
    return _preferences(await database.read(choosing.of_user, actor, user_id))


@router.put('/notifications/preferences/{user_id}')
async def change(user_id: Id, body: PreferencesForm, actor: Person) -> Preferences:
    """Change what the person wants. Without quiet hours, there are none from then on."""
    wishes = [Wish(kind=each.kind, channel=each.channel, is_on=each.is_on) for each in body.choices]
    quiet = choosing.read_quiet(body.quiet_from, body.quiet_until)
    changed = await database.write(
        choosing.change_of_user, actor, user_id, wishes=wishes, quiet=quiet, rhythm=body.rhythm
    )
    return _preferences(changed)


def _notification(notice: OwnNotice) -> Notification:
    return Notification(
        notification_id=notice.notice_id,
        kind=notice.kind,
        title=str(notice.title),
        body=str(notice.body),
        address=notice.address,
        course_id=notice.course_id,
        happened_at=notice.happened_at,
        read_at=notice.read_at,
    )


def _preferences(wishes: Wishes) -> Preferences:
    return Preferences(
        choices=tuple(
            Preference(
                kind=choice.kind,
                in_app=choice.is_on[Channel.IN_APP],
                e_mail=choice.is_on[Channel.E_MAIL],
                push=choice.is_on[Channel.PUSH],
            )
            for choice in wishes.choices
        ),
        quiet_from=choosing.spelled(wishes.quiet.since) if wishes.quiet else None,
        quiet_until=choosing.spelled(wishes.quiet.until) if wishes.quiet else None,
        rhythm=wishes.rhythm,
        channels=tuple(channel for channel in Channel if channel in wishes.here),
    )
