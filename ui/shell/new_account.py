"""What the first page says to somebody who has just made an account: that it is made."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from ui.kit.handlers import tell
from ui.kit.language import _
from ui.shell.request import Visit

NAME, VALUE = 'made', 'account'


def newly_made(target: str) -> str:
    """Return the address of a page that says so."""
    parts = urlsplit(target)
    return parts._replace(query=urlencode([*parse_qsl(parts.query, keep_blank_values=True), (NAME, VALUE)])).geturl()


def greet(visit: Visit) -> None:
    """Say it, if this is that page."""
    if visit.request.query_params.get(NAME) == VALUE and visit.actor and not visit.actor.is_guest:
        tell(_('Your account is made: {name}.', name=visit.actor.name))
