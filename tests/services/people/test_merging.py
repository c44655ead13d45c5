"""Guests who turn out to be somebody else: one person, one row, and back again without a trace."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from models import Enrollment, Progress
from services import verify
from services.access import Actor
from services.core import database
from services.core.errors import DomainError, NotFound, Refused
from services.core.transaction import Transaction
from services.live import class_access, rooms
from services.live.board import loading as boards
from services.people import joining, merging, participants
from tests.factories.classes import (
    ClassAtHand,
    a_class,
    assert_log_and_projections_agree,
    join_class,
    percent,
    tap,
    undo,
)
from tests.factories.people import a_student
from tests.support.eventually import eventually

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('A5')]


async def test_what_both_did_counts_once_and_the_board_shows_one_row() -> None:
    klass = await a_class(learners=['Lena', 'lena on the phone'])
    lena, phone = klass.learners
    for checkpoint, who in ((0, lena), (0, phone), (1, phone)):
        await tap(klass, klass.checkpoints[checkpoint], by=who)
    room = await rooms.enter(klass.course_id)

    await merge(klass, phone, lena)

    assert await percent(klass, lena) == 66
    await eventually(lambda: list(room.board.learners) == [lena.user_id])
    assert room.board.learners[lena.user_id].done == 2
    with pytest.raises(DomainError, match='under another name too'):
        await database.read(class_access.place, phone, klass.course_id)
    with pytest.raises(DomainError):
        await tap(klass, klass.checkpoints[2], by=phone)
    await assert_log_and_projections_agree()


async def test_who_came_on_the_other_device_has_joined_the_class() -> None:
    klass = await a_class(learners=['Lena', 'lena on the phone'])
    lena, phone = klass.learners
    await join_class(klass, by=phone)

    await merge(klass, phone, lena)

    board = await database.read(boards.load, klass.course_id)
    assert (board.joined, board.learners[lena.user_id].joined) == (1, True)


async def test_two_halves_complete_a_course_as_long_as_they_are_one() -> None:
    klass = await a_class(checkpoints=2, learners=['Lena', 'lena on the phone'])
    lena, phone = klass.learners
    await tap(klass, klass.checkpoints[0], by=lena)
    await tap(klass, klass.checkpoints[1], by=phone)
    before = await stored()

    await merge(klass, phone, lena)
    assert any(completed for *_, completed, _removed in (await stored())[1])
    await assert_log_and_projections_agree()
    await unmerge(klass, phone)

    assert await stored() == before
    await assert_log_and_projections_agree()


async def test_a_guest_may_turn_out_to_be_an_account_but_never_the_other_way_round() -> None:
    klass = await a_class(learners=['sami'])
    sami, other = await a_student(name='Sami'), await a_student(name='Other')
    for account in sami, other:
        await database.write(joining.join, account, code=klass.code)
    await tap(klass, klass.checkpoints[0])

    for one, two in ((sami, klass.learner), (sami, other)):
        with pytest.raises(Refused, match='has an account'):
            await merge(klass, one, two)
    await merge(klass, klass.learner, sami)

    assert await percent(klass, sami) == 33


async def test_what_makes_no_sense_is_refused_with_a_reason() -> None:
    klass = await a_class(learners=['Lena', 'Otto', 'Mia'])
    lena, otto, mia = klass.learners
    elsewhere = await a_class(title='Water')

    with pytest.raises(Refused, match='one person already'):
        await merge(klass, lena, lena)
    with pytest.raises(NotFound, match='does not learn'):
        await merge(klass, lena, elsewhere.learner)
    with pytest.raises(Refused, match='stands alone'):
        await unmerge(klass, lena)
    await merge(klass, lena, otto)
    for guest, person in ((lena, mia), (mia, lena), (otto, mia)):
        with pytest.raises(Refused, match='Separate them first'):
            await merge(klass, guest, person)
    with pytest.raises(Refused, match='Separate'):
        await database.write(participants.bring_back, klass.teacher, klass.course_id, user_id=lena.user_id)
    assert await merged_names(klass) == ['Otto']


async def test_who_signs_in_keeps_what_they_did_as_a_guest() -> None:
    klass = await a_class(learners=['sami'])
    await tap(klass, klass.checkpoints[0])
    sami = await a_student(name='Sami')

    await database.write(merging.adopt, sami, guest=klass.learner)

    assert await percent(klass, sami) == 33
    await tap(klass, klass.checkpoints[1], by=sami)
    assert await percent(klass, sami) == 66
    await database.write(merging.adopt, sami, guest=klass.learner)  # once more changes nothing
    await assert_log_and_projections_agree()


async def test_a_teacher_who_signs_in_takes_nothing_over() -> None:
    klass = await a_class(learners=['gus'])

    await database.write(merging.adopt, klass.teacher, guest=klass.learner)

    assert await percent(klass, klass.learner) == 0
    await assert_log_and_projections_agree()


async def test_who_was_taken_out_does_not_come_back_through_an_account() -> None:
    klass = await a_class(learners=['gus'])
    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=klass.learner.user_id)
    sami = await a_student(name='Sami')

    await database.write(merging.adopt, sami, guest=klass.learner)

    with pytest.raises(NotFound):
        await database.read(class_access.place, sami, klass.course_id)


WHAT = ['complete', 'complete', 'undo', 'merge', 'unmerge', 'remove', 'bring back']
happenings = st.lists(st.tuples(st.sampled_from(WHAT), st.integers(0, 3), st.integers(0, 3)), max_size=25)


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(commands=happenings)
@example(commands=[('complete', 0, 0), ('complete', 1, 1), ('merge', 0, 1), ('undo', 1, 0), ('unmerge', 0, 0)])
@example(commands=[('complete', 0, 0), ('complete', 0, 1), ('merge', 0, 1), ('merge', 2, 1), ('unmerge', 0, 0)])
async def test_whatever_happens_the_tables_are_what_the_log_says(
    begin_anew: Callable[[], None], commands: list[tuple[str, int, int]]
) -> None:
    begin_anew()
    klass = await a_class(checkpoints=2, learners=['Lena', 'Otto', 'Mia'])
    sami = await a_student(name='Sami')
    await database.write(joining.join, sami, code=klass.code)
    people = [*klass.learners, sami]

    for what, who, where in commands:
        with suppress(DomainError):
            await happen(klass, what, people[who], people[where], klass.checkpoints[where % 2])
        await assert_log_and_projections_agree()

    for guest in klass.learners:
        for person in people:
            before = await stored()
            with suppress(Refused):
                await merge(klass, guest, person)
                await assert_log_and_projections_agree()
                await unmerge(klass, guest)
                assert await stored() == before
            assert await database.read(verify.differences) == []


async def happen(klass: ClassAtHand, what: str, who: Actor, other: Actor, checkpoint: int) -> None:
    if what == 'complete':
        await tap(klass, checkpoint, by=who)
    elif what == 'undo':
        await undo(klass, checkpoint, by=who)
    elif what == 'merge':
        await merge(klass, who, other)
    elif what == 'unmerge':
        await unmerge(klass, who)
    else:
        verb = participants.remove if what == 'remove' else participants.bring_back
        await database.write(verb, klass.teacher, klass.course_id, user_id=who.user_id)


async def merge(klass: ClassAtHand, guest: Actor, person: Actor) -> None:
    ids = {'guest_id': guest.user_id, 'into_id': person.user_id}
    await database.write(merging.merge, klass.teacher, klass.course_id, **ids)


async def unmerge(klass: ClassAtHand, guest: Actor) -> None:
    await database.write(merging.unmerge, klass.teacher, klass.course_id, guest_id=guest.user_id)


async def merged_names(klass: ClassAtHand) -> list[str]:
    people = (await database.read(participants.of_course, klass.teacher, klass.course_id)).learners
    return [person.merged_into for person in people if person.merged_into]


async def stored() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Return everything in the tables that merging touches."""

    def read(tx: Transaction) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
        checkpoints = select(
            *map(col, (Progress.user_id, Progress.checkpoint_id, Progress.mode, Progress.started_at)),
            *map(col, (Progress.completed_at, Progress.duration_seconds)),
        )
        places = select(
            *map(col, (Enrollment.user_id, Enrollment.course_id, Enrollment.percent)),
            *map(col, (Enrollment.completed_at, Enrollment.removed_at)),
        )
        return sorted(map(tuple, tx.execute(checkpoints)), key=str), sorted(map(tuple, tx.execute(places)), key=str)

    return await database.read(read)
