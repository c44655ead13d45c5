"""Videos, captions and PDFs on the wire: who gets them, in which ranges, and how they come in."""

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import httpx
import pytest

from services.access import Actor
from services.core import database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.enums import CheckpointKind
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.files import CAPTIONS, a_pdf, a_video
from tests.factories.people import a_guest, an_instructor
from tests.support.eventually import PATIENCE
from tests.support.running import Server, token_of
from tests.support.visitor import Visitor, hidden_fields

pytestmark = [pytest.mark.req('C4')]

VIDEO = a_video()
Visitors = Callable[..., Visitor]


@pytest.fixture
async def course(server: Server) -> CourseAtHand:
    return await a_course()


@pytest.fixture
async def ines(course: CourseAtHand, a_visitor: Visitors) -> Visitor:
    """Who teaches the course."""
    return a_visitor(token=await token_of(course.teacher))


@pytest.fixture
async def lena(course: CourseAtHand, a_visitor: Visitors) -> Visitor:
    """Who learns in the course."""
    return a_visitor(token=await token_of(await a_guest(code=course.code)))


async def test_a_video_is_given_in_ranges(course: CourseAtHand, ines: Visitor, lena: Visitor) -> None:
    await gives(ines, course, 'film', VIDEO, name='soil.mp4')
    video = f'/content/{course.checkpoints[0]}/film'

    whole = await lena.http.get(video)
    assert (whole.status_code, whole.content) == (200, VIDEO)
    assert whole.headers['content-type'] == 'video/mp4'
    assert whole.headers['accept-ranges'] == 'bytes'
    assert whole.headers['x-content-type-options'] == 'nosniff'
    assert whole.headers['cache-control'] == 'private, no-cache'
    assert 'content-encoding' not in whole.headers

    for asked, begin, end in [
        ('bytes=0-99', 0, 100),
        ('bytes=100-', 100, len(VIDEO)),
        ('bytes=-50', len(VIDEO) - 50, len(VIDEO)),
        (f'bytes=10-{len(VIDEO) * 9}', 10, len(VIDEO)),
    ]:
        part = await lena.http.get(video, headers={'range': asked})
        assert (part.status_code, part.content) == (206, VIDEO[begin:end]), asked
        assert part.headers['content-range'] == f'bytes {begin}-{end - 1}/{len(VIDEO)}'
        assert part.headers['content-length'] == str(end - begin)

    beyond = await lena.http.get(video, headers={'range': f'bytes={len(VIDEO)}-'})
    assert (beyond.status_code, beyond.headers['content-range']) == (416, f'bytes */{len(VIDEO)}')

    several = await lena.http.get(video, headers={'range': 'bytes=0-9,100-109'})
    assert several.status_code == 206
    assert several.headers['content-type'].startswith('multipart/byteranges')
    assert VIDEO[:10] in several.content
    assert VIDEO[100:110] in several.content


async def test_a_range_of_another_video_is_never_mixed_in(course: CourseAtHand, ines: Visitor, lena: Visitor) -> None:
    await gives(ines, course, 'film', VIDEO, name='soil.mp4')
    video = f'/content/{course.checkpoints[0]}/film'
    etag = (await lena.http.head(video)).headers['etag']
    range_of_it = {'range': 'bytes=0-9', 'if-range': etag}

    assert (await lena.http.get(video, headers=range_of_it)).status_code == 206
    unchanged = await lena.http.get(video, headers={'if-none-match': etag})
    assert (unchanged.status_code, unchanged.content) == (304, b'')

    other = a_video(seconds=2)
    await gives(ines, course, 'film', other, name='soil.mp4')

    for headers in range_of_it, {'if-none-match': etag}:
        answer = await lena.http.get(video, headers=headers)
        assert (answer.status_code, answer.content) == (200, other)


