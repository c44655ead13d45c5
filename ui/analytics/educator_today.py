"""What there is to do in a course today, as a list to tick off; each line leads to where it is done."""

from collections.abc import Collection, Sequence

from nicegui import ui

from services.access import Actor
from services.analytics import choices
from services.analytics.today_list import Todo, TodoKind
from services.core import database
from services.enums import CheckpointKind
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.text import Text, heading, hint


class TodayList:
    """The list of today."""

    def __init__(self, actor: Actor, course_id: int) -> None:
        self._actor = actor
        self._course_id = course_id
        self._shown: object = None
        with ui.element('section').classes('stack-tight today') as section:
            heading(_('Today'))
            self._nothing = hint(_('Nothing waits for you today.'))
            self._list = ui.element('ul').classes('today-list')
        section.props['aria-label'] = _('Today')

    def show(self, todos: Sequence[Todo], done: Collection[str]) -> None:
        """Show what there is to do, what is ticked off last."""
        if (todos, done) == self._shown:
            return
        self._shown = todos, done
        self._nothing.set_visibility(not todos)
        self._list.clear()
        with self._list:
            for todo in sorted(todos, key=lambda each: each.key in done):
                self._draw(todo, is_done=todo.key in done)

    def _draw(self, todo: Todo, *, is_done: bool) -> None:
        async def tick() -> None:
            await database.write(
                choices.choose, self._actor, self._course_id, key=choices.DONE + todo.key, chosen=bool(box.value)
            )
            item.classes(**({'add': 'todo-done'} if box.value else {'remove': 'todo-done'}))

        words = say(todo.words)
        with ui.element('li').classes('todo todo-done' if is_done else 'todo') as item:
            box = ui.checkbox(value=is_done, on_change=gesture(tick)).props('dense')
            box.props['aria-label'] = words
            if where := self._place(todo):
                ui.link(words, where).props('dir=auto')
            else:
                Text('span', words)

    def _place(self, todo: Todo) -> str:
        """Return the page on which it is done; empty where there is none."""
        course = f'/courses/{self._course_id}'
        if todo.kind is TodoKind.HELP:
            return f'{course}/live'
        if todo.checkpoint_kind is CheckpointKind.ASSIGNMENT:
            return f'{course}/assignments/{todo.checkpoint_id}'
        return f'{course}/quizzes/{todo.checkpoint_id}/results' if todo.checkpoint_kind is CheckpointKind.QUIZ else ''
