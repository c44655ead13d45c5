"""The five states of a checkpoint: the word and the shape of each, the same on every screen."""

from collections.abc import Mapping
from html import escape
from types import MappingProxyType

from services.live.views import Mark

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


def mark_html(mark: Mark) -> str:
    """One mark to see and its word to hear."""
    return f'<span class="mark mark-{SHAPES[mark]}"></span><span class="visually-hidden">{escape(WORDS[mark])}</span>'


def step_html(mark: Mark, number: int, title: str, *, current: bool = False) -> str:
    """One line of the list of steps, to be put into an `<ol class="steps">`."""
    here = ' aria-current="step"' if current else ''
    return (
        f'<li class="step step-{SHAPES[mark]}"{here}><span class="step-number">{number}</span>'
        f'<span class="step-name" dir="auto">{escape(title)}</span>'
        f'<span class="visually-hidden">, {escape(WORDS[mark])}</span></li>'
    )
