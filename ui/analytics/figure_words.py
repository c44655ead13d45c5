"""Figures with what they mean: the name of a figure, and its definition on hover, on focus, and for screen readers."""

from collections.abc import Mapping
from html import escape

from nicegui import ui

from services.analytics import definitions
from services.analytics.definition import Definition, Unit
from services.analytics.k_rule import Rough
from ui.kit.language import Spoken, _, say
from ui.kit.text import Text
from ui.kit.time_format import span

ROUGH: Mapping[Rough, str] = Spoken(
    {Rough.HIDDEN: lambda: _('hidden'), Rough.FEW: lambda: _('few'), Rough.MOST: lambda: _('most')}
)
"""what stands for a share that would show a person"""
LARGE_MS = 10
"""milliseconds from which on tenths of them say nothing"""


def defined(key: str) -> Text:
    """Draw the name of a figure; what it means shows on hover and on focus."""
    definition = definitions.of(key)
    name = Text('span', say(definition.name)).classes('defined').props('tabindex=0')
    name.props['aria-description'] = say(definition.sentence)
    return name


def defined_html(key: str) -> str:
    """Return the same as HTML, for the head of a table."""
    definition = definitions.of(key)
    words = escape(say(definition.sentence))
    return f'<span class="defined" tabindex="0" aria-description="{words}">{escape(say(definition.name))}</span>'


def figure(key: str, value: object) -> None:
    """Draw one figure: large, with its name below it."""
    with ui.element('div').classes('figure'):
        Text('b', shown(definitions.of(key), value)).classes('figure-number number')
        defined(key)


def shown(definition: Definition, value: object) -> str:
    """Return a figure as people read it."""
    if value is None:
        return '–'
    if isinstance(value, Rough):
        return ROUGH[value]
    if definition.unit is Unit.BYTES and isinstance(value, int):
        return _size(value)
    if definition.unit is Unit.PER_WEEK and isinstance(value, int | float):
        return _('{number} a week', number=f'{value:.1f}'.removesuffix('.0'))
    if definition.unit is Unit.MILLISECONDS and isinstance(value, int | float):
        return _('{number} ms', number=f'{value:.1f}' if value < LARGE_MS else f'{value:.0f}')
    if isinstance(value, float) and definition.unit is not Unit.SECONDS:
        return f'{value:.1f}' if definition.unit is Unit.RATIO else f'{value:.0f}'
    if definition.unit is Unit.SECONDS and isinstance(value, int | float):
        return span(round(value)) if value else '–'
    return _('{number} %', number=value) if definition.unit is Unit.PERCENT else str(value)


def _size(size: int) -> str:
    megabytes = size / 1_000_000
    if megabytes < 1_000:
        return _('{number} MB', number=f'{megabytes:.0f}')
    return _('{number} GB', number=f'{megabytes / 1_000:.1f}')
