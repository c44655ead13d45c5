"""The content of a step, by its kind."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from services.kinds import CheckpointKind
from ui.components.document import document
from ui.components.film import draw_film
from ui.components.lesson_desk import Lesson
from ui.components.prose import prose


def draw_lesson(lesson: Lesson) -> None:
    """Draw what there is to do, to watch or to read."""
    if lesson.step.description:
        prose(lesson.step.description)
    if draw := CONTENT.get(lesson.step.kind):
        draw(lesson)


def _nothing_more(_: Lesson) -> None:
    """A marker says in its description all there is to say."""


CONTENT: Mapping[CheckpointKind, Callable[[Lesson], object]] = MappingProxyType(
    {
        CheckpointKind.MARKER: _nothing_more,
        CheckpointKind.VIDEO: draw_film,
        CheckpointKind.DOCUMENT: document,
    }
)
