"""Days and weeks belong to the zone of a person: over changes of the clock, and when somebody moves."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from services.access import Actor
from services.accounts import profiles
from services.core import database, languages, zones
from services.core.errors import Invalid
from services.goals import personal, weekly
from services.goals.personal import Wish
from services.goals.status import Outlook
from settings import settings
from tests.factories.classes import a_class, a_course, mark
from tests.factories.people import a_guest, a_student, another_device

BERLIN, SANTIAGO, HAVANA = ZoneInfo('Europe/Berlin'), ZoneInfo('America/Santiago'), ZoneInfo('America/Havana')

pytestmark = pytest.mark.req('A9')


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ('day', 'hours'),
    [(date(2030, 3, 31), 23), (date(2030, 10, 27), 25), (date(2030, 6, 1), 24)],
)
def test_a_day_has_the_hours_that_the_clocks_give_it(day: date, hours: int) -> None:
    begun, ended = zones.start_of_day(BERLIN, day), zones.start_of_day(BERLIN, day + timedelta(days=1))

    assert ended - begun == timedelta(hours=hours)
    assert zones.local_date(BERLIN, begun) == day
    assert zones.local_date(BERLIN, begun - timedelta(seconds=1)) == day - timedelta(days=1)
    assert zones.local_date(BERLIN, ended - timedelta(seconds=1)) == day


def test_a_day_begins_once_also_where_midnight_is_skipped_or_comes_twice() -> None:
    skipped, twice = date(2030, 9, 8), date(2030, 11, 3)

    begun = zones.start_of_day(SANTIAGO, skipped)
    assert zones.in_zone(SANTIAGO, begun).hour == 1
    assert zones.local_date(SANTIAGO, begun - timedelta(seconds=1)) == skipped - timedelta(days=1)
    begun = zones.start_of_day(HAVANA, twice)
    assert zones.local_date(HAVANA, begun - timedelta(seconds=1)) == twice - timedelta(days=1)
    assert zones.start_of_day(HAVANA, twice + timedelta(days=1)) - begun == timedelta(hours=25)


def test_a_week_over_a_change_of_the_clock_begins_at_midnight_of_its_monday() -> None:
    sunday_late = utc(2030, 3, 31, 21, 59)

    assert zones.start_of_week(BERLIN, sunday_late) == utc(2030, 3, 24, 23)
    assert zones.days_of_week_gone(BERLIN, sunday_late) == 6
    assert zones.start_of_week(BERLIN, sunday_late + timedelta(minutes=1)) == utc(2030, 3, 31, 22)
    assert zones.start_of_week(ZoneInfo('UTC'), sunday_late) == utc(2030, 3, 25)


@pytest.mark.usefixtures('data_dir')
def test_an_empty_name_and_one_that_is_gone_stand_for_the_school(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('TIME_ZONE', 'Asia/Tokyo')
    settings.cache_clear()

    assert zones.of('').key == zones.of('Mars/Olympus').key == zones.of('../etc/passwd').key == 'Asia/Tokyo'
    assert zones.of('Europe/Berlin') == BERLIN
    assert {'Europe/Berlin', 'UTC'} <= set(zones.names())
    assert not {'EST', 'posixrules', 'Etc/GMT+1'} & set(zones.names())
    for hostile in ('Mars/Olympus', '../etc/passwd', 'x' * 100, 'Europe'):
        with pytest.raises(Invalid, match='list'):
            zones.check(hostile)


def test_the_names_of_zones_are_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python walks through all their folders for them, which takes longer than a tap."""
    zones.check('Europe/Berlin')
    monkeypatch.setattr('settings.available_timezones', lambda: pytest.fail('looked for them once more'))

    assert zones.check('America/Havana') == 'America/Havana'
    with pytest.raises(Invalid):
        zones.check('Europe/Atlantis')


