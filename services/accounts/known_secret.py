"""Whether the secret of the installation is the one that the database knows.

The database keeps a mark of the secret, from which nobody learns the secret itself. Without it, a secret that was lost
would be replaced at the next start, and nobody would know why codes and links fail.
"""

import hmac

from models import SchoolSettings
from services.accounts.school_settings import ONLY
from services.core import server_log
from services.core.phrases import phrase
from services.core.transaction import Transaction
from settings import settings

LOST = phrase(
    'not the one from before: authenticator apps, recovery codes, tokens of programs, links in mails and the password '
    'of the mail server do not work. Put secret_key of a back-up into the data folder, or set SECRET_KEY as it was, '
    'and start again'
)
FOR_GOOD = 'If it is gone for good: python main.py keep-secret'


def recognise(tx: Transaction) -> None:
    """Remember the secret where none is known yet; write a warning if another one is known."""
    if not _known(tx):
        keep(tx)
    elif not is_known(tx):
        server_log.write_warning('another secret', found=str(LOST), hint=FOR_GOOD)


def is_known(tx: Transaction) -> bool:
    """Return whether this process has the secret that the database knows, or the database knows none."""
    return _known(tx) in {'', _mark()}


def keep(tx: Transaction) -> None:
    """Take the secret of this process for the right one from now on."""
    row = tx.session.get(SchoolSettings, ONLY) or SchoolSettings(id=ONLY, created_at=tx.now, updated_at=tx.now)
    row.secret_mark = _mark()
    tx.session.add(row)
    tx.session.flush()


def _known(tx: Transaction) -> str:
    row = tx.session.get(SchoolSettings, ONLY)
    return row.secret_mark if row else ''


def _mark() -> str:
    return hmac.digest(settings().secret_key.encode(), b'known secret', 'sha256').hex()
