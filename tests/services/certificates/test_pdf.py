"""Certificates on paper: in any script, for those who see and those who hear it, and again until it works."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pypdfium2
import pytest
import time_machine

from services.certificates import failures, pdf, render_queue
from services.certificates.pdf import Sheet
from services.core import clock, database, jobs, typesetting
from services.core.errors import NotFound
from services.core.typesetting import NotPrinted
from settings import settings
from tests.factories.classes import ClassAtHand, a_class, tap
from tests.factories.people import an_admin
from tests.support.certificates import a_typesetter, certificates_of, the_certificate_of
from tests.support.eventually import eventually
from tests.support.servers import skip_or_insist

pytestmark = pytest.mark.req('S10', 'O5')

NAMES = [
    'Lena Ångström-Őry',
    'Ngô Thị Ánh',
    'Ζωή Παπαδοπούλου',
    'Анна Каренина',
    'Հայկ',
    'ქეთევანი',
    'محمد عبد الله',
    'דוד לוי',
    'प्रिया शर्मा',
    'ঋতু',
    'தமிழ்',
    'ไทย',
    'អក្សរ',
    'አማርኛ',
    '王小明',
    '𠮷野 さくら',
    '김민수',
    'Ada 🦊',
    '👩🏽‍🔬 O’Neil',
]
HOSTILE = [
    '#panic("x") #read("/etc/passwd")',
    '$ x^2 $ \\ \\u{41} `raw` *b* _i_ @ref <label>',
    '"); #strong[a] // /* */ [b] {c}',
    '\'; DROP TABLE certificates; -- "',
]


def a_sheet(*, name: str = 'Lena Learner', course_title: str = 'Soil') -> Sheet:
    return Sheet(
        certificate_id=1,
        serial='ABCD-EFGH-JKMN-PQRS',
        name=name,
        course_title=course_title,
        completed_at=datetime(2026, 11, 24, 12, tzinfo=UTC),
    )


async def read(sheet: Sheet) -> tuple[pypdfium2.PdfDocument, str]:
    document = pypdfium2.PdfDocument(await pdf.make_pdf(sheet))
    return document, document[0].get_textpage().get_text_range()


@pytest.mark.usefixtures('data_dir')
async def test_it_says_all_that_is_needed_and_is_accessible(monkeypatch: pytest.MonkeyPatch) -> None:
    set_address(monkeypatch, 'https://waymark.example.org')

    document, text = await read(a_sheet())

    for words in ('Certificate of completion', 'Lena Learner', 'Soil', '24 November 2026', 'ABCD-EFGH-JKMN-PQRS'):
        assert words in text
    assert 'https://waymark.example.org/certificates/ABCD-EFGH-JKMN-PQRS' in text
    assert document.get_metadata_value('Title') == 'Certificate of completion: Lena Learner, Soil'
    assert document.is_tagged()
    assert len(document) == 1
    width, height = document[0].get_size()
    assert (round(width), round(height)) == (842, 595), 'A4, landscape'
    raw = await pdf.make_pdf(a_sheet())
    assert b'pdfuaid:part>1<' in raw
    assert b'/Lang(en)' in raw


@pytest.mark.usefixtures('data_dir')
@pytest.mark.parametrize('name', NAMES)
async def test_a_name_in_any_script_has_all_its_letters(name: str) -> None:
    try:
        document, _text = await read(a_sheet(name=name, course_title=name))
    except NotPrinted as problem:
        if 'No font' not in str(problem):
            raise
        skip_or_insist(f'{problem} On Debian: apt install fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji')

    assert name in document.get_metadata_value('Title')


@pytest.mark.usefixtures('data_dir')
@pytest.mark.parametrize('name', HOSTILE)
async def test_a_name_is_never_markup(name: str) -> None:
    _document, text = await read(a_sheet(name=name, course_title=name))

    assert text.replace('\r\n', ' ').count(name) == 2


@pytest.mark.usefixtures('data_dir')
@pytest.mark.parametrize('letter', ['W', '王', 'م'])
async def test_the_longest_name_still_fits_on_one_page(letter: str) -> None:
    document, _text = await read(a_sheet(name=letter * 80, course_title=f'{letter * 9} ' * 12))

    assert len(document) == 1


@pytest.mark.usefixtures('data_dir')
@pytest.mark.parametrize('letter', ['W', 'Ω', 'm', 'ש'])
async def test_a_word_without_end_stays_on_the_page(letter: str) -> None:
    pdf, _ = await read(a_sheet(name=letter * 80, course_title=f'{letter * 90} {letter * 29}'))
    with pdf:
        assert len(pdf) == 1
        page, words = pdf[0], pdf[0].get_textpage()
        boxes = [words.get_charbox(index) for index in range(words.count_chars())]
        width, height = page.get_size()
        assert min(box[0] for box in boxes) > 30
        assert max(box[2] for box in boxes) < width - 30
        assert min(box[1] for box in boxes) > 30
        assert max(box[3] for box in boxes) < height - 30


async def test_a_letter_without_a_font_is_told_and_never_a_box() -> None:
    with pytest.raises(NotPrinted, match='No font on this server can draw “'):
        await pdf.make_pdf(a_sheet(name='Lena \u0378'))


async def test_a_typesetter_lets_taps_go_first_from_its_first_moment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = tmp_path / 'asked.py'
    asked.write_text('import os, sys\nsys.stdout.write(str(os.nice(0)))')
    monkeypatch.setattr(typesetting, 'TYPESETTER', asked)

    said = await typesetting.make_pdf(asked, {}, all_letters=True)

    assert int(said) == min(os.nice(0) + 10, 19)


@pytest.mark.usefixtures('data_dir')
async def test_a_typesetter_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endless, process_id = tmp_path / 'endless.py', tmp_path / 'pid'
    endless.write_text(f'import os, time\nopen({str(process_id)!r}, "w").write(str(os.getpid()))\ntime.sleep(600)')
    monkeypatch.setattr(typesetting, 'TYPESETTER', endless)
    monkeypatch.setattr(typesetting, 'TIME_LIMIT', 1.0)

    with pytest.raises(NotPrinted, match='longer than'):
        await pdf.make_pdf(a_sheet())

    assert not psutil.pid_exists(int(process_id.read_text()))


@pytest.mark.usefixtures('db')
async def test_it_is_tried_again_until_it_works_and_the_admin_sees_why(
    monkeypatch: pytest.MonkeyPatch, data_dir: Path
) -> None:
    given = a_typesetter(monkeypatch, fails=2)
    klass, admin = await completed_class(), await an_admin()

    assert await render_queue.print_due() == 0
    assert await render_queue.print_due() == 0, 'not at once again'
    assert len(given) == 1
    (trouble,) = await database.read(failures.of_school, admin)
    assert (str(trouble.reason), trouble.count) == ('No ink.', 1)
    with time_machine.travel(clock.now() + timedelta(seconds=31)):
        assert await render_queue.print_due() == 0
    with time_machine.travel(clock.now() + timedelta(seconds=62)):
        assert await render_queue.print_due() == 0, 'it waits for longer the second time'
    with time_machine.travel(clock.now() + timedelta(seconds=93)):
        assert await render_queue.print_due() == 1

    certificate = await the_certificate_of(klass.learner)
    assert (certificate.attempts, certificate.problem, len(given)) == (2, '', 3)
    assert certificate.rendered_at
    assert (data_dir / 'certificates' / f'{certificate.serial}.pdf').read_bytes() == b'%PDF-1.7'
    assert await database.read(failures.of_school, admin) == ()
    assert await render_queue.print_due() == 0


@pytest.mark.usefixtures('db')
async def test_the_admin_has_everything_tried_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    a_typesetter(monkeypatch, fails=1)
    klass, admin = await completed_class(), await an_admin()
    await render_queue.print_due()

    assert await database.write(failures.try_again, admin) == 1
    assert await render_queue.print_due() == 1
    assert await database.write(failures.try_again, admin) == 0
    for who in (klass.teacher, klass.learner):
        with pytest.raises(NotFound):
            await database.write(failures.try_again, who)


@pytest.mark.usefixtures('db')
async def test_one_that_cannot_be_printed_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    a_typesetter(monkeypatch, fails=1)
    klass = await a_class(checkpoints=1, learners=['Ada', 'Ben'])
    for learner in klass.learners:
        await tap(klass, klass.checkpoints[0], by=learner)

    assert await render_queue.print_due() == 1


@pytest.mark.usefixtures('db')
async def test_a_full_disk_keeps_nothing_half(monkeypatch: pytest.MonkeyPatch, data_dir: Path) -> None:
    a_typesetter(monkeypatch, fails=0)
    klass = await completed_class()

    def full(_: int) -> None:
        raise OSError(28, 'No space left on device')

    with monkeypatch.context() as patch:
        patch.setattr('os.fsync', full)
        assert await render_queue.print_due() == 0

    assert list((data_dir / 'certificates').iterdir()) == []
    assert 'No space left' in (await the_certificate_of(klass.learner)).problem


@pytest.mark.usefixtures('db')
async def test_the_worker_prints_what_is_issued_while_it_runs_and_what_was_left_before(
    monkeypatch: pytest.MonkeyPatch, data_dir: Path
) -> None:
    a_typesetter(monkeypatch, fails=0)
    klass = await a_class(checkpoints=1, learners=['Ada', 'Ben'])
    ada, ben = klass.learners
    await tap(klass, klass.checkpoints[0], by=ada)

    worker = jobs.start([render_queue.kind()])
    await eventually(lambda: len(kept(data_dir)) == 1)
    await tap(klass, klass.checkpoints[0], by=ben)
    await eventually(lambda: len(kept(data_dir)) == 2)

    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    assert {path.stem for path in kept(data_dir)} == {each.serial for each in await certificates_of(ada, ben)}


@pytest.mark.usefixtures('db')
async def test_a_pdf_that_has_gone_is_printed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    given = a_typesetter(monkeypatch, fails=0)
    klass = await completed_class()
    await render_queue.print_due()
    sheet = given[0]
    assert await render_queue.file_of(sheet) == render_queue.path_of(sheet.serial)
    assert len(given) == 1
    render_queue.path_of(sheet.serial).unlink()

    assert await render_queue.file_of(sheet) == render_queue.path_of(sheet.serial)

    assert len(given) == 2
    assert (await the_certificate_of(klass.learner)).rendered_at


@pytest.mark.usefixtures('db')
async def test_asking_for_it_again_and_again_does_not_print_more_often(monkeypatch: pytest.MonkeyPatch) -> None:
    given = a_typesetter(monkeypatch, fails=2)
    klass, admin = await completed_class(), await an_admin()
    sheet = await database.read(render_queue.due)
    assert sheet

    for _ in range(3):
        assert await render_queue.file_of(sheet) is None
    assert len(given) == 1
    with time_machine.travel(clock.now() + timedelta(seconds=31)):
        assert await render_queue.file_of(sheet) is None
    with time_machine.travel(clock.now() + timedelta(seconds=92)):
        assert await render_queue.file_of(sheet)

    render_queue.path_of(sheet.serial).unlink()
    given.clear()
    assert await render_queue.file_of(sheet) is None, 'it fails again, now that the file has gone'
    assert len(await database.read(failures.of_school, admin)) == 1
    assert (await the_certificate_of(klass.learner)).rendered_at is None


def set_address(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv('PUBLIC_URL', address)
    settings.cache_clear()


async def completed_class() -> ClassAtHand:
    klass = await a_class(checkpoints=1)
    await tap(klass, klass.checkpoints[0])
    return klass


def kept(data_dir: Path) -> list[Path]:
    return list((data_dir / 'certificates').glob('*.pdf'))
