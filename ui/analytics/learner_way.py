"""The way of a learner through a course, drawn: a mark for each checkpoint, module by module."""

from collections.abc import Sequence
from html import escape

from services.study.path import PathCheckpoint, PathPart
from ui.kit.language import _
from ui.kit.raw_element import Piece


class Way:
    """All modules with their checkpoints, each a mark that leads to its checkpoint."""

    def __init__(self, course_id: int, *, is_own: bool) -> None:
        self._course_id, self._is_own = course_id, is_own
        self._list = Piece('div', 'way')

    def show(self, parts: Sequence[PathPart], next_id: int | None) -> None:
        """Show how far each checkpoint is; the one to go on with stands out."""
        self._list.draw_html(''.join(self._part(part, next_id) for part in parts if part.steps))

    def _part(self, part: PathPart, next_id: int | None) -> str:
        counted = [checkpoint for checkpoint in part.steps if checkpoint.number is not None]
        done = sum(checkpoint.done for checkpoint in counted)
        marks = ''.join(self._mark(checkpoint, is_next=checkpoint.checkpoint_id == next_id) for checkpoint in counted)
        said = escape(_('{done} of {count}', done=done, count=len(counted)))
        return (
            f'<section class="way-part"><h2 class="way-title"><span dir="auto">{escape(part.title)}</span>'
            f'<span class="hint number">{said}</span></h2><ol class="way-steps">{marks}</ol></section>'
        )

    def _mark(self, checkpoint: PathCheckpoint, *, is_next: bool) -> str:
        kind, sign, word = _standing(checkpoint)
        aloud = escape(f'{checkpoint.number} {checkpoint.title}, {word}')
        classes = f'way-step way-{kind}' + (' way-next' if is_next else '')
        if not self._is_own:
            return f'<li><span class="{classes}" role="img" aria-label="{aloud}" title="{aloud}">{sign}</span></li>'
        address = f'/courses/{self._course_id}/learn/{checkpoint.checkpoint_id}'
        return f'<li><a class="{classes}" href="{address}" aria-label="{aloud}" title="{aloud}">{sign}</a></li>'


def _standing(checkpoint: PathCheckpoint) -> tuple[str, str, str]:
    if checkpoint.done:
        return 'done', '✓', _('done') if checkpoint.done_alone else _('done in class')
    if checkpoint.started or checkpoint.seen:
        return 'begun', '◐', _('started')
    return 'open', str(checkpoint.number), _('not yet')
