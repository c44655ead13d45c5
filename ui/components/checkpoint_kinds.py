"""What each kind of checkpoint looks like, in one table; how it behaves is in `services.checkpoint_kinds`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from nicegui import ui

from services.access import Actor
from services.checkpoints import Step
from services.kinds import CheckpointKind
from services.study.path import LessonStep
from ui.components import document, film
from ui.components.lesson_desk import Lesson


def _nothing_more(*_: object) -> None:
    """A marker says in its description all there is to say."""


def _has_all(_: Step) -> str:
    return ''


@dataclass(frozen=True, slots=True, kw_only=True)
class KindLook:
    """How checkpoints of one kind are shown."""

    choice: str = ''
    """what instructors call it where they choose; nothing where it cannot be chosen"""
    word: str = ''
    """what learners read beside the title; a marker is just a step"""
    outline: str = ''
    """what instructors read beside the title"""
    opens: str = ''
    """the link to the content from a page in class; nothing where there is none"""
    draw: Callable[[Lesson], object] = _nothing_more
    draw_preview: Callable[[LessonStep, Actor | None], object] = _nothing_more
    lacks: Callable[[Step], str] = _has_all
    """says what is still to be added by the instructor"""


def _preview_film(step: LessonStep, _: Actor | None) -> None:
    if step.file:
        with ui.element('div').classes('film-place'):
            film.draw_player(step, step.file)


def _preview_document(step: LessonStep, actor: Actor | None) -> None:
    if shown := document.draw(step, actor):
        shown.open(0.0)


LOOKS: Mapping[CheckpointKind, KindLook] = MappingProxyType(
    {
        CheckpointKind.MARKER: KindLook(choice='Task'),
        CheckpointKind.VIDEO: KindLook(
            choice='Video',
            word='Video',
            outline='video',
            opens='Open the video',
            draw=film.draw_film,
            draw_preview=_preview_film,
            lacks=lambda step: '' if step.has_file else 'no film yet',
        ),
        CheckpointKind.DOCUMENT: KindLook(
            choice='Reading',
            word='Reading',
            outline='reading',
            opens='Open the text',
            draw=document.document,
            draw_preview=_preview_document,
            lacks=lambda step: '' if step.has_file or step.details.body else 'nothing to read yet',
        ),
        CheckpointKind.QUIZ: KindLook(word='Quiz', outline='quiz'),
        CheckpointKind.ASSIGNMENT: KindLook(word='Assignment', outline='assignment'),
    }
)

CHOICES: Mapping[CheckpointKind, str] = MappingProxyType(
    {kind: look.choice for kind, look in LOOKS.items() if look.choice}
)
"""the kinds that are offered, as instructors call them"""
