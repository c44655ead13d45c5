"""The parents of a child, as the child and the school see them: linked, looked, ended, blocked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlmodel import col

from models import ParentBlock, ParentCode, ParentLink, ParentLook, Role, User
from services import access
from services.access import Actor
from services.accounts import parent_codes
from services.accounts.parent_codes import OpenCode
from services.core.errors import NotFound
from services.core.events import ParentsChanged
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.parents import looks
from services.parents.looks import LookDay


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedParent:
    """A parent who is linked to a child, or blocked from them."""

    parent_id: int
    name: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Parents:
    """Everybody and everything that leads to a child."""

    child_id: int
    name: str
    linked: tuple[LinkedParent, ...]
    blocked: tuple[LinkedParent, ...]
    """only the school sees them"""
    codes: tuple[OpenCode, ...]
    may_make_code: bool
    may_unblock: bool
    looks: tuple[LookDay, ...]
    """the latest first"""


def of_child(tx: Transaction, actor: Actor | None, *, child_id: int, again: bool = False) -> Parents:
    """Return the parents of a child: to the child, to those who teach them, and to admins; `again` for an open page."""
    child = parent_codes.concerned(tx, actor, child_id)
    assert actor is not None
    parent_codes.check_can_have(child)
    is_self = child_id == actor.user_id
    if not is_self and not again:
        access.note_look(tx, actor, 'parents', about=child_id)
    is_guarded = parent_codes.is_guarded(tx, child_id)
    return Parents(
        child_id=child_id,
        name=child.name,
        linked=tuple(_linked(tx, child_id)),
        blocked=() if is_self else tuple(_blocked(tx, child_id)),
        codes=parent_codes.open_codes(tx, child_id),
        may_make_code=not (is_self and is_guarded),
        may_unblock=actor.role is Role.ADMIN,
        looks=looks.at_child(tx, child_id),
    )


def end(tx: Transaction, actor: Actor | None, *, child_id: int, parent_id: int) -> None:
    """End a link: either side does it alone, and so does the school."""
    actor = access.signed_in(tx, actor)
    if parent_id != actor.user_id:
        parent_codes.concerned(tx, actor, child_id)
    if not _end(tx, child_id, parent_id):
        raise NotFound(_NO_LINK)
    tx.note('parent link ended', parent=parent_id, child=child_id, by=actor.user_id)


def block(tx: Transaction, actor: Actor | None, *, child_id: int, parent_id: int) -> None:
    """Keep a person from a child to whom they are linked, or were until lately; for the school alone.

    Open codes end with it, as the child may have handed one on, and from then on only the school makes codes.
    """
    actor = access.signed_in(tx, actor)
    access.student(tx, actor, child_id)
    parent_codes.concerned(tx, actor, child_id, locked=True)
    if tx.session.get(ParentBlock, (parent_id, child_id)) is not None:
        return
    if not _is_known(tx, child_id, parent_id):
        raise NotFound(_NO_LINK)
    tx.session.add(ParentBlock(parent_id=parent_id, child_id=child_id, blocked_by=actor.user_id, blocked_at=tx.now))
    tx.session.flush()
    _end(tx, child_id, parent_id)
    tx.execute(delete(ParentCode).where(col(ParentCode.child_id) == child_id))
    tx.note('parent blocked', parent=parent_id, child=child_id, by=actor.user_id)


def unblock(tx: Transaction, actor: Actor | None, *, child_id: int, parent_id: int) -> None:
    """Let a person be linked again, with a new code; only an admin decides so."""
    actor = access.admin(tx, actor)
    its = col(ParentBlock.child_id) == child_id, col(ParentBlock.parent_id) == parent_id
    if not tx.change(delete(ParentBlock).where(*its)):
        raise NotFound('This person is not blocked.')
    tx.announce(ParentsChanged(people=(child_id,)))
    tx.note('parent unblocked', parent=parent_id, child=child_id, by=actor.user_id)


def _end(tx: Transaction, child_id: int, parent_id: int) -> int:
    its = col(ParentLink.child_id) == child_id, col(ParentLink.parent_id) == parent_id
    ended = tx.change(delete(ParentLink).where(*its))
    tx.announce(ParentsChanged(people=(child_id, parent_id)))
    return ended


def _is_known(tx: Transaction, child_id: int, parent_id: int) -> bool:
    linked = exists().where(col(ParentLink.child_id) == child_id, col(ParentLink.parent_id) == parent_id)
    looked = exists().where(col(ParentLook.child_id) == child_id, col(ParentLook.parent_id) == parent_id)
    return bool(tx.execute(select(linked | looked)).scalar())


def _linked(tx: Transaction, child_id: int) -> Iterator[LinkedParent]:
    rows = (
        select(col(User.id), col(User.name), col(ParentLink.linked_at))
        .join(ParentLink, col(ParentLink.parent_id) == col(User.id))
        .where(col(ParentLink.child_id) == child_id)
        .order_by(col(ParentLink.linked_at), col(User.id))
    )
    for parent_id, name, since in tx.execute(rows):
        yield LinkedParent(parent_id=parent_id, name=name, since=since)


def _blocked(tx: Transaction, child_id: int) -> Iterator[LinkedParent]:
    rows = (
        select(col(User.id), col(User.name), col(ParentBlock.blocked_at))
        .join(ParentBlock, col(ParentBlock.parent_id) == col(User.id))
        .where(col(ParentBlock.child_id) == child_id)
        .order_by(col(ParentBlock.blocked_at), col(User.id))
    )
    for parent_id, name, since in tx.execute(rows):
        yield LinkedParent(parent_id=parent_id, name=name, since=since)


_NO_LINK = phrase('This person is not linked to this child.')
