"""Snapshots of a class: one version is one state, and a board is kept for as long as somebody asks for it."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core import database
from services.core.errors import NotEnrolled, NotFound
from services.live import class_access, presence, room, rooms
from services.live.attendance import report
from services.live.board.views import Presence
from services.live.stream import api_presence, polling
from services.live.stream.polling import Window
from services.live.stream.snapshots import ClassState, OwnState, class_state, own_state
from services.progress import enrollments
from tests.factories.classes import ClassAtHand, a_class, join_class, tap
from tests.factories.people import a_guest, a_student, an_admin, an_instructor
from tests.services.live.test_board import BEGINNING, numbers, slow
from tests.support.eventually import eventually
from tests.support.lesson import HAPPENINGS, Command, Lesson, a_lesson

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('L5', 'B1')]

LONG = presence.IDLE_AFTER + presence.GRACE
PAGES = ('arrive', 'arrive', 'lose', 'regain', 'go', 'wait')


@slow
@given(
    commands=st.lists(
        st.tuples(st.sampled_from([*sorted(HAPPENINGS), *PAGES]), numbers, numbers), min_size=5, max_size=30
    )
)
async def test_the_same_version_is_the_same_state_for_everybody(commands: Sequence[Command]) -> None:
    lesson, stop = await a_lesson()
    try:
        seen: dict[str, ClassState | OwnState] = {}
        front = (await polling.window(lesson.course.teacher, lesson.course.course_id)).room
        for command in [*BEGINNING, *commands]:
            if command[0] in PAGES:
                open_or_close(front, lesson, *command)
            else:
                await lesson.do(command)
            for learner in [None, *lesson.learners]:
                window = Window(room=front, user_id=learner.user_id if learner else 0, learns=learner is not None)
                state = drawn(window)
                assert seen.setdefault(window.version, state) == state, command
                assert window.look().state == state, command
    finally:
        stop()
        rooms.close_all()


def open_or_close(front: room.Room, lesson: Lesson, what: str, who: int, _: int) -> None:
    """Let a page be opened, be cut off, come back or go; or let time pass."""
    learner = lesson.someone(who)
    if what == 'wait':
        front.presences.pass_time(asyncio.get_running_loop().time() + LONG)
    elif what == 'arrive' and learner:
        front.arrive(learner.user_id)
    elif learner and front.presences.is_here(learner.user_id):
        {'lose': front.lose, 'regain': front.regain, 'go': front.leave}[what](learner.user_id)


def drawn(window: Window) -> ClassState | OwnState:
    if window.learns:
        return own_state(window.room.board, window.user_id, window.version)
    return class_state(window.room.board, window.room.presences, window.version)


@pytest.fixture
async def klass() -> ClassAtHand:
    return await a_class(learners=['Lena Low', 'Otto Old'])


async def test_those_who_teach_share_what_was_made_once(klass: ClassAtHand) -> None:
    mine = await polling.of_class(klass.teacher, klass.course_id)
    theirs = await polling.of_class(await an_admin(), klass.course_id)
    assert mine is theirs

    await tap(klass, klass.checkpoints[0])

    later = await polling.of_class(klass.teacher, klass.course_id)
    assert isinstance(later.state, ClassState)
    assert later.version != mine.version
    assert [learner.marks for learner in later.state.learners] == [('done', 'not_yet', 'not_yet'), ('not_yet',) * 3]


async def test_a_learner_is_given_nothing_of_others_and_is_not_told_when_they_move(klass: ClassAtHand) -> None:
    lena, otto = klass.learners
    before = await polling.of_class(lena, klass.course_id)

    await tap(klass, klass.checkpoints[0], by=otto)
    after = await polling.of_class(lena, klass.course_id)

    assert after.version == before.version
    assert b'Otto' not in after.body
    assert isinstance(after.state, OwnState)
    assert after.state.class_percent is None


async def test_the_figure_of_the_class_is_told_of_five_and_more(klass: ClassAtHand) -> None:
    people = [*klass.learners, *[await a_guest(code=klass.code, name=f'Guest {n}') for n in range(3)]]
    for who in people:
        assert (await own(klass)).class_percent is None
        await join_class(klass, by=who)

    assert (await own(klass)).class_percent == 0
    for who in people[1:]:
        await tap(klass, klass.checkpoints[0], by=who)
    assert (await own(klass)).class_percent == 26


@pytest.mark.req('L10')
async def test_the_figure_of_the_class_does_not_move_with_who_is_hidden(klass: ClassAtHand) -> None:
    people = [*klass.learners, *[await a_guest(code=klass.code, name=f'Guest {n}') for n in range(4)]]
    for who in people:
        await join_class(klass, by=who)
    hidden = people[-1]
    await database.write(enrollments.hide, hidden, klass.course_id, True)
    before = (await own(klass)).class_percent

    for checkpoint in klass.checkpoints:
        await tap(klass, checkpoint, by=hidden)
    assert (before, (await own(klass)).class_percent) == (0, 0)
    await database.write(enrollments.hide, people[-2], klass.course_id, True)

    assert (await own(klass)).class_percent is None, 'four are shown'


async def test_there_is_no_window_for_those_who_have_nothing_to_do_with_the_course(klass: ClassAtHand) -> None:
    for stranger in await a_student(), await an_instructor():
        with pytest.raises(NotFound):
            await polling.window(stranger, klass.course_id)
        with pytest.raises(NotFound):
            await class_access.teachers_room(stranger, klass.course_id)
    with pytest.raises(NotFound):
        await class_access.teachers_room(klass.learner, klass.course_id)
    with pytest.raises(NotEnrolled):
        await class_access.learners_room(klass.teacher, klass.course_id)


async def test_a_board_is_kept_while_somebody_asks_and_then_let_go(
    klass: ClassAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await polling.window(klass.teacher, klass.course_id)
    first.room.close_if_empty()
    assert list(rooms.open_rooms()) == [first.room]

    monkeypatch.setattr(room, 'KEPT_EMPTY', 0.05)
    rooms.close_all()
    await polling.window(klass.teacher, klass.course_id)
    await eventually(lambda: not list(rooms.open_rooms()))

    again = await polling.window(klass.teacher, klass.course_id)
    assert again.room is not first.room
    assert again.version != first.version


async def test_a_program_is_here_while_it_gives_signs_of_life(
    klass: ClassAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_presence, 'SILENT', 0.05)
    monkeypatch.setattr(api_presence, 'GONE', 3.0)
    monkeypatch.setattr(presence, 'GRACE', 0.0)
    lena = klass.learner
    await api_presence.join(lena, klass.course_id)
    front = await class_access.learners_room(lena, klass.course_id)
    assert (await on_the_roll(klass)) == [('Lena Low', True)]

    await eventually(lambda: front.presences.shown(lena.user_id) is Presence.LOST)
    api_presence.heard(lena.sign_in_id, lena.user_id)
    assert front.presences.shown(lena.user_id) is Presence.WORKING

    await eventually(lambda: not front.presences.is_here(lena.user_id))
    await eventually(lambda: not api_presence._leaving)
    assert (await on_the_roll(klass)) == [('Lena Low', False)]


async def test_joining_twice_is_joining_once_and_leaving_twice_is_leaving_once(klass: ClassAtHand) -> None:
    for verb, is_here in (api_presence.join, True), (api_presence.leave, False):
        await verb(klass.learner, klass.course_id)
        told = (await polling.of_class(klass.teacher, klass.course_id)).state
        await verb(klass.learner, klass.course_id)

        again = (await polling.of_class(klass.teacher, klass.course_id)).state
        assert isinstance(told, ClassState)
        assert isinstance(again, ClassState)
        assert told.activity_id == again.activity_id
        assert (await on_the_roll(klass)) == [('Lena Low', is_here)]


async def own(klass: ClassAtHand) -> OwnState:
    state = (await polling.of_class(klass.learner, klass.course_id)).state
    assert isinstance(state, OwnState)
    return state


async def on_the_roll(klass: ClassAtHand) -> list[tuple[str, bool]]:
    """Who came, and whether they are still here."""
    roll = await database.read(report.of_class, klass.teacher, klass.course_id, klass.session_id)
    return [(each.name, each.is_here) for each in roll.present]
