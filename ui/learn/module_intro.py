"""What a learner reads where a module begins: its title and its description, above its first checkpoint."""

from nicegui import ui

from services.study.path import PathPart, Place
from ui.kit.markdown import prose
from ui.kit.text import Text


class ModuleIntro:
    """The description of the module, on the page of its first checkpoint; nothing where there is none."""

    def __init__(self, place: Place) -> None:
        if (part := _begins(place)) and part.description:
            with ui.element('section').classes('panel stack-tight') as section:
                section.props['aria-label'] = part.title
                Text('p', part.title).classes('step-place')
                prose(part.description)


def description_at(place: Place) -> str:
    """Return the description of the module that begins with the checkpoint shown, or an empty text."""
    part = _begins(place)
    return part.description if part else ''


def _begins(place: Place) -> PathPart | None:
    """Return the module that begins here: with its first checkpoint, or the first that counts, where learners start."""
    here = place.checkpoint.checkpoint_id
    for part in place.parts:
        counted = [checkpoint for checkpoint in part.steps if checkpoint.number]
        if here in {checkpoint.checkpoint_id for checkpoint in (*part.steps[:1], *counted[:1])}:
            return part
    return None
