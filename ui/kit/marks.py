"""The five states of a checkpoint: the word and the shape of each, the same on every screen."""

from collections.abc import Mapping
from types import MappingProxyType

from services.live.board.views import Mark
from ui.kit.language import Spoken, _

WORDS: Mapping[Mark, str] = Spoken(
    {
        Mark.NOT_YET: lambda: _('not yet'),
        Mark.WORKING: lambda: _('working on it'),
        Mark.DONE: lambda: _('done'),
        Mark.DONE_BEFORE: lambda: _('done before class'),
        Mark.STUCK: lambda: _('stuck'),
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
