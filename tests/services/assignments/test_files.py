"""Files are known by their content, handed out to few, and nothing of a refused one is left."""

import errno
import os
import struct
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import time_machine
from sqlalchemy import select

from models import FileKind, SubmissionFile
from services.access import Actor
from services.assignments import desk, file_types, grading, submissions
from services.assignments.rules import Rules
from services.content.uploads import cleanup, cleanup_handed_in, files_back, handed_in, storage
from services.core import clock, database, picture_facts
from services.core.errors import Invalid, NotFound, NotSaved, NotSignedIn, Refused
from tests.factories.assignments import PDF, PNG, add_file, an_assignment, hand_in, in_pieces, listed, seen_by, write
from tests.factories.files import a_pdf
from tests.factories.people import an_instructor
from tests.support.work_time import work_of_at_most

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('Q4')]


def an_archive(**entries: bytes) -> bytes:
    content = BytesIO()
    with ZipFile(content, 'w') as archive:
        for name, said in entries.items():
            archive.writestr(name, said)
    return content.getvalue()


DOCX = an_archive(**{'[Content_Types].xml': b'<x/>', 'word/document.xml': b'<x/>'})
A_PAGE = a_pdf(pages=1)
ODT = an_archive(mimetype=b'application/vnd.oasis.opendocument.text', **{'content.xml': b'<x/>'})


@pytest.mark.parametrize(
    ('content', 'kind', 'ending'),
    [
        (PDF, FileKind.PDF, '.pdf'),
        (PNG, FileKind.PICTURE, '.png'),
        (b'\xff\xd8\xff\xe0' + bytes(64), FileKind.PICTURE, '.jpg'),
        (b'RIFF\x00\x00\x00\x00WEBPVP8 ', FileKind.PICTURE, '.webp'),
        ('Sandig, und *trocken*: Böden.\n'.encode(), FileKind.TEXT, '.txt'),
        (DOCX, FileKind.OFFICE, '.docx'),
        (ODT, FileKind.OFFICE, '.odt'),
    ],
)
def test_a_file_is_what_its_content_says(tmp_path: Path, content: bytes, kind: FileKind, ending: str) -> None:
    path = tmp_path / 'soil.exe'
    path.write_bytes(content)
    known = file_types.look_into(path)
    assert (known.kind, known.ending) == (kind, ending)


@pytest.mark.parametrize(
    'content',
    [
        b'',
        b'MZ\x90\x00\x03' + bytes(200),
        b'\x7fELF' + bytes(200),
        an_archive(**{'evil.exe': b'MZ'}),
        an_archive(**{'../word/document.xml': b'<x/>'}),
        DOCX[:60],
        'Böden'.encode('latin-1'),
        b'Text with a \x00 in it',
    ],
    ids=['nothing', 'exe', 'elf', 'archive', 'way out', 'half', 'latin', 'nul'],
)
async def test_a_file_that_lies_is_refused_and_nothing_of_it_is_left(content: bytes) -> None:
    work = await an_assignment()
    with pytest.raises(Invalid):
        await add_file(work, content, name='homework.pdf')
    assert (await seen_by(work)).tries[0].files == ()
    assert list(storage.folder().iterdir()) == []


def test_an_archive_with_a_table_without_end_is_refused_before_it_is_read(tmp_path: Path) -> None:
    one = b'PK\x01\x02' + struct.pack('<6H3I5H2I', *[20] * 2, *[0] * 7, 1, *[0] * 6) + b'a'
    many = 60_000
    end = b'PK\x05\x06' + struct.pack('<4H2IH', 0, 0, many, many, many * len(one), 4, 0)
    path = tmp_path / 'soil.docx'
    path.write_bytes(b'PK\x03\x04' + one * many + end)

    with work_of_at_most(0.2), pytest.raises(Invalid, match='This document is broken'):
        file_types.look_into(path)


