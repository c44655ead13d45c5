"""Comparing from a snapshot: what was recorded before its horizon is not read again, and nothing is missed for it."""

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update
from sqlmodel import col

from models import Activity, DailyTotal, Progress, Verb
from services import followers, verify
from services.activity.following import Running
from services.core import database
from services.core.errors import Refused
from services.core.transaction import Transaction
from services.live.help import queue
from services.people import merging
from tests.factories.classes import ClassAtHand, a_class, join_class, mark, tap, undo
from tests.factories.people import a_guest
from tests.services.live.test_board import BEGINNING, anything, mostly_class, mostly_help, slow
from tests.support.lesson import Command, a_lesson

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('O2', 'O9')]


@pytest.fixture
async def klass(db: object) -> ClassAtHand:
    """A class in which something of everything has happened."""
    held = await a_class(learners=['Lena Low', 'Otto Old', 'Pia Pine'])
    lena, otto, pia = held.learners
    for who in held.learners:
        await join_class(held, by=who)
        await tap(held, held.checkpoints[0], by=who)
    asked = await database.write(queue.ask, lena, held.session_id, held.checkpoints[1], 'the colour')
    await database.write(queue.claim, held.teacher, asked)
    for checkpoint in held.checkpoints:
        await mark(checkpoint, by=otto)
    await tap(held, None, by=pia, verb=Verb.LEFT)
    return held


async def test_after_a_snapshot_only_what_is_new_is_read(klass: ClassAtHand, tmp_path: Path) -> None:
    _, saved = await compared(save=tmp_path / 'first')
    horizon = await database.read(newest)
    assert saved[-1] == f'saved to {tmp_path / "first"}, up to activity {horizon}'
    await go_on(klass)

    found, said = await compared(begin_at=tmp_path / 'first')

    assert found == 0
    assert number_of(said) < 15 < number_of(saved)


async def test_what_the_log_had_before_the_horizon_may_be_gone(klass: ClassAtHand, tmp_path: Path) -> None:
    await compared(save=tmp_path / 'first')
    horizon = await database.read(newest)
    await go_on(klass)
    await database.write(forget, horizon)

    from_it, _ = await compared(begin_at=tmp_path / 'first', save=tmp_path / 'second')
    from_the_next, _ = await compared(begin_at=tmp_path / 'second')
    without, _ = await compared()

    assert (from_it, from_the_next) == (0, 0)
    assert without > 10


async def test_what_differs_is_found_from_a_snapshot_too(klass: ClassAtHand, tmp_path: Path) -> None:
    await compared(save=tmp_path / 'first')
    otto, pia = klass.learners[1].user_id, klass.learners[2].user_id
    await tap(klass, klass.checkpoints[1], by=klass.learners[2])
    await database.write(spoil, otto)
    await database.write(spoil, pia)

    found, said = await compared(begin_at=tmp_path / 'first', save=tmp_path / 'second')

    everything, _ = await compared()
    assert found == everything > 2
    assert {line.split(' ')[0] for line in said[:-1] if 'instead of' in line} >= {'progress', 'daily'}
    assert files(tmp_path) == {'first'}, 'only what is right is saved'


async def test_who_has_other_guests_since_is_told_anew_from_the_log(klass: ClassAtHand, tmp_path: Path) -> None:
    lena, otto, pia = klass.learners
    course = klass.course_id
    await database.write(merging.merge, klass.teacher, course, guest_id=pia.user_id, into_id=otto.user_id)
    await compared(save=tmp_path / 'first')
    gus = await a_guest(code=klass.code, name='Gus Late')
    await join_class(klass, by=gus)
    await tap(klass, klass.checkpoints[2], by=gus)
    await database.write(merging.unmerge, klass.teacher, course, guest_id=pia.user_id)
    await database.write(merging.merge, klass.teacher, course, guest_id=gus.user_id, into_id=lena.user_id)

    assert (await compared(begin_at=tmp_path / 'first'))[0] == 0
    assert (await compared())[0] == 0


async def test_a_snapshot_reaches_as_far_as_what_follows_the_log(klass: ClassAtHand, tmp_path: Path) -> None:
    await compared()
    await go_on(klass)
    await compared(save=tmp_path / 'first', followed=False)

    found, said = await compared(begin_at=tmp_path / 'first')

    assert found == 0
    assert number_of(said) >= 5


async def test_what_is_no_snapshot_of_this_database_is_refused(klass: ClassAtHand, tmp_path: Path) -> None:
    (tmp_path / 'letter').write_text('Dear Ines,\nthe colour stays blue.\n')
    for name in ('letter', 'nothing'):
        with pytest.raises(Refused, match='is not a snapshot'):
            await database.read(verify.report, print, begin_at=tmp_path / name)
    await compared(save=tmp_path / 'later')
    assert (tmp_path / 'later').stat().st_mode & 0o077 == 0
    await database.write(forget_all)
    with pytest.raises(Refused, match='of a later moment'):
        await database.read(verify.report, print, begin_at=tmp_path / 'later')


@slow
@given(
    before=st.lists(st.one_of(anything, mostly_class, mostly_help), min_size=5, max_size=20),
    after=st.lists(st.one_of(anything, mostly_class, mostly_help), min_size=2, max_size=15),
)
async def test_a_snapshot_in_the_middle_of_any_history_leads_to_the_same(
    before: Sequence[Command], after: Sequence[Command], tmp_path: Path
) -> None:
    lesson, stop = await a_lesson()
    try:
        for command in [*BEGINNING, *before]:
            await lesson.do(command)
        middle = tmp_path / uuid4().hex
        await compared(save=middle)
        for command in after:
            await lesson.do(command)
    finally:
        stop()
    assert (await compared(begin_at=middle, followed=False))[0] == 0, 'the followers may be behind'
    assert (await compared(begin_at=middle))[0] == 0
    assert (await compared())[0] == 0


async def compared(
    *, begin_at: Path | None = None, save: Path | None = None, followed: bool = True
) -> tuple[int, list[str]]:
    """Compare; returns how much differs, and what was said."""
    for follower in (*followers.ALL, *followers.ALL) if followed else ():
        await Running(follower, name='the only process').catch_up()
    said: list[str] = []
    return await database.read(verify.report, said.append, begin_at=begin_at, save=save), said


async def go_on(klass: ClassAtHand) -> None:
    """Let things happen that go on from what was before."""
    lena, otto, pia = klass.learners
    await tap(klass, klass.checkpoints[1], by=lena)  # which closes what she asked
    await undo(klass, klass.checkpoints[0], by=lena)
    await mark(klass.checkpoints[0], by=otto, verb=Verb.UNDONE)
    await join_class(klass, by=pia)
    await tap(klass, klass.checkpoints[1], by=pia)


def number_of(said: Sequence[str]) -> int:
    """Return how many activities were compared."""
    last = next(line for line in reversed(said) if 'activities compared' in line)
    return int(last.split(' ')[0].replace(',', ''))


def files(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir() if each.is_file() and not each.name.startswith('waymark.db')}


def newest(tx: Transaction) -> int:
    return tx.execute(select(func.max(col(Activity.id)))).scalar() or 0


def forget(tx: Transaction, horizon: int) -> None:
    tx.execute(delete(Activity).where(col(Activity.id) <= horizon))


def forget_all(tx: Transaction) -> None:
    tx.execute(delete(Activity))


def spoil(tx: Transaction, user_id: int) -> None:
    tx.execute(update(Progress).where(col(Progress.user_id) == user_id).values(duration_seconds=99))
    tx.execute(update(DailyTotal).where(col(DailyTotal.user_id) == user_id).values(count=99))
