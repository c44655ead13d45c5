"""Where learners get stuck: the hardest checkpoints of a course, each with what shows that it is hard."""

from collections.abc import Sequence

from nicegui import ui

from services.analytics.checkpoint_figures import CheckpointFigures
from services.analytics.doubts import Doubt
from services.enums import CheckpointKind
from ui.analytics.figure_words import defined
from ui.kit.language import _, say
from ui.kit.text import Text, heading, hint


class HardestCheckpoints:
    """The checkpoints that are hardest, the worst first."""

    def __init__(self, course_id: int) -> None:
        self._course_id = course_id
        with ui.element('section').classes('stack-tight hardest') as section:
            heading(_('Where they get stuck'))
            self._nothing = hint(_('No step stands out so far.'))
            self._list = ui.element('ol').classes('hardest-list')
            self._doubts = ui.element('ul').classes('hardest-list')
        section.props['aria-label'] = _('Where they get stuck')

    def show(self, checkpoints: Sequence[CheckpointFigures]) -> None:
        """Show which checkpoints are hardest now."""
        self._nothing.set_visibility(not checkpoints)
        self._list.clear()
        with self._list:
            for checkpoint in checkpoints:
                self._draw(checkpoint)

    def show_doubts(self, doubts: Sequence[Doubt]) -> None:
        """Show which questions may be wrong themselves."""
        self._doubts.clear()
        with self._doubts:
            for doubt in doubts:
                with ui.element('li').classes('hard-step'):
                    with ui.element('p').classes('hard-title'):
                        where = f'/courses/{self._course_id}/quizzes/{doubt.checkpoint_id}/results'
                        ui.link(doubt.question, where).props('translate=no dir=auto')
                    Text('p', say(doubt.words)).classes('need-why')
                    Text('p', doubt.quiz).classes('hint').props('translate=no')

    def _draw(self, checkpoint: CheckpointFigures) -> None:
        assert checkpoint.difficulty is not None
        with ui.element('li').classes('hard-step'):
            with ui.element('p').classes('hard-title'):
                Text('span', str(checkpoint.number)).classes('number hint')
                checkpoint_link(self._course_id, checkpoint.checkpoint_id, checkpoint.kind, checkpoint.title)
            Text('p', ' · '.join(say(reason) for reason in checkpoint.difficulty.reasons)).classes('need-why')
            with ui.element('p').classes('hint'):
                defined('difficulty')
                Text('span', str(checkpoint.difficulty.score)).classes('number')


def checkpoint_link(course_id: int, checkpoint_id: int, kind: CheckpointKind, title: str) -> None:
    """Draw the title of a checkpoint; it leads to its results, where it has some."""
    address = {
        CheckpointKind.QUIZ: f'/courses/{course_id}/quizzes/{checkpoint_id}/results',
        CheckpointKind.ASSIGNMENT: f'/courses/{course_id}/assignments/{checkpoint_id}',
    }.get(kind)
    if address:
        ui.link(title, address).props('translate=no dir=auto')
    else:
        Text('span', title).props('translate=no')
