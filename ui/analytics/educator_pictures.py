"""The pictures of a course: completion and time by checkpoint, activity by week, scores; each with its table behind
it.
"""

from collections.abc import Iterable

from nicegui import ui

from services.analytics import findings
from services.analytics.checkpoint_figures import CheckpointFigures
from services.analytics.educator import CourseFigures
from ui.analytics import educator_tables
from ui.analytics.charts import Part, lying, standing
from ui.analytics.educator_hardest import checkpoint_link
from ui.analytics.educator_tables import Table
from ui.analytics.figure_words import defined
from ui.kit.chart import checkpoint_label
from ui.kit.language import _, say
from ui.kit.text import Text, hint
from ui.kit.time_format import short_day

HOUR = 3600


def completion(figures: CourseFigures, file: str) -> None:
    """Draw how many have done each checkpoint."""
    checkpoints = figures.steps
    says = say(findings.completion(checkpoints, figures.learners))
    if not checkpoints or not figures.learners:
        Text('p', says).classes('chart-title')
        return
    done = [str(checkpoint.done) if checkpoint.done else '' for checkpoint in checkpoints]
    parts = [
        Part(name=_('done'), values=[checkpoint.done for checkpoint in checkpoints], words=done),
        Part(
            name=_('started'),
            values=[checkpoint.started for checkpoint in checkpoints],
            words=['' for _checkpoint in checkpoints],
        ),
    ]
    lying(says, _names(checkpoints), parts, kind='completion')
    hint(_('Learners: first those who have done the step, then those who have started it.'))
    keys = 'done', 'started', 'not_started', 'done_percent', 'stopped', 'helped'
    educator_tables.checkpoint_table(figures, keys, _('Completion by step'), file)


def times(figures: CourseFigures, file: str) -> None:
    """Draw how long each checkpoint takes, beside its plan."""
    known = [checkpoint for checkpoint in figures.steps if checkpoint.median_seconds]
    if not known:
        Text('p', say(findings.times(figures.steps))).classes('chart-title')
        return
    over = [(checkpoint.time_ratio or 0) >= findings.OVER for checkpoint in known]
    minutes = [round((checkpoint.median_seconds or 0) / 60) for checkpoint in known]
    words = [_('{minutes} min', minutes=each) for each in minutes]
    parts = [
        Part(name=_('Usual time'), values=[0 if late else m for late, m in zip(over, minutes, strict=True)],
             words=['' if late else w for late, w in zip(over, words, strict=True)]),
        Part(name=_('Longer than planned'), values=[m if late else 0 for late, m in zip(over, minutes, strict=True)],
             words=[w if late else '' for late, w in zip(over, words, strict=True)]),
    ]  # fmt: skip
    plans = [checkpoint.planned_seconds / 60 if checkpoint.planned_seconds else None for checkpoint in known]
    lying(say(findings.times(figures.steps)), _names(known), parts, marks=plans, kind='times')
    hint(_('Minutes that half of those who did the step needed at most. Diamond: what was planned.'))
    keys = 'median_seconds', 'planned_seconds', 'time_ratio', 'difficulty', 'engagement'
    educator_tables.checkpoint_table(figures, keys, _('Time by step'), file)


def weeks(figures: CourseFigures, file: str) -> None:
    """Draw how much went on in each week."""
    found = figures.weeks
    says = say(findings.weeks(found))
    if not any(each.active_seconds for each in found):
        Text('p', says).classes('chart-title')
        return
    whole = [f'{each.active_seconds / HOUR:.0f}' if each.active_seconds else '' for each in found]
    parts = [
        Part(name=_('alone'), values=[each.study_seconds / HOUR for each in found], words=['' for _week in found]),
        Part(name=_('in class'), values=[each.class_seconds / HOUR for each in found], words=whole),
    ]
    standing(says, [short_day(each.monday) for each in found], parts, kind='weeks')
    hint(_('Hours of all learners by week: below on their own, above in class.'))
    educator_tables.week_table(figures, _('Activity by week'), file)


def scores(figures: CourseFigures, file: str) -> None:
    """Draw how the best scores lie, and lead to the quizzes question by question."""
    bands = figures.scores.score_bands
    says = say(findings.scores(bands))
    if not sum(bands.values()):
        Text('p', says).classes('chart-title')
        return
    parts = [Part(name=_('Best scores'), values=list(bands.values()), words=[str(each) for each in bands.values()])]
    standing(says, list(bands), parts, kind='scores')
    educator_tables.score_table(figures, _('Distribution of scores'), file)


def engagement(figures: CourseFigures) -> None:
    """Draw which checkpoints hold learners best, and which least."""
    if not figures.most_engaging:
        hint(_('As soon as a few learners have begun a step, you see here how well it holds them.'))
        return
    with ui.element('div').classes('two-lists'):
        _engaged(_('Holds them best'), figures.course_id, figures.most_engaging)
        if figures.least_engaging:
            _engaged(_('Holds them least'), figures.course_id, figures.least_engaging)


def _engaged(title: str, course_id: int, checkpoints: tuple[CheckpointFigures, ...]) -> None:
    with ui.element('div').classes('stack-tight'):
        Text('h3', title).classes('chart-title')
        with ui.element('ol').classes('list'):
            for checkpoint in checkpoints:
                with ui.element('li').classes('spread'):
                    with ui.element('span').classes('grow'):
                        Text('span', f'{checkpoint.number} ').classes('number hint')
                        checkpoint_link(course_id, checkpoint.checkpoint_id, checkpoint.kind, checkpoint.title)
                    Text('b', str(checkpoint.engagement)).classes('number')
        defined('engagement').classes('hint')


def quizzes(figures: CourseFigures) -> None:
    """Lead to the questions of each quiz, one by one."""
    asked = [checkpoint for checkpoint in figures.steps if checkpoint.mean_score is not None]
    if not asked:
        Text('p', _('No quiz of this course has a score yet.')).classes('chart-title')
        return
    with ui.element('ul').classes('list'):
        for checkpoint in asked:
            with ui.element('li').classes('spread'):
                with ui.element('span').classes('grow'):
                    Text('span', f'{checkpoint.number} ').classes('number hint')
                    checkpoint_link(figures.course_id, checkpoint.checkpoint_id, checkpoint.kind, checkpoint.title)
                with ui.element('span').classes('line'):
                    defined('mean_score').classes('hint')
                    Text('b', f'{checkpoint.mean_score:.0f}').classes('number')


def listed(checkpoints: Iterable[CheckpointFigures], figure: str) -> list[tuple[object, ...]]:
    """Return what a list of checkpoints with one figure shows: other figures change with each tap."""
    return [
        (checkpoint.checkpoint_id, checkpoint.kind, checkpoint.number, checkpoint.title, getattr(checkpoint, figure))
        for checkpoint in checkpoints
    ]


def file_of(address: str, table: Table) -> str:
    """Return where a table of the page at an address is taken away."""
    path, _mark, query = address.partition('?')
    return f'{path}/{table}.csv' + (f'?{query}' if query else '')


def _names(checkpoints: tuple[CheckpointFigures, ...] | list[CheckpointFigures]) -> list[str]:
    return [checkpoint_label(checkpoint.number, checkpoint.title) for checkpoint in checkpoints]