def test_the_language_that_a_browser_asks_for() -> None:
    for header in ('', 'de-DE,de;q=0.9', 'en-GB', 'de;q=1, en;q=0.1', 'en;q=zero', ',;,' * 50, '*'):
        assert languages.preferred(header) == 'en'
    with pytest.raises(Invalid, match='en'):
        languages.check('klingon')
    assert languages.check(' EN ') == 'en'


@pytest.mark.parametrize(
    ('header', 'hours', 'zone'),
    [
        ('de-DE,de;q=0.9,en;q=0.8', 1, 'Europe/Berlin'),
        ('ja-JP', 9, 'Asia/Tokyo'),
        ('en-US,en', -5, 'America/New_York'),
        ('en-US,en', -8, 'America/Los_Angeles'),
        ('zh-Hant-TW', 8, 'Asia/Taipei'),
        ('en-IN', 5.5, 'Asia/Kolkata'),
        ('en-US', 1, ''),
        ('de', 1, ''),
        ('', 1, ''),
        ('de-XX', 1, ''),
        ('x-' * 500, 1, ''),
    ],
)
def test_a_country_and_a_clock_are_a_zone_if_they_agree(header: str, hours: float, zone: str) -> None:
    winter = utc(2030, 1, 6, 12)
    seconds_of_the_way = timedelta(seconds=3)

    offset = zones.nearest_offset(timedelta(hours=hours) - seconds_of_the_way)

    assert offset == timedelta(hours=hours)
    assert zones.of_region(languages.region(header), offset, winter) == zone


async def moves(actor: Actor, time_zone: str) -> Actor:
    """Change somebody's zone; returns them on a page that they open after that."""
    await database.write(profiles.edit, actor, name=actor.name, time_zone=time_zone, language='')
    return await another_device(of=actor)


@pytest.mark.usefixtures('db')
@pytest.mark.both_databases
async def test_the_week_of_a_goal_is_that_of_the_learner() -> None:
    monday_in_tokyo = utc(2030, 1, 6, 16)  # where it is one o'clock at night; Sunday at the school
    with time_machine.travel(monday_in_tokyo - timedelta(hours=2), tick=False) as travelling:
        klass = await a_class(checkpoints=3)
        lena, course_id = klass.learner, klass.course_id
        await mark(klass.checkpoints[0], by=lena)
        travelling.move_to(monday_in_tokyo)
        await mark(klass.checkpoints[1], by=lena)

        assert (await database.read(weekly.weeks, lena))[course_id].done == 2
        abroad = await moves(lena, 'Asia/Tokyo')
        assert (abroad.time_zone, abroad.zone.key) == ('Asia/Tokyo', 'Asia/Tokyo')
        assert (await database.read(weekly.weeks, abroad))[course_id].done == 1
        home = await moves(abroad, '')
        assert (await database.read(weekly.weeks, home))[course_id].done == 2


@pytest.mark.usefixtures('db')
async def test_a_goal_is_missed_when_its_day_is_over_where_the_learner_is() -> None:
    with time_machine.travel(utc(2030, 1, 6, 12), tick=False) as travelling:
        lena = await a_student()
        await database.write(personal.add, lena, wish=Wish(title='Pass', due_on=date(2030, 1, 6)))
        travelling.move_to(utc(2030, 1, 6, 16))

        assert [goal.outlook for goal in await database.read(personal.own, lena)] == [Outlook.ON_TRACK]
        abroad = await moves(lena, 'Asia/Tokyo')
        assert [goal.outlook for goal in await database.read(personal.own, abroad)] == [Outlook.MISSED]


@pytest.mark.usefixtures('db')
async def test_a_zone_of_the_browser_does_not_replace_one_that_was_chosen() -> None:
    course = await a_course()
    gus = await a_guest(code=course.code)

    await database.write(profiles.live_in, gus, time_zone='Asia/Tokyo')
    await database.write(profiles.live_in, gus, time_zone='Europe/Berlin')

    assert (await database.read(profiles.own, gus)).time_zone == 'Asia/Tokyo'
    with pytest.raises(Invalid):
        await database.write(profiles.live_in, await a_student(), time_zone='Mars/Olympus')
