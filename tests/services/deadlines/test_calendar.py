"""Calendars at secret addresses: each entry has one name for good, and a higher number after each change."""

from datetime import datetime, timedelta

import icalendar
import pytest
import time_machine

from models import User
from services.accounts import administration
from services.core import clock, database
from services.core.errors import NotFound
from services.core.transaction import Transaction
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.deadlines import calendar_file, feeds
from tests.factories.classes import ClassAtHand, a_class, tap
from tests.factories.people import an_admin

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('M2'), pytest.mark.both_databases]

ADDRESS = 'https://waymark.example.org'
AT = datetime.fromisoformat('2030-01-31T12:00+00:00')


async def due(klass: ClassAtHand, checkpoint: int, *, title: str = 'Soil', at: datetime | None = AT) -> None:
    await database.write(checkpoints.edit, klass.teacher, checkpoint, details=Details(title=title, due_at=at))


async def events(token: str) -> list[icalendar.Event]:
    written = calendar_file.written(await feeds.read(token), address=ADDRESS)
    assert all(len(line) <= 75 for line in written.split(b'\r\n'))
    return icalendar.Calendar.from_ical(written).events


async def test_a_moved_date_is_the_same_entry_with_the_next_number() -> None:
    klass = await a_class(checkpoints=2)
    await due(klass, klass.checkpoints[0])
    token = await database.write(feeds.make, klass.learner)
    with time_machine.travel(clock.now(), tick=False) as travelling:
        (first,) = await events(token)
        travelling.shift(3600)
        (again,) = await events(token)
        assert again.to_ical() == first.to_ical(), 'nothing has changed'
        await due(klass, klass.checkpoints[0], at=AT + timedelta(days=1))
        (moved,) = await events(token)
        await tap(klass, klass.checkpoints[0])
        (done,) = await events(token)

    assert first['uid'] == moved['uid'] == done['uid']
    assert [each['sequence'] for each in (first, moved, done)] == [0, 1, 2]
    assert moved['last-modified'].dt - first['last-modified'].dt == timedelta(hours=1)
    assert moved['dtstart'].dt == AT + timedelta(days=1)
    assert moved['dtend'].dt == moved['dtstart'].dt
    assert moved['url'] == f'{ADDRESS}/courses/{klass.course_id}/learn/{klass.checkpoints[0]}'
    assert (moved['summary'], done['summary']) == ('Soil (Soil)', 'Done: Soil (Soil)')


async def test_a_date_that_goes_and_comes_back_keeps_its_name_and_goes_on_counting() -> None:
    klass = await a_class(checkpoints=1)
    await due(klass, klass.checkpoints[0])
    token = await database.write(feeds.make, klass.learner)
    (before,) = await events(token)

    await due(klass, klass.checkpoints[0], at=None)
    assert await events(token) == []
    await due(klass, klass.checkpoints[0], at=AT + timedelta(hours=1))

    (after,) = await events(token)
    assert (after['uid'], after['sequence']) == (before['uid'], 1)


@pytest.mark.parametrize(
    'title', ['Soil; with, all \\ signs: "x"', 'BEGIN:VALARM', 'ü' * 120, 'END:VEVENT X-EVIL:1', 'שלום {step}']
)
async def test_no_title_breaks_a_calendar(title: str) -> None:
    klass = await a_class(checkpoints=1)
    await due(klass, klass.checkpoints[0], title=title)
    token = await database.write(feeds.make, klass.learner)

    (event,) = await events(token)

    assert event['summary'] == f'{title} (Soil)'
    assert event.subcomponents == []


async def test_a_new_address_ends_the_old_one_and_only_its_hash_is_kept() -> None:
    klass = await a_class(checkpoints=1, learners=['Lena', 'Otto'])
    lena, otto = klass.learners
    old = await database.write(feeds.make, lena)
    others = await database.write(feeds.make, otto)
    new = await database.write(feeds.make, lena)

    with pytest.raises(NotFound):
        await feeds.read(old)
    assert (await feeds.read(new)).entries == ()
    await database.write(feeds.end, lena)
    for token in old, new, '', 'ü' * 5000:
        with pytest.raises(NotFound):
            await feeds.read(token)
    assert (await feeds.read(others)).entries == ()
    assert await database.read(feeds.own, lena) is None


async def test_an_account_that_is_switched_off_has_no_calendar() -> None:
    klass = await a_class(checkpoints=1)
    token = await database.write(feeds.make, klass.learner)
    await database.write(administration.disable, await an_admin(), user_id=klass.learner.user_id)

    with pytest.raises(NotFound):
        await feeds.read(token)


async def test_a_calendar_speaks_the_language_of_its_person() -> None:
    klass = await a_class(checkpoints=1)
    await due(klass, klass.checkpoints[0])
    await tap(klass, klass.checkpoints[0])
    token = await database.write(feeds.make, klass.learner)

    def speak(tx: Transaction) -> None:
        tx.session.get_one(User, klass.learner.user_id).language = 'en-XA'

    await database.write(speak)

    (event,) = await events(token)
    assert event['summary'] == '⟦Done: Soil (Soil)⟧'


async def test_a_calendar_says_what_was_due_before_its_person_joined() -> None:
    klass = await a_class(checkpoints=1)
    await due(klass, klass.checkpoints[0], at=clock.now() - timedelta(days=1))
    token = await database.write(feeds.make, klass.learner)

    (before,) = await events(token)
    await tap(klass, klass.checkpoints[0])
    (done,) = await events(token)

    assert (before['summary'], done['summary']) == ('Due before you joined: Soil (Soil)', 'Done: Soil (Soil)')
    assert (before['sequence'], done['sequence']) == (0, 1)
