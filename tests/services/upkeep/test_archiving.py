"""Old activities leave the log for files by month; everything that reads them goes on as if they were still in it."""

import asyncio
import gzip
import io
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from sqlalchemy import func, select
from sqlmodel import col

from commands import line
from models import (
    Achievement,
    Activity,
    ArchivedMonth,
    DailyTotal,
    ExportTable,
    ModuleCompletion,
    PointTotal,
    Verb,
    table,
    verbs_where,
)
from models.personal import TABLES, Erase
from services import followers, projections, verify
from services.access import Actor
from services.activity import archive, following, log
from services.activity.archive_order import Reader
from services.activity.following import Running
from services.analytics import daily_totals
from services.core import clock, database, jobs
from services.core.errors import Refused
from services.core.events import Recorded
from services.core.transaction import Transaction
from services.live import sessions
from services.live.replay import classes
from services.lms import statements, statements_out, xapi
from services.people import merging, slices
from services.privacy import erasing, own_data
from services.reports.exports import showing
from services.reports.exports.asking import Asked
from services.upkeep import archive_moving, archiving, backing_up, restoring
from settings import settings
from tests.factories.classes import ClassAtHand, assert_log_and_projections_agree, join_class, tap
from tests.factories.people import an_admin, another_device, sign_out
from tests.factories.quizzes import a_quiz, take
from tests.factories.study import arrive, beat, leave
from tests.support.eventually import found_soon
from tests.support.record_store import a_record_store

pytestmark = [pytest.mark.req('V2'), pytest.mark.usefixtures('db')]

JANUARY, FEBRUARY, MAY = (datetime(2026, month, 12, 9, tzinfo=UTC) for month in (1, 2, 5))


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """A class of two learners who were at work in January and February; it is May."""

    klass: ClassAtHand
    teacher: Actor
    lena: Actor
    tom: Actor


@pytest.fixture
async def old() -> Any:
    with time_machine.travel(JANUARY, tick=False) as time:
        quiz = await a_quiz(learners=('Lena Learner', 'Tom Tall'))
        klass = quiz.klass
        for who in klass.learners:
            await join_class(klass, by=who)
            await tap(klass, klass.checkpoints[0], by=who)
            await take(quiz, by=who)
        await database.write(sessions.end, klass.teacher, klass.course_id)
        for who in klass.learners:
            await study(who, klass, time)
        time.move_to(FEBRUARY)
        lena, tom = [await another_device(of=who) for who in klass.learners]
        for who in (lena, tom):
            await study(who, klass, time)
            await sign_out(actor=who)
        time.move_to(MAY)
        lena, tom, teacher = [await another_device(of=who) for who in (lena, tom, klass.teacher)]
        for _ in range(2):  # what the first of them follow, the last of them may record
            await follow()
        yield School(klass=klass, teacher=teacher, lena=lena, tom=tom)


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch, data_dir: Path) -> Callable[[int], None]:
    """Ask for the archive, or, with 0, not."""

    def ask(months: int) -> None:
        monkeypatch.setenv('ACTIVITY_ARCHIVE_MONTHS', str(months))
        settings.cache_clear()

    ask(2)
    return ask


@pytest.mark.both_databases
@pytest.mark.usefixtures('on')
async def test_two_months_leave_the_log_and_everybody_is_told_the_same(old: School, data_dir: Path) -> None:
    before, number = await told(old), await in_log()

    await archiving.archive_all()

    files = sorted(path.name for path in (data_dir / 'archive').iterdir())
    assert files == ['2026-01.jsonl.gz', '2026-02.jsonl.gz'], 'March and April have nothing, and are not old enough'
    in_files = [json.loads(line) for name in files for line in unpacked(data_dir / 'archive' / name)]
    assert len(in_files) > 10
    assert await in_log() == number - len(in_files)
    assert {each['verb'] for each in in_files} == {'signed_in', 'answered', 'studied'}
    assert set(in_files[0]) == {column.name for column in table(Activity).c}, 'nothing of a row is lost'
    assert (data_dir / 'archive' / files[0]).stat().st_mode & 0o077 == 0
    assert await told(old) == before
    await assert_log_and_projections_agree()
    await archiving.archive_all()
    assert await in_log() == number - len(in_files), 'once'


