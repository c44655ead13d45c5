"""Assignments of programs: a teacher asks and grades by a rubric, a learner hands in, and both have their files."""

from datetime import timedelta
from typing import Any

import pytest

from api.middleware import LONGEST_BODY
from services.core import clock
from tests.api.conftest import APrograms
from tests.factories.assignments import PDF, PNG
from tests.factories.classes import a_class

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('B1', 'Q4')]

HIDDEN: dict[str, Any] = {'submission_id': None, 'number': 0, 'submitted_at': None, 'grade': None}
RUBRIC: list[dict[str, Any]] = [
    {'title': 'Reasons', 'levels': [{'points': 0, 'text': 'none'}, {'points': 4, 'text': 'each step has one'}]},
    {'title': 'Picture', 'levels': [{'points': 1, 'text': 'there is one'}, {'points': 0, 'text': 'there is none'}]},
]


async def test_work_is_asked_for_handed_in_graded_and_returned_by_programs(a_program: APrograms) -> None:
    klass = await a_class(checkpoints=1, learners=['Lena Learner', 'Otto Other'])
    lena, otto = klass.learners
    teacher, learner, other = await a_program(klass.teacher), await a_program(lena), await a_program(otto)
    due_at = clock.now() + timedelta(days=3)
    checkpoint = {'title': 'Soil report', 'kind': 'assignment', 'due_at': due_at.isoformat()}
    id_ = (await teacher.post(f'/courses/{klass.course_id}/checkpoints', json=checkpoint)).json()['checkpoint_id']
    here = f'/checkpoints/{id_}'
    rules = {'rubric': RUBRIC, 'hides_names': True, 'file_kinds': ['pdf', 'text'], 'most_files': 2}
    made = (await teacher.put(f'{here}/assignment', json=rules)).json()
    assert made['rules']['file_kinds'] == ['pdf', 'text']
    assert [level['points'] for level in made['rules']['rubric'][0]['levels']] == [4, 0]
    wrong = {'rubric': [{'title': 'Reasons', 'levels': []}]}
    assert (await teacher.put(f'{here}/assignment', json=wrong)).status_code == 422

    own = f'{here}/submission'
    assert (await learner.get(own)).json()['tries'] == []
    saved = (await learner.put(f'{own}/text', json={'text': 'Sandy.'})).json()['saved_at']
    assert (await learner.put(f'{own}/text', json={'text': 'Clay.'})).status_code == 409
    assert (await learner.put(f'{own}/text', json={'text': 'Clay.', 'seen': saved})).status_code == 200
    key = {'idempotency-key': 'the-soil-report-of-lena'}
    sent = [await learner.post(f'{own}/files', files={'file': ('a.pdf', PDF)}, headers=key) for _ in range(2)]
    assert [each.status_code for each in sent] == [201, 201]
    assert sent[0].json() == sent[1].json(), 'what is sent again is one file'
    assert (await learner.post(f'{own}/files', files={'file': ('a.pdf', PNG)})).status_code == 422
    larger = b'Dry. '.ljust(LONGEST_BODY + 1)
    spare = (await learner.post(f'{own}/files', files={'file': ('b.txt', larger)})).json()['id']
    assert (await learner.delete(f'/submission-files/{spare}')).status_code == 204
    handed = (await learner.post(f'{own}/submit')).json()
    assert (handed['tries'][0]['state'], handed['can_take_back']) == ('submitted', True)
    again = await learner.post(f'{own}/files', files={'file': ('a.pdf', PDF)}, headers=key)
    assert (again.status_code, again.json()) == (201, sent[0].json()), 'a file that was taken stays taken'
    assert (await learner.post(f'{own}/files', files={'file': ('a.pdf', PDF)})).status_code == 409
    assert (await learner.post(f'{own}/take-back')).json()['tries'][0]['state'] == 'draft'
    (mine,) = (await learner.post(f'{own}/submit')).json()['tries']
    assert [file['name'] for file in mine['files']] == ['a.pdf']

    lines = {line['name']: line for line in (await teacher.get(f'{here}/submissions')).json()['items']}
    assert lines['Otto Other']['state'] is None
    assert lines['Lena Learner']['late_seconds'] == 0
    lena_then = {'name': 'Lena Learner', 'state': 'submitted'} | HIDDEN
    assert lines['Lena Learner'].items() >= lena_then.items(), 'no name beside a work while names are hidden'
    (pile,) = (await teacher.get(f'/courses/{klass.course_id}/assignments')).json()
    assert (pile['waiting'], pile['graded'], pile['in_all']) == (1, 0, 1)
    assert pile['next_id'] == mine['submission_id']
    work = f'/submissions/{mine["submission_id"]}'
    desk = (await teacher.get(work)).json()
    assert (desk['name'], desk['user_id'], desk['submitted_at'], desk['text']) == ('', None, None, 'Clay.')
    assert (await teacher.get(f'{work}?names=true')).json()['name'] == 'Lena Learner'
    choices = [{'level': 0, 'remark': 'Good.'}, {'level': 1}]
    assert (await teacher.put(f'{work}/grade', json={'grade': 90})).status_code == 422
    graded = (await teacher.put(f'{work}/grade', json={'choices': choices, 'feedback': 'Go on.'})).json()
    assert (graded['grade'], graded['state'], graded['choices'][0]['remark']) == (80, 'graded', 'Good.')
    lines = {line['name']: line for line in (await teacher.get(f'{here}/submissions')).json()['items']}
    assert lines['Lena Learner'].items() >= ({'state': 'graded'} | HIDDEN).items()
    back = (await teacher.post(f'{work}/files', files={'file': ('marked.pdf', PDF)})).json()['id']
    address = f'/submission-files/{back}'
    assert (await learner.get(address)).status_code == 404
    assert (await learner.get(own)).json()['tries'][0]['grade'] is None
    assert (await teacher.post(f'{here}/submissions/return')).json() == {'returned': 1}
    lines = {line['name']: line for line in (await teacher.get(f'{here}/submissions')).json()['items']}
    assert (lines['Lena Learner']['submission_id'], lines['Lena Learner']['grade']) == (mine['submission_id'], 80)
    (mine,) = (await learner.get(own)).json()['tries']
    assert (mine['grade'], mine['feedback'], mine['marks'][0]['points']) == (80, 'Go on.', 4)
    assert [file['file_id'] for file in mine['files_back']] == [back]
    got = await learner.get(address)
    assert (got.status_code, got.content, got.headers['content-disposition'][:10]) == (200, PDF, 'attachment')
    assert (await other.get(address)).status_code == 404


async def test_a_later_date_is_agreed_on_by_a_program(a_program: APrograms) -> None:
    klass = await a_class(checkpoints=1)
    teacher, learner = await a_program(klass.teacher), await a_program(klass.learner)
    due_at = (clock.now() - timedelta(days=3)).isoformat()
    checkpoint = {'title': 'Soil report', 'kind': 'assignment', 'due_at': due_at}
    id_ = (await teacher.post(f'/courses/{klass.course_id}/checkpoints', json=checkpoint)).json()['checkpoint_id']
    await teacher.put(f'/checkpoints/{id_}/assignment', json={'takes_late': False})
    own, dates = f'/checkpoints/{id_}/submission', f'/checkpoints/{id_}/assignment/due-dates'
    assert 'was due' in (await learner.get(own)).json()['problem']
    later = {'user_id': klass.learner.user_id, 'due_at': (clock.now() + timedelta(days=1)).isoformat()}
    assert (await teacher.put(dates, json=later)).status_code == 204
    assert [each['due_at'] is not None for each in (await teacher.get(dates)).json()] == [True]
    assert (await learner.get(own)).json()['problem'] is None
