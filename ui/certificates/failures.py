"""The admin's list of certificates that could not be printed; hidden while there are none."""

from collections.abc import Sequence

from nicegui import ui

from services.access import Actor
from services.certificates import failures, render_queue
from services.certificates.failures import Trouble
from services.core import database
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, heading
from ui.kit.time_format import short


class CertificateTroubles:
    """The reason, the number and the next attempt of each failure, and a button to try at once."""

    def __init__(self, actor: Actor, found: Sequence[Trouble]) -> None:
        self._actor = actor
        self._place = ui.element('section').classes('stack-tight').props('aria-live=polite')
        self._show(found)

    def _show(self, found: Sequence[Trouble]) -> None:
        self._place.clear()
        self._place.visible = bool(found)
        if not found:
            return
        with self._place:
            heading(_('Certificates that are not printed yet'))
            Text('p', _('They are valid all the same; only their PDF is missing.')).classes('body')
            with ui.element('ul').classes('list'):
                for trouble in found:
                    with ui.element('li'), ui.element('div').classes('grow'):
                        Text('span', _reason(trouble))
                        if trouble.next_try_at:
                            Text('p', _('next try {moment}', moment=short(trouble.next_try_at))).classes('hint')
            with ui.element('div').classes('line'):
                again = ui.button(_('Try again now'), on_click=gesture(self._try_again)).props('flat no-caps')
                again.classes('button-quiet')

    async def _try_again(self) -> None:
        await database.write(failures.try_again, self._actor)
        printed = await render_queue.print_due()
        tell(ngettext('{count} certificate printed', '{count} certificates printed', printed))
        self._show(await database.read(failures.of_school, self._actor))


def _reason(trouble: Trouble) -> str:
    reason = say(trouble.reason)
    return ngettext('{count} certificate: {reason}', '{count} certificates: {reason}', trouble.count, reason=reason)
