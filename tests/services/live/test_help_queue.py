"""Being stuck: asking, being helped, and what the log says of it afterwards."""

import asyncio
from collections.abc import Callable, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from models import Activity, HelpRequest, Verb
from services.access import Actor
from services.activity import log
from services.core import database
from services.core.errors import Forbidden, Gone, Invalid, NotEnrolled, NotFound, NotSignedIn, Refused
from services.courses import catalog, checkpoints
from services.live import rooms, sessions
from services.live.board import help_views
from services.live.board import loading as boards
from services.live.board.board import STUCK, Board
from services.live.board.help_views import Offer
from services.live.board.views import Change, Mark, Names
from services.live.help import queue
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree, join_class, tap, undo
from tests.factories.people import a_student, an_instructor
from tests.services.live.test_board import BEGINNING, mostly_help, slow
from tests.support.eventually import eventually
from tests.support.lesson import Command, a_lesson

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('L7')]


@pytest.fixture
async def klass(db: object) -> ClassAtHand:
    held = await a_class(learners=['Lena Low', 'Otto Old', 'Pia Punctual'])
    for who in held.learners:
        await join_class(held, by=who)
    return held


async def test_a_learner_asks_is_helped_and_the_log_says_by_whom(klass: ClassAtHand) -> None:
    asked = await ask(klass, words='  the colour\nstays blue ')
    await database.write(queue.claim, klass.teacher, asked)
    await database.write(queue.resolve, klass.learner, asked)

    request = await stored(asked)
    assert (request.words, request.helper_id) == ('the colour stays blue', klass.teacher.user_id)
    assert request.resolved_at
    lena, ines = klass.learner.user_id, klass.teacher.user_id
    assert await told() == [
        (lena, Verb.HELP_ASKED, lena, 'the colour stays blue'),
        (ines, Verb.HELP_CLAIMED, lena, ''),
        (lena, Verb.HELP_RESOLVED, lena, ''),
    ]
    await assert_log_and_projections_agree()


@pytest.mark.parametrize('how', ['by the learner', 'by completing the step', 'by the end of the class'])
async def test_however_it_is_resolved_the_log_names_the_helper(klass: ClassAtHand, how: str) -> None:
    lena, otto, _ = klass.learners
    await database.write(catalog.let_classmates_help, klass.teacher, klass.course_id, allowed=True)
    await tap(klass, klass.checkpoints[0], by=otto)
    asked = await ask(klass)
    await database.write(queue.claim, otto, asked)

    if how == 'by the learner':
        await database.write(queue.resolve, lena, asked)
    elif how == 'by completing the step':
        await tap(klass, klass.checkpoints[0], by=lena)
    else:
        await database.write(sessions.end, klass.teacher, klass.course_id)

    resolving = col(Activity.verb) == Verb.HELP_RESOLVED
    (resolved,) = await database.read(lambda tx: log.read(tx, resolving))
    assert (resolved.about_id, resolved.details) == (lena.user_id, {'helper': otto.user_id})
    await assert_log_and_projections_agree()


async def test_the_queue_is_in_the_order_of_asking_and_says_whose_turn_it_is(klass: ClassAtHand) -> None:
    lena, otto, pia = [await ask(klass, by=who) for who in klass.learners]
    board = await look(klass)
    assert [waiting.name for waiting in help_views.queue(board)] == ['Lena Low', 'Otto Old', 'Pia Punctual']
    assert [place(board, who) for who in klass.learners] == [1, 2, 3]

    await database.write(queue.claim, klass.teacher, lena)
    board = await look(klass)
    assert help_views.how_many(board) == 2
    assert [place(board, who) for who in klass.learners[1:]] == [1, 2]
    own = help_views.own(board, klass.learner.user_id)
    assert own
    assert own.helper == klass.teacher.name

    await database.write(queue.release, klass.teacher, lena)
    await database.write(queue.withdraw, klass.learners[1], otto)
    assert [place(await look(klass), who) for who in (klass.learner, klass.learners[2])] == [1, 2]
    assert (await stored(pia)).resolved_at is None


async def test_asking_twice_is_asking_once(klass: ClassAtHand) -> None:
    first = await ask(klass, tap_id='a tap')

    assert await ask(klass, tap_id='a tap') == first, 'a tap that arrives twice'
    assert await ask(klass, tap_id='another') == first, 'the same step from another device'
    with pytest.raises(Refused, match='You have asked for help with “Step 1” already'):
        await ask(klass, checkpoint=1)
    await database.write(queue.resolve, klass.learner, first)
    assert await ask(klass, tap_id='a tap') == first, 'late, when all is over'
    assert await ask(klass, checkpoint=1) > first


