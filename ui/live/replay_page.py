"""`/courses/{course_id}/classes`: the classes that are over, side by side, and each of them again on the grid."""

from collections.abc import Sequence
from html import escape

from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from services.core import database
from services.core.phrases import Phrase, phrase
from services.live import course_head
from services.live.replay import classes as replay_classes
from services.live.replay.checkpoint_times import CheckpointTimes
from services.live.replay.classes import Held, Replay
from ui.kit.group_filter import GroupFilter, asked_group, in_group
from ui.kit.language import _, say
from ui.kit.text import Text, heading, hint, named, title
from ui.kit.time_format import exact, short, span, stopwatch
from ui.live.checkpoint_chart import draw_checkpoint_chart
from ui.live.past_questions import past_questions, prepare_questions
from ui.live.replay_player import Player
from ui.shell.course_frame import Tab, course_frame
from ui.shell.frame import way_back
from ui.shell.page import page
from ui.shell.request import Visit

COLUMNS = (
    phrase('Step'),
    phrase('Half done by'),
    phrase('Nine tenths done by'),
    phrase('Planned'),
    phrase('A quarter took'),
    phrase('Half took'),
    phrase('Three quarters took'),
    phrase('The slowest took'),
)
COMPARED = (phrase('Class'), phrase('People'), phrase('Length'), phrase('Done'), phrase('Time for a step'))


def create() -> None:
    """Declare the pages."""

    @page('/courses/{course_id:id}/classes', title='Classes')
    async def classes(visit: Visit, course_id: int) -> Response | None:
        address, group = f'/courses/{course_id}/classes', asked_group(visit.request)
        found = await database.read(replay_classes.of_course, visit.signed_in(), course_id, group=group)
        if group and group not in found.groups:
            return RedirectResponse(address, status_code=303)
        head = await database.read(course_head.of_course, visit.actor, course_id)
        with course_frame(visit, head, Tab.CLASSES, wide=True):
            title(_('Classes'))
            if found.held:
                GroupFilter(address, found.groups, group)
                _table(_comparison(address, found.held, group), _('All classes'))
            else:
                with ui.element('div').classes('empty'):
                    Text('h2', _('No class of this course is over yet')).classes('heading')
                    Text('p', _('Afterwards you see here how each step went, and can watch the class again.'))
                    ui.link(_('To the class'), f'/courses/{course_id}/live').classes('button-primary')
        return None

    @page('/courses/{course_id:id}/classes/{session_id:id}', title='Replay')
    async def again(visit: Visit, course_id: int, session_id: int) -> Response | None:
        address, group = f'/courses/{course_id}/classes', asked_group(visit.request)
        told = await database.read(replay_classes.of_class, visit.signed_in(), course_id, session_id, group=group)
        if group and group not in told.groups:
            return RedirectResponse(f'{address}/{session_id}', status_code=303)
        head = await database.read(course_head.of_course, visit.actor, course_id)
        await prepare_questions(told.questions)
        name = _('Class of {moment}', moment=exact(told.held.started_at))
        with course_frame(visit, head, Tab.CLASSES, wide=True, title=name):
            way_back(_('All classes'), in_group(address, group))
            title(name)
            GroupFilter(f'{address}/{session_id}', told.groups, group)
            if told.names:
                Player(told)
                heading(_('How each step went'))
                draw_checkpoint_chart(told.times)
                _table(_checkpoints(told), _('How each step went'))
                past_questions(told.questions)
            else:
                hint(_('Nobody of this group joined this class.') if group else _('Nobody joined this class.'))
        return None


def _table(html: str, label: str) -> None:
    """Draw a table; where it is wider than the screen, the arrow keys move it."""
    named(ui.html(html, sanitize=False).classes('roll').props('tabindex=0 role=region'), label)


def _comparison(address: str, held: Sequence[Held], group: str) -> str:
    rows = ''.join(
        f'<tr><th scope="row"><a href="{escape(in_group(f"{address}/{each.session_id}", group))}">'
        f'{escape(short(each.started_at))}</a></th>'
        f'<td>{each.people}</td><td>{span(each.seconds)}</td><td>{each.percent} %</td>'
        f'<td>{stopwatch(each.step_seconds)}</td></tr>'
        for each in held
    )
    head = _head(COMPARED)
    return f'<table class="roll-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _checkpoints(told: Replay) -> str:
    head = _head(COLUMNS)
    rows = ''.join(
        f'<tr><th scope="row" dir="auto">{checkpoint.column.number} {escape(checkpoint.column.title)}</th>'
        + ''.join(f'<td>{stopwatch(each)}</td>' for each in _figures(checkpoint))
        + '</tr>'
        for checkpoint in told.times
    )
    return f'<table class="roll-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _head(columns: Sequence[Phrase]) -> str:
    return ''.join(f'<th scope="col">{escape(say(name))}</th>' for name in columns)


def _figures(checkpoint: CheckpointTimes) -> tuple[int | None, ...]:
    quarters = checkpoint.quarters or (None, None, None)
    return *checkpoint.reached, checkpoint.planned, *quarters, checkpoint.took[-1] if checkpoint.took else None