async def test_the_head_of_a_video_has_no_body(course: CourseAtHand, ines: Visitor, lena: Visitor) -> None:
    await gives(ines, course, 'film', VIDEO, name='soil.mp4')

    head = await lena.http.head(f'/content/{course.checkpoints[0]}/film')

    assert (head.status_code, head.content, head.headers['content-length']) == (200, b'', str(len(VIDEO)))


@pytest.mark.req('O7')
async def test_a_name_does_no_harm_in_a_header(course: CourseAtHand, ines: Visitor, lena: Visitor) -> None:
    for name, header in [
        ('soil.pdf', 'attachment; filename="soil.pdf"'),
        ('Böden.html', "attachment; filename*=utf-8''B%C3%B6den.html.pdf"),
        ('a";\r\nset-cookie: x=y.pdf', "attachment; filename*=utf-8''a%27%3B%20set-cookie%3A%20x%3Dy.pdf"),
    ]:
        await gives(ines, course, 'file', a_pdf(), name=name)
        answer = await lena.http.get(f'/content/{course.checkpoints[0]}/file')
        assert answer.headers['content-disposition'] == header
        assert answer.headers['content-type'] == 'application/pdf'
        assert 'set-cookie' not in answer.headers


@pytest.mark.req('C5')
async def test_who_gets_a_video(course: CourseAtHand, ines: Visitor, a_visitor: Visitors) -> None:
    stranger, nobody = a_visitor(token=await token_of(await an_instructor())), a_visitor()
    await gives(ines, course, 'film', VIDEO, name='soil.mp4')
    await gives(ines, course, 'captions', CAPTIONS, name='soil.vtt')
    parts = [f'/content/{course.checkpoints[0]}/{part}' for part in ('film', 'captions')]

    absent = await stranger.http.get('/content/999999/film')
    for part in parts:
        theirs = await stranger.http.get(part)
        assert (theirs.status_code, theirs.text) == (404, absent.text) == (absent.status_code, absent.text)
        assert (await nobody.http.get(part)).status_code == 401
    for nothing in (
        f'/content/{course.checkpoints[0]}/file',
        f'/content/{course.checkpoints[0]}/body',
        '/content/9999999999/film',
    ):
        assert (await ines.http.get(nothing)).status_code == 404

    preview = Details(title='Soil', kind=CheckpointKind.VIDEO, is_preview=True)
    await database.write(checkpoints.edit, course.teacher, course.checkpoints[0], preview)
    for part in parts:
        assert (await nobody.http.get(part)).status_code == 200
    assert (await nobody.http.get(parts[1])).headers['content-type'] == 'text/vtt; charset=utf-8'


@pytest.mark.req('O7')
async def test_who_may_not_give_a_file_is_answered_before_it_is_read(
    server: Server, course: CourseAtHand, a_visitor: Visitors
) -> None:
    people: list[tuple[Actor | None, int]] = [
        (None, 401),
        (await a_guest(code=course.code), 404),
        (await an_instructor(), 404),
    ]
    for actor, status in people:
        visitor = a_visitor(token=await token_of(actor) if actor else '')
        headers = await with_csrf(visitor)
        assert answer_without_body(server, visitor, course.checkpoints[0], headers) == status
    ines = a_visitor(token=await token_of(course.teacher))
    await with_csrf(ines)
    assert answer_without_body(server, ines, course.checkpoints[0], {'x-csrf': 'forged'}) == 403
    assert answer_without_body(server, ines, course.checkpoints[0], await with_csrf(ines)) == 422, (
        'a gigabyte is too large'
    )
    assert list((server.data_dir / 'uploads').glob('*.part')) == []


