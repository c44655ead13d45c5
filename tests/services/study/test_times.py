"""What learners, and those who teach them, are told of study time."""

import pytest
import time_machine

from models import Verb
from services.core import clock, database
from services.core.database import Database
from services.core.errors import NotEnrolled, NotFound
from services.courses import checkpoints
from services.people import merging
from services.study import times
from tests.factories.classes import a_class, a_course, mark, tap
from tests.factories.people import a_guest, another_device
from tests.factories.study import a_morning, arrive, beat, leave
from tests.support.queries import statements

pytestmark = [pytest.mark.req('S7', 'S8'), pytest.mark.usefixtures('db')]


async def test_checkpoints_and_sessions_tell_of_the_same_time() -> None:
    course = await a_course()
    phone = await a_guest(code=course.code, name='Lena')
    tablet = await another_device(of=phone)
    first, second, third = course.checkpoints
    with time_machine.travel(a_morning(), tick=False) as time:
        began = clock.now()
        await mark(first, by=phone, verb=Verb.STARTED)
        await arrive(phone, first)
        time.shift(80)
        await arrive(phone, third)
        await mark(first, by=phone)
        time.shift(40)
        await leave(phone, course.course_id)
        await arrive(tablet, second)
        time.shift(30)
        await beat(tablet, second)
        await database.write(checkpoints.delete, course.teacher, second)
        learning = await database.read(times.own, phone, course.course_id)

    assert (learning.course, learning.learner, learning.seconds) == ('Soil', 'Lena', 110)
    assert await database.read(times.seconds_here, tablet, course.course_id) == 110
    assert [(checkpoint.number, checkpoint.title, checkpoint.seconds) for checkpoint in learning.checkpoints] == [
        (1, 'Step 1', 80),
        (2, 'Step 3', 0),
        (None, 'Step 2', 30),
    ]
    assert [(each.device, each.active_seconds, each.ended_by) for each in learning.sessions] == [
        ('Tablet', 30, ''),
        ('Phone', 80, 'left'),
    ]
    alone = learning.checkpoints[0].alone
    assert alone
    assert (alone.started_at, alone.seconds, learning.checkpoints[0].in_class) == (began, 80, None)
    assert await database.read(times.of_learner, course.teacher, course.course_id, phone.user_id) == learning


async def test_the_modes_are_kept_apart() -> None:
    klass = await a_class()
    with time_machine.travel(a_morning(), tick=False) as time:
        for checkpoint in klass.checkpoints[:2]:
            await tap(klass, checkpoint, verb=Verb.STARTED)
        time.shift(100)
        await mark(klass.checkpoints[0], by=klass.learner, verb=Verb.STARTED)
        time.shift(50)
        await tap(klass, klass.checkpoints[0])
        await mark(klass.checkpoints[0], by=klass.learner)

        both, in_class, neither = (await database.read(times.own, klass.learner, klass.course_id)).checkpoints

    assert both.alone
    assert both.in_class
    assert (both.alone.seconds, both.in_class.seconds) == (50, 150)
    assert both.alone.started_at > both.in_class.started_at
    assert in_class.alone is None
    assert in_class.in_class
    assert in_class.in_class.completed_at is None
    assert (neither.alone, neither.in_class) == (None, None)


async def test_whoever_teaches_another_course_finds_nobody() -> None:
    soil, air = await a_course(), await a_course(title='Air')
    learner = await a_guest(code=soil.code)

    for teacher, course_id in ((air.teacher, air.course_id), (air.teacher, soil.course_id)):
        with pytest.raises(NotFound):
            await database.read(times.of_learner, teacher, course_id, learner.user_id)
    with pytest.raises(NotEnrolled):
        await database.read(times.own, soil.teacher, soil.course_id)


async def test_the_time_of_a_guest_is_that_of_who_they_are() -> None:
    course = await a_course()
    guest, person = await a_guest(code=course.code), await a_guest(code=course.code, name='Lena')
    with time_machine.travel(a_morning(), tick=False) as time:
        for learner in (guest, person):
            await arrive(learner, course.checkpoints[0])
            time.shift(60)
            await beat(learner, course.checkpoints[0])
    ids = {'guest_id': guest.user_id, 'into_id': person.user_id}
    await database.write(merging.merge, course.teacher, course.course_id, **ids)

    assert (await database.read(times.own, person, course.course_id)).seconds == 120
    await database.write(merging.unmerge, course.teacher, course.course_id, guest_id=guest.user_id)
    assert (await database.read(times.own, person, course.course_id)).seconds == 60


async def test_a_beat_asks_little_of_the_database(db: Database) -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)
    with time_machine.travel(a_morning(), tick=False) as time:
        await arrive(learner, course.checkpoints[0])
        time.shift(15)
        with statements(db.engines.writing) as asked:
            await beat(learner, course.checkpoints[0])

    assert len(asked) == 5, 'may they; their sessions; the step, the session counted; where it was seen'
