"""The fields and buttons of an open page, found by what they are called."""

from typing import Any

from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from tests.support.patient import PatientUser


def elements(user: PatientUser) -> list[ui.element]:
    """Return everything that the page has."""
    assert user.client
    return list(user.client.elements.values())


def fields(user: PatientUser, label: str) -> list[Any]:
    """Return all fields with a label, in their order."""
    return [
        each
        for each in elements(user)
        if hasattr(each, 'set_value') and label in {each.props.get('label'), getattr(each, 'text', None)}
    ]


def field(user: PatientUser, label: str) -> Any:
    """Return the field with a label."""
    (found,) = fields(user, label)
    return found


def press(user: PatientUser, name: str) -> None:
    """Press the button with a name or a text."""
    found = [
        each
        for each in elements(user)
        if name in {each.props.get('aria-label'), getattr(each, 'text', None)} and each._event_listeners
    ]
    assert len(found) == 1, f'{len(found)} of {name}'
    UserInteraction(user, set(found), None).click()
