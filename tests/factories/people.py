"""People, each signed in on one device."""

from itertools import count

import bcrypt

from models import ParentLink, Role, User
from services.access import Actor
from services.accounts import parent_codes, registration, sign_ins
from services.accounts.registration import NewAccount
from services.accounts.sign_ins import Entered
from services.core import database, text
from services.core.transaction import Transaction
from services.people import joining

_numbers = count(1)

PASSWORD = 'correct horse battery'
_HASH = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()


async def an_admin(*, name: str = 'Ada Admin') -> Actor:
    return await _somebody(name, Role.ADMIN)


async def an_instructor(*, name: str = 'Ines Instructor', email: str | None = None) -> Actor:
    return await _somebody(name, Role.INSTRUCTOR, email)


async def a_student(*, name: str = 'Sami Student', email: str = '') -> Actor:
    return await _somebody(name, Role.STUDENT, email)


async def a_guest(*, code: str, name: str = 'Gus Guest', device: str = 'Phone') -> Actor:
    joined = await database.write(joining.join_as_guest, code=code, name=name, device=device)
    assert joined.entered is not None
    return joined.entered.actor


async def a_parent(*, of: Actor | None = None, name: str = 'Paula Parent', email: str = '') -> Actor:
    """A parent who is linked to a child with a code that the child has made; to a guest without one, as none can be."""
    parent = await _somebody(name, Role.PARENT, email)
    if of is not None and of.is_guest:
        await database.write(_link, parent, of)
    elif of is not None:
        code = await database.write(parent_codes.make, of, child_id=of.user_id)
        await database.write(parent_codes.add_child, parent, code=code.code)
    return parent


async def an_account(*, email: str = 'sami@example.org', password: str = PASSWORD, name: str = 'Sami') -> Entered:
    """Somebody who registered with a password, which takes longer than the other ways."""
    return await registration.register(NewAccount(name=name, email=email, password=password), device='Laptop')


async def another_device(*, of: Actor) -> Actor:
    """The same person, on one more device."""
    return (await database.write(sign_ins.enter, of.user_id, 'Tablet')).actor


async def sign_out(*, actor: Actor) -> None:
    await database.write(sign_ins.sign_out, actor)


async def _somebody(name: str, role: Role, email: str | None = None) -> Actor:
    return await database.write(_register, name, role, email or f'person{next(_numbers)}@example.org')


def _link(tx: Transaction, parent: Actor, child: Actor) -> None:
    tx.session.add(ParentLink(parent_id=parent.user_id, child_id=child.user_id, linked_at=tx.now))


def _register(tx: Transaction, name: str, role: Role, email: str) -> Actor:
    user = User(
        name=name,
        plain_name=text.plain_name(name),
        role=role,
        email=email,
        password_hash=_HASH,
        created_at=tx.now,
        updated_at=tx.now,
    )
    tx.session.add(user)
    tx.session.flush()
    return sign_ins.enter(tx, user.id, 'Laptop').actor