@pytest.mark.usefixtures('on')
async def test_a_snapshot_begins_in_the_middle_of_the_archive(old: School, tmp_path: Path) -> None:
    await archiving.archive_all()
    saved, said = tmp_path / 'snapshot', list[str]()

    assert await database.read(verify.report, said.append, save=saved) == 0
    assert await database.read(verify.report, said.append, begin_at=saved) == 0
    whole = await database.read(lambda tx: slices.counts(tx, [old.lena.user_id]))
    live = await database.read(lambda tx: count(tx, col(Activity.user_id) == old.lena.user_id))
    assert whole[old.lena.user_id] > live


@pytest.mark.usefixtures('on')
async def test_pages_of_a_long_log_are_read_with_the_archive(old: School, monkeypatch: pytest.MonkeyPatch) -> None:
    await archiving.archive_all()
    monkeypatch.setattr(slices, 'ACTIVITIES_AT_ONCE', 1)

    await assert_log_and_projections_agree()


@pytest.mark.both_databases
@pytest.mark.usefixtures('on')
async def test_a_guest_who_is_somebody_else_brings_along_what_is_archived(old: School) -> None:
    await archiving.archive_all()
    before = await database.read(seconds_of, old.lena.user_id)

    ids = {'guest_id': old.tom.user_id, 'into_id': old.lena.user_id}
    await database.write(merging.merge, old.teacher, old.klass.course_id, **ids)

    assert await database.read(seconds_of, old.lena.user_id) == 2 * before > 0
    await follow()
    await assert_log_and_projections_agree()
    await database.write(merging.unmerge, old.teacher, old.klass.course_id, guest_id=old.tom.user_id)
    await follow()
    assert await database.read(seconds_of, old.lena.user_id) == before
    await assert_log_and_projections_agree()


@pytest.mark.both_databases
@pytest.mark.usefixtures('on')
@pytest.mark.parametrize('is_done', [False, True], ids=['before', 'after'])
async def test_whatever_it_is_killed_at_nothing_is_lost_and_nothing_counts_twice(
    old: School, monkeypatch: pytest.MonkeyPatch, *, is_done: bool
) -> None:
    monkeypatch.setattr(archive_moving, 'ROWS_AT_ONCE', 1)
    before, live = await told(old), await in_log()
    kills = 0

    while await killed(monkeypatch, at=kills % 7, is_done=is_done):
        kills += 1
        assert await told(old) == before
        assert await in_log() + await in_archive() == live
        await assert_log_and_projections_agree()
        assert kills < 200

    assert kills > 8
    assert await in_archive() > 10
    assert await told(old) == before


async def killed(monkeypatch: pytest.MonkeyPatch, *, at: int, is_done: bool) -> bool:
    """Archive until so many checkpoints were done, end before the next one or right after it; returns whether it
    ended.
    """
    left = at

    def stepping(checkpoint: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def take_step(*args: Any, **named: Any) -> Any:
            nonlocal left
            if not left and not is_done:
                raise Killed
            found = await checkpoint(*args, **named)
            if not left:
                raise Killed
            left -= 1
            return found

        return take_step

    with monkeypatch.context() as during:
        during.setattr(archiving.database, 'write', stepping(database.write))
        during.setattr(archiving._thread, 'run', stepping(archiving._thread.run))
        try:
            await archiving.archive_all()
        except Killed:
            return True
    return False


class Killed(Exception):
    """The process is not there any more."""


@pytest.mark.usefixtures('on')
async def test_a_file_that_was_half_written_is_written_anew(old: School, monkeypatch: pytest.MonkeyPatch) -> None:
    before, live = await told(old), await in_log()
    with monkeypatch.context() as during:
        during.setattr('os.fsync', full)
        with pytest.raises(OSError, match='full'):
            await archiving.archive_all()
    assert await in_log() == live

    await archiving.archive_all()

    assert await told(old) == before
    assert await in_log() + await in_archive() == live


def full(_: int) -> None:
    raise OSError('the disk is full')


@pytest.mark.usefixtures('on')
async def test_what_a_damaged_file_has_does_not_leave_the_log(old: School, monkeypatch: pytest.MonkeyPatch) -> None:
    live = await in_log()
    while not await database.read(lambda tx: tx.execute(select(col(ArchivedMonth.month))).all()):
        await killed(monkeypatch, at=4, is_done=False)
    gone = await in_archive()
    file = archive.path(date(2026, 1, 1))
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + b'!')

    with pytest.raises(Refused, match='archive of 2026-01 is missing or damaged'):
        await archiving.archive_all()

    assert await in_log() + gone == live
    assert any('archive 2026-01' in line for line in await database.read(verify.differences))
    file.write_bytes(whole)
    await archiving.archive_all()
    await assert_log_and_projections_agree()


