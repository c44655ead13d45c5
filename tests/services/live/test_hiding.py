"""Learners who keep off the projector: neither they nor anything that tells of them is sent there."""

from dataclasses import asdict

import pytest

from services.core import database
from services.live import rooms
from services.live.board import loading as boards
from services.live.board.aliases import initials
from services.live.board.views import Change, Names
from services.live.room import Room
from services.progress import enrollments
from tests.factories.classes import ClassAtHand, a_class, join_class, tap
from tests.support.eventually import eventually

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('L10')]

PEOPLE = ['Lena Low', 'Otto Old', 'Mia May', 'Ben Bay', 'Ida Ice', 'Lena Lang']
ON_PROJECTOR = [Names.ALIAS, Names.INITIALS, Names.FIRST_NAME, Names.FULL]


async def hide(klass: ClassAtHand, who: int, hidden: bool = True) -> Room:
    front = await rooms.enter(klass.course_id)
    await database.write(enrollments.hide, klass.learners[who], klass.course_id, hidden)
    await eventually(lambda: front.board.learners[klass.learners[who].user_id].is_hidden is hidden)
    return front


@pytest.mark.parametrize('names', ON_PROJECTOR)
async def test_who_hid_before_the_class_is_in_no_view_and_no_change(names: Names) -> None:
    klass = await a_class(learners=PEOPLE)
    front = await rooms.enter(klass.course_id)
    sent: list[Change | None] = []
    front.screens.watch_grid(names, sent.append)
    await hide(klass, 0)
    # Else what follows may be in the same tick: one look at the whole, and no change.
    await eventually(lambda: None in sent)
    sent.clear()

    for who in klass.learners:
        front.arrive(who.user_id)
        await join_class(klass, by=who)
        await tap(klass, klass.checkpoints[0], by=who)
    await eventually(lambda: any(change and change.headcount.here == 5 for change in sent))

    view = front.class_view(names)
    lena = front.board.learners[klass.learner.user_id]
    told = f'{asdict(view)}{[asdict(change) for change in sent if change]}'
    assert len(view.rows) == view.headcount.here == 5
    assert lena.key not in told
    assert 'Lena Low' not in told
    assert lena.shown_as[Names.ALIAS] not in told


@pytest.mark.parametrize('names', ON_PROJECTOR)
async def test_who_hides_during_the_class_is_gone_at_once_and_can_come_back(names: Names) -> None:
    klass = await a_class(learners=PEOPLE)
    for who in klass.learners:
        await join_class(klass, by=who)
    front = await rooms.enter(klass.course_id)
    before = front.class_view(names)
    sent: list[Change | None] = []
    front.screens.watch_grid(names, sent.append)

    await hide(klass, 0)
    await eventually(lambda: sent)

    assert sent == [None]  # look at the whole again: no change names the row that goes
    key = front.board.learners[klass.learner.user_id].key
    assert {row.key for row in before.rows} - {row.key for row in front.class_view(names).rows} == {key}
    await hide(klass, 0, hidden=False)
    assert front.class_view(names) == before


async def test_the_first_name_of_another_does_not_tell_of_a_hidden_one() -> None:
    klass = await a_class(learners=PEOPLE)
    for who in klass.learners:
        await join_class(klass, by=who)

    front = await hide(klass, 0)

    assert [row.name for row in front.class_view(Names.FIRST_NAME).rows] == ['Otto', 'Mia', 'Ben', 'Ida', 'Lena']
    assert [row.name for row in front.class_view(Names.INITIALS).rows] == ['OO', 'MM', 'BB', 'II', 'LL']
    fresh = await database.read(boards.load, klass.course_id)
    assert {who.user_id: who.shown_as for who in fresh.learners.values()} == {
        who.user_id: who.shown_as for who in front.board.learners.values()
    }


async def test_what_a_hidden_learner_does_moves_no_figure_of_the_projector() -> None:
    klass = await a_class(learners=PEOPLE)
    for who in klass.learners:
        await join_class(klass, by=who)
    front = await hide(klass, 0)

    await tap(klass, klass.checkpoints[0], by=klass.learners[0])
    await eventually(lambda: front.board.percent > 0)

    assert (front.class_view(Names.ALIAS).shares, front.class_view(Names.ALIAS).percent) == ((0, 0, 0), 0)
    assert front.class_view(Names.TEACHER).shares == (16, 0, 0)


async def test_shares_of_fewer_than_five_are_not_told_to_the_room() -> None:
    klass = await a_class(learners=PEOPLE[:5])
    for who in klass.learners:
        await join_class(klass, by=who)
    front = await rooms.enter(klass.course_id)
    assert front.class_view(Names.FULL).shares == (0, 0, 0)

    await hide(klass, 0)

    view = front.class_view(Names.FULL)
    assert (view.shares, view.percent) == ((None, None, None), None)


async def test_the_teacher_sees_everybody_and_who_is_not_shown() -> None:
    klass = await a_class(learners=PEOPLE[:2])

    front = await hide(klass, 0)

    rows = front.class_view(Names.TEACHER).rows
    assert [(row.name, row.is_hidden) for row in rows] == [('Lena Low', True), ('Otto Old', False)]
    assert front.class_view(Names.FULL).rows == ()


def test_the_same_initials_are_told_apart() -> None:
    assert initials('Lena van Low', set()) == 'LL'
    assert initials('Lena Lang', {'LL', 'LL 2'}) == 'LL 3'
    assert initials('Otto', set()) == 'O'
