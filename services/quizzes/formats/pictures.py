"""Pictures that come along with questions, by the names that their texts use."""

import base64
import binascii
from pathlib import PurePosixPath

from services.core.picture_facts import blanked
from services.core.text import clean

LARGEST = 5_000_000
_SIGNS = (('png', b'\x89PNG\r\n\x1a\n'), ('jpg', b'\xff\xd8\xff'), ('gif', b'GIF87a'), ('gif', b'GIF89a'))


class Pictures:
    """The pictures of one question; two that differ never share a name."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def keep(self, name: str, content: bytes) -> str | None:
        """Keep a picture and return its name here; return None for what is no picture."""
        ending = ending_of(content)
        if ending is None or len(content) > LARGEST:
            return None
        content = blanked(content)
        stem = _stem(name)
        for number in range(1, len(self.kept) + 2):
            unique = f'{stem}.{ending}' if number == 1 else f'{stem}-{number}.{ending}'
            if self.kept.setdefault(unique, content) == content:
                return unique
        raise AssertionError('one of the names is free')


def ending_of(content: bytes) -> str | None:
    """Return what kind of picture something is, by its content; None if it is none."""
    if content[:4] == b'RIFF' and content[8:12] == b'WEBP':
        return 'webp'
    return next((ending for ending, signs in _SIGNS if content.startswith(signs)), None)


def from_base64(text: str) -> bytes:
    """Return what base64 stands for; nothing where it is damaged."""
    try:
        return base64.b64decode(''.join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b''


def _stem(name: str) -> str:
    """Return a name that can stand in an address as it is."""
    stem = PurePosixPath(clean(name).replace('\\', '/')).stem[:60]
    plain = ''.join(letter if letter.isascii() and letter.isalnum() else '-' for letter in stem)
    return plain.strip('-') or 'picture'
