"""What monitoring reads of a server."""

import re

import pytest

from bench.student import Student
from tests.factories.classes import a_class
from tests.support.eventually import eventually
from tests.support.running import METRICS_TOKEN, ROOT, Server
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.req('O1')]
TABLE = (ROOT / 'docs' / 'operations.md').read_text().partition('## Metrics')[2].partition('\n## ')[0]
KEY = {'authorization': f'Bearer {METRICS_TOKEN}'}


async def test_a_tap_is_counted_and_measured_and_nobody_is_named(server: Server, visitor: Visitor) -> None:
    before = await metrics(visitor)
    course = await a_class(learners=())
    lena = Student('Lena Learner', server.origin)
    await lena.join(course.code)
    await lena.load()
    await lena.connect()
    await eventually(lambda: lena.ready)
    await lena.tap()
    await eventually(lambda: any(line.get('checkpoint') in course.checkpoints for line in server.journal('tap')))
    after = await metrics(visitor)
    text = (await visitor.http.get('/metrics', headers=KEY)).text
    await lena.close()

    taps = 'waymark_write_seconds_count{what="tap"}'
    assert after[taps] > before[taps]
    assert after['waymark_events_total{event="tap"}'] > before.get('waymark_events_total{event="tap"}', 0)
    assert any(name.startswith('waymark_connected_pages{page="/class/') and value for name, value in after.items())
    assert 'Lena' not in text
    assert course.code not in text


async def test_only_who_has_the_token_reads_them(visitor: Visitor) -> None:
    answers = [await visitor.http.get('/metrics', headers=headers) for headers in ({}, {'authorization': 'Bearer no'})]

    assert [answer.status_code for answer in answers] == [404, 404]


async def test_the_documentation_has_every_metric(server: Server, visitor: Visitor) -> None:
    given = {name.partition('{')[0] for name in await metrics(visitor)}
    families = {re.sub('_(bucket|count|sum|created)$', '', name) for name in given if name.startswith('waymark_')}
    told = set(re.findall(r'`(waymark_\w+)', TABLE))

    assert families - told == set(), 'measured, but not explained'
    seldom = {'waymark_backup_age_seconds', 'waymark_active_people', 'waymark_mean_session_seconds', 'waymark_mails'}
    assert told - families - {'waymark_write_seconds_bucket'} <= seldom | {
        'waymark_refused_taps_total',
        'waymark_connected_pages',
        'waymark_statements_behind',
        'waymark_statements_held',
        'waymark_statements_refused',
    }, 'explained, but not there, although it needs no history'


async def test_a_proxy_learns_whether_to_send_people_here(visitor: Visitor) -> None:
    answer = await visitor.http.get('/ready')

    assert answer.status_code == 200
    assert answer.json()['status'] == 'ok'


async def metrics(visitor: Visitor) -> dict[str, float]:
    """Return every sample that the server gives, by its name with labels."""
    answer = await visitor.http.get('/metrics', headers=KEY)
    assert answer.status_code == 200
    lines = (line for line in answer.text.splitlines() if line and not line.startswith('#'))
    return {name: float(value) for name, _, value in (line.rpartition(' ') for line in lines)}
