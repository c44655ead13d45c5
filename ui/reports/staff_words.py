"""What those who teach write for the reports about a learner: fields below the report, and things to be done."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.errors import Invalid
from services.enums import ActionPriority, ReportReader
from services.goals import personal
from services.reports.performance import remarks
from services.reports.performance.document import ActionItem, PerformanceReport
from services.reports.performance.remarks import Remark, Written
from services.reports.performance.sheet_words import DOERS, PRIORITIES
from ui.kit.announcer import Saying
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.text import Text, heading, hint
from ui.kit.time_format import short_day

TEXTS = ('behavioral', 'enrichment', 'support', 'for_parents')


class StaffWords:
    """Fields for comments, scores and suggestions; saved together, and never over what somebody else wrote."""

    def __init__(self, actor: Actor, course_id: int, found: PerformanceReport, written: Written) -> None:
        self._actor, self._about = actor, (course_id, found.student_id)
        self._seen = written.at
        remark = written.remark
        with ui.element('section').classes('stack report-writing'):
            heading(_('What you write'))
            hint(_('It stands in the reports from now on; reports that were kept stay as they are.'))
            self._comment = _text(_('Comment'), remark.comment)
            with ui.element('div').classes('report-scores'):
                self._behavior = _number(_('Behavior, 0 to 100'), remark.behavior, most=100)
                self._effort = _number(_('Effort, 0 to 100'), remark.effort, most=100)
                self._credit = _number(_('Credit hours'), remark.credit_hours, most=remarks.MOST_CREDIT, step=0.5)
            hint(_('Suggestions: one on each line.'))
            labels = {
                'behavioral': _('For behavior'),
                'enrichment': _('Beyond the course'),
                'support': _('Where to find support'),
                'for_parents': _('What parents can do'),
            }
            self._lines = {name: _text(labels[name], getattr(remark, name)) for name in TEXTS}
            with ui.element('div').classes('line'):
                self._learner = ui.switch(_('The learner may read it'), value=remark.shows_learner)
                self._parents = ui.switch(_('Parents may read it'), value=remark.shows_parents)
            ui.button(_('Save'), on_click=gesture(self._save)).props('flat no-caps').classes('button-quiet report-link')
            self._saying = Saying()
        Actions(actor, course_id, found)

    async def _save(self) -> None:
        remark = Remark(
            comment=self._comment.value or '',
            behavior=_whole(self._behavior),
            effort=_whole(self._effort),
            credit_hours=self._credit.value,
            **{name: field.value or '' for name, field in self._lines.items()},
            shows_learner=bool(self._learner.value),
            shows_parents=bool(self._parents.value),
        )
        fields: Mapping[str, ui.textarea | ui.number] = {
            'comment': self._comment,
            'behavior': self._behavior,
            'effort': self._effort,
            'credit_hours': self._credit,
            **self._lines,
        }
        for field in fields.values():
            field.error = None
        try:
            self._seen = await database.write(remarks.write, self._actor, *self._about, remark=remark, seen=self._seen)
        except Invalid as refusal:
            fields[refusal.field].error = say(refusal)
            return
        self._saying.say(_('Saved. Load the page again to see it in the report.'))


class Actions:
    """Things that somebody does for the learner: what is open, and a row to add one."""

    def __init__(self, actor: Actor, course_id: int, found: PerformanceReport) -> None:
        self._actor, self._about = actor, (course_id, found.student_id)
        (course,) = found.courses
        with ui.element('section').classes('stack-tight'):
            heading(_('What is agreed'))
            self._list = ui.element('ul').classes('list')
            with ui.element('div').classes('report-action'):
                self._what = ui.input(_('What is to be done')).props(f'outlined maxlength={remarks.LONGEST_ACTION}')
                doers = {
                    each: say(DOERS[each]) for each in (ReportReader.STUDENT, ReportReader.PARENT, ReportReader.TEACHER)
                }
                self._who = ui.select(doers, value=ReportReader.STUDENT, label=_('Who')).props('outlined')
                priorities = {each: say(PRIORITIES[each]) for each in ActionPriority}
                self._priority = ui.select(priorities, value=ActionPriority.MEDIUM, label=_('Priority')).props(
                    'outlined'
                )
                self._by = ui.input(_('By')).props('outlined type=date stack-label')
                ui.button(_('Add'), on_click=gesture(self._add)).props('flat no-caps').classes('button-quiet')
        self._show(course.feedback.action_items)

    def _show(self, found: tuple[ActionItem, ...]) -> None:
        self._list.clear()
        with self._list:
            for each in found:
                with ui.element('li'):
                    with ui.element('span').classes('grow'):
                        Text('span', each.description).props('translate=no')
                        Text('span', self._said(each)).classes('hint report-about')
                    done = _('Not done yet') if each.is_done else _('Done')
                    self._button(done, each, partial(self._finish, each))
                    self._button(_('Delete'), each, partial(self._delete, each))

    def _said(self, item: ActionItem) -> str:
        if item.is_done:
            return _('done')
        by = (
            _('{who}, by {day}', who=say(DOERS[item.assigned_to]), day=short_day(item.due_date))
            if item.due_date
            else ''
        )
        return by or say(DOERS[item.assigned_to])

    def _button(self, label: str, item: ActionItem, do: Callable[[], Awaitable[None]]) -> None:
        button = ui.button(label, on_click=gesture(do)).props('flat no-caps')
        button.classes('button-quiet button-bare').props['aria-label'] = _(
            '{deed}: {what}', deed=label, what=item.description
        )

    async def _add(self) -> None:
        await database.write(
            remarks.add_action,
            self._actor,
            *self._about,
            description=self._what.value or '',
            priority=self._priority.value or '',
            assigned_to=self._who.value or '',
            due_on=personal.read_day(self._by.value),
        )
        self._what.set_value('')
        await self._load()

    async def _finish(self, item: ActionItem) -> None:
        await database.write(remarks.finish_action, self._actor, item.action_id, done=not item.is_done)
        await self._load()

    async def _delete(self, item: ActionItem) -> None:
        await database.write(remarks.delete_action, self._actor, item.action_id)
        await self._load()

    async def _load(self) -> None:
        self._show(await database.read(remarks.to_do, self._actor, *self._about))


def _text(label: str, value: str) -> ui.textarea:
    return ui.textarea(label, value=value).props('outlined autogrow dir=auto')


def _number(label: str, value: float | None, *, most: int, step: float = 1) -> ui.number:
    return ui.number(label, value=value, min=0, max=most, step=step).props('outlined inputmode=decimal')


def _whole(field: ui.number) -> int | None:
    """Return what was typed as a whole number; one that is not is left to the service to refuse."""
    value = field.value
    if value is None:
        return None
    return int(value) if float(value).is_integer() else -1
