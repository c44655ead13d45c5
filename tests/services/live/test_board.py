"""Old board + events = fresh board, whatever happens; and the projections always agree with the log."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from models import Course, Enrollment
from services import verify
from services.core import database
from services.core.transaction import Transaction
from services.live.board import help_views
from services.live.board import loading as boards
from services.live.board.board import Board
from tests.support.lesson import HAPPENINGS, Command, a_lesson

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('L2', 'L4', 'S2', 'C3')]

IN_CLASS = ['join', 'come', 'complete', 'complete', 'undo', 'burst', 'study', 'leave', 'steer', 'next class']
HELP = ['ask', 'ask', 'claim', 'release', 'resolve', 'withdraw', 'complete', 'undo', 'end', 'start', 'come', 'delete']
SHAPE = [
    'complete',
    'study',
    'add',
    'edit',
    'delete',
    'restore',
    'delete module',
    'restore module',
    'add module',
    'move',
]
PEOPLE = ['join', 'remove', 'bring back', 'recalculate', 'put in a group', 'note a field', 'give extra time']
numbers = st.integers(min_value=0, max_value=5)
anything = st.tuples(st.sampled_from(sorted(HAPPENINGS)), numbers, numbers)
"""Shrinks towards few and simple happenings."""
mostly_help = st.tuples(st.sampled_from([*HELP, 'restore', 'let classmates help']), numbers, numbers)
mostly_shape = st.tuples(st.sampled_from([*SHAPE, *PEOPLE]), numbers, numbers)
mostly_class = st.tuples(st.sampled_from(IN_CLASS), numbers, numbers)
BEGINNING: list[Command] = [('join', 0, 0), ('join', 1, 0), ('start', 0, 0), ('come', 0, 0)]

slow = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(autouse=True)
def _few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that also a small class is loaded in several goes."""
    monkeypatch.setattr(boards, 'LOADED_AT_ONCE', 2)


@slow
@given(commands=st.lists(st.one_of(anything, mostly_class, mostly_help, mostly_shape), min_size=5, max_size=40))
@example(commands=[('come', 1, 1), ('end', 0, 0), ('start', 0, 0), ('come', 1, 0), ('complete', 1, 0), ('come', 0, 0)])
@example(commands=[('complete', 0, 0), ('delete module', 0, 0), ('restore', 0, 0), ('restore module', 0, 0)])
@example(commands=[('complete', 0, 0), ('next class', 0, 0), ('come', 1, 0), ('come', 0, 0), ('undo', 0, 0)])
@example(commands=[('complete', 0, 0), ('delete module', 0, 0), ('restore module', 0, 0), ('recalculate', 0, 0)])
@example(commands=[('complete', 0, 0), ('edit', 0, 0), ('delete', 0, 0), ('restore', 0, 0), ('edit', 1, 0)])
@example(commands=[('complete', 0, 0), ('edit', 0, 0), ('delete module', 0, 0), ('restore module', 0, 0)])
@example(commands=[('ask', 0, 0), ('remove', 0, 0), ('end', 0, 0), ('bring back', 0, 0)])
@example(commands=[('complete', 0, 0), ('remove', 0, 0), ('delete', 0, 1), ('bring back', 0, 0)])
@example(commands=[('swap alias', 0, 0), ('come', 1, 1), ('swap alias', 1, 0), ('edit', 0, 0), ('swap alias', 0, 0)])
@example(commands=[('burst', 0, 0), ('edit', 0, 0), ('burst', 1, 0), ('edit', 1, 0), ('move', 2, 0)])
@example(commands=[('ask', 0, 0), ('ask', 1, 1), ('claim', 1, 0), ('edit', 0, 0), ('complete', 0, 0)])
async def test_a_board_that_followed_the_events_is_a_fresh_board(
    begin_anew: Callable[[], None], commands: Sequence[Command]
) -> None:
    begin_anew()
    lesson, stop = await a_lesson()
    try:
        for command in [*BEGINNING, *commands]:
            await lesson.do(command)
            fresh = await database.read(boards.load, lesson.course.course_id)
            assert observable(lesson.board) == observable(fresh), command
            assert await database.read(counters, lesson.course.course_id) == shown_counters(lesson.board), command
        assert await database.read(verify.differences) == []
    finally:
        stop()


def observable(board: Board) -> dict[str, object]:
    """Everything that a screen can show; the versions of learners only say that something moved."""
    learners = [
        (
            who.user_id,
            who.name,
            who.joined,
            who.is_hidden,
            who.key,
            who.shown_as,
            who.done,
            who.extra_percent,
            who.group,
            bytes(who.cells),
        )
        for who in board.learners.values()
    ]
    others = (
        'course_id',
        'title',
        'code',
        'code_open',
        'classmates_help',
        'places',
        'session',
        'version',
        'shares',
        'shown_shares',
        'shown',
        'hidden',
        'joined',
        'taken',
    )
    help = (
        help_views.queue(board),
        [(help_views.own(board, id_), help_views.offer(board, id_)) for id_ in board.learners],
    )
    asked = board.question
    question = asked and (asked.live_question_id, asked.number, asked.state, asked.shown, asked.content, asked.answers)
    whole = {
        'learners': learners,
        'percent': board.percent,
        'help': help,
        'requests': board.help.requests,
        'question': question,
    }
    return whole | {name: getattr(board, name) for name in others}


Counters = tuple[int, dict[int, tuple[int, int]]]
"""How many checkpoints count; by learner how many are done, and how many percent that is."""


def shown_counters(board: Board) -> Counters:
    return len(board.places), {who.user_id: (who.done, board.percent_of(who)) for who in board.learners.values()}


def counters(tx: Transaction, course_id: int) -> Counters:
    """The counters as they are kept: after each happening, because the next mark would repair them."""
    of_course = col(Enrollment.course_id) == course_id, col(Enrollment.removed_at).is_(None)
    kept = select(col(Enrollment.user_id), col(Enrollment.done), col(Enrollment.percent)).where(*of_course)
    counted = tx.execute(select(col(Course.counted)).where(col(Course.id) == course_id)).scalar_one()
    return counted, {user_id: (done, percent) for user_id, done, percent in tx.execute(kept)}
