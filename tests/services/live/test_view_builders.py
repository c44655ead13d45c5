"""What a projector must not show is not in what it is sent."""

from dataclasses import asdict, replace

import pytest

from models import NameDisplay
from services.core import database
from services.live import rooms, sessions
from services.live.board import loading as boards
from services.live.board import view_builders
from services.live.board.learner import new_learner
from services.live.board.views import Change, ClassView, Names
from services.people import groups
from tests.factories.classes import ClassAtHand, a_class, a_course, join_class, percent, tap
from tests.factories.people import a_guest
from tests.support.eventually import eventually

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('L10', 'L2')]

PEOPLE = ['Lena Langstrumpf', 'Otto Oberhuber', 'Lena Lindgren', 'מרים כהן']


async def a_joined_class() -> ClassAtHand:
    klass = await a_class(learners=PEOPLE)
    for who in klass.learners:
        await join_class(klass, by=who)
    return klass


@pytest.mark.parametrize('names', [Names.ALIAS, Names.FIRST_NAME])
async def test_neither_view_nor_change_says_who_somebody_is(names: Names) -> None:
    klass = await a_joined_class()
    front = await rooms.enter(klass.course_id)
    sent: list[Change | None] = []
    front.screens.watch_grid(names, sent.append)

    for who in klass.learners:
        front.arrive(who.user_id)
        await tap(klass, klass.checkpoints[0], by=who)
    late = await a_guest(code=klass.code, name='Pia Petersen')
    await join_class(klass, by=late)
    await eventually(lambda: [row for change in sent if change for row in change.rows])

    view = front.class_view(names)
    told = f'{[asdict(view), *(asdict(change) for change in sent if change)]}'
    assert len(view.rows) == 5
    for full in [*PEOPLE, 'Pia Petersen']:
        first, last = full.split()
        assert full not in told
        assert last not in told
        if names is Names.ALIAS:
            assert first not in told
    ids = {who.user_id for who in (*klass.learners, late)}
    assert not {row.key for row in view.rows} & {str(user_id) for user_id in ids}
    assert 'user_id' not in told
    assert '@' not in told


async def test_first_names_are_told_apart_by_an_initial() -> None:
    klass = await a_joined_class()

    assert [row.name for row in (await view(klass, Names.FIRST_NAME)).rows] == ['Lena', 'Otto', 'Lena L.', 'מרים']


async def test_an_alias_stays_within_a_class_and_changes_with_the_next() -> None:
    klass = await a_joined_class()
    first = await shown(klass)
    await tap(klass, klass.checkpoints[0])
    assert await shown(klass) == first

    await database.write(sessions.end, klass.teacher, klass.course_id)
    again = replace(klass, session_id=await database.write(sessions.start, klass.teacher, klass.course_id))
    for who in klass.learners:
        await join_class(again, by=who)

    second = await shown(again)
    assert not {key for key, _ in first} & {key for key, _ in second}
    assert first != second
    assert len({name for _, name in second}) == len(PEOPLE)


async def test_a_class_of_five_hundred_has_five_hundred_aliases() -> None:
    klass = await a_class(checkpoints=1, learners=[])
    board = await database.read(boards.load, klass.course_id)
    for number in range(500):
        board.learners[number] = new_learner(number, f'Learner {number}', 1, board.session)
        board.join(board.learners[number])

    aliases = [learner.shown_as[Names.ALIAS] for learner in board.learners.values()]
    assert len(set(aliases)) == 500


async def test_only_who_joined_is_on_the_projector_and_the_instructor_sees_everybody() -> None:
    klass = await a_class(learners=['Lena Low', 'Otto Old'])
    await join_class(klass)

    assert [len((await view(klass, names)).rows) for names in (Names.ALIAS, Names.FIRST_NAME)] == [1, 1]
    assert [row.name for row in (await view(klass, Names.TEACHER)).rows] == ['Lena Low', 'Otto Old']


async def test_a_learner_sees_their_own_checkpoints_and_where_they_are() -> None:
    klass = await a_class()
    await join_class(klass)
    front = await rooms.enter(klass.course_id)
    await tap(klass, klass.checkpoints[0])

    own = front.own_view(klass.learner.user_id)

    assert own.percent == await percent(klass, klass.learner) == 33
    assert (own.session_id, own.current, own.has_ended) == (klass.session_id, 1, False)
    assert [checkpoint.number for checkpoint in own.checkpoints] == [1, 2, 3]


@pytest.mark.both_databases
async def test_the_names_that_the_instructor_chose_are_kept_with_the_class() -> None:
    klass = await a_class()

    await database.write(sessions.set_names, klass.teacher, klass.course_id, NameDisplay.FIRST_NAME)

    session = await database.read(sessions.latest, klass.course_id)
    assert session
    assert session.names is NameDisplay.FIRST_NAME


async def test_a_course_without_learners_or_classes_has_a_view_all_the_same() -> None:
    course = await a_course(checkpoints=0)
    front = await rooms.enter(course.course_id)

    for names in Names:
        assert front.class_view(names).rows == ()
    assert front.class_view(Names.TEACHER).percent == 0


async def view(klass: ClassAtHand, names: Names) -> ClassView:
    return (await rooms.enter(klass.course_id)).class_view(names)


async def shown(klass: ClassAtHand) -> list[tuple[str, str]]:
    return [(row.key, row.name) for row in (await view(klass, Names.ALIAS)).rows]


@pytest.mark.req('C7')
async def test_a_group_is_shown_alone_with_its_own_figures_and_moves_by_itself() -> None:
    klass = await a_joined_class()
    lena, otto, *_ = klass.learners
    blue = {'user_id': lena.user_id, 'name': 'Blue'}
    await database.write(groups.put, klass.teacher, klass.course_id, **blue)
    front = await rooms.enter(klass.course_id)
    sent: list[Change | None] = []
    front.screens.watch_grid(Names.TEACHER, sent.append, 'Blue')

    await tap(klass, klass.checkpoints[0], by=otto)
    await tap(klass, klass.checkpoints[0], by=lena)
    await eventually(lambda: [change for change in sent if change and change.cells])

    view, everybody = front.class_view(Names.TEACHER, 'Blue'), front.class_view(Names.TEACHER)
    assert view_builders.groups(front.board) == ('Blue',)
    assert [row.name for row in view.rows] == ['Lena Langstrumpf']
    assert (view.shares[0], view.percent, everybody.shares[0]) == (100, 33, 50)
    assert (view.headcount.not_yet, everybody.headcount.not_yet) == (0, 0)
    cells = {key for change in sent if change for key, *_ in change.cells}
    assert cells == {view.rows[0].key}
    assert all(change.percent in {0, 33} for change in sent if change)

    sent.clear()
    await database.write(groups.put, klass.teacher, klass.course_id, user_id=otto.user_id, name='blue')
    await eventually(lambda: None in sent)
    assert {row.name for row in front.class_view(Names.TEACHER, 'Blue').rows} == {'Lena Langstrumpf', 'Otto Oberhuber'}
    assert len(front.class_view(Names.FIRST_NAME, 'Blue').rows) == 4  # the projector knows no groups
