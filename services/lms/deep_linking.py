"""What a teacher has chosen, signed for the platform that asked: the browser takes it there."""

from dataclasses import dataclass

import jwt

from services.core import signing_keys
from services.core.errors import Refused
from services.lms import platforms
from services.lms.links import Offer
from services.lms.logins import Open
from services.lms.messages import DEEP_LINKING
from services.lms.tokens import AHEAD

MAXIMUM = 100
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A form that the browser posts to the platform."""

    address: str
    signed: str
    title: str
    platform: str


def reply(login: Open, offer: Offer, *, launch_address: str) -> Reply:
    """Return the signed answer to a platform that wants something to be chosen. Signing takes a few milliseconds."""
    if not login.launch.return_to:
        raise Refused('The platform does not say where the choice goes. Add the link there by hand.')
    return Reply(
        address=login.launch.return_to,
        signed=_sign(login, offer, launch_address),
        title=offer.title,
        platform=login.platform.name,
    )


def _sign(login: Open, offer: Offer, launch_address: str) -> str:
    from pylti1p3.deep_link import DeepLink
    from pylti1p3.deep_link_resource import DeepLinkResource
    from pylti1p3.lineitem import LineItem
    from pylti1p3.registration import Registration

    registration = Registration().set_client_id(login.platform.client_id).set_issuer(login.platform.issuer)
    resource = DeepLinkResource().set_url(launch_address).set_title(offer.title[:LONGEST_TITLE])
    resource.set_custom_params({'waymark': offer.key})
    if not offer.target.in_class and login.launch.takes_column:
        column = LineItem().set_label(offer.title[:LONGEST_TITLE]).set_score_maximum(MAXIMUM)
        resource.set_lineitem(column.set_resource_id(offer.key))
    message = DeepLink(registration, login.launch.deployment_id, {}).get_message_jwt([resource])
    if login.launch.opens_windows:  # in a frame, browsers let nobody sign in
        message[f'{DEEP_LINKING}content_items'] = [{**resource.to_dict(), 'window': {'targetName': '_blank'}}]
    message[f'{DEEP_LINKING}data'] = login.launch.data
    if login.launch.data is None:
        del message[f'{DEEP_LINKING}data']
    issued_at = message['iat']
    assert isinstance(issued_at, int)
    message['iat'] = issued_at - AHEAD
    headers = {'kid': str(platforms.public_keys()['keys'][0]['kid'])}  # type: ignore[index]
    return jwt.encode(message, signing_keys.key_in(platforms.key_path()), algorithm='RS256', headers=headers)
