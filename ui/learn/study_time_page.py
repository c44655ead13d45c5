"""`/courses/{course_id}/time`: how long a learner studied a course alone, for them and for those who teach it."""

from html import escape
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from services.core import database, server_log
from services.core.csv import csv_text
from services.core.errors import DomainError, NotSignedIn
from services.study import times
from services.study.times import Learning, Standing, StepTime, Stretch
from ui.kit.text import Text, heading, hint, title
from ui.kit.time_format import foreign, local, of_day, short, span, times_are_in
from ui.shell.frame import frame
from ui.shell.page import page
from ui.shell.request import Visit, visit_of
from ui.shell.static_pages import plain_problem
from web.status import status_of

router = APIRouter()

AT_ONCE = 50
"""How many sessions are shown; the file has all."""


def create() -> None:
    """Declare the pages."""

    @page('/courses/{course_id:id}/time', title='Your learning')
    async def own_time(visit: Visit, course_id: int) -> Response | None:
        learning = await database.read(times.own, visit.signed_in(), course_id)
        with frame(visit, wide=True):
            _way_back(f'/courses/{course_id}/learn', learning.course)
            title('Your learning')
            _draw(learning, f'/courses/{course_id}/time.csv', 'You have', 'your')
        return None

    @page('/courses/{course_id:id}/people/{user_id:id}/time', title='Study time')
    async def time_of(visit: Visit, course_id: int, user_id: int) -> Response | None:
        learning = await database.read(times.of_learner, visit.signed_in(), course_id, user_id)
        with frame(visit, wide=True):
            _way_back(f'/courses/{course_id}/people', f'{learning.course}: people')
            title(learning.learner)
            _draw(learning, f'/courses/{course_id}/people/{user_id}/time.csv', f'{learning.learner} has', 'their')
        return None


@router.get('/courses/{course_id:id}/time.csv')
async def own_file(request: Request, course_id: int) -> Response:
    """Give one's own sessions in a course as a file that spreadsheets open."""
    return await _file(request, course_id)


@router.get('/courses/{course_id:id}/people/{user_id:id}/time.csv')
async def file_of(request: Request, course_id: int, user_id: int) -> Response:
    """Give the sessions of a learner as a file that spreadsheets open."""
    return await _file(request, course_id, user_id)


async def _file(request: Request, course_id: int, user_id: int | None = None) -> Response:
    server_log.begin_request()
    try:
        actor = (await visit_of(request)).signed_in()
        learning = (
            await database.read(times.own, actor, course_id)
            if user_id is None
            else await database.read(times.of_learner, actor, course_id, user_id)
        )
    except NotSignedIn:
        return RedirectResponse(f'/sign-in?next={request.url.path.removesuffix(".csv")}', status_code=303)
    except DomainError as refusal:
        return plain_problem(status_of(refusal), str(refusal))
    return Response(
        csv_text(_rows(learning, actor.zone)),
        media_type='text/csv; charset=utf-8',
        headers={
            'content-disposition': f'attachment; filename="study-time-{course_id}.csv"',
            'cache-control': 'no-store',
        },
    )


def _rows(learning: Learning, zone: ZoneInfo) -> list[list[str | int | None]]:
    of_zone = f' ({foreign(zone)})' if foreign(zone) else ''
    heads = [f'Started{of_zone}', f'Ended{of_zone}', 'Device', 'Studied (s)', 'Idle (s)', 'Pages', 'Videos']
    return [[*heads], *(_file_row(each, zone) for each in learning.sessions)]


def _file_row(each: Stretch, zone: ZoneInfo) -> list[str | int | None]:
    ended = f'{local(each.ended_at, zone):%Y-%m-%d %H:%M:%S}' if each.ended_at else ''
    return [
        f'{local(each.started_at, zone):%Y-%m-%d %H:%M:%S}',
        ended,
        each.device,
        each.active_seconds,
        each.idle_seconds,
        each.pages_viewed,
        each.videos_watched,
    ]


def _way_back(address: str, name: str) -> None:
    with ui.element('nav').props('aria-label="Where you are"'):
        ui.link(name, address).props('dir=auto')


def _draw(learning: Learning, file: str, who_has: str, whose: str) -> None:
    if not learning.sessions and not any(step.alone or step.in_class for step in learning.steps):
        with ui.element('div').classes('empty'):
            Text('h2', 'Nothing yet').classes('heading')
            Text('p', 'As soon as a step is worked on, the time that it takes is shown here.')
        return
    studied = f'studied {span(learning.seconds)} here on {whose} own' if learning.seconds else 'no study time here yet'
    Text('p', f'{who_has} {studied}.').props('dir=auto')
    hint(f'Only time in which something happens counts, on one device at a time.{times_are_in()}')
    heading('Steps')
    _table(
        'Steps',
        ('Step', 'Studied', 'On your own' if whose == 'your' else 'On their own', 'In class'),
        ''.join(_step_row(step) for step in learning.steps),
    )
    if learning.sessions:
        with ui.element('div').classes('spread'):
            heading('Sessions')
            ui.link('Download as CSV', file).classes('button-quiet')
        heads = ('Started', 'Device', 'Studied', 'Idle', 'Pages', 'Videos')
        _table('Sessions', heads, ''.join(_session_row(each) for each in learning.sessions[:AT_ONCE]))
    if len(learning.sessions) > AT_ONCE:
        hint(f'The last {AT_ONCE} of {len(learning.sessions)} sessions; the file has all of them.')


def _table(name: str, heads: tuple[str, ...], rows: str) -> None:
    columns = ''.join(f'<th scope="col">{head}</th>' for head in heads)
    table = f'<table class="roll-table time-table"><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>'
    ui.html(table, sanitize=False).classes('roll').props(f'tabindex=0 role=region aria-label="{name}"')


def _step_row(step: StepTime) -> str:
    number = f'{step.number} ' if step.number else ''
    gone = '' if step.number else '<div class="hint">does not count any longer</div>'
    return (
        f'<tr><th scope="row"><span dir="auto">{number}{escape(step.title)}</span>{gone}</th>'
        f'<td>{_seconds(step.seconds)}</td><td>{_standing(step.alone)}</td><td>{_standing(step.in_class)}</td></tr>'
    )


def _standing(standing: Standing | None) -> str:
    if standing is None:
        return '<span class="visually-hidden">not yet</span>'
    started = f'<div class="hint">started {short(standing.started_at)}</div>'
    if standing.completed_at is None:
        return f'under way{started}'
    took = f'<div class="hint">took {span(standing.seconds)}</div>' if standing.seconds is not None else ''
    return f'done {short(standing.completed_at)}{started}{took}'


def _session_row(each: Stretch) -> str:
    ended = f'until {of_day(each.ended_at, each.started_at)}' if each.ended_at else 'goes on'
    return (
        f'<tr><th scope="row">{short(each.started_at)}<div class="hint">{ended}</div></th>'
        f'<td><span dir="auto">{escape(each.device)}</span></td><td>{_seconds(each.active_seconds)}</td>'
        f'<td>{_seconds(each.idle_seconds)}</td><td>{each.pages_viewed}</td><td>{each.videos_watched}</td></tr>'
    )


def _seconds(seconds: int) -> str:
    return span(seconds) if seconds else '<span class="hint">–</span>'
