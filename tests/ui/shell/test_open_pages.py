"""Pages that are looked after: those of the server that runs, and of no other."""

from typing import Any, cast

import pytest

from ui.shell import open_pages

pytestmark = pytest.mark.req('A3')


async def test_a_server_that_starts_looks_after_no_page_of_the_one_before_it() -> None:
    """Their sign-ins would be looked up in another database."""
    open_pages._pages['of another server'] = cast(Any, None)

    open_pages.start().cancel()

    assert not open_pages._pages
