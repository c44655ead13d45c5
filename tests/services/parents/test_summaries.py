"""On Sunday at five a parent gets one mail about all their children: once, and none where there is nothing to say."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from sqlalchemy import select, update
from sqlmodel import col

from models import Mail, MailKind, User
from services.access import Actor
from services.accounts import parent_codes, profiles
from services.core import database
from services.mail.letters import Addressed, Letter
from services.notices import unsubscribing
from services.parents import links, summaries
from services.people import joining
from tests.factories.classes import CourseAtHand, a_course, mark
from tests.factories.mails import mails_go_to, send_due
from tests.factories.people import a_parent, a_student
from tests.support.mail_box import MailBox, a_mail_box

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('D2', 'M1', 'M3')]

FRIDAY = datetime(2026, 3, 6, 8, tzinfo=UTC)
SUNDAY = datetime(2026, 3, 8, 16, tzinfo=UTC)
"""five in the afternoon in Berlin"""


@pytest.fixture
async def box(db: object, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailBox]:
    async with a_mail_box() as box:
        mails_go_to(box, monkeypatch)
        yield box


@pytest.fixture
async def course(box: MailBox) -> AsyncIterator[CourseAtHand]:
    with time_machine.travel(FRIDAY, tick=False):
        yield await a_course()


async def a_family(course: CourseAtHand, zone: str = 'Europe/Berlin') -> tuple[Actor, Actor]:
    sam = await a_student(name='Sam Rivera')
    await database.write(joining.join, sam, code=course.code)
    mum = await a_parent(of=sam, email='mum@example.org')
    await database.write(profiles.live_in, mum, time_zone=zone)
    confirmed = update(User).where(col(User.id) == mum.user_id).values(email_confirmed_at=FRIDAY)
    await database.write(lambda tx: tx.execute(confirmed))
    return sam, mum


async def test_one_mail_tells_of_all_children_and_comes_once(course: CourseAtHand, box: MailBox) -> None:
    sam, mum = await a_family(course)
    kim, idle = await a_student(name='Kim Rivera'), await a_student(name='Ida Rivera')
    for child in kim, idle:
        await database.write(joining.join, child, code=course.code)
        code = await database.write(parent_codes.make, child, child_id=child.user_id)
        await database.write(parent_codes.add_child, mum, code=code.code)
    for child in sam, kim:
        await mark(course.checkpoints[0], by=child)

    sent = []
    for moment in (SUNDAY - timedelta(minutes=1), SUNDAY, SUNDAY + timedelta(minutes=15), SUNDAY + timedelta(hours=8)):
        with time_machine.travel(moment, tick=False):
            sent.append((await summaries.put_due(), await send_due()))

    assert sent == [(0, 0), (1, 1), (0, 0), (0, 0)]
    assert box.recipients == ['mum@example.org']
    assert box.received[-1]['Subject'] == 'The week of Kim Rivera, Sam Rivera'
    said = box.text()
    assert 'Sam Rivera: 1 of 5 steps of the week done.' in said
    assert 'Ask what “Step 1” is about' in said
    assert 'Ida' not in said
    assert 'https://waymark.example.org/children' in said

    await mark(course.checkpoints[1], by=sam)
    with time_machine.travel(SUNDAY + timedelta(weeks=1), tick=False):
        assert await summaries.put_due() == 1


@pytest.mark.req('M2')
async def test_a_mail_program_ends_the_mails_of_sundays_and_a_parent_turns_them_on_again(
    course: CourseAtHand, box: MailBox
) -> None:
    sam, mum = await a_family(course)
    await mark(course.checkpoints[0], by=sam)
    with time_machine.travel(SUNDAY, tick=False):
        await summaries.put_due()
        await send_due()
    (mail,) = box.received
    assert mail['List-Unsubscribe-Post'] == 'List-Unsubscribe=One-Click'
    link = mail['List-Unsubscribe'].strip('<>')
    token = parse_qs(urlsplit(link).query)['token'][0]
    assert link in box.text()

    for is_on in False, True:
        await database.write(unsubscribing.switch, token, is_on=is_on)
        assert await database.read(summaries.own, mum) is is_on
        assert (await database.read(unsubscribing.subscription, token)).is_on is is_on


async def test_each_parent_has_their_own_sunday(course: CourseAtHand) -> None:
    sam, _ = await a_family(course, zone='America/New_York')
    await mark(course.checkpoints[0], by=sam)

    with time_machine.travel(SUNDAY, tick=False):
        assert await summaries.put_due() == 0
    with time_machine.travel(SUNDAY + timedelta(hours=5), tick=False):  # their clocks went forward this morning
        assert await summaries.put_due() == 1


@pytest.mark.parametrize(
    'why', ['unwanted', 'unconfirmed', 'link ended', 'another address', 'nothing done', 'too late']
)
async def test_no_mail_is_sent_where_there_is_nothing_to_say(why: str, course: CourseAtHand) -> None:
    sam, mum = await a_family(course)
    if why != 'nothing done':
        await mark(course.checkpoints[0], by=sam)
    if why == 'unwanted':
        await database.write(summaries.choose, mum, wanted=False)
    if why == 'unconfirmed':
        gone = update(User).where(col(User.id) == mum.user_id).values(email_confirmed_at=None)
        await database.write(lambda tx: tx.execute(gone))

    moment = SUNDAY + timedelta(hours=6 if why == 'too late' else 0)
    with time_machine.travel(moment, tick=False):
        await summaries.put_due()
        if why == 'link ended':
            await database.write(links.end, sam, child_id=sam.user_id, parent_id=mum.user_id)
        if why == 'another address':
            moved = update(User).where(col(User.id) == mum.user_id).values(email='new@example.org')
            await database.write(lambda tx: tx.execute(moved))
        assert await send_due() == 0


async def test_what_is_said_does_not_depend_on_the_process_that_sends(course: CourseAtHand) -> None:
    sam, mum = await a_family(course)
    await mark(course.checkpoints[0], by=sam)
    with time_machine.travel(SUNDAY, tick=False):
        assert await summaries.put_due() == 1
        to = Addressed(address='mum@example.org', user_id=mum.user_id)
        here, elsewhere = [await database.read(summaries.letter, to) for _ in range(2)]

    assert isinstance(here, Letter)
    assert here == elsewhere
    assert await database.read(lambda tx: tx.execute(select(col(Mail.kind))).scalar_one()) is MailKind.WEEK
