"""Swapping one's alias: another free one, on every screen at once, and nobody ever has one that somebody else had."""

from dataclasses import asdict

import pytest

from models import NameDisplay
from services.access import Actor
from services.core import database
from services.core.errors import Gone, NotEnrolled, Refused
from services.live import own_alias, rooms, sessions
from services.live.board import loading as boards
from services.live.board.views import Change, Names
from services.live.room import Room
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree, join_class
from tests.factories.people import a_guest
from tests.support.eventually import eventually

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('L10')]


async def a_joined_class() -> tuple[ClassAtHand, Room]:
    klass = await a_class(learners=['Lena Low', 'Otto Old'])
    front = await rooms.enter(klass.course_id)
    for who in klass.learners:
        await join_class(klass, by=who)
    await eventually(lambda: len(front.class_view(Names.ALIAS).rows) == 2)
    return klass, front


async def swap(klass: ClassAtHand, tap_id: str, who: int = 0) -> None:
    await database.write(own_alias.swap, klass.learners[who], klass.course_id, tap_id=tap_id)


def alias_of(front: Room, klass: ClassAtHand, who: int = 0) -> str:
    return front.board.learners[klass.learners[who].user_id].shown_as[Names.ALIAS]


def key_of(front: Room, who: Actor) -> str:
    return front.board.learners[who.user_id].key


def keys_sent(sent: list[Change | None]) -> list[str]:
    return [row.key for change in sent if change for row in change.rows]


@pytest.mark.both_databases
async def test_a_swap_is_on_the_projector_at_once_and_is_sent_as_one_row_without_who_it_is() -> None:
    klass, front = await a_joined_class()
    before, others = alias_of(front, klass), alias_of(front, klass, 1)
    sent: list[Change | None] = []
    front.screens.watch_grid(Names.ALIAS, sent.append)
    pia = await a_guest(code=klass.code, name='Pia Petersen')
    await join_class(klass, by=pia)
    # A row from before may still have been on its way; with hers, nothing is left to send.
    await eventually(lambda: pia.user_id in front.board.learners and key_of(front, pia) in keys_sent(sent))
    sent.clear()

    await swap(klass, 'one')
    await eventually(lambda: keys_sent(sent))

    after = alias_of(front, klass)
    assert after not in {before, others}
    assert alias_of(front, klass, 1) == others
    rows = [row for change in sent if change for row in change.rows]
    assert [(row.key, row.name) for row in rows] == [(key_of(front, klass.learner), after)]
    told = f'{[asdict(change) for change in sent if change]}'
    assert before not in told
    assert 'Lena' not in told
    await assert_log_and_projections_agree()


async def test_a_board_that_is_loaded_anew_knows_who_has_which_alias() -> None:
    klass, front = await a_joined_class()
    await swap(klass, 'one')
    await swap(klass, 'two', 1)
    late = await a_guest(code=klass.code, name='Pia Petersen')
    await join_class(klass, by=late)
    await swap(klass, 'three')
    await eventually(lambda: front.board.learners.get(late.user_id) and front.board.learners[late.user_id].joined)

    fresh = await database.read(boards.load, klass.course_id)

    def names(board: boards.Board) -> dict[int, str]:
        return {who.user_id: who.shown_as[Names.ALIAS] for who in board.learners.values()}

    await eventually(lambda: names(front.board) == names(fresh))
    assert len(set(names(fresh).values())) == 3


async def test_an_alias_that_was_given_back_is_given_to_nobody_in_this_class() -> None:
    klass, front = await a_joined_class()
    had = {alias_of(front, klass)}

    for number in range(own_alias.MOST_SWAPS):
        await swap(klass, f'{number}')
        await eventually(lambda: alias_of(front, klass) not in had)
        had.add(alias_of(front, klass))

    assert len(had) == own_alias.MOST_SWAPS + 1
    assert had <= front.board.taken[Names.ALIAS]


async def test_the_same_tap_twice_is_one_swap_and_after_some_a_name_stays() -> None:
    klass, front = await a_joined_class()
    await swap(klass, '0')
    first = alias_of(front, klass)
    await swap(klass, '0')
    assert alias_of(front, klass) == first

    for number in range(1, own_alias.MOST_SWAPS):
        await swap(klass, f'{number}')

    with pytest.raises(Refused, match='Keep this one'):
        await swap(klass, 'one more')


async def test_a_swap_is_for_learners_of_a_class_that_shows_aliases() -> None:
    klass, _front = await a_joined_class()
    with pytest.raises(NotEnrolled):
        await database.write(own_alias.swap, klass.teacher, klass.course_id, tap_id='teacher')

    await database.write(sessions.set_names, klass.teacher, klass.course_id, NameDisplay.FULL)
    with pytest.raises(Refused, match='other names'):
        await swap(klass, 'other names')

    await database.write(sessions.set_names, klass.teacher, klass.course_id, NameDisplay.ALIAS)
    await database.write(sessions.end, klass.teacher, klass.course_id)
    with pytest.raises(Gone):
        await swap(klass, 'too late')
