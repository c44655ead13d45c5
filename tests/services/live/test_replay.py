"""A class that is over, looked at again."""

import dataclasses
from datetime import timedelta

import pytest
import time_machine

from models import Mode, Verb
from services.activity import recording
from services.activity.log import Entry
from services.core import clock, database
from services.core.database import Database
from services.core.errors import NotFound, Refused
from services.core.transaction import Transaction
from services.live import rooms, sessions
from services.live.board.views import Change, Mark, Names
from services.live.help import queue
from services.live.replay import classes, result
from services.live.replay.classes import Replay
from services.people import groups, participants
from tests.factories.classes import ClassAtHand, a_class, join_class, tap, undo
from tests.support.queries import statements

pytestmark = [pytest.mark.both_databases, pytest.mark.req('L11'), pytest.mark.usefixtures('db')]


async def a_lesson() -> ClassAtHand:
    """Ten minutes: four learners, one checkpoint after the other, one second thought, one who is stuck."""
    start = clock.now()
    with time_machine.travel(start, tick=False) as time:
        klass = await a_class(checkpoints=2, learners=['Ada', 'Ben', 'Cleo', 'Dan'])
        one, two = klass.checkpoints
        for who in klass.learners[:3]:
            await join_class(klass, by=who)
        for minute, who in enumerate(klass.learners[:3], start=1):
            time.move_to(start + timedelta(minutes=minute - 1, seconds=30))
            await tap(klass, one, by=who, verb=Verb.STARTED)
            time.move_to(start + timedelta(minutes=minute))
            await tap(klass, one, by=who, then=two)
        time.move_to(start + timedelta(minutes=5))
        await undo(klass, one, by=klass.learners[0])
        await database.write(queue.ask, klass.learners[1], klass.session_id, two)
        time.move_to(start + timedelta(minutes=6))
        await join_class(klass, by=klass.learners[3])
        time.move_to(start + timedelta(minutes=10))
        await database.write(sessions.end, klass.teacher, klass.course_id)
    return klass


async def told(klass: ClassAtHand) -> Replay:
    return await database.read(classes.of_class, klass.teacher, klass.course_id, klass.session_id)


def marks(again: Replay, second: int) -> dict[str, tuple[int, ...]]:
    return {row.name: row.marks for row in again.at(second).rows}


async def test_the_grid_is_as_it_was_at_every_moment() -> None:
    again = await told(await a_lesson())

    assert again.held.seconds == 600
    assert marks(again, 0)['Ada'] == (Mark.NOT_YET, Mark.NOT_YET)
    assert marks(again, 60)['Ada'] == (Mark.DONE, Mark.WORKING)
    assert marks(again, 60)['Ben'] == (Mark.NOT_YET, Mark.NOT_YET)
    assert marks(again, 300)['Ada'] == (Mark.WORKING, Mark.WORKING)
    assert marks(again, 300)['Ben'] == (Mark.DONE, Mark.STUCK)
    assert [again.at(second).headcount.here for second in (0, 359, 360)] == [3, 3, 4]


async def test_at_the_end_it_is_the_board() -> None:
    klass = await a_lesson()
    room = await rooms.enter(klass.course_id)

    at_end = (await told(klass)).at(600)

    board = {row.name: row.marks for row in room.class_view(Names.TEACHER).rows}
    assert {row.name: row.marks for row in at_end.rows} == board
    assert at_end.shares == room.class_view(Names.TEACHER).shares
    assert at_end.percent == room.board.percent


async def test_changes_lead_from_one_moment_to_the_other() -> None:
    again = await told(await a_lesson())
    shown = {(row.key, place): mark for row in again.at(0).rows for place, mark in enumerate(row.marks)}
    places = {column.checkpoint_id: place for place, column in enumerate(again.columns)}

    for second in range(0, 600, 45):
        change: Change = again.change(second, min(600, second + 45))
        shown |= {(key, places[checkpoint]): mark for key, checkpoint, mark in change.cells}
        view = again.at(min(600, second + 45))
        assert shown == {(row.key, place): mark for row in view.rows for place, mark in enumerate(row.marks)}
        assert (change.shares, change.percent) == (view.shares, view.percent)


async def test_each_checkpoint_tells_when_half_and_nine_tenths_were_done_and_how_long_it_took() -> None:
    again = await told(await a_lesson())

    first, second = again.times
    assert first.took == (30, 30)  # Ada took hers back
    assert first.reached == (180, None)
    assert first.quarters == (30, 30, 30)
    assert (second.took, second.reached, second.quarters) == ((), (None, None), None)


async def test_what_was_done_before_the_class_is_there_at_its_beginning() -> None:
    klass = await a_class(checkpoints=1, learners=['Ada'])
    await database.write(sessions.end, klass.teacher, klass.course_id)

    def at_home(tx: Transaction) -> None:
        entry = Entry(
            user_id=klass.learner.user_id,
            tap_id='home',
            verb=Verb.COMPLETED,
            course_id=klass.course_id,
            checkpoint_id=klass.checkpoints[0],
            mode=Mode.SELF_PACED,
        )
        recording.record(tx, [entry])

    await database.write(at_home)
    session_id = await database.write(sessions.start, klass.teacher, klass.course_id)
    later = dataclasses.replace(klass, session_id=session_id)
    await join_class(later)
    await database.write(sessions.end, klass.teacher, klass.course_id)

    assert marks(await told(later), 0) == {'Ada': (Mark.DONE_BEFORE,)}
    held = (await database.read(classes.of_course, klass.teacher, klass.course_id)).held
    assert [(each.session_id, each.people) for each in held] == [(session_id, 1), (klass.session_id, 0)]


