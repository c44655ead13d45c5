"""`/courses/{course_id}/time`: how long a learner studied a course alone, for them and for those who teach it."""

from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response
from nicegui import ui

from services.core import database
from services.live import course_head
from services.study import times
from services.study.times import Learning, SessionTime
from ui.kit.device_words import device_in_words
from ui.kit.language import _
from ui.kit.text import title
from ui.kit.time_format import foreign, local
from ui.learn.study_time_tables import draw_learning
from ui.shell.course_frame import Tab, course_frame
from ui.shell.downloads import Download, hand_out, spreadsheet
from ui.shell.frame import frame, title_page, way_back
from ui.shell.page import page
from ui.shell.request import Visit

router = APIRouter()


def create() -> None:
    """Declare the pages."""

    @page('/courses/{course_id:id}/time', title='Your learning')
    async def own_time(visit: Visit, course_id: int) -> Response | None:
        learning = await database.read(times.own, visit.signed_in(), course_id)
        title_page(_('Your learning'), learning.course)
        with frame(visit, wide=True):
            way_back(learning.course, f'/courses/{course_id}/learn')
            with ui.element('div').classes('spread'):
                title(_('Your learning'))
                ui.link(_('How you are getting on'), f'/courses/{course_id}/outlook').classes('button-quiet')
            draw_learning(learning, f'/courses/{course_id}/time.csv', is_own=True)
        return None

    @page('/courses/{course_id:id}/people/{user_id:id}/time', title='Study time')
    async def time_of(visit: Visit, course_id: int, user_id: int) -> Response | None:
        learning = await database.read(times.of_learner, visit.signed_in(), course_id, user_id)
        head = await database.read(course_head.of_course, visit.actor, course_id)
        with course_frame(visit, head, Tab.PEOPLE, wide=True, title=_('Study time')):
            way_back(_('All people'), f'/courses/{course_id}/people')
            title(learning.learner).props('translate=no')
            draw_learning(learning, f'/courses/{course_id}/people/{user_id}/time.csv', is_own=False)
        return None


@router.get('/courses/{course_id:id}/time.csv')
async def own_file(request: Request, course_id: int) -> Response:
    """Return the learner's own sessions in a course as a file that spreadsheets open."""
    return await _file(request, course_id)


@router.get('/courses/{course_id:id}/people/{user_id:id}/time.csv')
async def file_of(request: Request, course_id: int, user_id: int) -> Response:
    """Return the sessions of a learner as a file that spreadsheets open."""
    return await _file(request, course_id, user_id)


async def _file(request: Request, course_id: int, user_id: int | None = None) -> Response:
    async def make(visit: Visit) -> Download:
        actor = visit.signed_in()
        learning = (
            await database.read(times.own, actor, course_id)
            if user_id is None
            else await database.read(times.of_learner, actor, course_id, user_id)
        )
        return spreadsheet(f'study-time-{course_id}', _rows(learning, actor.zone))

    return await hand_out(request, make, page=request.url.path.removesuffix('.csv'))


def _rows(learning: Learning, zone: ZoneInfo) -> list[list[str | int | None]]:
    place = foreign(zone)
    started = _('Started ({zone})', zone=place) if place else _('Started')
    ended = _('Ended ({zone})', zone=place) if place else _('Ended')
    heads = [started, ended, _('Device'), _('Studied (s)'), _('Idle (s)'), _('Pages'), _('Videos'), _('Quizzes')]
    return [[*heads], *(_file_row(each, zone) for each in learning.sessions)]


def _file_row(each: SessionTime, zone: ZoneInfo) -> list[str | int | None]:
    ended = f'{local(each.ended_at, zone):%Y-%m-%d %H:%M:%S}' if each.ended_at else ''
    return [
        f'{local(each.started_at, zone):%Y-%m-%d %H:%M:%S}',
        ended,
        device_in_words(each.device),
        each.active_seconds,
        each.idle_seconds,
        each.pages_viewed,
        each.videos_watched,
        each.quizzes_attempted,
    ]
