"""Who and what some lines of an export are here, while they are written."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from models import Role, RosterClass, RosterPerson, User
from services.core.transaction import Transaction
from services.people.oneroster.school import Roster


class Here(NamedTuple):
    """Somebody of an export, as far as writing needs it."""

    id: int
    role: Role
    email: str | None
    has_left: bool


def users(tx: Transaction, roster: Roster, ids: Sequence[str]) -> dict[str, Here]:
    """Return who some people of the export are here, by their ids there."""
    rows = tx.execute(_WHO.where(col(RosterPerson.source) == roster.source, col(RosterPerson.sourced_id).in_(set(ids))))
    return {
        id_: Here(id=user_id, role=role, email=email, has_left=has_left) for id_, user_id, role, email, has_left in rows
    }


def classes(tx: Transaction, roster: Roster, ids: Sequence[str]) -> dict[str, RosterClass]:
    """Return the rows of some classes of the export, by their ids there."""
    mine = col(RosterClass.source) == roster.source, col(RosterClass.sourced_id).in_(ids)
    return {row.sourced_id: row for row in tx.session.scalars(select(RosterClass).where(*mine))}


_guest, _head = aliased(User), aliased(User)
_WHO = (
    select(
        col(RosterPerson.sourced_id),
        col(_head.id),
        col(_head.role),
        col(_head.email),
        col(RosterPerson.left_at).is_not(None),
    )
    .join(_guest, col(_guest.id) == col(RosterPerson.user_id))
    .join(_head, col(_head.id) == func.coalesce(col(_guest.merged_into_id), col(_guest.id)))
)