async def a_course_with_classes(count: int) -> ClassAtHand:
    """One class after the other; in each one checkpoint more is done, and after it something at home."""
    klass = await a_class(checkpoints=4, learners=['Ada', 'Ben', 'Cleo'])
    for number in range(count):
        if number:
            session_id = await database.write(sessions.start, klass.teacher, klass.course_id)
            klass = dataclasses.replace(klass, session_id=session_id)
        for who in klass.learners[: number + 1]:
            await join_class(klass, by=who)
            await tap(klass, klass.checkpoints[number], by=who)
        if number == 1:
            await undo(klass, klass.checkpoints[0], by=klass.learners[0])
        await database.write(queue.ask, klass.learners[0], klass.session_id, klass.checkpoints[3])
        await database.write(sessions.end, klass.teacher, klass.course_id)
    return klass


async def test_the_list_tells_of_each_class_what_its_own_page_tells() -> None:
    klass = await a_course_with_classes(3)

    held = (await database.read(classes.of_course, klass.teacher, klass.course_id)).held

    assert [(each.people, each.percent) for each in held] == [(3, 41), (2, 25), (1, 25)]
    for each in held:
        again = await database.read(classes.of_class, klass.teacher, klass.course_id, each.session_id)
        assert again.held == each


async def test_the_list_asks_as_much_of_the_database_for_three_classes_as_for_one(db: Database) -> None:
    asked = []
    for klass in (await a_course_with_classes(1), await a_course_with_classes(3)):
        with statements(db.engines.reading) as seen:
            await database.read(classes.of_course, klass.teacher, klass.course_id)
        asked.append(len(seen))

    # who asks, the course, its classes, its checkpoints, its groups, who was merged, the log; and the row of this look
    assert asked == [9, 9]


async def test_a_class_that_is_still_on_or_somewhere_else_cannot_be_looked_at_again() -> None:
    klass, other = await a_class(), await a_class()

    with pytest.raises(Refused, match='still on'):
        await told(klass)
    with pytest.raises(NotFound):
        await database.read(classes.of_class, klass.teacher, klass.course_id, other.session_id)


async def in_groups(klass: ClassAtHand, **names: str) -> None:
    by_name = {learner.name: learner for learner in klass.learners}
    for name, group in names.items():
        who = by_name[name].user_id
        await database.write(groups.put, klass.teacher, klass.course_id, user_id=who, name=group)


@pytest.mark.req('C7')
async def test_a_group_has_the_grid_and_every_figure_of_a_class_to_itself() -> None:
    klass = await a_lesson()
    await in_groups(klass, Ada='Red', Ben='Blue', Dan='Blue')
    room = await rooms.enter(klass.course_id)

    for group, names in {'Red': ['Ada'], 'Blue': ['Ben', 'Dan'], 'None': []}.items():
        again = await database.read(classes.of_class, klass.teacher, klass.course_id, klass.session_id, group=group)
        end, board = again.at(600), room.class_view(Names.TEACHER, group)
        assert again.groups == ('Blue', 'Red')
        assert list(again.names.values()) == names
        assert {row.name: row.marks for row in end.rows} == {row.name: row.marks for row in board.rows}
        assert (end.shares, end.percent, end.headcount.here) == (board.shares, board.percent, len(names))
        assert again.held.people == len(names)
        (held,) = (await database.read(classes.of_course, klass.teacher, klass.course_id, group=group)).held
        assert held == again.held
    blue = await database.read(classes.of_class, klass.teacher, klass.course_id, klass.session_id, group='Blue')
    assert blue.times[0].took == (30,)
    assert blue.times[0].reached == (120, None)


@pytest.mark.req('C7')
async def test_the_result_of_a_class_is_that_of_a_group() -> None:
    klass = await a_lesson()
    await in_groups(klass, Ada='Red', Ben='Blue', Cleo='Red')

    async def of(group: str) -> result.Result:
        return await database.read(result.of_class, klass.teacher, klass.course_id, klass.session_id, group=group)

    red, blue = await of('Red'), await of('Blue')
    assert (red.held.people, red.asked) == (2, ())
    assert [share for _, share in red.shares] == [50, 0]
    assert (blue.held.people, blue.asked) == (1, ('Ben',))
    assert [share for _, share in blue.shares] == [100, 0]
    assert (await of('')).held.people == 4
    assert red.groups == blue.groups == ('Blue', 'Red')


@pytest.mark.req('C7')
async def test_a_learner_who_was_taken_out_since_is_still_in_the_group_of_then() -> None:
    klass = await a_lesson()
    await in_groups(klass, Ada='Red')
    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=klass.learners[0].user_id)

    again = await database.read(classes.of_class, klass.teacher, klass.course_id, klass.session_id, group='Red')

    assert (again.groups, again.held.people) == (('Red',), 1)
