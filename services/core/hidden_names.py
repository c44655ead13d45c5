"""What stands for addresses and cookies where they are counted: nobody who reads it can find out which they are.

A hash alone would not do: there are so few addresses that all of them can be tried. So it has a key: a random one, or
that of the school where several processes count together.
"""

import hashlib
import hmac
import secrets

LENGTH = 12
"""bytes of what stands for a name"""

_key = secrets.token_bytes(32)


def use_secret(secret: str) -> None:
    """From now on, hide names as all processes with this secret do."""
    global _key
    _key = hmac.new(secret.encode(), b'hidden names', 'sha256').digest()


def hidden(name: str) -> str:
    """Return what stands for a name; nothing stands for none."""
    return name and hashlib.blake2b(name.encode(errors='replace'), key=_key, digest_size=LENGTH).hexdigest()