@pytest.mark.usefixtures('on')
async def test_a_second_process_leaves_the_files_alone(old: School) -> None:
    live = await in_log()

    with archiving._alone(), pytest.raises(Refused, match='Another process is at the archive'):
        await archiving.archive_all()

    assert await in_log() == live
    await archiving.archive_all()
    assert await in_log() < live


@pytest.mark.usefixtures('on')
async def test_a_missing_file_is_told_and_not_taken_for_an_empty_one(old: School) -> None:
    await archiving.archive_all()
    archive.path(date(2026, 2, 1)).unlink()

    with pytest.raises(Refused, match='Bring this file back from a back-up'):
        await database.read(statements.own, old.lena)


@pytest.mark.usefixtures('on')
async def test_a_follower_that_has_not_taken_a_month_holds_it_back(old: School) -> None:
    live = await in_log()
    await database.write(following.rebuild, daily_totals.FOLLOWER)

    await archiving.archive_all()

    assert await in_log() == live
    await follow()
    await archiving.archive_all()
    assert await in_log() < live


@pytest.mark.both_databases
@pytest.mark.usefixtures('on')
@pytest.mark.parametrize('most', [1, 100])
async def test_a_follower_that_begins_anew_reads_what_is_archived(
    old: School, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, kept = await told(old), await database.read(counted)
    await archiving.archive_all()
    monkeypatch.setattr(following.Pace, 'took', lambda *_: None)
    for each in followers.ALL:
        await database.write(following.rebuild, each)

    for each in followers.ALL:
        await Running(each, name='this process', pace=following.Pace(size=most)).catch_up()

    assert all(each.behind == 0 for each in await database.read(following.lags, followers.ALL))
    assert await told(old) == before
    assert await database.read(counted) == kept
    await assert_log_and_projections_agree()


@pytest.mark.req('R3')
@pytest.mark.both_databases
@pytest.mark.usefixtures('on')
@pytest.mark.parametrize(('page', 'most'), [(3, 1), (7, 3), (1000, 50)])
async def test_a_record_store_that_is_set_later_gets_what_is_archived(
    old: School, page: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements_out, 'PAGE', page)
    monkeypatch.setattr(statements_out, 'MOST', most)
    async with a_record_store() as first:
        first.is_used(monkeypatch)
        await statements_out.send_due()
    await archiving.archive_all()
    assert await in_archive() > 10
    async with a_record_store() as second:
        second.is_used(monkeypatch)
        await statements_out.send_due()

    assert len(first.has) > 10
    assert second.has == first.has
    assert list(second.has) == list(first.has)


@pytest.mark.req('R3')
def test_no_score_that_is_held_back_for_its_learner_leaves_the_log() -> None:
    assert not xapi.SCORES & set(verbs_where(lambda traits: traits.can_be_archived))


@pytest.mark.both_databases
@pytest.mark.usefixtures('on')
@pytest.mark.parametrize('most', [1, 7, 1000])
async def test_the_log_is_read_in_order_while_half_of_a_month_has_left_it(
    old: School, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_moving, 'ROWS_AT_ONCE', 3)
    whole = await database.read(log.after, 0, 1000)
    while await in_archive() < 5:
        await killed(monkeypatch, at=4, is_done=True)
    assert 5 <= await in_archive() < 10

    reader, read = Reader(), list[Recorded]()
    while some := await database.read(reader.after, read[-1].id if read else 0, most):
        read += some

    assert read == whole


@pytest.mark.usefixtures('on')
async def test_a_follower_says_which_file_it_waits_for(old: School) -> None:
    await archiving.archive_all()
    await database.write(following.rebuild, daily_totals.FOLLOWER)
    file = archive.path(date(2026, 1, 1))
    whole = file.read_bytes()
    file.unlink()
    running = Running(daily_totals.FOLLOWER, name='this process')

    async def problem() -> str:
        (lag,) = await database.read(following.lags, [daily_totals.FOLLOWER])
        return lag.problem

    task = asyncio.create_task(running.keep_following())
    assert 'The archive of 2026-01 is missing or damaged' in await found_soon(problem)
    task.cancel()
    file.write_bytes(whole)

    await running.catch_up()

    (lag,) = await database.read(following.lags, [daily_totals.FOLLOWER])
    assert (lag.behind, lag.problem) == (0, '')


@pytest.mark.both_databases
async def test_everything_is_brought_back(
    old: School, on: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, live = await told(old), await database.read(log.after, 0, 1000)
    await archiving.archive_all()
    with pytest.raises(Refused, match='Set ACTIVITY_ARCHIVE_MONTHS=0 first'):
        await archiving.bring_back()
    monkeypatch.setattr(archive_moving, 'ROWS_AT_ONCE', 3)

    on(0)
    number = await archiving.bring_back()

    assert number > 10
    assert await database.read(log.after, 0, 1000) == live
    assert await database.read(lambda tx: archive.ends(tx, 0)) is None
    assert await told(old) == before
    await assert_log_and_projections_agree()
    on(2)
    await archiving.archive_all()
    assert await in_log() == len(live) - number, 'the next time it is written over'
    assert await told(old) == before


@pytest.mark.usefixtures('on')
async def test_a_month_of_which_nothing_leaves_has_no_file(old: School, data_dir: Path) -> None:
    with time_machine.travel(datetime(2026, 8, 12, 9, tzinfo=UTC), tick=False):
        await another_device(of=old.teacher)
        await follow()

        await archiving.archive_all()

        files = sorted(path.name for path in (data_dir / 'archive').iterdir())
        assert files == ['2026-01.jsonl.gz', '2026-02.jsonl.gz'], 'of March to May each has its last thing only'
        assert await database.read(archiving.due) == [], 'they are not looked at again'
        assert await database.read(verify.differences) == []


async def test_without_the_setting_nothing_leaves_the_log(old: School) -> None:
    live = await in_log()
    await archiving.archive_all()
    assert await in_log() == live


@pytest.mark.both_databases
@pytest.mark.usefixtures('on')
async def test_an_admin_sees_before_what_leaves(old: School) -> None:
    admin, live = await an_admin(), await in_log()

    said = await database.read(archiving.preview, admin)

    assert (said.months, [month for month, _ in said.numbers]) == (2, [date(2026, 1, 1), date(2026, 2, 1)])
    assert await in_log() == live
    await archiving.archive_all()
    assert sum(number for _, number in said.numbers) == live - await in_log()
    assert (await database.read(archiving.preview, admin)).months == 0


@pytest.mark.both_databases
@pytest.mark.usefixtures('on')
async def test_an_erased_person_is_in_the_files_only_as_a_number(old: School) -> None:
    admin = await an_admin()
    await archiving.archive_all()
    files = [archive.path(date(2026, month, 1)) for month in (1, 2)]
    before = [path.read_bytes() for path in files]

    await erasing.erase(admin, old.lena.user_id)
    await jobs.run_due([erasing.kind()])

    assert [path.read_bytes() for path in files] == before
    assert 'Lena' not in ''.join(gzip.decompress(each).decode() for each in before)
    await follow()
    await assert_log_and_projections_agree()


def test_nothing_that_an_erasure_empties_can_leave_the_log() -> None:
    leaving = verbs_where(lambda traits: traits.can_be_archived)
    emptied = [kept for kept in TABLES['activities'].personal if kept.on_erase is not Erase.KEEP]
    assert [kept.columns for kept in emptied] == [('words',)], 'what leaves has no words, whatever its verb'
    assert not leaving & {Verb(verb) for kept in emptied for verb in kept.only[1]}


@pytest.mark.both_databases
@pytest.mark.usefixtures('on')
async def test_a_back_up_has_the_archive_with_it(old: School, url: str, data_dir: Path, tmp_path: Path) -> None:
    before = await told(old)
    await archiving.archive_all()
    number = await in_log()
    saved = tmp_path / 'saved.zip'
    manifest = backing_up.make(url, data_dir, saved, say=lambda *_: None)
    assert 'archive/2026-01.jsonl.gz' in manifest.files
    for month in (1, 2):
        archive.path(date(2026, month, 1)).unlink()
    database.close()

    restoring.restore(saved, url, data_dir, now=clock.now(), say=lambda *_: None)

    database.open_at(url, projections.ALL)
    assert await in_log() == number
    assert await told(old) == before
    await assert_log_and_projections_agree()


async def test_the_operator_brings_everything_back(
    old: School,
    on: Callable[[int], None],
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv('DATABASE_URL', url)
    live = await in_log()
    await archiving.archive_all()
    on(0)
    database.close()

    code = await asyncio.to_thread(line.run, line.parser().parse_args(['unarchive']))

    assert code == 0
    assert 'are in the log again' in capsys.readouterr().out
    database.open_at(url, projections.ALL)
    assert await in_log() == live


async def study(who: Actor, klass: ClassAtHand, time: Any) -> None:
    """Come three times for two minutes."""
    for _ in range(3):
        await arrive(who, klass.checkpoints[0])
        time.shift(120)
        await beat(who, klass.checkpoints[0])
        await leave(who, klass.course_id)
        time.shift(3600)


async def follow() -> None:
    for each in followers.ALL:
        await Running(each, name='this process').catch_up()


async def told(old: School) -> list[object]:
    """Everything that reads old activities, as it is shown."""
    statements.downloads.clear()
    own_data.downloads.clear()
    asked = Asked(what=ExportTable.ACTIVITIES, since=date(2026, 1, 1), until=date(2026, 6, 1))
    whole = await database.read(showing.whole, old.teacher, old.klass.course_id, asked)
    packed = await database.read(own_data.take_along, old.lena)
    with ZipFile(io.BytesIO(b''.join(packed.pieces()))) as taken:
        own = json.loads(taken.read('data/activities.json'))
    part = await database.read(statements.own, old.lena)
    replay = await database.read(classes.of_class, old.teacher, old.klass.course_id, old.klass.session_id)
    return [
        whole.rows,
        sorted(own, key=lambda row: (row['at'], row['tap_id'])),
        part.statements,
        replay.checkpoints if hasattr(replay, 'checkpoints') else repr(replay),
        await database.read(lambda tx: sorted(tx.execute(select(*table(DailyTotal).c)).all())),
    ]


def unpacked(file: Path) -> list[bytes]:
    return gzip.decompress(file.read_bytes()).splitlines()


async def in_log() -> int:
    return await database.read(count)


async def in_archive() -> int:
    return await database.read(archive.count_all)


def count(tx: Transaction, *which: Any) -> int:
    return int(tx.execute(select(func.count()).select_from(Activity).where(*which)).scalar_one())


def counted(tx: Transaction) -> list[object]:
    """What followers keep: totals, points, badges and modules that were completed."""
    tables = DailyTotal, PointTotal, Achievement, ModuleCompletion
    return [sorted(map(repr, tx.execute(select(*table(each).c)))) for each in tables]


def seconds_of(tx: Transaction, user_id: int) -> int:
    total = select(func.sum(col(DailyTotal.seconds))).where(col(DailyTotal.user_id) == user_id)
    return int(tx.execute(total).scalar() or 0)
