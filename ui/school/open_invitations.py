"""Invitations that nobody has used yet, each with the way to take it back."""

from collections.abc import Sequence
from functools import partial

from nicegui import ui

from services.access import Actor
from services.accounts import invitations
from services.accounts.invitations import OpenInvitation
from services.core import database
from ui.kit.handlers import gesture, tell
from ui.kit.language import _
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
            hint(_('Still open:'))
            with ui.element('ul').classes('list') as listed:
                listed.props['aria-label'] = _('Open invitations')
                for invitation in found:
                    self._row(invitation)

    def _row(self, invitation: OpenInvitation) -> None:
        made = exact(invitation.made_at)
        with ui.element('li'):
            with ui.element('div').classes('grow'):
                Text('span', _('Made on {when}', when=made))
                hint(_('by {person} · until {when}', person=invitation.invited_by, when=exact(invitation.expires_at)))
            back = ui.button(_('Take back'), on_click=partial(gesture(self._take_back), invitation)).props(
                'flat no-caps'
            )
            back.classes('button-quiet').props['aria-label'] = _('Take back the invitation of {when}', when=made)

    async def _take_back(self, invitation: OpenInvitation) -> None:
        try:
            await database.write(invitations.take_back, self._actor, invitation_id=invitation.invitation_id)
            tell(_('The link leads nowhere now.'))
        finally:
            await self.look_again()
