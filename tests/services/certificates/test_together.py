"""All certificates of a course in one file: those that hold and are printed, for those who teach it."""

from datetime import UTC, datetime

import pytest

from services.certificates import pdf, reissuing, render_queue, together
from services.certificates.pdf import Sheet
from services.core import database
from services.core.errors import NotFound, NotSaved, Refused
from services.people import groups
from tests.factories.classes import a_class, tap
from tests.factories.people import an_instructor
from tests.support.certificates import a_typesetter
from tests.support.printed import links_of, pages_of

pytestmark = [pytest.mark.usefixtures('db', 'data_dir'), pytest.mark.req('S10')]


async def test_they_come_by_name_on_a_page_each_without_those_that_do_not_hold(
    monkeypatch: pytest.MonkeyPatch, server_log_lines: list[dict[str, object]]
) -> None:
    a_typesetter(monkeypatch, fails=0)
    klass = await a_class(checkpoints=1, learners=['Otto', 'Lena Ångström', 'Mia', 'Ned'])
    otto, lena, mia, _ned = klass.learners
    for learner in otto, lena, mia:
        await tap(klass, klass.checkpoints[0], by=learner)
    await render_queue.print_due()
    await database.write(reissuing.revoke, klass.teacher, klass.course_id, user_id=mia.user_id)
    await database.write(reissuing.issue_again, klass.teacher, klass.course_id, user_id=otto.user_id, name='Otto II')
    await render_queue.print_due()
    await database.write(groups.put, klass.teacher, klass.course_id, user_id=lena.user_id, name='Blue')

    found = await database.read(together.of_course, klass.teacher, klass.course_id)
    blue = await database.read(together.of_course, klass.teacher, klass.course_id, group='Blue')
    document = await together.make_pdf(found)

    assert [sheet.name for sheet in found.sheets] == ['Lena Ångström', 'Otto II']
    assert [sheet.name for sheet in blue.sheets] == ['Lena Ångström']
    for text, sheet in zip(pages_of(document), found.sheets, strict=True):
        assert 'Certificate of completion' in text
        assert sheet.name in text
        assert sheet.serial in text
    links = [pdf.page_of(sheet.serial) for sheet in found.sheets]
    assert links_of(document, links) == links
    noted = [line for line in server_log_lines if line['event'] == 'certificates taken along']
    assert [(line['course'], line['by'], line['certificates']) for line in noted] == [
        (klass.course_id, klass.teacher.user_id, 2),
        (klass.course_id, klass.teacher.user_id, 1),
    ]


async def test_the_file_waits_for_what_is_being_printed_but_not_for_what_cannot_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    klass = await a_class(checkpoints=1, learners=['Lena', 'Otto'])
    with pytest.raises(Refused, match='no certificate to print yet'):
        await database.read(together.of_course, klass.teacher, klass.course_id)
    for learner in klass.learners:
        await tap(klass, klass.checkpoints[0], by=learner)

    with pytest.raises(NotSaved, match='2 certificates are still being printed'):
        await database.read(together.of_course, klass.teacher, klass.course_id)
    a_typesetter(monkeypatch, fails=1)
    await render_queue.print_due()

    assert len((await database.read(together.of_course, klass.teacher, klass.course_id)).sheets) == 1
    monkeypatch.setattr(together, 'MOST', 0)
    with pytest.raises(Refused, match='more than 0 certificates'):
        await database.read(together.of_course, klass.teacher, klass.course_id)


async def test_nobody_else_gets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    a_typesetter(monkeypatch, fails=0)
    klass = await a_class(checkpoints=1)
    await tap(klass, klass.checkpoints[0])
    await render_queue.print_due()

    for who in klass.learner, await an_instructor(email='third@example.org'):
        with pytest.raises(NotFound):
            await database.read(together.of_course, who, klass.course_id)


async def test_a_whole_school_year_fits_into_one_file() -> None:
    sheets = [
        Sheet(
            certificate_id=number,
            serial=f'ABCD-EFGH-JKMN-{number:04}',
            name=f'Student {number}',
            course_title='Soil',
            completed_at=datetime(2026, 11, 24, tzinfo=UTC),
        )
        for number in range(300)
    ]

    texts = pages_of(await pdf.make_one_pdf('Soil', sheets))

    assert len(texts) == len(sheets)
    assert all(f'Student {number} ' in text for number, text in enumerate(texts))
