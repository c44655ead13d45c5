"""A course on the wire of pages: downloaded as one file, brought in from one, and refused before it is read."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import httpx
import pytest

from services.core import database
from services.courses import catalog
from tests.factories.classes import a_course
from tests.factories.people import a_guest, an_instructor
from tests.support.course_archives import TEXT, a_zip, names_in
from tests.support.running import Server, token_of
from tests.support.visitor import Visitor, hidden_fields

pytestmark = pytest.mark.req('C6')

AVisitor = Callable[..., Visitor]
IMPORT = '/courses/import'


async def test_a_course_is_downloaded_and_brought_in_by_those_who_teach(server: Server, a_visitor: AVisitor) -> None:
    course = await a_course(title='Böden')
    address = f'/courses/{course.course_id}/file'
    ines = a_visitor(token=await token_of(course.teacher))

    file = await ines.opens(address)
    made = await ines.http.post(IMPORT, files={'f': ('soil.zip', file.content)}, headers=await with_csrf(ines))

    assert (file.status_code, file.headers['content-type']) == (200, 'application/zip')
    assert "filename*=UTF-8''B%C3%B6den.waymark.zip" in file.headers['content-disposition']
    assert file.headers['cache-control'] == 'no-store'
    assert names_in(file.content) == ['course.yaml']
    assert made.status_code == 200
    facts = await database.read(catalog.facts, course.teacher, made.json()['course_id'])
    assert facts.title == 'Böden'
    for stranger in await a_guest(code=course.code), await an_instructor():
        assert (await a_visitor(token=await token_of(stranger)).opens(address)).status_code == 404
    assert (await a_visitor().opens(address)).status_code == 401


async def test_what_cannot_be_brought_in_is_a_sentence_and_leaves_nothing(server: Server, a_visitor: AVisitor) -> None:
    course = await a_course()
    ines, lena = [a_visitor(token=await token_of(who)) for who in (course.teacher, await a_guest(code=course.code))]
    before = kept(server)
    file = {'f': ('soil.zip', a_zip(pdf=b'<script>'))}

    wrong = await ines.http.post(IMPORT, files=file, headers=await with_csrf(ines))
    statuses = [
        (await visitor.http.post(IMPORT, files=file, headers=headers)).status_code
        for visitor, headers in ((ines, {}), (ines, {'x-csrf': 'forged'}), (lena, await with_csrf(lena)))
    ]

    assert (wrong.status_code, wrong.json()['said']) == (
        422,
        'Line 9: “files/soil.pdf”: This is not a PDF. Choose a PDF file.',
    )
    assert statuses == [403, 403, 403]
    assert kept(server) == before


async def test_a_large_course_goes_through_a_server_with_little_memory(server: Server, a_visitor: AVisitor) -> None:
    """Three hundred megabytes in, and the server has hardly grown."""
    teacher = await an_instructor()
    ines = a_visitor(token=await token_of(teacher))
    headers = await with_csrf(ines) | {'content-type': 'multipart/form-data; boundary=x'}
    content = BytesIO()
    with ZipFile(content, 'w', ZIP_STORED) as archive:
        archive.writestr('course.yaml', TEXT.replace('    file: files/soil.pdf\n', ''))
        archive.writestr('chaff', os.urandom(300_000_000))
    before = server.most_memory

    answer = await ines.http.post(IMPORT, content=form(content.getbuffer()), headers=headers, timeout=120)

    assert answer.status_code == 200, answer.text
    assert server.most_memory - before < 60_000_000


async def test_a_course_without_end_is_cut_off(server: Server, a_visitor: AVisitor) -> None:
    ines = a_visitor(token=await token_of(await an_instructor()))
    headers = await with_csrf(ines) | {'content-type': 'multipart/form-data; boundary=x'}
    before = kept(server)

    headers |= {'content-length': str(10**12)}
    with suppress(httpx.TransportError):  # if it has hung up already, that is as good
        answer = await ines.http.post(IMPORT, content=form(bytes(10_000_000)), headers=headers)
        assert (answer.status_code, 'larger than 2000 MB' in answer.text) == (422, True)
    assert kept(server) == before


async def form(content: bytes | memoryview) -> AsyncIterator[bytes]:
    yield b'--x\r\ncontent-disposition: form-data; name="f"; filename="soil.zip"\r\n\r\n'
    for begin in range(0, len(content), 1024 * 1024):
        yield bytes(content[begin : begin + 1024 * 1024])
    yield b'\r\n--x--\r\n'


async def with_csrf(visitor: Visitor) -> dict[str, str]:
    page = await visitor.opens('/account')
    return {'x-csrf': hidden_fields(page.text, '/sign-out')['csrf']}


def kept(server: Server) -> list[str]:
    folder = server.data_dir / 'uploads'
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []
