"""Comparing everything with the log: some people at a time, with the same findings, and with a word on the way."""

import pytest
from sqlalchemy import update
from sqlmodel import col

from models import Progress
from services import verify
from services.core import database
from services.core.database import Transaction
from tests.factories.classes import a_class, tap

pytestmark = [pytest.mark.req('O2'), pytest.mark.usefixtures('db')]


async def test_in_small_parts_the_same_is_found_and_progress_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class(learners=['Lena', 'Otto', 'Pia'])
    for who in klass.learners:
        await tap(klass, klass.steps[0], by=who)
    await database.write(spoil, klass.learners[1].user_id)
    at_once = await database.read(verify.differences)
    monkeypatch.setattr(verify, 'ACTIVITIES_AT_ONCE', 1)
    monkeypatch.setattr(verify, 'TELL_EVERY', 1)
    said: list[str] = []

    found = await database.read(verify.report, said.append)

    assert found == 1
    assert [line for line in said if line.startswith('progress')] == at_once
    assert said[-1].endswith('activities compared, 1 differences')
    assert len(said) > 3


def spoil(tx: Transaction, user_id: int) -> None:
    tx.execute(update(Progress).where(col(Progress.user_id) == user_id).values(duration_seconds=99))
