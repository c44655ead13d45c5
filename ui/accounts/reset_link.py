"""A link for a new password, as the person who made it hands it over."""

from fastapi import Request

from ui.kit.copy_link import copy_link
from ui.kit.language import _
from ui.kit.text import hint
from ui.shell.address import public_address


def reset_link(request: Request, link: str, whose: str) -> None:
    """Draw the link, and what to know about it."""
    hint(
        _(
            'For {person}. It works once, within an hour, and is shown only now: copy it, and hand it to nobody else.',
            person=whose,
        )
    )
    copy_link(request, f'{public_address(request)}/new-password?link={link}')
