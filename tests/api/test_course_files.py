"""A course goes out as a file over the API, and comes in again."""

import os

import pytest
from sqlalchemy import update

from models import IdempotentRequest, Role, User
from services.access import Actor
from services.content.uploads.receiving import take
from services.content.uploads.slots import Part
from services.core import database
from services.core.transaction import Transaction
from settings import settings
from tests.api.conftest import APrograms
from tests.factories.classes import a_class, a_course
from tests.factories.people import a_student, an_instructor
from tests.support.course_archives import PDF, TEXT, a_zip
from tests.support.files_at_hand import in_pieces, on_disk

pytestmark = [pytest.mark.req('B1', 'C6'), pytest.mark.usefixtures('data_dir')]


@pytest.mark.both_databases
async def test_a_course_goes_to_another_school_and_back(a_program: APrograms) -> None:
    klass = await a_class(title='Böden', checkpoints=2)
    ines, otto = await a_program(klass.teacher), await a_program(await an_instructor())

    await take(klass.teacher, klass.checkpoints[0], Part.FILE, in_pieces(PDF), name='soil.pdf')
    module = {'title': 'Outside', 'description': 'Bring **boots**.'}
    await ines.put(f'/modules/{klass.module_id}', json=module)
    await ines.put(f'/courses/{klass.course_id}/classmates-help', json={'allowed': True})

    file = await ines.get(f'/courses/{klass.course_id}/file')
    made = await otto.post('/courses/import/file', files={'file': ('soil.zip', file.content)})

    assert file.headers['content-type'] == 'application/zip'
    assert "filename*=UTF-8''B%C3%B6den.waymark.zip" in file.headers['content-disposition']
    assert made.status_code == 201
    shown = made.json()
    assert (shown['title'], shown['checkpoints'], shown['classmates_help']) == ('Böden', 2, True)
    assert (await otto.get(f'/courses/{shown["course_id"]}/file')).content == file.content
    ((part,),) = [(await otto.get(f'/courses/{shown["course_id"]}/checkpoints')).json()]
    assert {name: part[name] for name in module} == module
    assert (await otto.get(f'/content/{part["checkpoints"][0]["checkpoint_id"]}/file')).content == PDF


async def test_the_plain_text_comes_in_without_files(a_program: APrograms) -> None:
    ines = await a_program(await an_instructor())

    made = await ines.post('/courses/import', json={'file': TEXT.replace('    file: files/soil.pdf\n', '')})
    refused = await ines.post('/courses/import', json={'file': TEXT})

    assert (made.status_code, made.json()['title']) == (201, 'Soil')
    assert (refused.status_code, refused.json()['error']) == (422, 'BrokenFile')
    assert 'Line 9: “files/soil.pdf” is missing.' in refused.json()['detail']


async def test_a_text_that_is_sent_once_more_is_answered_from_the_record(a_program: APrograms) -> None:
    teacher = await an_instructor()
    ines = await a_program(teacher)
    sent, key = {'file': TEXT.replace('    file: files/soil.pdf\n', '')}, {'idempotency-key': 'the-same-key-as-before'}
    first = await ines.post('/courses/import', json=sent, headers=key)
    await database.write(_is_a_student_now, teacher)

    again = await ines.post('/courses/import', json=sent, headers=key)
    new = await ines.post('/courses/import', json=sent)

    assert again.status_code == 201, again.text
    assert (again.status_code, again.json()['course_id']) == (201, first.json()['course_id'])
    assert new.status_code == 403, 'who teaches no more makes no new one'


async def test_an_answer_of_an_earlier_version_is_told_of_and_nothing_is_made_twice(a_program: APrograms) -> None:
    ines = await a_program(await an_instructor())
    sent, key = {'file': TEXT.replace('    file: files/soil.pdf\n', '')}, {'idempotency-key': 'the-same-key-as-before'}
    first = await ines.post('/courses/import', json=sent, headers=key)
    await database.write(lambda tx: tx.execute(update(IdempotentRequest).values(answer=str(first.json()['course_id']))))

    again = await ines.post('/courses/import', json=sent, headers=key)

    assert again.status_code == 409, again.text
    assert 'before Waymark was updated' in again.json()['detail']
    assert len((await ines.get('/courses')).json()['items']) == 1


