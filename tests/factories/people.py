"""People, each signed in on one device."""

from itertools import count

import bcrypt

from models import Role, User
from services.access import Actor
from services.accounts import registration, sign_ins
from services.accounts.registration import NewAccount
from services.accounts.sign_ins import Entered
from services.core import database, text
from services.core.database import Transaction
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
