"""The content of a checkpoint, drawn by its kind."""

from ui.content.checkpoint_kinds import CONTENT
from ui.content.lesson_context import Lesson
from ui.kit.markdown import prose


def draw_lesson(lesson: Lesson) -> None:
    """Draw the description of a checkpoint and its content."""
    if lesson.step.description:
        prose(lesson.step.description)
    CONTENT[lesson.step.kind].draw(lesson)
