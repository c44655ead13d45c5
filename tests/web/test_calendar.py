"""The secret address of a calendar, as programs ask for it: no sign-in, nothing kept by others, nothing in a log."""

import icalendar
import pytest

from services.core import clock, database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.deadlines import feeds
from tests.factories.classes import a_class
from tests.support.running import Server
from tests.support.visitor import Visitor

pytestmark = pytest.mark.req('M2', 'O7')


async def test_a_program_without_a_sign_in_reads_the_deadlines(server: Server, visitor: Visitor) -> None:
    klass = await a_class(checkpoints=1, learners=['Lena'])
    await database.write(
        checkpoints.edit, klass.teacher, klass.checkpoints[0], details=Details(title='Soil', due_at=clock.now())
    )
    token = await database.write(feeds.make, klass.learner)

    answer = await visitor.http.get(f'/calendar/{token}.ics')
    same = await visitor.http.get(f'/calendar/{token}.ics', headers={'if-none-match': answer.headers['etag']})
    only_asked = await visitor.http.head(f'/calendar/{token}.ics')
    wrong = await visitor.http.get(f'/calendar/{token[:-1]}.ics')

    assert answer.headers['content-type'] == 'text/calendar; charset=utf-8'
    assert len(icalendar.Calendar.from_ical(answer.content).events) == 1
    assert (same.status_code, same.content) == (304, b'')
    assert (only_asked.status_code, only_asked.content) == (200, b'')
    assert wrong.status_code == 404
    for each in answer, same, wrong:
        assert each.headers['cache-control'] == 'private, no-cache'
        assert 'noindex' in each.headers['x-robots-tag']
        assert 'set-cookie' not in each.headers
    assert token not in server.said()
