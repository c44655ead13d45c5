"""Invitations that nobody has used yet, each with the way to take it back."""

from collections.abc import Sequence
from functools import partial

from nicegui import ui

from services.access import Actor
from services.accounts import invitations
from services.accounts.invitations import OpenInvitation
from services.core import database
from ui.kit.handlers import gesture, tell
from ui.kit.text import Text, hint
from ui.kit.time_format import exact


class OpenInvitations:
    """The list; nothing where there is none."""

    def __init__(self, actor: Actor, found: Sequence[OpenInvitation]) -> None:
        self._actor = actor
        self._place = ui.element('div').classes('stack-tight')
        self._draw(found)

    async def look_again(self) -> None:
        """Show those that are open now."""
        self._draw(await database.read(invitations.still_open, self._actor))

    def _draw(self, found: Sequence[OpenInvitation]) -> None:
        self._place.clear()
        if not found:
            return
        with self._place:
            hint('Still open:')
            with ui.element('ul').classes('list').props('aria-label="Open invitations"'):
                for invitation in found:
                    self._row(invitation)

    def _row(self, invitation: OpenInvitation) -> None:
        made = exact(invitation.made_at)
        with ui.element('li'):
            with ui.element('div').classes('grow'):
                Text('span', f'Made on {made}')
                hint(f'by {invitation.invited_by} · until {exact(invitation.expires_at)}')
            back = ui.button('Take back', on_click=partial(gesture(self._take_back), invitation)).props('flat no-caps')
            back.classes('button-quiet').props['aria-label'] = f'Take back the invitation of {made}'

    async def _take_back(self, invitation: OpenInvitation) -> None:
        try:
            await database.write(invitations.take_back, self._actor, invitation_id=invitation.invitation_id)
            tell('The link leads nowhere any longer.')
        finally:
            await self.look_again()
