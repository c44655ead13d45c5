"""`/register`: where the school asks, a learner and a guest say who agrees; a refused form keeps the rest."""

import pytest

from settings import settings
from tests.factories.classes import a_class
from tests.factories.people import PASSWORD, an_admin
from tests.support.visitor import hidden_fields, words
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('V5')

PAGE = '/register'


@pytest.fixture
async def from_14_on(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    """A school where learners register by themselves from 14 on; what it says comes after what `enter` brings."""
    monkeypatch.setenv('AGE_OF_CONSENT', '14')
    settings.cache_clear()


@pytest.mark.usefixtures('from_14_on')
@pytest.mark.parametrize('is_guest', [True, False])
async def test_a_learner_chooses_who_agrees_and_the_admin_reads_it(enter: Enter, is_guest: bool) -> None:
    klass = await a_class(learners=['Gus'])
    user = await enter(klass.learner if is_guest else None)
    page = words((await user.http_client.get(PAGE)).text)
    assert '<select name="agreement" required' in page
    assert 'My parents do: I am younger than 14' in page
    typed = {**hidden_fields(page, PAGE), 'name': 'Gus', 'email': 'gus@example.org', 'password': PASSWORD}

    refused = await user.http_client.post(PAGE, data=typed | {'agreement': ''}, follow_redirects=False)
    again = words((await user.http_client.get(refused.headers['location'])).text)
    assert 'Choose who agrees that you register.' in again
    assert 'value="gus@example.org"' in again

    taken = await user.http_client.post(PAGE, data=typed | {'agreement': 'parents'}, follow_redirects=False)
    assert taken.headers['location'] == '/?made=account'
    admin = await enter(await an_admin())
    await admin.open('/')
    await admin.should_see('parents have agreed')


@pytest.mark.usefixtures('from_14_on')
async def test_everybody_reads_what_is_asked(enter: Enter) -> None:
    user = await enter(None)
    await user.open('/privacy')
    await user.should_see('Learners who register say that they are 14 or older, or that their parents agree.')


async def test_nobody_is_asked_where_the_school_does_not(enter: Enter) -> None:
    user = await enter(None)
    assert 'agree' not in words((await user.http_client.get(PAGE)).text)
    await user.open('/privacy')
    await user.should_not_see('Learners who register say')
