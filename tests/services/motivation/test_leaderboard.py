"""The leaderboard shows only learners who take part, under other names, and only to each other and their neighbours."""

import pytest

from services.access import Actor
from services.core import database
from services.core.errors import Invalid, Refused
from services.motivation import awards, leaderboard, parts
from services.motivation.parts import Part
from services.people import participants
from settings import settings
from tests.factories.classes import ClassAtHand, a_class
from tests.services.motivation.test_badges import follow

pytestmark = [pytest.mark.req('G5'), pytest.mark.usefixtures('db')]

NAMES = ['Ada L', 'Bo L', 'Cy L', 'Di L', 'Ed L', 'Flo L']


async def a_course_with_one(points: list[int]) -> ClassAtHand:
    klass = await a_class(learners=NAMES)
    await database.write(parts.switch_course, klass.teacher, klass.course_id, part=Part.LEADERBOARD, on=True)
    for who, number in zip(klass.learners, points, strict=True):
        of = klass.course_id, who.user_id
        await database.write(awards.award, klass.teacher, *of, points=number, reason='Well done')
    await follow()
    return klass


async def join(klass: ClassAtHand, who: Actor, alias: str) -> None:
    await database.write(leaderboard.join, who, klass.course_id, alias=alias)


async def shown(klass: ClassAtHand, who: Actor) -> list[tuple[str, int, bool]]:
    board = await database.read(leaderboard.own, who, klass.course_id)
    return [(each.alias, each.points, each.is_self) for each in board.neighbours]


@pytest.mark.both_databases
async def test_who_is_out_leaves_no_trace_and_sees_nothing() -> None:
    klass = await a_course_with_one([60, 50, 40, 30, 20, 10])
    ada, bo, cy, di, *_ = klass.learners
    await join(klass, ada, 'Fox')
    await join(klass, cy, 'Owl')
    assert await shown(klass, ada) == []  # two alone would know each other
    await join(klass, di, 'Elk')

    assert await shown(klass, cy) == [('Fox', 60, False), ('Owl', 40, True), ('Elk', 30, False)]
    assert await shown(klass, bo) == []
    await join(klass, bo, 'Bee')
    assert ('Bee', 50, False) in await shown(klass, cy)
    await database.write(leaderboard.leave, bo, klass.course_id)

    assert await shown(klass, cy) == [('Fox', 60, False), ('Owl', 40, True), ('Elk', 30, False)]
    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=di.user_id)
    assert await shown(klass, cy) == []


async def test_learners_see_their_neighbours_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('LEADERBOARD_SIZE', '3')
    settings.cache_clear()
    klass = await a_course_with_one([60, 50, 40, 30, 20, 10])
    for who, alias in zip(klass.learners, 'ABCDEF', strict=True):
        await join(klass, who, alias)

    seen = [''.join(alias for alias, *_ in await shown(klass, who)) for who in klass.learners]

    assert seen == ['ABC', 'ABC', 'BCD', 'CDE', 'DEF', 'DEF']


async def test_a_name_says_nothing_of_a_learner_and_belongs_to_one() -> None:
    klass = await a_course_with_one([1] * 6)
    ada, bo, *_ = klass.learners
    await join(klass, ada, 'Füx')
    for alias in ('FÜX', 'fu\u0308x', 'Cy L', 'bo l', ' ', 'x' * 41):
        with pytest.raises(Invalid):
            await join(klass, bo, alias)
    await join(klass, ada, 'Owl')
    await join(klass, bo, 'Füx')

    assert (await database.read(leaderboard.own, ada, klass.course_id)).alias == 'Owl'


async def test_there_is_none_unless_the_course_and_the_school_want_it_and_points_are_on() -> None:
    klass = await a_course_with_one([1] * 6)
    ada = klass.learner
    assert len(await database.read(leaderboard.all_own, ada)) == 1
    await database.write(parts.switch_course, klass.teacher, klass.course_id, part=Part.POINTS, on=False)

    assert await database.read(leaderboard.all_own, ada) == ()
    with pytest.raises(Refused, match='no leaderboard'):
        await join(klass, ada, 'Fox')
