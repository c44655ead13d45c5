"""Everybody changes their own name, zone, e-mail address and password, and nobody anybody else's."""

import pytest

from services.access import Actor
from services.accounts import credentials, profiles, resets, sign_ins
from services.accounts.first_step import sign_in
from services.accounts.profiles import Profile
from services.core import database, hub
from services.core.errors import (
    DomainError,
    Gone,
    Invalid,
    NotSignedIn,
    Refused,
    TooManyAttempts,
    WrongPassword,
)
from services.core.events import Event, PersonNamed
from services.people import joining
from tests.factories.classes import a_course
from tests.factories.people import PASSWORD, a_guest, a_student, an_account, an_admin, another_device, sign_out

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('A9')]

NEW = 'an even better battery'


async def edit(actor: Actor | None, **changed: str) -> Profile:
    return await database.write(profiles.edit, actor, **{'name': 'Sami', 'time_zone': '', 'language': ''} | changed)


@pytest.mark.both_databases
async def test_everybody_changes_their_own_name_zone_and_language() -> None:
    course = await a_course()
    sami = (await an_account()).actor
    await database.write(joining.join, sami, code=course.code)
    told: list[Event] = []
    stop = hub.watch_everywhere(told.extend)

    profile = await edit(sami, name='  Sami   Ahmed ', time_zone='Asia/Tokyo', language='en')
    stop()

    assert (profile.name, profile.time_zone, profile.language) == ('Sami Ahmed', 'Asia/Tokyo', 'en')
    assert await database.read(profiles.own, sami) == profile
    assert PersonNamed(course_id=course.course_id, user_id=sami.user_id, name='Sami Ahmed') in told
    later = await another_device(of=sami)
    assert (later.name, later.time_zone, later.language) == ('Sami Ahmed', 'Asia/Tokyo', 'en')


async def test_what_cannot_be_a_profile_is_refused_and_changes_nothing() -> None:
    sami = (await an_account()).actor

    for field, wrong in ('name', ' '), ('time_zone', 'Mars'), ('language', 'x'):
        with pytest.raises(Invalid) as refusal:
            await edit(sami, **{'name': 'Other', field: wrong})
        assert refusal.value.field == field
    assert (await database.read(profiles.own, sami)).name == 'Sami'
    await sign_out(actor=sami)
    for gone in sami, None:
        with pytest.raises(NotSignedIn):
            await edit(gone)


async def test_a_guest_does_not_take_the_name_of_somebody_in_their_class() -> None:
    course, other = await a_course(), await a_course(title='Air')
    gus, _ = await a_guest(code=course.code), await a_guest(code=course.code, name='Lena')
    await a_guest(code=other.code, name='Otto')

    with pytest.raises(Invalid, match='surname'):
        await edit(gus, name='ｌｅｎａ')
    assert (await edit(gus, name='Otto')).name == 'Otto'
    assert (await edit(gus, name='Otto')).name == 'Otto'


async def test_an_address_is_changed_with_the_password() -> None:
    sami = (await an_account()).actor
    link = await database.write(resets.make_link_for, await an_admin(), email='sami@example.org')

    await credentials.change_email(sami, email=' New@Example.org ', current_password=PASSWORD)

    assert (await database.read(profiles.own, sami)).email == 'new@example.org'
    assert await sign_in(email='new@example.org', password=PASSWORD, device='Laptop')
    with pytest.raises(WrongPassword):
        await sign_in(email='sami@example.org', password=PASSWORD, device='Laptop')
    with pytest.raises(Gone):
        await resets.choose_password(link, NEW, device='Library')


async def test_an_address_of_somebody_else_is_refused() -> None:
    sami = (await an_account()).actor
    await a_student(email='taken@example.org')

    for email, sentence in [('taken@example.org', 'already'), ('sami', 'not an e-mail'), ('', 'not an e-mail')]:
        with pytest.raises(Invalid, match=sentence):
            await credentials.change_email(sami, email=email, current_password=PASSWORD)
    await credentials.change_email(sami, email='sami@example.org', current_password=PASSWORD)


@pytest.mark.parametrize('ends_others', [True, False])
async def test_a_password_is_changed_and_other_devices_signed_out_by_choice(ends_others: bool) -> None:
    sami = (await an_account()).actor
    tablet = await another_device(of=sami)

    await credentials.change_password(sami, new_password=NEW, current_password=PASSWORD, sign_out_others=ends_others)

    assert await sign_in(email='sami@example.org', password=NEW, device='Phone')
    with pytest.raises(WrongPassword):
        await sign_in(email='sami@example.org', password=PASSWORD, device='Phone')
    devices = {device.sign_in_id for device in await database.read(sign_ins.devices, sami)}
    assert sami.sign_in_id in devices
    assert (tablet.sign_in_id in devices) is not ends_others


async def test_without_the_password_of_now_nothing_changes() -> None:
    sami, gone = (await an_account()).actor, await another_device(of=(await an_account(email='x@example.org')).actor)
    await sign_out(actor=gone)
    course = await a_course()
    guest = await a_guest(code=course.code)
    denied: list[tuple[Actor | None, type[DomainError]]] = [
        (sami, Invalid),
        (guest, Refused),
        (gone, NotSignedIn),
        (None, NotSignedIn),
    ]

    for actor, error in denied:
        with pytest.raises(error):
            await credentials.change_email(actor, email='stolen@example.org', current_password='wrong')
        with pytest.raises(error):
            await credentials.change_password(actor, new_password=NEW, current_password='wrong')
    for hostile in ('short', 'x' * 73, 'password'):
        with pytest.raises(Invalid) as refusal:
            await credentials.change_password(sami, new_password=hostile, current_password=PASSWORD)
        assert refusal.value.field == 'new_password'
    assert await sign_in(email='sami@example.org', password=PASSWORD, device='Phone')


async def test_guessing_at_the_password_is_slowed_down() -> None:
    sami = (await an_account()).actor

    for _ in range(5):
        with pytest.raises(Invalid):
            await credentials.change_password(sami, new_password=NEW, current_password='a guess')
    with pytest.raises(TooManyAttempts):
        await credentials.change_password(sami, new_password=NEW, current_password=PASSWORD)


async def test_a_password_that_was_changed_meanwhile_is_not_changed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    sami = (await an_account()).actor
    link = await database.write(resets.make_link_for, await an_admin(), email='sami@example.org')
    hash_of = credentials.passwords.hash_of

    async def meanwhile(password: str) -> str:
        monkeypatch.undo()
        await resets.choose_password(link, 'chosen by the link', device='Library')
        return await hash_of(password)

    laptop = (await an_account(email='y@example.org')).actor
    monkeypatch.setattr(credentials.passwords, 'hash_of', meanwhile)
    with pytest.raises(NotSignedIn):
        await credentials.change_password(sami, new_password=NEW, current_password=PASSWORD)

    assert await sign_in(email='sami@example.org', password='chosen by the link', device='Phone')
    assert await database.read(profiles.own, laptop)
