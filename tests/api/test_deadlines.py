"""Deadlines for programs: those of their person, as the calendar says them."""

from datetime import timedelta

import pytest

from services.core import clock, database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from tests.api.conftest import APrograms
from tests.factories.classes import a_class, tap

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('B1', 'M2')]


async def test_a_program_reads_the_deadlines_of_its_person(a_program: APrograms) -> None:
    klass = await a_class(checkpoints=3, learners=['Lena', 'Otto'])
    for checkpoint, days in zip(klass.checkpoints, (-1, 1, 2), strict=True):
        details = Details(title='Soil', due_at=clock.now() + timedelta(days=days))
        await database.write(checkpoints.edit, klass.teacher, checkpoint, details=details)
    await tap(klass, klass.checkpoints[1])
    lena, otto, ines = [await a_program(who) for who in (*klass.learners, klass.teacher)]

    found = (await lena.get('/deadlines')).json()['items']
    first = (await otto.get('/deadlines?limit=1')).json()
    rest = (await otto.get(f'/deadlines?cursor={first["next"]}')).json()

    assert [(each['checkpoint_id'], each['was_before'], each['is_done']) for each in found] == [
        (klass.checkpoints[0], True, False),
        (klass.checkpoints[1], False, True),
        (klass.checkpoints[2], False, False),
    ]
    assert [len(each['items']) for each in (first, rest)] == [1, 2]
    assert not any(each['is_done'] for each in rest['items'])
    assert (await ines.get('/deadlines')).json()['items'] == []
