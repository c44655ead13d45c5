"""People are notified once that mails to them come back; admins, once a day, of how many people that is."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlmodel import col

from models import NoticeKind, RefusedAddress, Role, User, table
from services.core import database, zones
from services.core.jobs import Kind
from services.core.phrases import phrase, plural
from services.core.transaction import Transaction
from services.mail import refused
from services.notices import writing
from services.notices.drafts import Draft, moment_key
from services.notices.writing import AT_ONCE

NAME = 'refused addresses'
LOOK_EVERY = timedelta(minutes=1)


def kind() -> Kind:
    """Return the job that looks for addresses that are off since a moment ago."""
    return Kind(name=NAME, work=lambda _: notify(), repeats=LOOK_EVERY)


async def notify() -> int:
    """Notify those whose address is off, some at a time, and the admins; returns for how many people."""
    count = 0
    while await database.read(_any_new) and (found := await database.write(_notify)):
        count += found
    return count


def _any_new(tx: Transaction) -> bool:
    return tx.execute(_NEW.limit(1)).first() is not None


def _notify(tx: Transaction) -> int:
    rows: Sequence[RefusedAddress] = tx.execute(_NEW.limit(AT_ONCE).with_for_update()).scalars().all()
    off = select(func.count()).select_from(table(User)).where(refused.is_off_for(table(User)))
    writing.write(tx, [_own(row) for row in rows] + _for_admins(tx, tx.execute(off).scalar_one()))
    for row in rows:
        row.noticed_at = tx.now
        tx.session.add(row)
    tx.session.flush()
    return len(rows)


def _own(row: RefusedAddress) -> Draft:
    assert row.off_at is not None
    return Draft(
        user_id=row.user_id,
        kind=NoticeKind.ADDRESS_REFUSED,
        object_key='own address',
        occurrence=moment_key(row.off_at),
        course_id=None,
        title=phrase('Mails to {address} come back, so nothing is sent there any more.', address=row.address),
        body=phrase('Change the address on your account page, or confirm it anew.'),
        address='/account',
        happened_at=row.off_at,
    )


def _for_admins(tx: Transaction, count: int) -> list[Draft]:
    admins = select(col(User.id)).where(col(User.role) == Role.ADMIN, col(User.disabled_at).is_(None))
    return [
        Draft(
            user_id=admin_id,
            kind=NoticeKind.ADDRESS_REFUSED,
            object_key='addresses of the school',
            occurrence=zones.local_date(zones.school(), tx.now).isoformat(),
            course_id=None,
            title=plural(
                'Mails to {count} person come back. See why at your school.',
                'Mails to {count} people come back. See why at your school.',
                count,
            ),
            address='/school',
            happened_at=tx.now,
        )
        for admin_id in tx.execute(admins.order_by(col(User.id))).scalars()
    ]


_NEW = (
    select(RefusedAddress)
    .where(col(RefusedAddress.off_at).is_not(None), col(RefusedAddress.noticed_at).is_(None))
    .order_by(col(RefusedAddress.user_id))
)
