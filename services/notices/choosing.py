"""What a person wants to be notified of, on which channels, and when: one table, quiet hours and a rhythm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlmodel import col

from models import Channel, Notice, NoticeChoice, NoticeKind, NoticeSettings, Rhythm, User, table
from services import access
from services.access import Actor
from services.core.errors import Invalid
from services.core.phrases import Phrase, phrase
from services.core.sql.upsert import upsert
from services.core.transaction import Transaction
from services.mail import refused
from services.notices import channels, inbox, kinds, quiet_hours
from services.notices.quiet_hours import MINUTES_OF_A_DAY, QuietHours

RHYTHMS: Mapping[Rhythm, Phrase] = {
    Rhythm.AT_ONCE: phrase('At once, and several together'),
    Rhythm.DAILY: phrase('Once a day'),
    Rhythm.WEEKLY: phrase('Once a week'),
}
"""as a person reads them where they choose"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One kind of notice, and whether the person gets it on each channel."""

    kind: NoticeKind
    name: Phrase
    is_on: Mapping[Channel, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """All that a person has chosen, and what is possible for them."""

    choices: tuple[Choice, ...]
    quiet: QuietHours | None
    rhythm: Rhythm
    here: frozenset[Channel]
    """the channels that are on in this installation"""
    has_address: bool
    """whether it is known that mails reach the person"""
    is_refused: bool
    """whether nothing is sent to their address because mails came back from it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """That a kind is to come on a channel, or not."""

    kind: NoticeKind
    channel: Channel
    is_on: bool


def own(tx: Transaction, actor: Actor | None) -> Wishes:
    """Return what the actor has chosen, with what is usual where they have chosen nothing."""
    actor = access.signed_in(tx, actor)
    mine = col(NoticeChoice.user_id) == actor.user_id
    chosen = {(row.kind, row.channel): row.is_on for row in tx.session.scalars(select(NoticeChoice).where(mine))}
    row = tx.session.get(NoticeSettings, actor.user_id) or NoticeSettings(user_id=actor.user_id)
    person = tx.session.get_one(User, actor.user_id)
    is_refused = refused.is_off(tx, person)
    return Wishes(
        choices=tuple(_choice(kind, chosen) for kind in kinds.of_role(actor.role) if _is_there(kind)),
        quiet=quiet_hours.from_columns(row.quiet_from, row.quiet_until),
        rhythm=row.rhythm,
        here=channels.available(),
        has_address=person.email_confirmed_at is not None and not is_refused,
        is_refused=is_refused,
    )


def of_user(tx: Transaction, actor: Actor | None, user_id: int) -> Wishes:
    """Return the same to a client that names the person: only to that person."""
    return own(tx, inbox.check_own(tx, actor, user_id))


def change_of_user(
    tx: Transaction,
    actor: Actor | None,
    user_id: int,
    *,
    wishes: Sequence[Wish],
    quiet: QuietHours | None,
    rhythm: Rhythm,
) -> Wishes:
    """Let a client change all of it at once for the person whom it names and who has given it the right."""
    actor = inbox.check_own(tx, actor, user_id)
    choose(tx, actor, wishes)
    return set_times(tx, actor, quiet=quiet, rhythm=rhythm)


def choose(tx: Transaction, actor: Actor | None, wishes: Sequence[Wish]) -> Wishes:
    """Change what comes on which channel; what is not named stays as it is."""
    actor = access.signed_in(tx, actor)
    possible = kinds.of_role(actor.role)
    if any(wish.kind not in possible for wish in wishes):
        raise Invalid('You get no notices of this kind.', field='kind')
    rows = {
        (wish.kind, wish.channel): {
            'user_id': actor.user_id,
            'kind': wish.kind,
            'channel': wish.channel,
            'is_on': wish.is_on,
            'chosen_at': tx.now,
        }
        for wish in wishes
    }
    if rows:
        _STORE.each(tx.connection, list(rows.values()))
    return own(tx, actor)


def stay_in_app(tx: Transaction, actor: Actor | None) -> Wishes:
    """Send the actor nothing at all from now on; the inbox stays as it is."""
    actor = access.signed_in(tx, actor)
    sent = [channel for channel in Channel if channel is not Channel.IN_APP]
    every = [Wish(kind=kind, channel=each, is_on=False) for kind in kinds.of_role(actor.role) for each in sent]
    return choose(tx, actor, every)


def set_times(tx: Transaction, actor: Actor | None, *, quiet: QuietHours | None, rhythm: Rhythm) -> Wishes:
    """Set the quiet hours, or end them, and how often notices go out."""
    actor = access.signed_in(tx, actor)
    if quiet is not None:
        _check(quiet)
    row = tx.session.get(NoticeSettings, actor.user_id) or NoticeSettings(user_id=actor.user_id)
    row.quiet_from, row.quiet_until = (quiet.since, quiet.until) if quiet else (None, None)
    row.rhythm = rhythm
    tx.session.add(row)
    tx.session.flush()
    waiting = col(Notice.user_id) == actor.user_id, col(Notice.mail_due_at).is_not(None)
    tx.execute(update(Notice).where(*waiting).values(mail_due_at=tx.now))  # the new times hold for what waits, too
    return own(tx, actor)


def read_time(typed: str | None) -> int | None:
    """Return the minutes after midnight of a time such as 22:30; None for nothing."""
    typed = (typed or '').strip()
    if not typed:
        return None
    hours, colon, minutes = typed.partition(':')
    if not (colon and _is_number(hours, 24) and _is_number(minutes, 60)):
        raise Invalid('Enter a time such as 22:30.', field='quiet')
    return int(hours) * 60 + int(minutes)


def spelled(minutes: int) -> str:
    """Return minutes after midnight as a time such as 07:30."""
    return f'{minutes // 60:02}:{minutes % 60:02}'


def read_quiet(since: str | None, until: str | None) -> QuietHours | None:
    """Return the quiet hours that were typed; None for two empty fields."""
    first, last = read_time(since), read_time(until)
    if first is None and last is None:
        return None
    if first is None or last is None:
        raise Invalid('Enter both times of the quiet hours, or none.', field='quiet')
    return QuietHours(since=first, until=last)


def _check(quiet: QuietHours) -> None:
    if not (0 <= quiet.since < MINUTES_OF_A_DAY and 0 <= quiet.until < MINUTES_OF_A_DAY):
        raise Invalid('Enter a time such as 22:30.', field='quiet')
    if quiet.since == quiet.until:
        raise Invalid('The quiet hours begin and end at the same time. Choose another one.', field='quiet')


def _is_number(typed: str, below: int) -> bool:
    return typed.isascii() and typed.isdecimal() and len(typed) in (1, 2) and int(typed) < below


def _is_there(kind: NoticeKind) -> bool:
    """Tell whether there can be notices of a kind here: where no mails are sent, none come back."""
    return kind is not NoticeKind.ADDRESS_REFUSED or Channel.E_MAIL in channels.available()


def _choice(kind: NoticeKind, chosen: Mapping[tuple[NoticeKind, Channel], bool]) -> Choice:
    traits = kinds.TRAITS[kind]
    is_on = {channel: chosen.get((kind, channel), channel in traits.usual) for channel in Channel}
    return Choice(kind=kind, name=traits.name, is_on=is_on)


_STORE = upsert(
    table(NoticeChoice), ('user_id', 'kind', 'channel', 'is_on', 'chosen_at'), key=('user_id', 'kind', 'channel')
)
