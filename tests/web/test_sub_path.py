"""Waymark below a path of another address, behind a real nginx: whatever leads somewhere leads below the path."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from bench.protocol import Element, NotAPage, read_page
from bench.student import Student
from services.accounts import tokens
from services.core import database
from tests.factories.classes import ClassAtHand, a_class
from tests.factories.people import PASSWORD
from tests.support.eventually import PATIENCE, eventually
from tests.support.front import a_front
from tests.support.full_school import running_full_school
from tests.support.mail_box import MailBox, a_mail_box
from tests.support.running import Server, free_port, token_of
from tests.support.socket_listener import Listener
from tests.support.visitor import Visitor, words

pytestmark = [pytest.mark.req('O1')]

PATH = '/school/waymark'


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A server that is reached below a path, and the mails that it sends."""

    server: Server
    front: str
    """scheme and name, without the path"""
    box: MailBox

    @property
    def address(self) -> str:
        return self.front + PATH

    @asynccontextmanager
    async def visitor(self, token: str = '') -> AsyncIterator[Visitor]:
        visitor = Visitor(self.front, token=token)
        yield visitor
        await visitor.http.aclose()


@pytest.fixture
async def below(tmp_path: Path, data_dir: Path) -> AsyncIterator[Installation]:
    port = free_port()
    front = f'http://127.0.0.1:{port}'
    async with a_mail_box() as box:
        server = Server(tmp_path / 'school', PUBLIC_URL=f'{front}{PATH}/', **box.settings)
        server.start()
        try:
            with a_front('nginx', server.port, free_port(), port=port, below=PATH):
                async with server.at_hand():
                    yield Installation(server=server, front=front, box=box)
        finally:
            server.stop()


async def test_people_programs_and_mails_find_a_class_below_a_path(below: Installation) -> None:
    """One server for all of it, as each takes seconds to start."""
    klass = await a_class(checkpoints=2)
    await the_poster_leads_below(below, klass)
    await a_stranger_joins_by_that_address_and_taps(below, klass)
    await programs_are_answered(below, klass)
    await forms_cookies_and_mails_stay_below(below)

    async with httpx.AsyncClient(timeout=PATIENCE) as http:
        outside = await http.get(f'{below.front}/sign-in')
        itself = await http.get(f'{below.server.origin}/ready')
    assert (outside.status_code, itself.status_code) == (404, 200), 'a proxy looks at the process itself'


async def the_poster_leads_below(below: Installation, klass: ClassAtHand) -> None:
    async with below.visitor(await token_of(klass.teacher)) as teacher:
        page = await teacher.opens(f'{PATH}/courses/{klass.course_id}')
    assert f'{below.address}/j/{klass.code}' in words(page.text)


async def a_stranger_joins_by_that_address_and_taps(below: Installation, klass: ClassAtHand) -> None:
    lena = Student('Lena Low', below.address)
    await lena.join(klass.code)
    await lena.load()
    await lena.connect()
    await eventually(lambda: lena.ready)
    tap = await lena.tap()
    await eventually(lambda: tap.answered)
    await lena.close()


async def programs_are_answered(below: Installation, klass: ClassAtHand) -> None:
    entered = await database.write(tokens.enter, klass.learner.user_id, 'A tablet')
    async with httpx.AsyncClient(base_url=f'{below.address}/api', timeout=PATIENCE) as http:
        document = (await http.get('/openapi.json')).json()
        own = await http.get(
            f'{below.front}{document["servers"][0]["url"]}/courses',
            headers={'Authorization': f'Bearer {entered.access_token}'},
        )
    program = Listener(below.address, entered.access_token)
    await program.connect()
    await program.join(klass.course_id)
    receipt = await program.call('checkpoint_completed', {'checkpoint_id': klass.checkpoints[1], 'tap_id': uuid4().hex})
    await program.close()
    assert own.status_code == 200, own.text
    assert receipt['ok'], receipt


async def forms_cookies_and_mails_stay_below(below: Installation) -> None:
    email = f'{uuid4().hex}@example.org'
    async with below.visitor() as sami:
        home = await sami.fills_in(
            f'{PATH}/register', form=f'{PATH}/register', name='Sami', email=email, password=PASSWORD
        )
        assert str(home.url) == f'{below.address}/?made=account'
        assert {cookie.path for cookie in sami.http.cookies.jar} == {PATH}
        await eventually(lambda: below.box.received)
        assert below.box.link().startswith(f'{below.address}/confirm?link=')
        assert 'Yes, confirm it' in (await sami.opens(below.box.link())).text
    async with below.visitor() as sami:
        refused = await sami.sends(f'{PATH}/sign-in', form=f'{PATH}/sign-in', email=email, password='wrong')
        assert refused.headers['location'].startswith(f'{PATH}/sign-in?next=%2F&problem=')
        asked = await sami.opens(f'{PATH}/account')
        assert (str(asked.url), asked.status_code) == (f'{below.address}/sign-in?next=/account', 200)
        own = await sami.fills_in(
            f'{PATH}/sign-in', form=f'{PATH}/sign-in', email=email, password=PASSWORD, next='/account'
        )
        assert str(own.url) == f'{below.address}/account'
        bare = await sami.opens(PATH)
        assert (str(bare.url), bare.status_code) == (f'{below.address}/', 200)


async def test_every_address_of_every_page_leads_below_the_path(tmp_path: Path, data_dir: Path) -> None:
    """Links of NiceGUI's own components are led below by the browser; all else has to be when it is sent."""
    astray: dict[str, list[str]] = {}
    found: set[str] = set()
    async with running_full_school(tmp_path / 'school', PUBLIC_URL=f'https://example.org{PATH}') as school:
        for who in ('nobody', *school.of.people):
            visitor = Visitor(school.server.origin, token=await school.token(who))
            for address in school.addresses(who):
                page = await visitor.opens(PATH + address)
                on_page = set(addresses_in(page.text))
                found |= on_page
                if outside := sorted(each for each in on_page if not each.startswith(f'{PATH}/')):
                    astray[f'{who} at {address}'] = outside
            await visitor.http.aclose()
        async with httpx.AsyncClient(base_url=school.server.origin, timeout=PATIENCE) as http:
            look = [each for each in found if each.startswith((f'{PATH}/look/', f'{PATH}/app.', f'{PATH}/_nicegui/'))]
            broken = [each for each in look if (await http.get(each)).status_code != 200]

    assert astray == {}
    assert len(found) > 100
    assert len(look) > 10
    assert broken == []


def addresses_in(page: str) -> Iterator[str]:
    """Return the addresses of this server in the HTML of a page and in what its elements show."""
    yield from _in_html(re.sub(r'(?s)String\.raw`.*?`', '', page))
    try:
        elements = read_page(page)[1].values()
    except NotAPage:
        return
    for element in elements:
        yield from _in_element(element)


def _in_element(element: Element) -> Iterator[str]:
    props = element.get('props', {})
    if 'innerHTML' in props:
        yield from _in_html(str(props['innerHTML']))
    if not element['tag'].startswith('nicegui-'):
        for name in 'href', 'src', 'action', 'url', 'poster', 'to':
            if str(props.get(name, '')).startswith('/'):
                yield str(props[name])
        yield from re.findall(r'(?:^|, )(/\S+)', str(props.get('srcset', '')))


def _in_html(html: str) -> list[str]:
    return [
        address
        for tag in re.findall(r'<[a-z][^<>]*>', html)
        for address in re.findall(r'\s(?:href|src|action|poster|data-[\w-]+)="(/[^"]*)"', tag)
    ]
