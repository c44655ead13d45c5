"""Notes and bookmarks of programs: for their owner alone."""

import pytest

from tests.api.conftest import APrograms, Program
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.people import a_guest, a_student, an_admin

pytestmark = pytest.mark.req('B1', 'S9')


@pytest.fixture
async def course(db: object) -> CourseAtHand:
    return await a_course()


@pytest.fixture
async def lena(course: CourseAtHand, a_program: APrograms) -> Program:
    """The program of somebody who learns in the course."""
    return await a_program(await a_guest(code=course.code))


@pytest.mark.both_databases
async def test_a_note_is_written_found_changed_and_deleted(course: CourseAtHand, lena: Program) -> None:
    here = f'/checkpoints/{course.checkpoints[0]}/notes'
    note = (await lena.post(here, json={'text': 'Wet the *sample*', 'tags': ['#Exam', 'soil']})).json()
    mark = (await lena.post(here, json={'is_bookmark': True, 'position': 12.5})).json()
    await lena.post(f'/checkpoints/{course.checkpoints[1]}/notes', json={'text': 'Weigh it', 'tags': ['exam']})

    found = (await lena.get('/notes', params={'words': 'SAMP', 'tag': 'exam'})).json()['items']
    there = (await lena.get('/notes', params={'checkpoint_id': course.checkpoints[0]})).json()['items']
    changed = await lena.put(
        f'/notes/{note["note_id"]}', json={'text': 'Dry it', 'tags': [], 'seen_at': note['updated_at']}
    )
    stale = await lena.put(
        f'/notes/{note["note_id"]}', json={'text': 'Both', 'tags': [], 'seen_at': note['updated_at']}
    )
    gone = await lena.delete(f'/notes/{mark["note_id"]}')

    assert (note['tags'], mark['position'], mark['is_bookmark']) == (['exam', 'soil'], 12.5, True)
    assert [(each['note']['note_id'], each['step_title']) for each in found] == [(note['note_id'], 'Step 1')]
    assert [piece['text'] for piece in found[0]['excerpt'] if piece['is_hit']] == ['sample']
    assert [each['note']['note_id'] for each in there] == [note['note_id'], mark['note_id']]
    assert (changed.json()['text'], stale.status_code) == ('Dry it', 409)
    assert (gone.status_code, (await lena.delete(f'/notes/{mark["note_id"]}')).status_code) == (204, 404)
    assert (await lena.get('/notes/tags')).json() == ['exam']


async def test_all_notes_are_taken_along_as_markdown(course: CourseAtHand, lena: Program) -> None:
    await lena.post(f'/checkpoints/{course.checkpoints[0]}/notes', json={'text': 'Wet **it**'})

    file = await lena.get('/notes/export')

    assert file.headers['content-type'] == 'text/markdown; charset=utf-8'
    assert 'attachment' in file.headers['content-disposition']
    assert '### Step 1' in file.text
    assert 'Wet **it**' in file.text
    assert 'none yet' in (await lena.get('/notes/export', params={'course_id': 999})).text


@pytest.mark.both_databases
async def test_notes_come_in_pages(course: CourseAtHand, lena: Program) -> None:
    for number in range(5):
        await lena.post(f'/checkpoints/{course.checkpoints[0]}/notes', json={'text': f'Sample {number}'})

    seen, cursor = [], '0'
    while cursor:
        page = (await lena.get('/notes', params={'words': 'sample', 'limit': 2, 'cursor': cursor})).json()
        seen += [each['note']['text'] for each in page['items']]
        cursor = page['next']

    assert seen == [f'Sample {number}' for number in range(5)]


async def test_a_note_that_is_sent_again_is_there_once(course: CourseAtHand, lena: Program) -> None:
    key = {'idempotency-key': 'the-same-note-once-more'}

    for _ in range(2):
        await lena.post(f'/checkpoints/{course.checkpoints[0]}/notes', json={'text': 'Once'}, headers=key)

    assert len((await lena.get('/notes')).json()['items']) == 1


async def test_nobody_reads_or_changes_the_note_of_another(
    course: CourseAtHand, lena: Program, a_program: APrograms
) -> None:
    note = (await lena.post(f'/checkpoints/{course.checkpoints[0]}/notes', json={'text': 'Mine'})).json()
    own = f'/notes/{note["note_id"]}'

    for actor in course.teacher, await an_admin(), await a_guest(code=course.code, name='Otto'), await a_student():
        other = await a_program(actor)
        assert (await other.get('/notes')).json()['items'] == []
        assert (await other.get('/notes', params={'checkpoint_id': course.checkpoints[0]})).json()['items'] == []
        assert (await other.put(own, json={'text': 'Yours', 'tags': []})).status_code == 404
        assert (await other.delete(own)).status_code == 404
    assert (await lena.get('/notes')).json()['items'][0]['note']['text'] == 'Mine'


async def test_notes_are_for_those_who_learn(course: CourseAtHand, a_program: APrograms) -> None:
    ines, stranger = await a_program(course.teacher), await a_program(await a_student())
    here = f'/checkpoints/{course.checkpoints[0]}/notes'

    assert (await ines.post(here, json={'text': 'Mine'})).status_code == 403
    assert (await stranger.post(here, json={'text': 'Mine'})).status_code == 404


@pytest.mark.parametrize(
    'sent',
    [
        '{"text": ""}',
        '{"text": "  "}',
        '{"text": "x", "position": NaN}',
        '{"text": "x", "position": -1}',
        '{"text": "x", "position": 1e300}',
        '{"text": "\\u0000"}',
        '{"text": "\\ud800"}',
        '{"text": "x", "tags": ["\\ud800"]}',
        '{"text": "%s"}' % ('x' * 10_001),
        '{"text": "x", "tags": ["%s"]}' % ('x' * 41),
        '{"text": "x", "tags": %s}' % (['a'] * 21),
    ],
)
async def test_what_cannot_be_kept_is_refused(course: CourseAtHand, lena: Program, sent: str) -> None:
    body = sent.replace("'", '"').encode()
    headers = {'content-type': 'application/json'}

    answer = await lena.post(f'/checkpoints/{course.checkpoints[0]}/notes', content=body, headers=headers)

    assert answer.status_code == 422
    assert (await lena.get('/notes')).json()['items'] == []


@pytest.mark.parametrize('typed', ['"', '*', "'; --", 'a:b', '\x00', 'NEAR(', '😀', '%'])
async def test_whatever_is_searched_for_is_only_words(lena: Program, typed: str) -> None:
    answer = await lena.get('/notes', params={'words': typed, 'tag': typed})

    assert (answer.status_code, answer.json()['items']) == (200, [])
