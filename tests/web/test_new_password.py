"""Choosing a new password by a link that somebody handed over."""

import pytest

from services.accounts import resets
from services.core import database
from tests.factories.people import an_account, an_admin
from tests.support.running import Server
from tests.support.visitor import Visitor, words

pytestmark = [pytest.mark.req('A6')]


async def test_a_link_is_used_once(server: Server, visitor: Visitor) -> None:
    link = await a_link('forgets@example.org')
    form = f'/new-password?link={link}'
    assert 'forgets@example.org' in (await visitor.opens(form)).text

    refused = await visitor.fills_in('/new-password', form=form, password='short')
    assert refused.status_code == 422
    assert 'at least 8' in refused.text
    answer = await visitor.sends('/new-password', form=form, password='a better password')

    assert answer.headers['location'] == '/'
    assert await visitor.is_signed_in()
    used = await visitor.opens(form)
    assert used.status_code == 410
    assert 'used already' in used.text


@pytest.mark.parametrize('path', ['/new-password', '/new-password?link=made-up', '/new-password?link=%00'])
async def test_what_is_no_link_is_one_sentence(server: Server, visitor: Visitor, path: str) -> None:
    page = await visitor.opens(path)

    assert page.status_code == 404
    assert 'This link leads nowhere' in page.text


async def test_a_link_that_ended_while_the_form_was_open_says_so(server: Server, visitor: Visitor) -> None:
    link = await a_link('late@example.org')
    form = await visitor.opens(f'/new-password?link={link}')
    await resets.choose_password(link, 'a better password', device='Elsewhere')

    answer = await visitor.fills(form, '/new-password', password='another password')

    page = await visitor.opens(answer.headers['location'])
    assert page.status_code == 410
    assert not await visitor.is_signed_in()


async def test_the_sign_in_page_says_where_links_come_from(server: Server, visitor: Visitor) -> None:
    assert 'Ask your school for a link' in words((await visitor.opens('/sign-in')).text)


async def a_link(email: str) -> str:
    await an_account(email=email)
    return await database.write(resets.make_link_for, await an_admin(), email=email)


async def test_what_is_typed_can_be_shown_without_a_connection(server: Server, visitor: Visitor) -> None:
    link = await a_link('shows@example.org')
    form = f'/new-password?link={link}'
    hidden = (await visitor.opens(form)).text
    shown = (await visitor.opens(f'{form}&show=yes')).text

    assert 'name="password" type="password"' in hidden
    assert f'{form}&amp;show=yes">Show what I type' in hidden
    assert 'name="password" type="text" dir="auto" required autocomplete="new-password"' in shown
    assert f'{form}">Hide what I type' in shown
    answer = await visitor.sends('/new-password', form=f'{form}&show=yes', password='a better password')
    assert answer.headers['location'] == '/'
