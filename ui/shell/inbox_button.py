"""The way to the inbox in the bar of every page, with the number of unread notices as it is now."""

from nicegui import ui

from services.access import Actor
from services.core import audience, database
from services.core.events import Event, NoticesChanged
from services.notices import inbox
from ui.kit.language import _, ngettext
from ui.kit.refreshing import Refreshing
from ui.kit.text import Text

PAUSE = 0.3
"""seconds within which many notices are one look"""


class InboxButton:
    """A link with a number; it changes on all devices of the person, and says nothing aloud by itself."""

    def __init__(self, actor: Actor, unread: int) -> None:
        self._actor = actor
        self._link = ui.link(target='/inbox').classes('icon-button icon-inbox')
        with self._link:
            self._count = InboxCount('span').classes('unread-count number').props('aria-hidden=true')
        self._show(unread)
        Refreshing(self._read, self._show).follow(audience.of_person(actor.user_id), _is_shown, pause=PAUSE)

    async def _read(self) -> int:
        return await database.read(inbox.unread, self._actor)

    def _show(self, unread: int) -> None:
        is_many = unread >= inbox.MOST_COUNTED
        self._count.set_text(f'{inbox.MOST_COUNTED - 1}+' if is_many else str(unread or ''))
        self._count.set_visibility(unread > 0)
        self._link.props['title'] = _('Inbox')
        self._link.props['aria-label'] = (
            ngettext('Inbox, {count} unread', 'Inbox, {count} unread', unread) if unread else _('Inbox')
        )
        self._link.update()


class InboxCount(Text):
    """The number beside the way to the inbox; nothing where all is read."""


def _is_shown(event: Event) -> bool:
    return isinstance(event, NoticesChanged)