async def test_the_first_of_two_who_claim_at_once_is_the_helper(klass: ClassAtHand) -> None:
    otto = await an_instructor(name='Otto Other', email='otto@example.org')
    await database.write(catalog.add_co_instructor, klass.teacher, klass.course_id, email='otto@example.org')
    asked = await ask(klass)

    first, second = await asyncio.gather(
        database.write(queue.claim, otto, asked),
        database.write(queue.claim, klass.teacher, asked),
        return_exceptions=True,
    )

    assert first is None
    assert isinstance(second, Refused)
    assert str(second) == 'Otto Other is already helping.'
    await database.write(queue.claim, otto, asked)  # a second click changes nothing
    assert [verb for _, verb, _, _ in await told()] == [Verb.HELP_ASKED, Verb.HELP_CLAIMED]


async def test_a_classmate_helps_only_where_that_is_allowed_and_only_with_what_they_have_done(
    klass: ClassAtHand,
) -> None:
    lena, otto, pia = klass.learners
    asked = await ask(klass, words='blue')
    await tap(klass, klass.checkpoints[0], by=otto)
    with pytest.raises(Forbidden, match='your instructor comes'):
        await database.write(queue.claim, otto, asked)
    assert help_views.offer(await look(klass), otto.user_id) is None

    await database.write(catalog.let_classmates_help, klass.teacher, klass.course_id, allowed=True)
    with pytest.raises(Forbidden, match='Finish this step yourself first'):
        await database.write(queue.claim, pia, asked)
    with pytest.raises(Forbidden, match='your own question'):
        await database.write(queue.claim, lena, asked)
    board = await look(klass)
    assert [help_views.offer(board, who.user_id) is None for who in klass.learners] == [True, False, True]
    offered = help_views.offer(board, otto.user_id)
    assert offered == Offer(request_id=asked, name='Lena', step=board.places[0].column, words='blue', is_mine=False), (
        'by first name only'
    )
    await database.write(queue.claim, otto, asked)

    own = help_views.own(await look(klass), lena.user_id)
    assert own
    assert own.helper == 'Otto'
    with pytest.raises(Forbidden, match='Only the helper'):
        await database.write(queue.release, pia, asked)
    await database.write(queue.resolve, otto, asked)
    assert (await stored(asked)).helper_id == otto.user_id


async def test_a_classmate_who_is_not_in_class_cannot_help() -> None:
    klass = await a_class(learners=['Lena Low', 'Otto Old'])
    await database.write(catalog.let_classmates_help, klass.teacher, klass.course_id, allowed=True)
    await tap(klass, klass.checkpoints[0], by=klass.learners[1])
    asked = await ask(klass)

    with pytest.raises(Forbidden, match='Open the page of the class first'):
        await database.write(queue.claim, klass.learners[1], asked)


async def test_completing_the_checkpoint_closes_the_question_and_keeps_the_helper(klass: ClassAtHand) -> None:
    asked = await ask(klass)
    await database.write(queue.claim, klass.teacher, asked)
    assert (await look(klass)).learners[klass.learner.user_id].cells[0] & STUCK

    await tap(klass, klass.checkpoints[1])
    assert (await stored(asked)).resolved_at is None, 'another step says nothing about this one'
    await tap(klass, klass.checkpoints[0])

    request = await stored(asked)
    assert request.resolved_at
    assert request.helper_id == klass.teacher.user_id
    with pytest.raises(Refused, match='You have done this step already'):
        await ask(klass)
    await undo(klass, klass.checkpoints[0])
    assert await ask(klass) > asked
    await assert_log_and_projections_agree()


async def test_the_end_of_the_class_closes_what_is_open(klass: ClassAtHand) -> None:
    helped, waiting = await ask(klass), await ask(klass, by=klass.learners[1])
    await database.write(queue.claim, klass.teacher, helped)

    await database.write(sessions.end, klass.teacher, klass.course_id)

    assert (await stored(helped)).helper_id == klass.teacher.user_id
    assert (await stored(waiting)).helper_id is None
    assert (await stored(waiting)).resolved_at
    with pytest.raises(Gone, match='Otto Old does not need help now'):
        await database.write(queue.claim, klass.teacher, waiting)
    with pytest.raises(Gone, match='This class has ended'):
        await ask(klass, by=klass.learners[2])
    await assert_log_and_projections_agree()


async def test_what_cannot_be_asked_says_why(klass: ClassAtHand) -> None:
    with pytest.raises(NotSignedIn):
        await database.write(queue.ask, None, klass.session_id, klass.checkpoints[0])
    with pytest.raises(NotEnrolled):
        await ask(klass, by=await a_student())
    with pytest.raises(NotEnrolled):
        await ask(klass, by=klass.teacher)
    with pytest.raises(NotFound, match='no such step'):
        await database.write(queue.ask, klass.learner, klass.session_id, 999_999)
    with pytest.raises(NotFound, match='no such class'):
        await database.write(queue.ask, klass.learner, 999_999, klass.checkpoints[0])
    with pytest.raises(Invalid, match='200 characters'):
        await ask(klass, words='x' * 201)
    await database.write(checkpoints.delete, klass.teacher, klass.checkpoints[0])
    with pytest.raises(Gone, match='removed this step'):
        await ask(klass)
    await database.write(catalog.archive, klass.teacher, klass.course_id, archived=True)
    with pytest.raises(Gone, match='archived this course'):
        await ask(klass, checkpoint=1)
    assert await told() == []


