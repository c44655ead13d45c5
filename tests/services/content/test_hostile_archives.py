"""ZIP files from anywhere: whatever is in one, it is a course or a sentence, and nothing of it stays behind."""

import stat
import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable
from io import BytesIO
from unittest import mock
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as run
from hypothesis import strategies as st

from services.content.course_archive import unpacking
from services.core import database
from services.core.errors import Invalid, NotSaved
from settings import settings
from tests.factories.files import CAPTIONS, a_locked_pdf, a_video
from tests.factories.people import an_instructor
from tests.support.course_archives import PDF, TEXT, a_zip, brought_in, count_courses
from tests.support.files_at_hand import count_uploads, on_disk
from tests.support.work_time import slowness

pytestmark = [
    pytest.mark.req('C6'),
    pytest.mark.usefixtures('db'),
    pytest.mark.parametrize('url', ['sqlite'], indirect=True),
]

MANY = [(f'notes/{number}.txt', b'') for number in range(unpacking.MOST_FILES)]
FILM = TEXT.replace('document', 'video').replace('soil.pdf', 'soil.mp4')


def with_flag(content: bytes, flag: int, *, name: bytes = b'files/soil.pdf') -> bytes:
    """Set a bit in both headers of an entry."""
    changed = bytearray(content)
    for mark, flags, named in ((b'PK\x03\x04', 6, 30), (b'PK\x01\x02', 8, 46)):
        at = changed.find(mark)
        while at >= 0:
            if changed[at + named : at + named + len(name)] == name:
                (before,) = struct.unpack_from('<H', changed, at + flags)
                struct.pack_into('<H', changed, at + flags, before | flag)
            at = changed.find(mark, at + 4)
    return bytes(changed)


def a_link(name: str) -> ZipInfo:
    entry = ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def twice() -> bytes:
    with pytest.warns(UserWarning, match='Duplicate name'):
        return a_zip(('files/soil.pdf', PDF))


def wrong_sum() -> bytes:
    content = BytesIO()
    with ZipFile(content, 'w', ZIP_STORED) as archive:
        archive.writestr('course.yaml', TEXT)
        archive.writestr('files/soil.pdf', PDF)
    return content.getvalue().replace(PDF[-40:], bytes(40))


def compressed_otherwise() -> bytes:
    content = BytesIO()
    with ZipFile(content, 'w', ZIP_BZIP2) as archive:
        archive.writestr('course.yaml', TEXT)
        archive.writestr('files/soil.pdf', PDF)
    return content.getvalue()


def on_each_other() -> bytes:
    """Let the PDF be where the text is as well: many names for the same bytes."""
    content = bytearray(a_zip())
    last = content.rfind(b'PK\x01\x02')
    struct.pack_into('<I', content, last + 42, 0)
    return bytes(content)


def claiming(size: int) -> bytes:
    """A document that says of itself that it has another size."""
    content = bytearray(a_zip())
    last = content.rfind(b'PK\x01\x02')
    struct.pack_into('<I', content, last + 24, size)
    return bytes(content)


def a_table_without_end() -> bytes:
    content = bytearray(a_zip() + bytes(3_000_000))
    end = content.rfind(b'PK\x05\x06')
    table = content[end : end + 22]
    del content[end:]
    content += bytes(2_000_000) + table
    struct.pack_into('<I', content, len(content) - 10, 2_000_000)
    return bytes(content)


