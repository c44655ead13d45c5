"""Text with the right tag, for those who see it and those who hear it."""

from typing import TypeVar

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

E = TypeVar('E', bound=ui.element)


class Text(TextElement):
    """A native element that holds a text. The text decides its own direction."""

    def __init__(self, tag: str, text: str = '') -> None:
        super().__init__(tag=tag, text=text)
        self.props('dir=auto')


def named(element: E, name: str) -> E:
    """Give an element its name for those who hear the page."""
    element.props['aria-label'] = name
    return element


def title(text: str) -> Text:
    """Draw the one heading that names the page."""
    return Text('h1', text).classes('title')


def heading(text: str) -> Text:
    """Draw a heading within the page."""
    return Text('h2', text).classes('heading')


def hint(text: str) -> Text:
    """Draw a quiet sentence."""
    return Text('p', text).classes('hint')
