"""By when a learner has to do what: with extra time and with what was agreed, and never what is not theirs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.access import Actor
from services.assignments import rules
from services.core import clock, database
from services.courses import catalog, checkpoints
from services.courses.checkpoints import Details
from services.deadlines import dates
from services.grades import overrides
from services.people import groups, participants
from services.quizzes import limits
from services.quizzes.quiz_settings import Rules
from tests.factories.assignments import an_assignment, hand_in
from tests.factories.classes import ClassAtHand, a_class, tap
from tests.factories.quizzes import a_quiz

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('M1', 'C6'), pytest.mark.both_databases]

DAY = timedelta(days=1)


async def of(learner: Actor) -> Mapping[int, datetime]:
    found = await database.read(dates.of_learner, learner.user_id, since=clock.now() - DAY)
    assert [each.due_at for each in found] == sorted(each.due_at for each in found)
    return {each.checkpoint_id: each.due_at for each in found}


async def due(klass: ClassAtHand, checkpoint: int, moment: datetime | None) -> None:
    await database.write(checkpoints.edit, klass.teacher, checkpoint, details=Details(title='Soil', due_at=moment))


def a_moment(days: int) -> datetime:
    return clock.now().replace(second=0, microsecond=0) + days * DAY


async def test_a_learner_sees_their_own_date_and_others_see_theirs() -> None:
    work = await an_assignment(due_at=a_moment(8), learners=['Lena', 'Otto', 'Noa', 'Rea'])
    lena, otto, noa, rea = work.klass.learners
    at, usual = work.checkpoint_id, a_moment(8)
    course = work.klass.course_id
    await database.write(rules.extend, work.teacher, at, due_at=usual + DAY, user_id=lena.user_id)
    await database.write(groups.put, work.teacher, course, user_id=otto.user_id, name='Blue')
    (group,) = [each for each in await database.read(rules.agreed_dates, work.teacher, at) if each.group_id]
    await database.write(rules.extend, work.teacher, at, due_at=usual + 2 * DAY, group_id=group.group_id)
    await database.write(groups.give_extra_time, work.teacher, course, user_id=noa.user_id, percent=50)

    assert (await of(rea))[at] == usual
    assert (await of(lena))[at] == usual + DAY
    assert (await of(otto))[at] == usual + 2 * DAY
    assert usual + 3 * DAY < (await of(noa))[at] < usual + 5 * DAY, 'half of the eight days more'


async def test_a_quiz_is_due_when_it_closes_for_this_learner() -> None:
    quiz = await a_quiz(rules=Rules(closes_at=a_moment(3)), learners=['Lena', 'Otto'])
    lena, otto = quiz.klass.learners
    agreed = {'user_id': lena.user_id, 'closes_at': a_moment(5)}
    await database.write(limits.agree, quiz.teacher, quiz.checkpoint_id, **agreed)

    assert await of(lena) == {quiz.checkpoint_id: a_moment(5)}
    assert await of(otto) == {quiz.checkpoint_id: a_moment(3)}


async def test_nothing_is_due_that_is_not_asked_of_a_learner() -> None:
    work = await an_assignment(due_at=a_moment(8), klass=await a_class(checkpoints=3))
    klass, lena = work.klass, work.learner
    first, second, third = klass.checkpoints
    await due(klass, first, a_moment(1))
    await due(klass, second, a_moment(2))
    await due(klass, third, clock.now() - 3 * DAY)
    assert list(await of(lena)) == [first, second, work.checkpoint_id], 'what is long over is not there'

    await database.write(overrides.excuse, klass.teacher, work.checkpoint_id, user_id=lena.user_id)
    await database.write(checkpoints.delete, klass.teacher, second)
    assert list(await of(lena)) == [first]
    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=lena.user_id)
    assert await of(lena) == {}
    await database.write(participants.bring_back, klass.teacher, klass.course_id, user_id=lena.user_id)
    await database.write(catalog.archive, klass.teacher, klass.course_id, archived=True)
    assert await of(lena) == {}
    assert await of(klass.teacher) == {}


async def test_what_is_completed_or_handed_in_is_marked_as_done() -> None:
    work = await an_assignment(due_at=a_moment(8), klass=await a_class(checkpoints=2))
    first, second = work.klass.checkpoints
    for checkpoint in first, second:
        await due(work.klass, checkpoint, a_moment(1))
    await tap(work.klass, first)
    await hand_in(work)

    found = await database.read(dates.of_learner, work.learner.user_id, since=clock.now())
    assert {each.checkpoint_id for each in found if each.is_done} == {first, work.checkpoint_id}
    assert replace(found[0]).course == 'Soil'


@pytest.mark.req('S12')
async def test_what_was_due_before_a_learner_joined_says_so_until_it_is_done() -> None:
    klass = await a_class(checkpoints=3)
    first, second, third = klass.checkpoints
    for checkpoint, days in (first, -2), (second, -1), (third, 1):
        await due(klass, checkpoint, clock.now() + days * DAY)
    await tap(klass, second)

    found = await database.read(dates.of_learner, klass.learner.user_id, since=clock.now() - 5 * DAY)
    assert [(each.checkpoint_id, each.was_before, each.is_done) for each in found] == [
        (first, True, False),
        (second, False, True),
        (third, False, False),
    ]


async def test_what_was_agreed_after_joining_is_asked_of_the_learner() -> None:
    work = await an_assignment(due_at=clock.now() - 3 * DAY, learners=['Lena', 'Otto'])
    lena, otto = work.klass.learners
    await database.write(rules.extend, work.teacher, work.checkpoint_id, due_at=a_moment(2), user_id=lena.user_id)

    was_before = {}
    for each in lena, otto:
        (deadline,) = await database.read(dates.of_learner, each.user_id, since=clock.now() - 5 * DAY)
        was_before[each.user_id] = deadline.was_before
    assert was_before == {lena.user_id: False, otto.user_id: True}