def a_bad_name() -> bytes:
    return with_flag(a_zip(('files/\xff.pdf', b'')), 0).replace('files/\xff.pdf'.encode(), b'files/\xff\xfe.pdf')


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    'an empty archive': (lambda: b'PK\x05\x06' + bytes(18), 'there is no course in this ZIP file'),
    'no course': (lambda: a_zip(text='').replace(b'course.yaml', b'curse.yaml_'), 'there is no course'),
    'two courses': (lambda: a_zip(('a/course.yaml', TEXT)), 'several courses'),
    'a broken course': (lambda: a_zip(text='waymark: 1\ncourse: {}\nmodules: []'), 'Line 2: the course has no “title”'),
    'no text at all': (lambda: a_zip(text=b'\xff\xfe\x00'), 'this is not text'),
    'a large description': (lambda: a_zip(text='# ' + 'a b' * 2_000_000), 'larger'),
    'a way out': (lambda: a_zip(('../../evil.txt', 'x')), 'leads out of this ZIP file'),
    'an absolute path': (lambda: a_zip(('/etc/passwd', 'x')), 'leads out of this ZIP file'),
    'a drive': (lambda: a_zip(('C:/evil.txt', 'x')), 'leads out of this ZIP file'),
    'a way out of Windows': (lambda: a_zip(('..\\evil.txt', 'x')), 'leads out of this ZIP file'),
    'a link': (lambda: a_zip((a_link('files/link'), '/etc/passwd')), 'is a link'),
    'a name twice': (twice, 'is in this ZIP file twice'),
    'a name twice in two forms': (
        lambda: a_zip(('files/\xfc.pdf', b'x'), ('files/u\u0308.pdf', b'y')),
        'is in this ZIP file twice',
    ),
    'a name that is no UTF-8': (a_bad_name, 'This ZIP file is broken'),
    'encrypted': (lambda: with_flag(a_zip(), 0x1), 'is encrypted'),
    'strongly encrypted': (lambda: with_flag(a_zip(), 0x2040), 'is encrypted'),
    'another compression': (compressed_otherwise, 'compressed in a way'),
    'a wrong sum': (wrong_sum, 'Line 9: “files/soil.pdf”: “files/soil.pdf” is damaged'),
    'cut off in the middle': (lambda: a_zip()[:-30], 'broken, or not all of it has arrived'),
    'cut off at the beginning': (lambda: b'PK\x03\x04' + a_zip()[40:], 'broken'),
    'many files': (lambda: a_zip(*MANY), 'more than 2100 files'),
    'a bomb': (lambda: a_zip(('files/bomb', bytes(50_000_000))), 'far larger than it is'),
    'a bomb that nobody asks for in small pieces': (
        lambda: a_zip(*((f'files/{number}', bytes(1_000_000)) for number in range(1100))),
        'larger than 2 MB together',
    ),
    'files on each other': (on_each_other, 'shares its place'),
    'a size that is not true': (lambda: claiming(len(PDF) - 10), 'damaged'),
    'a huge size': (lambda: claiming(0xFFFF_FFF0), 'far larger'),
    'a table without end': (a_table_without_end, 'This ZIP file is broken'),
    'no document': (lambda: a_zip(pdf=None), 'Line 9: “files/soil.pdf” is missing'),
    'a script in place of a document': (lambda: a_zip(pdf=b'<script>'), 'Line 9: “files/soil.pdf”: This is not a PDF'),
    'a locked document': (lambda: a_zip(pdf=a_locked_pdf()), 'Line 9: .*it needs a password'),
    'a document in place of a film': (
        lambda: a_zip(('files/soil.mp4', PDF), text=FILM),
        'Line 9: “files/soil.mp4”: This is not a video',
    ),
    'captions that are none': (
        lambda: a_zip(
            ('files/soil.mp4', a_video()), ('x.vtt', b'hello'), text=f'{FILM}    captions: x.vtt\n', pdf=None
        ),
        'Line 10: “x.vtt”: These are not captions',
    ),
    'captions without a film': (
        lambda: a_zip(('x.vtt', CAPTIONS), text=f'{TEXT}    captions: x.vtt\n'),
        'Line 10: a step like this has no “captions”',
    ),
    'a file of a step that has none': (
        lambda: a_zip(text=TEXT.replace('document', 'marker')),
        'Line 9: a step like this has no “file”',
    ),
    'one file as two things': (
        lambda: a_zip(
            text=f'{TEXT}  - title: See\n    kind: video\n    file: files/soil.pdf\n',
        ),
        'Line 12: “files/soil.pdf”: another step uses this file as something else',
    ),
    'a reference that leads out': (
        lambda: a_zip(text=TEXT.replace('files/soil.pdf', '../../../etc/passwd')),
        'Line 9: “../../../etc/passwd” is missing',
    ),
}


@pytest.mark.parametrize('name', HOSTILE)
async def test_a_hostile_archive_is_a_sentence_and_leaves_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('MAX_COURSE_MB', '2' if 'small pieces' in name else '20')
    settings.cache_clear()
    make, said = HOSTILE[name]
    teacher = await an_instructor()
    content = make()

    with pytest.raises(Invalid, match=said) as refused:
        await brought_in(teacher, content)

    assert len(str(refused.value)) < 500
    await nothing_is_left()


