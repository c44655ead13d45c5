"""Menus on a page without a browser: opened by the name of their button, and chosen from."""

from nicegui import ui
from nicegui.element import Element
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from ui.kit.text import Text


def choose(user: User, menu: str, choice: str) -> None:
    """Open the menu whose button has this name or text, and choose from it."""
    press(user, menu)
    found = [item for item in choices(user) if item.text == choice]
    UserInteraction(user, {found[-1]}, None).click()  # a browser has taken away the menus that were open before


def choices(user: User) -> list[Text]:
    """Return what can be chosen in the menus of the page, in order."""
    items = [element for element in elements_of(user) if element.props.get('role') == 'menuitem']
    return [item for item in items if isinstance(item, Text)]


def press(user: User, name: str) -> None:
    """Press the button that has this name for those who listen, or this text."""
    found = (element for element in elements_of(user) if name in (element.props.get('aria-label'), _text(element)))
    UserInteraction(user, {next(found)}, None).click()


def tick(user: User, name: str) -> None:
    """Tick the box that has this name."""
    (box,) = (each for each in elements_of(user) if each.props.get('aria-label') == name)
    assert isinstance(box, ui.checkbox)
    box.set_value(True)


def elements_of(user: User) -> list[Element]:
    """Return the elements of the page."""
    assert user.client
    return list(user.client.elements.values())


def _text(element: Element) -> str:
    return str(getattr(element, 'text', '')) if isinstance(element, ui.button) else ''
