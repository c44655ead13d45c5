"""A request is led to its address without being compared with all others."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from tests.support.route_table import ROUTES, UNDOCUMENTED

pytestmark = pytest.mark.req('B1', 'O8')

SHARED = 5
"""subjects whose addresses are written alike, such as those of a course"""
Led = Callable[[str, str], tuple[Match, set[str]]]


@pytest.fixture
def led(one_application: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Led:
    """Lead a request to its address; returns how well it fits, and the modules whose addresses it was compared with."""
    asked: set[str] = set()
    matches = APIRoute.matches

    def noted(self: APIRoute, scope: Scope) -> tuple[Match, Scope]:
        asked.add(self.endpoint.__module__)
        return matches(self, scope)

    def lead(method: str, path: str) -> tuple[Match, set[str]]:
        asked.clear()
        scope = {'type': 'http', 'method': method, 'path': f'/below/api{path}', 'root_path': '/below/api'}
        fits = [route.matches(scope)[0] for route in one_application.routes if not hasattr(route, 'path')]
        return max(fits, key=lambda match: match.value), set(asked)

    monkeypatch.setattr(APIRoute, 'matches', noted)
    return lead


def test_every_address_is_found_and_only_subjects_that_have_one_like_it_are_asked(led: Led) -> None:
    for route in sorted(ROUTES.keys() - UNDOCUMENTED):
        method, _, address = route.partition(' ')

        match, asked = led(method, address.replace('{', '').replace('}', ''))

        assert match == Match.FULL, route
        assert len(asked) <= SHARED, (route, asked)


def test_an_address_that_nobody_has_is_compared_with_none(led: Led) -> None:
    assert led('GET', '/nowhere/at/all') == (Match.NONE, set())
    assert led('GET', '/goalss') == (Match.NONE, set())


def test_another_method_is_still_told_from_an_address_that_is_not_there(led: Led) -> None:
    match, asked = led('PATCH', '/goals')

    assert match == Match.PARTIAL
    assert asked == {'api.routes.goals'}
