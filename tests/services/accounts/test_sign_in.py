"""Signing in and out: whose token it is, on which device, and for how long."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from models import Role, SignIn, Throttle, User, table
from services.access import Actor
from services.accounts import first_step, hashing, known_devices, sign_ins, throttle
from services.accounts.sign_ins import Entered
from services.core import database
from services.core.errors import Busy, NotSignedIn, TooManyAttempts, WrongPassword
from services.courses import course_cards
from tests.factories.people import PASSWORD, a_student, an_account, another_device, sign_out

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('A1', 'A3', 'A6')]


async def test_registering_signs_in_and_the_password_signs_in_again() -> None:
    first = await an_account(email='Sami@Example.org')

    again = await sign_in(email=' sami@example.ORG ')

    assert again.actor.user_id == first.actor.user_id
    assert again.actor.role is Role.STUDENT
    assert await holder(again.token) == again.actor


@pytest.mark.parametrize('email', ['sami@example.org', 'nobody@example.org', '', 'x' * 1000, 'nul\x00@example.org'])
async def test_a_wrong_password_and_an_unknown_address_look_the_same(email: str) -> None:
    await an_account(email='sami@example.org')

    with pytest.raises(WrongPassword, match='do not belong together'):
        await sign_in(email=email, password='wrong')


async def test_signing_in_ends_the_token_that_the_device_had_before() -> None:
    """Otherwise whoever had planted the first token would be signed in as well."""
    planted = await an_account(email='mallory@example.org')
    await an_account(email='sami@example.org')

    fresh = await sign_in(email='sami@example.org', replaces=planted.token)

    assert fresh.token != planted.token
    assert await holder(planted.token) is None
    with pytest.raises(NotSignedIn):
        await database.read(course_cards.joined, planted.actor)


async def test_signing_out_ends_this_device_only() -> None:
    laptop = await an_account()
    tablet = await another_device(of=laptop.actor)

    await sign_out(actor=laptop.actor)

    assert await holder(laptop.token) is None
    assert [device.name for device in await database.read(sign_ins.devices, tablet)] == ['Tablet']


async def test_one_device_signs_out_another_or_all() -> None:
    laptop = await an_account()
    tablet = await another_device(of=laptop.actor)
    phone = await another_device(of=laptop.actor)

    await database.write(sign_ins.sign_out, phone, tablet.sign_in_id)
    shown = await database.read(sign_ins.devices, phone)
    assert {device.sign_in_id: device.is_this for device in shown} == {
        laptop.actor.sign_in_id: False,
        phone.sign_in_id: True,
    }

    await database.write(sign_ins.sign_out_everywhere, phone)
    for gone in laptop.actor, tablet, phone:
        with pytest.raises(NotSignedIn):
            await database.read(sign_ins.devices, gone)


async def test_a_page_that_was_signed_out_does_not_wake_up_with_the_next_sign_in() -> None:
    """An SQLite table gives the id of its last row again once that is deleted, unless it is told not to."""
    left_open = await a_student()
    await sign_out(actor=left_open)

    await a_student(name='Next Person')

    with pytest.raises(NotSignedIn):
        await database.read(course_cards.joined, left_open)


async def test_a_sign_in_ends_after_a_month_without_use() -> None:
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False) as clock:
        entered = await an_account()
        clock.shift(sign_ins.LIFETIME - timedelta(seconds=1))
        assert await holder(entered.token)
        clock.shift(timedelta(seconds=1))

        assert await holder(entered.token) is None
        with pytest.raises(NotSignedIn):
            await database.read(sign_ins.devices, entered.actor)


async def test_a_sign_in_that_is_used_lasts() -> None:
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False) as clock:
        entered = await an_account()
        for _ in range(3):
            clock.shift(timedelta(days=20))
            found = await database.read(sign_ins.resolve, entered.token)
            assert found
            assert found[1], 'it is time to touch it'
            await database.write(sign_ins.touch, entered.actor)
        assert (await database.read(sign_ins.resolve, entered.token)) == (entered.actor, False)


async def test_after_five_wrong_guesses_each_one_doubles_the_wait_for_strangers() -> None:
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False) as clock:
        await an_account(email='sami@example.org')
        for _ in range(throttle.FREE_GUESSES):
            with pytest.raises(WrongPassword):
                await sign_in(password='wrong')
        with pytest.raises(TooManyAttempts, match='Try again in'):
            await sign_in()

        clock.shift(timedelta(seconds=2))
        with pytest.raises(WrongPassword):
            await sign_in(password='wrong')
        clock.shift(timedelta(seconds=3))
        with pytest.raises(TooManyAttempts):
            await sign_in()
        clock.shift(timedelta(seconds=1))

        assert await sign_in()
        for _ in range(throttle.FREE_GUESSES):
            with pytest.raises(WrongPassword):
                await sign_in(password='wrong')


async def test_guesses_made_at_once_all_count() -> None:
    await an_account(email='sami@example.org')

    outcomes = await asyncio.gather(*(outcome(sign_in(password=f'wrong {n}')) for n in range(20)))

    assert outcomes.count(WrongPassword) == throttle.FREE_GUESSES
    assert outcomes.count(TooManyAttempts) == 20 - throttle.FREE_GUESSES


async def test_what_a_stranger_guesses_keeps_the_owner_out_neither_on_a_known_device_nor_elsewhere() -> None:
    owner = await an_account(email='sami@example.org')
    laptop = known_devices.remember('', owner.actor.user_id)
    for _ in range(20):
        await outcome(sign_in(password='wrong', address='192.0.2.66'))

    assert await outcome(sign_in(address='192.0.2.66')) is TooManyAttempts
    assert await sign_in(address='192.0.2.66', known_device=laptop), 'also in the same school'
    assert await sign_in(address='192.0.2.7'), 'a new device at another address'


async def test_many_addresses_together_keep_strangers_out_and_no_known_device() -> None:
    owner = await an_account(email='sami@example.org')
    laptop = known_devices.remember('', owner.actor.user_id)
    for number in range(throttle.FREE_FROM_EVERYWHERE):
        assert await outcome(sign_in(password='wrong', address=f'192.0.2.{number}')) is WrongPassword

    assert await outcome(sign_in(address='198.51.100.1')) is TooManyAttempts
    assert await sign_in(address='198.51.100.1', known_device=laptop)


async def test_a_known_device_is_slowed_down_by_its_own_guesses() -> None:
    owner = await an_account(email='sami@example.org')
    laptop = known_devices.remember('', owner.actor.user_id)
    for _ in range(throttle.FREE_GUESSES):
        assert await outcome(sign_in(password='wrong', known_device=laptop)) is WrongPassword

    assert await outcome(sign_in(known_device=laptop)) is TooManyAttempts
    tablet = known_devices.remember('', owner.actor.user_id)
    assert await sign_in(known_device=tablet)


@pytest.mark.parametrize('cookie', ['', 'x', 'WyJhIixbMV1d.x.y', 'é' * 500])
async def test_a_device_that_others_have_signed_in_on_or_that_is_forged_is_not_known(cookie: str) -> None:
    await an_account(email='sami@example.org')
    other = await an_account(email='other@example.org')
    for device in cookie, known_devices.remember('', other.actor.user_id):
        assert known_devices.known(device, 1) is None


def test_a_device_knows_the_last_ten_people_and_keeps_its_name(data_dir: Path) -> None:
    cookie = ''
    for user_id in [*range(1, 13), 5]:
        cookie = known_devices.remember(cookie, user_id)

    assert {user_id for user_id in range(1, 20) if known_devices.known(cookie, user_id)} == {*range(3, 13)}
    assert len({known_devices.known(cookie, user_id) for user_id in range(3, 13)}) == 1


async def test_wrong_passwords_for_many_accounts_are_slowed_by_address_and_right_ones_cost_nothing() -> None:
    await an_account(email='sami@example.org')
    for _ in range(150):
        assert await sign_in(address='192.0.2.1')

    outcomes = [await outcome(sign_in(email=f'n{n}@example.org', address='192.0.2.66')) for n in range(130)]

    assert outcomes[:100] == [WrongPassword] * 100
    assert TooManyAttempts in outcomes[100:]
    assert await sign_in(address='192.0.2.1')


async def test_a_sign_in_that_the_server_was_too_busy_to_look_at_is_no_wrong_guess(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await an_account(email='sami@example.org')
    with monkeypatch.context() as busy:
        busy.setattr(hashing, 'MOST_OF_ONE_ADDRESS', 0)
        assert [await outcome(sign_in()) for _ in range(10)] == [Busy] * 10

    assert await sign_in()
    assert await database.read(lambda tx: tx.execute(select(table(Throttle))).all()) == []


async def test_old_counts_are_cleared_and_young_ones_are_kept() -> None:
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False) as clock:
        await outcome(sign_in(email='old@example.org'))
        clock.shift(throttle.FORGOTTEN_AFTER)
        await outcome(sign_in(email='young@example.org'))
        clock.shift(timedelta(seconds=1))

        assert await database.write(throttle.clear) == 2
        assert await database.write(throttle.clear) == 0
    assert len(await database.read(lambda tx: tx.execute(select(table(Throttle))).all())) == 2


async def test_guessing_at_one_account_does_not_lock_another() -> None:
    await an_account(email='other@example.org')
    for _ in range(10):
        await outcome(sign_in(email='sami@example.org', password='wrong'))

    assert await sign_in(email='other@example.org')


async def test_a_clock_that_is_set_back_locks_nobody_out_for_long() -> None:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False) as clock:
        await an_account(email='sami@example.org')
        for _ in range(10):
            await outcome(sign_in(password='wrong'))
        clock.shift(-timedelta(days=400))

        assert await sign_in()


async def test_wrong_guesses_are_forgotten_after_an_hour() -> None:
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False) as clock:
        await an_account(email='sami@example.org')
        for _ in range(throttle.FREE_GUESSES):
            await outcome(sign_in(password='wrong'))
        clock.shift(throttle.FORGOTTEN_AFTER + timedelta(seconds=1))
        for _ in range(throttle.FREE_GUESSES):
            assert await outcome(sign_in(password='wrong')) is WrongPassword


async def test_neither_tokens_nor_passwords_are_stored_or_journalled(server_log_lines: list[dict[str, object]]) -> None:
    entered = await an_account()
    await sign_in()

    stored = await database.read(lambda tx: str([tx.execute(select(table(model))).all() for model in (SignIn, User)]))

    for secret in entered.token, PASSWORD:
        assert secret not in stored
        assert secret not in str(server_log_lines)


async def sign_in(
    *,
    email: str = 'sami@example.org',
    password: str = PASSWORD,
    replaces: str = '',
    address: str = '',
    known_device: str = '',
) -> Entered:
    return await first_step.sign_in(
        email=email,
        password=password,
        device='Laptop',
        replaces=replaces or None,
        address=address,
        known_device=known_device,
    )


async def outcome(attempt: Awaitable[object]) -> type[object]:
    try:
        return type(await attempt)
    except Exception as error:  # noqa: BLE001
        return type(error)


async def holder(token: str) -> Actor | None:
    found = await database.read(sign_ins.resolve, token)
    return found[0] if found else None