def _is_a_student_now(tx: Transaction, actor: Actor) -> None:
    tx.session.get_one(User, actor.user_id).role = Role.STUDENT


async def test_what_is_no_course_file_is_refused_and_leaves_nothing(a_program: APrograms) -> None:
    ines = await a_program(await an_instructor())
    path, form = '/courses/import/file', {'content-type': 'multipart/form-data; boundary=x'}

    for answer in (
        await ines.post(path, files={'file': ('soil.zip', a_zip(pdf=b'<script>'))}),
        await ines.post(path, files={'file': ('soil.zip', b'PK\x03\x04')}),
        await ines.post(path, files={'file': ('soil.zip', b'')}),
        await ines.post(path, json={'file': 'x'}),
        await ines.post(path),
        await ines.post(path, content=b'--x\r\n', headers=form),
    ):
        assert answer.status_code == 422, answer.text
        assert answer.json().keys() == {'error', 'detail', 'request_id'}
        assert answer.headers['connection'] == 'close'
    assert on_disk() == []


async def test_a_file_that_is_sent_once_more_makes_no_second_course(a_program: APrograms) -> None:
    ines = await a_program(await an_instructor())
    sent, key = {'file': ('soil.zip', a_zip())}, {'idempotency-key': 'the same key as before'.replace(' ', '-')}

    first = await ines.post('/courses/import/file', files=sent, headers=key)
    again = await ines.post('/courses/import/file', files=sent, headers=key)
    other = await ines.post('/courses/import/file', files={'file': ('air.zip', a_zip(('a', 'b')))}, headers=key)

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert first.json() == again.json()
    assert len((await ines.get('/courses')).json()['items']) == 1


async def test_a_course_may_be_larger_than_other_bodies_up_to_its_own_limit(
    a_program: APrograms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('MAX_COURSE_MB', '3')
    settings.cache_clear()
    ines, chaff = await a_program(await an_instructor()), os.urandom(2 * 1024 * 1024)

    taken = await ines.post('/courses/import/file', files={'file': ('soil.zip', a_zip(('chaff', chaff)))})
    refused = await ines.post('/courses/import/file', files={'file': ('soil.zip', a_zip(('chaff', 2 * chaff)))})
    elsewhere = await ines.post('/courses/import', content=2 * chaff)

    assert (taken.status_code, refused.status_code, elsewhere.status_code) == (201, 422, 413)
    assert 'larger than 3 MB' in refused.json()['detail']


async def test_a_broken_file_says_in_which_lines(a_program: APrograms) -> None:
    ines = await a_program(await an_instructor())

    answer = await ines.post('/courses/import', json={'file': 'waymark: 1\ncourse:\n  titel: Soil\n'})

    assert (answer.status_code, answer.json()['error']) == (422, 'BrokenFile')
    assert 'Line 3: “titel” is not known here. Did you mean “title”?' in answer.json()['detail']


async def test_who_may_not_make_courses_is_refused_before_anything_is_read(a_program: APrograms) -> None:
    sami = await a_program(await a_student())

    assert (await sami.post('/courses/import', json={'file': '['})).status_code == 403
    assert (await sami.post('/courses/import/file', files={'file': ('a.zip', b'PK')})).status_code == 403
    assert on_disk() == []


async def test_only_who_teaches_a_course_has_its_file(a_program: APrograms) -> None:
    klass, foreign = await a_class(), await a_course(title='Air')

    for who in klass.learner, foreign.teacher:
        assert (await (await a_program(who)).get(f'/courses/{klass.course_id}/file')).status_code == 404
