"""The services of Moodle, as strict as its sources are: kinds of what is sent and wanted, addresses, scopes.

Written after what the sources do; none of it was copied, and no Moodle runs here.
"""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from sqlalchemy import update

from models import LtiLink
from services.core import database
from services.lms import drift, milestones, reading_back, roster, services, tokens
from tests.factories.classes import mark
from tests.factories.people import an_admin
from tests.factories.quizzes import RIGHT, take
from tests.services.lms.test_grades_out import a_linked_quiz, send, set_grade
from tests.support.lti_platform import MEMBERSHIP, FakePlatform, a_platform

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('R3')]

COURSE, TYPE = '/mod/lti/services.php/2', {'type_id': '3'}
MEMBERS = '/mod/lti/services.php/CourseSection/2/bindings/3/memberships'
MOMENT = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)')
KINDS = {
    ('GET', 'lineitems'): (services.LINE_ITEM, 'application/vnd.ims.lis.v2.lineitemcontainer+json'),
    ('POST', 'lineitems'): (services.LINE_ITEM, 'application/vnd.ims.lis.v2.lineitem+json'),
    ('POST', 'scores'): (services.SCORE, 'application/vnd.ims.lis.v1.score+json'),
    ('GET', 'results'): (services.RESULT, 'application/vnd.ims.lis.v2.resultcontainer+json'),
    ('GET', 'memberships'): (services.MEMBERS, 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json'),
}
"""which scope each needs, and the one kind that is sent, or wanted"""


@dataclass(slots=True)
class Moodle(FakePlatform):
    """One course with one activity, which has column 17, and what was asked for wrongly."""

    given: dict[str, str] = field(default_factory=dict)
    """the scope of each token"""
    wrong: list[str] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    grades: dict[str, tuple[float, str]] = field(default_factory=dict)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path == '/token':
            return self._token_of(request.content_type, parse_qs(await request.text()))
        what = request.path.rpartition('/')[2]
        scope, kind = KINDS[request.method, what]
        said = request.headers['accept' if request.method == 'GET' else 'content-type']
        if self.given.get(request.headers['authorization'].removeprefix('Bearer ')) != scope:
            return self._refuse(401, f'{what}: the scope')
        if said != kind:
            return self._refuse(400, f'{what}: {said}')
        if what != 'memberships' and request.query.get('type_id') != '3':
            return self._refuse(403, f'{what}: {request.rel_url}')
        sent = json.loads(await request.text()) if request.method == 'POST' else None
        answer = getattr(self, f'_{what}')(request, sent)
        return answer if isinstance(answer, web.Response) else web.json_response(answer, content_type=kind)

    def _refuse(self, status: int, why: str) -> web.Response:
        self.wrong.append(why)
        return web.Response(status=status)

    def _token_of(self, kind: str, asked: dict[str, list[str]]) -> web.Response:
        if kind != 'application/x-www-form-urlencoded' or asked['grant_type'] != ['client_credentials']:
            return self._refuse(400, f'token: {kind}')
        (scope,) = asked['scope']
        self.given[f't{len(self.given)}'] = scope
        return web.json_response({'access_token': f't{len(self.given) - 1}', 'expires_in': 3600, 'scope': scope})

    def _lineitems(self, request: web.BaseRequest, sent: dict[str, Any] | None) -> object:
        if sent is None:
            link, name = request.query.get('resource_link_id'), request.query.get('resource_id')
            of_link = [each for each in self.items if not link or each.get('resourceLinkId') == link]
            return [each for each in of_link if not name or each.get('resourceId') == name]
        number = 17 + len(self.items)
        self.items.append({**sent, 'id': f'{self.address}{COURSE}/lineitems/{number}/lineitem?type_id=3'})
        return web.json_response(self.items[-1], status=201)

    def _scores(self, request: web.BaseRequest, sent: dict[str, Any]) -> object:
        is_right = {'userId', 'timestamp', 'gradingProgress', 'activityProgress'} <= set(sent)
        if not is_right or not MOMENT.fullmatch(sent['timestamp']) or ('scoreGiven' in sent) > ('scoreMaximum' in sent):
            return self._refuse(400, f'scores: {sent}')
        self.scores.append(sent)
        self.places.append(request.path)
        if 'scoreGiven' in sent and request.path.endswith('/17/lineitem/scores'):
            self.grades[sent['userId']] = sent['scoreGiven'] / sent['scoreMaximum'] * 10, sent.get('comment', '')
        return web.Response(body=b'')

    def _results(self, request: web.BaseRequest, _: object) -> object:
        place = f'{self.address}{COURSE}/lineitems/17/lineitem'
        graded = [
            {
                'id': f'{place}/results?type_id=3&user_id={user}',
                'userId': user,
                'resultScore': score,
                'resultMaximum': 10,
                'comment': comment,
                'scoreOf': f'{place}?type_id=3',
                'timestamp': '2026-01-02T03:04:05+00:00',
            }
            for user, (score, comment) in self.grades.items()
        ]
        return [*graded, {'id': f'{place}/results?type_id=3&user_id=99', 'userId': '99'}]

    def _memberships(self, request: web.BaseRequest, _: object) -> object:
        person = {'status': 'Active', 'roles': [f'{MEMBERSHIP}Learner'], 'lis_person_sourcedid': ''}
        members = [{**person, 'user_id': 'lena-17', 'name': 'Lena'}, {**person, 'user_id': '18'}]
        return {'id': f'{self.address}{MEMBERS}', 'context': {'id': '2', 'label': 'ALG'}, 'members': members}


@pytest.fixture
async def moodle(data_dir: object) -> AsyncIterator[Moodle]:
    tokens._tokens.clear()
    async with a_platform(Moodle()) as platform:
        assert isinstance(platform, Moodle)
        column = f'{platform.address}{COURSE}/lineitems/17/lineitem?type_id=3'
        of_link = {'resourceLinkId': '5', 'ltiLinkId': '5', 'tag': '', 'resourceId': 'a key of ours'}
        platform.items = [{'id': column, 'label': 'Soil quiz', 'scoreMaximum': 10.0, **of_link}]
        await platform.register(await an_admin())
        yield platform


async def test_grades_both_ways_milestones_and_the_class_list(moodle: Moodle) -> None:
    quiz = await a_linked_quiz(moodle)
    places = {'line_items': f'{moodle.address}{COURSE}/lineitems?type_id=3', 'roster': f'{moodle.address}{MEMBERS}'}
    await database.write(lambda tx: tx.execute(update(LtiLink).values(resource_link_id='5', **places)))
    of = quiz.teacher, quiz.klass.course_id

    await take(quiz, RIGHT)
    await set_grade(quiz, 80, 'Well argued')
    await send()
    assert moodle.wrong == []
    assert moodle.grades == {'lena-17': (8.0, 'Well argued')}
    assert len(moodle.items) == 1, 'the column of the activity is found'

    await reading_back.read_now(*of, link_id=1)
    (report,) = await database.read(drift.of_course, *of)
    assert report.drifts == (), 'eight of ten is eighty of a hundred'
    moodle.grades['lena-17'] = 4.0, 'Late'
    await reading_back.read_now(*of, link_id=1)
    (report,) = await database.read(drift.of_course, *of)
    assert [(each.there, each.comment) for each in report.drifts] == [(40, 'Late')]

    compared = await roster.compare(*of, link_id=1)
    assert (compared.here, compared.new) == (1, ('18',)), 'who has no name there has a number'

    await database.write(milestones.switch, *of, link_id=1, is_on=True)
    for checkpoint in quiz.klass.checkpoints:
        if checkpoint != quiz.checkpoint_id:
            await mark(checkpoint, by=quiz.learner)
    await send()
    assert moodle.wrong == []
    made = {each['resourceId'].rpartition('-')[0] for each in moodle.items[1:]}
    assert (made, len(moodle.items)) == ({'waymark-module', 'waymark-course'}, 3)
    assert {each.rpartition('/lineitems/')[2] for each in moodle.places[-2:]} == {
        '18/lineitem/scores',
        '19/lineitem/scores',
    }
