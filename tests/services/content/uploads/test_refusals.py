"""Files that are refused: each with a sentence, and nothing is half-kept."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import IO

import pytest

from models import CheckpointKind
from services.content.uploads import file_types, storage
from services.content.uploads.receiving import take
from services.content.uploads.slots import PDF, Part
from services.core import database
from services.core.errors import Invalid, NotFound, NotSaved, Refused
from services.courses import checkpoints
from services.courses.checkpoints import Details
from tests.factories.classes import a_course
from tests.factories.files import a_locked_pdf, a_pdf, a_sound, a_video
from tests.factories.people import a_guest, an_instructor
from tests.support.files_at_hand import count_uploads, edit, give, hand_out, on_disk, unread
from tests.support.work_time import work_of_at_most

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('C4', 'O7')]

only_sqlite = pytest.mark.parametrize('url', ['sqlite'], indirect=True)

MB = 1024 * 1024


@pytest.mark.parametrize(
    ('part', 'make', 'says'),
    [
        (Part.VIDEO, lambda: a_pdf(), 'not a video that browsers play'),
        (Part.VIDEO, lambda: b'', 'not a video that browsers play'),
        (Part.VIDEO, lambda: a_video()[:1000], 'cannot be played'),
        (Part.VIDEO, lambda: b'\0\0\0\x18ftypisom' + bytes(range(256)) * 9, 'cannot be played'),
        (Part.VIDEO, lambda: a_video(seconds=9, container='webm', codec='libvpx')[:1200], 'breaks off before its end'),
        (Part.VIDEO, lambda: a_video(seconds=0.1), 'has no length'),
        (Part.VIDEO, lambda: a_sound(), 'only sound'),
        (Part.VIDEO, lambda: a_video(codec='mpeg4'), 'its picture is mpeg4'),
        (Part.VIDEO, lambda: a_video(sound='ac3'), 'sound of this video: it is ac3. Export it as MP4 with AAC'),
        (
            Part.VIDEO,
            lambda: a_video(colours='yuv422p'),
            'its colours are yuv422p. Export it as MP4 with H.264 in 8 bits',
        ),
        (Part.VIDEO, lambda: a_video(container='mov'), 'QuickTime'),
        (Part.VIDEO, lambda: a_video(container='matroska', codec='libvpx'), 'Matroska'),
        (Part.FILE, lambda: a_video(), 'not a PDF'),
        (Part.FILE, lambda: b'%PDF-1.7\nand then nothing', 'broken'),
        (Part.FILE, lambda: a_pdf()[:300], 'broken'),
        (Part.FILE, lambda: a_locked_pdf(), 'encrypted'),
        (Part.FILE, lambda: a_pdf(pages=0), 'PDF'),
        (Part.FILE, lambda: a_pdf(pages=501), '501 pages; 500 are possible'),
        (Part.FILE, lambda: a_pdf(width=99_999), 'no size'),
        (Part.CAPTIONS, lambda: b'1\n00:00:01,000 --> 00:00:02,000\nSubRip\n', 'WEBVTT'),
        (Part.CAPTIONS, lambda: 'WEBVTT\n\n00:00.000 --> 00:01.000\nÄh'.encode('latin-1'), 'UTF-8'),
        (Part.CAPTIONS, lambda: b'WEBVTT\n\nnothing is said\n', 'no caption'),
        (Part.CAPTIONS, lambda: b'WEBVTT' + b'\r' * 400_000 + b'00:01.000 --> 00:02.000', 'more than 100000 lines'),
        (
            Part.CAPTIONS,
            lambda: b'WEBVTT\n\n00:01.000 --> 00:02.000\nA\n\n00:03,000 --> 00:04.000\nB\n',
            'in line 6. Write them like',
        ),
        (Part.CAPTIONS, lambda: b'WEBVTT\n\n' + b'00:01 --> 00:02\nA\n\n' * 7, 'in line 3, 6, 9, 12, 15 and 2 more.'),
    ],
)
@only_sqlite
async def test_what_is_not_what_it_should_be_is_refused_and_not_kept(
    part: Part, make: Callable[[], bytes], says: str
) -> None:
    content = make()
    course = await a_course()
    if part is Part.CAPTIONS:
        await give(course, Part.VIDEO, a_video(), name='soil.mp4')
    there = on_disk()

    with pytest.raises(Invalid, match=says):
        await give(course, part, content, name='soil.mp4')

    assert on_disk() == there
    assert await database.read(count_uploads) == len(there)


@only_sqlite
@pytest.mark.parametrize(
    ('name', 'called'), [('../C:\\work\\Folien neu.pptx', 'Folien neu.pptx'), ('\u202e', 'file'), ('x' * 99, 'x' * 80)]
)
async def test_a_refusal_names_the_file(name: str, called: str) -> None:
    course = await a_course()

    with pytest.raises(Invalid, match='This is not a PDF') as refusal:
        await give(course, Part.FILE, b'PK', name=name)

    assert str(refusal.value) == f'“{called}”: This is not a PDF. Choose a PDF file.'


@only_sqlite
async def test_a_file_that_keeps_its_reader_busy_is_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, server_log_lines: list[dict[str, object]]
) -> None:
    endless = tmp_path / 'endless.py'
    endless.write_text('while True: pass')
    monkeypatch.setattr(file_types, 'PROBE', endless)
    monkeypatch.setattr(file_types, 'SECONDS', 0.3)
    course = await a_course()

    with pytest.raises(Invalid, match='too much to look into'):
        await give(course, Part.VIDEO, a_video(), name='soil.mp4')

    assert on_disk() == []
    assert [line['event'] for line in server_log_lines if line['log_level'] == 'error'] == ['file not understood']


@only_sqlite
async def test_a_file_that_takes_more_memory_than_it_may_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_types, 'MEMORY', 50 * MB)
    course = await a_course()

    with pytest.raises(Invalid, match='is broken'):
        await give(course, Part.VIDEO, a_video(), name='soil.mp4')

    assert on_disk() == []


@only_sqlite
async def test_a_file_that_is_too_large_is_cut_off_while_it_comes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('MAX_FILE_MB', '3')
    storage.settings.cache_clear()
    course, read = await a_course(), 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += MB
            yield bytes(MB)

    with pytest.raises(Invalid, match='larger than 3 MB'):
        await take(course.teacher, course.checkpoints[0], Part.FILE, endless(), name='soil.pdf')

    assert read == 4 * MB
    assert on_disk() == []


@only_sqlite
async def test_a_file_that_says_that_it_is_too_large_is_not_read_at_all() -> None:
    course = await a_course()

    for part, size, most in (Part.VIDEO, 501, 500), (Part.FILE, 26, 25), (Part.CAPTIONS, 3, 2):
        if part is Part.CAPTIONS:
            await give(course, Part.VIDEO, a_video(), name='soil.mp4')
        there = on_disk()
        with pytest.raises(Invalid, match=f'larger than {most} MB'):
            await take(course.teacher, course.checkpoints[0], part, unread(), name='soil', size=size * MB)
        assert on_disk() == there


@only_sqlite
async def test_a_full_disk_is_told_and_nothing_is_half_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    course = await a_course()

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Path, 'open', on_a_full_disk)
        with pytest.raises(NotSaved, match='disk of the server is full'):
            await give(course, Part.FILE, a_pdf(), name='soil.pdf')
    assert on_disk() == []

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(storage, 'KEPT_FREE', 1 << 60)
        with pytest.raises(NotSaved, match='disk of the server is full'):
            await take(course.teacher, course.checkpoints[0], Part.FILE, unread(), name='soil.pdf', size=1)
    assert on_disk() == []

    await give(course, Part.FILE, a_pdf(), name='soil.pdf')
    assert (await hand_out(course, Part.FILE)).media_type == PDF


@only_sqlite
async def test_captions_need_a_video() -> None:
    course = await a_course()

    with pytest.raises(Refused, match='upload the video first'):
        await take(course.teacher, course.checkpoints[0], Part.CAPTIONS, unread(), name='soil.vtt')


@only_sqlite
async def test_who_may_not_give_a_file_is_refused_before_it_is_read() -> None:
    course = await a_course()
    learner, stranger = await a_guest(code=course.code), await an_instructor()

    for actor in learner, stranger:
        with pytest.raises(NotFound):
            await take(actor, course.checkpoints[0], Part.FILE, unread(), name='soil.pdf')
    assert on_disk() == []


@only_sqlite
async def test_a_checkpoint_that_is_deleted_while_its_video_comes_in_keeps_nothing() -> None:
    course = await a_course()

    async def slow() -> AsyncIterator[bytes]:
        await database.write(checkpoints.delete, course.teacher, course.checkpoints[0])
        yield a_video()

    with pytest.raises(NotFound):
        await take(course.teacher, course.checkpoints[0], Part.VIDEO, slow(), name='soil.mp4')
    assert on_disk() == []


@only_sqlite
async def test_a_connection_that_breaks_off_leaves_nothing() -> None:
    course = await a_course()

    async def broken() -> AsyncIterator[bytes]:
        yield a_video()[:1000]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await take(course.teacher, course.checkpoints[0], Part.VIDEO, broken(), name='soil.mp4')
    assert on_disk() == []


@only_sqlite
async def test_a_kind_that_is_not_offered_and_a_text_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    course = await a_course()
    monkeypatch.setattr(checkpoints, 'OFFERED', (CheckpointKind.MARKER, CheckpointKind.DOCUMENT))

    with pytest.raises(Invalid, match='Choose a step to tick off'):
        await edit(course, Details(title='Soil', kind=CheckpointKind.ASSIGNMENT))
    with pytest.raises(Invalid, match='100000 characters') as refused:
        await edit(course, Details(title='Soil', kind=CheckpointKind.DOCUMENT, body='x' * 100_001))
    assert refused.value.field == 'body'


def on_a_full_disk(path: Path, mode: str) -> IO[bytes]:
    path.touch()
    return open('/dev/full', mode.replace('x', 'w'))  # noqa: PTH123 - it stands in for Path.open


@pytest.mark.parametrize('line', [b'1' * 2_000_000, b'1:' * 1_000_000, b'00:01.000' + b' ' * 2_000_000], ids=len)
def test_a_line_of_captions_without_end_stops_nobody(tmp_path: Path, line: bytes) -> None:
    """A regular expression lets no other thread have a turn, so it is the loop that would wait."""
    path = tmp_path / 'captions'
    path.write_bytes(b'WEBVTT\n\n' + line + b' --> 00:02.000\n')
    with work_of_at_most(0.05), pytest.raises(Invalid, match='line 3'):
        file_types._look_into_captions(path)
