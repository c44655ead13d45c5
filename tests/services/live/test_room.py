"""In front of a class: changes reach every screen, in ticks, and nothing is lost while the board is loaded anew."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError

from models import Verb
from services.core import database
from services.core.errors import NotEnrolled
from services.core.transaction import Transaction
from services.courses import checkpoints
from services.live import joining, presence, room, rooms, sessions
from services.live.board import loading as boards
from services.live.board.board import Board
from services.live.board.learner import STARTED
from services.live.board.views import Change, Names, Presence
from services.live.room import Room
from services.people import custom_fields, groups
from tests.factories.classes import ClassAtHand, a_class, join_class, tap
from tests.factories.people import a_guest, a_student
from tests.services.live.test_board import observable
from tests.support.eventually import eventually

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('L2', 'L4', 'L6')]


@pytest.fixture
async def klass(db: object) -> ClassAtHand:
    held = await a_class(checkpoints=3, learners=['Lena Low', 'Otto Old'])
    for who in held.learners:
        await join_class(held, by=who)
    return held


async def test_a_tap_reaches_every_grid_as_its_one_cell(klass: ClassAtHand) -> None:
    front = await rooms.enter(klass.course_id)
    projector, laptop = watch(front, Names.ALIAS), watch(front, Names.TEACHER)

    await tap(klass, klass.checkpoints[1])

    await eventually(lambda: projector and laptop)
    for changes in projector, laptop:
        (change,) = changes
        assert change
        ((key, checkpoint, mark),) = change.cells
        assert (key, checkpoint, mark) == (front.board.learners[klass.learner.user_id].key, klass.checkpoints[1], 2)
        assert change.percents == ((key, 33),)
        assert change.shares == ((0, 50, 0) if changes is laptop else (None, None, None))


async def test_a_burst_is_one_change_in_a_tick(klass: ClassAtHand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, 'TICK', 2.0)  # into which four taps fit on a busy machine, too
    front = await rooms.enter(klass.course_id)
    grid = watch(front, Names.ALIAS)
    await tap(klass, klass.checkpoints[0])
    await eventually(lambda: len(grid) == 1)  # the first of a quiet moment goes out at once

    for checkpoint in klass.checkpoints[1:]:
        for who in klass.learners:
            await tap(klass, checkpoint, by=who)

    await eventually(lambda: len(grid) > 1)
    assert grid[1]
    assert len(grid[1].cells) == 4
    assert len(grid) == 2


async def test_a_late_joiner_appears_as_a_row(klass: ClassAtHand) -> None:
    front = await rooms.enter(klass.course_id)
    grid = watch(front, Names.TEACHER)

    late = await a_guest(code=klass.code, name='Pia Punctual')
    await join_class(klass, by=late)

    await eventually(lambda: [row.name for change in grid if change for row in change.rows][-1:] == ['Pia Punctual'])


@pytest.mark.parametrize('gesture', ['end', 'steer'])
async def test_starting_steering_and_ending_make_everybody_look_again(klass: ClassAtHand, gesture: str) -> None:
    front = await rooms.enter(klass.course_id)
    grid, own = watch(front, Names.ALIAS), watch_own(front, klass)
    before = front.own_version(klass.learner.user_id)

    if gesture == 'end':
        await database.write(sessions.end, klass.teacher, klass.course_id)
    else:
        await database.write(sessions.set_current, klass.teacher, klass.course_id, klass.checkpoints[2])

    await eventually(lambda: grid and own)
    assert grid == [None]
    assert front.own_version(klass.learner.user_id) != before
    view = front.own_view(klass.learner.user_id)
    assert (view.has_ended, view.led_to) == ((True, None) if gesture == 'end' else (False, klass.checkpoints[2]))


async def test_steering_there_and_back_within_a_tick_is_noticed(klass: ClassAtHand) -> None:
    front = await rooms.enter(klass.course_id)
    seen = {front.own_version(klass.learner.user_id)}

    for number in range(30):
        await database.write(sessions.set_current, klass.teacher, klass.course_id, klass.checkpoints[number % 2])
        seen.add(front.own_version(klass.learner.user_id))

    assert len(seen) == 31


async def test_taps_made_while_the_board_is_loaded_anew_are_on_it(
    klass: ClassAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    front = await rooms.enter(klass.course_id)
    old = front.board
    loading, may_go_on = hold_loading(monkeypatch)

    await database.write(checkpoints.add, klass.teacher, klass.module_id, lines='One more')
    await asyncio.to_thread(loading.wait, 5)
    for who in klass.learners:
        await tap(klass, klass.checkpoints[0], by=who)
    late = await a_guest(code=klass.code, name='Pia')
    await join_class(klass, by=late)
    assert front.board is old
    may_go_on.set()

    await eventually(lambda: front.board is not old)
    assert observable(front.board) == observable(await fresh(klass))


async def test_a_course_edited_while_the_room_opens_is_not_missed(
    klass: ClassAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading, may_go_on = hold_loading(monkeypatch)
    opening = asyncio.create_task(rooms.enter(klass.course_id))
    await asyncio.to_thread(loading.wait, 5)

    await database.write(checkpoints.add, klass.teacher, klass.module_id, lines='One more')
    await tap(klass, klass.checkpoints[0])
    may_go_on.set()

    front = await opening
    await eventually(lambda: len(front.board.places) == 4)
    assert observable(front.board) == observable(await fresh(klass))


async def test_a_board_that_could_not_be_loaded_is_loaded_a_little_later(
    klass: ClassAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    front = await rooms.enter(klass.course_id)
    load = boards.load

    def once_in_trouble(tx: Transaction, course_id: int) -> Board:
        monkeypatch.setattr(boards, 'load', load)
        raise OperationalError('SELECT', {}, Exception('the connection was lost'))

    monkeypatch.setattr(room, 'RELOAD_AGAIN', 0.01)
    monkeypatch.setattr(boards, 'load', once_in_trouble)
    await database.write(checkpoints.add, klass.teacher, klass.module_id, lines='One more')
    await tap(klass, klass.checkpoints[0])

    await eventually(lambda: len(front.board.places) == 4)
    assert observable(front.board) == observable(await fresh(klass))


async def test_many_edits_in_a_row_end_in_the_last_shape(klass: ClassAtHand) -> None:
    front = await rooms.enter(klass.course_id)

    await asyncio.gather(
        *(database.write(checkpoints.add, klass.teacher, klass.module_id, lines=f'Step {n}') for n in range(10)),
        *(tap(klass, checkpoint, by=who) for checkpoint in klass.checkpoints for who in klass.learners),
    )

    await eventually(lambda: len(front.board.places) == 13)
    assert observable(front.board) == observable(await fresh(klass))


async def test_a_screen_that_fails_does_not_stop_the_others(
    klass: ClassAtHand, server_log_lines: list[dict[str, object]]
) -> None:
    front = await rooms.enter(klass.course_id)

    def broken(_: Change | None) -> None:
        raise ZeroDivisionError

    front.screens.watch_grid(Names.ALIAS, broken)
    grid = watch(front, Names.ALIAS)

    await tap(klass, klass.checkpoints[0])
    await eventually(lambda: grid)

    assert [line['event'] for line in server_log_lines if line['log_level'] == 'error'] == ['screen failed']


async def test_who_watches_no_longer_is_not_told(klass: ClassAtHand) -> None:
    front = await rooms.enter(klass.course_id)
    gone: list[Change | None] = []
    stop = front.screens.watch_grid(Names.ALIAS, gone.append)
    still_here = watch(front, Names.ALIAS)
    stop()

    await tap(klass, klass.checkpoints[0])
    await eventually(lambda: still_here)

    assert gone == []


async def test_somebody_with_two_pages_is_here_until_the_last_one_is_gone(
    klass: ClassAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, 'PRESENCE_INTERVAL', 0.01)
    monkeypatch.setattr(presence, 'GRACE', 0.05)
    front = await rooms.enter(klass.course_id)
    grid, projector = watch(front, Names.TEACHER), watch(front, Names.ALIAS)
    who = klass.learner.user_id

    assert [front.arrive(who), front.arrive(who)] == [True, False]
    await eventually(lambda: grid)
    assert [front.leave(who), front.leave(who)] == [False, True]
    await eventually(lambda: len(grid) == 2)

    key = front.board.learners[who].key
    moved = [change for change in grid if change]
    assert [change.presence for change in moved] == [((key, Presence.WORKING),), ((key, Presence.LOST),)]
    public = [change for change in projector if change]
    assert [change.presence for change in public] == [(), ()]  # who it is is nobody's business there
    for seen in moved, public:
        assert [(change.headcount.here, change.headcount.lost) for change in seen] == [(1, 1), (0, 2)]


async def test_coming_and_going_is_in_the_log_and_starts_the_first_checkpoint(klass: ClassAtHand) -> None:
    front = await rooms.enter(klass.course_id)

    await joining.come(front, klass.learner)
    assert front.board.learners[klass.learner.user_id].cells[0] == STARTED
    await joining.go(front, klass.learner)

    with pytest.raises(NotEnrolled):
        await joining.come(front, await a_student())
    await database.write(sessions.end, klass.teacher, klass.course_id)
    await joining.come(front, klass.learner)  # the class is over: nothing to note
    assert (await tap(klass, None, verb=Verb.LEFT)).verb is Verb.LEFT


async def test_one_room_for_all_who_enter_at_once(klass: ClassAtHand) -> None:
    entered = await asyncio.gather(*(rooms.enter(klass.course_id) for _ in range(20)))

    assert len({id(each) for each in entered}) == 1


async def test_news_of_a_class_before_this_one_change_nothing(klass: ClassAtHand) -> None:
    """A fresh board may know of a new class already when it is told how the one before it ended."""
    front = await rooms.enter(klass.course_id)
    before = front.board.session
    assert before
    await database.write(sessions.end, klass.teacher, klass.course_id)
    again = await database.write(sessions.start, klass.teacher, klass.course_id)
    await join_class(replace(klass, session_id=again))
    known = observable(front.board)

    front.board.apply([replace(before, ended_at=before.started_at)])

    assert observable(front.board) == known == observable(await fresh(klass))


async def put_in_a_group(klass: ClassAtHand) -> None:
    await database.write(groups.put, klass.teacher, klass.course_id, user_id=klass.learner.user_id, name='Early birds')


async def note_a_field(klass: ClassAtHand) -> None:
    fields = [('Desk', '7')]
    await database.write(
        custom_fields.fill, klass.teacher, klass.course_id, user_id=klass.learner.user_id, fields=fields
    )


async def give_extra_time(klass: ClassAtHand) -> None:
    await database.write(
        groups.give_extra_time, klass.teacher, klass.course_id, user_id=klass.learner.user_id, percent=25
    )


@pytest.mark.parametrize('noted', [put_in_a_group, note_a_field, give_extra_time])
async def test_what_is_noted_of_a_learner_loads_no_board_anew(
    klass: ClassAtHand, noted: Callable[[ClassAtHand], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[int] = []
    load = boards.load
    monkeypatch.setattr(boards, 'load', lambda tx, course_id: (loads.append(course_id), load(tx, course_id))[1])
    front = await rooms.enter(klass.course_id)
    board, own = front.board, watch_own(front, klass)
    loads.clear()

    await noted(klass)
    await tap(klass, klass.checkpoints[0])
    await eventually(lambda: own)

    assert front.board is board
    assert loads == []
    assert observable(board) == observable(await database.read(load, klass.course_id))


def watch(front: Room, names: Names) -> list[Change | None]:
    changes: list[Change | None] = []
    front.screens.watch_grid(names, changes.append)
    return changes


def watch_own(front: Room, klass: ClassAtHand) -> list[bool]:
    told: list[bool] = []
    front.screens.watch_own(klass.learner.user_id, lambda: told.append(True), lambda _: None)
    return told


def hold_loading(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Let the next load of a board read the database, and then hold it until it may go on."""
    loading, may_go_on = threading.Event(), threading.Event()
    load = boards.load

    def slow(tx: Transaction, course_id: int) -> Board:
        board = load(tx, course_id)
        loading.set()
        assert may_go_on.wait(5)
        return board

    monkeypatch.setattr(boards, 'load', slow)
    return loading, may_go_on


async def fresh(klass: ClassAtHand) -> Board:
    return await database.read(boards.load, klass.course_id)
