"""What a program on Socket.IO hears of others: those who teach all of it, a learner nothing that shows a person."""

import json

import pytest

from services.core import database
from services.live import spreading
from services.progress import enrollments
from tests.factories.classes import ClassAtHand, a_class, join_class, mark, tap
from tests.factories.people import a_student, an_instructor
from tests.support.served import Served

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('B2', 'L10')]

SIX = ['Lena Low', 'Otto Old', 'Pia Pine', 'Ravi Roe', 'Sol Sand', 'Tom Tide']


@pytest.fixture
async def klass(db: object) -> ClassAtHand:
    return await a_class(checkpoints=3, learners=['Lena Low', 'Otto Old'])


async def test_a_learner_is_told_of_nobody_else(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreading, 'FIGURE_INTERVAL', 0.05)
    klass = await a_class(checkpoints=2, learners=SIX)
    lena, *others = klass.learners
    program = await served.connect(lena)
    await program.join(klass.course_id)
    for other in others:
        await join_class(klass, by=other)
        await tap(klass, klass.checkpoints[0], by=other)
    await database.write(enrollments.hide, others[0], klass.course_id, True)
    await tap(klass, klass.checkpoints[1], by=others[0])

    await tap(klass, klass.checkpoints[1], by=lena)
    heard = await program.until('progress_update', user_id=lena.user_id, status='completed')
    heard += await program.until('session_stats')

    assert {name for name, _ in heard} <= {'snapshot', 'session_stats', 'progress_update', 'class_changed'}
    assert {data['user_id'] for _, data in heard if 'user_id' in data} == {lena.user_id}
    wire = json.dumps(heard)
    assert not [name for name in SIX[1:] if name in wire or name.split()[0] in wire]
    figures = heard[-1][1]
    assert figures['headcount']['here'] == 1  # of those who are shown; nobody else has a page open
    assert [rate['percent'] for rate in figures['completion_rates']] == [80, 20]


async def test_shares_of_a_few_are_told_to_those_alone_who_teach(served: Served, klass: ClassAtHand) -> None:
    teacher, lena = await served.connect(klass.teacher), await served.connect(klass.learner)
    await teacher.join(klass.course_id)
    await lena.join(klass.course_id)
    await join_class(klass, by=klass.learners[1])

    await tap(klass, klass.checkpoints[0], by=klass.learners[1])

    await teacher.next('session_stats', percent=16)
    told = await lena.next('session_stats')
    assert told['percent'] is None
    assert {rate['percent'] for rate in told['completion_rates']} == {None}


async def test_a_class_of_others_is_not_there(served: Served, klass: ClassAtHand) -> None:
    stranger, colleague = await served.connect(await a_student()), await served.connect(await an_instructor())

    for program in (stranger, colleague):
        for course_id in (klass.course_id, 4711):
            refused = await program.call('join_course', {'course_id': course_id})
            assert (refused['ok'], refused['error']) == (False, 'NotFound')
            assert refused['detail'] == 'There is no such course, or it is not one of yours.'
    tapped = await stranger.call('checkpoint_completed', {'checkpoint_id': klass.checkpoints[0]})
    assert (tapped['ok'], tapped['error']) == (False, 'NotEnrolled')

    await tap(klass, klass.checkpoints[0])
    await mark(klass.checkpoints[1], by=klass.learner)
    assert not stranger.heard
    assert not colleague.heard


async def test_who_teaches_marks_nothing(served: Served, klass: ClassAtHand) -> None:
    teacher = await served.connect(klass.teacher)
    await teacher.join(klass.course_id)

    refused = await teacher.call('checkpoint_completed', {'checkpoint_id': klass.checkpoints[0]})

    assert (refused['ok'], refused['error']) == (False, 'NotEnrolled')
