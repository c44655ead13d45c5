"""The dialog for a personal goal."""

from collections.abc import Awaitable, Callable, Mapping

from nicegui import ui

from services.core.errors import Invalid
from services.goals.personal import OwnMilestone, Wish, read_day
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.text import Text

NO_COURSE = 0


def ask_for_goal(label: str, wish: Wish, courses: Mapping[int, str], save: Callable[[Wish], Awaitable[object]]) -> None:
    """Open a dialog for a goal, its date and its milestones; `save` gets what was typed."""
    rows: list[tuple[OwnMilestone, ui.input, ui.input]] = []

    def add(milestone: OwnMilestone) -> None:
        number = len(rows) + 1
        with place, ui.element('div').classes('field-row'):
            named = ui.input(_('Milestone {number}', number=number), value=milestone.title)
            named.props('outlined dir=auto maxlength=120')
            rows.append((milestone, named, _day(_('Day of milestone {number}', number=number), milestone)))

    async def keep() -> None:
        problem.set_text('')
        try:
            await save(_read(title.value, day.value, course.value, rows))
        except Invalid as refusal:
            problem.set_text(say(refusal))
        else:
            dialog.close()

    with ui.dialog(value=True) as dialog, ui.card().classes('dialog-wide'):
        Text('h2', label).classes('heading')
        title = ui.input(_('What do you want to reach?'), value=wish.title)
        title.props('outlined autofocus dir=auto maxlength=120')
        with ui.element('div').classes('field-row'):
            day = _day(_('By which day?'), wish)
            choices = {NO_COURSE: _('No course'), **courses}
            course = ui.select(choices, value=wish.course_id or NO_COURSE, label=_('Course')).props('outlined')
        place = ui.element('div').classes('stack-tight')
        for milestone in wish.milestones:
            add(milestone)
        more = ui.button(_('Add a milestone'), on_click=lambda: add(OwnMilestone(title=''))).props('flat no-caps')
        more.classes('button-quiet')
        problem = Text('p').classes('hint').props('role=alert')
        with ui.element('div').classes('line'):
            ui.button(_('Save'), on_click=gesture(keep)).props('flat no-caps').classes('button-primary')
            ui.button(_('Cancel'), on_click=dialog.close).props('flat no-caps').classes('button-quiet button-bare')
    dialog.props['aria-label'] = label
    dialog.on('hide', dialog.delete)


def _day(label: str, of: Wish | OwnMilestone) -> ui.input:
    value = of.due_on.isoformat() if of.due_on else ''
    return ui.input(label, value=value).props('outlined type=date stack-label')


def _read(
    title: str | None, day: str | None, course_id: int | None, rows: list[tuple[OwnMilestone, ui.input, ui.input]]
) -> Wish:
    milestones = tuple(
        OwnMilestone(milestone_id=was.milestone_id, title=named.value or '', due_on=read_day(due.value))
        for was, named, due in rows
        if (named.value or '').strip()
    )
    return Wish(title=title or '', due_on=read_day(day), course_id=course_id or None, milestones=milestones)
