"""What a person sees of their own account."""

from dataclasses import dataclass

from models import Role, User
from services import access
from services.access import Actor
from services.core.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Who somebody is here: with an e-mail address if they have an account, with a rejoin code if they are a guest."""

    user_id: int
    name: str
    role: Role
    email: str | None
    rejoin_code: str | None


def own(tx: Transaction, actor: Actor | None) -> Profile:
    """Return the actor's own profile."""
    actor = access.signed_in(tx, actor)
    user = tx.session.get_one(User, actor.user_id)
    return Profile(user_id=user.id, name=user.name, role=user.role, email=user.email, rejoin_code=user.rejoin_code)