async def test_a_picture_that_still_says_where_it_was_taken_is_in_no_place_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A server that is killed while it blanks one leaves half of it where nobody gets it, and where it is cleared."""
    work, blank, found = await an_assignment(), picture_facts.blank_file, list[str]()

    def look_and_blank(path: Path) -> None:
        found.extend(each.name for each in storage.folder().iterdir())
        blank(path)

    monkeypatch.setattr(picture_facts, 'blank_file', look_and_blank)
    await add_file(work, PNG)

    assert [name.endswith(storage.ARRIVING) for name in found] == [True]


async def test_a_page_named_like_a_picture_is_handed_out_as_plain_text() -> None:
    work = await an_assignment()
    file_id = await add_file(work, b'<script>alert(1)</script>', name='../../cat.png')
    shown = await database.read(handed_in.served, work.learner, file_id)
    assert (shown.media_type, shown.name) == ('text/plain', 'cat.png.txt')


@pytest.mark.both_databases
async def test_a_photograph_that_is_handed_in_does_not_say_where_it_was_taken() -> None:
    work = await an_assignment()
    facts = b'Exif\0\0II*\0' + bytes(40) + b'51.7592 N 19.4560 E'
    photo = b'\xff\xd8\xff\xe1' + struct.pack('>H', len(facts) + 2) + facts + b'\xff\xd9'

    await add_file(work, photo, name='soil.jpg')

    (kept,) = storage.folder().iterdir()
    assert len(kept.read_bytes()) == len(photo)
    assert b'51.7592' not in kept.read_bytes()


async def test_files_can_be_replaced_and_removed_until_they_are_handed_in() -> None:
    work = await an_assignment(with_rules=Rules(takes_text=False, most_files=1))
    first = await add_file(work, PDF)
    with pytest.raises(Refused, match='1 files already'):
        await add_file(work, PNG)
    second = await add_file(work, PNG, name='soil.png', replaces=first)
    (only,) = (await seen_by(work)).tries[0].files
    assert (only.file_id, only.name) == (second, 'soil.png')
    with pytest.raises(NotFound):
        await database.read(handed_in.served, work.learner, first)
    await database.write(handed_in.drop, work.learner, work.checkpoint_id, second)
    await database.write(handed_in.drop, work.learner, work.checkpoint_id, second)
    await add_file(work, PDF)
    assert await database.write(submissions.submit, work.learner, work.checkpoint_id)
    with pytest.raises(Refused, match='handed in'):
        await add_file(work, PDF)


async def test_only_kinds_that_are_asked_for_are_taken() -> None:
    work = await an_assignment(with_rules=Rules(file_kinds=frozenset({FileKind.PDF})))
    with pytest.raises(Invalid, match='of this kind'):
        await add_file(work, PNG)
    assert list(storage.folder().iterdir()) == []


async def test_where_a_text_is_asked_for_no_file_is_taken() -> None:
    work = await an_assignment(with_rules=Rules(most_files=0))
    with pytest.raises(Refused, match='and no files'):
        await add_file(work, PDF)


async def test_files_are_for_their_learner_and_after_handing_in_for_their_teachers() -> None:
    work = await an_assignment(learners=('Lena Learner', 'Otto Other'))
    lena, otto = work.klass.learners
    file_id = await add_file(work, PDF, by=lena)
    stranger = await an_instructor(name='Sue Stranger', email='sue@example.org')
    for who in (otto, stranger, work.teacher):
        with pytest.raises(NotFound):
            await database.read(handed_in.served, who, file_id)
    with pytest.raises(NotSignedIn):
        await database.read(handed_in.served, None, file_id)
    await hand_in(work, by=lena)
    for who in (lena, work.teacher):
        served = await database.read(handed_in.served, who, file_id)
        assert served.path.read_bytes() == PDF
    for who in (otto, stranger):
        with pytest.raises(NotFound):
            await database.read(handed_in.served, who, file_id)
    other = await database.read(handed_in.served, lena, file_id)
    with pytest.raises(NotFound):
        await database.write(handed_in.drop, otto, work.checkpoint_id, file_id)
    assert other.path.is_file()


async def test_a_file_comes_back_with_feedback_and_is_seen_once_it_is_returned() -> None:
    work = await an_assignment(learners=('Lena Learner', 'Otto Other'))
    lena, otto = work.klass.learners
    stranger = await an_instructor(name='Sue Stranger', email='sue@example.org')
    await write(work, 'Sandy.', by=lena)
    draft = (await seen_by(work, lena)).tries[0].submission_id

    async def give_back(who: Actor | None, content: bytes = A_PAGE) -> int:
        return await files_back.take(who, draft, in_pieces(content), name='soil, marked.pdf')

    with pytest.raises(NotFound):
        await give_back(work.teacher)
    handed = await hand_in(work, 'Sandy, and dry.', by=lena)
    for who in (lena, otto, stranger, None):
        with pytest.raises((NotFound, NotSignedIn)):
            await give_back(who)
    with pytest.raises(Invalid):
        await give_back(work.teacher, b'MZ\x90\x00' + bytes(90))
    wrong, file_id = await give_back(work.teacher), await give_back(work.teacher)
    await database.write(files_back.drop, work.teacher, handed, wrong)
    shown = await database.read(desk.on_desk, work.teacher, handed)
    assert [(each.file_id, each.name, each.pages) for each in shown.files_back] == [(file_id, 'soil, marked.pdf', 1)]
    assert shown.files == ()

    assert (await seen_by(work, lena)).tries[0].files_back == ()
    with pytest.raises(NotFound):
        await database.read(handed_in.served, lena, file_id)
    await database.write(grading.grade, work.teacher, handed, grade=70, returns=True)
    (back,) = (await seen_by(work, lena)).tries[0].files_back
    assert (await database.read(handed_in.served, lena, back.file_id)).path.read_bytes() == A_PAGE
    for who in (otto, stranger):
        with pytest.raises(NotFound):
            await database.read(handed_in.served, who, back.file_id)
    assert [path.name for path in storage.folder().glob('*.part')] == []


async def test_only_so_many_files_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files_back, 'MOST_BACK', 1)
    work = await an_assignment()
    handed = await hand_in(work)
    await files_back.take(work.teacher, handed, in_pieces(PNG), name='soil.png')
    with pytest.raises(Refused, match='1 files already'):
        await files_back.take(work.teacher, handed, in_pieces(PNG), name='soil.png')
    assert len(list(storage.folder().iterdir())) == 1


async def test_the_clearing_of_files_of_courses_leaves_them_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    work = await an_assignment()
    file_id = await add_file(work, PDF)
    monkeypatch.setattr(cleanup, 'KEPT_FOR', -cleanup.KEPT_FOR)
    await cleanup.clear_away()
    assert (await database.read(handed_in.served, work.learner, file_id)).path.read_bytes() == PDF


async def test_files_that_were_taken_out_go_after_a_week_also_where_the_server_stopped_in_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    work = await an_assignment()
    out, kept, lately = await add_file(work, PDF), await add_file(work, PNG), await add_file(work, b'Dry.')
    with time_machine.travel(clock.now() - timedelta(days=8)):
        await database.write(handed_in.drop, work.learner, work.checkpoint_id, out)
    await database.write(handed_in.drop, work.learner, work.checkpoint_id, lately)
    handed = await hand_in(work)
    wrong, back = [await files_back.take(work.teacher, handed, in_pieces(A_PAGE), name='a.pdf') for _ in range(2)]
    with time_machine.travel(clock.now() - timedelta(days=8)):
        await database.write(files_back.drop, work.teacher, handed, wrong)
    assert len(list(storage.folder().iterdir())) == 5

    def stops(*_: object, **__: object) -> None:
        raise RuntimeError('the server stops')

    with monkeypatch.context() as crash:
        crash.setattr(cleanup_handed_in, 'forget', stops)
        with pytest.raises(RuntimeError):
            await cleanup_handed_in.clear_away()
    assert len(list(storage.folder().iterdir())) == 3
    for _ in range(2):
        await cleanup_handed_in.clear_away()

    rows = await database.read(lambda tx: {row.id: row for row in tx.session.scalars(select(SubmissionFile))})
    assert set(rows) == {kept, lately, back}
    assert {path.name for path in storage.folder().iterdir()} == {row.stored_as for row in rows.values()}
    assert (await database.read(handed_in.served, work.learner, kept)).path.read_bytes() == PNG


async def test_on_a_full_disk_nothing_is_kept_and_the_text_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    work = await an_assignment()
    await write(work, 'Sandy.')

    def full(_size: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(storage, '_check_room', full)
    with pytest.raises(NotSaved, match='disk of the server is full'):
        await add_file(work, PDF)
    assert list(storage.folder().iterdir()) == []
    assert (await listed(work))['Lena Learner'].state is not None
    assert (await seen_by(work)).tries[0].text == 'Sandy.'
