"""Tables of a course as files: the same on screen and in each kind of file, and long ones made in the background."""

import csv
import errno
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest
import time_machine
from python_calamine import CalamineWorkbook
from sqlalchemy import update
from sqlmodel import col

from models import CourseExport, NoticeKind, User
from services.access import Actor
from services.activity.following import Running
from services.analytics import daily_totals, export
from services.core import clock, database, jobs
from services.core.errors import DomainError, Gone, Invalid, NotFound, Refused
from services.enums import ExportForm, ExportTable
from services.notices import inbox
from services.people import groups, joining
from services.reports.exports import files, making, showing, writing
from services.reports.exports.asking import Asked, Scope
from services.reports.exports.cells import Row, written
from services.reports.exports.files import FileShown
from services.reports.exports.showing import Shown
from tests.factories.classes import ClassAtHand, a_class, tap
from tests.factories.people import a_student, an_admin, an_instructor
from tests.factories.reports import ENDS, ReportedAtHand, a_reported_learner
from tests.factories.study import a_morning, arrive, beat, leave

pytestmark = [pytest.mark.req('R2'), pytest.mark.usefixtures('db')]

KINDS = [making.kind(), making.clearing()]
EVERYTHING = list(ExportTable)


async def shown(at_hand: ReportedAtHand | ClassAtHand, asked: Asked, *, by: Actor | None = None) -> Shown:
    return await database.read(showing.shown, by or at_hand.teacher, at_hand.course_id, asked)


async def a_file(at_hand: ReportedAtHand, asked: Asked, form: ExportForm, *, has_commas: bool = False) -> bytes:
    found = await database.read(showing.whole, at_hand.teacher, at_hand.course_id, asked)
    return await showing.file_of(found, form, has_commas=has_commas)


def cells(rows: tuple[Row, ...], *, has_commas: bool = False) -> list[list[str]]:
    return [[str(written(cell, has_commas=has_commas)) for cell in row] for row in rows]


@pytest.mark.both_databases
async def test_learners_have_the_figures_of_their_own_page() -> None:
    at_hand = await a_reported_learner()
    lena = at_hand.lena.user_id
    with time_machine.travel(ENDS, tick=False):
        span = {'since': date(2027, 3, 1), 'until': date(2027, 3, 10)}
        (row,) = (await shown(at_hand, Asked(people=(lena,), **span))).rows
        (known,) = (await database.read(export.of_learners, at_hand.teacher, [lena], **span)).records()

    assert row[:5] == ('Lena Learner', '', lena, known['percent'], known['steps_done'])
    assert row[5:7] == (known['steps_completed'], known['active_days'])
    times = [round(float(known[key] or 0) / 60, 1) for key in ('study_seconds', 'class_seconds')]
    assert list(row[7:9]) == times
    assert all(times), 'the story has both'
    assert row[9] == round(float(known['score_mean'] or 0), 1)


@pytest.mark.parametrize(
    ('since', 'until', 'reason'),
    [
        (date(2027, 3, 2), date(2027, 3, 1), 'first day has to come before'),
        (date(2025, 3, 1), date(2027, 3, 10), 'at most 731 days'),
        (None, date.min, 'a year from 2000'),
    ],
)
async def test_chosen_learners_are_exported_for_days_in_reach(since: date | None, until: date, reason: str) -> None:
    at_hand = await a_reported_learner()
    with pytest.raises(Invalid, match=reason):
        await database.read(export.of_learners, at_hand.teacher, [at_hand.lena.user_id], since=since, until=until)


