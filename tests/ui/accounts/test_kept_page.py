"""`/privacy`: everybody reads what is kept of people here, as it is declared."""

import pytest

from models.personal import TABLES
from settings import settings
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('V5')


async def test_everybody_reads_everything_that_is_declared_with_the_days_of_this_school(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('ANALYTICS_RETENTION_DAYS', '99')
    settings.cache_clear()
    user = await enter(None)

    await user.open('/privacy')

    await user.should_see('Waymark decides over these data.')
    for declared in TABLES.values():
        for kept in declared.personal:
            await user.should_see(kept.what)
    await user.should_see('How long: 99 days.')
    await user.should_not_see('ANALYTICS_RETENTION_DAYS')
    await user.should_not_see('Your data')
    await user.should_see('Nothing is sent to others')


async def test_where_a_record_store_is_sent_what_people_do_everybody_reads_of_it(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {'URL': 'https://lrs.example.org/xapi', 'KEY': 'key', 'SECRET': 'hush'}.items():
        monkeypatch.setenv(f'LRS_{name}', value)
    settings.cache_clear()
    user = await enter(None)

    await user.open('/privacy')

    await user.should_see('What you do in courses is sent to the record store lrs.example.org')
    await user.should_not_see('Nothing is sent to others')
