"""What each kind of checkpoint is called on screens, in one table; how it behaves is in `services.checkpoint_kinds`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from services.courses.checkpoints import Step
from services.enums import CheckpointKind


def _has_all(_: Step) -> str:
    return ''


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWords:
    """The words for checkpoints of one kind."""

    choice: str = ''
    """what instructors call it where they choose; nothing where it cannot be chosen"""
    word: str = ''
    """what learners read beside the title; a marker is just a step"""
    outline: str = ''
    """what instructors read beside the title"""
    opens: str = ''
    """the link to the content from a page in class; nothing where there is none"""
    lacks: Callable[[Step], str] = _has_all
    """says what is still to be added by the instructor"""


WORDS: Mapping[CheckpointKind, KindWords] = MappingProxyType(
    {
        CheckpointKind.MARKER: KindWords(choice='Task'),
        CheckpointKind.VIDEO: KindWords(
            choice='Video',
            word='Video',
            outline='video',
            opens='Open the video',
            lacks=lambda step: '' if step.has_file else 'no video yet',
        ),
        CheckpointKind.DOCUMENT: KindWords(
            choice='Reading',
            word='Reading',
            outline='reading',
            opens='Open the text',
            lacks=lambda step: '' if step.has_file or step.details.body else 'nothing to read yet',
        ),
        CheckpointKind.QUIZ: KindWords(word='Quiz', outline='quiz'),
        CheckpointKind.ASSIGNMENT: KindWords(word='Assignment', outline='assignment'),
    }
)

CHOICES: Mapping[CheckpointKind, str] = MappingProxyType(
    {kind: words.choice for kind, words in WORDS.items() if words.choice}
)
"""the kinds that are offered, as instructors call them"""
