"""Figures with what they mean: the name of a figure, and its definition on hover, on focus, and for screen readers."""

from html import escape

from nicegui import ui

from services.analytics import definitions
from services.analytics.definition import Definition, Unit
from ui.kit.language import _, say
from ui.kit.text import Text
from ui.kit.time_format import span


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
    if isinstance(value, float) and definition.unit is not Unit.SECONDS:
        return f'{value:.1f}' if definition.unit is Unit.RATIO else f'{value:.0f}'
    if definition.unit is Unit.SECONDS and isinstance(value, int | float):
        return span(round(value))
    return _('{number} %', number=value) if definition.unit is Unit.PERCENT else str(value)
