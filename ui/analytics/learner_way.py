"""The way of a learner through a course, drawn: a mark for each step, module by module."""

from collections.abc import Sequence
from html import escape

from services.study.path import PathCheckpoint, PathPart
from ui.kit.language import _
from ui.kit.raw_element import Piece


class Way:
    """All modules with their steps, each a mark that leads to its step."""

    def __init__(self, course_id: int, *, is_own: bool) -> None:
        self._course_id, self._is_own = course_id, is_own
        self._list = Piece('div').classes('way')

    def show(self, parts: Sequence[PathPart], next_id: int | None) -> None:
        """Show how far each step is; the one to go on with stands out."""
        self._list.draw_html(''.join(self._part(part, next_id) for part in parts if part.steps))

    def _part(self, part: PathPart, next_id: int | None) -> str:
        counted = [step for step in part.steps if step.number is not None]
        done = sum(step.done for step in counted)
        marks = ''.join(self._mark(step, is_next=step.checkpoint_id == next_id) for step in counted)
        said = escape(_('{done} of {count}', done=done, count=len(counted)))
        return (
            f'<section class="way-part"><h2 class="way-title"><span dir="auto">{escape(part.title)}</span>'
            f'<span class="hint number">{said}</span></h2><ol class="way-steps">{marks}</ol></section>'
        )

    def _mark(self, step: PathCheckpoint, *, is_next: bool) -> str:
        kind, sign, word = _standing(step)
        aloud = escape(f'{step.number} {step.title}, {word}')
        classes = f'way-step way-{kind}' + (' way-next' if is_next else '')
        if not self._is_own:
            return f'<li><span class="{classes}" role="img" aria-label="{aloud}" title="{aloud}">{sign}</span></li>'
        address = f'/courses/{self._course_id}/learn/{step.checkpoint_id}'
        return f'<li><a class="{classes}" href="{address}" aria-label="{aloud}" title="{aloud}">{sign}</a></li>'


def _standing(step: PathCheckpoint) -> tuple[str, str, str]:
    if step.done:
        return 'done', '✓', _('done') if step.done_alone else _('done in class')
    if step.started or step.seen:
        return 'begun', '◐', _('started')
    return 'open', str(step.number), _('not yet')
