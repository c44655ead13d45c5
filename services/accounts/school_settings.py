"""What an admin changes of the school without touching the server: its name, time zone and language."""

from models import SchoolSettings
from services import access
from services.access import Actor
from services.core import database, languages, school, zones
from services.core.database import Transaction
from services.core.errors import Invalid
from services.core.school import School
from services.core.text import line

LONGEST_NAME = 80
ONLY = 1
"""the id of the one row"""


def stored(tx: Transaction) -> School:
    """Return what is stored of the school; empty values where nobody has chosen."""
    row = tx.session.get(SchoolSettings, ONLY)
    return School(name=row.name, time_zone=row.time_zone, language=row.language) if row else School()


def own(tx: Transaction, actor: Actor | None) -> School:
    """Return the stored values to an admin."""
    access.admin(tx, actor)
    return stored(tx)


async def edit(actor: Actor | None, *, name: str, time_zone: str, language: str) -> School:
    """Store name, time zone and language of the school; they hold in this process at once."""
    kept = await database.write(_edit, actor, name, time_zone, language)
    school.remember(kept)
    return kept


async def load() -> None:
    """Read what is stored, as when the server starts, or when another process may have changed it."""
    school.remember(await database.read(stored))


def _edit(tx: Transaction, actor: Actor | None, name: str, time_zone: str, language: str) -> School:
    actor = access.admin(tx, actor)
    name = line(name)
    if len(name) > LONGEST_NAME:
        raise Invalid('This name is too long; use at most {most} characters.', most=LONGEST_NAME, field='name')
    row = tx.session.get(SchoolSettings, ONLY) or SchoolSettings(id=ONLY, created_at=tx.now, updated_at=tx.now)
    row.name, row.time_zone, row.language = name, zones.check(time_zone), languages.check(language)
    row.updated_at = tx.now
    tx.session.add(row)
    tx.session.flush()
    tx.note('school changed', by=actor.user_id)
    return stored(tx)
