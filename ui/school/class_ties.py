"""Tying classes of an export to courses that are here: one class and one course at a time."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from nicegui import ui

from services.people.oneroster.steps import Kind, Plan
from services.people.oneroster.tying import FreeCourse
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.text import Text, hint

Tie = Callable[[Mapping[str, int]], Awaitable[None]]


class ClassTies:
    """Two fields and a button; `tie` makes the plan anew with the ties that it is given."""

    def __init__(self, plan: Plan, ties: Mapping[str, int], courses: Sequence[FreeCourse], tie: Tie) -> None:
        self._ties, self._tie = dict(ties), tie
        classes = {step.id: step.name for step in plan.of(Kind.NEW_CLASS)}
        free = {each.course_id: each for each in courses if each.course_id not in set(ties.values())}
        if not ties and not (classes and free):
            return
        with ui.element('details').classes('quiet-details').props('open' if ties else ''):
            Text('summary', _('Tie a class to a course that is here'))
            hint(_('Its title and the people in it stay. Learners are known by what earlier lists say, not by names.'))
            with ui.element('div').classes('line'):
                if classes and free:
                    self._draw_choice(classes, free)
                if ties:
                    again = ui.button(_('Undo all ties'), on_click=gesture(self._untie)).props('flat no-caps')
                    again.classes('button-quiet')

    def _draw_choice(self, classes: Mapping[str, str], free: Mapping[int, FreeCourse]) -> None:
        titles = {id_: f'{each.title} · {each.owner}' for id_, each in free.items()}
        which = ui.select(dict(classes), label=_('Class of the export'), with_input=True)
        course = ui.select(titles, label=_('Course that is here'), with_input=True)
        for field in (which, course):
            field.props('outlined dense').classes('grow')
        button = ui.button(_('Tie')).props('flat no-caps').classes('button-quiet')

        async def tie() -> None:
            if which.value is not None and course.value is not None:
                await self._tie({**self._ties, which.value: course.value})

        button.on_click(gesture(tie))

    async def _untie(self) -> None:
        await self._tie({})
