"""What differs between the kinds of checkpoints, and that nobody gets ahead of those that do not exist yet."""

import pytest
from sqlalchemy import update
from sqlmodel import col

from models import Checkpoint, CheckpointKind, Verb
from services.checkpoint_kinds import KINDS, OFFERED
from services.content.uploads.slots import Part
from services.core import database
from services.core.errors import Refused
from services.core.transaction import Transaction
from services.courses import export_file, import_file
from services.courses.import_file import BrokenFile, read
from tests.factories.classes import a_class, assert_log_and_projections_agree, mark, percent, tap

pytestmark = pytest.mark.req('C3', 'C6')

BY_HAND = [kind for kind in CheckpointKind if KINDS[kind].taps]
NEVER_BY_HAND = [kind for kind in CheckpointKind if not KINDS[kind].taps]


def make_one(tx: Transaction, checkpoint_id: int, kind: CheckpointKind) -> None:
    tx.execute(update(Checkpoint).where(col(Checkpoint.id) == checkpoint_id).values(kind=kind))


def test_every_kind_has_its_traits() -> None:
    assert set(KINDS) == set(CheckpointKind)
    assert {part for traits in KINDS.values() for part in traits.files} == set(Part)
    assert set(OFFERED) == set(CheckpointKind)


@pytest.mark.req('L3', 'S1')
@pytest.mark.parametrize('kind', NEVER_BY_HAND)
@pytest.mark.parametrize('verb', [Verb.STARTED, Verb.COMPLETED, Verb.UNDONE])
@pytest.mark.usefixtures('db')
async def test_nobody_ticks_what_is_not_ticked_by_hand(kind: CheckpointKind, verb: Verb) -> None:
    klass = await a_class(checkpoints=2)
    await database.write(make_one, klass.checkpoints[1], kind)
    await tap(klass, klass.checkpoints[0], then=klass.checkpoints[1])

    with pytest.raises(Refused, match=str(KINDS[kind].name)):
        await tap(klass, klass.checkpoints[1], verb=verb)
    with pytest.raises(Refused, match=str(KINDS[kind].name)):
        await mark(klass.checkpoints[1], by=klass.learner, verb=verb)

    assert await percent(klass, klass.learner) == 50
    await assert_log_and_projections_agree()


@pytest.mark.usefixtures('db')
@pytest.mark.parametrize('kind', BY_HAND)
async def test_what_is_done_by_hand_can_be_ticked(kind: CheckpointKind) -> None:
    klass = await a_class(checkpoints=1)
    await database.write(make_one, klass.checkpoints[0], kind)

    await tap(klass, klass.checkpoints[0])

    assert await percent(klass, klass.learner) == 100


@pytest.mark.parametrize('kind', NEVER_BY_HAND)
@pytest.mark.usefixtures('db')
async def test_a_file_with_what_is_not_there_yet_is_refused_with_its_line(
    kind: CheckpointKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_file, 'OFFERED', tuple(each for each in OFFERED if each is not kind))
    klass = await a_class(checkpoints=1)
    await database.write(make_one, klass.checkpoints[0], kind)
    text = (await database.read(export_file.export_course, klass.teacher, klass.course_id)).text

    with pytest.raises(BrokenFile, match=rf'Line \d+: this Waymark does not have {KINDS[kind].name} yet'):
        read(text.encode())