@pytest.mark.req('O7')
async def test_what_is_no_file_is_refused_with_a_sentence(course: CourseAtHand, ines: Visitor, server: Server) -> None:
    address, headers = f'/content/{course.checkpoints[0]}/file', await with_csrf(ines)
    before = kept(server)

    async def endless() -> AsyncIterator[bytes]:
        yield b'--x\r\ncontent-disposition: form-data; name="f"; filename="soil.pdf"\r\n\r\n%PDF-'
        while True:
            yield bytes(1024 * 1024)

    multipart = {'content-type': 'multipart/form-data; boundary=x'}
    answers = [
        await ines.http.post(address, content=b'%PDF-', headers=headers),
        await ines.http.post(address, data={'f': 'no file'}, headers=headers),
        await ines.http.post(address, content=b'--x\r\n', headers=headers | multipart),
        await ines.http.post(address, content=b'junk' * 999, headers=headers | multipart),
        await ines.http.post(address, content=b'', headers=headers | {'content-type': 'multipart/form-data'}),
        await ines.http.post(address, files={'f': ('soil.pdf', b'not a pdf')}, headers=headers),
    ]
    for answer in answers:
        assert answer.status_code == 422, answer.text
        assert answer.json()['said'].endswith('.')
    with suppress(httpx.TransportError):  # if it has hung up already, that is as good
        too_large = await ines.http.post(address, content=endless(), headers=headers | multipart)
        assert too_large.status_code == 422
    assert kept(server) == before


@pytest.mark.req('O7')
async def test_a_file_whose_name_is_too_long_is_told_so(course: CourseAtHand, ines: Visitor) -> None:
    address, headers = f'/content/{course.checkpoints[0]}/file', await with_csrf(ines)

    long, longer = [
        await ines.http.post(address, files={'f': ('x' * letters + '.pdf', b'not a pdf')}, headers=headers)
        for letters in (5_000, 20_000)
    ]

    assert 'xxx' in long.json()['said'], 'its name was read, and is no reason'
    assert longer.status_code == 422
    assert longer.json()['said'] == 'The name of this file is too long. Rename it and try again.'


@pytest.mark.req('O7')
async def test_what_the_framework_would_take_without_end_is_cut_off(visitor: Visitor) -> None:
    address = '/_nicegui/client/somebody/upload/7'

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(1024 * 1024)

    assert (await visitor.http.post(address, content=b'x')).status_code == 405, 'nobody has such an element'
    for content in bytes(6_000_000), endless():
        with suppress(httpx.TransportError):  # if it has hung up already, that is as good
            assert (await visitor.http.post(address, content=content)).status_code in {411, 413}


async def gives(visitor: Visitor, course: CourseAtHand, part: str, content: bytes, *, name: str) -> None:
    address, headers = f'/content/{course.checkpoints[0]}/{part}', await with_csrf(visitor)
    answer = await visitor.http.post(address, files={name: (name, content, 'text/html')}, headers=headers)
    assert answer.status_code == 200, answer.text


async def with_csrf(visitor: Visitor) -> dict[str, str]:
    """Return what a page would send along with a file."""
    page = await visitor.opens('/account' if visitor.token else '/sign-in')
    return {'x-csrf': hidden_fields(page.text, '/sign-out')['csrf']}


def answer_without_body(server: Server, visitor: Visitor, checkpoint: int, headers: dict[str, str]) -> int:
    """Announce a video of a gigabyte, send the first bytes of it, and return the status of the answer."""
    cookies = '; '.join(f'{cookie.name}={cookie.value}' for cookie in visitor.http.cookies.jar)
    lines = [
        f'POST /content/{checkpoint}/film HTTP/1.1',
        f'host: 127.0.0.1:{server.port}',
        'content-type: multipart/form-data; boundary=x',
        f'content-length: {1024**3}',
        f'cookie: {cookies}',
        *(f'{name}: {value}' for name, value in headers.items()),
    ]
    begin = '--x\r\ncontent-disposition: form-data; name="f"; filename="soil.mp4"\r\n\r\n'
    with socket.create_connection(('127.0.0.1', server.port), timeout=PATIENCE) as connection:
        connection.sendall(('\r\n'.join(lines) + '\r\n\r\n' + begin).encode())
        return int(connection.recv(4096).split(b' ')[1])


def kept(server: Server) -> set[str]:
    folder = server.data_dir / 'uploads'
    return {path.name for path in folder.iterdir()} if folder.exists() else set()
