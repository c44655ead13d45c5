"""Where the class is led to, in the words of a learner: here, or how many checkpoints before or after; and the way
back.
"""

from collections.abc import Awaitable, Callable
from html import escape
from zoneinfo import ZoneInfo

from nicegui import ui

from services.live.board.views import LearnerCheckpoint, Mark, OwnView
from ui.kit.language import _, ngettext
from ui.kit.raw_element import Piece
from ui.kit.time_format import local
from ui.live.own_time import own_time_html

_DONE = (Mark.DONE, Mark.DONE_BEFORE)


def led_html(view: OwnView, checkpoint: LearnerCheckpoint, zone: ZoneInfo) -> str:
    """Return a line that says where the class is, as seen from the checkpoint that is shown, or how much time is
    left.
    """
    led_to = _led_to(view)
    if led_to is None:
        return own_time_html(view, zone)
    if led_to.number == checkpoint.number:
        words = _led_here(view, f'{local(view.until, zone):%-H:%M}' if view.until else '')
    else:
        words = f'{_apart(checkpoint.number - led_to.number)} {_class_is_at(led_to)}'
    return f'<p class="step-led" dir="auto">{escape(words)}</p>'


class WayBack:
    """In the thumb's reach, while the learner reads or looks at another checkpoint: where the class is, and the way
    there.
    """

    def __init__(self, place: ui.element, go_back: Callable[[], Awaitable[None]]) -> None:
        self._place, self._go_back = place, go_back
        self._drawn: tuple[Piece, Piece] | None = None

    def show(self, view: OwnView, checkpoint: LearnerCheckpoint | None, *, is_reading: bool) -> None:
        """Show the way back where there is one."""
        led_to = _led_to(view)
        is_apart = bool(led_to and checkpoint and led_to.number != checkpoint.number)
        is_offered = is_reading or bool(is_apart and led_to and led_to.mark not in _DONE)
        if self._drawn is None and not is_offered:
            return  # seldom: nothing of it is on the page until then
        button, said = self._drawn = self._drawn or self._draw()
        button.offer(_('Back to class') if is_offered else '', 'button-quiet own-back')
        said.draw_html(escape(_class_is_at(led_to)) if is_reading and is_apart and led_to else '')

    def _draw(self) -> tuple[Piece, Piece]:
        """Draw it first in its place, as it is read and reached."""
        with self._place, Piece('div', 'own-way') as way:
            button = Piece('button')
            button.on('click', self._go_back, args=[[]])
            said = Piece('p', 'own-way-class')
            said.draw({'role': 'status', 'dir': 'auto'})
        way.move(target_index=0)
        return button, said


def _led_to(view: OwnView) -> LearnerCheckpoint | None:
    return next((each for each in view.checkpoints if each.checkpoint_id == view.led_to), None)


def _class_is_at(checkpoint: LearnerCheckpoint) -> str:
    return _('The class is at {number} · {title}', number=checkpoint.number, title=checkpoint.title)


def _apart(checkpoints: int) -> str:
    """Return how far the learner is from the class; checkpoints before it are fewer than none."""
    if checkpoints > 0:
        return ngettext('You are {count} step ahead.', 'You are {count} steps ahead.', checkpoints)
    return ngettext('You are {count} step behind.', 'You are {count} steps behind.', -checkpoints)


def _led_here(view: OwnView, until: str) -> str:
    if not until:
        return _('The class is here')
    if view.has_extra_time:
        return _('The class is here; with your extra time you have until about {time}', time=until)
    return _('The class is here until about {time}', time=until)
