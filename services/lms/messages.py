"""What a platform says of a launch: checked to the last claim, and then only what is needed of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import jwt

from services.core import threads
from services.core.errors import Refused
from services.core.secrets import token_hash
from services.core.text import clean, line
from services.lms import key_sets
from services.lms.platforms import Platform

CLAIM = 'https://purl.imsglobal.org/spec/lti/claim/'
DEEP_LINKING = 'https://purl.imsglobal.org/spec/lti-dl/claim/'
GRADES = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint'
ROSTER = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice'
ALGORITHM = 'RS256'
LEEWAY = timedelta(minutes=5)
"""how far the clock of a platform may be off"""
LONGEST_TOKEN = 64 * 1024
LONGEST_ID = 255
LONGEST_ADDRESS = 1000
LONGEST_DATA = 16 * 1024
"""characters of what a platform wants to have back with what a teacher has chosen"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """What is needed of a launch."""

    subject: str
    name: str
    roles: tuple[str, ...]
    deployment_id: str
    is_deep_linking: bool
    context_id: str
    """the course there: a link outside of any course could not be told from a copy of it"""
    context_title: str = ''
    resource_link_id: str = ''
    place: str = ''
    """the key of what a teacher has offered, as the link carries it"""
    line_item: str = ''
    line_items: str = ''
    scopes: tuple[str, ...] = ()
    roster: str = ''
    return_to: str = ''
    """where a choice is sent to"""
    opens_windows: bool = False
    """whether the platform can open what is chosen in a window of its own"""
    takes_column: bool = True
    """whether a column in the gradebook may come with what is chosen"""
    data: str | None = None

    @property
    def stored(self) -> dict[str, Any]:
        """The launch as it is stored."""
        return asdict(self)


def recalled(stored: Mapping[str, Any]) -> Launch:
    """Return a launch that was stored."""
    lists = {name: tuple(stored[name]) for name in ('roles', 'scopes')}
    return Launch(**{**stored, **lists})


async def verified(platform: Platform, id_token: str, *, nonce_hash: str) -> Launch:
    """Return a launch that the platform has signed, for us, just now; raises `Refused` with what is wrong with it."""
    await threads.shared.go_on(_pylti1p3)
    key = await key_sets.key_of(platform.key_set_url, _kid(id_token))
    try:
        claims = jwt.decode(
            id_token,
            key,
            algorithms=[ALGORITHM],
            audience=platform.client_id,
            issuer=platform.issuer,
            leeway=LEEWAY,
            options={'require': ['exp', 'iat', 'iss', 'aud', 'sub', 'nonce'], 'verify_sub': False},
        )
    except jwt.ExpiredSignatureError:
        raise Refused('This launch is too old. Open it again from your course.') from None
    except jwt.ImmatureSignatureError:
        raise Refused('This launch is from the future: the clock of the platform is wrong.') from None
    except (jwt.InvalidTokenError, ValueError, TypeError) as error:
        raise Refused('This launch is not valid ({error}).', error=type(error).__name__) from None
    _check_for_us(platform, claims)
    if not isinstance(claims['nonce'], str) or token_hash(claims['nonce']) != nonce_hash:
        raise Refused('This launch was not asked for from here. Open it again from your course.')
    return read(platform, claims)


def read(platform: Platform, claims: Mapping[str, Any]) -> Launch:
    """Return what is needed of claims, which must be those of a message that we know, from a place that we know."""
    _check_message(claims)
    deployment = as_id(claims.get(f'{CLAIM}deployment_id'))
    if deployment not in platform.deployments:
        raise Refused('This launch comes from a deployment that is not registered here. Ask your school to add it.')
    settings = _object(claims, f'{DEEP_LINKING}deep_linking_settings')
    context, link = _object(claims, f'{CLAIM}context'), _object(claims, f'{CLAIM}resource_link')
    grades, roster = _object(claims, GRADES), _object(claims, ROSTER)
    is_deep_linking = claims[f'{CLAIM}message_type'] == 'LtiDeepLinkingRequest'
    data = settings.get('data')
    if data is not None and (not isinstance(data, str) or len(data) > LONGEST_DATA):
        raise Refused('The platform wants to have back more than is taken along.')
    return Launch(
        subject=_id(claims.get('sub')),
        name=_name(claims),
        roles=tuple(each for each in claims[f'{CLAIM}roles'] if isinstance(each, str))[:50],
        deployment_id=deployment,
        is_deep_linking=is_deep_linking,
        context_id=_id(context.get('id')),
        context_title=line(clean(_text(context.get('title')) or _text(context.get('label'))))[:200],
        resource_link_id='' if is_deep_linking else _id(link.get('id')),
        place=as_id(_object(claims, f'{CLAIM}custom').get('waymark'))[:64],
        line_item=_address(grades.get('lineitem')),
        line_items=_address(grades.get('lineitems')),
        scopes=tuple(each[:LONGEST_ID] for each in _list(grades.get('scope')) if isinstance(each, str))[:20],
        roster=_address(roster.get('context_memberships_url')),
        return_to=_address(settings.get('deep_link_return_url')),
        opens_windows='window' in _list(settings.get('accept_presentation_document_targets')),
        takes_column=str(settings.get('accept_lineitem')).casefold() != 'false',
        data=data,
    )


def _kid(id_token: str) -> str:
    if not id_token or len(id_token) > LONGEST_TOKEN:
        raise Refused('The platform has sent no launch that can be read.')
    try:
        header = jwt.get_unverified_header(id_token)
    except jwt.InvalidTokenError:
        raise Refused('The platform has sent no launch that can be read.') from None
    if header.get('alg') != ALGORITHM:
        raise Refused('The platform signs in a way that is not taken; it must be {algorithm}.', algorithm=ALGORITHM)
    kid = header.get('kid')
    if not isinstance(kid, str) or not kid:
        raise Refused('The platform does not say with which key it has signed.')
    return kid


def _check_for_us(platform: Platform, claims: Mapping[str, Any]) -> None:
    """Refuse a launch that is for several, unless it says that we are the one."""
    party = claims.get('azp')
    if party is not None and party != platform.client_id:
        raise Refused('This launch is for another program.')
    if isinstance(claims['aud'], list) and len(claims['aud']) > 1 and party is None:
        raise Refused('This launch is for several programs, and does not say for which.')


def _check_message(claims: Mapping[str, Any]) -> None:
    """Refuse messages that are not as LTI has them; which those are, pylti1p3 knows."""
    validators, problem = _pylti1p3()
    kind = _text(claims.get(f'{CLAIM}message_type'))
    if kind not in {'LtiResourceLinkRequest', 'LtiDeepLinkingRequest'}:
        raise Refused('This kind of launch is not known here.')
    try:
        known = [each for each in validators if each.can_validate(claims)]
        is_right = len(known) == 1 and known[0].validate(claims)
    except (problem, AttributeError, TypeError) as error:
        raise Refused('This launch is not complete: {problem}', problem=str(error)[:120]) from None
    if not is_right or not isinstance(claims.get(f'{CLAIM}roles'), list):
        raise Refused('This launch is not complete: {problem}', problem='roles')


@cache
def _pylti1p3() -> tuple[Sequence[Any], type[Exception]]:
    """Return its validators, and what they raise; loading them takes a tenth of a second."""
    from pylti1p3.exception import LtiException
    from pylti1p3.message_validators import get_validators

    return tuple(get_validators()), LtiException  # type: ignore[no-untyped-call]


def _object(claims: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = claims.get(name)
    return found if isinstance(found, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ''


def as_id(value: object) -> str:
    """Return an id as the platform gives it: short, printable text, or a number, as some have it; else nothing."""
    found = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    is_right = isinstance(found, str) and found.strip() and len(found) <= LONGEST_ID and found.isprintable()
    return str(found) if is_right else ''


def _id(value: object) -> str:
    if not (found := as_id(value)):
        raise Refused('This launch is not complete: {problem}', problem='id')
    return found


def _address(value: object) -> str:
    found = _text(value)
    is_right = found.startswith(('https://', 'http://')) and len(found) <= LONGEST_ADDRESS and found.isprintable()
    return found if is_right else ''


def _name(claims: Mapping[str, Any]) -> str:
    """Return the name of a person; empty where the platform does not give it away."""
    whole = _text(claims.get('name'))
    parts = (_text(claims.get('given_name')), _text(claims.get('family_name')))
    return line(clean(whole or ' '.join(filter(None, parts))))
