"""The reports of a class as one ZIP: resumed after a killed server, kept for a week, and a full disk is a sentence."""

import errno
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
import time_machine
from sqlalchemy import update
from sqlmodel import col

from models import NoticeKind, User
from services.core import clock, database, jobs, typesetting
from services.core.errors import DomainError, Gone, Invalid, NotFound, NotSaved, Refused
from services.core.phrases import phrase
from services.core.typesetting import NotPrinted
from services.notices import inbox
from services.people import groups, participants
from services.reports.performance import bundle_making, bundle_zip, bundles
from services.reports.performance.bundles import BundleShown
from services.reports.performance.document import Options
from tests.factories.classes import ClassAtHand, a_class
from tests.factories.people import an_instructor

pytestmark = [pytest.mark.req('R1'), pytest.mark.usefixtures('db', 'quick_paper')]

KINDS = [bundle_making.kind(), bundle_making.clearing()]


@pytest.fixture
def quick_paper(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A typesetter that prints the name of the learner; what it has printed."""
    printed: list[str] = []

    async def make_pdf(_: Path, facts: dict[str, object], *, all_letters: bool) -> bytes:
        assert not all_letters, 'one letter without a font does not stop a class'
        if printed and printed[-1] == 'killed':
            raise RuntimeError('killed')
        printed.append(str(facts['name']))
        return f'%PDF of {facts["name"]}'.encode()

    monkeypatch.setattr(typesetting, 'make_pdf', make_pdf)
    return printed


async def start(klass: ClassAtHand, *, group: str = '') -> int:
    return await database.write(bundles.start, klass.teacher, klass.course_id, options=Options(), group=group)


async def shown(klass: ClassAtHand) -> BundleShown:
    return (await database.read(bundles.of_course, klass.teacher, klass.course_id))[0]


@pytest.mark.both_databases
async def test_it_is_made_in_the_background_and_taken_along(quick_paper: list[str]) -> None:
    klass = await a_class(checkpoints=1, learners=['Bo', 'Ann/../x', 'Cy', 'Di'])
    await database.write(groups.put, klass.teacher, klass.course_id, user_id=klass.learner.user_id, name='Blue')
    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=klass.learners[3].user_id)

    bundle_id = await start(klass)
    with pytest.raises(Refused, match='being made already'):
        await start(klass)
    with pytest.raises(Refused, match='not ready yet'):
        await database.read(bundles.file_of, klass.teacher, bundle_id)
    await jobs.run_due(KINDS)

    ready = await shown(klass)
    assert (ready.made, ready.total, ready.is_ready, ready.problem) == (3, 3, True, '')
    file = await database.read(bundles.file_of, klass.teacher, bundle_id)
    with ZipFile(file.path) as archive:
        assert archive.namelist() == ['0001 Ann_.._x.pdf', '0002 Bo.pdf', '0003 Cy.pdf']
        assert archive.read('0002 Bo.pdf') == b'%PDF of Bo'
    assert [path.name for path in file.path.parent.iterdir()] == [file.path.name], 'the pieces are gone'
    with pytest.raises(NotFound):
        await database.read(bundles.file_of, await an_instructor(email='else@example.org'), bundle_id)

    await start(klass, group='Blue')
    await jobs.run_due(KINDS)
    assert (await shown(klass)).total == 1
    found = (await database.read(inbox.look, klass.teacher)).notices
    assert [(each.kind, each.address) for each in found] == [
        (NoticeKind.FILE_READY, f'/courses/{klass.course_id}/reports')
    ] * 2


async def test_a_killed_server_makes_nothing_twice(quick_paper: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class(checkpoints=1, learners=[f'Learner {number}' for number in range(7)])
    bundle_id = await start(klass)
    kept = bundle_making._count

    def killed(*args: object) -> bool:
        is_wanted = kept(*args)  # type: ignore[arg-type]
        if len(quick_paper) >= 4:
            quick_paper.append('killed')
        return is_wanted

    monkeypatch.setattr(bundle_making, '_count', killed)
    await jobs.run_due([bundle_making.kind()])
    stopped = await shown(klass)
    quick_paper.remove('killed')
    monkeypatch.setattr(bundle_making, '_count', kept)
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        await jobs.run_due([bundle_making.kind()])
        ready = await shown(klass)
        file = await database.read(bundles.file_of, klass.teacher, bundle_id)

    assert (stopped.made, stopped.total, stopped.is_ready) == (4, 7, False)
    assert ready.is_ready
    assert sorted(quick_paper) == sorted(f'Learner {number}' for number in range(7)), 'each was printed once'
    with ZipFile(file.path) as archive:
        assert len(archive.namelist()) == 7


async def test_what_is_packed_but_not_noted_is_packed_again_with_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    klass, finish = await a_class(checkpoints=1, learners=['Ann', 'Bo']), bundle_making._finish
    bundle_id = await start(klass)

    def not_saved(*_: object) -> bool:
        raise NotSaved

    monkeypatch.setattr(bundle_making, '_finish', not_saved)
    await jobs.run_due([bundle_making.kind()])
    monkeypatch.setattr(bundle_making, '_finish', finish)
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        await jobs.run_due([bundle_making.kind()])
        file = await database.read(bundles.file_of, klass.teacher, bundle_id)
    with ZipFile(file.path) as archive:
        assert len(archive.namelist()) == 2
    assert [path.name for path in file.path.parent.iterdir()] == [file.path.name]


async def test_a_full_disk_is_a_sentence_and_it_goes_on_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class(checkpoints=1, learners=['Ann', 'Bo'])
    await start(klass)
    keep = bundle_zip.keep

    def full(place: Path, pdf: bytes) -> None:
        raise OSError(errno.ENOSPC, 'No space left on device')

    monkeypatch.setattr(bundle_zip, 'keep', full)
    await jobs.run_due([bundle_making.kind()])
    stopped = await shown(klass)
    monkeypatch.setattr(bundle_zip, 'keep', keep)
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        await jobs.run_due([bundle_making.kind()])
        ready = await shown(klass)

    assert (stopped.is_ready, str(stopped.problem)) == (False, str(bundle_making.FULL))
    assert (ready.is_ready, ready.problem) == (True, '')


@pytest.mark.req('V1', 'V2')
async def test_it_is_kept_for_a_week_and_never_with_somebody_who_was_erased() -> None:
    klass = await a_class(checkpoints=1, learners=['Ann', 'Bo'])
    old, new = [], []
    with time_machine.travel(clock.now(), tick=False) as at:
        for found in (old, new):
            found.append(await start(klass))
            await jobs.run_due(KINDS)
            at.shift(timedelta(days=5))
        at.shift(timedelta(days=-3))  # the first one is a week old, the second one two days
        with pytest.raises(Gone):
            await database.read(bundles.file_of, klass.teacher, old[0])
        await database.read(bundles.file_of, klass.teacher, new[0])
        await bundle_making.clear_away()
        assert [bundle_zip.path_of(id_).exists() for id_ in (old[0], new[0])] == [False, True]
        assert [
            each.bundle_id for each in await database.read(bundles.of_course, klass.teacher, klass.course_id)
        ] == new

        erased = update(User).where(col(User.id) == klass.learner.user_id).values(erased_at=clock.now())
        await database.write(lambda tx: tx.execute(erased))
        with pytest.raises(Gone):
            await database.read(bundles.file_of, klass.teacher, new[0])
        await bundle_making.clear_away()
        assert not bundle_zip.path_of(new[0]).exists()


async def test_one_that_waited_for_days_is_kept_for_a_week_as_well() -> None:
    klass = await a_class(checkpoints=1, learners=['Ann'])
    with time_machine.travel(clock.now(), tick=False) as at:
        bundle_id = await start(klass)
        at.shift(timedelta(days=3))
        await jobs.run_due([bundle_making.kind()])
        at.shift(timedelta(days=6))
        await bundle_making.clear_away()
        assert (await database.read(bundles.file_of, klass.teacher, bundle_id)).path.exists()


async def test_a_class_that_has_left_meanwhile_does_not_keep_others_from_theirs() -> None:
    klass = await a_class(checkpoints=1, learners=['Ann', 'Bo'])
    first = klass.learner
    await database.write(groups.put, klass.teacher, klass.course_id, user_id=first.user_id, name='Blue')
    await start(klass, group='Blue')
    await database.write(groups.put, klass.teacher, klass.course_id, user_id=first.user_id, name='Red')
    await jobs.run_due(KINDS)

    await start(klass)
    await jobs.run_due(KINDS)

    assert [(each.group, each.made, each.is_ready) for each in await database.read(
        bundles.of_course, klass.teacher, klass.course_id)] == [('', 2, True)]  # fmt: skip


@pytest.mark.req('V2')
async def test_what_is_cleared_away_while_it_is_made_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class(checkpoints=1, learners=['Ann', 'Bo', 'Cy'])
    bundle_id, keep = await start(klass), bundle_making._print

    async def cleared(bundle: int, piece: bundle_making.Piece) -> None:
        with_it = update(User).where(col(User.id) == klass.learner.user_id).values(erased_at=clock.now())
        await database.write(lambda tx: tx.execute(with_it))
        await bundle_making.clear_away()
        await keep(bundle, piece)

    monkeypatch.setattr(bundle_making, '_print', cleared)
    await jobs.run_due([bundle_making.kind()])

    assert await database.read(bundles.of_course, klass.teacher, klass.course_id) == ()
    assert not bundle_zip.path_of(bundle_id).with_suffix('').exists()
    assert not bundle_zip.path_of(bundle_id).exists()


async def test_what_cannot_be_made_is_refused() -> None:
    empty = await a_class(checkpoints=1, learners=[])
    klass = await a_class(by=empty.teacher, checkpoints=1)
    day = clock.now().date()

    wrong: list[tuple[int, dict[str, object]]] = [
        (empty.course_id, {}),
        (klass.course_id, {'group': 'Nobody'}),
        (klass.course_id, {'options': Options(since=day, until=day - timedelta(days=1))}),
        (klass.course_id, {'options': Options(since=day - timedelta(days=900))}),
        (klass.course_id, {'options': Options(until=date(2000, 1, 5))}),
    ]
    for course_id, more in wrong:
        with pytest.raises(DomainError):
            await database.write(bundles.start, empty.teacher, course_id, **{'options': Options()} | more)
    with pytest.raises(Invalid, match='a year from 2000'):
        await database.write(bundles.start, klass.teacher, klass.course_id, options=Options(until=date.min))


async def test_a_report_that_cannot_be_printed_is_left_out_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class(checkpoints=1, learners=['Ann', 'Bo', 'Cy'])
    works, broken = typesetting.make_pdf, {'Bo'}

    async def make_pdf(template: Path, facts: dict[str, object], *, all_letters: bool) -> bytes:
        if facts['name'] in broken:
            raise NotPrinted(phrase('It took longer than {seconds} seconds.', seconds=60))
        return await works(template, facts, all_letters=all_letters)

    monkeypatch.setattr(typesetting, 'make_pdf', make_pdf)
    bundle_id = await start(klass)
    await jobs.run_due(KINDS)
    ready = await shown(klass)
    assert (ready.is_ready, ready.made, ready.total) == (True, 2, 3)
    assert '1 report could not be printed: “not printed.txt”' in str(ready.problem)
    with ZipFile((await database.read(bundles.file_of, klass.teacher, bundle_id)).path) as archive:
        assert archive.namelist() == ['0001 Ann.pdf', '0002 Cy.pdf', 'not printed.txt']
        assert archive.read('not printed.txt').decode() == 'Bo: It took longer than 60 seconds.\n'

    broken |= {'Ann', 'Cy'}
    await start(klass)
    await jobs.run_due(KINDS)
    stopped = await shown(klass)
    assert (stopped.is_ready, str(stopped.problem)) == (False, 'It took longer than 60 seconds.')
    broken.clear()
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        await jobs.run_due([bundle_making.kind()])
        ready = await shown(klass)
    assert (ready.is_ready, ready.made, ready.problem) == (True, 3, '')
