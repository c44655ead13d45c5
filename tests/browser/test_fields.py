"""Fields as they look: what was chosen is not cut at its descenders, and a label stands in the middle of its field."""

import pytest

from tests.factories.classes import a_class
from tests.support.browser_people import People
from tests.support.full_school import is_drawn
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.browser, pytest.mark.req('O5'), pytest.mark.asyncio(loop_scope='session')]

CUT = """
() => [...document.querySelectorAll('.q-select .q-field__native > span')]
  .filter((chosen) => chosen.scrollHeight > chosen.clientHeight).map((chosen) => chosen.textContent)
"""
OFF_CENTRE = """
() => [...document.querySelectorAll('.q-field--dense:not(.q-field--float) .q-field__label')]
  .map((label) => [label.textContent, label.getBoundingClientRect(),
                   label.closest('.q-field__control').getBoundingClientRect()])
  .filter(([text, label, field]) => Math.abs(label.top - field.top - (field.bottom - label.bottom)) > 3)
  .map(([text]) => text)
"""


async def test_what_is_chosen_is_not_cut_and_labels_are_in_the_middle(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class()
        token = await token_of(klass.teacher)
    page = await people.page(token=token)
    for end in ('live', 'exports'):
        await page.goto(f'/courses/{klass.course_id}/{end}')
        await is_drawn(page)
        await page.locator('.q-select').first.wait_for()

        assert await page.evaluate(CUT) == [], end
        assert await page.evaluate(OFF_CENTRE) == [], end
