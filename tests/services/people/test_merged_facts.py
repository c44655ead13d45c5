"""What else of a guest belongs to whoever they have turned out to be: the roll, help, privacy, notes, places."""

from datetime import timedelta

import pytest
import time_machine

from models import Verb
from services.access import Actor
from services.content import positions
from services.content.positions import Position
from services.core import clock, database
from services.goals import personal
from services.goals.personal import Wish
from services.live import rooms, sessions
from services.live.attendance import report
from services.live.attendance.report import LearnerRoll
from services.live.board import loading as boards
from services.live.help import queue
from services.notes import editing
from services.people import merging, participants
from services.progress import enrollments
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree, join_class, tap
from tests.factories.people import a_student
from tests.support.eventually import eventually

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('A5', 'L12')]


async def test_who_was_there_as_a_guest_was_there_and_is_one_row() -> None:
    klass = await a_class(learners=['Lena', 'lena on the phone'])
    lena, phone = klass.learners
    await join_class(klass, by=phone)
    await database.write(sessions.end, klass.teacher, klass.course_id)
    assert {learner.name: learner.rate for learner in await the_roll(klass)} == {'Lena': 0, 'lena on the phone': 100}

    await merge(klass, phone, lena)

    assert {learner.name: learner.rate for learner in await the_roll(klass)} == {'Lena': 100}
    one = await database.read(report.of_class, klass.teacher, klass.course_id, klass.session_id)
    assert ([each.name for each in one.present], one.absent, one.held.came) == (['Lena'], (), 1)
    await unmerge(klass, phone)
    assert {learner.name: learner.rate for learner in await the_roll(klass)} == {'Lena': 0, 'lena on the phone': 100}


async def test_two_devices_at_once_are_one_stay_and_one_after_the_other_are_two() -> None:
    klass = await a_class(learners=['Lena', 'lena on the phone'])
    lena, phone = klass.learners
    with time_machine.travel(clock.now(), tick=False) as time:
        began = clock.now()
        for minutes, who, verb in (
            (0, phone, Verb.JOINED),
            (10, lena, Verb.JOINED),
            (20, phone, Verb.LEFT),
            (30, lena, Verb.LEFT),
            (60, phone, Verb.JOINED),
        ):
            time.move_to(began + timedelta(minutes=minutes))
            await tap(klass, None, by=who, verb=verb)
        time.move_to(began + timedelta(minutes=90))
        await merge(klass, phone, lena)

        assert [learner.minutes for learner in await the_roll(klass)] == [(60,)]
        await database.write(sessions.end, klass.teacher, klass.course_id)
        time.shift(6000)
        assert [learner.minutes for learner in await the_roll(klass)] == [(60,)]
    await assert_log_and_projections_agree()


async def test_the_people_of_a_course_tell_when_the_guest_was_active_last() -> None:
    klass = await a_class(learners=['Lena', 'lena on the phone'])
    lena, phone = klass.learners
    tapped = await tap(klass, klass.checkpoints[0], by=phone)

    await merge(klass, phone, lena)

    people = (await database.read(participants.of_course, klass.teacher, klass.course_id)).learners
    assert next(person for person in people if person.user_id == lena.user_id).last_active == tapped.at


async def test_nobody_waits_for_help_under_a_name_that_is_gone() -> None:
    klass = await a_class(learners=['Lena', 'lena on the phone'])
    lena, phone = klass.learners
    await database.write(queue.ask, phone, klass.session_id, klass.checkpoints[0], 'It leaks')
    room = await rooms.enter(klass.course_id)

    await merge(klass, phone, lena)
    await eventually(lambda: list(room.board.learners) == [lena.user_id])

    assert room.board.help.requests == {}
    assert await database.write(queue.ask, lena, klass.session_id, klass.checkpoints[0], '')
    await assert_log_and_projections_agree()


async def test_who_keeps_off_the_projector_stays_off_it_under_the_other_name() -> None:
    klass = await a_class(learners=['sami'])
    await join_class(klass)
    await database.write(enrollments.hide, klass.learner, klass.course_id, True)
    sami = await a_student(name='Sami')

    await database.write(merging.adopt, sami, guest=klass.learner)

    board = await database.read(boards.load, klass.course_id)
    assert (board.learners[sami.user_id].joined, board.shown, board.hidden) == (True, 0, {sami.user_id})


