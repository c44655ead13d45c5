"""What the marks mean: one click away wherever there are marks."""

from html import escape

from nicegui import ui

from services.live.board.views import Mark, Presence
from ui.kit import marks, presences
from ui.kit.language import _
from ui.kit.text import Text

ORDER = Mark.DONE, Mark.DONE_BEFORE, Mark.WORKING, Mark.STUCK, Mark.NOT_YET
AWAY = Presence.IDLE, Presence.LOST, Presence.NOT_YET
"""where a name has a mark of its own"""


def legend(*, with_presence: bool = False) -> None:
    """Draw the marks with their words, folded together; `with_presence` adds those beside names."""
    rows = [_row(f'mark mark-{marks.SHAPES[each]}', marks.WORDS[each]) for each in ORDER]
    if with_presence:
        rows += [
            _row(f'presence-mark presence-mark-{presences.SHAPES[each]}', presences.SENTENCES[each]) for each in AWAY
        ]
    with ui.element('details').classes('quiet-details legend'):
        Text('summary', _('What the marks mean'))
        ui.html(''.join(rows), sanitize=False, tag='ul')


def _row(classes: str, word: str) -> str:
    return f'<li><span class="{classes}" aria-hidden="true"></span><span dir="auto">{escape(word)}</span></li>'
