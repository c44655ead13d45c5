"""A guest makes an account: the same person, with everything they did."""

import asyncio

import pytest

from models import User
from services.access import Actor
from services.accounts import guest_upgrade, profiles
from services.accounts.first_step import sign_in
from services.accounts.registration import NewAccount
from services.accounts.sign_ins import Entered, resolve
from services.core import database
from services.core.errors import DomainError, Forbidden, Invalid, NotSignedIn, Refused
from services.live import rooms
from services.people import joining
from settings import settings
from tests.factories.classes import a_class, a_course, assert_log_and_projections_agree, percent, tap
from tests.factories.people import PASSWORD, a_guest, an_account, another_device
from tests.support.eventually import eventually

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('A5')]


async def test_the_same_row_becomes_the_account_and_everything_stays() -> None:
    klass = await a_class(learners=['Gus'])
    await tap(klass, klass.checkpoints[0])

    entered = await claim(klass.learner, name='Gustav Guest')

    again = await sign_in(email='gus@example.org', password=PASSWORD, device='Laptop')
    assert again.actor.user_id == entered.actor.user_id == klass.learner.user_id
    assert not again.actor.is_guest
    assert await percent(klass, again.actor) == 33
    profile = await database.read(profiles.own, again.actor)
    assert (profile.name, profile.rejoin_code) == ('Gustav Guest', None)
    await assert_log_and_projections_agree()


async def test_the_class_goes_on_and_the_board_has_the_new_name() -> None:
    klass = await a_class(learners=['Gus'])
    room = await rooms.enter(klass.course_id)

    await claim(klass.learner, name='Gustav Guest')
    await tap(klass, klass.checkpoints[0])  # from the page that was open all the time

    row = room.board.learners[klass.learner.user_id]
    await eventually(lambda: row.name == 'Gustav Guest' and row.done == 1)


@pytest.mark.both_databases
async def test_the_token_is_a_new_one_and_other_devices_are_out() -> None:
    klass = await a_class(learners=())
    joined = await database.write(joining.join_as_guest, code=klass.code, name='Gus', device='Phone')
    assert joined.entered
    other = await another_device(of=joined.entered.actor)

    entered = await claim(joined.entered.actor)

    assert await database.read(resolve, joined.entered.token) is None
    assert await database.read(resolve, entered.token)
    with pytest.raises(NotSignedIn):
        await database.read(profiles.own, other)


async def test_of_two_devices_at_once_one_wins_and_the_other_is_told() -> None:
    guest = await a_guest(code=(await a_course()).code)
    tablet = await another_device(of=guest)

    outcomes = await asyncio.gather(
        claim(guest, email='one@example.org'), claim(tablet, email='two@example.org'), return_exceptions=True
    )

    (refusal,) = (outcome for outcome in outcomes if isinstance(outcome, BaseException))
    assert isinstance(refusal, NotSignedIn)
    assert 'another one, sign in with it' in str(refusal)
    assert sum(isinstance(outcome, Entered) for outcome in outcomes) == 1


async def test_a_second_time_from_the_same_device_changes_nothing() -> None:
    guest = await a_guest(code=(await a_course()).code)
    await claim(guest)

    with pytest.raises(Refused, match='have an account already'):
        await claim(guest, email='other@example.org')

    assert await stored_email(guest) == 'gus@example.org'


async def test_an_address_of_somebody_else_is_refused_and_the_guest_stays_a_guest() -> None:
    await an_account(email='sami@example.org')
    guest = await a_guest(code=(await a_course()).code)

    with pytest.raises(Invalid, match='already') as refusal:
        await claim(guest, email='Sami@Example.org')

    assert refusal.value.field == 'email'
    assert await stored_email(guest) is None


@pytest.mark.parametrize('policy', ['code', 'open'])
@pytest.mark.both_databases
async def test_who_has_joined_needs_no_code(policy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('STUDENT_REGISTRATION', policy)
    settings.cache_clear()

    assert await claim(await a_guest(code=(await a_course()).code))


async def test_where_students_are_invited_guests_stay_guests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('STUDENT_REGISTRATION', 'invitation')
    settings.cache_clear()

    with pytest.raises(Forbidden, match='invitation'):
        await claim(await a_guest(code=(await a_course()).code))


@pytest.mark.parametrize(('field', 'typed'), [('name', '...'), ('email', 'gus'), ('password', 'short')])
async def test_what_registering_refuses_is_refused_here(field: str, typed: str) -> None:
    guest = await a_guest(code=(await a_course()).code)

    with pytest.raises(DomainError) as refusal:
        await claim(guest, **{field: typed})

    assert refusal.value.field == field


async def claim(
    guest: Actor, *, name: str = 'Gus', email: str = 'gus@example.org', password: str = PASSWORD
) -> Entered:
    return await guest_upgrade.claim(NewAccount(name=name, email=email, password=password), guest)


async def stored_email(person: Actor) -> str | None:
    return await database.read(lambda tx: tx.session.get_one(User, person.user_id).email)
