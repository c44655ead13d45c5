"""The picture of an address that phones read."""

from functools import lru_cache
from html import escape
from io import BytesIO

import segno

from ui.kit.language import _


def qr_html(link: str) -> str:
    """Return the picture, with the address in words for those who hear the page."""
    label = _('QR code that leads to {link}', link=link)
    return f'<div class="join-code-picture" role="img" aria-label="{escape(label)}">{_kept(link)}</div>'


def secret_qr_html(address: str) -> str:
    """Return the picture of something secret: it is not kept, and not read out."""
    label = _('QR code for your authenticator app')
    return f'<div class="factor-picture" role="img" aria-label="{escape(label)}">{_drawn(address)}</div>'


def _drawn(link: str) -> str:
    drawn = BytesIO()
    segno.make(link, error='m').save(drawn, kind='svg', border=0, xmldecl=False, omitsize=True, svgclass=None)
    return drawn.getvalue().decode()


_kept = lru_cache(maxsize=16)(_drawn)
