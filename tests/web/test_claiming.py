"""A guest makes an account through the form."""

from collections.abc import Callable

import pytest

from tests.factories.classes import a_class
from tests.factories.people import PASSWORD, an_account, another_device
from tests.support.running import Server, token_of
from tests.support.visitor import Visitor, words

pytestmark = [pytest.mark.req('A5')]

Visitors = Callable[..., Visitor]


async def test_from_the_class_to_an_account_and_back(server: Server, a_visitor: Visitors) -> None:
    klass = await a_class(learners=['Gus'])
    gus = a_visitor(token=await token_of(klass.learner))
    before = gus.token
    form = f'/register?next=/class/{klass.course_id}'
    assert form in words((await gus.opens(f'/class/{klass.course_id}')).text)
    assert 'value="Gus"' in words((await gus.opens(form)).text)

    answer = await gus.sends('/register', form=form, name='Gus', email='gus@example.org', password=PASSWORD)

    assert answer.headers['location'] == f'/class/{klass.course_id}?made=account'
    assert gus.token != before
    assert 'gus@example.org' in (await gus.opens('/account')).text
    assert 'Keep this' not in (await gus.opens('/')).text


async def test_a_second_device_is_told_where_the_account_is(server: Server, a_visitor: Visitors) -> None:
    klass = await a_class(learners=['Gus'])
    phone = a_visitor(token=await token_of(klass.learner))
    tablet = a_visitor(token=await token_of(await another_device(of=klass.learner)))
    forms = {device: await device.opens('/register') for device in (phone, tablet)}

    for device, email in ((phone, 'phone@example.org'), (tablet, 'tablet@example.org')):
        answer = await device.fills(forms[device], '/register', name='Gus', email=email, password=PASSWORD)

    page = await tablet.opens(answer.headers['location'])
    assert page.status_code == 401
    assert 'made your account on another one, sign in with it' in words(page.text)
    led = await tablet.opens(f'/class/{klass.course_id}')
    assert led.url.path == '/sign-in'
    assert 'This device is signed out.' in words(led.text)
    assert 'This device is signed out.' not in words((await a_visitor().opens('/sign-in')).text)


async def test_who_signs_in_on_the_device_of_a_guest_keeps_their_work_if_it_is_theirs(
    server: Server, a_visitor: Visitors
) -> None:
    klass = await a_class(learners=['Mine', 'Not mine'])
    for learner, keep in zip(klass.learners, ('yes', 'no'), strict=True):
        await an_account(email=f'{keep}@example.org')
        device = a_visitor(token=await token_of(learner))
        assert 'keep it in my account' in words((await device.opens('/sign-in')).text)

        await device.fills_in('/sign-in', email=f'{keep}@example.org', password=PASSWORD, keep=keep)

        assert f'{keep}@example.org' in (await device.opens('/account')).text
        page = await device.http.get(f'/class/{klass.course_id}')
        assert page.status_code == (200 if keep == 'yes' else 404)
