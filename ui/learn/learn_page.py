"""`/courses/{course_id}/learn`: a course at the learner's own pace, one page for each checkpoint."""

from collections.abc import Sequence
from itertools import count

from fastapi.responses import RedirectResponse, Response
from nicegui import background_tasks, ui

from services.certificates import lookup
from services.content import prose
from services.core import audience, database, hub
from services.core.events import Event
from services.study import path
from ui.content.lesson_context import Lesson
from ui.content.passages import prepare
from ui.kit.handlers import gesture
from ui.kit.language import _, for_reader
from ui.kit.text import Text, title
from ui.learn import module_intro
from ui.learn.learning import Learning
from ui.shell import before_sign_out
from ui.shell.browser_clock import BrowserClock
from ui.shell.frame import frame, title_page, way_back
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the pages."""

    @page('/courses/{course_id:id}/learn', title='Learn')
    async def go_on(visit: Visit, course_id: int) -> Response | None:
        checkpoint_id = await database.read(path.continue_at, visit.signed_in(), course_id)
        if checkpoint_id is not None:
            return RedirectResponse(f'/courses/{course_id}/learn/{checkpoint_id}', status_code=303)
        with frame(visit), ui.element('div').classes('empty'):
            way_back(_('Your courses'), '/')
            title(_('There is nothing to learn here yet'))
            Text('p', _('As soon as your instructor adds the first step, you will find it here.'))
            ui.link(_('About this course'), f'/courses/{course_id}/about').classes('button-quiet')
        return None

    @page('/courses/{course_id:id}/learn/{checkpoint_id:id}', title='Learn')
    async def learn(visit: Visit, course_id: int, checkpoint_id: int) -> Response | None:
        actor = visit.signed_in()
        place = await database.read(path.place, actor, course_id, checkpoint_id)
        await prepare(place.checkpoint.body, place.checkpoint.description)
        await prose.prepare(module_intro.description_at(place))
        certificate = await database.read(lookup.for_course, actor, course_id)
        title_page(place.checkpoint.title, place.course_title)
        lesson = Lesson(visit.request, actor, place)
        with frame(visit, name=place.course_title, wide=True):
            if actor.is_guest and not actor.time_zone:  # a guest comes from a class, past the start page that asks
                BrowserClock(visit, actor)
            learning = Learning(lesson, certificate)
        _connect(lesson, learning)
        return None


def _connect(lesson: Lesson, learning: Learning) -> None:
    """Subscribe the page to its course, and save what its parts hold when the learner leaves it."""
    client = ui.context.client
    has_missed = False

    def follow(events: Sequence[Event]) -> None:
        nonlocal has_missed
        # a page without a connection is kept for a while unseen; it is read again when its learner comes back
        if client.has_socket_connection:
            learning.follow(events)
        else:
            has_missed = True

    stop = hub.watch(audience.of_learner(lesson.course_id, lesson.actor.user_id), for_reader(follow))
    forget = before_sign_out.before_sign_out(lesson.actor, lesson.sign_out)
    connections = count(1)

    @gesture
    async def connected() -> None:
        nonlocal has_missed
        if next(connections) > 1 or has_missed:
            has_missed = False
            await learning.look_again(fresh=True)

    def gone() -> None:
        stop()
        forget()
        background_tasks.create(lesson.leave())

    client.on_connect(connected)
    client.on_delete(gone)
