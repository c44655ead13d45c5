"""`/confirm?link=…`: where the link in a mail leads with which an e-mail address is confirmed. A plain page.

Looking at it changes nothing, because programs that check mails for harm open every link.
"""

from html import escape
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from services.accounts import addresses
from services.accounts.addresses import Claimed
from services.core import database, server_log
from services.core.errors import DomainError
from ui.accounts.form_handlers import Fields, post
from ui.kit.language import _, reading, say
from ui.shell.forms import form_button_html
from ui.shell.request import Visit, visit_of
from ui.shell.static_pages import plain_page, plain_problem
from web.status import status_of

router = APIRouter()


@router.get('/confirm')
async def confirm(request: Request, link: str = '', done: str = '') -> Response:
    """Show what can be said about the address, or why the link leads nowhere."""
    server_log.begin_request()
    try:
        visit = await visit_of(request)
    except DomainError as refusal:
        return plain_problem(status_of(refusal), say(refusal))
    with reading(visit.language):
        if done and not link:
            return plain_page(_('Thank you'), _disowned())
        try:
            claimed = await database.read(addresses.claimed, link)
        except DomainError as refusal:
            return plain_problem(status_of(refusal), say(refusal))
        body = _confirmed() if claimed.is_confirmed else _question(visit, claimed, link)
        return plain_page(_('Your e-mail address'), f'{_problem(visit)}{body}', status=visit.status)


@post('/confirm', back='/confirm')
async def confirmed(request: Request, fields: Fields) -> Response:
    """Let the address count as that of the person who posts."""
    await database.write(addresses.confirm, (await visit_of(request)).actor, link=fields.get('link', ''))
    return RedirectResponse('/account', status_code=303)


@post('/disown', back='/confirm')
async def disowned(request: Request, fields: Fields) -> Response:
    """Take the address away from an account that is not that of its owner."""
    await database.write(addresses.disown, link=fields.get('link', ''))
    return RedirectResponse('/confirm?done=yes', status_code=303)


def _question(visit: Visit, claimed: Claimed, link: str) -> str:
    bold = f'<b dir="ltr">{escape(claimed.email)}</b>'
    whose = _('Is {email} your address?', email=bold)
    parts = [f'<h1 class="title">{escape(_("Confirm your address"))}</h1><p class="body">{whose}</p>']
    if visit.actor and visit.actor.user_id == claimed.user_id:
        yes = _('Yes, confirm it')
        parts.append(form_button_html(visit.request, '/confirm', yes, 'button-primary button-large', link=link))
    else:
        target = urlencode({'next': f'/confirm?{urlencode({"link": link})}'})
        said = _('Sign in to the account with this address first; then you can confirm it.')
        parts.append(f'<p class="hint">{escape(said)}</p>')
        parts.append(f'<a class="button-primary" href="/sign-in?{escape(target)}">{escape(_("Sign in"))}</a>')
    if not claimed.may_disown:
        return ''.join(parts)
    said = _(
        'Have you made no account here? Then somebody else has, with your address. Take it away from that account.'
    )
    no = _('This account is not mine')
    parts.append(f'<p class="hint">{escape(said)}</p>')
    parts.append(form_button_html(visit.request, '/disown', no, 'button-quiet', link=link))
    return ''.join(parts)


def _confirmed() -> str:
    said = escape(_('This address is confirmed. There is nothing more to do.'))
    start = escape(_('To the start page'))
    return f'<h1 class="title">{said}</h1><a class="button-primary" href="/">{start}</a>'


def _disowned() -> str:
    said = escape(_('Your address is taken away from that account. You get no more mails about it.'))
    return f'<h1 class="title">{escape(_("Thank you"))}</h1><p class="body">{said}</p>'


def _problem(visit: Visit) -> str:
    if visit.problem is None:
        return ''
    return f'<p class="notice-problem" role="alert"><span>{escape(visit.problem.sentence)}</span></p>'
