"""A learner's study time in words, by week, by checkpoint and by session."""

from collections.abc import Mapping
from html import escape

from nicegui import ui

from services.core import clock
from services.study.times import CheckpointTime, Learning, ModeTime, SessionTime
from services.study.weeks import by_week
from ui.kit.device_words import device_in_words
from ui.kit.language import _
from ui.kit.text import Text, heading, hint
from ui.kit.time_format import about, of_day, short, times_are_in, zone_of_page
from ui.learn.study_weeks import draw_weeks

AT_ONCE = 50
"""How many sessions are shown; the file has all."""


def draw_learning(learning: Learning, file: str, *, is_own: bool) -> None:
    """Draw all that is known of a learner's time in a course; `file` is the address of their sessions as CSV."""
    if not learning.sessions and not any(
        checkpoint.alone or checkpoint.in_class for checkpoint in learning.checkpoints
    ):
        with ui.element('div').classes('empty'):
            Text('h2', _('Nothing yet')).classes('heading')
            Text('p', _('As soon as a step is worked on, the time that it takes is shown here.'))
        return
    Text('p', _in_words(learning, is_own=is_own)).props('dir=auto')
    hint(_('Only time in which something happens counts, on one device at a time.') + times_are_in())
    draw_weeks(by_week(learning.sessions, zone_of_page(), clock.now()))
    heading(_('Steps'))
    _draw_checkpoints(learning, is_own=is_own)
    if learning.sessions:
        with ui.element('div').classes('spread'):
            heading(_('Sessions'))
            ui.link(_('Download as CSV'), file).classes('button-quiet')
        heads = [_('Started'), _('Device'), _('Studied'), _('Idle'), _('Pages'), _('Videos'), _('Quizzes')]
        _draw_table(_('Sessions'), heads, ''.join(_session_row(each) for each in learning.sessions[:AT_ONCE]))
    if len(learning.sessions) > AT_ONCE:
        hint(_('The last {shown} of {count} sessions; the file has all.', shown=AT_ONCE, count=len(learning.sessions)))


def _draw_table(name: str, heads: list[str], rows: str, *, classes: str = 'time-table') -> None:
    """Draw a table that scrolls sideways where the screen is too narrow for it; `rows` is HTML."""
    columns = ''.join(f'<th role="columnheader" scope="col">{escape(head)}</th>' for head in heads)
    head = f'<thead role="rowgroup"><tr role="row">{columns}</tr></thead>'
    table = f'<table class="roll-table {classes}">{head}<tbody>{rows}</tbody></table>'
    scrolled = ui.html(table, sanitize=False).classes('roll').props('tabindex=0 role=region')
    scrolled.props['aria-label'] = name


def _in_words(learning: Learning, *, is_own: bool) -> str:
    time, name = about(learning.seconds), learning.learner
    if is_own:
        studied = _('You have studied {time} here on your own.', time=time)
        return studied if learning.seconds else _('You have no study time here yet.')
    studied = _('{name} has studied {time} here on their own.', name=name, time=time)
    return studied if learning.seconds else _('{name} has no study time here yet.', name=name)


def _draw_checkpoints(learning: Learning, *, is_own: bool) -> None:
    """Draw a row for each checkpoint, with a column for each way of learning that this learner has used."""
    alone = _('On your own') if is_own else _('On their own')
    ways = {
        alone: [checkpoint.alone for checkpoint in learning.checkpoints],
        _('In class'): [checkpoint.in_class for checkpoint in learning.checkpoints],
    }
    used = {way: standings for way, standings in ways.items() if any(standings)}
    rows = ''.join(
        _checkpoint_row(checkpoint, {way: standings[number] for way, standings in used.items()})
        for number, checkpoint in enumerate(learning.checkpoints)
    )
    _draw_table(_('Steps'), [_('Step'), _('Studied'), *used], rows, classes='time-table time-steps')


def _checkpoint_row(checkpoint: CheckpointTime, ways: Mapping[str, ModeTime | None]) -> str:
    """Return the HTML of a row; it has roles, because on a phone it is laid out as lines."""
    number = f'{checkpoint.number} ' if checkpoint.number else ''
    gone = '' if checkpoint.number else f'<div class="hint">{_("not counted now")}</div>'
    cells = ''.join(
        f'<td role="cell" class="time-way" data-way="{escape(way)}">{_standing(standing)}</td>'
        for way, standing in ways.items()
    )
    return (
        f'<tr role="row"><th role="rowheader" scope="row">{number}<bdi>{escape(checkpoint.title)}</bdi>{gone}</th>'
        f'<td role="cell">{_seconds(checkpoint.seconds)}</td>{cells}</tr>'
    )


def _standing(standing: ModeTime | None) -> str:
    if standing is None:
        return f'<span class="visually-hidden">{_("not yet")}</span>'
    started = f'<div class="hint time-started">{_("started {moment}", moment=short(standing.started_at))}</div>'
    if standing.completed_at is None:
        return f'{_("under way")}{started}'
    took = ''
    if standing.seconds:
        took = f'<div class="hint">{_("took {time}", time=about(standing.seconds))}</div>'
    return f'{_("done {moment}", moment=short(standing.completed_at))}{started}{took}'


def _session_row(each: SessionTime) -> str:
    ended = _('until {moment}', moment=of_day(each.ended_at, each.started_at)) if each.ended_at else _('goes on')
    return (
        f'<tr><th scope="row">{short(each.started_at)}<div class="hint">{ended}</div></th>'
        f'<td><bdi>{escape(device_in_words(each.device))}</bdi></td><td>{_seconds(each.active_seconds)}</td>'
        f'<td>{_seconds(each.idle_seconds)}</td><td>{each.pages_viewed}</td><td>{each.videos_watched}</td>'
        f'<td>{each.quizzes_attempted}</td></tr>'
    )


def _seconds(seconds: int) -> str:
    return escape(about(seconds)) if seconds else '<span class="hint">–</span>'
