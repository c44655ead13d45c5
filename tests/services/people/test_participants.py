"""The people of a course: renamed, taken out, and brought back with everything they did."""

import pytest

from models import Verb
from services.access import Actor
from services.core import database
from services.core.errors import Forbidden, Invalid, NotEnrolled, NotFound
from services.courses import course_cards
from services.live import class_access, rooms
from services.live.board import loading as boards
from services.people import joining, participants
from services.people.participants import Participant
from tests.factories.classes import (
    ClassAtHand,
    CourseAtHand,
    a_class,
    a_course,
    assert_log_and_projections_agree,
    join_class,
    percent,
    tap,
)
from tests.factories.people import a_guest, a_student
from tests.support.eventually import eventually

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('C7')]


async def test_an_instructor_sees_who_learns_here_and_how_far_they_are() -> None:
    klass = await a_class(learners=['Zoe', 'amina'])
    sami = await a_student(name='Mia')
    await database.write(joining.join, sami, code=klass.code)
    await tap(klass, klass.checkpoints[0], by=klass.learners[0])

    people = (await database.read(participants.of_course, klass.teacher, klass.course_id)).learners

    assert [person.name for person in people] == ['amina', 'Mia', 'Zoe']
    assert [person.percent for person in people] == [0, 0, 33]
    assert [bool(person.email) for person in people] == [False, True, False]
    amina, mia, zoe = people
    assert zoe.last_active
    assert zoe.last_active >= zoe.since
    assert not (mia.last_active and mia.last_active < mia.since)
    assert (zoe.has_been_here, amina.has_been_here) == (True, True)


@pytest.mark.both_databases
async def test_who_is_taken_out_is_off_the_board_and_cannot_go_on() -> None:
    klass = await a_class(learners=['Lena', 'Otto'])
    lena, otto = klass.learners
    for learner in klass.learners:
        await join_class(klass, by=learner)
    await tap(klass, klass.checkpoints[0], by=lena)
    room = await rooms.enter(klass.course_id)
    assert (room.board.joined, room.board.shares[0]) == (2, 1)

    await remove(klass, lena)

    await eventually(lambda: list(room.board.learners) == [otto.user_id])
    assert (room.board.joined, room.board.shares[0], room.board.percent) == (1, 0, 0)
    assert room.own_view(lena.user_id).percent == 0  # her page is still open, and shows nothing of hers
    for verb in Verb.COMPLETED, Verb.JOINED:
        with pytest.raises(NotEnrolled, match='ask your instructor to bring you back'):
            await tap(klass, klass.checkpoints[1], by=lena, verb=verb)
    with pytest.raises(NotEnrolled, match='What you did is kept'):
        await database.read(class_access.place, lena, klass.course_id)
    with pytest.raises(NotEnrolled):
        await database.write(joining.join, lena, code=klass.code)
    assert await database.read(course_cards.joined, lena) == []
    assert [card.learners for card in await database.read(course_cards.taught, klass.teacher)] == [1]
    await assert_log_and_projections_agree()


async def test_who_is_brought_back_has_everything_they_did() -> None:
    klass = await a_class(learners=['Lena', 'Otto'])
    for learner in klass.learners:
        await join_class(klass, by=learner)
    await tap(klass, klass.checkpoints[0])
    before = await database.read(boards.load, klass.course_id)
    await remove(klass, klass.learner)

    await database.write(participants.bring_back, klass.teacher, klass.course_id, user_id=klass.learner.user_id)

    assert await database.read(boards.load, klass.course_id) == before
    assert await percent(klass, klass.learner) == 33
    await tap(klass, klass.checkpoints[1])
    assert await percent(klass, klass.learner) == 66
    await assert_log_and_projections_agree()


async def test_a_removed_learner_is_listed_apart_and_their_name_is_free() -> None:
    klass = await a_class(learners=['Lena'])
    await remove(klass, klass.learner)

    await a_guest(code=klass.code, name='Lena')

    assert [person.is_removed for person in await listed(klass)] == [True, False]


async def test_a_guest_gets_a_better_name_and_the_board_has_it_at_once() -> None:
    klass = await a_class(learners=['xX_gus_Xx'])
    room = await rooms.enter(klass.course_id)

    await rename(klass, klass.learner, '  Gustav   Guest ')

    assert room.board.learners[klass.learner.user_id].name == 'Gustav Guest'
    assert [person.name for person in await listed(klass)] == ['Gustav Guest']
    with pytest.raises(Invalid):
        await rename(klass, klass.learner, '...')


async def test_who_has_an_account_chooses_their_own_name() -> None:
    course, sami = await a_course(), await a_student(name='Sami')
    await database.write(joining.join, sami, code=course.code)

    with pytest.raises(Forbidden, match='only they'):
        await rename(course, sami, 'Samuel')


@pytest.mark.parametrize('verb', [participants.remove, participants.bring_back])
async def test_who_does_not_learn_here_is_not_found(verb) -> None:  # type: ignore[no-untyped-def]
    course, elsewhere = await a_course(), await a_class(title='Water')

    with pytest.raises(NotFound, match='does not learn'):
        await database.write(verb, course.teacher, course.course_id, user_id=elsewhere.learner.user_id)


async def remove(klass: ClassAtHand, learner: Actor) -> None:
    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=learner.user_id)


async def rename(klass: ClassAtHand | CourseAtHand, learner: Actor, name: str) -> None:
    await database.write(participants.rename, klass.teacher, klass.course_id, user_id=learner.user_id, name=name)


async def listed(klass: ClassAtHand) -> tuple[Participant, ...]:
    return (await database.read(participants.of_course, klass.teacher, klass.course_id)).learners
