"""`/preview/{checkpoint_id}`: one checkpoint, open to anyone with the link."""

from fastapi.responses import Response

from services.core import database
from services.courses import checkpoints
from services.study import lesson_checkpoints
from ui.content.checkpoint_kinds import CONTENT
from ui.content.passages import prepare
from ui.kit import time_format
from ui.kit.language import _
from ui.kit.markdown import prose
from ui.kit.text import Text, hint, title
from ui.shell.frame import frame, title_page
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the page."""

    @page('/preview/{checkpoint_id:id}', title='Preview')
    async def preview(visit: Visit, checkpoint_id: int) -> Response | None:
        shown = await database.read(checkpoints.preview, checkpoint_id)
        checkpoint = await database.read(lesson_checkpoints.preview_checkpoint, checkpoint_id)
        await prepare(checkpoint.body, checkpoint.description)
        details = shown.details
        title_page(details.title, shown.course_title)
        with frame(visit):
            Text('p', shown.course_title).classes('hint')
            title(details.title)
            if details.estimated_minutes or details.due_at:
                hint(_facts(details))
            prose(details.description)
            CONTENT[checkpoint.kind].draw_preview(checkpoint, visit.actor)
            hint(_('This is a preview. Anyone with the link can read it; it is never marked or counted.'))
        return None


def _facts(details: checkpoints.Details) -> str:
    minutes = _('about {minutes} min', minutes=details.estimated_minutes) if details.estimated_minutes else ''
    due = _('due {moment}', moment=time_format.short(details.due_at)) if details.due_at else ''
    return ' · '.join(part for part in (minutes, due) if part)
