"""The four states of presence: the word and the shape of each, the same on every screen."""

from collections.abc import Mapping
from types import MappingProxyType

from services.live.board.views import Headcount, Presence

WORDS: Mapping[Presence, str] = MappingProxyType(
    {
        Presence.NOT_YET: 'not yet',
        Presence.WORKING: 'working',
        Presence.IDLE: 'idle',
        Presence.LOST: 'lost',
    }
)

SENTENCES: Mapping[Presence, str] = MappingProxyType(
    {
        Presence.NOT_YET: 'Has not joined this class yet',
        Presence.WORKING: 'Working',
        Presence.IDLE: 'Idle: here, but nothing tapped for a while',
        Presence.LOST: 'Lost: was here, the connection is gone',
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
    """Say how many are where; only who is here is told when it is nobody."""
    others = (count.idle, 'idle'), (count.lost, 'lost'), (count.not_yet, 'not yet')
    return ' · '.join([f'{count.here} here', *(f'{number} {word}' for number, word in others if number)])
