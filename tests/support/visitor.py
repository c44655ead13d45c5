"""Somebody with a browser that has no screen: reads pages, sends forms, keeps cookies."""

import html
import re
from collections.abc import Mapping

import httpx

from tests.support.eventually import PATIENCE

SESSION = 'waymark'
"""The cookie that says who one is."""


class Visitor:
    """One browser."""

    def __init__(self, origin: str, *, token: str = '', headers: Mapping[str, str] | None = None) -> None:
        self.http = httpx.AsyncClient(base_url=origin, headers=headers, timeout=PATIENCE, verify=False)
        if token:
            self.http.cookies.set(SESSION, token, domain=self.http.base_url.host)

    @property
    def token(self) -> str | None:
        """What the session cookie holds."""
        return self.http.cookies.get(SESSION)

    async def opens(self, path: str) -> httpx.Response:
        """Open a page and follow where it leads."""
        return await self.http.get(path, follow_redirects=True)

    async def sends(self, action: str, *, form: str = '/sign-in', **fields: str) -> httpx.Response:
        """Load the page with a form, send it, and return the first answer."""
        return await self.fills(await self.opens(form), action, **fields)

    async def fills(self, page: httpx.Response, action: str, **fields: str) -> httpx.Response:
        """Send a form of a page that was loaded before, and return the first answer."""
        return await self.http.post(action, data={**hidden_fields(page.text, action), **fields})

    async def fills_in(self, action: str, *, form: str = '/sign-in', **fields: str) -> httpx.Response:
        """Send a form and follow where its answer leads, as a browser does."""
        answer = await self.sends(action, form=form, **fields)
        return await self.opens(answer.headers['location'])

    async def is_signed_in(self) -> bool:
        """Whether the server knows who this is."""
        return (await self.http.get('/account')).status_code == 200


def hidden_fields(page: str, action: str) -> dict[str, str]:
    """Return the hidden fields of the form that posts to `action`, or of the first one on the page."""
    text = words(page)
    forms = re.findall(r'<form.*?</form>', text, re.DOTALL)
    wanted = next((form for form in forms if f'action="{action}"' in form), forms[0] if forms else '')
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', wanted)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def words(page: str) -> str:
    """Return a page as its browser reads it: what NiceGUI packs into a script is unpacked once."""
    packed = re.search(r'String\.raw`(.*?)`', page, re.DOTALL)
    if not packed:
        return page
    return html.unescape(packed[1]).replace('\\"', '"').replace('\\n', '\n').replace('\\u003c', '<')
