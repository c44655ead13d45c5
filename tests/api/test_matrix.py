"""Who may do what over the API: every address of the route table, asked for by everybody in one school.

The table of who may is `ROUTES` in `tests/api/table.py`: a new address needs a row there, and the rows say how.
"""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.api.asking import Asker, addresses
from tests.api.copies import Copies
from tests.api.school import ABSENT
from tests.api.table import IN, MOUNTED, ROUTES

pytestmark = pytest.mark.req('A2', 'A4', 'B1')

NEEDS_A_ROW = """
These addresses are not in the table of who may ask for them:
    {}
Add a row for each to ROUTES in tests/api/table.py, such as
    'PUT /courses/{{course_id}}': Row(WHO_TEACHES),
and what its ids stand for to tests/api/school.py, if that is not there yet. Never make a rule fit the answer: read
in docs/ and in services/access.py who may, write that down, and see whether the address agrees."""


def test_every_address_has_a_row(one_application: FastAPI) -> None:
    there = addresses(one_application) - {f'MOUNT {path}' for path in MOUNTED}

    assert not (missing := there - ROUTES.keys()), NEEDS_A_ROW.format('\n    '.join(sorted(missing)))
    assert not (left := ROUTES.keys() - there), f'These rows in tests/api/table.py have no address any longer: {left}'


@pytest.mark.parametrize('route', ROUTES)
async def test_who_may(one_application: FastAPI, copies: Copies, route: str) -> None:
    asker, found = await an_asker(one_application, copies, route), {}

    for who in sorted(asker.row.who, key=lambda who: asker.row.who[who] == IN):  # who is refused changes nothing
        if found.get('was changed'):
            await copies.fresh()
        answer = await asker.ask(who)
        found[who] = outcome(asker, answer)
        found['was changed'] = answer.is_success and not route.startswith('GET')

    del found['was changed']
    assert found == asker.row.who


@pytest.mark.parametrize('route', [route for route, row in ROUTES.items() if '_id}' in route])
async def test_what_is_hidden_looks_as_if_it_were_not_there(
    one_application: FastAPI, copies: Copies, route: str
) -> None:
    asker = await an_asker(one_application, copies, route)
    (first, *_) = asker.ids()

    for who in (who for who, status in asker.row.who.items() if status == 404):
        hidden, absent = await asker.ask(who), await asker.ask(who, **{first: ABSENT})

        assert looks(hidden) == looks(absent), who


@pytest.mark.parametrize('copies', ['sqlite', 'postgresql'], indirect=True)
@pytest.mark.parametrize('route', ROUTES)
async def test_an_id_of_somebody_else_is_as_good_as_none(one_application: FastAPI, copies: Copies, route: str) -> None:
    asker = await an_asker(one_application, copies, route)

    for who in [who for who in ('student', 'owner') if asker.row.who[who] == IN]:
        for name in asker.ids():
            thing = asker.row.about.get(name, name)
            foreign = await asker.ask(who, **{name: asker.school.elsewhere[thing]})
            absent = await asker.ask(who, **{name: ABSENT})

            assert looks(foreign) == looks(absent), (who, name)
            assert foreign.status_code == asker.row.absent.get(name, 404), (who, name, foreign.text)


@pytest.mark.parametrize('copies', ['postgresql'], indirect=True)
@pytest.mark.parametrize('route', ROUTES)
async def test_who_may_on_the_other_database(one_application: FastAPI, copies: Copies, route: str) -> None:
    asker = await an_asker(one_application, copies, route)
    refused = [who for who in ('nobody', 'instructor elsewhere', 'guest') if asker.row.who[who] != IN]
    may = next(who for who, status in asker.row.who.items() if status == IN)

    found = {who: outcome(asker, await asker.ask(who)) for who in [*refused, may]}

    assert found == {who: asker.row.who[who] for who in found}


async def an_asker(application: FastAPI, copies: Copies, route: str) -> Asker:
    _, school = await copies.fresh()
    return Asker(application=application, school=school, route=route)


def outcome(asker: Asker, answer: httpx.Response) -> int:
    """The status, or IN for what those who may are answered."""
    expected = asker.row.answer
    return IN if (answer.is_success and expected == IN) or answer.status_code == expected else answer.status_code


def looks(answer: httpx.Response) -> tuple[int, Mapping[str, Any]]:
    """What a program can see of an answer, but for the id of its own request."""
    return answer.status_code, (answer.json() or {}) | {'request_id': ''} if answer.content else {}
