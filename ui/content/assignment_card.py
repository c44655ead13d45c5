"""An assignment among the checkpoints of a course: how the learner stands, and the way to its own page."""

from html import escape

from nicegui import background_tasks

from services.assignments import submissions
from services.assignments.submissions import Task
from services.core import database
from services.core.errors import DomainError
from services.enums import SubmissionState
from ui.content.lesson_context import Lesson
from ui.kit import time_format
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.raw_element import Piece


def draw_assignment(lesson: Lesson) -> None:
    """Draw the way to an assignment; how the learner stands comes a moment later."""
    card = Piece('div', 'quiz-card')
    checkpoint_id = lesson.checkpoint.checkpoint_id
    card.draw_html(_card_html(checkpoint_id, None))

    @gesture
    async def fill() -> None:
        try:
            task = await database.read(submissions.task, lesson.actor, checkpoint_id)
        except DomainError:
            return  # the page of the assignment says why
        if not card.is_deleted:
            card.draw_html(_card_html(checkpoint_id, task))

    background_tasks.create(fill(), name='assignment', context=card.client)
    lesson.look_at_content = fill


def state_words(task: Task) -> str:
    """Return how the newest try of a learner stands."""
    newest = task.tries[0] if task.tries else None
    if newest is None:
        return _('Nothing is handed in yet')
    if newest.state is SubmissionState.DRAFT:
        return _('A draft: not handed in yet')
    if newest.state is SubmissionState.RETURNED:
        if newest.grade is None:
            return _('Returned by your teacher')
        return _('Returned with {grade} of 100', grade=newest.grade)
    assert newest.submitted_at is not None  # it is no draft
    return _('Handed in on {moment}', moment=time_format.exact(newest.submitted_at))


def _card_html(checkpoint_id: int, task: Task | None) -> str:
    words = state_words(task) if task else ''
    is_next = task is None or task.problem is None
    look = 'button-primary' if is_next else 'button-quiet'
    way = escape(_('Open the assignment'))
    return f'<p class="hint">{escape(words)}</p><p><a class="{look}" href="/assignments/{checkpoint_id}">{way}</a></p>'
