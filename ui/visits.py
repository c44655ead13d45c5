"""One visit of one page: who it is, what went wrong in the form before, and how they are told."""

from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request
from fastapi.responses import Response
from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.convertors import Convertor, register_url_convertor

from services.access import Actor
from services.accounts import sign_ins
from services.accounts.guessing import Origin
from services.core import database
from services.core.errors import DomainError, NotSignedIn
from services.core.languages import preferred
from settings import settings
from ui.kit.language import say
from web.status import status_of

COOKIE = 'waymark'
"""The cookie that holds the token of a sign-in."""

BROWSER_COOKIE = 'waymark_browser'
"""The cookie that binds a form to the browser that asked for it."""

DEVICE_COOKIE = 'waymark_device'
"""The cookie that says who has signed in on this browser before; it opens nothing."""

PROBLEM_LIFETIME = 600


class _Id(Convertor[int]):
    """The number of a row in an address, as in `/class/{course_id:id}`; what no row can have leads nowhere."""

    regex = '[0-9]{1,9}'

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor('id', _Id())


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a form was not accepted, and what had been typed; carried in the address, signed, for ten minutes."""

    sentence: str
    status: int
    field: str
    offer: str
    typed: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit of one page."""

    request: Request
    actor: Actor | None
    problem: Problem | None

    @property
    def language(self) -> str:
        """Which language the person reads: the one that they have chosen, else the one that their browser asks for."""
        return (self.actor.language if self.actor else '') or preferred(self.request.headers.get('accept-language', ''))

    def signed_in(self) -> Actor:
        """Return who visits, or raise `NotSignedIn`."""
        if self.actor is None:
            raise NotSignedIn
        return self.actor

    def typed(self, field: str) -> str:
        """Return what had been typed into a field of a form that was not accepted."""
        return self.problem.typed.get(field, '') if self.problem else ''


async def visit_of(request: Request) -> Visit:
    """Resolve who visits, once; a sign-in that is in use lasts longer."""
    actor = None
    if token := request.cookies.get(COOKIE):
        resolved = await database.read(sign_ins.resolve, token)
        if resolved:
            actor, is_old = resolved
            if is_old:
                await database.write(sign_ins.touch, actor)
                request.state.touched = token
    return Visit(request=request, actor=actor, problem=read_problem(request))


def pack_problem(error: DomainError, typed: dict[str, str]) -> str:
    """Return a problem as a signed text for an address; passwords are left out."""
    kept = {name: value[:200] for name, value in typed.items() if name != 'csrf' and 'password' not in name}
    return _serializer('problem').dumps([say(error), status_of(error), error.field, error.offer, kept])


def read_problem(request: Request) -> Problem | None:
    """Return the problem that an address carries; None if there is none, or it is forged or old."""
    try:
        packed = _serializer('problem').loads(request.query_params.get('problem', ''), max_age=PROBLEM_LIFETIME)
    except BadData:
        return None
    sentence, status, field, offer, typed = packed
    return Problem(sentence=sentence, status=status, field=field, offer=offer, typed=typed)


def address_of(request: Request) -> str:
    """Return the address that a request comes from, as the server or a proxy on this machine knows it."""
    return request.client.host if request.client else ''


def origin_of(request: Request) -> Origin:
    """Return where a guess comes from."""
    return Origin(address=address_of(request), browser=request.cookies.get(BROWSER_COOKIE, ''))


def csrf_token(request: Request) -> str:
    """Return what a form must carry to be accepted from this browser."""
    return str(_serializer('csrf').dumps(request.state.browser))


def csrf_matches(request: Request, token: str) -> bool:
    """Tell whether a form comes from the browser that asked for it."""
    try:
        return bool(_serializer('csrf').loads(token, max_age=7 * 24 * 3600) == request.cookies[BROWSER_COOKIE])
    except (BadData, KeyError):
        return False


def set_session_cookie(response: Response, token: str) -> None:
    """Give the device the token of its sign-in."""
    set_cookie(response, COOKIE, token)


def set_cookie(response: Response, name: str, value: str, *, lifetime: timedelta = sign_ins.LIFETIME) -> None:
    """Set a cookie for this site only, out of reach of scripts."""
    response.set_cookie(
        name,
        value,
        max_age=int(lifetime.total_seconds()),
        httponly=True,
        samesite='lax',
        secure=settings().is_https,
    )


def local_path(target: str | None) -> str:
    """Return a place within this site; whatever leads elsewhere becomes the home page."""
    if not target or not target.startswith('/') or target.startswith('//') or '\\' in target or '\n' in target:
        return '/'
    return target if target.isprintable() else '/'


def _serializer(salt: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt=salt)
