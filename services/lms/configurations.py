"""What a system says of itself when it registers (LTI Dynamic Registration), and what we answer."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from services.core import school
from services.core.errors import Refused
from services.core.phrases import phrase
from services.core.text import clean, line
from services.lms import platforms, services
from services.lms.platforms import NewPlatform

PLATFORM = 'https://purl.imsglobal.org/spec/lti-platform-configuration'
TOOL = 'https://purl.imsglobal.org/spec/lti-tool-configuration'
SCOPES = (services.LINE_ITEM, services.SCORE, services.RESULT, services.MEMBERS)
CLAIMS = ('iss', 'sub', 'name', 'given_name', 'family_name')
DEEP_LINKING = 'LtiDeepLinkingRequest'
ASSIGNMENTS = 'assignment_selection'
"""where teachers choose what an assignment opens, as Canvas names it, with or without its prefix"""
UNREADABLE = phrase('The configuration of the system cannot be read. Register it by hand.')


def read(said: Mapping[str, Any], *, address: str) -> NewPlatform:
    """Return what a configuration says; the issuer must be the system whose address the admin has typed."""
    issuer = text(said, 'issuer')
    if _host(issuer) != _host(address):
        raise Refused('The system speaks for another one: {issuer}', issuer=issuer[:100])
    family = object_in(said, PLATFORM).get('product_family_code')
    return NewPlatform(
        name=line(clean(family))[: platforms.LONGEST_NAME] if isinstance(family, str) else '',
        issuer=issuer,
        client_id='?',  # the system gives one when we have registered
        deployments='',
        auth_login_url=text(said, 'authorization_endpoint'),
        auth_token_url=text(said, 'token_endpoint'),
        key_set_url=text(said, 'jwks_uri'),
        token_audience=_token_audience(said),
    )


def _token_audience(said: Mapping[str, Any]) -> str:
    """Return for whom a token is asked; a bare host, as Canvas says it, is none: Canvas wants the address itself."""
    found = text(said, 'authorization_server') if said.get('authorization_server') else ''
    return found if '://' in found else ''


def ours(said: Mapping[str, Any], base: str) -> dict[str, Any]:
    """Return what we say of ourselves, as far as the system offers it."""
    offered = said.get('scopes_supported')
    scopes = [each for each in SCOPES if not isinstance(offered, list) or each in offered]
    launch = f'{base}/lti/launch'
    return {
        'application_type': 'web',
        'response_types': ['id_token'],
        'grant_types': ['implicit', 'client_credentials'],
        'initiate_login_uri': f'{base}/lti/login',
        'redirect_uris': [launch],
        'client_name': school.current().name,
        'jwks_uri': f'{base}/lti/jwks',
        'token_endpoint_auth_method': 'private_key_jwt',
        'scope': ' '.join(scopes),
        TOOL: {
            'domain': urlsplit(base).netloc,
            'target_link_uri': launch,
            'claims': list(CLAIMS),
            'messages': [
                {'type': DEEP_LINKING, 'target_link_uri': launch, 'placements': _placements(said)},
                {'type': 'LtiResourceLinkRequest', 'target_link_uri': launch},
            ],
        },
    }


def _placements(said: Mapping[str, Any]) -> list[str]:
    """Return where teachers choose what opens here: in a course, and in an assignment where the system has that.

    Without a place, Canvas offers the choice nowhere; and of two messages for one place it takes the first.
    """
    known = object_in(said, PLATFORM).get('messages_supported')
    messages = [each for each in known if isinstance(each, dict)] if isinstance(known, list) else []
    places = [each.get('placements') for each in messages if each.get('type') == DEEP_LINKING]
    named = [place for some in places if isinstance(some, list) for place in some if isinstance(place, str)]
    return ['ContentArea', *(place for place in named if place.rpartition('/')[2] == ASSIGNMENTS)]


def text(said: Mapping[str, Any], name: str) -> str:
    """Return a text that the other side has to say; raises `Refused` where there is none that can be kept."""
    found = said.get(name)
    if not isinstance(found, str) or not found or len(found) > platforms.LONGEST_ADDRESS or not found.isprintable():
        raise Refused(UNREADABLE)
    return found


def object_in(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an object of what the other side says; an empty one where it is none."""
    found = said.get(name)
    return found if isinstance(found, dict) else {}


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ''
    except ValueError:
        return ''
