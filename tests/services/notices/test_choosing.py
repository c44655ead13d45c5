"""What a person chooses is what they get: in the inbox, by mail, on devices, and not in their quiet hours."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from models import Channel, MailSecurity, Notice, NoticeKind, NoticePush, Rhythm, User
from services.access import Actor
from services.core import database
from services.core.errors import Invalid, NotSignedIn
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.mail import mail_server
from services.mail.mail_server import MailServer
from services.notices import channels, choosing, inbox, quiet_hours, writing
from services.notices.choosing import Wish
from services.notices.drafts import Draft
from services.notices.quiet_hours import QuietHours
from settings import settings as of_server
from tests.factories.classes import ClassAtHand, a_class
from tests.factories.people import sign_out

pytestmark = pytest.mark.req('M2')

MODULE, GRADE = NoticeKind.MODULE_COMPLETED, NoticeKind.GRADE
IN_APP, MAIL, PUSH = Channel
NIGHT = QuietHours(since=22 * 60, until=7 * 60)


@pytest.fixture
async def klass(db: object) -> ClassAtHand:
    return await a_class()


@pytest.mark.both_databases
async def test_a_notice_goes_where_its_reader_wants_it(klass: ClassAtHand, monkeypatch: pytest.MonkeyPatch) -> None:
    lena = klass.learner
    await database.write(confirm, lena)
    assert await sent(klass, GRADE, 'nothing is sent here') == (True, False, False)

    everything_is_on(monkeypatch)
    assert await sent(klass, GRADE, 'by mail, as usual') == (True, True, False)
    assert await sent(klass, MODULE, 'not by mail, as usual') == (True, False, False)

    await database.write(choosing.choose, lena, [Wish(kind=MODULE, channel=PUSH, is_on=True)])
    await database.write(choosing.choose, lena, [Wish(kind=MODULE, channel=IN_APP, is_on=False)])
    assert await sent(klass, MODULE, 'on devices alone') == (False, False, True)

    await database.write(choosing.stay_in_app, lena)
    assert await sent(klass, MODULE, 'nowhere at all') is None
    assert await sent(klass, GRADE, 'in the inbox alone') == (True, False, False)
    assert (await database.read(inbox.look, lena)).unread == 4


async def test_what_is_chosen_is_kept_and_the_rest_is_as_usual(klass: ClassAtHand) -> None:
    lena = klass.learner
    before = await database.read(choosing.own, lena)
    assert {choice.kind for choice in before.choices if choice.is_on[MAIL]} >= {GRADE, NoticeKind.DEADLINE}
    assert (before.quiet, before.rhythm, before.here) == (None, Rhythm.AT_ONCE, {IN_APP})

    await database.write(choosing.choose, lena, [Wish(kind=GRADE, channel=MAIL, is_on=False)] * 2)
    after = await database.write(choosing.set_times, lena, quiet=NIGHT, rhythm=Rhythm.WEEKLY)
    assert (after.quiet, after.rhythm) == (NIGHT, Rhythm.WEEKLY)
    changed = [one.kind for one, other in zip(before.choices, after.choices, strict=True) if one != other]
    assert changed == [GRADE]

    assert (await database.write(choosing.set_times, lena, quiet=None, rhythm=Rhythm.DAILY)).quiet is None
    assert (await database.read(choosing.own, klass.teacher)).quiet is None


async def test_nobody_chooses_what_they_never_get(klass: ClassAtHand) -> None:
    with pytest.raises(Invalid, match='no notices of this kind'):
        await database.write(choosing.choose, klass.learner, [Wish(kind=NoticeKind.LAGGING, channel=MAIL, is_on=True)])
    for quiet in (QuietHours(since=60, until=60), QuietHours(since=-1, until=60), QuietHours(since=0, until=1440)):
        with pytest.raises(Invalid):
            await database.write(choosing.set_times, klass.learner, quiet=quiet, rhythm=Rhythm.DAILY)
    await sign_out(actor=klass.learner)
    for verb in (choosing.stay_in_app, choosing.own):
        with pytest.raises(NotSignedIn):
            await database.write(verb, klass.learner)


@pytest.mark.parametrize('typed', ['24:00', '7', '07:60', 'x', '-1:00', '٧:00', '1:2:3', '007:00'])
def test_a_time_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match='such as 22:30'):
        choosing.read_quiet(typed, '07:00')


def test_quiet_hours_are_two_times_or_none() -> None:
    assert choosing.read_quiet('22:00', '7:00') == NIGHT
    assert choosing.read_quiet('', None) is None
    with pytest.raises(Invalid, match='both times'):
        choosing.read_quiet('22:00', '')


@pytest.mark.parametrize(
    ('now', 'expected'),
    [
        ('2026-03-10T21:59', '2026-03-10T21:59'),
        ('2026-03-10T22:00', '2026-03-11T07:00'),
        ('2026-03-11T06:59', '2026-03-11T07:00'),
        ('2026-03-11T07:00', '2026-03-11T07:00'),
        ('2026-03-28T23:30', '2026-03-29T07:00'),  # clocks go forward in this night
        ('2026-10-24T23:30', '2026-10-25T07:00'),  # and back in this one
    ],
)
def test_a_night_is_over_midnight_and_in_the_zone_of_the_person(now: str, expected: str) -> None:
    berlin = ZoneInfo('Europe/Berlin')
    at, end = (datetime.fromisoformat(each).replace(tzinfo=berlin).astimezone(UTC) for each in (now, expected))

    assert quiet_hours.not_before(NIGHT, berlin, at) == end


@given(
    quiet=st.builds(QuietHours, since=st.integers(0, 1439), until=st.integers(0, 1439)),
    now=st.integers(0, 364 * 24 * 60),
    zone=st.sampled_from(['Europe/Berlin', 'America/St_Johns', 'Pacific/Chatham', 'UTC']),
)
def test_what_waits_goes_out_within_a_day_and_at_a_time_that_is_not_quiet(
    quiet: QuietHours, now: int, zone: str
) -> None:
    kept, there = quiet_hours.from_columns(quiet.since, quiet.until), ZoneInfo(zone)
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=now)
    end = quiet_hours.not_before(kept, there, at)

    assert 0 <= (end - at).total_seconds() <= 25 * 3600
    assert quiet_hours.not_before(kept, there, end) == end, 'it does not wait again'


async def sent(klass: ClassAtHand, kind: NoticeKind, key: str) -> tuple[bool, bool, bool] | None:
    """Notify the learner; returns whether it is in the inbox, goes by mail and to devices; None if it is nowhere."""
    return await database.write(_sent, klass, kind, key)


def _sent(tx: Transaction, klass: ClassAtHand, kind: NoticeKind, key: str) -> tuple[bool, bool, bool] | None:
    draft = Draft(
        user_id=klass.learner.user_id,
        kind=kind,
        object_key=key,
        course_id=klass.course_id,
        title=phrase('Saved'),
        address='/',
        happened_at=tx.now,
    )
    if not writing.write(tx, [draft]):
        return None
    row = tx.session.scalars(select(Notice).where(Notice.object_key == key)).one()  # type: ignore[arg-type]
    return row.is_in_app, row.mail_due_at is not None, tx.session.get(NoticePush, row.id) is not None


def confirm(tx: Transaction, who: Actor) -> None:
    tx.execute(update(User).where(User.id == who.user_id).values(email='lena@example.org', email_confirmed_at=tx.now))  # type: ignore[arg-type]


def everything_is_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let mails and pushes be sent here."""
    monkeypatch.setenv('PUBLIC_URL', 'https://waymark.example.org')
    monkeypatch.setenv('PUSH_NOTIFICATIONS_ENABLED', 'true')
    monkeypatch.setenv('NOTIFICATION_SERVICE_URL', 'https://push.example.org')
    monkeypatch.setenv('NOTIFICATION_SERVICE_SECRET', 'whsec_' + 'a2V5' * 8)
    of_server.cache_clear()
    mail_server.remember(MailServer(host='mail.example.org', security=MailSecurity.NONE, sender='a@example.org'))
    assert channels.available() == set(Channel)
