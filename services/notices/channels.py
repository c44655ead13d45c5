"""The channels on which this installation can reach people at all."""

from collections.abc import Mapping
from types import MappingProxyType

from models import Channel
from services.core.phrases import Phrase, phrase
from services.mail import mail_server
from settings import settings

NAMES: Mapping[Channel, Phrase] = MappingProxyType(
    {
        Channel.IN_APP: phrase('In the app'),
        Channel.E_MAIL: phrase('By mail'),
        Channel.PUSH: phrase('On your devices'),
    }
)
"""as a person reads them where they choose"""


def available() -> frozenset[Channel]:
    """Return the channels that are on here: mails need a server, and devices a service that reaches them."""
    config = settings()
    found = {Channel.IN_APP}
    if config.email_enabled and mail_server.is_ready():
        found.add(Channel.E_MAIL)
    if config.push_notifications_enabled and config.notification_service_url:
        found.add(Channel.PUSH)
    return frozenset(found)
