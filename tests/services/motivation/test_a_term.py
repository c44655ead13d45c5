"""A whole term of three learners: a steady one, one who travels, and one who comes every other week.

The clock is the test's own: eight weeks from March on, with two of holidays, and with summer time in between. At some
hours of each day everything is done that a server does by the clock, and everybody who learns has all their mails on.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select
from sqlmodel import col

from models import (
    AchievementKind,
    Channel,
    Checkpoint,
    Mail,
    Notice,
    NoticeKind,
    PointEntry,
    PointReason,
    Rhythm,
    User,
)
from services.access import Actor
from services.accounts import profiles
from services.core import clock, database
from services.core.transaction import Transaction
from services.goals import closing_weeks
from services.motivation import calendar, moments, standing
from services.motivation.levels import LEVELS
from services.motivation.moments import Moment
from services.motivation.standing import Standing
from services.notices import choosing, deadlines_near, falling_behind, kinds, mailing
from services.notices.choosing import Wish
from services.notices.quiet_hours import QuietHours
from services.people import joining
from tests.factories.classes import CourseAtHand, a_course, assert_log_and_projections_agree, mark
from tests.factories.mails import mails_go_to, send_due
from tests.factories.people import an_account, an_admin, another_device
from tests.services.notices.test_from_log import follow
from tests.support.mail_box import MailBox, a_mail_box

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('G1', 'G2', 'G3', 'G4', 'M1', 'M2', 'M3')]

FIRST, LAST = date(2026, 3, 2), date(2026, 4, 26)
HOLIDAYS = date(2026, 3, 30), date(2026, 4, 10)
"""summer time begins in Europe on the Sunday before, and in America three weeks earlier"""
FLIGHT = date(2026, 3, 25)
"""a Wednesday, which the traveller spends on the way from New York to Tokyo"""
HOURS = (0, 6, 12, 18)
"""at which the server is looked at, in UTC"""
QUIET = QuietHours(since=22 * 60, until=7 * 60)


@dataclass(slots=True)
class Somebody:
    """A learner of this term, and all that came to them."""

    actor: Actor
    email: str
    zone: str
    taken: list[Moment] = field(default_factory=list)
    checkpoints: int = 0
    """done so far"""


@pytest.fixture
async def box(data_dir: object, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailBox]:
    monkeypatch.setenv('TIME_ZONE', 'Europe/Berlin')
    async with a_mail_box() as box:
        mails_go_to(box, monkeypatch)
        yield box


async def test_a_term_of_a_steady_a_travelling_and_a_lazy_learner(box: MailBox) -> None:
    mailed: list[tuple[datetime, EmailMessage]] = []
    with time_machine.travel(datetime.combine(FIRST, time(0), UTC), tick=False) as travelling:
        course = await a_course(checkpoints=60)
        await database.write(calendar.choose_free_days, await an_admin(), lines='2026-03-30 – 2026-04-10')
        steady = await somebody(course, 'steady', 'Europe/Berlin', Rhythm.AT_ONCE)
        traveller = await somebody(course, 'traveller', 'America/New_York', Rhythm.DAILY)
        lazy = await somebody(course, 'lazy', 'Europe/Berlin', Rhythm.AT_ONCE)
        await database.write(due, course.checkpoints[50], datetime(2026, 3, 20, 16, tzinfo=UTC))
        await database.write(due, course.checkpoints[51], datetime(2026, 3, 20, 16, tzinfo=UTC))

        for day in (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 2)):
            if day.weekday() == 0:
                for who in steady, traveller, lazy:  # a sign-in does not last as long as a term
                    who.actor = await another_device(of=who.actor)
            for hour in HOURS if day <= LAST else HOURS[:2]:
                travelling.move_to(datetime.combine(day, time(hour), UTC))
                before = steady.checkpoints, traveller.checkpoints
                await learn(course, steady, traveller, lazy)
                await work(travelling, is_news=before != (steady.checkpoints, traveller.checkpoints))
                mailed += [(clock.now(), mail) for mail in box.received]
                box.received.clear()
                steady.taken += await database.write(moments.take, steady.actor)

        for who in steady, traveller, lazy:
            who.actor = await another_device(of=who.actor)
        for who in traveller, lazy:  # who look at the end only
            who.taken += await database.write(moments.take, who.actor)
        found = {who.email: await database.read(standing.own, who.actor) for who in (steady, traveller, lazy)}
        await assert_log_and_projections_agree()
        assert_steady(found[steady.email], steady)
        assert_traveller(found[traveller.email], traveller)
        assert_lazy(found[lazy.email], lazy)
        for who in steady, traveller, lazy:
            await assert_points_are_what_was_done(who, found[who.email])
            assert await database.write(moments.take, who.actor) == (), 'nobody is congratulated twice'
        written = await database.read(notices)
        assert_nobody_is_flooded(mailed, {who.email: who for who in (steady, traveller, lazy)})
        assert_reminders_are_few(written[lazy.actor.user_id])
        for who in steady, traveller:
            assert NoticeKind.INACTIVITY not in {each.kind for each in written[who.actor.user_id]}
        assert await database.read(lambda tx: tx.session.scalars(select(Mail)).all()) == [], 'nothing is left'


async def learn(course: CourseAtHand, steady: Somebody, traveller: Somebody, lazy: Somebody) -> None:
    """Let each of them do what they do at this hour: nobody learns at weekends and in the holidays."""
    now, to = clock.now(), FLIGHT + timedelta(days=1)
    if traveller.zone == 'America/New_York' and now.date() == to:
        traveller.zone = 'Asia/Tokyo'
        await database.write(profiles.edit, traveller.actor, name='Traveller', time_zone=traveller.zone, language='')
        traveller.actor = await another_device(of=traveller.actor)  # a page that is opened there
    in_berlin = now.hour == 12
    if is_school(now.date()) and in_berlin:
        await do(course, steady)
        if now.date().weekday() == 0 and now.isocalendar().week % 2 == 0:
            await do(course, lazy)
    if now.date() == to:
        if now.hour == 0:  # nine in the morning in Tokyo, and eight in the evening of the day before in New York
            await do(course, traveller)
            await do(course, traveller)
    elif is_school(now.date()) and now.date() != FLIGHT and now.hour == (18 if now.date() < FLIGHT else 6):
        await do(course, traveller)


async def do(course: CourseAtHand, who: Somebody) -> None:
    await mark(course.checkpoints[who.checkpoints], by=who.actor)
    who.checkpoints += 1


async def work(travelling: time_machine.Traveller, *, is_news: bool) -> None:
    """Do what a server does by the clock, as far as there is something to do."""
    if is_news:
        await follow()
    if clock.now().weekday() in (6, 0):
        await closing_weeks.close_all()
        await follow()
    if clock.now().hour == 18:
        await deadlines_near.look()
        await falling_behind.look()
    travelling.shift(mailing.SETTLE)
    await mailing.collect_due()
    await send_due()


def assert_steady(stands: Standing, who: Somebody) -> None:
    assert (stands.streak.current, stands.streak.longest, stands.streak.frozen) == (30, 30, ())
    assert (stands.weeks.current, stands.weeks.longest) == (6, 6), 'weekends, holidays and summer time break nothing'
    assert reached(who) == [
        (AchievementKind.STREAK, 7),
        (AchievementKind.STREAK, 14),
        (AchievementKind.STREAK, 30),
        (AchievementKind.LEVEL, 101),
        (AchievementKind.LEVEL, 501),
        (AchievementKind.BADGE, -2),
        (AchievementKind.BADGE, -4),
    ]


def assert_traveller(stands: Standing, who: Somebody) -> None:
    assert (stands.streak.current, stands.streak.longest, stands.streak.frozen) == (30, 30, ()), 'no day was lost'
    assert stands.weeks.current == 6
    assert len(reached(who)) == len(set(reached(who))) == 7


def assert_lazy(stands: Standing, who: Somebody) -> None:
    assert (stands.streak.current, stands.streak.longest, stands.weeks.longest) == (0, 1, 0)
    assert (reached(who), stands.points) == ([], who.checkpoints * 20)


async def assert_points_are_what_was_done(who: Somebody, stands: Standing) -> None:
    entries: Sequence[PointEntry] = await database.read(
        lambda tx: tx.session.scalars(select(PointEntry).where(col(PointEntry.user_id) == who.actor.user_id)).all()
    )
    count = {reason: sum(each.reason is reason for each in entries) for reason in PointReason}
    assert count[PointReason.COMPLETED] == who.checkpoints
    assert stands.points == sum(each.points for each in entries)
    assert stands.level is max((level for level in LEVELS if level.since <= stands.points), key=lambda each: each.since)


def assert_nobody_is_flooded(mailed: Sequence[tuple[datetime, EmailMessage]], people: Mapping[str, Somebody]) -> None:
    """One mail a day at most, none at night, and each at the time that its reader has chosen."""
    by_day: dict[tuple[str, date], list[datetime]] = defaultdict(list)
    for at, mail in mailed:
        who = people[mail['To']]
        zone = 'America/New_York' if who.zone == 'Asia/Tokyo' and at.date() <= FLIGHT else who.zone
        local = at.astimezone(ZoneInfo(zone))
        by_day[who.email, local.date()].append(local)
        assert 7 <= local.hour < 22, (who.email, local)
        if who.zone == 'Asia/Tokyo':
            assert local.hour >= 17, 'a digest goes out in the evening'
    assert {len(times) for times in by_day.values()} == {1}, 'whatever comes on a day is one mail'
    on_the_19th = [email for email, day in by_day if day == date(2026, 3, 19)]
    assert sorted(on_the_19th) == sorted(people), 'everybody hears of the two deadlines, in one mail'


def assert_reminders_are_few(written: Sequence[Notice]) -> None:
    """A reminder a week at most, with another silence each, and none in the holidays."""
    days = sorted(each.written_at.date() for each in written if each.kind is NoticeKind.INACTIVITY)
    assert len(days) == 3
    assert all((later - earlier).days >= 7 for earlier, later in pairwise(days))
    assert not [day for day in days if HOLIDAYS[0] <= day <= HOLIDAYS[1]]


def reached(who: Somebody) -> list[tuple[AchievementKind, int]]:
    order = [AchievementKind.STREAK, AchievementKind.LEVEL, AchievementKind.BADGE]
    return sorted(
        ((each.kind, each.number) for each in who.taken), key=lambda each: (order.index(each[0]), abs(each[1]))
    )


def is_school(day: date) -> bool:
    return day <= LAST and day.weekday() < 5 and not HOLIDAYS[0] <= day <= HOLIDAYS[1]


def notices(tx: Transaction) -> dict[int, list[Notice]]:
    found: dict[int, list[Notice]] = defaultdict(list)
    for each in tx.session.scalars(select(Notice).order_by(col(Notice.id))):
        found[each.user_id].append(each)
    return found


def due(tx: Transaction, checkpoint: int, at: datetime) -> None:
    row = tx.session.get_one(Checkpoint, checkpoint)
    row.due_at = at
    tx.session.add(row)


async def somebody(course: CourseAtHand, name: str, zone: str, rhythm: Rhythm) -> Somebody:
    """A learner who wants every notice by mail as well."""
    email = f'{name}@example.org'
    actor = (await an_account(email=email, name=name.title())).actor

    def settle(tx: Transaction) -> None:
        user = tx.session.get_one(User, actor.user_id)
        user.email_confirmed_at, user.time_zone = tx.now, zone
        tx.session.add(user)
        tx.session.flush()
        every = [Wish(kind=kind, channel=Channel.E_MAIL, is_on=True) for kind in kinds.of_role(user.role)]
        choosing.choose(tx, actor, every)
        choosing.set_times(tx, actor, quiet=QUIET, rhythm=rhythm)

    await database.write(settle)
    await database.write(joining.join, actor, code=course.code)
    return Somebody(actor=actor, email=email, zone=zone)
