"""The pictures of a learner: time by checkpoint, weeks, time of day, how they do by tag and by subject, with their
tables.
"""

from collections.abc import Mapping, Sequence
from html import escape

from services.analytics import definitions, learner_findings
from services.analytics.learner import LearnerFigures
from services.analytics.subjects import SubjectFigures
from services.enums import DayPart
from ui.analytics import educator_tables
from ui.analytics.charts import Part, lying, standing
from ui.analytics.figure_words import defined_html, shown
from ui.kit.chart import checkpoint_label
from ui.kit.language import Spoken, _, say
from ui.kit.text import Text, hint
from ui.kit.time_format import short_day

CHECKPOINT_KEYS = 'seconds', 'planned_seconds', 'is_done'
WEEK_KEYS = 'study_seconds', 'class_seconds', 'active_days', 'steps_completed'
SUBJECT_KEYS = 'subject_mean', 'scored'
PARTS: Mapping[DayPart, str] = Spoken(
    {
        DayPart.NIGHT: lambda: _('0 to 6'),
        DayPart.MORNING: lambda: _('6 to 12'),
        DayPart.AFTERNOON: lambda: _('12 to 18'),
        DayPart.EVENING: lambda: _('18 to 24'),
    }
)
MOST_BARS = 12
"""checkpoints in the picture; the table has all"""


def times(figures: LearnerFigures, file: str) -> None:
    """Draw how long each checkpoint took; the three slowest stand out."""
    says = say(learner_findings.times(figures.times))
    if not figures.times:
        Text('p', says).classes('chart-title')
        return
    shown_checkpoints = figures.times[-MOST_BARS:]
    minutes = [max(1, checkpoint.seconds // 60) for checkpoint in shown_checkpoints]
    words = [_('{minutes} min', minutes=each) for each in minutes]
    slow = [checkpoint.is_slowest for checkpoint in shown_checkpoints]
    parts = [
        Part(
            name=_('Time'),
            values=[0 if late else each for late, each in zip(slow, minutes, strict=True)],
            words=['' if late else each for late, each in zip(slow, words, strict=True)],
        ),
        Part(
            name=_('The slowest three'),
            values=[each if late else 0 for late, each in zip(slow, minutes, strict=True)],
            words=[each if late else '' for late, each in zip(slow, words, strict=True)],
        ),
    ]
    plans = [
        checkpoint.planned_seconds / 60 if checkpoint.planned_seconds else None for checkpoint in shown_checkpoints
    ]
    lying(
        says,
        [checkpoint_label(checkpoint.number, checkpoint.title) for checkpoint in shown_checkpoints],
        parts,
        marks=plans,
        kind='own-times',
    )
    hint(_('Minutes at each step. Diamond: what was planned. Taking longer is fine.'))
    head = [escape(_('Step')), *map(defined_html, CHECKPOINT_KEYS)]
    rows = [
        [
            f'{checkpoint.number} {checkpoint.title}',
            *_cells(('seconds', 'planned_seconds'), checkpoint),
            _yes(checkpoint.is_done),
        ]
        for checkpoint in figures.times
    ]
    educator_tables.behind(_('Time by step'), head, rows, f'{file}/steps.csv')


def weeks(figures: LearnerFigures, file: str) -> None:
    """Draw how much the learner did in each week."""
    found = figures.weeks
    says = say(learner_findings.weeks(found))
    if not any(week.active_seconds for week in found):
        Text('p', says).classes('chart-title')
        return
    whole = [_words(week.active_seconds) for week in found]
    parts = [
        Part(name=_('alone'), values=[week.study_seconds / 60 for week in found], words=['' for _week in found]),
        Part(name=_('in class'), values=[week.class_seconds / 60 for week in found], words=whole),
    ]
    standing(says, [short_day(week.monday) for week in found], parts, kind='weeks')
    hint(_('Minutes by week: below on your own, above in class.'))
    head = [escape(_('Week from')), *map(defined_html, WEEK_KEYS)]
    rows = [[short_day(week.monday), *_cells(WEEK_KEYS, week)] for week in found]
    educator_tables.behind(_('Weeks'), head, rows, f'{file}/weeks.csv')


def time_of_day(figures: LearnerFigures, file: str) -> None:
    """Draw at which time of the day the learner studies."""
    found = figures.time_of_day
    says = say(learner_findings.time_of_day(found))
    if sum(found.values()) < learner_findings.ENOUGH:
        Text('p', says).classes('chart-title')
        return
    minutes = [found[part] // 60 for part in PARTS]
    part = Part(name=_('Minutes'), values=minutes, words=[_words(60 * each) if each else '' for each in minutes])
    standing(says, [PARTS[each] for each in PARTS], [part], kind='own-day')
    head = [escape(_('Hours')), defined_html('time_of_day')]
    rows = [[PARTS[each], shown(definitions.of('time_of_day'), found[each])] for each in PARTS]
    educator_tables.behind(_('Time of day'), head, rows, f'{file}/day.csv')


def tags(figures: LearnerFigures, file: str) -> None:
    """Draw how the learner does at the checkpoints with each tag."""
    if not figures.tags:
        hint(_('As soon as two steps with the same tag have a score, you see here what you are strong in.'))
        return
    head = [escape(_('Tag')), defined_html('tag_mean'), defined_html('scored')]
    rows = [[each.tag, *_cells(('tag_mean', 'scored'), each)] for each in figures.tags]
    educator_tables.draw(_('Strengths'), head, [[escape(cell) for cell in row] for row in rows])


def subjects(found: Sequence[SubjectFigures]) -> None:
    """Draw how the learner does in each subject, with a word for strengths and for what is worth another look."""
    if not found:
        hint(_('As soon as two steps of courses with a subject have a score, you see here how you do in it.'))
        return
    head = [escape(_('Subject')), *map(defined_html, SUBJECT_KEYS), escape(_('How it goes'))]
    rows = [[each.subject, *_cells(SUBJECT_KEYS, each), _verdict(each)] for each in found]
    educator_tables.draw(_('By subject'), head, [[escape(cell) for cell in row] for row in rows])


def _verdict(figures: SubjectFigures) -> str:
    if figures.is_strong:
        return _('a strength')
    return _('worth another look') if figures.is_weak else _('on the way')


def _cells(keys: tuple[str, ...], row: object) -> list[str]:
    return [shown(definitions.of(key), getattr(row, key)) for key in keys]


def _yes(is_so: bool) -> str:
    return _('yes') if is_so else _('no')


def _words(seconds: int) -> str:
    minutes = seconds // 60
    if minutes < 60:
        return _('{minutes} min', minutes=minutes) if minutes else ''
    return _('{hours} h', hours=f'{minutes / 60:.1f}'.removesuffix('.0'))
