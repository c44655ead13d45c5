"""Classes that are over, and attendance, as programs read them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from models import Verb
from services.core import clock, database
from services.live import sessions
from services.live.help import queue
from tests.api.conftest import APrograms, Program
from tests.factories.classes import ClassAtHand, a_class, join_class, tap
from tests.factories.people import a_guest

pytestmark = pytest.mark.req('B1', 'L11')


@pytest.fixture
async def klass(db: object) -> ClassAtHand:
    """Ten minutes: Ada does the first checkpoint within one minute, Ben within two and is stuck then; Cleo stays
    away.
    """
    start = clock.now()
    with time_machine.travel(start, tick=False) as time:
        held = await a_class(checkpoints=2, learners=['Ada', 'Ben', 'Cleo'])
        for minute, who in enumerate(held.learners[:2], start=1):
            await join_class(held, by=who)
            await tap(held, held.checkpoints[0], by=who, verb=Verb.STARTED)
            time.move_to(start + timedelta(minutes=minute))
            await tap(held, held.checkpoints[0], by=who)
        await database.write(queue.ask, held.learners[1], held.session_id, held.checkpoints[1])
        time.move_to(start + timedelta(minutes=10))
        await database.write(sessions.end, held.teacher, held.course_id)
    return held


@pytest.fixture
async def ines(klass: ClassAtHand, a_program: APrograms) -> Program:
    return await a_program(klass.teacher)


async def told(program: Program, klass: ClassAtHand, what: str = '', **query: int) -> Any:
    answer = await program.get(f'/courses/{klass.course_id}/{what}', params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_classes_are_compared(klass: ClassAtHand, ines: Program) -> None:
    assert await told(ines, klass, 'classes') == {
        'items': [
            {
                'session_id': klass.session_id,
                'started_at': (await told(ines, klass, 'classes'))['items'][0]['started_at'],
                'seconds': 600,
                'people': 2,
                'percent': 50,
                'step_seconds': 60,
            }
        ],
        'next': None,
    }


async def test_how_each_checkpoint_of_a_class_went(klass: ClassAtHand, ines: Program) -> None:
    first, second = (await told(ines, klass, f'classes/{klass.session_id}'))['steps']

    assert first['half_done_after'] == 60
    assert first['nine_tenths_done_after'] == 120
    assert first['took'] == [60, 60]
    assert first['quarters'] == [60, 60, 60]
    assert second['took'] == []
    assert second['quarters'] is None


async def test_the_grid_is_told_of_any_moment(klass: ClassAtHand, ines: Program) -> None:
    def marks(grid: Any) -> dict[str, list[str]]:
        return {learner['name']: learner['marks'] for learner in grid['learners']}

    early = await told(ines, klass, f'classes/{klass.session_id}/grid', second=61)
    late = await told(ines, klass, f'classes/{klass.session_id}/grid', second=599)

    assert marks(early) == {'Ada': ['done', 'not_yet'], 'Ben': ['working', 'not_yet']}
    assert marks(late) == {'Ada': ['done', 'not_yet'], 'Ben': ['done', 'stuck']}
    assert early['shares'] == [50, 0]


async def test_moves_lead_from_the_beginning_to_the_end(klass: ClassAtHand, ines: Program) -> None:
    video = await told(ines, klass, f'classes/{klass.session_id}/moves')
    end = await told(ines, klass, f'classes/{klass.session_id}/grid', second=video['seconds'])

    columns = [column['checkpoint_id'] for column in video['columns']]
    marks = {learner['user_id']: learner['marks'] for learner in video['learners']}
    for move in video['moves']:
        if move['checkpoint_id']:
            marks[move['user_id']][columns.index(move['checkpoint_id'])] = move['mark']

    assert marks == {learner['user_id']: learner['marks'] for learner in end['learners']}
    assert [move['second'] for move in video['moves']] == sorted(move['second'] for move in video['moves'])


async def test_a_class_that_is_on_can_not_be_looked_at_again_yet(klass: ClassAtHand, ines: Program) -> None:
    session_id = await database.write(sessions.start, klass.teacher, klass.course_id)

    for what in '', '/moves', '/grid?second=1':
        answer = await ines.get(f'/courses/{klass.course_id}/classes/{session_id}{what}')
        assert answer.status_code == 409


@pytest.mark.parametrize('second', ['-1', 'x', '', str(10**12)])
async def test_a_moment_must_be_one(klass: ClassAtHand, ines: Program, second: str) -> None:
    address = f'/courses/{klass.course_id}/classes/{klass.session_id}/grid'

    assert (await ines.get(address, params={'second': second})).status_code == 422


@pytest.mark.req('L12')
async def test_attendance_of_one_class(klass: ClassAtHand, ines: Program) -> None:
    ada, ben, cleo = klass.learners

    roll = await told(ines, klass, f'attendance/{klass.session_id}')

    assert [(each['user_id'], each['name'], each['minutes']) for each in roll['present']] == [
        (ada.user_id, 'Ada', 10),
        (ben.user_id, 'Ben', 9),
    ]
    assert roll['absent'] == [{'user_id': cleo.user_id, 'name': 'Cleo', 'mark': None, 'marked_by': None}]


@pytest.mark.req('L12')
async def test_attendance_of_a_course_comes_in_pages(klass: ClassAtHand, ines: Program) -> None:
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        late = await a_guest(code=klass.code, name='Pia')
    pages, cursor = [], '0'
    while cursor:
        answer = await ines.get(f'/courses/{klass.course_id}/attendance', params={'limit': 3, 'cursor': cursor})
        pages.append(answer.json()['items'])
        cursor = answer.json()['next']

    assert [len(page) for page in pages] == [3, 1]
    assert [(each['name'], each['rate'], each['attended'], each['held']) for page in pages for each in page] == [
        ('Ada', 100, 1, 1),
        ('Ben', 100, 1, 1),
        ('Cleo', 0, 0, 1),
        ('Pia', None, 0, 0),
    ]
    assert pages[0][1]['classes'][0]['minutes'] == 9
    assert pages[1][0]['user_id'] == late.user_id
