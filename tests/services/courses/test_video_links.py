"""Videos at an address elsewhere: what is taken as one, how it is pasted, and when a learner is led there."""

import pytest
from sqlmodel import col, select

from models import Checkpoint
from services.content.uploads.receiving import take
from services.content.uploads.slots import Part
from services.core import database
from services.core.errors import Invalid
from services.core.transaction import Transaction
from services.courses import catalog, checkpoints, export_file, import_file, pasted, video_links
from services.courses.checkpoints import Details
from services.enums import CheckpointKind
from services.study import path
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.files import a_video
from tests.support.files_at_hand import in_pieces

pytestmark = pytest.mark.req('C3')

LINK = 'https://youtu.be/aBcDeFgHiJk'


@pytest.mark.parametrize(
    ('typed', 'kept', 'host'),
    [
        (LINK, LINK, 'youtu.be'),
        ('  youtu.be/aBcDeFgHiJk ', LINK, 'youtu.be'),
        ('HTTPS://WWW.YouTube.com/watch?v=A_b-1&t=5', 'https://www.youtube.com/watch?v=A_b-1&t=5', 'youtube.com'),
        ('https://tube.example.org:8443/w/abc', 'https://tube.example.org:8443/w/abc', 'tube.example.org'),
        ('https://bücher.example/film.mp4', 'https://xn--bcher-kva.example/film.mp4', 'xn--bcher-kva.example'),
        ('', '', ''),
    ],
)
def test_an_address_is_kept_with_the_name_of_its_place(typed: str, kept: str, host: str) -> None:
    assert video_links.check(typed) == kept
    assert video_links.host_of(kept) == host


@pytest.mark.parametrize(
    'typed',
    ['soil', 'http://youtu.be/x', 'javascript:alert(1)', 'javascript://a.org/%0aalert(1)', 'data:text/html,x',
     'ftp://a.org/x', 'https://', 'https://localhost/x', 'https://10.0.0.7/film.mp4', 'https://[::1]/x',
     'https://youtu.be@evil.example/x', 'https://youtu.be\\@evil.example/x', 'https://a b.org/x', 'https://a.org:x/',
     'https://a..org/', 'https://' + 'a' * 2000 + '.org'],
)  # fmt: skip
def test_what_leads_elsewhere_than_it_seems_to_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        video_links.check(typed)
    assert refusal.value.field == 'link'


@pytest.mark.parametrize(
    ('line', 'title', 'minutes'),
    [
        (f'Wet the sample {LINK}', 'Wet the sample', None),
        (f'1. Wet the sample: <{LINK}> (5 min)', 'Wet the sample', 5),
        (f'- Wet the sample (5 min) – {LINK}', 'Wet the sample', 5),
        (f'* [Wet the sample]({LINK}), 5 min', 'Wet the sample', 5),
        (f'{LINK} Wet the sample', 'Wet the sample', None),
        (f'{LINK} (5 min)', 'youtu.be', 5),
    ],
)
def test_a_pasted_line_with_a_video_becomes_one(line: str, title: str, minutes: int | None) -> None:
    (read,) = pasted.read(line)
    assert (read.title, read.minutes, read.link) == (title, minutes, LINK)


@pytest.mark.parametrize(
    'link',
    ['https://www.youtube.com/watch?v=x', 'https://youtube.com/shorts/x', 'https://m.youtube.com/watch?v=x',
     'https://vimeo.com/76979871', 'https://player.vimeo.com/video/76979871', 'https://a.example/files/Soil.MP4',
     'https://tube.example/w/9c9de5e8-0a1e-484a-b099-e80766180a6d', 'https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv'],
)  # fmt: skip
def test_addresses_of_videos_are_known_by_how_they_look(link: str) -> None:
    assert [line.link for line in pasted.read(f'Look {link}')] == [link]


@pytest.mark.parametrize(
    'line',
    ['Read https://example.org/soil', f'Choose {LINK} or https://youtu.be/another', 'See https://youtube.com/@school',
     'Type http://youtu.be/x', 'Look at https://en.wikipedia.org/w/index.php', 'https://youtu.be'],
)  # fmt: skip
def test_other_addresses_stay_in_the_words(line: str) -> None:
    assert [(each.title, each.link) for each in pasted.read(line)] == [(line, '')]


@pytest.mark.usefixtures('db')
async def test_a_pasted_video_is_offered_until_a_file_takes_its_place() -> None:
    course = await a_course(checkpoints=0)
    (checkpoint,) = await database.write(
        checkpoints.add, course.teacher, course.module_id, lines=f'Wet the sample {LINK}'
    )
    assert await shown(course, checkpoint) == (CheckpointKind.VIDEO, 'Wet the sample', LINK)

    await take(course.teacher, checkpoint, Part.VIDEO, in_pieces(a_video()), name='soil.mp4')

    assert await shown(course, checkpoint) == (CheckpointKind.VIDEO, 'Wet the sample', '')


@pytest.mark.usefixtures('db')
async def test_a_link_belongs_to_a_video_alone() -> None:
    course = await a_course(checkpoints=1)
    for kind in CheckpointKind.DOCUMENT, CheckpointKind.VIDEO:
        details = Details(title='Soil', kind=kind, link=LINK)
        await database.write(checkpoints.edit, course.teacher, course.checkpoints[0], details)

        assert (await shown(course, course.checkpoints[0]))[2] == (LINK if kind is CheckpointKind.VIDEO else '')

    refused = Details(title='Soil', link='http://youtu.be/x')
    with pytest.raises(Invalid, match='https'):
        await database.write(checkpoints.edit, course.teacher, course.checkpoints[0], refused)


@pytest.mark.usefixtures('db')
async def test_a_link_goes_along_with_a_copy_and_in_a_file() -> None:
    course = await a_course(checkpoints=1)
    details = Details(title='Soil', kind=CheckpointKind.VIDEO, link=LINK)
    await database.write(checkpoints.edit, course.teacher, course.checkpoints[0], details)

    copy_id = await database.write(catalog.duplicate, course.teacher, course.course_id)
    text = (await database.read(export_file.export_course, course.teacher, course.course_id)).text
    again_id = await database.write(export_file.import_course, course.teacher, import_file.read(text.encode()))

    assert [await database.read(links, id_) for id_ in (copy_id, again_id)] == [[LINK], [LINK]]
    with pytest.raises(import_file.BrokenFile, match=r'Line \d+: .*https'):
        import_file.read(text.replace('https:', 'http:').encode())


def links(tx: Transaction, course_id: int) -> list[str]:
    return [each.link for each in tx.session.scalars(select(Checkpoint).where(col(Checkpoint.course_id) == course_id))]


async def shown(course: CourseAtHand, checkpoint: int) -> tuple[CheckpointKind, str, str]:
    found = (await database.read(path.place, course.teacher, course.course_id, checkpoint)).checkpoint
    return found.kind, found.title, found.link
