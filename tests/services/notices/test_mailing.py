"""Notices by mail: first at once, then collected; digests and quiet hours; and nothing that is pointless by now."""

import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select, update
from sqlmodel import col

from models import Mail, Notice, NoticeChoice, NoticeKind, NoticeSettings, Rhythm, User
from services.access import Actor
from services.core import clock, database
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.mail import outbox
from services.notices import choosing, inbox, mailing, unsubscribing, writing
from services.notices.drafts import Draft
from services.people import joining, participants
from tests.factories.classes import ClassAtHand, a_class
from tests.factories.mails import mails_go_to, send_due
from tests.factories.people import an_account, an_admin
from tests.support.mail_box import MailBox, a_mail_box, part_of

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('M2', 'M3')]

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NOON = datetime(2026, 9, 2, 12, tzinfo=UTC)
"""a Wednesday"""


@pytest.fixture
async def box(data_dir: object, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailBox]:
    async with a_mail_box() as box:
        mails_go_to(box, monkeypatch)
        yield box


async def a_reader(klass: ClassAtHand, email: str = 'lena@example.org', **chosen: object) -> Actor:
    """Somebody in the course whose address is confirmed, with what they chose."""
    lena = (await an_account(email=email)).actor
    await database.write(joining.join, lena, code=klass.code)

    def choose(tx: Transaction) -> None:
        user = tx.session.get_one(User, lena.user_id)
        user.email_confirmed_at = tx.now
        tx.session.add(NoticeSettings(user_id=lena.user_id, **chosen))

    await database.write(choose)
    return lena


async def notify(klass: ClassAtHand, reader: Actor, *keys: str, kind: NoticeKind = NoticeKind.GRADE) -> None:
    drafts = [
        Draft(
            user_id=reader.user_id,
            kind=kind,
            object_key=key,
            course_id=klass.course_id,
            title=phrase('Graded: {step}', step=key),
            body=phrase('In “{course}”', course='Soil & <b>plants</b>'),
            address=f'/courses/{klass.course_id}/learn',
            happened_at=clock.now(),
        )
        for key in keys
    ]
    assert await database.write(writing.write, drafts) == len(keys)


async def work() -> int:
    """Do what the two jobs do."""
    await mailing.collect_due()
    return await send_due()


class Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or '' for name, value in attrs if name == 'href']
        assert not {name for name, _ in attrs} & {'src', 'background', 'onload'}

    def handle_data(self, data: str) -> None:
        self.found += data.split()


@pytest.mark.both_databases
async def test_a_mail_says_the_same_in_both_forms_and_nothing_follows_its_reader(box: MailBox) -> None:
    klass = await a_class()
    with time_machine.travel(NOON, tick=False) as travelling:
        lena = await a_reader(klass)
        await notify(klass, lena, 'Sand', 'Clay')
        travelling.shift(MINUTE)
        assert await work() == 1

    (mail,) = (mail for mail in box.received if 'notices' in mail['Subject'])
    assert mail['Subject'] == '2 notices'
    page = Words()
    page.feed(part_of(mail, 'html'))
    plain = part_of(mail, 'plain')
    words = page.found[page.found.index('notices') + 1 :]
    links = set(re.findall(r'https://\S+', plain))
    assert [word for word in words if word not in links] == [word for word in plain.split() if word not in links]
    assert set(page.links) <= links
    assert page.tags <= {'html', 'head', 'meta', 'title', 'body', 'p', 'b', 'br', 'a'}
    assert mail['Message-ID'].startswith('<notices-')
    assert mail['List-Unsubscribe-Post'] == 'List-Unsubscribe=One-Click'
    token = parse_qs(urlsplit(mail['List-Unsubscribe'].strip('<>')).query)['token'][0]
    assert (await database.read(unsubscribing.subscription, token)).kinds == (NoticeKind.GRADE,)
    assert await database.read(lambda tx: tx.session.scalars(select(Mail)).all()) == []
    assert {bool(notice.mailed_at) for notice in await notices()} == {True}


async def notices() -> list[Notice]:
    return list(await database.read(lambda tx: tx.session.scalars(select(Notice).order_by(col(Notice.id))).all()))


