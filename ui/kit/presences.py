"""The four states of presence: the word and the shape of each, the same on every screen."""

from collections.abc import Mapping
from types import MappingProxyType

from services.live.board.views import Headcount, Presence
from ui.kit.language import Spoken, _

WORDS: Mapping[Presence, str] = Spoken(
    {
        Presence.NOT_YET: lambda: _('not yet'),
        Presence.WORKING: lambda: _('working'),
        Presence.IDLE: lambda: _('quiet'),
        Presence.LOST: lambda: _('lost'),
    }
)

SENTENCES: Mapping[Presence, str] = Spoken(
    {
        Presence.NOT_YET: lambda: _('Has not joined this class yet'),
        Presence.WORKING: lambda: _('Working'),
        Presence.IDLE: lambda: _('Quiet: here, but nothing tapped for a while'),
        Presence.LOST: lambda: _('Lost: was here, the connection is gone'),
    }
)

SHAPES: Mapping[Presence, str] = MappingProxyType(
    {
        Presence.NOT_YET: 'not-yet',
        Presence.WORKING: 'working',
        Presence.IDLE: 'idle',
        Presence.LOST: 'lost',
    }
)


def headcount_text(count: Headcount) -> str:
    """Say how many are where, so that the sum fits; only the number of those who are here is said when it is 0."""
    here = _('{number} here', number=count.here)
    if count.idle:
        here = _('{number} here ({quiet} quiet)', number=count.here, quiet=count.idle)
    others = {
        _('{number} lost', number=count.lost): count.lost,
        _('{number} not yet', number=count.not_yet): count.not_yet,
    }
    return ' · '.join([here, *(text for text, number in others.items() if number)])
