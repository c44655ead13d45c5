"""Notices that did not reach the service which brings them to devices: why, and what an admin does about it."""

from collections.abc import Sequence

from nicegui import ui

from services.access import Actor
from services.core import database
from services.notices import pushing
from services.notices.pushing import Trouble
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, heading, hint
from ui.kit.time_format import short


class UnsentPushes:
    """One line for each reason; nothing where there is none."""

    def __init__(self, actor: Actor, found: Sequence[Trouble]) -> None:
        self._actor = actor
        self._place = ui.element('section').classes('stack-tight').props('aria-live=polite')
        self._show(found)

    def _show(self, found: Sequence[Trouble]) -> None:
        self._place.clear()
        self._place.visible = bool(found)
        count = sum(each.count for each in found)
        with self._place:
            heading(ngettext('{count} notice did not reach devices', '{count} notices did not reach devices', count))
            hint(_('They are in the inboxes of their people all the same.'))
            with ui.element('ul').classes('list'):
                for each in found:
                    self._line(each)
            with ui.element('div').classes('line'):
                again = ui.button(_('Send them all again'), on_click=gesture(self._again)).props('flat no-caps')
                again.classes('button-quiet')
                drop = ui.button(_('Drop them all'), on_click=gesture(self._drop)).props('flat no-caps')
                drop.classes('button-quiet button-bare')

    def _line(self, each: Trouble) -> None:
        with ui.element('li'), ui.element('div').classes('grow'):
            Text('p', say(each.problem)).classes('field-problem')
            since = short(each.since)
            hint(ngettext('{count} notice, since {when}', '{count} notices, since {when}', each.count, when=since))
            if not each.is_final:
                hint(_('tried again by itself'))

    async def _again(self) -> None:
        await database.write(pushing.send_again, self._actor)
        pushing.hurry()
        tell(_('They are sent now. Load this page again to see whether it worked.'))
        await self._look_again()

    async def _drop(self) -> None:
        await database.write(pushing.drop, self._actor)
        await self._look_again()

    async def _look_again(self) -> None:
        self._show(await database.read(pushing.of_school, self._actor))
