"""How each kind of checkpoint is shown."""

import pytest

from services.checkpoint_kinds import OFFERED
from services.kinds import CheckpointKind
from ui.components.checkpoint_kinds import CHOICES, LOOKS

pytestmark = pytest.mark.req('C3')


def test_every_kind_has_its_look_and_what_is_offered_can_be_chosen() -> None:
    assert set(LOOKS) == set(CheckpointKind)
    assert tuple(CHOICES) == OFFERED
    assert all(LOOKS[kind].word for kind in CheckpointKind if kind is not CheckpointKind.MARKER)
