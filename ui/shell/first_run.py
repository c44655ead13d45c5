"""Which first steps were hidden in a browser; a cookie holds the roles, and nothing about the person."""

from fastapi import Request
from fastapi.responses import Response

from ui.shell.request import set_cookie

COOKIE = 'waymark_first_steps'
TEACHES, LEARNS = 'teaches', 'learns'
ROLES = (TEACHES, LEARNS)


def has_hidden(request: Request, role: str) -> bool:
    """Return whether the first steps of a role were hidden in this browser."""
    return role in request.cookies.get(COOKIE, '').split('.')


def hide(request: Request, response: Response, role: str) -> None:
    """Let the browser remember that the first steps of a role are hidden."""
    hidden = [each for each in ROLES if each == role or has_hidden(request, each)]
    if hidden:
        set_cookie(response, COOKIE, '.'.join(hidden))
