"""The one big button of a learner: a native check box, which the browser fills before the server answers.

While it is shown it stands for one checkpoint and has one tap id, so that a tap that arrives late, or twice,
still means what the learner saw. Two of them take turns; the one that is not shown listens on.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol

from nicegui import ui

from services.core.secrets import new_id
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.raw_element import Piece

OnTap = Callable[['Marker'], Awaitable[None]]


class Markable(Protocol):
    """A checkpoint as far as a marker needs it."""

    @property
    def checkpoint_id(self) -> int:
        """Which one it is."""

    @property
    def title(self) -> str:
        """What it is called."""


class Marker:
    """One check box."""

    def __init__(self, *, on_tap: OnTap) -> None:
        self.checkpoint: Markable
        self.tap_id = ''
        self.is_tapped = False
        self.by_keyboard = False
        self.is_held = False
        self.element = Piece('input')

        async def tapped() -> None:
            self.is_tapped = True
            await on_tap(self)

        def pressed() -> None:
            self.by_keyboard = True

        self.element.on('change', gesture(tapped), args=[[]])
        self.element.on('keydown', pressed, args=[[]])

    def show(self, checkpoint: Markable) -> None:
        """Stand for a checkpoint from now on, as an empty box."""
        self.checkpoint, self.tap_id = checkpoint, new_id()
        self.is_tapped = self.by_keyboard = self.is_held = False
        props = {
            'key': self.tap_id,  # has the browser make the box anew, and so empty
            'type': 'checkbox',
            'data-step': checkpoint.checkpoint_id,
            'data-label': _('Done'),
            'disabled': False,
            'data-saving': _('Saving …'),
            'data-saved': _('Saved'),
            'aria-label': _('Done: {title}', title=checkpoint.title),
        }
        self.element.draw(props, classes='marker')

    def show_saved(self) -> None:
        """Turn pending into a tick."""
        self.element.draw({}, classes='marker marker-saved')

    def hold(self, *, held: bool) -> None:
        """Let nobody tap during a pause; a tap that is on its way still counts."""
        if self.is_held != held:
            self.is_held = held
            self.element.draw({'disabled': held, 'data-label': _('Paused') if held else _('Done')})

    def hide(self) -> None:
        """Make room for the other marker; a tap that is on its way still counts."""
        self.element.draw({}, classes='hidden')

    def focus(self) -> None:
        """Let the keyboard go on here."""
        self.element.run_method('focus')


class MarkerPlace:
    """The place of the marker in the page; holds the one that is shown and the one that was shown before."""

    def __init__(self, element: ui.element, *, on_tap: OnTap) -> None:
        self._on_tap = on_tap
        self._element = element
        self.shown: Marker | None = None
        self._before: Marker | None = None

    def show(self, checkpoint: Markable | None, *, fresh: bool = False) -> None:
        """Show a marker for a checkpoint; the same one stays unless a fresh one is wanted, which nobody has tapped."""
        shown = self.shown
        if not fresh and shown and checkpoint and shown.checkpoint.checkpoint_id == checkpoint.checkpoint_id:
            return
        if shown:
            shown.hide()
            other, self._before = self._before, shown
        else:
            other = None
        self.shown = self._ready(other, shown) if checkpoint else None
        if checkpoint and self.shown:
            self.shown.show(checkpoint)
            if shown and shown.by_keyboard:
                self.shown.focus()
        elif other:
            other.element.delete()

    def _ready(self, other: Marker | None, shown: Marker | None) -> Marker:
        """Return a marker to show; the one before may stand for another checkpoint once no tap can be on its way to it.

        That is so when the one shown after it has been tapped: what a browser sends arrives in order.
        """
        if other and shown and shown.is_tapped:
            return other
        if other:
            other.element.delete()
        with self._element:
            return Marker(on_tap=self._on_tap)
