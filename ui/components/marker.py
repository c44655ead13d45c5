"""The one big button of a learner: a native check box, which the browser fills before the server answers.

Each marker stands for one checkpoint and has one tap id, so that a tap that arrives late, or twice, still
means what the learner saw. A marker that was replaced listens on until the next one is.
"""

from collections.abc import Awaitable, Callable
from uuid import uuid4

from nicegui import ui

from services.live.views import OwnStep
from ui.gestures import gesture

OnTap = Callable[['Marker'], Awaitable[None]]


class Marker:
    """One check box for one checkpoint."""

    def __init__(self, step: OwnStep, *, on_tap: OnTap) -> None:
        self.step = step
        self.tap_id = uuid4().hex
        self.element = ui.element('input').classes('marker')
        self.element.ignores_events_when_hidden = False
        self.element.props.update(
            {
                'type': 'checkbox',
                'data-step': step.checkpoint_id,
                'data-label': 'Done',
                'data-saving': 'Saving …',
                'data-saved': 'Saved',
                'aria-label': f'Done: {step.title}',
            }
        )

        async def tapped() -> None:
            await on_tap(self)

        self.element.on('change', gesture(tapped), args=[[]])

    def show_saved(self) -> None:
        """Turn pending into a tick."""
        self.element.classes('marker-saved')

    def focus(self) -> None:
        """Let the keyboard go on here."""
        self.element.run_method('focus')

    def step_back(self) -> None:
        """Make room for the next marker; a tap that is on its way still counts."""
        self.element.classes(replace='')
        self.element.visible = False


class MarkerPlace:
    """The place of the marker in the page; holds the one that is shown and the one before."""

    def __init__(self, element: ui.element, *, on_tap: OnTap) -> None:
        self._on_tap = on_tap
        self._element = element
        self.shown: Marker | None = None
        self._before: Marker | None = None

    def show(self, step: OwnStep | None, *, fresh: bool = False) -> None:
        """Show a marker for a step; the same one stays unless a fresh one is wanted, which nobody has tapped."""
        if not fresh and self.shown and step and self.shown.step.checkpoint_id == step.checkpoint_id:
            return
        if self._before:
            self._before.element.delete()
        self._before, self.shown = self.shown, None
        if self._before:
            self._before.step_back()
        if step:
            with self._element:
                self.shown = Marker(step, on_tap=self._on_tap)
