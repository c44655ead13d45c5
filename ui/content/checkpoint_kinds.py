"""The function that draws the content of each kind of checkpoint; its words are in `checkpoint_words`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from nicegui import ui

from services.access import Actor
from services.enums import CheckpointKind
from services.study.lesson_checkpoints import LessonCheckpoint
from ui.content import assignment_card, document, quiz_card, video
from ui.content.lesson_context import Lesson
from ui.kit.video_link import draw_video_link


def _nothing_more(*_: object) -> None:
    """Draw nothing: a marker has no content besides its description."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindContent:
    """Draws the content of checkpoints of one kind."""

    draw: Callable[[Lesson], object] = _nothing_more
    draw_preview: Callable[[LessonCheckpoint, Actor | None], object] = _nothing_more


def _preview_video(checkpoint: LessonCheckpoint, _: Actor | None) -> None:
    if checkpoint.link:
        draw_video_link(checkpoint.link)
    elif checkpoint.file:
        with ui.element('div').classes('video-place'):
            video.draw_player(checkpoint, checkpoint.file)


def _preview_document(checkpoint: LessonCheckpoint, actor: Actor | None) -> None:
    if shown := document.draw(checkpoint, actor):
        shown.open(0.0)


CONTENT: Mapping[CheckpointKind, KindContent] = MappingProxyType(
    {
        CheckpointKind.VIDEO: KindContent(draw=video.draw_video, draw_preview=_preview_video),
        CheckpointKind.DOCUMENT: KindContent(draw=document.document, draw_preview=_preview_document),
        CheckpointKind.QUIZ: KindContent(draw=quiz_card.draw_quiz),
        CheckpointKind.ASSIGNMENT: KindContent(draw=assignment_card.draw_assignment),
        CheckpointKind.MARKER: KindContent(),
    }
)
