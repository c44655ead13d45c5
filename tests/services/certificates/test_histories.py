"""Whatever happens to learners and their certificates: one valid one for each completion, and none without."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from models import Certificate
from services.access import Actor
from services.certificates import reissuing
from services.certificates.validity import VALID
from services.core import database
from services.core.errors import DomainError
from services.courses import checkpoints
from services.people import merging, participants
from services.progress import completions
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree, tap, undo

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('S2', 'S10')]

WHAT = ['complete', 'complete', 'complete', 'undo', 'merge', 'unmerge', 'issue again', 'revoke', 'delete', 'restore']
WHAT += ['go on', 'take out', 'bring back']
happenings = st.lists(st.tuples(st.sampled_from(WHAT), st.integers(0, 2), st.integers(0, 2)), max_size=20)


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(commands=happenings)
@example(commands=[('complete', 0, 0), ('delete', 0, 1), ('merge', 0, 1), ('revoke', 1, 0), ('unmerge', 0, 0)])
@example(commands=[('complete', 0, 0), ('complete', 1, 1), ('merge', 0, 1), ('issue again', 1, 0), ('unmerge', 0, 0)])
@example(commands=[('complete', 0, 0), ('complete', 1, 0), ('delete', 0, 1), ('restore', 0, 1), ('merge', 0, 1)])
@example(commands=[('delete', 0, 1), ('complete', 0, 0), ('revoke', 0, 0), ('merge', 0, 1), ('unmerge', 0, 0)])
async def test_log_and_certificates_agree(
    begin_anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch, commands: list[tuple[str, int, int]]
) -> None:
    begin_anew()
    monkeypatch.setattr(completions, 'IN_ONE_GO', 1)
    klass = await a_class(checkpoints=2, learners=['Lena', 'Otto', 'Mia'])

    for what, who, where in commands:
        with suppress(DomainError):
            await happen(klass, what, klass.learners[who], klass.learners[where], klass.checkpoints[where % 2])
        await assert_log_and_projections_agree()
        assert not [holder for holder, count in (await valid_ones()).items() if count > 1]
    await completions.complete_due()
    assert not await database.read(completions.are_due)
    await assert_log_and_projections_agree()


async def happen(klass: ClassAtHand, what: str, who: Actor, other: Actor, checkpoint: int) -> None:
    teach, they = (klass.teacher, klass.course_id), {'user_id': who.user_id}
    if what == 'complete':
        await tap(klass, checkpoint, by=who)
    elif what == 'undo':
        await undo(klass, checkpoint, by=who)
    elif what == 'merge':
        await database.write(merging.merge, *teach, guest_id=who.user_id, into_id=other.user_id)
    elif what == 'unmerge':
        await database.write(merging.unmerge, *teach, guest_id=who.user_id)
    elif what == 'issue again':
        await database.write(reissuing.issue_again, *teach, **they, name=f'{who.name} the Great')
    elif what == 'revoke':
        await database.write(reissuing.revoke, *teach, **they)
    elif what == 'go on':
        await database.write(completions.complete_some)
    elif what in {'take out', 'bring back'}:
        await database.write(participants.remove if what == 'take out' else participants.bring_back, *teach, **they)
    else:
        await database.write(checkpoints.delete if what == 'delete' else checkpoints.restore, klass.teacher, checkpoint)


async def valid_ones() -> Counter[int]:
    return await database.read(lambda tx: Counter(tx.execute(select(col(Certificate.user_id)).where(VALID)).scalars()))
