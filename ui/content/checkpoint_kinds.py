"""How the content of each kind of checkpoint is drawn, in one table; its words are in `checkpoint_words`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from nicegui import ui

from services.access import Actor
from services.enums import CheckpointKind
from services.study.path import LessonStep
from ui.content import document, video
from ui.content.lesson_context import Lesson


def _nothing_more(*_: object) -> None:
    """A marker says in its description all there is to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindContent:
    """How the content of checkpoints of one kind is drawn."""

    draw: Callable[[Lesson], object] = _nothing_more
    draw_preview: Callable[[LessonStep, Actor | None], object] = _nothing_more


def _preview_video(step: LessonStep, _: Actor | None) -> None:
    if step.file:
        with ui.element('div').classes('video-place'):
            video.draw_player(step, step.file)


def _preview_document(step: LessonStep, actor: Actor | None) -> None:
    if shown := document.draw(step, actor):
        shown.open(0.0)


CONTENT: Mapping[CheckpointKind, KindContent] = MappingProxyType(
    {
        CheckpointKind.VIDEO: KindContent(draw=video.draw_video, draw_preview=_preview_video),
        CheckpointKind.DOCUMENT: KindContent(draw=document.document, draw_preview=_preview_document),
    }
    | {kind: KindContent() for kind in (CheckpointKind.MARKER, CheckpointKind.QUIZ, CheckpointKind.ASSIGNMENT)}
)
