"""The files of checkpoints over the API: given in a form, looked into, and taken away."""

from pathlib import Path
from typing import Any

import pytest

from services.content.uploads.storage import folder
from settings import settings
from tests.api.conftest import APrograms
from tests.factories.classes import a_course
from tests.factories.files import CAPTIONS, a_pdf, a_video
from tests.factories.people import a_guest, a_student, an_instructor

pytestmark = [pytest.mark.req('B1', 'C4'), pytest.mark.usefixtures('data_dir')]


def sent(content: bytes, name: str = 'soil.pdf') -> dict[str, Any]:
    return {'files': {'file': (name, content)}}


def left_over() -> list[Path]:
    return list(folder().iterdir()) if folder().exists() else []


async def test_a_document_is_given_read_and_taken_away(a_program: APrograms) -> None:
    course = await a_course(checkpoints=1)
    path, content = f'/content/{course.checkpoints[0]}/file', a_pdf(pages=3)
    ines, lena = await a_program(course.teacher), await a_program(await a_guest(code=course.code))

    given = await ines.put(path, **sent(content, 'Böden.pdf'))

    assert given.status_code == 200
    assert (given.json()['kind'], given.json()['has_file']) == ('document', True)
    assert given.json()['file'] == {'name': 'Böden.pdf', 'size': len(content), 'seconds': None, 'pages': 3}
    assert (await lena.get(path)).content == content
    assert (await ines.delete(path)).status_code == 204
    assert (await lena.get(path)).status_code == 404
    assert not (await ines.get(f'/checkpoints/{course.checkpoints[0]}')).json()['has_file']


async def test_a_video_comes_with_captions(a_program: APrograms) -> None:
    course = await a_course(checkpoints=1)
    path, ines = f'/content/{course.checkpoints[0]}', await a_program(course.teacher)

    early = await ines.put(f'{path}/captions', **sent(CAPTIONS, 'soil.vtt'))
    video = await ines.put(f'{path}/film', **sent(a_video(), 'soil.mp4'))
    captions = await ines.put(f'{path}/captions', **sent(CAPTIONS, 'soil.vtt'))

    assert (early.status_code, video.status_code) == (409, 200)
    assert video.json()['file']['seconds'] == pytest.approx(3, abs=0.2)
    assert captions.json()['has_captions']
    assert (await ines.get(f'{path}/captions')).content == CAPTIONS


async def test_what_is_no_document_is_refused_and_leaves_nothing(a_program: APrograms) -> None:
    course = await a_course(checkpoints=1)
    path, ines = f'/content/{course.checkpoints[0]}', await a_program(course.teacher)
    form = {'content-type': 'multipart/form-data; boundary=x'}

    for answer in (
        await ines.put(f'{path}/file', **sent(b'<script>')),
        await ines.put(f'{path}/file', json={'file': 'x'}),
        await ines.put(f'{path}/file'),
        await ines.put(f'{path}/file', content=b'--x\r\n', headers=form),
        await ines.put(f'{path}/file', content=b'junk', headers=form),
        await ines.put(f'{path}/file', data={'file': 'x'}),
        await ines.put(f'{path}/song', **sent(b'x')),
    ):
        assert answer.status_code == 422, answer.text
        assert answer.json().keys() == {'error', 'detail', 'request_id'}
    assert left_over() == []


async def test_what_is_too_large_is_refused_as_soon_as_that_is_known(
    a_program: APrograms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('MAX_FILE_MB', '1')
    settings.cache_clear()
    course = await a_course(checkpoints=1)
    ines = await a_program(course.teacher)

    answer = await ines.put(f'/content/{course.checkpoints[0]}/file', **sent(b'%PDF-' + bytes(1024 * 1024)))

    assert answer.status_code == 422
    assert 'larger than 1 MB' in answer.json()['detail']
    assert answer.headers['connection'] == 'close'
    assert left_over() == []


async def test_only_who_teaches_gives_files(a_program: APrograms) -> None:
    course = await a_course(checkpoints=1)
    path = f'/content/{course.checkpoints[0]}/file'
    learner = await a_guest(code=course.code)

    for other in learner, await a_student(), await an_instructor():
        program = await a_program(other)
        assert (await program.put(path, **sent(a_pdf()))).status_code == 404
        assert (await program.delete(path)).status_code == 404
    assert (await (await a_program()).put(path, **sent(a_pdf()))).status_code == 401
    assert left_over() == []


async def test_a_long_name_is_shortened_and_one_that_is_too_long_is_told(a_program: APrograms) -> None:
    course = await a_course(checkpoints=1)
    path, ines = f'/content/{course.checkpoints[0]}/file', await a_program(course.teacher)

    long = await ines.put(path, **sent(a_pdf(pages=1), 'x' * 5_000 + '.pdf'))
    too_long = await ines.put(path, **sent(a_pdf(pages=1), 'x' * 50_000 + '.pdf'))

    assert long.status_code == 200
    assert long.json()['file']['name'].endswith('.pdf')
    assert len(long.json()['file']['name']) < 256
    assert (too_long.status_code, too_long.json()['detail']) == (
        422,
        'The name of this file is too long. Rename it and try again.',
    )
