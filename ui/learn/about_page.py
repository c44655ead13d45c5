"""`/courses/{course_id}/about`: what a course is about, its modules with their descriptions, and its checkpoints."""

from collections.abc import Sequence

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.content.prose import prepare
from services.core import database
from services.core.transaction import Transaction
from services.courses import views
from services.courses.views import CourseShown
from services.quizzes import spacing
from services.quizzes.spacing import ToReview
from services.study import course_path
from services.study.course_path import CourseFound
from services.study.path import PathPart
from ui.kit.language import _, ngettext
from ui.kit.markdown import prose
from ui.kit.skill_list import draw_due
from ui.kit.text import Text, heading, hint, title
from ui.learn.path import address_of, facts_of
from ui.shell.frame import frame, title_page, way_back
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/about', title='About the course')
    async def about(visit: Visit, course_id: int) -> Response | None:
        course, found, due = await database.read(_read, visit.signed_in(), course_id)
        await prepare(course.description, *(part.description for part in found.modules))
        title_page(_('About the course'), course.title)
        with frame(visit, name=course.title):
            way_back(_('Your courses'), '/')
            _head(course, found)
            draw_due(due)
            for part in found.modules:
                _module(course_id, part)
        return None


def _read(tx: Transaction, actor: Actor, course_id: int) -> tuple[CourseShown, CourseFound, Sequence[ToReview]]:
    found = course_path.of_course(tx, actor, course_id)
    due = spacing.due(tx, actor, course_id, actor.user_id) if found.place else ()
    return views.shown(tx, actor, course_id), found, due


def _head(course: CourseShown, found: CourseFound) -> None:
    with ui.element('div').classes('stack-tight'):
        if course.subject:
            Text('p', course.subject).classes('step-place')
        title(course.title)
        hint(_('Taught by {names}', names=', '.join(course.taught_by)))
    if course.description:
        prose(course.description)
    if found.continue_at:
        words = _('To the steps') if found.place is None or not found.place.percent else _('Continue learning')
        way = ui.link(words, f'/courses/{course.course_id}/learn/{found.continue_at}')
        way.classes('button-primary')
    else:
        hint(_('There are no steps yet.'))


def _module(course_id: int, part: PathPart) -> None:
    with ui.element('section').classes('stack-tight about-module') as section:
        section.props['aria-label'] = part.title
        heading(part.title)
        count = len(part.steps)
        minutes = sum(checkpoint.minutes or 0 for checkpoint in part.steps)
        size = ngettext('{count} step', '{count} steps', count)
        hint(f'{size} · {_("about {minutes} min", minutes=minutes)}' if minutes else size)
        if part.description:
            prose(part.description)
        with ui.element('ul').classes('list about-steps'):
            for checkpoint in part.steps:
                with ui.element('li'):
                    ui.link(checkpoint.title, address_of(course_id, checkpoint)).props('dir=auto')
                    if facts := facts_of(checkpoint):
                        hint(facts)
