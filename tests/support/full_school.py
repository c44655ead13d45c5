"""A server with a school in which everything is there, read in English, and the pages of each person in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page
from sqlalchemy import update

from models import User
from services.core import database
from settings import settings
from tests.support.greek_school import GreekSchool, a_greek_school
from tests.support.running import Server, token_of
from tests.ui.test_words_on_screen import addresses, plain_addresses

FILES = '.csv', '.md'


@dataclass(frozen=True, slots=True)
class FullSchool:
    """The server, and what is on it."""

    server: Server
    of: GreekSchool

    def addresses(self, who: str) -> list[str]:
        """Return the pages of a person, but for files."""
        pages = [pair for pairs in addresses(self.of).values() for pair in pairs] + plain_addresses(self.of)
        return [page for page, reader in pages if (reader or 'nobody') == who and not page.endswith(FILES)]

    async def token(self, who: str) -> str:
        """Sign a person in; returns what their cookie holds."""
        actor = self.of.people[who]
        if actor is None:
            return ''
        async with self.server.at_hand():
            return await token_of(actor)


@asynccontextmanager
async def running_full_school(folder: Path, **settings_: str) -> AsyncIterator[FullSchool]:
    """Put everything into a new database, and start the server on it: its jobs must not write while that is done."""
    server = Server(folder, **settings_)
    server.bring_tables()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv('DATA_DIR', str(server.data_dir))
        settings.cache_clear()
        async with server.at_hand():
            school = await a_greek_school()
            await database.write(lambda tx: tx.execute(update(User).values(language='en')))
    settings.cache_clear()
    server.start()
    yield FullSchool(server, school)
    server.stop()


async def is_drawn(page: Page) -> None:
    """Wait until the page has all that it brings with it: its connection, if it has one, and its letters."""
    if await page.evaluate('() => "did_handshake" in window'):
        await page.wait_for_function('() => window.did_handshake === true')
    await page.evaluate('() => document.fonts.ready')
