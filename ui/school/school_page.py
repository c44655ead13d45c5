"""`/school`: what an admin does seldom; inviting people, letting them in again, programs that act for learners, what
could not be printed, and what is done by the clock."""

from collections.abc import Callable, Sequence
from functools import partial

from fastapi.responses import Response
from nicegui import ui

from services import access, timed
from services.access import Actor
from services.accounts import invitations, registration, resets, sign_ins
from services.accounts.invitations import OpenInvitation
from services.accounts.registration import INVITATION_LIFETIME
from services.accounts.resets import MadeLink
from services.certificates import failures
from services.core import database
from services.core.errors import Invalid
from services.core.transaction import Transaction
from services.mail import outbox, refused
from services.notices import pushing
from ui.accounts.reset_link import reset_link
from ui.certificates.failures import CertificateTroubles
from ui.kit.copy_link import copy_link
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, heading, hint, title
from ui.kit.time_format import exact
from ui.school.open_invitations import OpenInvitations
from ui.school.service_tokens import ServiceTokens
from ui.school.timed_work import TimedWorkList
from ui.school.unsent_mails import UnsentMails, draw_refusals
from ui.school.unsent_pushes import UnsentPushes
from ui.shell.address import public_address
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the page."""

    @page('/school', title='Your school')
    async def school(visit: Visit) -> Response | None:
        actor = await database.read(access.admin, visit.actor)
        unprinted = await database.read(failures.of_school, actor)
        invited = await database.read(invitations.still_open, actor)
        devices = await database.read(sign_ins.devices, actor)
        work = await database.read(timed.of_school, actor)
        links = await database.read(resets.of_school, actor)
        unsent = await database.read(outbox.of_school, actor)
        refusals = await database.read(refused.by_domain, actor)
        unpushed = await database.read(pushing.of_school, actor)
        with frame(visit):
            way_back(_('To the start page'), '/')
            with ui.element('div').classes('spread'):
                title(_('Your school'))
                with ui.element('div').classes('line'):
                    ui.link(_('Figures'), '/school/analytics').classes('button-quiet')
                    ui.link(_('Name, time zone, language'), '/school/settings').classes('button-quiet')
                    ui.link(_('Mails'), '/school/mail').classes('button-quiet')
                    ui.link(_('Learning systems'), '/school/lms').classes('button-quiet')
                    ui.link(_('Lists'), '/school/lists').classes('button-quiet')
                    ui.link(_('Predictions'), '/school/predictions').classes('button-quiet')
                    ui.link(_('Privacy'), '/school/privacy').classes('button-quiet')
                    ui.link(_('Motivation'), '/school/motivation').classes('button-quiet')
            CertificateTroubles(actor, unprinted)
            draw_refusals(refusals)
            UnsentMails(actor, unsent)
            UnsentPushes(actor, unpushed)
            _invitations(visit, actor, invited)
            _forgotten_password(visit, actor)
            _links(links)
            ServiceTokens(visit.request, actor, devices)
            TimedWorkList(actor, work)
        return None


def _invitations(visit: Visit, actor: Actor, invited: Sequence[OpenInvitation]) -> None:
    async def invite(as_role: Callable[[Transaction, Actor], str]) -> None:
        token = await database.write(as_role, actor)
        with links:
            copy_link(visit.request, f'{public_address(visit.request)}/register?invitation={token}')
            hint(
                ngettext(
                    'It works once, within {count} day, and is shown only now: copy it.',
                    'It works once, within {count} days, and is shown only now: copy it.',
                    INVITATION_LIFETIME.days,
                )
            )
        await still_open.look_again()

    heading(_('Invite an instructor'))
    Text('p', _('Make a link and send it to one person. With it they register as an instructor.')).classes('body')
    with ui.element('div').classes('line'):
        make = ui.button(_('Make a link'), on_click=partial(gesture(invite), registration.invite_instructor))
        make.props('flat no-caps').classes('button-primary')
        admin = ui.button(_('Invite an admin'), on_click=partial(gesture(invite), registration.invite_admin))
        admin.props('flat no-caps').classes('button-quiet')
    links = ui.element('div').classes('stack-tight').props('aria-live=polite')
    still_open = OpenInvitations(actor, invited)


def _forgotten_password(visit: Visit, actor: Actor) -> None:
    async def help_in() -> None:
        email.error = None
        try:
            link = await database.write(resets.make_link_for, actor, email=email.value or '')
        except Invalid as refusal:
            email.error = say(refusal)
            return
        links.clear()
        with links:
            reset_link(visit.request, link, email.value.strip())
        email.set_value('')

    heading(_('Somebody has forgotten their password'))
    Text('p', _('Make a link and hand it to them. With it they choose a new password.')).classes('body')
    email = ui.input(_('E-mail address of their account')).props('outlined type=email')
    email.on('keydown.enter', gesture(help_in), args=[[]])
    with ui.element('div').classes('line'):
        making = ui.button(_('Make a link'), on_click=gesture(help_in)).props('flat no-caps').classes('button-quiet')
        making.props['aria-label'] = _('Make a link for a new password')
    links = ui.element('div').classes('stack-tight').props('aria-live=polite')


def _links(links: Sequence[MadeLink]) -> None:
    """List who has made links with which somebody gets in, so that nobody takes an account over unnoticed."""
    if not links:
        return
    with ui.element('details').classes('quiet-details'):
        Text('summary', ngettext('{count} link of the last 30 days', '{count} links of the last 30 days', len(links)))
        with ui.element('ul').classes('list'):
            for link in links:
                with ui.element('li'), ui.element('div').classes('grow'):
                    Text('span', link.name).classes('name').props('translate=no')
                    maker = link.made_by or _('this server')
                    hint(_('made by {person} on {when}', person=maker, when=exact(link.made_at)))
                    hint(_('ended {when}', when=exact(link.used_at)) if link.used_at else _('not used'))
