"""Mails that were not sent: to whom, why, and what an admin does about it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from nicegui import ui

from services.access import Actor
from services.core import database
from services.enums import MailKind
from services.mail import delivery, outbox
from services.mail.outbox import Trouble
from services.mail.refused import Refusals
from ui.kit.handlers import gesture, tell
from ui.kit.language import Spoken, _, ngettext, say
from ui.kit.text import Text, heading, hint
from ui.kit.time_format import short

KINDS: Mapping[MailKind, str] = Spoken(
    {
        MailKind.RESET: lambda: _('a link for a new password'),
        MailKind.CONFIRM: lambda: _('confirming an address'),
        MailKind.CHANGED: lambda: _('an address was changed'),
        MailKind.NOTICES: lambda: _('notices'),
        MailKind.WEEK: lambda: _('the week of a child'),
    }
)


def draw_refusals(found: Sequence[Refusals]) -> None:
    """Say at which domains addresses are refused; nothing where there is none."""
    if not found:
        return
    with ui.element('section').classes('stack-tight'):
        heading(_('Where addresses are refused'))
        hint(_('Many at one domain? Then its provider may refuse your school: look at what it says below.'))
        with ui.element('ul').classes('list'):
            for each in found:
                with ui.element('li').classes('line'):
                    Text('span', each.domain).props('dir=ltr').classes('name')
                    Text('span', ngettext('{count} address', '{count} addresses', each.addresses))
                    if each.off:
                        hint(ngettext('nothing is sent to {count}', 'nothing is sent to {count}', each.off))


class UnsentMails:
    """One line each; nothing where there is none."""

    def __init__(self, actor: Actor, found: Sequence[Trouble]) -> None:
        self._actor = actor
        self._place = ui.element('section').classes('stack-tight').props('aria-live=polite')
        self._show(found)

    def _show(self, found: Sequence[Trouble]) -> None:
        self._place.clear()
        self._place.visible = bool(found)
        with self._place:
            heading(ngettext('{count} mail was not sent', '{count} mails were not sent', len(found)))
            with ui.element('ul').classes('list'):
                for each in found:
                    self._line(each)

    def _line(self, each: Trouble) -> None:
        with ui.element('li'), ui.element('div').classes('grow'):
            Text('span', each.address).props('dir=ltr').classes('name')
            Text('p', say(each.problem)).classes('field-problem')
            since = _('{what}, of {when}', what=KINDS[each.kind], when=short(each.since))
            hint(since)
            if each.is_off:
                hint(_('No notices are sent there until the person confirms the address, or you send this again.'))
            if each.next_try_at:
                hint(_('tried again {when}', when=short(each.next_try_at)))
            with ui.element('div').classes('line'):
                self._button(_('Send again'), _('Send again to {address}', address=each.address), self._again, each)
                self._button(_('Drop'), _('Drop the mail to {address}', address=each.address), self._drop, each)

    def _button(self, words: str, label: str, do: Callable[[Trouble], Awaitable[None]], each: Trouble) -> None:
        button = ui.button(words, on_click=gesture(partial(do, each))).props('flat no-caps').classes('button-quiet')
        button.props['aria-label'] = label

    async def _again(self, each: Trouble) -> None:
        await database.write(outbox.send_again, self._actor, mail_id=each.mail_id)
        delivery.hurry()
        tell(_('It is sent now. Load this page again to see whether it worked.'))
        await self._look_again()

    async def _drop(self, each: Trouble) -> None:
        await database.write(outbox.drop, self._actor, mail_id=each.mail_id)
        await self._look_again()

    async def _look_again(self) -> None:
        self._show(await database.read(outbox.of_school, self._actor))
