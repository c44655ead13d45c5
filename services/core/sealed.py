"""Secrets of the school that are needed again, such as the password of its mail server: stored sealed.

The key is made from the secret of the installation, which lies beside the database and not in it. So a copy of the
database alone gives nothing away, and without the secret nobody opens what was sealed.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from settings import settings


def seal(text: str, *, purpose: str) -> str:
    """Return a text as it is stored; empty stays empty."""
    return _key(purpose).encrypt(text.encode()).decode() if text else ''


def unseal(sealed: str, *, purpose: str) -> str:
    """Return a text that was sealed for this purpose; empty if it was sealed with another secret."""
    try:
        return _key(purpose).decrypt(sealed.encode()).decode() if sealed else ''
    except InvalidToken:
        return ''


def _key(purpose: str) -> Fernet:
    made = hashlib.sha256(f'{purpose}\0{settings().secret_key}'.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(made))