async def nothing_is_left() -> None:
    assert on_disk() == []
    assert await database.read(count_courses) == 0
    assert await database.read(count_uploads) == 0


async def test_everything_that_is_missing_or_wrong_is_named_by_its_line() -> None:
    teacher = await an_instructor()
    checkpoint = '  - title: Read\n    kind: document\n    file: files/{}\n'
    lost = TEXT + checkpoint.format('a.pdf') + checkpoint.format('b.pdf')
    wrong = TEXT + checkpoint.format('a.pdf') + checkpoint.format('b.pdf')

    with pytest.raises(Invalid) as missing:
        await brought_in(teacher, a_zip(text=lost))
    with pytest.raises(Invalid) as unfit:
        await brought_in(teacher, a_zip(('files/a.pdf', b'a'), ('files/b.pdf', b'%PDF-b'), text=wrong))

    assert [line[:25] for line in str(missing.value).splitlines()] == [
        'Line 12: “files/a.pdf” is',
        'Line 15: “files/b.pdf” is',
    ]
    assert [line[:8] for line in str(unfit.value).splitlines()] == ['Line 12:', 'Line 15:']
    await nothing_is_left()


async def test_a_course_larger_than_the_limit_is_refused_while_it_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('MAX_COURSE_MB', '1')
    settings.cache_clear()
    teacher = await an_instructor()

    with pytest.raises(Invalid, match='larger than 1 MB'):
        await brought_in(teacher, a_zip() + bytes(1024 * 1024))

    await nothing_is_left()


async def test_a_full_disk_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    teacher = await an_instructor()
    usage = mock.Mock(free=100 * 1024 * 1024 + 100)
    monkeypatch.setattr('services.content.uploads.storage.shutil.disk_usage', lambda _: usage)

    with pytest.raises(NotSaved, match='full'):
        await brought_in(teacher, a_zip())

    await nothing_is_left()


async def test_a_database_that_fails_at_the_end_leaves_no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    teacher = await an_instructor()
    monkeypatch.setattr('services.courses.export_file.counters.count_checkpoints', mock.Mock(side_effect=Invalid('No')))

    with pytest.raises(Invalid, match='No'):
        await brought_in(teacher, a_zip())

    await nothing_is_left()


async def test_a_bomb_takes_neither_memory_nor_time() -> None:
    """Ten megabytes of a description that would be ten gigabytes, and a document likewise."""
    teacher = await an_instructor()
    content = a_bomb()
    begun = time.process_time()
    tracemalloc.start()

    with pytest.raises(Invalid):
        await brought_in(teacher, content)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40_000_000
    assert time.process_time() - begun < 5 * slowness()
    await nothing_is_left()


def a_bomb() -> bytes:
    """A description of a gigabyte that says of itself that it is a kilobyte."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    squeezed = b''.join(squeezer.compress(bytes(1_000_000)) for _ in range(1000)) + squeezer.flush()
    entry = ZipInfo('course.yaml')
    content = BytesIO()
    with ZipFile(content, 'w', ZIP_STORED) as archive:
        archive.writestr(entry, squeezed)
    changed = bytearray(content.getvalue())
    for mark, method, size in ((b'PK\x03\x04', 8, 22), (b'PK\x01\x02', 10, 24)):
        at = changed.rfind(mark)
        struct.pack_into('<H', changed, at + method, ZIP_DEFLATED)
        struct.pack_into('<I', changed, at + size, 4_000_000)
    return bytes(changed)


GOOD = a_zip()


@given(changes=st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=4)), max_size=6))
@run(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_whatever_is_changed_in_an_archive_it_is_a_course_or_a_sentence(changes: list[tuple[int, bytes]]) -> None:
    teacher = await an_instructor()
    content = bytearray(GOOD)
    for at, new in changes:
        content[at : at + len(new)] = new
    before, courses = on_disk(), await database.read(count_courses)

    try:
        await brought_in(teacher, bytes(content))
    except Invalid:
        assert on_disk() == before
        assert await database.read(count_courses) == courses
    else:
        assert await database.read(count_courses) == courses + 1
