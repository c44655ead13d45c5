"""What is due for each learner: the days of the course for most, their own for some."""

from datetime import UTC, datetime, timedelta

import pytest

from models import CheckpointKind
from services.analytics import dues
from services.analytics.course_facts import CountedCheckpoint, Learner

NOW = datetime(2026, 10, 12, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def a_checkpoint(id_: int, due_at: datetime | None) -> CountedCheckpoint:
    return CountedCheckpoint(
        checkpoint_id=id_,
        number=id_,
        title=f'Step {id_}',
        kind=CheckpointKind.MARKER,
        module='Water',
        minutes=None,
        due_at=due_at,
        created_at=NOW - 30 * DAY,
        tags=(),
    )


def a_learner(user_id: int, **more: object) -> Learner:
    learner: dict[str, object] = {'percent': 0, 'done': 0, 'completed_at': None, 'paused_at': None, 'extra_percent': 0}
    return Learner(user_id=user_id, name='', group='', enrolled_at=NOW - 30 * DAY, **(learner | more))  # type: ignore[arg-type]


@pytest.mark.req('D3')
def test_each_learner_misses_what_was_due_for_them_and_is_neither_done_nor_handed_in() -> None:
    checkpoints = (
        a_checkpoint(1, NOW - 10 * DAY),
        a_checkpoint(2, NOW - DAY),
        a_checkpoint(3, NOW + DAY),
        a_checkpoint(4, None),
    )
    usual, slow, excused, agreed = (
        a_learner(1),
        a_learner(2, extra_percent=50),  # seven more days for a checkpoint that they had for two weeks
        a_learner(3, excused=frozenset({1})),
        a_learner(4, later={1: NOW + DAY}),
    )

    due = dues.until(NOW, (usual, slow, excused, agreed), checkpoints)
    missing = dues.missing(due, done={2: {1}}, ungraded={1: {2}, 2: {3}})

    assert {id_: [checkpoint.checkpoint_id for checkpoint in its] for id_, its in due.items()} == {
        1: [1, 2],
        2: [1],
        3: [2],
        4: [2],
    }
    assert {id_: [checkpoint.checkpoint_id for checkpoint in its] for id_, its in missing.items()} == {
        1: [1],
        2: [],
        3: [],
        4: [2],
    }