async def test_who_signs_in_keeps_notes_and_goals_and_the_work_of_guests_they_were_before() -> None:
    klass = await a_class(learners=['sami on the phone', 'sami on the laptop'])
    phone, laptop = klass.learners
    await tap(klass, klass.checkpoints[0], by=phone)
    await merge(klass, phone, laptop)
    await database.write(editing.write, laptop, klass.checkpoints[0], text='Wear gloves')
    await database.write(personal.add, laptop, wish=Wish(title='Finish early'))
    sami = await a_student(name='Sami')

    await database.write(merging.adopt, sami, guest=laptop)

    people = (await database.read(participants.of_course, klass.teacher, klass.course_id)).learners
    assert {person.name: (person.percent, person.merged_into) for person in people} == {
        'Sami': (33, None),
        'sami on the phone': (0, 'Sami'),
        'sami on the laptop': (0, 'Sami'),
    }
    notes = await database.read(editing.at_checkpoint, sami, klass.checkpoints[0])
    assert [note.text for note in notes] == ['Wear gloves']
    assert [goal.wish.title for goal in await database.read(personal.own, sami)] == ['Finish early']
    await assert_log_and_projections_agree()


async def test_an_instructor_who_merges_hands_nobody_the_notes_of_somebody_else() -> None:
    klass = await a_class(learners=['Lena', 'lena on the phone'])
    lena, phone = klass.learners
    await database.write(editing.write, phone, klass.checkpoints[0], text='For me alone')

    await merge(klass, phone, lena)

    assert not await database.read(editing.at_checkpoint, lena, klass.checkpoints[0])


async def test_one_goes_on_where_the_guest_was_and_forgets_it_when_they_are_two_again() -> None:
    klass = await a_class(learners=['Lena', 'lena on the phone'])
    lena, phone = klass.learners
    await at_second(90.0, phone, klass.checkpoints[0], klass)
    await at_second(20.0, phone, klass.checkpoints[1], klass)
    await at_second(55.0, lena, klass.checkpoints[1], klass)

    await merge(klass, phone, lena)
    assert await where(lena, klass) == [90.0, 55.0, None]
    await at_second(95.0, lena, klass.checkpoints[0], klass)
    await unmerge(klass, phone)
    assert await where(lena, klass) == [95.0, 55.0, None]
    assert await where(phone, klass) == [90.0, 20.0, None]


async def test_a_place_that_was_only_lent_is_given_back() -> None:
    klass = await a_class(learners=['Lena', 'lena on the phone'])
    lena, phone = klass.learners
    await at_second(90.0, phone, klass.checkpoints[0], klass)

    await merge(klass, phone, lena)
    await unmerge(klass, phone)

    assert await where(lena, klass) == [None, None, None]
    await merge(klass, phone, lena)
    assert await where(lena, klass) == [90.0, None, None]


async def at_second(second: float, who: Actor, checkpoint: int, klass: ClassAtHand) -> None:
    position = Position(
        user_id=who.user_id,
        checkpoint_id=checkpoint,
        course_id=klass.course_id,
        file_id=None,
        position=second,
        started_at=clock.now(),
        updated_at=clock.now(),
    )
    await database.write(lambda tx: (positions.hold(tx, [position]), positions.store(tx, [position])))


async def where(who: Actor, klass: ClassAtHand) -> list[float | None]:
    found = [await database.read(positions.find, who.user_id, checkpoint) for checkpoint in klass.checkpoints]
    return [each.position if each else None for each in found]


async def the_roll(klass: ClassAtHand) -> tuple[LearnerRoll, ...]:
    return (await database.read(report.of_course, klass.teacher, klass.course_id)).learners


async def merge(klass: ClassAtHand, guest: Actor, person: Actor) -> None:
    ids = {'guest_id': guest.user_id, 'into_id': person.user_id}
    await database.write(merging.merge, klass.teacher, klass.course_id, **ids)


async def unmerge(klass: ClassAtHand, guest: Actor) -> None:
    await database.write(merging.unmerge, klass.teacher, klass.course_id, guest_id=guest.user_id)