@pytest.mark.parametrize('what', EVERYTHING)
async def test_every_file_has_the_cells_of_the_screen(what: ExportTable) -> None:
    at_hand = await a_reported_learner(name='=HYPERLINK("x")|Ä;ñ, 学')
    asked = Asked(what=what, since=date(2027, 3, 1), until=date(2027, 3, 11))
    with time_machine.travel(ENDS, tick=False):
        screen = await shown(at_hand, asked)
        made = {form: await a_file(at_hand, asked, form) for form in ExportForm if form is not ExportForm.PDF}
        with_commas = await a_file(at_hand, asked, ExportForm.CSV, has_commas=True)
    assert screen.rows
    assert not screen.has_more
    seen = cells(screen.rows)

    def unquoted(cell: str) -> str:
        return cell.removeprefix("'") if cell.startswith("'=") else cell

    for content, mark, has_commas in ((made[ExportForm.CSV], ',', False), (with_commas, ';', True)):
        heads, *lines = csv.reader(io.StringIO(content.decode('utf-8-sig'), newline=''), delimiter=mark)
        assert content.startswith(b'\xef\xbb\xbf')
        assert heads == list(screen.heads)
        assert [[unquoted(cell) for cell in line] for line in lines] == cells(screen.rows, has_commas=has_commas)
        assert not any(cell.startswith('=') for line in lines for cell in line)

    heads, *lines = CalamineWorkbook.from_filelike(io.BytesIO(made[ExportForm.XLSX])).get_sheet_by_index(0).to_python()
    assert heads == list(screen.heads)
    as_seen = [['' if cell == '' else written(cell) for cell in line] for line in lines]
    assert [[str(cell) for cell in line] for line in as_seen] == seen

    records = json.loads(made[ExportForm.JSON])
    assert len(records) == len(screen.rows)
    for record, row in zip(records, screen.rows, strict=True):
        dated = ('at', 'day')
        assert [value for key, value in record.items() if key not in dated] == [
            cell for key, cell in zip(record, row, strict=True) if key not in dated
        ]


@pytest.mark.req('O5')
async def test_paper_has_them_too() -> None:
    at_hand = await a_reported_learner(name='Lena “#emph[x]” Ł')
    with time_machine.travel(ENDS, tick=False):
        asked = Asked(what=ExportTable.DAYS, since=date(2027, 3, 1), until=date(2027, 3, 11))
        screen = await shown(at_hand, asked)
        pdf = await a_file(at_hand, asked, ExportForm.PDF)
    assert b'pdfuaid:part>1<' in pdf
    with pypdfium2.PdfDocument(pdf) as document:
        text = ' '.join(' '.join(page.get_textpage().get_text_range() for page in document).split())
    assert 'Learners by day: Soil' in text
    for row in cells(screen.rows):
        assert ' '.join(cell for cell in row if cell).replace('#emph[x]', '') in text.replace('#emph[x]', '')


async def test_whom_the_teacher_may_not_see_is_not_there() -> None:
    at_hand, other = await a_reported_learner(), await a_student(name='Somebody Else')
    with time_machine.travel(ENDS, tick=False):
        (row,) = (await shown(at_hand, Asked(people=(at_hand.lena.user_id, other.user_id)))).rows
        assert row[0] == 'Lena Learner'
        for asked in (Asked(people=(other.user_id,)), Asked(group='Nobody'),
                      Asked(since=date(2027, 3, 3), until=date(2027, 3, 2)), Asked(people=tuple(range(1, 300))),
                      Asked(what=ExportTable.MONTHS, people=(at_hand.lena.user_id,))):  # fmt: skip
            with pytest.raises(DomainError):
                await shown(at_hand, asked)
        with pytest.raises(Invalid, match='a year from 2000'):
            await shown(at_hand, Asked(until=date.min))
        for stranger in (at_hand.lena, await an_instructor(email='else@example.org')):
            with pytest.raises(NotFound):
                await shown(at_hand, Asked(), by=stranger)


@pytest.mark.req('V4')
@pytest.mark.parametrize('what', [ExportTable.LEARNERS, ExportTable.DAYS, ExportTable.ACTIVITIES])
async def test_without_names_nobody_is_named_nor_counted_by_their_place(what: ExportTable) -> None:
    klass = await a_class(checkpoints=2, learners=[f'Learner {letter}' for letter in 'abcdefgh'])
    for one in klass.learners:
        await tap(klass, klass.checkpoints[0], by=one)
    await Running(daily_totals.FOLLOWER).catch_up()
    found = await shown(klass, Asked(what=what, has_names=False))

    known = {export.pseudonym(each.user_id) for each in klass.learners}
    assert {cell for row in found.rows for cell in row if cell in known} == known
    assert not [cell for row in found.rows for cell in row if str(cell).startswith('Learner')]
    if what is not ExportTable.ACTIVITIES:
        ids = [next(cell for cell in row if cell in known) for row in found.rows]
        assert ids == sorted(ids), 'by pseudonym, not by name'


