"""What an admin changes of the school without touching the server: its name, time zone, language and address."""

import re
from urllib.parse import urlsplit

from models import SchoolSettings
from services import access
from services.access import Actor
from services.core import database, languages, school, zones
from services.core.errors import Invalid
from services.core.school import School
from services.core.text import line
from services.core.transaction import Transaction

LONGEST_NAME = 80
LONGEST_ADDRESS = 200
ONLY = 1
"""the id of the one row"""


def stored(tx: Transaction) -> School:
    """Return what is stored of the school; empty values where nobody has chosen."""
    row = tx.session.get(SchoolSettings, ONLY)
    if row is None:
        return School()
    return School(
        name=row.name,
        time_zone=row.time_zone,
        language=row.language,
        public_url=row.public_url,
        by_surname=row.by_surname,
    )


def own(tx: Transaction, actor: Actor | None) -> School:
    """Return the stored values to an admin."""
    access.admin(tx, actor)
    return stored(tx)


async def edit(
    actor: Actor | None,
    *,
    name: str,
    time_zone: str,
    language: str,
    public_url: str | None = None,
    by_surname: bool | None = None,
) -> School:
    """Store name, time zone, language, address and order of names of the school; they hold in this process at once.

    Without an address the stored one stays, as where the environment says another one; so does the order of names.
    """
    kept = await database.write(_edit, actor, name, time_zone, language, public_url, by_surname)
    school.remember(kept)
    return kept


async def load() -> None:
    """Read what is stored, as when the server starts, or when another process may have changed it."""
    school.remember(await database.read(stored))


def check_public_url(typed: str) -> str:
    """Return an address to which links can lead, without a slash at the end, or raise `Invalid`; empty stays empty."""
    address = line(typed[: 2 * LONGEST_ADDRESS]).rstrip('/')
    try:
        parts = urlsplit(address)
        is_right = parts.scheme in {'http', 'https'} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_right = False
    is_plain = is_right and not parts.path and not parts.query and not parts.fragment and '@' not in parts.netloc
    if address and not (is_plain and _PLAIN.fullmatch(parts.netloc) and len(address) <= LONGEST_ADDRESS):
        raise Invalid('This is not an address like https://waymark.example.org, without a path.', field='public_url')
    return address.lower()


def _edit(
    tx: Transaction,
    actor: Actor | None,
    name: str,
    time_zone: str,
    language: str,
    public_url: str | None,
    by_surname: bool | None,
) -> School:
    actor = access.admin(tx, actor)
    name = line(name)
    if len(name) > LONGEST_NAME:
        raise Invalid('This name is too long; use at most {most} characters.', most=LONGEST_NAME, field='name')
    row = tx.session.get(SchoolSettings, ONLY) or SchoolSettings(id=ONLY, created_at=tx.now, updated_at=tx.now)
    row.name, row.time_zone, row.language = name, zones.check(time_zone), languages.check(language)
    if public_url is not None:
        row.public_url = check_public_url(public_url)
    if by_surname is not None:
        row.by_surname = by_surname
    row.updated_at = tx.now
    tx.session.add(row)
    tx.session.flush()
    tx.note('school changed', by=actor.user_id)
    return stored(tx)


_PLAIN = re.compile(r'[A-Za-z0-9.-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?')
"""names and numbers as browsers send them; names in other scripts are written as `xn--…`"""
