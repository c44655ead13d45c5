"""The result of the class that has just ended, on the page of the instructor who held it."""

from collections.abc import Sequence

from nicegui import ui

from services.live.replay.result import Result
from ui.kit.group_filter import GroupFilter, in_group
from ui.kit.language import _, ngettext
from ui.kit.text import Text, heading, title
from ui.kit.theme import filled
from ui.kit.time_format import span
from ui.live.past_questions import past_questions


class ClassResult:
    """Draws the result, with the way to the replay as its filled button."""

    def __init__(self, course_id: int, result: Result, group: str) -> None:
        """`group` is the one whose result it is; empty for everybody."""
        title(_('The class has ended'))
        GroupFilter(f'/courses/{course_id}/live', result.groups, group)
        held = result.held
        people = ngettext('{count} person came', '{count} people came', held.people)
        Text('p', f'{people} · {span(held.seconds)} · {_("{percent} % done", percent=held.percent)}')
        with ui.element('div').classes('line'):
            again = in_group(f'/courses/{course_id}/classes/{held.session_id}', group)
            attendance = in_group(f'/courses/{course_id}/attendance/{held.session_id}', group)
            ui.link(_('Look at it again'), again).classes('button-primary')
            ui.link(_('Attendance'), attendance).classes('button-quiet')
            ui.link(_('Back to the course'), f'/courses/{course_id}').classes('button-quiet button-bare')
        if held.people:
            heading(_('Done, step by step'))
            with ui.element('ul').classes('list'):
                for checkpoint, share in result.shares:
                    _share(checkpoint, share or 0)
        past_questions(result.questions)
        _names(_('Finished everything'), result.finished)
        _names(_('Asked for help'), result.asked)
        _names(_('Was not there'), result.absent)


def _share(checkpoint: str, percent: int) -> None:
    with ui.element('li').classes('result-step'):
        Text('span', checkpoint).classes('grow')
        bar = ui.element('span').classes(f'bar {filled(percent)}')
        bar.props['aria-hidden'] = 'true'
        Text('span', _('{percent} %', percent=percent)).classes('number')


def _names(label: str, names: Sequence[str]) -> None:
    """Draw some names under a heading; nothing where there are none."""
    if not names:
        return
    heading(f'{label} ({len(names)})')
    with ui.element('ul').classes('result-names'):
        for name in names:
            Text('li', name).props('translate=no')
