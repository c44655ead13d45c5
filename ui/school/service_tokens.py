"""Services of the school that act for learners: made with a name, given a token once, and signed out."""

from collections.abc import Sequence
from functools import partial

from fastapi import Request
from nicegui import ui

from services.access import Actor
from services.accounts import sign_ins, tokens
from services.accounts.sign_ins import Device
from services.core import database
from services.core.errors import Invalid
from services.enums import DeviceKind, Scope
from ui.kit.confirm import ask
from ui.kit.copy_link import copy_link
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, heading, hint
from ui.kit.time_format import ago, exact


class ServiceTokens:
    """The list, and the field with which a new one is made."""

    def __init__(self, request: Request, actor: Actor, found: Sequence[Device]) -> None:
        self._request = request
        self._actor = actor
        heading(_('Clients of your school'))
        Text('p', _('A client is a program that marks steps for learners, such as one that checks exercises.')).classes(
            'body'
        )
        hint(_('It needs a token, which is like a password. Without such a client there is nothing to do here.'))
        self._list = ui.element('div').classes('stack-tight')
        self._name = ui.input(_('Name of a new client')).props('outlined maxlength=80')
        make = gesture(self._make)
        self._name.on('keydown.enter', make, args=[[]])
        with ui.element('div').classes('line'):
            ui.button(_('Make a token'), on_click=make).props('flat no-caps').classes('button-quiet')
        self._made = ui.element('div').classes('stack-tight').props('aria-live=polite')
        self._draw(found)

    def _draw(self, found: Sequence[Device]) -> None:
        services = [device for device in found if device.kind is DeviceKind.SERVICE]
        self._list.clear()
        if not services:
            return
        with self._list, ui.element('ul').classes('list') as listed:
            listed.props['aria-label'] = _('Clients with a token of yours')
            for service in services:
                self._row(service)

    def _row(self, service: Device) -> None:
        with ui.element('li'):
            with ui.element('div').classes('grow'):
                Text('span', service.name).classes('name')
                with ui.element('p').classes('hint'):
                    Text('span', _('since {when}, last seen', when=exact(service.since)))
                    Text('span', ' ')
                    ago(service.seen_at)
            out = ui.button(_('Sign out'), on_click=partial(self._ask_to_end, service)).props('flat no-caps')
            out.classes('button-quiet').props['aria-label'] = _('Sign {service} out', service=service.name)

    async def _make(self) -> None:
        self._name.error = None
        try:
            made = await database.write(
                tokens.add_service, self._actor, name=self._name.value or '', scope=Scope.PROGRESS
            )
        except Invalid as refusal:
            self._name.error = say(refusal)
            return
        self._name.set_value('')
        self._made.clear()
        with self._made:
            hint(
                ngettext(
                    'The token of {service}. It works for {count} day, and is shown only now: copy it.',
                    'The token of {service}. It works for {count} days, and is shown only now: copy it.',
                    tokens.SERVICE_LIFETIME.days,
                    service=made.name,
                )
            )
            copy_link(self._request, made.token, is_token=True)
        await self._look_again()

    def _ask_to_end(self, service: Device) -> None:
        ask(
            _('Sign {service} out?', service=service.name),
            _('Its token ends at once. What it has marked stays.'),
            yes=_('Sign out'),
            then=gesture(partial(self._end, service)),
        )

    async def _end(self, service: Device) -> None:
        try:
            await database.write(sign_ins.sign_out, self._actor, service.sign_in_id)
            tell(_('{service} is signed out.', service=service.name))
        finally:
            await self._look_again()

    async def _look_again(self) -> None:
        self._draw(await database.read(sign_ins.devices, self._actor))
