"""Whose an address is: confirming it, losing it to its owner, and what only a confirmed one is good for."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from sqlalchemy import Engine, event

from services.access import Actor
from services.accounts import (
    addresses,
    administration,
    credentials,
    guest_upgrade,
    profiles,
    resets,
    school_settings,
)
from services.accounts.first_step import sign_in
from services.accounts.guessing import Origin
from services.accounts.registration import NewAccount, register
from services.core import clock, database, languages
from services.core.errors import (
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    NotSignedIn,
    Refused,
    TooManyAttempts,
    WrongPassword,
)
from services.people import joining
from settings import settings
from tests.factories.classes import a_course
from tests.factories.mails import PUBLIC_URL, mails_go_to, send_due
from tests.factories.people import PASSWORD, a_guest, an_account, an_admin
from tests.support.mail_box import MailBox, a_mail_box

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('A9')]

SAMI = 'sami@example.org'
NEW = 'an even better battery'


@pytest.fixture
async def box(data_dir: object, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailBox]:
    async with a_mail_box() as box:
        mails_go_to(box, monkeypatch)
        yield box


def link_in(box: MailBox) -> str:
    assert box.link().startswith(PUBLIC_URL)
    return parse_qs(urlsplit(box.link()).query)['link'][0]


async def a_confirmed_account(box: MailBox, email: str = SAMI) -> Actor:
    actor = (await an_account(email=email)).actor
    await send_due()
    await database.write(addresses.confirm, actor, link=link_in(box))
    return actor


async def is_confirmed(actor: Actor) -> bool:
    return (await database.read(profiles.own, actor)).is_confirmed


@pytest.mark.both_databases
async def test_a_new_account_works_and_its_address_counts_once_the_link_is_followed(box: MailBox) -> None:
    sami = (await an_account(email=SAMI)).actor
    assert not await is_confirmed(sami)

    await send_due()
    assert box.recipients == [SAMI]
    assert (await database.read(addresses.claimed, link_in(box))).email == SAMI
    assert not await is_confirmed(sami), 'looking changes nothing'
    await database.write(addresses.confirm, sami, link=link_in(box))

    assert await is_confirmed(sami)
    await database.write(addresses.confirm, sami, link=link_in(box))
    assert await send_due() == 0


async def test_the_mail_carries_nothing_that_a_stranger_has_typed(box: MailBox) -> None:
    await an_account(email=SAMI, name='Win a prize at evil.example')

    await send_due()

    assert 'evil' not in str(box.received[0])


async def test_a_guest_who_makes_an_account_is_asked_too(box: MailBox) -> None:
    course = await a_course()
    guest = await a_guest(code=course.code)

    await guest_upgrade.claim(NewAccount(name='Gus', email='gus@example.org', password=PASSWORD), guest)
    await send_due()

    assert box.recipients == ['gus@example.org']


async def test_nobody_else_confirms_with_the_link_not_even_who_reads_the_mails(box: MailBox) -> None:
    squatter = (await an_account(email='victim@example.org')).actor
    await send_due()
    link = link_in(box)
    other = (await an_account(email='other@example.org')).actor

    for person, refusal in ((None, NotSignedIn), (other, Forbidden)):
        with pytest.raises(refusal):
            await database.write(addresses.confirm, person, link=link)
    assert not await is_confirmed(squatter)


@pytest.mark.both_databases
async def test_the_owner_of_an_address_takes_it_away_from_a_stranger_and_registers(box: MailBox) -> None:
    squatter = (await an_account(email='victim@example.org')).actor
    await send_due()
    link = link_in(box)

    await database.write(addresses.disown, link=link)

    assert (await database.read(profiles.own, squatter)).email is None
    with pytest.raises(WrongPassword):
        await sign_in(email='victim@example.org', password=PASSWORD, device='Elsewhere')
    for verb in addresses.disown, addresses.claimed:
        with pytest.raises(Gone):
            await database.write(verb, link=link)  # type: ignore[arg-type]
    victim = await register(NewAccount(name='Vic', email='victim@example.org', password=NEW), device='Phone')
    assert victim.actor.user_id != squatter.user_id
    await credentials.change_email(squatter, email='own@example.org', current_password=PASSWORD)
    assert await sign_in(email='own@example.org', password=PASSWORD, device='Elsewhere')


async def test_an_account_without_an_address_is_no_guest(box: MailBox) -> None:
    course = await a_course()
    sami = (await an_account(email=SAMI)).actor
    await send_due()
    await database.write(addresses.disown, link=link_in(box))
    await database.write(joining.join, sami, code=course.code)

    with pytest.raises(Forbidden):
        await database.write(resets.make_link, course.teacher, user_id=sami.user_id)
    link = await database.write(resets.make_link, await an_admin(), user_id=sami.user_id)
    with pytest.raises(Refused, match='Choose a new password'):
        await database.write(resets.come_back, link, device='Phone')
    assert (await resets.choose_password(link, NEW, device='Phone')).actor.user_id == sami.user_id


async def test_a_confirmed_address_is_not_taken_away_by_an_old_link(box: MailBox) -> None:
    sami = await a_confirmed_account(box)

    with pytest.raises(Refused, match='confirmed already'):
        await database.write(addresses.disown, link=link_in(box))
    assert await is_confirmed(sami)


@pytest.mark.both_databases
async def test_a_changed_address_has_to_be_confirmed_and_the_old_one_is_informed(box: MailBox) -> None:
    sami = await a_confirmed_account(box)
    old_link = link_in(box)

    await credentials.change_email(sami, email='new@example.org', current_password=PASSWORD)
    await send_due()

    assert not await is_confirmed(sami)
    told = dict(zip(box.recipients[1:], box.received[1:], strict=True))
    assert told[SAMI]['Subject'] == 'Your account has another e-mail address now'
    assert 'new@' not in str(told[SAMI])
    assert told['new@example.org']['Subject'] == 'Confirm your e-mail address'
    with pytest.raises(Gone):
        await database.write(addresses.confirm, sami, link=old_link)


async def test_the_same_address_stays_confirmed(box: MailBox) -> None:
    sami = await a_confirmed_account(box)

    await credentials.change_email(sami, email=SAMI, current_password=PASSWORD)

    assert await is_confirmed(sami)
    assert await send_due() == 0


async def test_a_link_lasts_for_a_week_and_a_made_up_one_leads_nowhere(box: MailBox) -> None:
    now = clock.now()
    with time_machine.travel(now, tick=False) as travelling:
        sami = (await an_account(email=SAMI)).actor
        await send_due()
        travelling.move_to(now + addresses.LIFETIME + timedelta(seconds=1))
        with pytest.raises(Gone, match='too old'):
            await database.write(addresses.confirm, sami, link=link_in(box))
    for link in '', 'made-up', 'WzEsIngiXQ.x.y', '\x00':
        with pytest.raises(NotFound):
            await database.read(addresses.claimed, link)


async def test_the_mail_is_sent_again_but_not_without_end(box: MailBox) -> None:
    sami = (await an_account(email=SAMI)).actor
    await send_due()

    for _ in range(addresses.FREE_MAILS):
        await addresses.ask_again(sami)
        await send_due()
    with pytest.raises(TooManyAttempts, match='Several mails'):
        await addresses.ask_again(sami)

    assert len(box.received) == 1 + addresses.FREE_MAILS


async def test_many_accounts_from_one_place_cause_no_flood_of_mails(
    box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses.confirmations_from, 'at_once', 2)
    monkeypatch.setattr(addresses.confirmations_from, 'per_second', 1e-9)
    for number in range(4):
        new = NewAccount(name='Eve', email=f'victim{number}@example.org', password=PASSWORD)
        assert await register(new, device='Bot', address='203.0.113.9')

    assert await send_due() == 2


async def test_where_no_mails_are_sent_nothing_has_to_be_confirmed() -> None:
    sami = (await an_account(email=SAMI)).actor

    with pytest.raises(Refused, match='No mails are sent here'):
        await addresses.ask_again(sami)
    with pytest.raises(Refused, match='Ask your school for a link'):
        await resets.ask(email=SAMI, origin=Origin())


@pytest.mark.req('A6')
@pytest.mark.both_databases
async def test_a_forgotten_password_is_replaced_by_a_mailed_link_once(
    box: MailBox, server_log_lines: list[dict[str, object]]
) -> None:
    sami = await a_confirmed_account(box)

    await resets.ask(email=' SAMI@example.org ', origin=Origin())
    assert await send_due() == 1
    link = link_in(box)
    entered = await resets.choose_password(link, NEW, device='Library')

    assert entered.actor.user_id == sami.user_id
    with pytest.raises(Gone):
        await resets.choose_password(link, NEW, device='Library')
    assert await sign_in(email=SAMI, password=NEW, device='Phone')
    said = str(server_log_lines)
    assert 'password reset asked' in said
    assert link not in said
    assert SAMI not in said


@pytest.mark.req('A6')
async def test_a_mailed_link_ends_when_the_password_changes_or_a_newer_one_is_mailed(box: MailBox) -> None:
    sami = await a_confirmed_account(box)
    await resets.ask(email=SAMI, origin=Origin())
    await send_due()
    first = link_in(box)
    await resets.ask(email=SAMI, origin=Origin())
    await send_due()
    second = link_in(box)
    with pytest.raises(Gone):
        await database.read(resets.holder, first)

    await credentials.change_password(sami, new_password=NEW, current_password=PASSWORD)

    with pytest.raises(Gone):
        await resets.choose_password(second, 'one more password', device='Library')


@pytest.mark.req('A6')
async def test_no_link_goes_to_an_address_that_is_unknown_unconfirmed_or_switched_off(box: MailBox) -> None:
    await an_account(email='unconfirmed@example.org')
    off = await a_confirmed_account(box, 'off@example.org')
    await database.write(administration.disable, await an_admin(), user_id=off.user_id)
    await send_due()
    before = len(box.received)

    for email in 'nobody@example.org', 'unconfirmed@example.org', 'off@example.org':
        await resets.ask(email=email, origin=Origin())

    assert await send_due() == 0
    assert len(box.received) == before


@pytest.mark.req('A6')
@pytest.mark.both_databases
async def test_asking_writes_the_same_for_every_address_and_is_slowed_for_every_address(box: MailBox) -> None:
    await a_confirmed_account(box)
    written: list[list[str]] = []
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(Engine, 'before_cursor_execute', note)
    try:
        for email in SAMI, 'nobody@example.org':
            statements.clear()
            await resets.ask(email=email, origin=Origin())
            written.append(list(statements))
    finally:
        event.remove(Engine, 'before_cursor_execute', note)
    assert written[0] == written[1]
    assert len(written[0]) > 3

    for email in SAMI, 'nobody@example.org':
        for _ in range(addresses.FREE_MAILS - 1):
            await resets.ask(email=email, origin=Origin())
        with pytest.raises(TooManyAttempts, match='Several mails were asked for already'):
            await resets.ask(email=email, origin=Origin())


@pytest.mark.req('A6')
async def test_one_browser_and_one_network_ask_for_so_many_and_no_more(
    box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(resets.MAILS_OF_BROWSER):
        await resets.ask(email=f'a{number}@example.org', origin=Origin(browser='one'))
    with pytest.raises(TooManyAttempts):
        await resets.ask(email='b@example.org', origin=Origin(browser='one'))
    await resets.ask(email='b@example.org', origin=Origin(browser='another'))

    monkeypatch.setattr(addresses.resets_from, 'per_second', 1e-9)
    addresses.resets_from.clear()
    for number in range(addresses.resets_from.at_once):
        await resets.ask(email=f'c{number}@example.org', origin=Origin(address='203.0.113.9'))
    with pytest.raises(TooManyAttempts, match='from your network'):
        await resets.ask(email='d@example.org', origin=Origin(address='203.0.113.9'))


@pytest.mark.req('A6')
@pytest.mark.parametrize(
    'typed', ['', 'sami', 'a@example.org\r\nBcc: b@example.org', 'a@example.org, b@example.org', 'x' * 300 + '@a.org']
)
async def test_what_is_no_address_is_refused_before_anything_is_written(box: MailBox, typed: str) -> None:
    with pytest.raises(Invalid):
        await resets.ask(email=typed, origin=Origin())

    assert await send_due() == 0


async def test_links_lead_to_the_address_of_the_school_alone(box: MailBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('PUBLIC_URL', '')
    settings.cache_clear()
    admin = await an_admin()
    await school_settings.edit(admin, name='', time_zone='', language='', public_url='https://school.example.org/')
    await an_account(email=SAMI)

    await send_due()

    assert box.link().startswith('https://school.example.org/confirm?link=')


@pytest.mark.req('A6')
@pytest.mark.both_databases
async def test_a_link_comes_in_the_language_of_its_person_not_of_who_asked(
    box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, 'offered', lambda: ('en', 'en-xa'))
    sami = await a_confirmed_account(box)
    await resets.ask(email=SAMI, origin=Origin(), language='en-XA')
    await send_due()
    assert box.received[-1]['Subject'] == '⟦A link for a new password⟧'

    await database.write(profiles.edit, sami, name='Sami', time_zone='', language='en')
    await resets.ask(email=SAMI, origin=Origin(), language='en-XA')
    await send_due()

    assert box.received[-1]['Subject'] == 'A link for a new password'