async def test_who_is_stuck_at_a_checkpoint_that_is_removed_can_ask_about_another(klass: ClassAtHand) -> None:
    before = await ask(klass)
    await database.write(checkpoints.delete, klass.teacher, klass.checkpoints[0])
    assert help_views.queue(await look(klass)) == ()

    after = await ask(klass, checkpoint=1)

    assert [waiting.request_id for waiting in help_views.queue(await look(klass))] == [after]
    assert (await stored(before)).resolved_at


async def test_the_grid_shows_who_is_stuck_and_the_projector_does_not(klass: ClassAtHand) -> None:
    front = await rooms.enter(klass.course_id)
    grid: list[Change | None] = []
    projector: list[Change | None] = []
    told: list[bool] = []
    front.screens.watch_grid(Names.TEACHER, grid.append)
    front.screens.watch_grid(Names.FIRST_NAME, projector.append)
    front.screens.watch_help(lambda: told.append(True))

    await ask(klass)

    await eventually(lambda: grid and projector and told)
    marks = [[mark for change in seen if change for _, _, mark in change.cells] for seen in (grid, projector)]
    assert marks == [[Mark.STUCK], [Mark.NOT_YET]]
    assert Mark.STUCK in {mark for row in front.class_view(Names.TEACHER).rows for mark in row.marks}
    assert Mark.STUCK not in {mark for row in front.class_view(Names.ALIAS).rows for mark in row.marks}
    view = front.own_view(klass.learner.user_id)
    assert view.checkpoints[0].mark is Mark.STUCK
    assert view.current == 0, 'it is still the step to do'


async def test_everybody_whose_place_moves_is_told(klass: ClassAtHand) -> None:
    front = await rooms.enter(klass.course_id)
    first, _ = await ask(klass), await ask(klass, by=klass.learners[1])
    second: list[bool] = []
    front.screens.watch_own(klass.learners[1].user_id, lambda: second.append(True), lambda _: None)
    before = front.own_version(klass.learners[1].user_id)

    await database.write(queue.claim, klass.teacher, first)

    await eventually(lambda: second)
    assert front.own_version(klass.learners[1].user_id) != before
    assert place(front.board, klass.learners[1]) == 1


@slow
@given(commands=st.lists(mostly_help, min_size=5, max_size=30))
@example(commands=[('ask', 0, 0), ('end', 0, 0), ('start', 0, 0), ('ask', 0, 0), ('resolve', 1, 0)])
async def test_whatever_happens_nobody_asks_two_things_at_once(
    begin_anew: Callable[[], None], commands: Sequence[Command]
) -> None:
    begin_anew()
    lesson, stop = await a_lesson()
    try:
        for command in [*BEGINNING, *commands]:
            await lesson.do(command)
            requests = await still_open(lesson.course.course_id)
            assert len({request.user_id for request in requests}) == len(requests), command
            if not lesson.board.is_running:
                assert not requests, command
            shown = [waiting.request_id for waiting in help_views.queue(lesson.board)]
            assert shown == [request.id for request in requests if request.checkpoint_id in on_board(lesson.board)]
        await assert_log_and_projections_agree()
    finally:
        stop()


def on_board(board: Board) -> set[int]:
    return {each.column.checkpoint_id for each in board.places}


async def ask(
    klass: ClassAtHand, *, by: Actor | None = None, checkpoint: int = 0, words: str = '', tap_id: str = ''
) -> int:
    asking = by or klass.learner
    return await database.write(queue.ask, asking, klass.session_id, klass.checkpoints[checkpoint], words, tap_id)


async def look(klass: ClassAtHand) -> Board:
    return await database.read(boards.load, klass.course_id)


def place(board: Board, who: Actor) -> int:
    own = help_views.own(board, who.user_id)
    assert own
    return own.place


async def stored(request_id: int) -> HelpRequest:
    return await database.read(lambda tx: tx.session.get_one(HelpRequest, request_id))


async def still_open(course_id: int) -> list[HelpRequest]:
    query = select(HelpRequest).where(col(HelpRequest.course_id) == course_id, col(HelpRequest.resolved_at).is_(None))
    return await database.read(lambda tx: list(tx.session.scalars(query.order_by(col(HelpRequest.id)))))


async def told() -> list[tuple[int, Verb, int | None, str]]:
    """What the log says about help: who, what, about whom, in which words."""
    query = select(Activity).where(col(Activity.verb).like('help_%')).order_by(col(Activity.id))
    rows = await database.read(lambda tx: list(tx.session.scalars(query)))
    return [(row.user_id, row.verb, row.about_id, row.words) for row in rows]
