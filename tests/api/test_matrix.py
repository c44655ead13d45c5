"""Who may do what over the API: every address of the route table, asked for by everybody in one school.

The table of who may is `ROUTES` in `tests/support/route_table.py`: a new address needs a row there, and the rows say
how.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.support.api_client import Asker, addresses
from tests.support.api_school import ABSENT
from tests.support.route_table import IN, MOUNTED, ROUTES
from tests.support.school_copies import Copies

pytestmark = pytest.mark.req('A2', 'A4', 'B1')

NEEDS_A_ROW = """
These addresses are not in the table of who may ask for them:
    {}
Add a row for each to ROUTES in tests/support/route_table.py, such as
    'PUT /courses/{{course_id}}': Row(WHO_TEACHES),
and what its ids stand for to tests/support/api_school.py, if that is not there yet. Never make a rule fit the answer:
read
in docs/ and in services/access.py who may, write that down, and see whether the address agrees."""


def test_every_address_has_a_row(one_application: FastAPI) -> None:
    there = addresses(one_application) - {f'MOUNT {path}' for path in MOUNTED}

    assert not (missing := there - ROUTES.keys()), NEEDS_A_ROW.format('\n    '.join(sorted(missing)))
    assert not (left := ROUTES.keys() - there), (
        f'These rows in tests/support/route_table.py have no address any longer: {left}'
    )


@pytest.mark.parametrize('copies', ['sqlite', 'postgresql'], indirect=True)
@pytest.mark.parametrize('route', ROUTES)
async def test_who_may_and_what_others_learn(one_application: FastAPI, copies: Copies, route: str) -> None:
    """Who is refused, what is hidden, and an id of somebody else, which change nothing; then those who may."""
    _, school = await copies.fresh()
    undone = Undone(Asker(application=one_application, school=school, route=route), copies)
    row = undone.asker.row
    refused = {who: await undone.ask(who) for who, status in row.who.items() if status != IN}

    await assert_that_what_is_hidden_looks_as_if_it_were_not_there(undone, refused)
    await assert_that_an_id_of_somebody_else_is_as_good_as_none(undone)
    answers = refused | {who: await undone.ask(who) for who, status in row.who.items() if status == IN}
    assert {who: outcome(undone.asker, answer) for who, answer in answers.items()} == row.who


async def assert_that_what_is_hidden_looks_as_if_it_were_not_there(
    undone: 'Undone', refused: Mapping[str, httpx.Response]
) -> None:
    for who in [who for who, status in undone.asker.row.who.items() if status == 404]:
        for name in undone.asker.ids()[:1]:
            absent = await undone.ask(who, **{name: ABSENT})

            assert looks(refused[who]) == looks(absent), who


async def assert_that_an_id_of_somebody_else_is_as_good_as_none(undone: 'Undone') -> None:
    row, elsewhere = undone.asker.row, undone.asker.school.elsewhere

    for who in [who for who in ('student', 'owner') if row.who[who] == IN]:
        for name in undone.asker.ids():
            foreign = await undone.ask(who, **{name: elsewhere[row.about.get(name, name)]})
            absent = await undone.ask(who, **{name: ABSENT})

            assert looks(foreign) == looks(absent), (who, name)
            assert foreign.status_code == row.absent.get(name, 404), (who, name, foreign.text)


@dataclass(slots=True)
class Undone:
    """Asks in a school in which no earlier question has changed anything."""

    asker: Asker
    copies: Copies
    was_changed: bool = False

    async def ask(self, who: str, **replaced: object) -> httpx.Response:
        if self.was_changed:
            await self.copies.fresh()
        answer = await self.asker.ask(who, **replaced)
        self.was_changed = answer.is_success and not self.asker.route.startswith('GET')
        return answer


def outcome(asker: Asker, answer: httpx.Response) -> int:
    """The status, or IN for what those who may are answered."""
    expected = asker.row.answer
    return IN if (answer.is_success and expected == IN) or answer.status_code == expected else answer.status_code


def looks(answer: httpx.Response) -> tuple[int, Mapping[str, Any]]:
    """What a program can see of an answer, but for the id of its own request."""
    return answer.status_code, (answer.json() or {}) | {'request_id': ''} if answer.content else {}
