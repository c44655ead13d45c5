"""`/courses/{course_id}/guest-codes`: the codes with which guests come back, to be read out, renewed or taken along."""

from collections.abc import Awaitable, Callable
from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import Response
from nicegui import ui

from services.core import database
from services.core.secrets import spell_code
from services.live import course_head
from services.people import cards, guest_codes, participants
from services.people.guest_codes import GuestCode
from ui.kit.confirm import ask
from ui.kit.group_filter import GroupFilter, asked_group, chosen_group, in_group
from ui.kit.language import _
from ui.kit.text import Text, hint, title
from ui.shell.address import public_address
from ui.shell.course_frame import Tab, course_frame
from ui.shell.downloads import Download, hand_out, spreadsheet
from ui.shell.frame import way_back
from ui.shell.page import page
from ui.shell.paper import chosen_paper, hand_out_pdf, paper_links
from ui.shell.request import Visit

router = APIRouter()


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/guest-codes', title='Codes of guests')
    async def codes(visit: Visit, course_id: int) -> Response | None:
        actor = visit.signed_in()
        people = await database.read(participants.of_course, actor, course_id, again=True)
        group = chosen_group(visit.request, people.groups)
        found = await database.read(guest_codes.of_course, actor, course_id, group=group)
        head = await database.read(course_head.of_course, actor, course_id)
        with course_frame(visit, head, Tab.PEOPLE, title=_('Codes of guests')):
            way_back(_('People'), in_group(f'/courses/{course_id}/people', group))
            address = f'/courses/{course_id}/guest-codes'
            with ui.element('div').classes('spread'):
                title(_('Codes of guests'))
                if found:
                    with ui.element('div').classes('line'):
                        paper_links(_('Cards to print'), in_group(f'{address}.pdf', group), cards.SIZES)
                        ui.link(_('Download as CSV'), in_group(f'{address}.csv', group)).classes('button-quiet')
            hint(_how(visit.request))
            hint(_('A code lets anybody in as that guest: show it to nobody else. The server log notes each look.'))
            GroupFilter(address, people.groups, group)
            _table(found)
        return None


@router.get('/courses/{course_id:id}/guest-codes.csv')
async def guest_codes_file(request: Request, course_id: int) -> Response:
    """Give the codes of the guests of a course as a file that spreadsheets open."""

    async def make(visit: Visit) -> Download:
        actor, group = visit.signed_in(), asked_group(request)
        found = await database.read(guest_codes.of_course, actor, course_id, group=group)
        heads = [_('Name'), _('Group'), _('Code')]
        rows = ([each.name, each.group, spell_code(each.code)] for each in found)
        return spreadsheet(f'guest-codes-{course_id}', [heads, *rows])

    return await hand_out(request, make, page=f'/courses/{course_id}/guest-codes')


@router.get('/courses/{course_id:id}/guest-codes.pdf')
async def guest_cards(request: Request, course_id: int) -> Response:
    """Return the cards of the guests of a course, to print and to cut apart."""

    async def make(visit: Visit) -> bytes:
        found = await database.read(cards.of_course, visit.signed_in(), course_id, group=asked_group(request))
        paper = chosen_paper(request, cards.SIZES)
        return await cards.make_pdf(found, address=public_address(request), paper=paper, language=visit.language)

    return await hand_out_pdf(request, make, name=f'cards-{course_id}', page=f'/courses/{course_id}/guest-codes')


def show_guest_code(request: Request, found: GuestCode, renew: Callable[[], Awaitable[GuestCode]]) -> None:
    """Open a dialog with the code of a guest, which can be renewed in it."""

    async def put_in_place() -> None:
        fresh = await renew()
        code.set_text(spell_code(fresh.code))
        said.set_text(_('This is the new code. The old one leads nowhere now.'))

    def renew_after_yes() -> None:
        consequence = _('The old code leads nowhere then. Devices that are signed in stay so.')
        ask(_('Give {name} a new code?', name=found.name), consequence, yes=_('New code'), then=put_in_place)

    label = _('Code of {name}', name=found.name)
    with ui.dialog(value=True) as dialog, ui.card():
        Text('h2', label).classes('heading').props('translate=no')
        code = Text('p', spell_code(found.code)).classes('title number').props('translate=no dir=ltr')
        hint(_how(request))
        said = hint('').props('role=status')
        with ui.element('div').classes('line'):
            ui.button(_('Close'), on_click=dialog.close).props('flat no-caps').classes('button-primary')
            ui.button(_('New code'), on_click=renew_after_yes).props('flat no-caps').classes('button-quiet')
    dialog.props['aria-label'] = label
    dialog.on('hide', dialog.delete)


def _how(request: Request) -> str:
    address = public_address(request).partition('://')[2]
    return _('Guests come back on any device: they open {address} and type their code.', address=address)


def _table(found: tuple[GuestCode, ...]) -> None:
    """Draw the codes as one element; a renewal is one click away, at the people."""
    if not found:
        hint(_('Nobody is here as a guest.'))
        return
    has_groups = any(each.group for each in found)
    rows = ''.join(
        f'<tr><th scope="row"><bdi translate="no">{escape(each.name)}</bdi></th>'
        f'{f"""<td><bdi translate="no">{escape(each.group)}</bdi></td>""" if has_groups else ""}'
        f'<td class="number" translate="no">{spell_code(each.code)}</td></tr>'
        for each in found
    )
    named = [_('Name'), *([_('Group')] if has_groups else []), _('Code')]
    heads = ''.join(f'<th scope="col">{escape(head)}</th>' for head in named)
    table = f'<table class="code-table"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    ui.html(table, sanitize=False)
