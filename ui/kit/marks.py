"""The five states of a checkpoint: the word and the shape of each, the same on every screen."""

from collections.abc import Mapping
from types import MappingProxyType

from services.live.board.views import Mark

WORDS: Mapping[Mark, str] = MappingProxyType(
    {
        Mark.NOT_YET: 'not yet',
        Mark.WORKING: 'working on it',
        Mark.DONE: 'done',
        Mark.DONE_BEFORE: 'done before class',
        Mark.STUCK: 'stuck',
    }
)

SHAPES: Mapping[Mark, str] = MappingProxyType(
    {
        Mark.NOT_YET: 'not-yet',
        Mark.WORKING: 'working',
        Mark.DONE: 'done',
        Mark.DONE_BEFORE: 'done-before',
        Mark.STUCK: 'stuck',
    }
)
