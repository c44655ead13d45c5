"""Whether all is well with the installation, as an admin sees it at a glance."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from models import Channel, Job
from services import access, followers
from services.access import Actor
from services.accounts import known_secret
from services.activity import following
from services.certificates import failures
from services.core import kept_backups
from services.core.phrases import Phrase, phrase, plural
from services.core.program import version
from services.core.server_address import public_url
from services.core.transaction import Transaction
from services.mail import mail_server, outbox
from services.notices import channels, pushing
from settings import settings

LEAST_FREE = 0.05
LEAST_FREE_BYTES = 1_000_000_000
FAR_BEHIND = 10_000
"""activities; what fewer need is caught up within seconds"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that was looked at: what it is, what was found, and whether somebody has to do something about it."""

    name: Phrase
    found: Phrase
    is_well: bool
    mend: str = ''
    """the page where something that is missing is set up"""


def of_school(tx: Transaction, actor: Actor | None) -> tuple[Fact, ...]:
    """Return what was found, what is not well first, then what is not set up."""
    access.admin(tx, actor)
    found = (
        _database(tx),
        *_secret(tx),
        _disk(),
        _backup(tx),
        _jobs(tx),
        _prints(tx, actor),
        _followers(tx),
        _mails(tx, actor),
        *_pushes(tx, actor),
        _address(),
        _version(),
    )
    return tuple(sorted(found, key=lambda fact: (fact.is_well, not fact.mend)))


def _database(tx: Transaction) -> Fact:
    kind = 'SQLite' if tx.connection.dialect.name == 'sqlite' else 'PostgreSQL'
    return Fact(name=phrase('Database'), found=phrase('{kind} answers', kind=kind), is_well=True)


def _secret(tx: Transaction) -> Iterator[Fact]:
    """Yield what fails where the secret of the installation was lost."""
    if not known_secret.is_known(tx):
        yield Fact(name=phrase('Secret of the server'), found=known_secret.LOST, is_well=False)


def _disk() -> Fact:
    usage = shutil.disk_usage(settings().data_dir)
    free = phrase('{free} GB free of {total} GB', free=_gigabytes(usage.free), total=_gigabytes(usage.total))
    is_well = usage.free >= LEAST_FREE_BYTES and usage.free >= LEAST_FREE * usage.total
    return Fact(name=phrase('Disk'), found=free, is_well=is_well)


def _backup(tx: Transaction) -> Fact:
    """Only copies in the data folder are known; of what others do with the disk or PostgreSQL nothing is said."""
    latest = latest_backup()
    if latest is None:
        found = phrase('none in the data folder; copy the folder to another machine')
    else:
        found = plural('{count} day ago', '{count} days ago', (tx.now - latest).days)
        found = phrase('today') if (tx.now - latest).days < 1 else found
    return Fact(name=phrase('Last back-up'), found=found, is_well=True)


def latest_backup() -> datetime | None:
    """Return when the newest back-up in the data folder was made."""
    return next((kept_backups.made_at(path) for path in reversed(kept_backups.made(settings().data_dir))), None)


def _jobs(tx: Transaction) -> Fact:
    failed = tx.execute(select(func.count()).where(col(Job.problem) != '')).scalar() or 0
    found = plural('{count} failed', '{count} failed', failed) if failed else phrase('all done')
    return Fact(name=phrase('Work by the clock'), found=found, is_well=not failed)


def _prints(tx: Transaction, actor: Actor | None) -> Fact:
    waiting = sum(trouble.count for trouble in failures.of_school(tx, actor))
    found = plural('{count} not printed', '{count} not printed', waiting) if waiting else phrase('all printed')
    return Fact(name=phrase('Certificates'), found=found, is_well=not waiting)


def _followers(tx: Transaction) -> Fact:
    lags = following.lags(tx, followers.ALL)
    behind = max((lag.behind for lag in lags), default=0)
    is_well = behind < FAR_BEHIND and not any(lag.problem for lag in lags)
    found = plural('{count} activity behind', '{count} activities behind', behind) if behind else phrase('up to date')
    return Fact(name=phrase('Figures'), found=found, is_well=is_well)


def _mails(tx: Transaction, actor: Actor | None) -> Fact:
    name = phrase('Mails')
    if unsent := len(outbox.of_school(tx, actor)):
        return Fact(
            name=name, found=plural('{count} not sent', '{count} not sent', unsent), is_well=False, mend='/school'
        )
    if not mail_server.current().host:
        return Fact(name=name, found=phrase('not set up'), is_well=True, mend='/school/mail')
    if not mail_server.is_ready():
        found = phrase('none are sent until the address of your school is known')
        return Fact(name=name, found=found, is_well=False, mend='/school/settings')
    return Fact(name=name, found=phrase('all sent'), is_well=True)


def _pushes(tx: Transaction, actor: Actor | None) -> Iterator[Fact]:
    """Yield how notices reach devices, where they are to."""
    failed = sum(trouble.count for trouble in pushing.of_school(tx, actor))
    if failed:
        found = plural('{count} not sent', '{count} not sent', failed)
        yield Fact(name=phrase('Notices for devices'), found=found, is_well=False, mend='/school')
    elif Channel.PUSH in channels.available():
        yield Fact(name=phrase('Notices for devices'), found=phrase('all sent'), is_well=True)


def _address() -> Fact:
    name = phrase('Address')
    if not public_url():
        found = phrase('not set; links begin with the address in the browser')
        return Fact(name=name, found=found, is_well=True, mend='/school/settings')
    return Fact(name=name, found=phrase('links lead to {address}', address=public_url()), is_well=True)


def _version() -> Fact:
    return Fact(name=phrase('Version'), found=phrase('Waymark {version}', version=version()), is_well=True)


def _gigabytes(size: int) -> str:
    return f'{size / 1e9:.1f}' if size < 10e9 else f'{size / 1e9:.0f}'
