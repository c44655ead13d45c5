"""What a learner reads where a module begins: its title and its description, above its first step."""

from nicegui import ui

from services.study.path import PathPart, Place
from ui.kit.markdown import prose
from ui.kit.text import Text


class ModuleIntro:
    """The description of the module, on the page of its first step; nothing where there is none."""

    def __init__(self, place: Place) -> None:
        if (part := _begins(place)) and part.description:
            with ui.element('section').classes('panel stack-tight') as section:
                section.props['aria-label'] = part.title
                Text('p', part.title).classes('step-place')
                prose(part.description)


def description_at(place: Place) -> str:
    """Return the description of the module that begins with the step shown, or an empty text."""
    part = _begins(place)
    return part.description if part else ''


def _begins(place: Place) -> PathPart | None:
    here = place.step.checkpoint_id
    return next((part for part in place.parts if part.steps and part.steps[0].checkpoint_id == here), None)
