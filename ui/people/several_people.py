"""Choosing several learners in the list, and what can be done with all of them at once."""

from collections.abc import Callable, Collection, Sequence
from functools import partial

from nicegui import ui

from services.live import learner_marks
from services.people import groups, participants
from services.people.participants import Participant
from services.people.several import for_each
from ui.courses.editor_context import Desk
from ui.kit import confirm
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext
from ui.kit.menu import Choice, opens_menu
from ui.kit.text import Text
from ui.people.people_dialogs import ask_for_extra_time_of_several, ask_for_group_of_several


class SeveralPeople:
    """The button that begins choosing, and the line that says how many are chosen."""

    def __init__(self, desk: Desk, dialogs: ui.element, redraw: Callable[[], None]) -> None:
        self._desk, self._dialogs, self._redraw = desk, dialogs, redraw
        self._found: Sequence[int] = ()
        self._chosen: set[int] = set()
        self.is_on = False
        with ui.element('div').classes('line several-people only-screen') as self._line:
            self._begin = ui.button(_('Choose several'), on_click=self._toggle).props('flat no-caps')
            self._begin.classes('button-quiet')
            with ui.element('div').classes('line') as self._bar:
                self._said = Text('span').props('role=status')
                self._all = ui.button(on_click=self._choose_all).props('flat no-caps')
                self._all.classes('button-quiet')
                self._do = ui.button(_('What to do with them')).props('flat no-caps aria-haspopup=menu')
                self._do.classes('button-quiet')
                opens_menu(self._do, lambda: self._choices(sorted(self._chosen)))
                ui.button(_('Stop choosing'), on_click=self._toggle).props('flat no-caps').classes('button-quiet')

    def offer(self, here: Collection[int], found: Sequence[int]) -> None:
        """Take over who learns in the course now, and who of them is in the list as it is filtered."""
        self._found = found
        self._chosen &= set(here)
        self._line.visible = len(here) > 1
        self._count()

    def draw_box(self, person: Participant) -> None:
        """Draw what chooses one learner, in their row."""
        box = ui.checkbox(
            value=person.user_id in self._chosen, on_change=lambda event: self._choose(person, event.value)
        )
        box.props['aria-label'] = _('Choose {person}', person=person.name)

    def _choose(self, person: Participant, is_chosen: bool) -> None:
        (self._chosen.add if is_chosen else self._chosen.discard)(person.user_id)
        self._count()

    def _count(self) -> None:
        self._begin.visible = not self.is_on
        self._bar.visible = self.is_on
        self._all.set_text(_('All {count}', count=len(self._found)))
        self._said.set_text(ngettext('{count} chosen', '{count} chosen', len(self._chosen)))
        self._do.set_enabled(bool(self._chosen))

    def _toggle(self) -> None:
        self.is_on = not self.is_on
        self._chosen.clear()
        self._redraw()

    def _choose_all(self) -> None:
        self._chosen |= set(self._found)
        self._redraw()

    def _choices(self, ids: Sequence[int]) -> list[Choice]:
        return [
            (_('Group'), partial(self._ask_for_group, ids)),
            (_('Extra time'), partial(self._ask_for_time, ids)),
            (_('Keep off the projector'), partial(gesture(self._hide), ids)),
            (_('Take out of the course'), partial(self._ask_to_remove, ids)),
        ]

    def _ask_for_group(self, ids: Sequence[int]) -> None:
        with self._dialogs:
            ask_for_group_of_several(len(ids), partial(self._put, ids))

    async def _put(self, ids: Sequence[int], group: str) -> None:
        await self._desk.change(for_each(groups.put, ids), self._desk.course_id, name=group)
        if name := group.strip():
            said = ngettext(
                '{count} learner is in the group {group}', '{count} learners are in the group {group}',
                len(ids), group=name)  # fmt: skip
        else:
            said = ngettext('{count} learner is in no group', '{count} learners are in no group', len(ids))
        self._desk.say(said)

    def _ask_for_time(self, ids: Sequence[int]) -> None:
        with self._dialogs:
            ask_for_extra_time_of_several(len(ids), partial(self._give_time, ids))

    async def _give_time(self, ids: Sequence[int], percent: int) -> None:
        await self._desk.change(for_each(groups.give_extra_time, ids), self._desk.course_id, percent=percent)
        self._desk.say(
            ngettext(
                '{count} learner has {percent} % more time',
                '{count} learners have {percent} % more time',
                len(ids),
                percent=percent,
            )
        )

    async def _hide(self, ids: Sequence[int]) -> None:
        await self._show(ids, hidden=True)
        said = ngettext('{count} learner is off the projector', '{count} learners are off the projector', len(ids))
        self._desk.snackbar.show(said, partial(self._show, ids, hidden=False))

    async def _show(self, ids: Sequence[int], *, hidden: bool) -> None:
        await self._desk.change(for_each(learner_marks.hide, ids), self._desk.course_id, hidden=hidden)

    def _ask_to_remove(self, ids: Sequence[int]) -> None:
        title = ngettext('Take {count} learner out?', 'Take {count} learners out?', len(ids))
        kept = _('What they did is kept. You can bring them back at any time.')
        with self._dialogs:
            confirm.ask(title, kept, yes=_('Take out'), then=partial(self._remove, ids))

    async def _remove(self, ids: Sequence[int]) -> None:
        await self._desk.change(for_each(participants.remove, ids), self._desk.course_id)
        said = ngettext('{count} learner is out of the course', '{count} learners are out of the course', len(ids))
        self._desk.snackbar.show(said, partial(self._bring_back, ids))

    async def _bring_back(self, ids: Sequence[int]) -> None:
        await self._desk.change(for_each(participants.bring_back, ids), self._desk.course_id)
