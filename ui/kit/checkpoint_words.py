"""What each kind of checkpoint is called on screens, in one table; how it behaves is in `services.checkpoint_kinds`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.courses.checkpoints import PlacedCheckpoint
from services.enums import CheckpointKind
from ui.kit.language import Spoken, _


def _has_all(_checkpoint: PlacedCheckpoint) -> str:
    return ''


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWords:
    """The words for checkpoints of one kind."""

    choice: str = ''
    """what instructors call it where they choose; nothing where it cannot be chosen"""
    word: str = ''
    """what learners read beside the title; a marker is just a checkpoint"""
    outline: str = ''
    """what instructors read beside the title"""
    opens: str = ''
    """the button that opens the content on a page in class; nothing where there is none"""
    lacks: Callable[[PlacedCheckpoint], str] = _has_all
    """says what is still to be added by the instructor"""


WORDS: Mapping[CheckpointKind, KindWords] = Spoken(
    {
        CheckpointKind.MARKER: lambda: KindWords(choice=_('Task')),
        CheckpointKind.VIDEO: lambda: KindWords(
            choice=_('Video'),
            word=_('Video'),
            outline=_('video'),
            opens=_('Open the video'),
            lacks=lambda checkpoint: '' if checkpoint.has_file or checkpoint.details.link else _('no video yet'),
        ),
        CheckpointKind.DOCUMENT: lambda: KindWords(
            choice=_('Reading'),
            word=_('Reading'),
            outline=_('reading'),
            opens=_('Open the text'),
            lacks=lambda checkpoint: '' if checkpoint.has_file or checkpoint.details.body else _('nothing to read yet'),
        ),
        CheckpointKind.QUIZ: lambda: KindWords(
            choice=_('Quiz'),
            word=_('Quiz'),
            outline=_('quiz'),
            opens=_('Open the quiz'),
            lacks=lambda checkpoint: '' if checkpoint.has_questions else _('no question yet'),
        ),
        CheckpointKind.ASSIGNMENT: lambda: KindWords(
            choice=_('Assignment'), word=_('Assignment'), outline=_('assignment'), opens=_('Open the assignment')
        ),
    }
)

CHOICES: Mapping[CheckpointKind, str] = Spoken(
    {
        CheckpointKind.MARKER: lambda: _('Task'),
        CheckpointKind.VIDEO: lambda: _('Video'),
        CheckpointKind.DOCUMENT: lambda: _('Reading'),
        CheckpointKind.QUIZ: lambda: _('Quiz'),
        CheckpointKind.ASSIGNMENT: lambda: _('Assignment'),
    }
)
"""the kinds that are offered, as instructors call them"""