async def test_the_first_goes_at_once_and_what_comes_then_is_collected(box: MailBox) -> None:
    klass = await a_class()
    with time_machine.travel(NOON, tick=False) as travelling:
        lena = await a_reader(klass)
        await notify(klass, lena, 'one')
        assert await work() == 0, 'others may come within the minute'
        travelling.shift(MINUTE)
        assert await work() == 1
        for number in range(10):
            travelling.shift(MINUTE)
            await notify(klass, lena, f'more {number}')
            assert await work() == 0
        travelling.shift(5 * MINUTE)
        assert await work() == 1
    assert [mail['Subject'] for mail in box.received] == ['Graded: one', '10 notices']


@pytest.mark.both_databases
async def test_a_thousand_notices_in_a_minute_are_one_calm_mail(box: MailBox) -> None:
    klass = await a_class()
    with time_machine.travel(NOON, tick=False) as travelling:
        lena = await a_reader(klass)
        for part in range(10):
            await notify(klass, lena, *(f'{part}-{number}' for number in range(100)))
            await work()
            travelling.shift(MINUTE / 10)
        for _ in range(4):
            await work()
            travelling.shift(20 * MINUTE)

    (mail,) = box.received
    assert mail['Subject'] == '1000 notices'
    text = box.text()
    assert 'And 980 more in your inbox' in text
    assert text.count('Graded:') == mailing.MOST_LINES


