"""The content of a checkpoint, drawn by its kind."""

from ui.content.checkpoint_kinds import CONTENT
from ui.content.lesson_context import Lesson
from ui.kit.markdown import prose


def draw_lesson(lesson: Lesson) -> None:
    """Draw the description of a checkpoint and its content."""
    if lesson.checkpoint.description:
        prose(lesson.checkpoint.description)
    CONTENT[lesson.checkpoint.kind].draw(lesson)
