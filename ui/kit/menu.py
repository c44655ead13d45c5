"""What an outline is drawn with: a row for each checkpoint, a section for each module, the menu of either.

A row is four elements, because a course may have hundreds; its number comes from the style sheet.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.sortable_element import SortableElement

from services.courses.checkpoints import PlacedCheckpoint
from ui.kit import time_format
from ui.kit.checkpoint_words import WORDS
from ui.kit.language import _
from ui.kit.text import Text

Choice = tuple[str, Callable[[], object]]


class CheckpointList(SortableElement):
    """The list of checkpoints of one module; checkpoints are dragged within it and to the others."""

    def __init__(self) -> None:
        super().__init__(tag='ol')
        self.classes('outline-steps').props['data-empty'] = _('No steps yet.')


class CheckpointRow:
    """One checkpoint in its place."""

    def __init__(self, checkpoint: PlacedCheckpoint) -> None:
        self.checkpoint = checkpoint
        with ui.element('li').classes('outline-step') as self.element:
            ui.element('span').classes('grip')
            self.title = Text('button').classes('outline-title').props('type=button')
            self.more = more_button()
        self._draw()

    def show(self, checkpoint: PlacedCheckpoint) -> None:
        """Show the checkpoint as it is now."""
        changed = checkpoint != self.checkpoint
        self.checkpoint = checkpoint
        if changed:
            self._draw()

    def _draw(self) -> None:
        details = self.checkpoint.details
        self.title.set_text(details.title)
        self.title.props['data-kind'] = details.kind.value
        self.title.props['data-side'] = _side(self.checkpoint)
        self.more.props['aria-label'] = _('More for {title}', title=details.title)
        self.element.classes(add='outline-preview' if details.is_preview else '', remove='outline-preview')


def more_button() -> Element:
    """Draw the button that opens a menu."""
    return ui.element('button').classes('icon-button icon-more').props('type=button aria-haspopup=menu')


def opens_menu(button: Element, choices: Callable[[], Sequence[Choice]]) -> None:
    """Let a button open a menu of what can be chosen then, when it is pressed or with the arrow down."""
    for event in ('click', 'keydown.down.prevent'):
        button.on(event, lambda: open_menu(button, choices()), args=[[]])


def open_menu(anchor: Element, choices: Sequence[Choice]) -> None:
    """Open a menu at a button; it is gone again as soon as it is closed.

    The arrow keys, Home and End move in it, as in every menu of a computer: each choice knows where they lead from it.
    Tab closes it, and Tab again goes on from its button.
    """
    with anchor, ui.menu(value=True).props('no-parent-event role=region') as menu, ui.element('div').props('role=menu'):
        items = [
            Text('button', label).classes('menu-choice').props('type=button role=menuitem') for label, _do in choices
        ]
    items[0].props('data-autofocus')  # the keyboard begins at the first choice
    for number, (item, (_label, chosen)) in enumerate(zip(items, choices, strict=True)):
        item.on('click', menu.close, args=[[]])
        item.on('click', _on_page(anchor, chosen), args=[[]])
        ways = {'up': number - 1, 'down': (number + 1) % len(items), 'home': 0, 'end': -1}
        for key, to in ways.items():
            item.on(f'keydown.{key}.prevent', partial(focus, items[to]), args=[[]])
        item.on('keydown.tab.prevent', menu.close, args=[[]])
    # what floats above a page is a part of its own, and named as its button is
    menu.props['aria-label'] = anchor.props.get('aria-label', '') or getattr(anchor, 'text', '')
    menu.on('hide', menu.delete, args=[[]])


def _on_page(anchor: Element, chosen: Callable[[], object]) -> Callable[[], object]:
    """Let what a choice draws, such as a dialog, belong to the page: what belongs to the menu goes when it closes."""

    async def wait_for(result: Awaitable[object]) -> None:
        with anchor.client.content:
            await result

    def choose() -> object:
        with anchor.client.content:
            result = chosen()
        return wait_for(result) if isinstance(result, Awaitable) else None

    return choose


def focus(element: Element) -> None:
    """Put the cursor, or the keyboard's attention, on an element."""
    element.run_method('focus')


def _side(checkpoint: PlacedCheckpoint) -> str:
    """What is said behind the title of a checkpoint."""
    details = checkpoint.details
    minutes = _('{minutes} min', minutes=details.estimated_minutes) if details.estimated_minutes else ''
    due = _('due {when}', when=time_format.short(details.due_at)) if details.due_at else ''
    look = WORDS[details.kind]
    parts = (
        look.outline,
        _length(checkpoint),
        look.lacks(checkpoint),
        minutes,
        due,
        _('preview') if details.is_preview else '',
    )
    return ' · '.join(part for part in parts if part)


def _length(checkpoint: PlacedCheckpoint) -> str:
    """Return how long the video of a checkpoint is, as a player shows it."""
    minutes, seconds = divmod(round(checkpoint.seconds or 0), 60)
    return f'{minutes}:{seconds:02}' if checkpoint.seconds else ''
