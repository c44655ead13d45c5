"""`/courses/new`: a course begins with its title. The form is also what an instructor without a course meets."""

from fastapi import Request
from fastapi.responses import Response
from nicegui import ui

from services import access
from services.access import Actor
from services.core import database
from services.core.errors import Invalid
from services.courses import catalog
from ui.courses.course_upload import CourseUpload
from ui.courses.paste_box import EXAMPLE
from ui.kit.handlers import gesture
from ui.kit.language import _, language, say
from ui.kit.text import Text, hint, title
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the page."""

    @page('/courses/new', title='New course')
    async def new_course(visit: Visit) -> Response | None:
        actor = await database.read(access.teacher, visit.actor)
        with frame(visit):
            way_back(_('Your courses'), '/')
            title(_('New course'))
            course_form(visit.request, actor)
        return None


def first_course(request: Request, actor: Actor) -> None:
    """Welcome somebody who has no course yet."""
    title(_('Your first course'))
    Text('p', _('Give it a title. Next, paste your list of steps, one per line, like this:')).classes('body')
    Text('pre', say(EXAMPLE)).classes('example')
    ui.link(_('How it goes on from there'), '/help')
    course_form(request, actor)


def course_form(request: Request, actor: Actor) -> None:
    """Draw what it takes to begin a course; then the editor opens."""

    async def create_course() -> None:
        try:
            typed = {'title': name.value or '', 'subject': subject.value or '', 'language': language()}
            course_id = await database.write(catalog.create, actor, **typed)
        except Invalid as refusal:
            name.error = say(refusal)
        else:
            ui.navigate.to(f'/courses/{course_id}')

    with ui.element('div').classes('form'):
        name = ui.input(_('Title'), placeholder=_('Introduction to soil'))
        name.props('outlined autofocus stack-label dir=auto')
        subject = ui.input(_('Subject'), placeholder=_('Geography')).props('outlined stack-label dir=auto')
        for field in (name, subject):
            field.on('keydown.enter', gesture(create_course), args=[[]])
        subject.props['hint'] = _('If you like.')
        creating = ui.button(_('Create the course'), on_click=gesture(create_course)).props('flat no-caps')
        creating.classes('button-primary')
    hint(_('Only you see it until you hand out its code.'))
    CourseUpload(request, actor)
