"""Videos at an address elsewhere: which addresses are taken, and which of the addresses that people paste are videos.

Waymark itself asks nothing of these addresses. See decision 71.
"""

import re
from unicodedata import normalize
from urllib.parse import SplitResult, urlsplit, urlunsplit

from services.core.errors import Invalid
from services.core.text import line, storable

LONGEST, LONGEST_HOST = 2000, 253

_HOST = re.compile(r'(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})')
_OF_HOST = {
    'youtube.com': re.compile(r'/(?:watch|playlist|(?:shorts|live|embed)/.+)'),
    'youtube-nocookie.com': re.compile(r'/embed/.+'),
    'youtu.be': re.compile(r'/.+'),
    'vimeo.com': re.compile(r'/.*\d{5,}.*'),
    'dailymotion.com': re.compile(r'/video/.+'),
}
_ANYWHERE = re.compile(r'.*\.(?:mp4|webm|m4v|mov|ogv)|/(?:w|videos/watch)/[\w-]{20,36}', re.IGNORECASE)
"""a file, or a video of PeerTube"""


def check(text: str) -> str:
    """Return an address as it is kept, empty for none; raises `Invalid` with what cannot be taken."""
    if len(text) > LONGEST:
        raise Invalid('This address is too long; use at most {most} characters.', most=LONGEST, field='link')
    text = line(storable(text))
    if not text:
        return ''
    parts = _parts(text if '://' in text else f'https://{text}')
    if parts is None:
        raise Invalid('This is not the address of a video. Copy it whole, such as https://youtu.be/….', field='link')
    if parts.scheme != 'https':
        raise Invalid('The address of a video begins with https://, so that it is safe to open.', field='link')
    return urlunsplit(parts)


def host_of(link: str) -> str:
    """Return the name of the place that a kept address leads to, as people read it."""
    return (urlsplit(link).hostname or '').removeprefix('www.')


def is_video(text: str) -> bool:
    """Tell whether an address is sure to be one of a video, by how it looks."""
    parts = _parts(text) if len(text) <= LONGEST else None
    if parts is None or parts.scheme != 'https':
        return False
    host = (parts.hostname or '').removeprefix('www.').removeprefix('m.').removeprefix('player.')
    known = _OF_HOST.get(host)
    return bool((known and known.fullmatch(parts.path)) or _ANYWHERE.fullmatch(parts.path))


def _parts(text: str) -> SplitResult | None:
    """Return what an address is made of, with its host in plain letters; None where it is not one of the web.

    A name and a password, a backslash or a blank would let an address lead elsewhere than it seems to.
    """
    try:
        parts = urlsplit(text)
        if len(normalize('NFKC', parts.netloc)) > LONGEST_HOST:  # one sign becomes twenty, which all take their time
            return None
        host = (parts.hostname or '').encode('idna').decode()
        port = f':{parts.port}' if parts.port else ''
    except ValueError:
        return None
    if '@' in parts.netloc or '\\' in text or ' ' in text or not _HOST.fullmatch(host):
        return None
    return parts._replace(netloc=f'{host}{port}')
