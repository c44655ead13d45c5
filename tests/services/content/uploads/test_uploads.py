"""Files that an instructor gives for checkpoints: what becomes of them, who gets them, and when they go."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from models import Checkpoint, CheckpointKind, Upload
from services.content.uploads import attaching, cleanup
from services.content.uploads.serving import served
from services.content.uploads.slots import MP4, VTT, WEBM, Part
from services.content.uploads.storage import folder
from services.core import clock, database
from services.core.errors import NotFound
from services.core.transaction import Transaction
from services.courses import catalog, checkpoints
from services.courses.checkpoints import Details
from services.courses.outline import sections
from tests.factories.classes import a_course, mark, percent
from tests.factories.files import CAPTIONS, a_pdf, a_video
from tests.factories.people import a_guest
from tests.support.files_at_hand import count_uploads, edit, give, hand_out, on_disk

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('C4')]

only_sqlite = pytest.mark.parametrize('url', ['sqlite'], indirect=True)


async def test_a_video_with_captions_makes_a_checkpoint_a_video() -> None:
    course = await a_course()
    checkpoint = course.checkpoints[0]

    await give(course, Part.VIDEO, a_video(seconds=3), name='soil.mp4')
    await give(course, Part.CAPTIONS, CAPTIONS, name='soil.vtt')

    video, captions = await hand_out(course, Part.VIDEO), await hand_out(course, Part.CAPTIONS)
    assert (video.media_type, video.name, captions.media_type) == (MP4, 'soil.mp4', VTT)
    assert video.path.read_bytes() == a_video(seconds=3)
    kind, upload = await database.read(kind_and_file, checkpoint)
    assert (kind, upload.seconds, upload.size) == (CheckpointKind.VIDEO, 3.0, video.path.stat().st_size)


@pytest.mark.parametrize(
    ('make', 'media_type', 'seconds'),
    [
        (lambda: a_video(container='webm', codec='libvpx-vp9'), WEBM, 3.0),
        (lambda: a_video(container='webm', codec='libvpx', seekable=False), WEBM, 3.0),
        (lambda: a_video(sound='aac'), MP4, 3.0),
        (lambda: a_video(sound='libmp3lame'), MP4, 3.0),
        (lambda: a_video(container='webm', codec='libvpx-vp9', sound='libopus'), WEBM, 3.0),
        (lambda: a_video(container='webm', codec='libvpx', begins_at=3600), WEBM, 3.0),
        (lambda: a_video(container='webm', codec='libvpx', begins_at=3600, seekable=False), WEBM, 3.0),
        (lambda: a_video(begins_at=90), MP4, 3.0),
    ],
    ids=[
        'webm',
        'a video that does not say how long it is',
        'mp4 with aac',
        'mp4 with mp3',
        'webm with opus',
        'webm at one hour',
        'the same without its length',
        'mp4 at a minute and a half',
    ],
)
@only_sqlite
async def test_the_type_and_the_length_come_from_the_content(
    make: Callable[[], bytes], media_type: str, seconds: float
) -> None:
    course = await a_course()

    await give(course, Part.VIDEO, make(), name='soil.pdf')

    video = await hand_out(course, Part.VIDEO)
    _, upload = await database.read(kind_and_file, course.checkpoints[0])
    assert (video.media_type, video.name) == (media_type, f'soil.pdf.{media_type.removeprefix("video/")}')
    assert upload.seconds == pytest.approx(seconds, abs=0.1)


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
    first = await give(course, Part.VIDEO, a_video(), name='one.mp4')
    await give(course, Part.CAPTIONS, CAPTIONS, name='one.vtt')

    second = await give(course, Part.VIDEO, a_video(seconds=2), name='two.mp4')
    assert second.upload_id != first.upload_id
    assert await hand_out(course, Part.CAPTIONS), 'captions stay with another cut of the video'

    await give(course, Part.FILE, a_pdf(pages=3), name='soil.pdf')
    for gone in Part.VIDEO, Part.CAPTIONS:
        with pytest.raises(NotFound):
            await hand_out(course, gone)
    kind, upload = await database.read(kind_and_file, course.checkpoints[0])
    assert (kind, upload.pages) == (CheckpointKind.DOCUMENT, 3)

    await database.write(attaching.detach, course.teacher, course.checkpoints[0], Part.VIDEO)
    assert await hand_out(course, Part.FILE), 'a video that is not there takes no document with it'
    for _ in range(2):
        await database.write(attaching.detach, course.teacher, course.checkpoints[0], Part.FILE)
    with pytest.raises(NotFound):
        await hand_out(course, Part.FILE)


@pytest.mark.req('S12')
async def test_what_learners_did_stays_when_a_checkpoint_becomes_a_video() -> None:
    course = await a_course(checkpoints=2)
    learner = await a_guest(code=course.code)
    await mark(course.checkpoints[0], by=learner)

    await give(course, Part.VIDEO, a_video(), name='soil.mp4')

    assert await percent(course, learner) == 50


@pytest.mark.both_databases
async def test_another_kind_lets_go_of_the_files_and_keeps_the_text() -> None:
    course = await a_course()
    await give(course, Part.VIDEO, a_video(), name='soil.mp4')
    await give(course, Part.CAPTIONS, CAPTIONS, name='soil.vtt')

    await edit(course, Details(title='Soil', kind=CheckpointKind.VIDEO, body='# Soil'))
    assert await hand_out(course, Part.CAPTIONS)

    await edit(course, Details(title='Soil', kind=CheckpointKind.DOCUMENT, body='# Soil'))
    await edit(course, Details(title='Soil', kind=CheckpointKind.VIDEO, body='# Soil'))
    assert await database.read(attaching.attached, course.teacher, course.checkpoints[0]) == {}
    (section,) = await database.read(sections, course.teacher, course.course_id)
    assert (section.checkpoints[0].has_file, section.checkpoints[0].details.body) == (False, '# Soil')


@pytest.mark.req('C4', 'C5')
async def test_who_gets_a_file() -> None:
    course, other = await a_course(), await a_course(title='Air')
    learner, stranger = await a_guest(code=course.code), await a_guest(code=other.code)
    await give(course, Part.VIDEO, a_video(), name='soil.mp4')

    assert await hand_out(course, Part.VIDEO, to=learner)
    for nobody_here in stranger, other.teacher:
        with pytest.raises(NotFound) as refusal:
            await hand_out(course, Part.VIDEO, to=nobody_here)
        with pytest.raises(NotFound) as absent:
            await database.read(served, nobody_here, 999_999, Part.VIDEO)
        assert str(refusal.value) == str(absent.value)

    await edit(course, Details(title='Soil', kind=CheckpointKind.VIDEO, is_preview=True))
    assert await hand_out(course, Part.VIDEO, to=stranger)
    assert await database.read(served, None, course.checkpoints[0], Part.VIDEO)

    await database.write(catalog.delete, course.teacher, course.course_id)
    with pytest.raises(NotFound):
        await hand_out(course, Part.VIDEO, to=stranger)


@pytest.mark.req('C1', 'C4')
@pytest.mark.both_databases
async def test_what_nobody_refers_to_is_cleared_away_after_a_day() -> None:
    course = await a_course()
    given_up = await give(course, Part.VIDEO, a_video(), name='one.mp4')
    kept = await give(course, Part.VIDEO, a_video(), name='two.mp4')
    left_over = folder() / 'half.part'
    left_over.write_bytes(b'half')
    await database.write(catalog.duplicate, course.teacher, course.course_id)
    await database.write(checkpoints.delete, course.teacher, course.checkpoints[0])

    await cleanup.clear_away()
    assert len(on_disk()) == 3, 'for a day everything is left alone'

    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1)):
        await cleanup.clear_away()
        await cleanup.clear_away()

    assert on_disk() == [kept.path.name]
    assert not given_up.path.exists()
    assert await database.read(count_uploads) == 1


@only_sqlite
async def test_a_deleted_checkpoint_comes_back_with_its_video() -> None:
    course = await a_course()
    await give(course, Part.VIDEO, a_video(), name='soil.mp4')
    await database.write(checkpoints.delete, course.teacher, course.checkpoints[0])
    with pytest.raises(NotFound):
        await hand_out(course, Part.VIDEO)

    with time_machine.travel(clock.now() + timedelta(days=400)):
        await cleanup.clear_away()
    await database.write(checkpoints.restore, course.teacher, course.checkpoints[0])

    assert (await hand_out(course, Part.VIDEO)).path.exists()


def kind_and_file(tx: Transaction, checkpoint_id: int) -> tuple[CheckpointKind, Upload]:
    checkpoint = tx.session.get_one(Checkpoint, checkpoint_id)
    assert checkpoint.file_id is not None
    return checkpoint.kind, tx.session.get_one(Upload, checkpoint.file_id)


@pytest.mark.parametrize(
    'line',
    [
        b'00:01.000-->00:02.000',
        b'00:01.000 -->00:02.000',
        b'1:00:01.000 --> 1:00:02.000',
        b'00:00:01.000\t-->\t00:00:02.000 line:0 align:start',
    ],
)
@only_sqlite
async def test_captions_are_taken_if_a_browser_takes_them(line: bytes) -> None:
    course = await a_course()
    await give(course, Part.VIDEO, a_video(), name='soil.mp4')

    captions = await give(course, Part.CAPTIONS, b'WEBVTT\r\n\r\n' + line + b'\r\nWet it.\r\n', name='soil.vtt')

    assert captions.media_type == VTT