@pytest.mark.both_databases
async def test_while_the_server_is_down_what_comes_joins_the_mail_that_waits(
    box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    klass = await a_class()
    mails_go_to(box, monkeypatch, MAIL_PORT='1')
    with time_machine.travel(NOON, tick=False) as travelling:
        lena = await a_reader(klass)
        for number in range(5):
            await notify(klass, lena, str(number))
            travelling.shift(20 * MINUTE)
            await work()
        mails_go_to(box, monkeypatch)
        travelling.shift(3 * HOUR)
        assert await work() == 1

    assert [mail['Subject'] for mail in box.received] == ['5 notices']


@pytest.mark.parametrize(
    ('rhythm', 'goes_at'),
    [
        (Rhythm.DAILY, datetime(2026, 9, 2, 17, tzinfo=ZoneInfo('Asia/Tokyo'))),
        (Rhythm.WEEKLY, datetime(2026, 9, 6, 17, tzinfo=ZoneInfo('Asia/Tokyo'))),
    ],
)
async def test_a_digest_goes_out_in_the_evening_of_its_reader(box: MailBox, rhythm: Rhythm, goes_at: datetime) -> None:
    klass = await a_class()
    with time_machine.travel(datetime(2026, 9, 2, 1, tzinfo=UTC), tick=False) as travelling:
        lena = await a_reader(klass, rhythm=rhythm)

        def live_in_tokyo(tx: Transaction) -> None:
            tx.session.get_one(User, lena.user_id).time_zone = 'Asia/Tokyo'

        await database.write(live_in_tokyo)
        await notify(klass, lena, 'one')
        travelling.shift(HOUR)
        await notify(klass, lena, 'two')
        travelling.move_to(goes_at - MINUTE)
        assert await work() == 0
        travelling.move_to(goes_at)
        assert await work() == 1
    assert box.received[-1]['Subject'] == '2 notices'


async def test_who_wants_mails_at_once_again_gets_what_waits_for_a_digest(box: MailBox) -> None:
    klass = await a_class()
    with time_machine.travel(NOON, tick=False) as travelling:
        lena = await a_reader(klass, rhythm=Rhythm.WEEKLY)
        await notify(klass, lena, 'one')
        travelling.shift(HOUR)
        assert await work() == 0
        await database.write(choosing.set_times, lena, quiet=None, rhythm=Rhythm.AT_ONCE)
        assert await work() == 1


async def test_nothing_goes_out_in_quiet_hours_but_what_somebody_waits_for(box: MailBox) -> None:
    klass = await a_class()
    with time_machine.travel(NOON.replace(hour=21, minute=59), tick=False) as travelling:
        lena = await a_reader(klass, quiet_from=22 * 60, quiet_until=7 * 60)

        def want_all(tx: Transaction) -> None:
            wish = {'kind': NoticeKind.HELP_ANSWERED, 'channel': 'e_mail', 'is_on': True, 'chosen_at': tx.now}
            tx.session.add(NoticeChoice(user_id=lena.user_id, **wish))

        await database.write(want_all)
        await notify(klass, lena, 'before')
        travelling.shift(MINUTE)
        assert await work() == 0
        await notify(klass, lena, 'help', kind=NoticeKind.HELP_ANSWERED)
        assert await work() == 1, 'somebody waits for it'
        assert box.received[-1]['Subject'] == 'Graded: help'
        travelling.move_to(NOON.replace(day=3, hour=6, minute=59))
        assert await work() == 0
        travelling.move_to(NOON.replace(day=3, hour=11))  # the clock jumped over the end
        assert await work() == 1
    assert box.received[-1]['Subject'] == 'Graded: before'


async def test_a_mail_that_was_put_off_into_quiet_hours_waits_for_their_end(
    box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    klass = await a_class()
    mails_go_to(box, monkeypatch, MAIL_PORT='1')
    with time_machine.travel(NOON.replace(hour=21, minute=50), tick=False) as travelling:
        lena = await a_reader(klass, quiet_from=22 * 60, quiet_until=7 * 60)
        await notify(klass, lena, 'one')
        travelling.shift(MINUTE)
        await work()
        mails_go_to(box, monkeypatch)
        travelling.move_to(NOON.replace(hour=22, minute=30))
        assert await work() == 0
        travelling.move_to(NOON.replace(day=3, hour=7))
        assert await work() == 1


@pytest.mark.both_databases
async def test_what_is_pointless_by_now_is_dropped_and_an_empty_mail_is_none(box: MailBox) -> None:
    klass = await a_class()
    with time_machine.travel(NOON, tick=False) as travelling:
        lena = await a_reader(klass)
        gone = await a_reader(klass, 'gone@example.org')
        late = await a_reader(klass, 'late@example.org')
        await notify(klass, lena, 'one', 'two')
        for reader in gone, late:
            await notify(klass, reader, 'three')
        travelling.shift(MINUTE)
        await mailing.collect_due()

        (first, *_) = await notices()
        await database.write(inbox.mark, lena, [first.id])
        await database.write(participants.remove, klass.teacher, klass.course_id, user_id=gone.user_id)
        await database.write(lambda tx: tx.execute(outdate(late)))
        assert await send_due() == 1

    assert (box.recipients, box.received[0]['Subject']) == (['lena@example.org'], 'Graded: two')
    assert [bool(each.mailed_at) for each in sorted(await notices(), key=lambda each: each.id)] == [
        False,
        True,
        False,
        False,
    ]


def outdate(reader: Actor):  # type: ignore[no-untyped-def]
    return update(Notice).where(col(Notice.user_id) == reader.user_id).values(useful_until=NOON)


async def test_an_address_that_changes_meanwhile_gets_the_mail_instead(box: MailBox) -> None:
    klass = await a_class()
    with time_machine.travel(NOON, tick=False) as travelling:
        lena = await a_reader(klass)
        await notify(klass, lena, 'one')
        travelling.shift(MINUTE)
        await mailing.collect_due()

        def move(tx: Transaction) -> None:
            tx.session.get_one(User, lena.user_id).email = 'new@example.org'

        await database.write(move)
        assert await send_due() == 0
        travelling.shift(20 * MINUTE)
        assert await work() == 1
    assert box.recipients == ['new@example.org']


async def test_a_mail_that_may_have_arrived_is_shown_and_goes_again_under_the_same_name(box: MailBox) -> None:
    klass = await a_class()
    admin = await an_admin()
    box.to_text = ''
    with time_machine.travel(NOON, tick=False) as travelling:
        lena = await a_reader(klass)
        await notify(klass, lena, 'one')
        travelling.shift(MINUTE)
        assert await work() == 0
        travelling.shift(HOUR)
        assert await work() == 0, 'nothing is sent twice by itself'
        (shown,) = await database.read(outbox.of_school, admin)
        assert 'may have arrived' in str(shown.problem)
        await notify(klass, lena, 'two')

        box.to_text = '250 OK'
        await database.write(outbox.send_again, admin, mail_id=shown.mail_id)
        assert await send_due() == 1

    first, again = box.received
    assert first['Message-ID'] == again['Message-ID']
    assert [part_of(each, 'plain').count('Graded: ') for each in (first, again)] == [1, 1]
