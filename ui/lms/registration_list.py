"""Systems that register themselves: one-time addresses, and what has come of them."""

from collections.abc import Sequence
from functools import partial
from urllib.parse import urlsplit

from fastapi import Request
from nicegui import ui

from services.access import Actor
from services.core import database
from services.lms import registrations
from services.lms.registrations import Registration
from ui.kit.copy_link import copy_link
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, heading, hint
from ui.kit.time_format import exact
from ui.shell.address import public_address


class RegistrationList:
    """A field that makes an address, and the list of those that are open or used."""

    def __init__(self, request: Request, actor: Actor, found: Sequence[Registration]) -> None:
        self._request, self._actor = request, actor
        heading(_('Let a system register itself'))
        hint(
            _('Moodle, Canvas and others can do it (dynamic registration). Their admin opens an address that you make.')
        )
        with ui.element('div').classes('line'):
            self._address = ui.input(_('Address of the system'), placeholder=_('Such as https://moodle.example.org'))
            self._address.props('outlined dense type=url autocomplete=off').classes('grow')
            ui.button(_('Make an address'), on_click=gesture(self._make)).props('flat no-caps').classes('button-quiet')
        self._made = ui.element('div').classes('stack-tight').props('aria-live=polite')
        self._place = ui.element('div').classes('stack-tight')
        self._draw(found)

    async def _make(self) -> None:
        token = await database.write(registrations.invite, self._actor, address=self._address.value or '')
        self._address.set_value('')
        self._made.clear()
        with self._made:
            hint(
                ngettext(
                    'It works once, for {count} day, and is shown only now: give it to the admin of the system.',
                    'It works once, for {count} days, and is shown only now: give it to the admin of the system.',
                    registrations.LIFETIME.days,
                )
            )
            copy_link(self._request, f'{public_address(self._request)}/lti/register/{token}')
        await self._look_again()

    async def _look_again(self) -> None:
        self._draw(await database.read(registrations.of_school, self._actor))

    def _draw(self, found: Sequence[Registration]) -> None:
        self._place.clear()
        if not found:
            return
        with self._place, ui.element('ul').classes('list'):
            for each in found:
                self._line(each)

    def _line(self, each: Registration) -> None:
        host = urlsplit(each.address).netloc
        with ui.element('li'):
            with ui.element('div').classes('grow'):
                Text('span', host).classes('name').props('dir=ltr translate=no')
                if each.problem:
                    Text('p', say(each.problem)).classes('field-problem')
                elif each.is_found:
                    hint(_('It has registered itself, and waits for you.'))
                elif each.used_at:
                    hint(_('It was opened on {when}, and nothing came of it.', when=exact(each.used_at)))
                else:
                    hint(_('open until {when}', when=exact(each.expires_at)))
            if each.is_found:
                link = ui.element('a').props(f'href="/school/lms?link={each.registration_id}#add"')
                link.classes('button-quiet').props['aria-label'] = _('Look at {host}', host=host)
                with link:
                    Text('span', _('Look at it'))
            words = _('Take back') if each.used_at is None else _('Forget it')
            button = ui.button(words, on_click=partial(gesture(self._drop), each)).props('flat no-caps')
            button.classes('button-quiet').props['aria-label'] = (
                _('Take back the address for {host}', host=host)
                if each.used_at is None
                else _('Forget the registration of {host}', host=host)
            )

    async def _drop(self, each: Registration) -> None:
        await database.write(registrations.drop, self._actor, each.registration_id)
        tell(_('Done: it leads nowhere now.'))
        await self._look_again()
