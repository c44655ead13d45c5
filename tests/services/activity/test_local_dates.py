"""The date and the hour that the log gives to what somebody did are those of the place where the person lives."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlmodel import col

from models import Activity, Verb
from services.access import Actor
from services.accounts import profiles
from services.activity import log, recording
from services.activity.log import Entry
from services.core import database
from services.core.events import Recorded
from services.progress import states
from settings import settings
from tests.factories.classes import a_class, a_course, assert_log_and_projections_agree, mark, tap
from tests.factories.people import a_guest, a_student, another_device, sign_out
from tests.factories.study import arrive, beat, leave
from tests.support.queries import statements

pytestmark = [pytest.mark.req('A9', 'N7'), pytest.mark.usefixtures('db')]

NOON = datetime(2030, 1, 15, 12, tzinfo=UTC)


async def lives_in(actor: Actor, zone: str) -> Actor:
    """Let somebody live elsewhere; returns them on a page that they open after that."""
    await database.write(profiles.edit, actor, name=actor.name, time_zone=zone, language='')
    return await another_device(of=actor)


async def told(by: Actor, *verbs: Verb) -> list[Recorded]:
    theirs = (col(Activity.user_id) == by.user_id) & col(Activity.verb).in_(verbs)
    return await database.read(log.read, theirs)


async def when(by: Actor, *verbs: Verb) -> list[tuple[date, int]]:
    return [(each.local_date, each.local_hour) for each in await told(by, *verbs)]


async def test_the_same_moment_is_on_two_days_at_two_ends_of_the_world() -> None:
    with time_machine.travel(NOON, tick=False):
        klass = await a_class(learners=('Aroha', 'Luz'))
        aroha = await lives_in(klass.learners[0], 'Pacific/Auckland')
        luz = await lives_in(klass.learners[1], 'America/Lima')

        for learner in (aroha, luz):
            await tap(klass, klass.checkpoints[0], by=learner)

    assert await when(aroha, Verb.COMPLETED) == [(date(2030, 1, 16), 1)]
    assert await when(luz, Verb.COMPLETED) == [(date(2030, 1, 15), 7)]


@pytest.mark.parametrize(
    ('moment', 'day', 'hour'),
    [
        (datetime(2030, 3, 31, 0, 59, tzinfo=UTC), date(2030, 3, 31), 1),
        (datetime(2030, 3, 31, 1, 0, tzinfo=UTC), date(2030, 3, 31), 3),
        (datetime(2030, 3, 31, 21, 59, tzinfo=UTC), date(2030, 3, 31), 23),
        (datetime(2030, 3, 31, 22, 0, tzinfo=UTC), date(2030, 4, 1), 0),
        (datetime(2030, 10, 27, 0, 30, tzinfo=UTC), date(2030, 10, 27), 2),
        (datetime(2030, 10, 27, 1, 30, tzinfo=UTC), date(2030, 10, 27), 2),
        (datetime(2030, 10, 27, 22, 59, tzinfo=UTC), date(2030, 10, 27), 23),
    ],
)
async def test_days_on_which_the_clocks_change(moment: datetime, day: date, hour: int) -> None:
    with time_machine.travel(moment - timedelta(hours=1), tick=False) as travelling:
        course = await a_course()
        lena = await lives_in(await a_guest(code=course.code), 'Europe/Berlin')
        travelling.move_to(moment)
        await mark(course.checkpoints[0], by=lena)

    assert await when(lena, Verb.COMPLETED) == [(day, hour)]


async def test_what_was_done_before_somebody_moved_stays_on_its_day() -> None:
    with time_machine.travel(NOON, tick=False):
        course = await a_course()
        lena = await lives_in(await a_guest(code=course.code), 'Pacific/Auckland')
        await mark(course.checkpoints[0], by=lena)
        moved = await lives_in(lena, 'America/Lima')
        await mark(course.checkpoints[1], by=moved)

    assert await when(lena, Verb.COMPLETED) == [(date(2030, 1, 16), 1), (date(2030, 1, 15), 7)]
    await assert_log_and_projections_agree()


@pytest.mark.both_databases
async def test_what_nobody_gives_a_zone_for_is_on_the_persons_date_too() -> None:
    with time_machine.travel(NOON, tick=False):
        course = await a_course(checkpoints=1)
        lena = await lives_in(await a_guest(code=course.code), 'Pacific/Auckland')
        await database.write(states.pause, lena, course.course_id)
        await mark(course.checkpoints[0], by=lena)
        await sign_out(actor=lena)

    follows = Verb.PAUSED, Verb.COURSE_COMPLETED, Verb.CERTIFIED, Verb.SIGNED_OUT
    assert await when(lena, *follows) == [(date(2030, 1, 16), 1)] * 4
    assert (await when(lena, Verb.SIGNED_IN))[-1] == (date(2030, 1, 16), 1)


async def test_the_zone_of_the_school_is_that_of_everybody_who_chose_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('TIME_ZONE', 'Asia/Tokyo')
    settings.cache_clear()
    with time_machine.travel(NOON + timedelta(hours=4), tick=False):
        sami = await a_student()

    assert await when(sami, Verb.SIGNED_IN) == [(date(2030, 1, 16), 1)]


async def test_study_ends_with_the_day_of_the_learner() -> None:
    midnight_in_auckland = datetime(2030, 1, 15, 11, tzinfo=UTC)
    with time_machine.travel(midnight_in_auckland - timedelta(minutes=2), tick=False) as travelling:
        course = await a_course()
        lena = await lives_in(await a_guest(code=course.code), 'Pacific/Auckland')
        await arrive(lena, course.checkpoints[0])
        for minute in (-1, 1, 2):
            travelling.move_to(midnight_in_auckland + timedelta(minutes=minute))
            await beat(lena, course.checkpoints[0])
        await leave(lena, course.course_id)

    studied = [(each.local_date, each.seconds) for each in await told(lena, Verb.STUDIED)]
    assert studied == [(date(2030, 1, 15), 119), (date(2030, 1, 16), 121)]


async def test_a_zone_that_is_given_costs_no_statement() -> None:
    sami = await a_student()
    given = Entry(user_id=sami.user_id, tap_id='given', verb=Verb.READ, course_id=None, zone='America/Lima')
    looked_up = Entry(user_id=sami.user_id, tap_id='looked-up', verb=Verb.READ, course_id=None)

    with statements() as with_zone:
        await database.write(recording.record, [given])
    with statements() as without:
        await database.write(recording.record, [looked_up])

    assert len(without) == len(with_zone) + 1
