"""`/api/links`: links that let somebody in once: to choose a new password, or to register as an instructor."""

from dataclasses import dataclass

from pydantic import Field

from api.auth import Person
from api.subject import Subject
from api.types import Body, Id
from services.accounts import registration, resets
from services.core import database
from services.core.server_address import standing_address

router = Subject(tags=['links'])


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link that works once. Only a hash of it is kept, so it is shown only now."""

    token: str
    address: str


class Account(Body):
    """Somebody who has forgotten their password."""

    email: str = Field(max_length=254, examples=['amina@example.org'])


@router.post('/links/instructor', status_code=201)
async def invite_instructor(actor: Person) -> Link:
    """Let somebody register as an instructor; only who runs the school can."""
    token = await database.write(registration.invite_instructor, actor)
    return Link(token=token, address=f'{standing_address()}/register?invitation={token}')


@router.post('/links/admin', status_code=201)
async def invite_admin(actor: Person) -> Link:
    """Let somebody register as one more admin of the school; only an admin can."""
    token = await database.write(registration.invite_admin, actor)
    return Link(token=token, address=f'{standing_address()}/register?invitation={token}')


@router.post('/links/password', status_code=201)
async def password_link(account: Account, actor: Person) -> Link:
    """Let anybody with an account choose a new password, within an hour; only who runs the school can."""
    return _password_link(await database.write(resets.make_link_for, actor, email=account.email))


@router.post('/people/{user_id}/password-link', status_code=201)
async def learner_password_link(user_id: Id, actor: Person) -> Link:
    """Let a guest whom the client teaches come back, or, as an admin, anybody choose a new password, within an hour."""
    return _password_link(await database.write(resets.make_link, actor, user_id=user_id))


def _password_link(token: str) -> Link:
    return Link(token=token, address=f'{standing_address()}/new-password?link={token}')
