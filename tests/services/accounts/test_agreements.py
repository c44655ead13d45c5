"""Who agrees that a learner registers: asked where the school says from which age, and kept so that it can be shown."""

from datetime import UTC, datetime

import pytest
import time_machine

from models import Agreement, Role, User
from services.accounts import administration, agreements, guest_upgrade, registration
from services.accounts.registration import NewAccount
from services.accounts.sign_ins import Entered
from services.core import database
from services.core.database import Database
from services.core.errors import Invalid
from services.privacy import erasing
from settings import settings
from tests.factories.classes import a_course
from tests.factories.people import PASSWORD, a_guest, an_admin

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('V5')]

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def from_16_on(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A school where learners register by themselves from 16 on."""
    monkeypatch.setenv('AGE_OF_CONSENT', '16')
    settings.cache_clear()


@pytest.mark.both_databases
@pytest.mark.usefixtures('from_16_on')
@pytest.mark.parametrize('said', Agreement)
async def test_what_a_learner_says_is_kept_with_the_age_and_the_time_and_shown_to_admins(said: Agreement) -> None:
    with time_machine.travel(NOON, tick=False):
        learner = (await register(agreement=said)).actor

    assert await kept(learner.user_id) == (said, 16, NOON)
    shown = await database.read(administration.one, await an_admin(), user_id=learner.user_id)
    assert shown.agreement is said


@pytest.mark.usefixtures('from_16_on')
async def test_a_learner_who_says_nothing_does_not_register_and_can_try_again() -> None:
    with pytest.raises(Invalid, match='younger than 16') as refusal:
        await register()

    assert refusal.value.field == 'agreement'
    assert await register(agreement=Agreement.PARENTS), 'the address is not taken by the refused try'


@pytest.mark.usefixtures('from_16_on')
async def test_a_guest_is_asked_when_they_make_an_account_and_stays_a_guest_until_they_say() -> None:
    guest = await a_guest(code=(await a_course()).code)
    gus = {'name': 'Gus', 'email': 'gus@example.org', 'password': PASSWORD}

    with pytest.raises(Invalid, match='Choose who agrees'):
        await guest_upgrade.claim(NewAccount(**gus), guest)
    assert await kept(guest.user_id) == (None, None, None)
    assert await database.read(lambda tx: tx.session.get_one(User, guest.user_id).email) is None

    await guest_upgrade.claim(NewAccount(**gus, agreement=Agreement.PARENTS), guest)
    assert (await kept(guest.user_id))[:2] == (Agreement.PARENTS, 16)


@pytest.mark.usefixtures('from_16_on')
async def test_who_is_invited_to_teach_is_not_asked() -> None:
    token = await database.write(registration.invite_instructor, await an_admin())

    teacher = (await register(invitation=token, agreement=Agreement.SELF)).actor

    assert teacher.role is Role.INSTRUCTOR
    assert await kept(teacher.user_id) == (None, None, None)


async def test_where_nobody_is_asked_nothing_is_kept_whatever_a_program_says() -> None:
    assert agreements.age() is None
    assert await kept((await register(agreement=Agreement.SELF)).actor.user_id) == (None, None, None)


@pytest.mark.usefixtures('from_16_on')
async def test_it_goes_with_the_person() -> None:
    learner = (await register(agreement=Agreement.PARENTS)).actor

    await erasing.erase(await an_admin(), learner.user_id)

    assert await kept(learner.user_id) == (None, None, None)


@pytest.mark.parametrize(
    ('typed', 'read'),
    [('self', Agreement.SELF), ('parents', Agreement.PARENTS), ('', None), ('SELF', None), ('x', None)],
)
def test_a_form_says_one_of_two_things_or_nothing(typed: str, read: Agreement | None) -> None:
    assert agreements.read(typed) is read


async def register(*, agreement: Agreement | None = None, invitation: str = '') -> Entered:
    new = NewAccount(
        name='Nia Young', email='nia@example.org', password=PASSWORD, agreement=agreement, invitation=invitation
    )
    return await registration.register(new, device='Laptop')


async def kept(user_id: int) -> tuple[Agreement | None, int | None, datetime | None]:
    """Return what is kept of it with a person."""
    person = await database.read(lambda tx: tx.session.get_one(User, user_id))
    return person.agreement, person.agreement_age, person.agreement_at
