"""The providers of sign-ins that the settings name."""

from functools import lru_cache

from pydantic import TypeAdapter

from services.core.errors import NotFound
from settings import OidcProvider, settings

_LIST = TypeAdapter(tuple[OidcProvider, ...])


def everyone() -> tuple[OidcProvider, ...]:
    """Return the providers, in the order of the settings."""
    return _parsed(settings().oidc_providers)


def named(name: str) -> OidcProvider:
    """Return one provider; raises `NotFound`."""
    for provider in everyone():
        if provider.name == name:
            return provider
    raise NotFound('There is no such way to sign in. Go back to the page for signing in.')


@lru_cache(maxsize=4)
def _parsed(text: str) -> tuple[OidcProvider, ...]:
    return _LIST.validate_json(text) if text else ()
