"""Who asks: what the addresses of the API depend on."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from services.access import Actor
from services.accounts import tokens
from services.accounts.tokens import Claim, TokenHolder
from services.core import database
from services.core.errors import Forbidden, NotSignedIn
from services.enums import DeviceKind
from services.live.stream import api_presence


class _Bearer(HTTPBearer):
    """What says in the document how a token is sent, and gives what the one of a request says (`api.middleware`)."""

    def __init__(self) -> None:
        super().__init__(
            auto_error=False,
            bearerFormat='JWT',
            scheme_name='token',
            description='The access token that `POST /auth/login` gives; it is good for fifteen minutes.',
        )

    async def __call__(self, request: Request) -> Claim | None:  # type: ignore[override]
        claim: Claim | None = request.state.claim
        return claim


class _Needed(_Bearer):
    """The same where nobody is served without a token."""

    async def __call__(self, request: Request) -> Claim:  # type: ignore[override]
        if (claim := await super().__call__(request)) is None:
            raise NotSignedIn('Not authenticated. Send a token: “Authorization: Bearer …”. Sign in to get one.')
        return claim


_bearer = _Needed()


async def _holder(claim: Annotated[Claim, Depends(_bearer)]) -> TokenHolder:
    holder = await database.read(tokens.holder, claim)
    api_presence.heard(holder.actor.sign_in_id, holder.actor.user_id)
    return holder


async def _person(holder: Annotated[TokenHolder, Depends(_holder)]) -> Actor:
    if holder.kind is DeviceKind.SERVICE:
        raise Forbidden('The token of a service is good only for what it was made for.')
    return holder.actor


async def _visitor(claim: Annotated[Claim | None, Depends(_Bearer())]) -> Actor | None:
    return await _person(await _holder(claim)) if claim else None


Bearer = Annotated[Claim, Depends(_bearer)]
"""A token that is not looked up yet: for verbs that do so in the transaction in which they act."""

Anyone = Annotated[TokenHolder, Depends(_holder)]
"""A person's client, or a service: for the few addresses that services may use."""

Person = Annotated[Actor, Depends(_person)]
"""The person whose client asks."""

Visitor = Annotated[Actor | None, Depends(_visitor)]
"""The person whose client asks, if it has a token: for what is open to anybody."""


def address_of(request: Request) -> str:
    """Return the address that a request comes from, as the server or a proxy on this machine knows it."""
    return request.client.host if request.client else ''