@pytest.mark.req('V4')
async def test_the_time_of_a_small_group_is_not_said() -> None:
    morning = a_morning()
    klass = await a_class(checkpoints=1, learners=[])
    with time_machine.travel(morning, tick=False) as at:
        for number in range(8):
            learner = await a_student(name=f'Learner {number}', email=f'l{number}@example.org')
            await database.write(joining.join, learner, code=klass.code)
            name = 'Blue' if number < 5 else 'Red'
            await database.write(groups.put, klass.teacher, klass.course_id, user_id=learner.user_id, name=name)
            await arrive(learner, klass.checkpoints[0])
            at.shift(timedelta(seconds=30))
            await beat(learner, klass.checkpoints[0])
            await leave(learner, klass.course_id)
        await Running(daily_totals.FOLLOWER).catch_up()
        found = await shown(klass, Asked(what=ExportTable.MONTHS))

    blue, red = found.rows
    assert (blue[:3], blue[3] is not None) == ((f'{morning:%Y-%m}', 'Blue', 5), True)
    assert red == (f'{morning:%Y-%m}', 'Red', 'fewer than 5', None, None, None)


async def start(klass: ClassAtHand, *, form: ExportForm = ExportForm.CSV) -> int:
    asked = Asked(what=ExportTable.ACTIVITIES)
    return await database.write(files.start, klass.teacher, klass.course_id, asked=asked, form=form)


async def own(klass: ClassAtHand) -> tuple[FileShown, ...]:
    return await database.read(files.own, klass.teacher, klass.course_id)


@pytest.mark.both_databases
async def test_a_long_table_is_made_in_the_background_for_the_teacher_alone() -> None:
    klass = await a_class(checkpoints=3, learners=['Ann', 'Bo'])
    for checkpoint in klass.checkpoints:
        await tap(klass, checkpoint)
    export_id = await start(klass)
    with pytest.raises(Refused, match='being made'):
        await start(klass)
    with pytest.raises(Refused, match='not ready yet'):
        await database.read(files.file_of, klass.teacher, export_id)
    await jobs.run_due(KINDS)

    (ready,) = await own(klass)
    whole = await database.read(showing.whole, klass.teacher, klass.course_id, Asked(what=ExportTable.ACTIVITIES))
    file = await database.read(files.file_of, klass.teacher, export_id)
    assert (ready.is_ready, ready.made) == (True, len(whole.rows))
    assert file.path.read_bytes() == await showing.file_of(whole, ExportForm.CSV)
    assert [path.name for path in file.path.parent.iterdir()] == [file.path.name]
    (notice,) = (await database.read(inbox.look, klass.teacher)).notices
    assert (notice.kind, notice.address) == (NoticeKind.FILE_READY, f'/courses/{klass.course_id}/exports')
    for other in (await an_admin(), klass.learner, await an_instructor(email='else@example.org')):
        with pytest.raises(NotFound):
            await database.read(files.file_of, other, export_id)

    await database.write(files.forget, klass.teacher, export_id)
    await making.clear_away()
    assert not file.path.exists()


