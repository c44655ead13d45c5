"""The one-time links that are still open, as an admin sees them; and taking one back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import col

from models import Invitation, Role, User
from services import access
from services.access import Actor
from services.core.errors import NotFound
from services.core.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInvitation:
    """A link that nobody has used yet; the link itself is kept nowhere."""

    invitation_id: int
    role: Role
    invited_by: str
    made_at: datetime
    expires_at: datetime


def still_open(tx: Transaction, actor: Actor | None) -> list[OpenInvitation]:
    """Return the invitations that can still be used, the newest first."""
    access.admin(tx, actor)
    sent = select(Invitation, col(User.name)).join(User, col(User.id) == col(Invitation.invited_by))
    usable = col(Invitation.used_at).is_(None), col(Invitation.expires_at) > tx.now
    return [
        OpenInvitation(
            invitation_id=row.id,
            role=row.role,
            invited_by=name,
            made_at=row.created_at,
            expires_at=row.expires_at,
        )
        for row, name in tx.execute(sent.where(*usable).order_by(col(Invitation.id).desc()))
    ]


def take_back(tx: Transaction, actor: Actor | None, *, invitation_id: int) -> None:
    """Let an invitation lead nowhere from now on."""
    actor = access.admin(tx, actor)
    unused = col(Invitation.id) == invitation_id, col(Invitation.used_at).is_(None)
    if not tx.change(update(Invitation).where(*unused).values(expires_at=tx.now)):
        raise NotFound('This invitation has been used already, or there is none.')
    tx.note('invitation taken back', by=actor.user_id, invitation=invitation_id)
