"""The second factor: set up, asked for, used once, guessed at, lost."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import orjson
import pyotp
import pytest
import time_machine
from sqlalchemy import select

from models import Activity, RecoveryCode, Role, SecondFactor, User, Verb, table
from services.access import Actor
from services.accounts import (
    administration,
    first_step,
    half_way,
    own_factor,
    registration,
    resets,
    second_step,
    sign_ins,
    tokens,
    way_back,
)
from services.accounts.half_way import HalfWay
from services.accounts.registration import NewAccount
from services.accounts.second_factor import Missing
from services.accounts.sign_ins import Entered
from services.core import database
from services.core.errors import (
    DomainError,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    NotSignedIn,
    Refused,
    TooManyAttempts,
)
from services.core.transaction import Transaction
from settings import settings
from tests.factories.people import PASSWORD, a_student, an_admin, an_instructor, another_device

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('A8')]

START = datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def insists(monkeypatch: pytest.MonkeyPatch) -> None:
    """The school insists on second factors."""
    config = settings().model_copy(update={'second_factor_required': True})
    for module in 'services.accounts.second_factor', 'services.accounts.own_factor':
        monkeypatch.setattr(f'{module}.settings', lambda: config)


async def test_setting_up_counts_once_a_code_is_confirmed(clock: time_machine.Traveller) -> None:
    ines = await an_instructor(email='ines@example.org')
    draft = await database.read(own_factor.draft, ines)
    app = pyotp.parse_uri(draft.address)
    assert isinstance(app, pyotp.TOTP)
    assert (app.name, app.secret) == ('ines@example.org', draft.secret)

    for code, password, refused in (('000000', PASSWORD, 'code'), (app.now(), 'wrong one', 'current_password')):
        with pytest.raises(Invalid) as refusal:
            await own_factor.add(ines, packed=draft.packed, code=code, current_password=password)
        assert refusal.value.field == refused
    assert (await sign_in()).actor.user_id == ines.user_id

    codes = await own_factor.add(ines, packed=draft.packed, code=app.now(), current_password=PASSWORD)

    own = await database.read(own_factor.own, ines)
    assert (own.since, own.codes_left, len(set(codes))) == (START, 10, 10)
    stored = str(await database.read(lambda tx: [tuple(row) for row in tx.execute(select(table(SecondFactor)))]))
    stored += str(await database.read(lambda tx: [tuple(row) for row in tx.execute(select(table(RecoveryCode)))]))
    assert not [secret for secret in (draft.secret, *codes) if secret in stored]
    with pytest.raises(Refused, match='already'):
        await own_factor.add(ines, packed=draft.packed, code=app.now(), current_password=PASSWORD)


async def test_the_password_alone_signs_nobody_in_any_more(clock: time_machine.Traveller) -> None:
    ines, app, _ = await with_factor()
    clock.shift(60)

    half = await half_in()

    assert half.missing is Missing.CODE
    assert len(await database.read(sign_ins.devices, ines)) == 1
    assert await database.read(sign_ins.resolve, half.ticket) is None
    with pytest.raises(NotSignedIn):
        tokens.read(half.ticket)
    entered = await finish(half, app.now())
    assert entered.actor.user_id == ines.user_id
    assert len(await database.read(sign_ins.devices, ines)) == 2


@pytest.mark.parametrize('wrong_by', [-30, 30])
async def test_a_clock_that_is_half_a_minute_off_is_no_hindrance(clock: time_machine.Traveller, wrong_by: int) -> None:
    _, app, _ = await with_factor()
    clock.shift(120)
    assert await finish(await half_in(), app.at(START + timedelta(seconds=120 + wrong_by)))


@pytest.mark.parametrize('wrong_by', [-60, 60])
async def test_a_code_of_another_minute_is_refused(clock: time_machine.Traveller, wrong_by: int) -> None:
    _, app, _ = await with_factor()
    clock.shift(120)
    with pytest.raises(Invalid):
        await finish(await half_in(), app.at(START + timedelta(seconds=120 + wrong_by)))


async def test_a_code_is_good_once_also_on_another_device_and_for_the_api(clock: time_machine.Traveller) -> None:
    _, app, _ = await with_factor()
    with pytest.raises(Invalid):  # the one that it was set up with
        await finish(await half_in(), app.now())
    clock.shift(60)
    seen = app.now()
    laptop, phone = await half_in(), await half_in()

    await finish(laptop, seen)

    for again in phone, laptop:
        with pytest.raises(Invalid, match='used already'):
            await finish(again, seen)
    with pytest.raises(Invalid):
        await api_sign_in(seen)
    with pytest.raises(Invalid):  # nor one that is older and was not used
        await finish(phone, app.at(START + timedelta(seconds=30)))


async def test_guessing_is_slowed_and_a_new_password_does_not_change_that(clock: time_machine.Traveller) -> None:
    ines, app, _ = await with_factor()
    half = await half_in()
    for _ in range(5):
        with pytest.raises(Invalid):
            await finish(half, '000000')
    clock.shift(1)
    with pytest.raises(TooManyAttempts):
        await finish(half, app.at(START + timedelta(seconds=30)))

    link = await database.write(lambda tx: resets.make(tx, tx.session.get_one(User, ines.user_id), by=None))
    with pytest.raises(HalfWay) as again:
        await resets.choose_password(link, 'an even better battery', device='Thief')
    with pytest.raises(TooManyAttempts):
        await finish(again.value, app.at(START + timedelta(seconds=30)))
    with pytest.raises(NotSignedIn, match='Sign in again'):  # the ticket of the old password
        await finish(half, app.at(START + timedelta(seconds=30)))

    clock.shift(3700)
    with pytest.raises(NotSignedIn, match='ten minutes'):
        await finish(again.value, app.now())


async def test_many_addresses_share_one_count_but_a_known_browser_has_its_own(clock: time_machine.Traveller) -> None:
    from services.accounts import known_devices

    ines, app, _ = await with_factor()
    half = await half_in()
    refusals = []
    for number in range(12):
        with pytest.raises((Invalid, TooManyAttempts)) as refusal:
            await finish(half, '000000', address=f'192.0.2.{number}')
        refusals.append(type(refusal.value))
    assert refusals == [Invalid] * 10 + [TooManyAttempts] * 2

    clock.shift(31)
    own_browser = known_devices.remember('', ines.user_id)
    assert await finish(half, app.at(START + timedelta(seconds=60)), known_device=own_browser)


async def test_each_recovery_code_is_good_once_and_new_ones_end_the_old(clock: time_machine.Traveller) -> None:
    ines, app, codes = await with_factor()
    spelled = f'{codes[0][:5].lower()} {codes[0][5:]}'

    await finish(await half_in(), spelled)

    with pytest.raises(Invalid):
        await finish(await half_in(), codes[0])
    assert (await database.read(own_factor.own, ines)).codes_left == 9
    clock.shift(60)
    fresh = await own_factor.renew_codes(ines, code=app.now())
    with pytest.raises(Invalid):
        await finish(await half_in(), codes[1])
    assert await api_sign_in(fresh[0])


async def test_the_codes_of_one_person_open_nothing_of_another(clock: time_machine.Traveller) -> None:
    _, _, codes = await with_factor()
    await with_factor(email='olaf@example.org', name='Olaf')
    with pytest.raises(Invalid):
        await finish(await half_in('olaf@example.org'), codes[0])
    draft = await database.read(own_factor.draft, await an_instructor(email='a@example.org'))
    other = await an_instructor(email='b@example.org')
    code = pyotp.TOTP(draft.secret).now()
    with pytest.raises(Gone):
        await own_factor.add(other, packed=draft.packed, code=code, current_password=PASSWORD)


async def test_the_api_takes_the_code_with_the_password(clock: time_machine.Traveller) -> None:
    ines, app, _ = await with_factor()
    clock.shift(60)
    with pytest.raises(Invalid, match='Send a code') as refusal:
        await api_sign_in('')
    assert refusal.value.field == 'code'
    with pytest.raises(Invalid):
        await api_sign_in('123')

    assert (await api_sign_in(app.now())).user_id == ines.user_id


async def test_removing_takes_a_code_and_learners_have_none() -> None:
    ines, _, codes = await with_factor()
    with pytest.raises(Invalid):
        await own_factor.remove(ines, code='000000')
    assert await own_factor.remove(ines, code=codes[0])
    assert (await sign_in()).actor.user_id == ines.user_id
    assert (await database.read(own_factor.own, ines)).removed is None
    with pytest.raises(Refused):
        await own_factor.renew_codes(ines, code=codes[1])
    with pytest.raises(Forbidden):
        await database.read(own_factor.draft, await a_student())


async def test_an_admin_resets_it_with_a_trace(clock: time_machine.Traveller) -> None:
    ines, _, _ = await with_factor()
    tablet = await another_device(of=ines)
    olga = await an_admin(name='Olga')
    with pytest.raises(NotFound):
        await database.write(administration.reset_second_factor, tablet, user_id=ines.user_id)
    with pytest.raises(Refused, match='account page'):
        await database.write(administration.reset_second_factor, olga, user_id=olga.user_id)
    assert (await database.read(administration.one, olga, user_id=ines.user_id)).has_second_factor

    await database.write(administration.reset_second_factor, olga, user_id=ines.user_id)

    with pytest.raises(NotSignedIn):
        await database.read(own_factor.own, tablet)
    back = await sign_in()
    removed = (await database.read(own_factor.own, back.actor)).removed
    assert removed is not None
    assert (removed.by, removed.at) == ('Olga', START)
    assert await log_of(ines) == [
        (Verb.SECOND_FACTOR_ADDED, None, {'by': 'owner'}),
        (Verb.SECOND_FACTOR_REMOVED, olga.user_id, {'by': 'admin'}),
    ]
    with pytest.raises(Refused, match='no second factor'):
        await database.write(administration.reset_second_factor, olga, user_id=ines.user_id)


async def test_a_command_on_the_server_is_the_way_back_in() -> None:
    await with_factor()

    link = await database.write(way_back.for_account, 'ines@example.org')

    entered = await resets.choose_password(link, 'an even better battery', device='Laptop')
    assert entered.actor.role is Role.ADMIN
    removed = (await database.read(own_factor.own, entered.actor)).removed
    assert removed is not None
    assert removed.by == ''


@pytest.mark.usefixtures('insists')
async def test_where_the_school_insists_nobody_who_teaches_comes_in_without(clock: time_machine.Traveller) -> None:
    ines = await an_instructor(email='ines@example.org')
    sami = await a_student(email='sami@example.org')
    assert await database.write(sign_ins.end_without_factor) == 1
    with pytest.raises(NotSignedIn):
        await database.read(own_factor.own, ines)
    assert await database.read(own_factor.own, sami)
    assert await sign_in('sami@example.org')
    with pytest.raises(Forbidden, match='browser'):
        await api_sign_in('')

    half = await half_in()
    assert half.missing is Missing.SET_UP
    step = await database.read(second_step.look, half.ticket)
    draft = second_step.draft(step)
    assert second_step.draft(step, draft.packed) == draft  # the page again, after a typing error
    for code, packed in (('000000', draft.packed), ('000000', '')):
        with pytest.raises(DomainError):
            await second_step.finish(half.ticket, code=code, draft=packed, device='Laptop')
    code = pyotp.TOTP(draft.secret).now()
    arrived = await second_step.finish(half.ticket, code=code, draft=draft.packed, device='Laptop')

    assert arrived.entered.actor.user_id == ines.user_id
    assert len(arrived.recovery_codes) == 10
    assert (await database.read(own_factor.own, arrived.entered.actor)).is_required
    assert not await own_factor.remove(arrived.entered.actor, code=arrived.recovery_codes[0])
    with pytest.raises(NotSignedIn):
        await database.read(own_factor.own, arrived.entered.actor)


@pytest.mark.usefixtures('insists')
async def test_somebody_who_registers_to_teach_sets_it_up_first() -> None:
    invitation = await database.write(registration.invite_instructor, await an_admin())
    new = NewAccount(name='Nora New', email='nora@example.org', password=PASSWORD, invitation=invitation)
    with pytest.raises(HalfWay) as half:
        await registration.register(new, device='Laptop')
    assert (await database.read(second_step.look, half.value.ticket)).account == 'nora@example.org'


@pytest.mark.parametrize('ticket', ['', 'nonsense', 'WzEsICJ4Il0.aaaa.bbbb'])
async def test_a_forged_ticket_leads_back_to_the_beginning(ticket: str) -> None:
    assert half_way.holder_of(ticket) is None
    with pytest.raises(NotSignedIn):
        await second_step.finish(ticket, code='000000', device='Laptop')


async def test_a_disabled_account_is_refused_before_the_second_step() -> None:
    ines, _, _ = await with_factor()
    half = await half_in()
    await database.write(administration.disable, await an_admin(), user_id=ines.user_id)
    with pytest.raises(Forbidden, match='switched off'):
        await sign_in()
    with pytest.raises(NotSignedIn):
        await database.read(second_step.look, half.ticket)


async def with_factor(email: str = 'ines@example.org', name: str = 'Ines') -> tuple[Actor, pyotp.TOTP, list[str]]:
    """Return an instructor with a second factor, their app and their recovery codes."""
    actor = await an_instructor(email=email, name=name)
    draft = await database.read(own_factor.draft, actor)
    app = pyotp.TOTP(draft.secret)
    return actor, app, await own_factor.add(actor, packed=draft.packed, code=app.now(), current_password=PASSWORD)


async def sign_in(email: str = 'ines@example.org') -> Entered:
    return await first_step.sign_in(email=email, password=PASSWORD, device='Laptop')


async def half_in(email: str = 'ines@example.org') -> HalfWay:
    with pytest.raises(HalfWay) as half:
        await sign_in(email)
    return half.value


async def finish(half: HalfWay, code: str, *, address: str = '', known_device: str = '') -> Entered:
    step = second_step.finish(half.ticket, code=code, device='Laptop', address=address, known_device=known_device)
    return (await step).entered


async def api_sign_in(code: str) -> tokens.Tokens:
    return await tokens.sign_in(email='ines@example.org', password=PASSWORD, device='curl', code=code)


async def log_of(actor: Actor) -> list[tuple[Verb, int | None, dict[str, object]]]:
    def find(tx: Transaction) -> list[tuple[Verb, int | None, dict[str, object]]]:
        rows = tx.execute(select(table(Activity)).where(table(Activity).c.user_id == actor.user_id))
        return [(row.verb, row.about_id, orjson.loads(row.details)) for row in rows if 'factor' in row.verb]

    return await database.read(find)
