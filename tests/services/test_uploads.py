"""Files that an instructor gives for steps: what is taken, what is refused, and that nothing is half-kept."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import IO

import pytest
import time_machine
from sqlalchemy import func, select
from sqlmodel import col

from models import Checkpoint, CheckpointKind, Upload
from services import checkpoints, course_file, courses
from services.access import Actor
from services.checkpoints import Details
from services.core import clock, database
from services.core.database import Transaction
from services.core.errors import Invalid, NotFound, NotSaved, Refused
from services.course_reader import read
from services.outline import sections
from services.uploads import attaching, checking, storing, upkeep
from services.uploads.parts import MP4, PDF, VTT, WEBM, Part
from services.uploads.serving import Served, served
from services.uploads.storing import folder
from services.uploads.taking import take
from tests.factories.classes import CourseAtHand, a_course, mark, percent
from tests.factories.files import CAPTIONS, a_film, a_locked_pdf, a_pdf, a_sound
from tests.factories.people import a_guest, an_instructor

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('C4')]

only_sqlite = pytest.mark.parametrize('url', ['sqlite'], indirect=True)

MB = 1024 * 1024


async def test_a_film_with_captions_makes_a_step_a_video() -> None:
    course = await a_course()
    step = course.steps[0]

    await give(course, Part.FILM, a_film(seconds=3), name='soil.mp4')
    await give(course, Part.CAPTIONS, CAPTIONS, name='soil.vtt')

    film, captions = await hand_out(course, Part.FILM), await hand_out(course, Part.CAPTIONS)
    assert (film.media_type, film.name, captions.media_type) == (MP4, 'soil.mp4', VTT)
    assert film.path.read_bytes() == a_film(seconds=3)
    kind, upload = await database.read(kind_and_file, step)
    assert (kind, upload.seconds, upload.size) == (CheckpointKind.VIDEO, 3.0, film.path.stat().st_size)


@pytest.mark.parametrize(
    ('content', 'media_type', 'seconds'),
    [
        (a_film(container='webm', codec='libvpx-vp9'), WEBM, 3.0),
        (a_film(container='webm', codec='libvpx', seekable=False), WEBM, 3.0),
    ],
    ids=['webm', 'a film that does not say how long it is'],
)
@only_sqlite
async def test_the_type_and_the_length_come_from_the_content(content: bytes, media_type: str, seconds: float) -> None:
    course = await a_course()

    await give(course, Part.FILM, content, name='soil.pdf')

    film = await hand_out(course, Part.FILM)
    _, upload = await database.read(kind_and_file, course.steps[0])
    assert (film.media_type, film.name) == (media_type, 'soil.pdf.webm')
    assert upload.seconds == pytest.approx(seconds, abs=0.1)


@pytest.mark.parametrize(
    ('part', 'content', 'says'),
    [
        (Part.FILM, a_pdf(), 'not a film that browsers play'),
        (Part.FILM, b'', 'not a film that browsers play'),
        (Part.FILM, a_film()[:1000], 'cannot be played'),
        (Part.FILM, b'\0\0\0\x18ftypisom' + bytes(range(256)) * 9, 'cannot be played'),
        (Part.FILM, a_film(seconds=9, container='webm', codec='libvpx')[:1200], 'breaks off before its end'),
        (Part.FILM, a_film(seconds=0.1), 'has no length'),
        (Part.FILM, a_sound(), 'only sound'),
        (Part.FILM, a_film(codec='mpeg4'), 'its picture is mpeg4'),
        (Part.FILM, a_film(container='mov'), 'QuickTime'),
        (Part.FILM, a_film(container='matroska', codec='libvpx'), 'Matroska'),
        (Part.FILE, a_film(), 'not a PDF'),
        (Part.FILE, b'%PDF-1.7\nand then nothing', 'broken'),
        (Part.FILE, a_pdf()[:300], 'broken'),
        (Part.FILE, a_locked_pdf(), 'encrypted'),
        (Part.FILE, a_pdf(pages=0), 'PDF'),
        (Part.FILE, a_pdf(pages=501), '501 pages; 500 are possible'),
        (Part.FILE, a_pdf(width=99_999), 'no size'),
        (Part.CAPTIONS, b'1\n00:00:01,000 --> 00:00:02,000\nSubRip\n', 'WEBVTT'),
        (Part.CAPTIONS, 'WEBVTT\n\n00:00.000 --> 00:01.000\nÄh'.encode('latin-1'), 'UTF-8'),
        (Part.CAPTIONS, b'WEBVTT\n\nnothing is said\n', 'no caption'),
    ],
)
@only_sqlite
async def test_what_is_not_what_it_should_be_is_refused_and_not_kept(part: Part, content: bytes, says: str) -> None:
    course = await a_course()
    if part is Part.CAPTIONS:
        await give(course, Part.FILM, a_film(), name='soil.mp4')
    there = on_disk()

    with pytest.raises(Invalid, match=says):
        await give(course, part, content, name='soil.mp4')

    assert on_disk() == there
    assert await database.read(count_uploads) == len(there)


@only_sqlite
async def test_a_file_that_keeps_its_reader_busy_is_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, journal_lines: list[dict[str, object]]
) -> None:
    endless = tmp_path / 'endless.py'
    endless.write_text('while True: pass')
    monkeypatch.setattr(checking, 'PROBE', endless)
    monkeypatch.setattr(checking, 'SECONDS', 0.3)
    course = await a_course()

    with pytest.raises(Invalid, match='too much to look into'):
        await give(course, Part.FILM, a_film(), name='soil.mp4')

    assert on_disk() == []
    assert [line['event'] for line in journal_lines if line['log_level'] == 'error'] == ['file not understood']


@only_sqlite
async def test_a_file_that_takes_more_memory_than_it_may_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, 'MEMORY', 50 * MB)
    course = await a_course()

    with pytest.raises(Invalid, match='is broken'):
        await give(course, Part.FILM, a_film(), name='soil.mp4')

    assert on_disk() == []


@only_sqlite
async def test_a_file_that_is_too_large_is_cut_off_while_it_comes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('MAX_FILE_MB', '3')
    storing.settings.cache_clear()
    course, read = await a_course(), 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += MB
            yield bytes(MB)

    with pytest.raises(Invalid, match='larger than 3 MB'):
        await take(course.teacher, course.steps[0], Part.FILE, endless(), name='soil.pdf')

    assert read == 4 * MB
    assert on_disk() == []


@only_sqlite
async def test_a_file_that_says_that_it_is_too_large_is_not_read_at_all() -> None:
    course = await a_course()

    for part, size, most in (Part.FILM, 501, 500), (Part.FILE, 26, 25), (Part.CAPTIONS, 3, 2):
        if part is Part.CAPTIONS:
            await give(course, Part.FILM, a_film(), name='soil.mp4')
        there = on_disk()
        with pytest.raises(Invalid, match=f'larger than {most} MB'):
            await take(course.teacher, course.steps[0], part, unread(), name='soil', size=size * MB)
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
        meanwhile.setattr(storing, 'KEPT_FREE', 1 << 60)
        with pytest.raises(NotSaved, match='disk of the server is full'):
            await take(course.teacher, course.steps[0], Part.FILE, unread(), name='soil.pdf', size=1)
    assert on_disk() == []

    await give(course, Part.FILE, a_pdf(), name='soil.pdf')
    assert (await hand_out(course, Part.FILE)).media_type == PDF


@pytest.mark.parametrize(
    ('name', 'kept'),
    [
        ('../../etc/passwd', 'passwd.pdf'),
        ('C:\\Users\\ines\\Soil.PDF', 'Soil.pdf'),
        ('a\0b\r\nc\u202efdp.exe', 'a b c fdp.exe.pdf'),
        ('  Böden "und" 土.pdf', "Böden 'und' 土.pdf"),
        ('x' * 500, 'x' * 196 + '.pdf'),
        ('..', 'file.pdf'),
        ('', 'file.pdf'),
    ],
)
@only_sqlite
async def test_a_name_is_cleaned_and_never_a_place(name: str, kept: str) -> None:
    course = await a_course()

    await give(course, Part.FILE, a_pdf(), name=name)

    file = await hand_out(course, Part.FILE)
    assert file.name == kept
    assert file.path.parent == folder()
    assert [file.path.name] == on_disk()


async def test_a_file_in_place_of_another_and_none_at_all() -> None:
    course = await a_course()
    first = await give(course, Part.FILM, a_film(), name='one.mp4')
    await give(course, Part.CAPTIONS, CAPTIONS, name='one.vtt')

    second = await give(course, Part.FILM, a_film(seconds=2), name='two.mp4')
    assert second.upload_id != first.upload_id
    assert await hand_out(course, Part.CAPTIONS), 'captions stay with another cut of the film'

    await give(course, Part.FILE, a_pdf(pages=3), name='soil.pdf')
    for gone in Part.FILM, Part.CAPTIONS:
        with pytest.raises(NotFound):
            await hand_out(course, gone)
    kind, upload = await database.read(kind_and_file, course.steps[0])
    assert (kind, upload.pages) == (CheckpointKind.DOCUMENT, 3)

    await database.write(attaching.detach, course.teacher, course.steps[0], Part.FILM)
    assert await hand_out(course, Part.FILE), 'a film that is not there takes no document with it'
    for _ in range(2):
        await database.write(attaching.detach, course.teacher, course.steps[0], Part.FILE)
    with pytest.raises(NotFound):
        await hand_out(course, Part.FILE)


@only_sqlite
async def test_captions_need_a_film() -> None:
    course = await a_course()

    with pytest.raises(Refused, match='upload the film first'):
        await take(course.teacher, course.steps[0], Part.CAPTIONS, unread(), name='soil.vtt')


@only_sqlite
async def test_who_may_not_give_a_file_is_refused_before_it_is_read() -> None:
    course = await a_course()
    learner, stranger = await a_guest(code=course.code), await an_instructor()

    for actor in learner, stranger:
        with pytest.raises(NotFound):
            await take(actor, course.steps[0], Part.FILE, unread(), name='soil.pdf')
    assert on_disk() == []


@only_sqlite
async def test_a_step_that_is_deleted_while_its_film_comes_in_keeps_nothing() -> None:
    course = await a_course()

    async def slow() -> AsyncIterator[bytes]:
        await database.write(checkpoints.delete, course.teacher, course.steps[0])
        yield a_film()

    with pytest.raises(NotFound):
        await take(course.teacher, course.steps[0], Part.FILM, slow(), name='soil.mp4')
    assert on_disk() == []


@only_sqlite
async def test_a_connection_that_breaks_off_leaves_nothing() -> None:
    course = await a_course()

    async def broken() -> AsyncIterator[bytes]:
        yield a_film()[:1000]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await take(course.teacher, course.steps[0], Part.FILM, broken(), name='soil.mp4')
    assert on_disk() == []


@pytest.mark.req('S12')
async def test_what_learners_did_stays_when_a_step_becomes_a_video() -> None:
    course = await a_course(steps=2)
    learner = await a_guest(code=course.code)
    await mark(course.steps[0], by=learner)

    await give(course, Part.FILM, a_film(), name='soil.mp4')

    assert await percent(course, learner) == 50


async def test_another_kind_lets_go_of_the_files_and_keeps_the_text() -> None:
    course = await a_course()
    await give(course, Part.FILM, a_film(), name='soil.mp4')
    await give(course, Part.CAPTIONS, CAPTIONS, name='soil.vtt')

    await edit(course, Details(title='Soil', kind=CheckpointKind.VIDEO, body='# Soil'))
    assert await hand_out(course, Part.CAPTIONS)

    await edit(course, Details(title='Soil', kind=CheckpointKind.DOCUMENT, body='# Soil'))
    await edit(course, Details(title='Soil', kind=CheckpointKind.VIDEO, body='# Soil'))
    assert await database.read(attaching.attached, course.teacher, course.steps[0]) == {}
    (section,) = await database.read(sections, course.teacher, course.course_id)
    assert (section.steps[0].has_file, section.steps[0].details.body) == (False, '# Soil')


@only_sqlite
async def test_a_kind_that_is_not_offered_and_a_text_without_end_are_refused() -> None:
    course = await a_course()

    for kind in CheckpointKind.QUIZ, CheckpointKind.ASSIGNMENT:
        with pytest.raises(Invalid, match='Choose a step to tick off'):
            await edit(course, Details(title='Soil', kind=kind))
    with pytest.raises(Invalid, match='100000 characters') as refused:
        await edit(course, Details(title='Soil', kind=CheckpointKind.DOCUMENT, body='x' * 100_001))
    assert refused.value.field == 'body'


@pytest.mark.req('C6')
@only_sqlite
async def test_a_course_file_says_that_films_are_not_in_it() -> None:
    course = await a_course()
    _, without = await database.read(course_file.export_course, course.teacher, course.course_id)
    await give(course, Part.FILM, a_film(), name='soil.mp4')

    _, text = await database.read(course_file.export_course, course.teacher, course.course_id)
    brought_in = await database.write(course_file.import_course, course.teacher, read(text.encode()))

    assert 'Films and PDFs are not in here: 1 of its steps' in text
    assert 'not in here' not in without
    (section,) = await database.read(sections, course.teacher, brought_in)
    assert (section.steps[0].details.kind, section.steps[0].has_file) == (CheckpointKind.VIDEO, False)


@pytest.mark.req('C4', 'C5')
async def test_who_gets_a_file() -> None:
    course, other = await a_course(), await a_course(title='Air')
    learner, stranger = await a_guest(code=course.code), await a_guest(code=other.code)
    await give(course, Part.FILM, a_film(), name='soil.mp4')

    assert await hand_out(course, Part.FILM, to=learner)
    for nobody_here in stranger, other.teacher:
        with pytest.raises(NotFound) as refusal:
            await hand_out(course, Part.FILM, to=nobody_here)
        with pytest.raises(NotFound) as absent:
            await database.read(served, nobody_here, 999_999, Part.FILM)
        assert str(refusal.value) == str(absent.value)

    await edit(course, Details(title='Soil', kind=CheckpointKind.VIDEO, is_preview=True))
    assert await hand_out(course, Part.FILM, to=stranger)
    assert await database.read(served, None, course.steps[0], Part.FILM)

    await database.write(courses.delete, course.teacher, course.course_id)
    with pytest.raises(NotFound):
        await hand_out(course, Part.FILM, to=stranger)


@pytest.mark.req('C1', 'C4')
async def test_what_nobody_refers_to_is_cleared_away_after_a_day() -> None:
    course = await a_course()
    given_up = await give(course, Part.FILM, a_film(), name='one.mp4')
    kept = await give(course, Part.FILM, a_film(), name='two.mp4')
    left_over = folder() / 'half.part'
    left_over.write_bytes(b'half')
    await database.write(courses.duplicate, course.teacher, course.course_id)
    await database.write(checkpoints.delete, course.teacher, course.steps[0])

    await upkeep.clear_away()
    assert len(on_disk()) == 3, 'for a day everything is left alone'

    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1)):
        await upkeep.clear_away()
        await upkeep.clear_away()

    assert on_disk() == [kept.path.name]
    assert not given_up.path.exists()
    assert await database.read(count_uploads) == 1


@only_sqlite
async def test_a_deleted_step_comes_back_with_its_film() -> None:
    course = await a_course()
    await give(course, Part.FILM, a_film(), name='soil.mp4')
    await database.write(checkpoints.delete, course.teacher, course.steps[0])
    with pytest.raises(NotFound):
        await hand_out(course, Part.FILM)

    with time_machine.travel(clock.now() + timedelta(days=400)):
        await upkeep.clear_away()
    await database.write(checkpoints.restore, course.teacher, course.steps[0])

    assert (await hand_out(course, Part.FILM)).path.exists()


async def give(course: CourseAtHand, part: Part, content: bytes, *, name: str) -> Served:
    await take(course.teacher, course.steps[0], part, in_pieces(content), name=name, size=len(content))
    return await hand_out(course, part)


async def edit(course: CourseAtHand, details: Details) -> None:
    await database.write(checkpoints.edit, course.teacher, course.steps[0], details)


async def hand_out(course: CourseAtHand, part: Part, *, to: Actor | None = None) -> Served:
    return await database.read(served, to or course.teacher, course.steps[0], part)


async def in_pieces(content: bytes) -> AsyncIterator[bytes]:
    for begin in range(0, len(content), 1000):
        yield content[begin : begin + 1000]


async def unread() -> AsyncIterator[bytes]:
    raise AssertionError('nothing of it should be read')
    yield b''


def on_disk() -> list[str]:
    return sorted(path.name for path in folder().iterdir()) if folder().exists() else []


def count_uploads(tx: Transaction) -> int:
    return tx.execute(select(func.count(col(Upload.id)))).scalar_one()


def kind_and_file(tx: Transaction, checkpoint_id: int) -> tuple[CheckpointKind, Upload]:
    checkpoint = tx.session.get_one(Checkpoint, checkpoint_id)
    assert checkpoint.file_id is not None
    return checkpoint.kind, tx.session.get_one(Upload, checkpoint.file_id)


def on_a_full_disk(path: Path, mode: str) -> IO[bytes]:
    path.touch()
    return open('/dev/full', mode.replace('x', 'w'))  # noqa: PTH123 - it stands in for Path.open
