"""What a person meets at the address of a course that they are not in, or that is not there: how they get in."""

from nicegui import ui

from services.core.phrases import phrase
from ui.kit.language import _
from ui.kit.text import Text, title
from ui.shell.forms import Field, form
from ui.shell.frame import frame, title_page, way_back
from ui.shell.request import Visit

CODE = Field(
    name='code',
    label=phrase('Class code'),
    is_code=True,
    hint=phrase('It is on the screen of the classroom. Do you teach the course too? Ask its owner to add you.'),
)


def outside(visit: Visit) -> None:
    """Draw the way in; a course that is absent and one of other people look the same."""
    ui.status_code(404)
    title_page(_('Join the class'))
    with frame(visit):
        way_back(_('Your courses'), '/')
        title(_('You are not in this course'))
        Text('p', _('Perhaps it is gone, or you have not joined it yet. With its class code you get in.')).classes(
            'body'
        )
        ui.link(_('How do I get into a class?'), '/help')
        form(visit, '/code', [CODE], _('Join'))