async def test_a_killed_server_begins_it_anew_and_a_full_disk_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class(checkpoints=1, learners=['Ann'])
    export_id = await start(klass, form=ExportForm.XLSX)
    add = making._add
    for error, said in ((RuntimeError('killed'), ''), (OSError(errno.ENOSPC, 'No space left'), str(making.FULL))):

        def fails(*_: object, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(making, '_add', fails)
        with time_machine.travel(clock.now() + timedelta(minutes=len(said)), tick=False):
            await jobs.run_due([making.kind()])
        (stopped,) = await own(klass)
        assert (stopped.is_ready, str(stopped.problem)) == (False, said)
        assert list(making._folder().iterdir()) == [], 'nothing is left of what was begun'

    monkeypatch.setattr(making, '_add', add)
    with time_machine.travel(clock.now() + timedelta(hours=4), tick=False):
        await jobs.run_due([making.kind()])
        assert (await own(klass))[0].is_ready
        file = await database.read(files.file_of, klass.teacher, export_id)
    assert CalamineWorkbook.from_path(file.path).get_sheet_by_index(0).to_python()[1][1] == 'Ann'


@pytest.mark.req('V1', 'V2')
async def test_it_is_kept_for_a_week_and_never_with_somebody_who_was_erased() -> None:
    klass = await a_class(checkpoints=1, learners=['Ann'])
    with time_machine.travel(clock.now(), tick=False) as at:
        paths: list[Path] = []
        for days in (7, 1):
            export_id = await start(klass)
            await jobs.run_due(KINDS)
            paths.append((await database.read(files.file_of, klass.teacher, export_id)).path)
            at.shift(timedelta(days=days))
        await making.clear_away()
        assert [path.exists() for path in paths] == [False, True]
        assert len(await own(klass)) == 1

        erased = update(User).where(col(User.id) == klass.learner.user_id).values(erased_at=clock.now())
        await database.write(lambda tx: tx.execute(erased))
        with pytest.raises(Gone):
            await database.read(files.file_of, klass.teacher, export_id)
        await making.clear_away()
        assert not paths[1].exists()
        assert await own(klass) == ()


async def test_a_table_that_is_too_long_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class(checkpoints=2, learners=['Ann', 'Bo'])
    asked = Asked(what=ExportTable.ACTIVITIES)
    everything = await database.read(showing.whole, klass.teacher, klass.course_id, asked)
    monkeypatch.setattr(showing, 'AT_ONCE', len(everything.rows) - 1)
    assert (await shown(klass, asked)).is_long
    with pytest.raises(Refused, match='in the background'):
        await database.read(showing.whole, klass.teacher, klass.course_id, asked)
    monkeypatch.setattr(writing.workbook, 'MOST_ROWS', len(everything.rows))
    with pytest.raises(Refused, match='A workbook holds'):
        await showing.file_of(replace(everything), ExportForm.XLSX)


@pytest.mark.both_databases
async def test_a_file_deleted_while_it_is_made_is_not_finished_for_the_next_teacher(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    klass, write = await a_class(checkpoints=1, learners=['Ann']), making._write
    other = await a_class(by=await an_instructor(email='else@example.org'), title='Other', checkpoints=1, learners=[])

    async def meanwhile(row: CourseExport, found: Scope, part: Path) -> bool:
        monkeypatch.setattr(making, '_write', write)
        await database.write(files.forget, klass.teacher, row.id)
        await database.write(files.start, other.teacher, other.course_id, asked=asked, form=row.form)
        return await write(row, found, part)

    asked = Asked(what=ExportTable.ACTIVITIES)
    other_learner = await a_student(name='Bo', email='bo@example.org')
    await database.write(joining.join, other_learner, code=other.code)
    await start(klass)
    monkeypatch.setattr(making, '_write', meanwhile)
    await jobs.run_due(KINDS)

    (ready,) = await database.read(files.own, other.teacher, other.course_id)
    assert ready.is_ready
    text = (await database.read(files.file_of, other.teacher, ready.export_id)).path.read_text()
    assert ('Bo' in text, 'Ann' in text) == (True, False)
    assert len(list(making._folder().iterdir())) == 1


async def test_a_workbook_that_is_too_long_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class(checkpoints=1, learners=['Ann'])
    monkeypatch.setattr(writing.workbook, 'MOST_ROWS', 1)
    export_id = await start(klass, form=ExportForm.XLSX)
    await jobs.run_due([making.kind()])

    (stopped,) = await own(klass)
    assert (stopped.is_ready, 'A workbook holds' in str(stopped.problem)) == (False, True)
    with pytest.raises(Refused, match='not ready'):
        await database.read(files.file_of, klass.teacher, export_id)
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        assert await jobs.run_due([making.kind()]) == 0
    await start(klass)
