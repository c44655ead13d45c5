"""One visit of one page: who visits, and why the form before was refused, if it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from fastapi import Request
from fastapi.responses import Response
from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.convertors import Convertor, register_url_convertor

from services.access import Actor
from services.accounts import sign_ins
from services.accounts.guessing import Origin
from services.core import database, school
from services.core.errors import DomainError, NotSignedIn
from services.core.languages import preferred
from services.core.transaction import Transaction
from services.live.stream import admission
from services.live.stream.admission import AnySeat
from services.notices import inbox
from settings import settings
from ui.kit.language import say
from web.status import status_of

COOKIE = 'waymark'
"""The cookie that holds the token of a sign-in."""

BROWSER_COOKIE = 'waymark_browser'
"""The cookie that binds a form to the browser that asked for it."""

DEVICE_COOKIE = 'waymark_device'
"""The cookie that says who has signed in on this browser before; it opens nothing."""

STEP_COOKIE = 'waymark_step'
"""The cookie between the password and the second factor; it opens nothing but the second step."""

ELSEWHERE_COOKIE = 'waymark_elsewhere'
"""The cookie of a browser that is at the school's own sign-in, sealed; it opens nothing."""

PROBLEM_COOKIE = 'waymark_problem'
"""The cookie that holds why the last form was refused and what was typed; the address names it, and no more."""

PROBLEM_LIFETIME = timedelta(minutes=10)
SHOWN_AGAIN = (
    *('name', 'email', 'role', 'code', 'keep', 'public_url', 'host', 'port', 'security', 'user', 'sender'),
    *('issuer', 'client_id', 'deployments', 'auth_login_url', 'auth_token_url', 'token_audience', 'key_set_url'),
    'makes_instructors',
)
"""what forms show again when they were refused; everything else that was posted is dropped"""
CSRF_LIFETIME = timedelta(days=7)
LONGEST_TYPED = 200
LARGEST_COOKIE = 3_800
"""bytes; browsers drop what is larger than 4 KB"""


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
    """Why a form was not accepted, and what had been typed; kept by the browser, signed, for ten minutes."""

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
    unread: int = 0
    """how many notices this person has not read"""
    seat: AnySeat | None = None
    """what gives them a right to the page, where it is of a course or a child"""

    @property
    def language(self) -> str:
        """Which language the person reads: the one that they have chosen, else as their browser says."""
        return (self.actor.language if self.actor else '') or language_of(self.request)

    @property
    def was_signed_in(self) -> bool:
        """Whether this device was signed in, and that has ended elsewhere: it was revoked, or it has expired."""
        return self.actor is None and COOKIE in self.request.cookies

    @property
    def status(self) -> int:
        """The status of a page with a form: that of the refusal, if the form was refused."""
        return self.problem.status if self.problem else 200

    def signed_in(self) -> Actor:
        """Return who visits, or raise `NotSignedIn`."""
        if self.actor is None:
            raise NotSignedIn
        return self.actor

    def typed(self, field: str) -> str:
        """Return what had been typed into a field of a form that was not accepted."""
        return self.problem.typed.get(field, '') if self.problem else ''


def language_of(request: Request) -> str:
    """Return the language that a browser asks for, or else the one of the school."""
    return preferred(request.headers.get('accept-language', ''), school.current().language)


async def visit_of(request: Request, of_what: Mapping[str, int] | None = None) -> Visit:
    """Resolve who visits, once, and what gives them a right to a page `of_what`; a sign-in in use lasts longer."""
    actor, unread, seat = None, 0, None
    if token := request.cookies.get(COOKIE):
        resolved = await database.read(_resolve, token, of_what or {})
        if resolved:
            actor, is_old, unread, seat = resolved
            if is_old:
                await database.write(sign_ins.touch, actor)
                request.state.touched = token
    return Visit(request=request, actor=actor, problem=read_problem(request), unread=unread, seat=seat)


def remember_problem(response: Response, error: DomainError, typed: Mapping[str, str]) -> None:
    """Give the browser a problem, with what was typed that forms show again, to keep until the page is loaded."""
    name = parse_qs(urlsplit(response.headers['location']).query)['problem'][0]
    kept = {field: typed[field][:LONGEST_TYPED] for field in SHOWN_AGAIN if field in typed}
    told = [name, say(error), status_of(error), error.field, error.offer]
    packed = str(_serializer('problem').dumps([*told, kept]))
    if len(packed) > LARGEST_COOKIE:
        packed = str(_serializer('problem').dumps([*told, {}]))
    set_cookie(response, PROBLEM_COOKIE, packed, lifetime=PROBLEM_LIFETIME)


def read_problem(request: Request) -> Problem | None:
    """Return the problem that an address names; None if the browser has none of this name, or it is forged or old."""
    asked, kept = request.query_params.get('problem'), request.cookies.get(PROBLEM_COOKIE)
    packed = _signed('problem', kept, within=PROBLEM_LIFETIME) if asked and kept else None
    if not isinstance(packed, list):
        return None
    name, sentence, status, field, offer, typed = packed
    if name != asked:
        return None
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
    browser = _signed('csrf', token, within=CSRF_LIFETIME)
    return browser is not None and browser == request.cookies.get(BROWSER_COOKIE)


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


@database.quick
def _resolve(tx: Transaction, token: str, of_what: Mapping[str, int]) -> tuple[Actor, bool, int, AnySeat | None] | None:
    """Return who visits, whether their sign-in is to be touched, how many notices are unread, and their seat."""
    resolved = sign_ins.resolve(tx, token)
    if resolved is None:
        return None
    actor, is_old = resolved
    seat = admission.seat_of(tx, actor, **of_what) if of_what else None
    return actor, is_old, inbox.unread_of(tx, actor.user_id), seat


def _signed(salt: str, packed: str, *, within: timedelta) -> object:
    """Return what was signed; None if it is forged or old."""
    try:
        return _serializer(salt).loads(packed, max_age=int(within.total_seconds()))
    except BadData as error:
        error.__traceback__ = (
            None  # it leads to what raised it, and so to the request, which only a collection would free
        )
        return None


def _serializer(salt: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt=salt)
