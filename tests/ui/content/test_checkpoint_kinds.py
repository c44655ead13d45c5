"""How each kind of checkpoint is shown."""

import pytest

from services.checkpoint_kinds import OFFERED
from services.enums import CheckpointKind
from ui.content.checkpoint_kinds import CONTENT
from ui.kit.checkpoint_words import CHOICES, WORDS

pytestmark = pytest.mark.req('C3')


def test_every_kind_has_its_words_and_what_is_offered_can_be_chosen() -> None:
    assert set(WORDS) == set(CONTENT) == set(CheckpointKind)
    assert tuple(CHOICES) == OFFERED
    assert all(WORDS[kind].word for kind in CheckpointKind if kind is not CheckpointKind.MARKER)
