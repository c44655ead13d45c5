"""`/school/settings`: name, time zone, language and address of the school; also the second screen of the set-up."""

from dataclasses import replace

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from services.accounts import school_settings
from services.core import database, school, zones
from services.core.languages import names
from services.core.school import School
from services.core.server_address import public_url
from settings import NAMELESS
from settings import settings as environment
from ui.accounts.form_handlers import Fields, post
from ui.kit.language import _
from ui.kit.text import hint, title
from ui.kit.time_format import zone_name
from ui.shell.address import public_address
from ui.shell.browser_clock import ask_zone
from ui.shell.forms import Field, form_html
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import Visit, local_path, visit_of


def create() -> None:
    """Declare the page."""

    @page('/school/settings', title='About your school')
    async def settings(visit: Visit) -> Response | None:
        stored = await database.read(school_settings.own, visit.actor)
        target = local_path(visit.request.query_params.get('next'))
        with frame(visit):
            if target == '/':  # else it is a checkpoint of the set-up, which goes on
                way_back(_('Your school'), '/school')
            title(_('About your school'))
            hint(_('Certificates carry the name. People see times in this zone until they choose one of their own.'))
            shown = ui.html(_form(visit, stored, target), sanitize=False)
            if target != '/' and not stored.time_zone:

                async def offer(zone: str) -> None:
                    shown.set_content(_form(visit, replace(stored, time_zone=zone), target, is_far=not zone))

                ask_zone(visit, offer)
            if environment().public_url:
                said = _('Links lead to {address}, as the environment of this server says.', address=public_url())
                hint(said)
        return None


@post('/school/settings', back='/school/settings')
async def save(request: Request, fields: Fields) -> Response:
    """Store what the admin chose for the school."""
    await school_settings.edit(
        (await visit_of(request)).actor,
        name=fields.get('name', ''),
        time_zone=fields.get('time_zone', ''),
        language=fields.get('language', ''),
        public_url=fields.get('public_url'),
        by_surname=None if (order := fields.get('order')) is None else order == 'surname',
    )
    return RedirectResponse(local_path(fields.get('next')), status_code=303)


def _form(visit: Visit, stored: School, target: str, *, is_far: bool = False) -> str:
    """Return the form; where the clock of the browser `is_far` from that of the server, it asks for the zone."""
    fields = _fields(visit, stored, _('Your clock does not show the time of this server.') if is_far else '')
    return form_html(visit, '/school/settings', fields, _('Save'), hidden={'next': target})


def _fields(visit: Visit, stored: School, of_zone: str) -> list[Field]:
    server = _('That of this server: {zone}', zone=zone_name(zones.school().key))
    places = [(name, zone_name(name)) for name in sorted({*zones.names(), stored.time_zone} - {''})]
    name = '' if (shown := school.current().name) == NAMELESS else shown
    address = Field(
        name='public_url',
        label=_('Address to which links and QR codes lead'),
        value=stored.public_url or _lasting(visit.request.url.hostname, public_address(visit.request)),
        hint=_(
            'Such as https://waymark.example.org. Leave it empty where the address changes; then no mails are sent.'
        ),
        autocomplete='url',
        is_optional=True,
    )
    return [
        Field(name='name', label=_('Name of your school'), value=name, autocomplete='organization'),
        Field(
            name='time_zone',
            label=_('Time zone'),
            value=stored.time_zone,
            hint=of_zone,
            options=(('', server), *places),
        ),
        Field(
            name='language',
            label=_('Language, for people whose browser asks for none that is offered'),
            value=stored.language or 'en',
            options=tuple(names().items()),
        ),
        Field(
            name='order',
            label=_('Lists of people begin sorted'),
            value='surname' if stored.by_surname else 'name',
            options=(('name', _('by first name')), ('surname', _('by surname'))),
        ),
        *([] if environment().public_url else [address]),
    ]


def _lasting(host: str | None, address: str) -> str:
    """Return the address that the browser uses if it is a name; the number of a laptop changes from room to room."""
    is_name = '.' in (host or '') and not (host or '').replace('.', '').isdigit() and ':' not in (host or '')
    return address if is_name else ''
