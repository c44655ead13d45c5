"""Who needs the instructor: those who ask for help and those whom an alert names, in one list, the worst first."""

from collections.abc import Callable
from secrets import choice

from nicegui import ui

from services.access import Actor
from services.live.alerts import monitor
from services.live.board import help_views
from services.live.board.views import Presence
from services.live.room import Room
from ui.kit.handlers import tell
from ui.kit.language import _, for_reader, ngettext
from ui.kit.text import Text, heading, hint, named
from ui.live import bell
from ui.live.alerts_panel import AlertList
from ui.live.help_panel import HelpList

MOST = 5
"""as many as an instructor can act upon; the others are one click away"""


class NeedsYou:
    """The list; a name leads to the learner."""

    def __init__(self, room: Room, actor: Actor, *, on_name: Callable[[int], object], group: str = '') -> None:
        self._room = room
        self._on_name = on_name
        self._group = group
        self._shows_all = False
        self._waited = 0
        """how many waited at the last look"""
        with ui.element('section').classes('stack-tight needs-you') as self.section:
            with ui.element('div').classes('spread'):
                self._title = heading(_('Needs you')).props('tabindex=-1')
                self._count = Text('span').classes('chip chip-attention number')
            self._nobody = hint(_('Nobody needs you now.'))
            self._help = HelpList(room, actor, on_name=on_name, when_empty=self.focus)
            self._alerts = AlertList(room, actor, on_name=on_name)
            self._more = ui.button(on_click=self._switch).props('flat no-caps').classes('button-quiet button-bare')
            pick = ui.button(_('Pick at random'), on_click=self._pick).props('flat no-caps')
            pick.classes('button-quiet button-bare pick-button')
            sound = _('Sound when somebody asks for help')
            self._rings = ui.switch(sound, on_change=self._let_hear)
            self._bell = named(ui.audio(bell.ADDRESS, controls=False), sound)
        self.section.props['aria-label'] = _('Needs you')
        client = ui.context.client

        def changed() -> None:
            with client:
                self.refresh()

        client.on_delete(room.screens.watch_help(for_reader(changed)))
        client.on_delete(room.alerts.watch(for_reader(changed)))
        self.refresh()

    def refresh(self) -> None:
        """Show who needs the instructor now."""
        board = self._room.board
        asking = help_views.queue(board, self._group)
        listed = {each.user_id for each in asking}
        alerts = monitor.of_group(board, self._room.alerts.looks, self._group)
        looks = [look for look in alerts if look.user_id not in listed]
        total = len(asking) + len(looks)
        most = total if self._shows_all else MOST
        self._help.show(asking[:most])
        self._alerts.show(looks, most=max(0, most - len(asking)))
        waiting = sum(each.helper_id is None for each in asking)
        if self._rings.value and waiting > self._waited:
            self._bell.play()
        self._waited = waiting
        self._count.set_text(_('{count} waiting', count=waiting))
        self._count.set_visibility(waiting > 0)
        self._nobody.set_visibility(not total)
        rest = total - MOST
        self._more.set_visibility(rest > 0)
        if rest > 0:
            self._more.set_text(_('Show fewer') if self._shows_all else ngettext('{count} more', '{count} more', rest))

    def focus(self) -> None:
        """Put the focus on the head of the list."""
        self._title.run_method('focus')

    def show_group(self, group: str) -> None:
        """Show who needs the instructor in one group alone; in all of the class for an empty name."""
        self._group = group
        self.refresh()

    def _switch(self) -> None:
        self._shows_all = not self._shows_all
        self.refresh()

    def _let_hear(self) -> None:
        """Ring when the sound is switched on, so that the instructor knows how loud it is."""
        if self._rings.value:
            self._bell.play()

    def _pick(self) -> object:
        """Open somebody who is here now, whom chance picks: of the group that is shown, of all the class otherwise."""
        here = (Presence.WORKING, Presence.IDLE)
        found = [
            user_id
            for user_id, learner in self._room.board.learners.items()
            if self._room.presences.shown(user_id) in here and self._group in ('', learner.group)
        ]
        if found:
            return self._on_name(choice(found))
        tell(_('Nobody is here yet.'))
        return None
