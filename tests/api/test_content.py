"""What there is to watch and to read, for programs: as data, and as files with ranges."""

from pathlib import Path

import pytest

from services.content.uploads import attaching
from services.content.uploads.attaching import Given
from services.content.uploads.file_types import Found
from services.content.uploads.slots import VTT, Part
from services.content.uploads.storage import folder
from services.core import database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.enums import CheckpointKind
from tests.api.conftest import APrograms, Program
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.documents import a_pdf, a_text
from tests.factories.files import CAPTIONS
from tests.factories.people import a_guest, a_student, an_instructor
from tests.factories.videos import a_video

pytestmark = pytest.mark.req('B1', 'C4')

CONTENT = bytes(range(256)) * 40


@pytest.fixture
async def course(db: object, data_dir: Path) -> CourseAtHand:
    """A course with a video and its captions, a text, a PDF, and a task."""
    made = await a_course(checkpoints=4)
    await a_video(made, made.checkpoints[0], stored_as='soil.webm')
    captions = Given(name='soil.vtt', size=1, stored_as='captions', found=Found(media_type=VTT))
    await database.write(attaching.attach, made.teacher, made.checkpoints[0], Part.CAPTIONS, captions)
    folder().mkdir(parents=True, exist_ok=True)
    (folder() / 'soil.webm').write_bytes(CONTENT)
    (folder() / 'captions').write_bytes(CAPTIONS)
    await a_text(made, made.checkpoints[1], body='# Soil\n\n**Wet** it. <script>alert(1)</script>')
    await a_pdf(made, made.checkpoints[2], pages=3)
    return made


@pytest.mark.both_databases
async def test_a_learner_gets_what_the_page_shows(course: CourseAtHand, a_program: APrograms) -> None:
    lena = await a_program(await a_guest(code=course.code))
    details = Details(title='Sample', description='Use *clean* glass.', estimated_minutes=5)
    await database.write(checkpoints.edit, course.teacher, course.checkpoints[3], details)

    video, text, pdf, task = [
        (await lena.get(f'/checkpoints/{checkpoint}/content')).json() for checkpoint in course.checkpoints
    ]

    assert (video['kind'], video['file']['seconds'], video['position']) == ('video', 100, 0)
    assert video['file']['address'] == f'/api/content/{course.checkpoints[0]}/film'
    assert video['captions'] == f'/api/content/{course.checkpoints[0]}/captions'
    assert text['body'].startswith('# Soil')
    assert '<strong>Wet</strong>' in text['body_html']
    assert '<script' not in text['body_html']
    assert ''.join(each['html'] for each in text['passages']).count('<h1>') == 1
    assert (pdf['file']['pages'], pdf['file']['media_type'], pdf['passages']) == (3, 'application/pdf', [])
    assert (task['description_html'].strip(), task['minutes']) == ('<p>Use <em>clean</em> glass.</p>', 5)


async def test_a_video_is_served_in_ranges(course: CourseAtHand, a_program: APrograms) -> None:
    lena = await a_program(await a_guest(code=course.code))
    address = f'/content/{course.checkpoints[0]}/film'

    whole = await lena.get(address)
    part = await lena.get(address, headers={'range': 'bytes=100-199'})
    head = await lena.head(address)
    same = await lena.get(address, headers={'if-none-match': whole.headers['etag']})
    captions = await lena.get(f'/content/{course.checkpoints[0]}/captions')

    assert (whole.status_code, whole.content, whole.headers['content-type']) == (200, CONTENT, 'video/webm')
    assert (part.status_code, part.content) == (206, CONTENT[100:200])
    assert part.headers['content-range'] == f'bytes 100-199/{len(CONTENT)}'
    assert (head.status_code, head.content, head.headers['content-length']) == (200, b'', str(len(CONTENT)))
    assert (same.status_code, same.content) == (304, b'')
    assert captions.content == CAPTIONS


@pytest.mark.parametrize(
    ('asked', 'status', 'size'),
    [
        ('bytes=999999-', 416, f'bytes */{len(CONTENT)}'),
        ('bytes=5-1', 400, None),
        ('apples=1-2', 400, None),
        ('bytes', 400, None),
    ],
)
async def test_a_range_that_is_none_is_refused_in_the_one_shape(
    course: CourseAtHand, a_program: APrograms, asked: str, status: int, size: str | None
) -> None:
    lena = await a_program(await a_guest(code=course.code))

    answer = await lena.get(f'/content/{course.checkpoints[0]}/film', headers={'range': asked})

    assert (answer.status_code, answer.headers.get('content-range')) == (status, size)
    assert answer.json().keys() == {'error', 'detail', 'request_id'}


async def test_saving_a_document_is_counted_for_its_learner(course: CourseAtHand, a_program: APrograms) -> None:
    learner = await a_guest(code=course.code)
    lena, ines = await a_program(learner), await a_program(course.teacher)
    address = f'/content/{course.checkpoints[2]}/file'

    saved = await lena.get(address)
    await lena.head(address)
    await lena.get(address, headers={'range': 'bytes=50-'})
    await lena.get(address, headers={'if-none-match': saved.headers['etag']})
    taught = await ines.get(address)

    assert saved.content.startswith(b'%PDF')
    assert saved.headers['content-disposition'] == 'attachment; filename="Soil.pdf"'
    assert taught.status_code == 200
    standing = (await lena.get(f'/progress/student/{learner.user_id}/concept/{course.checkpoints[2]}')).json()
    assert standing['content']['downloads'] == 1


async def test_what_is_of_others_looks_absent(course: CourseAtHand, a_program: APrograms, program: Program) -> None:
    strangers = await a_program(await a_student()), await a_program(await an_instructor())
    addresses = f'/checkpoints/{course.checkpoints[0]}/content', f'/content/{course.checkpoints[0]}/film'

    for address in addresses:
        assert (await program.get(address)).status_code == 401
        for stranger in strangers:
            theirs = await stranger.get(address)
            absent = await stranger.get(address.replace(str(course.checkpoints[0]), '999999'))
            assert theirs.status_code == absent.status_code == 404
            assert theirs.json()['detail'] == absent.json()['detail']
    lena = await a_program(await a_guest(code=course.code))
    assert (await lena.get(f'/content/{course.checkpoints[3]}/film')).status_code == 404
    assert (await lena.get(f'/content/{course.checkpoints[0]}/body')).status_code == 422


@pytest.mark.req('C5')
async def test_a_preview_is_open_to_anyone(course: CourseAtHand, a_program: APrograms, program: Program) -> None:
    details = Details(title='Video', kind=CheckpointKind.VIDEO, is_preview=True)
    await database.write(checkpoints.edit, course.teacher, course.checkpoints[0], details)

    for anyone in program, await a_program(await a_student()):
        shown = await anyone.get(f'/checkpoints/{course.checkpoints[0]}/content')
        video = await anyone.get(f'/content/{course.checkpoints[0]}/film')
        assert (shown.json()['is_preview'], video.content) == (True, CONTENT)


async def test_a_file_that_is_lost_is_gone_and_the_journal_knows(course: CourseAtHand, a_program: APrograms) -> None:
    lena = await a_program(await a_guest(code=course.code))
    (folder() / 'soil.webm').unlink()

    answer = await lena.get(f'/content/{course.checkpoints[0]}/film')

    assert (answer.status_code, answer.json()['error']) == (410, 'Gone')
