"""Questions in class: asked, answered by many, closed, shown, solved; and what each screen is given of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
import time_machine
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlmodel import col

from models import LiveQuestionState, Verb
from services import verify
from services.access import Actor
from services.activity import log
from services.core import database
from services.core.errors import Gone, Invalid, NotFound, NotSignedIn, Refused
from services.live import rooms, sessions
from services.live.board import loading as boards
from services.live.questions import answering, asking, past, views
from services.live.questions.answering import Given, Saved
from services.live.questions.distribution import Distribution
from services.live.room import Room
from services.progress import enrollments
from services.quizzes import bank
from services.quizzes.answer import Answer
from services.quizzes.question import Question
from services.quizzes.review import Verdict
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree, join_class
from tests.factories.people import a_student, an_instructor, sign_out
from tests.factories.quizzes import FINEST, HOW_ACID, NAME_IT, WHY
from tests.services.live.test_board import BEGINNING, observable, slow
from tests.support.eventually import eventually
from tests.support.lesson import Command, Lesson, a_lesson

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('L15')]

CLAY, SAND, SILT = Answer(chosen=(0,)), Answer(chosen=(1,)), Answer(chosen=(2,))
CLOSED, DISTRIBUTION, SOLUTION = LiveQuestionState.CLOSED, LiveQuestionState.DISTRIBUTION, LiveQuestionState.SOLUTION


@pytest.fixture
async def klass(db: object) -> ClassAtHand:
    held = await a_class(learners=['Lena Low', 'Otto Old', 'Pia Punctual', 'Quin Quick', 'Rosa Red', 'Sol Slow'])
    for who in held.learners:
        await join_class(held, by=who)
    return held


async def ask(klass: ClassAtHand, question: Question = FINEST) -> int:
    return await database.write(asking.ask_new, klass.teacher, klass.course_id, question)


async def answer(asked: int, who: Actor | None, given_: Answer | None, tap_id: str = '') -> Saved:
    return await answering.save(Given(actor=who, live_question_id=asked, tap_id=tap_id or uuid4().hex, answer=given_))


async def move(klass: ClassAtHand, asked: int, *states: LiveQuestionState) -> None:
    for state in states:
        await database.write(asking.move, klass.teacher, asked, state)


async def room_of(klass: ClassAtHand) -> Room:
    return await rooms.enter(klass.course_id)


async def test_a_question_goes_from_open_to_solved(klass: ClassAtHand) -> None:
    room = await room_of(klass)
    asked = await ask(klass)
    lena, otto, pia, quin, rosa, sol = klass.learners
    await answer(asked, lena, SAND)
    for who, what in (lena, CLAY), (otto, SAND), (pia, CLAY), (quin, SILT), (rosa, CLAY):
        await answer(asked, who, what)

    await eventually(lambda: len(own(room, lena).asked.options) == 3 and counted(room).answered == 5)
    assert own(room, lena).answer == CLAY
    assert (own(room, lena).asked.distribution, own(room, lena).asked.solution) == (None, None)
    assert (own(room, lena).verdict, own(room, lena).feedback) == (None, ())
    assert counted(room).asked.distribution is None

    await move(klass, asked, CLOSED)
    with pytest.raises(Gone, match='not taken any more'):
        await answer(asked, sol, SAND)
    assert own(room, sol).asked.distribution is None
    teachers = views.of_staff(room.board, room.presences)
    assert teachers
    assert shares(teachers.asked.distribution) == {'Clay': (3, 60), 'Sand': (1, 20), 'Silt': (1, 20)}

    await move(klass, asked, DISTRIBUTION)
    seen = own(room, otto).asked
    assert shares(seen.distribution) == {'Clay': (3, 60), 'Sand': (1, 20), 'Silt': (1, 20)}
    assert seen.solution is None
    assert seen.distribution
    assert {bar.is_right for bar in seen.distribution.bars} == {None}

    await move(klass, asked, SOLUTION)
    assert [own(room, who).verdict for who in (lena, otto, sol)] == [Verdict.RIGHT, Verdict.WRONG, Verdict.EMPTY]
    assert own(room, lena).feedback == ('Its parts are below 0.002 mm.', 'Clay holds water.')
    solution = own(room, otto).asked.solution
    assert solution
    assert solution.options == (0,)

    await database.write(asking.put_away, klass.teacher, asked)
    assert views.of_learner(room.board, lena.user_id) is None
    await assert_log_and_projections_agree()


async def test_the_log_says_that_somebody_answered_and_not_what(klass: ClassAtHand) -> None:
    asked = await ask(klass, NAME_IT)
    first = await answer(asked, klass.learner, Answer(text='My secret'), 'a')
    assert await answer(asked, klass.learner, Answer(text='My secret'), 'a') == first
    logged = await database.read(log.read, col(log.Activity.verb) == Verb.ANSWERED_IN_CLASS)
    (only,) = logged
    assert only.details
    assert only.details['live_question'] == asked
    assert 'secret' not in str(only)
    assert await database.read(verify.differences) == []


async def test_fewer_than_five_answers_show_no_shares(klass: ClassAtHand) -> None:
    room = await room_of(klass)
    asked = await ask(klass)
    for who in klass.learners[:5]:
        await answer(asked, who, CLAY)
    await database.write(enrollments.hide, klass.learner, klass.course_id, True)
    await move(klass, asked, CLOSED, SOLUTION)

    seen = own(room, klass.learners[5]).asked.distribution
    assert seen
    assert seen.is_hidden
    assert {(bar.count, bar.percent) for bar in seen.bars} == {(None, None)}
    assert sorted(bar.text for bar in seen.bars if bar.is_right) == ['Clay']
    public = views.of_room(room.board, room.presences)
    assert public
    assert public.answered == 4


async def test_the_room_is_not_shown_what_one_person_typed(klass: ClassAtHand) -> None:
    room = await room_of(klass)
    asked = await ask(klass, HOW_ACID)
    for who, typed in zip(klass.learners, ('7', '7,0', '7.00', '5', '5', 'Lena is silly'), strict=True):
        await answer(asked, who, Answer(text=typed))
    await move(klass, asked, CLOSED, SOLUTION)

    seen = own(room, klass.learner).asked.distribution
    assert shares(seen) == {'7': (3, 50), '5': (2, 33)}
    assert seen
    assert [bar.is_right for bar in seen.bars] == [True, False]
    assert (seen.others, seen.others_percent) == (1, 16)
    teachers = views.of_staff(room.board, room.presences)
    assert teachers
    assert 'Lena is silly' in shares(teachers.asked.distribution)


async def test_a_question_with_a_countdown_closes_by_itself_also_after_a_restart(klass: ClassAtHand) -> None:
    asked = await database.write(asking.ask_new, klass.teacher, klass.course_id, FINEST, seconds=30)
    room = await room_of(klass)
    closes_at = own(room, klass.learner).asked.closes_at
    assert closes_at
    with time_machine.travel(closes_at + timedelta(seconds=1), tick=False):
        await answer(asked, klass.learner, CLAY)  # the network takes its time
        await database.write(asking.close_over, asked)
    rooms.close_all()
    with time_machine.travel(closes_at + timedelta(minutes=1), tick=False):
        with pytest.raises(Gone, match='not taken any more'):
            await answer(asked, klass.learners[1], CLAY)
        room = await room_of(klass)
        await eventually(lambda: own(room, klass.learner).asked.state is CLOSED)
    await move(klass, asked, LiveQuestionState.OPEN)
    assert own(room, klass.learner).asked.closes_at is None, 'opened again, it stays open'
    await database.write(asking.close_over, asked)
    assert own(room, klass.learner).asked.state is LiveQuestionState.OPEN


@pytest.mark.parametrize('seconds', [0, -1, 4, 1801])
async def test_a_countdown_has_five_seconds_to_half_an_hour(klass: ClassAtHand, seconds: int) -> None:
    with pytest.raises(Invalid, match='from 5 to 1800 seconds'):
        await database.write(asking.ask_new, klass.teacher, klass.course_id, FINEST, seconds=seconds)


@pytest.mark.req('V4')
async def test_shares_that_are_shown_while_it_is_open_tell_nobodys_answer(klass: ClassAtHand) -> None:
    room = await room_of(klass)
    asked = await ask(klass)
    lena, otto, pia, quin, rosa, sol = klass.learners
    await database.write(asking.show_live, klass.teacher, asked, shows=True)
    for who in (lena, otto, pia, quin):
        await answer(asked, who, CLAY)
    hidden = own(room, lena).asked.distribution
    assert hidden
    assert (hidden.is_hidden, shares(hidden)['Clay']) == (True, (None, None))
    await answer(asked, rosa, SAND)
    await eventually(lambda: shares(own(room, lena).asked.distribution)['Sand'] == (1, 20))
    await answer(asked, sol, SILT)
    await answer(asked, lena, SILT)
    assert shares(own(room, otto).asked.distribution)['Silt'] == (0, 0), 'two more would be these two'
    projector = views.of_room(room.board, room.presences)
    teachers = views.of_staff(room.board, room.presences)
    assert projector
    assert teachers
    assert shares(projector.asked.distribution)['Silt'] == (0, 0)
    assert shares(teachers.asked.distribution)['Silt'] == (2, 33)
    assert (projector.asked.solution, teachers.asked.solution) == (None, None)
    assert {bar.is_right for bar in teachers.asked.distribution.bars} == {None}
    await database.write(asking.show_live, klass.teacher, asked, shows=False)
    assert own(room, otto).asked.distribution is None


async def test_an_edit_or_a_deletion_meanwhile_changes_nothing_in_class(klass: ClassAtHand) -> None:
    (question_id,) = await database.write(bank.add_many, klass.teacher, klass.course_id, [FINEST])
    asked = await database.write(asking.ask, klass.teacher, klass.course_id, question_id)
    room = await room_of(klass)
    await database.write(bank.new_version, klass.teacher, question_id, replace(FINEST, text='Another one?'))
    await database.write(bank.delete, klass.teacher, question_id)
    await answer(asked, klass.learner, CLAY)
    await move(klass, asked, CLOSED, SOLUTION)
    assert own(room, klass.learner).asked.text == FINEST.text
    assert own(room, klass.learner).verdict is Verdict.RIGHT


async def test_the_end_of_the_class_closes_the_question_and_the_class_keeps_it(klass: ClassAtHand) -> None:
    asked = await ask(klass)
    for who, what in zip(klass.learners, (CLAY, CLAY, SAND), strict=False):
        await answer(asked, who, what)
    await database.write(sessions.end, klass.teacher, klass.course_id)
    with pytest.raises(Gone, match='This class has ended'):
        await answer(asked, klass.learner, SAND)
    with pytest.raises(Gone):
        await move(klass, asked, SOLUTION)

    (kept,) = await database.read(past.of_class, klass.session_id)
    assert (kept.asked.number, kept.asked.text, kept.right_percent) == (1, FINEST.text, 66)
    assert shares(kept.asked.distribution) == {'Clay': (2, 66), 'Sand': (1, 33), 'Silt': (0, 0)}
    (of_one,) = await database.read(past.of_class, klass.session_id, only={klass.learners[2].user_id})
    assert of_one.right_percent == 0
    await assert_log_and_projections_agree()


async def test_one_question_at_a_time_and_each_state_after_the_other(klass: ClassAtHand) -> None:
    asked = await ask(klass)
    with pytest.raises(Refused, match='A question is open'):
        await ask(klass, HOW_ACID)
    with pytest.raises(Refused, match='Close the question first'):
        await move(klass, asked, DISTRIBUTION)
    await move(klass, asked, CLOSED, LiveQuestionState.OPEN, CLOSED, CLOSED, DISTRIBUTION)
    with pytest.raises(Refused, match='has seen the answers'):
        await move(klass, asked, LiveQuestionState.OPEN)
    second = await ask(klass, HOW_ACID)
    with pytest.raises(Gone, match='This question is over'):
        await move(klass, asked, SOLUTION)
    board = await database.read(boards.load, klass.course_id)
    assert board.question
    assert (board.question.live_question_id, board.question.number) == (second, 2)
    with pytest.raises(Refused, match='in a quiz instead'):
        await ask(klass, WHY)


async def test_who_may_ask_and_who_may_answer(klass: ClassAtHand) -> None:
    asked = await ask(klass)
    stranger, teacher = await a_student(), await an_instructor(name='Olga Other')
    for verb, arguments in (
        (asking.ask_new, (klass.course_id, FINEST)),
        (asking.ask, (klass.course_id, 1)),
        (asking.move, (asked, CLOSED)),
        (asking.put_away, (asked,)),
        (partial(asking.show_live, shows=True), (asked,)),
    ):
        for who in stranger, teacher, klass.learner:
            with pytest.raises(NotFound):
                await database.write(verb, who, *arguments)
        with pytest.raises(NotSignedIn):
            await database.write(verb, None, *arguments)
    for number, who in (asked, stranger), (asked, klass.teacher), (asked + 1, klass.learner):
        with pytest.raises(NotFound):
            await answer(number, who, CLAY)
    with pytest.raises(Invalid):
        await answer(asked, klass.learner, Answer(chosen=(7,)))
    with pytest.raises(Refused):
        await answer(asked, klass.learner, CLAY, 'a:b')
    await sign_out(actor=klass.learner)
    with pytest.raises(NotSignedIn):
        await answer(asked, klass.learner, CLAY)


asked_and_answered = st.lists(
    st.tuples(
        st.sampled_from(['answer', 'answer', 'answer', 'move the question', 'ask the class', 'hide', 'come', 'edit']),
        st.integers(min_value=0, max_value=5),
        st.integers(min_value=0, max_value=5),
    ),
    min_size=5,
    max_size=25,
)


@settings(slow, max_examples=8)
@given(commands=asked_and_answered)
@example(commands=[('answer', 0, 0), ('answer', 0, 1), ('move the question', 1, 0), ('answer', 0, 2)])
async def test_whatever_happens_the_last_saved_answer_of_each_learner_counts(commands: Sequence[Command]) -> None:
    lesson, stop = await a_lesson()
    last: dict[int, dict[int, Answer]] = {}
    try:
        for command in [*BEGINNING, ('ask the class', 0, 0), *commands]:
            if command[0] == 'answer':
                await answer_as_told(lesson, last, *command[1:])
            else:
                await lesson.do(command)
            fresh = await database.read(boards.load, lesson.course.course_id)
            assert observable(lesson.board) == observable(fresh), command
            if fresh.question:
                assert fresh.question.answers == last.get(fresh.question.live_question_id, {}), command
        assert await database.read(verify.differences) == []
    finally:
        stop()


async def answer_as_told(lesson: Lesson, last: dict[int, dict[int, Answer]], who: int, where: int) -> None:
    """Answer the question that is shown, or take the answer back, and note what was saved."""
    asked, learner = lesson.board.question, lesson.someone(who)
    if asked is None or learner is None:
        return
    of_question = last.setdefault(asked.live_question_id, {})
    given_ = Answer(chosen=(where,)) if asked.content.options else Answer(text=str(where))
    is_open = asked.state is LiveQuestionState.OPEN
    try:
        await answer(asked.live_question_id, learner, given_ if where < 3 else None)
    except Gone:
        assert not is_open
        return
    assert is_open
    of_question.pop(learner.user_id, None)
    if where < 3:
        of_question[learner.user_id] = given_


def own(room: Room, who: Actor) -> views.Own:
    seen = views.of_learner(room.board, who.user_id)
    assert seen
    return seen


def counted(room: Room) -> views.Counted:
    seen = views.of_room(room.board, room.presences)
    assert seen
    return seen


def shares(told: Distribution | None) -> dict[str, tuple[int | None, int | None]]:
    assert told
    return {bar.text: (bar.count, bar.percent) for bar in told.bars}
