"""Comparing everything with the log: some people at a time, with the same findings, and with a word on the way."""

import pytest
from sqlalchemy import func, select, true, update
from sqlmodel import col

from models import Activity, Progress, User
from services import verify
from services.activity import log
from services.core import database
from services.core.transaction import Transaction
from services.people import merging, slices
from tests.factories.classes import a_class, tap

pytestmark = [pytest.mark.req('O2'), pytest.mark.usefixtures('db')]


async def test_in_small_parts_the_same_is_found_and_progress_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class(learners=['Lena', 'Otto', 'Pia'])
    for who in klass.learners:
        await tap(klass, klass.checkpoints[0], by=who)
    await database.write(spoil, klass.learners[1].user_id)
    at_once = await database.read(verify.differences)
    monkeypatch.setattr(slices, 'ACTIVITIES_AT_ONCE', 1)
    monkeypatch.setattr(verify, 'TELL_EVERY', 1)
    said: list[str] = []

    found = await database.read(verify.report, said.append)

    assert found == 1
    assert [line for line in said if line.startswith('progress')] == at_once
    assert said[-1].endswith('activities compared, 1 differences')
    assert len(said) > 3


async def test_everybody_is_compared_once_guests_beside_their_person(monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class(learners=['Lena', 'Otto', 'Pia', 'Ravi', 'Sol'])
    lena, otto, pia, ravi, sol = (who.user_id for who in klass.learners)
    await database.write(merging.merge, klass.teacher, klass.course_id, guest_id=otto, into_id=lena)
    await database.write(say_in_the_table_alone, guest=sol, person=ravi)
    monkeypatch.setattr(slices, 'PEOPLE_AT_ONCE', 2)

    parts = await database.read(lambda tx: list(slices.everybody(tx, {otto: lena, ravi: pia})))

    groups = [part.ids for part in parts]
    everybody = await database.read(lambda tx: sorted(tx.execute(select(col(User.id))).scalars()))
    assert sorted(id_ for group in groups for id_ in group) == everybody
    assert any({lena, otto} <= group for group in groups)
    assert any({pia, ravi, sol} <= group for group in groups), 'a chain of guests is one group'
    assert sum(part.activities for part in parts) == await database.read(count_activities)


async def test_guests_who_are_merged_in_a_ring_are_compared_too() -> None:
    klass = await a_class(learners=['Lena', 'Otto'])
    lena, otto = (who.user_id for who in klass.learners)
    await database.write(say_in_the_table_alone, guest=lena, person=otto)
    await database.write(say_in_the_table_alone, guest=otto, person=lena)

    found = await database.read(verify.differences)

    assert sorted(found) == [f'merged {pair}: in one of log and table only' for pair in [(lena, otto), (otto, lena)]]


async def test_a_log_too_long_for_the_memory_is_read_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class()
    for checkpoint in klass.checkpoints:
        await tap(klass, checkpoint)
    await database.write(spoil, klass.learner.user_id)
    monkeypatch.setattr(log, 'ON_A_PAGE', 2)
    monkeypatch.setattr(slices, 'ACTIVITIES_AT_ONCE', 3)
    most: list[int] = []

    def counting(tx: Transaction) -> list[str]:
        read = log.read

        def counted(*given: object, **more: object) -> object:
            found = read(*given, **more)  # type: ignore[arg-type]
            most.append(len(found))
            return found

        monkeypatch.setattr(log, 'read', counted)
        return verify.differences(tx)

    everything = await database.read(lambda tx: log.read(tx, true()))
    assert await database.read(lambda tx: list(log.Pages(tx=tx, condition=true()))) == everything
    assert len(everything) > 3
    found = await database.read(counting)

    assert len(found) == len(klass.checkpoints)
    assert max(most) <= 3


def say_in_the_table_alone(tx: Transaction, *, guest: int, person: int) -> None:
    tx.execute(update(User).where(col(User.id) == guest).values(merged_into_id=person))


def count_activities(tx: Transaction) -> int:
    return tx.execute(select(func.count()).select_from(Activity)).scalar() or 0


def spoil(tx: Transaction, user_id: int) -> None:
    tx.execute(update(Progress).where(col(Progress.user_id) == user_id).values(duration_seconds=99))
