"""`/account/second-factor`: an authenticator app for the account of those who teach or run the school."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from services.accounts import own_factor
from services.accounts.own_factor import OwnFactor
from services.core import database
from ui.accounts.account_page import CURRENT
from ui.accounts.factor_words import CODE, EITHER_CODE, codes_html, set_up_html
from ui.accounts.form_handlers import Fields, post
from ui.kit.language import _, ngettext, reading
from ui.kit.text import Text, hint, title
from ui.kit.time_format import exact
from ui.shell.forms import form
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import COOKIE, Visit, address_of, visit_of
from ui.shell.static_pages import plain_page

PATH = '/account/second-factor'


def create() -> None:
    """Declare the page."""

    @page(PATH, title='Second factor')
    async def second_factor(visit: Visit) -> Response | None:
        actor = visit.signed_in()
        own = await database.read(own_factor.own, actor)
        packed = visit.request.query_params.get('draft', '')
        draft = None if own.since else await database.read(own_factor.draft, actor, packed)
        with frame(visit):
            way_back(_('Your account'), '/account')
            title(_('Second factor'))
            if draft is None:
                _shown(visit, own)
                return None
            Text('p', _('With it, a stolen password alone opens nothing: signing in asks for a code as well.')).classes(
                'body'
            )
            ui.html(set_up_html(draft), sanitize=False).classes('stack')
            form(visit, PATH, [CODE, CURRENT], _('Set up'), hidden={'draft': draft.packed})
        return None


@post('/account/second-factor', back=PATH)
async def add(request: Request, fields: Fields) -> Response:
    """Set the second factor up, and show the recovery codes once."""
    visit = await visit_of(request)
    codes = await own_factor.add(
        visit.actor,
        packed=fields.get('draft', ''),
        code=fields.get('code', ''),
        current_password=fields.get('current_password', ''),
    )
    return _codes(visit, codes)


@post('/account/second-factor/codes', back=PATH)
async def renew(request: Request, fields: Fields) -> Response:
    """Make new recovery codes, and show them once."""
    visit = await visit_of(request)
    code, address = fields.get('code', ''), address_of(request)
    return _codes(visit, await own_factor.renew_codes(visit.actor, code=code, address=address))


@post('/account/second-factor/remove', back=PATH)
async def remove(request: Request, fields: Fields) -> Response:
    """Remove the second factor; where the school insists on one, the person signs in again and sets up another."""
    actor = (await visit_of(request)).signed_in()
    if await own_factor.remove(actor, code=fields.get('code', ''), address=address_of(request)):
        return RedirectResponse('/account', status_code=303)
    response = RedirectResponse('/sign-in?next=/account', status_code=303)
    response.delete_cookie(COOKIE)
    return response


def _shown(visit: Visit, own: OwnFactor) -> None:
    """Show that there is one, and the one thing that the person wants to do with it."""
    if own.since:
        Text('p', _('Signing in asks for a code of your app since {when}.', when=exact(own.since))).classes('body')
    left = ngettext('{count} recovery code is left.', '{count} recovery codes are left.', own.codes_left)
    hint(left)
    match visit.request.query_params.get('do'):
        case 'codes':
            hint(_('The recovery codes that you have now are good no more.'))
            form(visit, f'{PATH}/codes', [EITHER_CODE], _('Make new recovery codes'), hidden={'do': 'codes'})
        case 'remove':
            if own.is_required:
                hint(_('Your school asks for one: you are signed out, and set up another one when you sign in again.'))
            form(visit, f'{PATH}/remove', [EITHER_CODE], _('Remove the second factor'), hidden={'do': 'remove'})
        case _unknown:
            with ui.element('div').classes('line'):
                ui.link(_('New recovery codes'), f'{PATH}?do=codes').classes('button-quiet')
                ui.link(_('Remove it'), f'{PATH}?do=remove').classes('button-quiet')
            hint(_('A new phone? Remove it, and set it up again with the new one.'))


def _codes(visit: Visit, codes: list[str]) -> Response:
    with reading(visit.language):
        return plain_page(_('Your recovery codes'), codes_html(codes, '/account'))
