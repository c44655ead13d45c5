"""The content of a step, by its kind."""

from ui.content.checkpoint_kinds import CONTENT
from ui.content.lesson_context import Lesson
from ui.kit.markdown import prose


def draw_lesson(lesson: Lesson) -> None:
    """Draw what there is to do, to watch or to read."""
    if lesson.step.description:
        prose(lesson.step.description)
    CONTENT[lesson.step.kind].draw(lesson)
