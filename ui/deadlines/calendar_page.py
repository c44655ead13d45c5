"""`/calendar`: the deadlines of a learner, and the secret address at which a calendar program reads them."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from nicegui import ui

from services.core import clock, database, server_log, threads
from services.core.errors import DomainError
from services.core.server_address import network_of, standing_address
from services.deadlines import calendar_file, feeds
from services.deadlines.dates import Deadline
from services.deadlines.feeds import Feed
from ui.kit.confirm import ask
from ui.kit.copy_link import copy_link
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, ngettext
from ui.kit.text import Text, heading, hint, title
from ui.kit.time_format import exact, short, times_are_in
from ui.shell.address import public_address
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import Visit, address_of
from web.files import has_not_changed
from web.status import status_of

router = APIRouter()
MOST_SHOWN = 20


def create() -> None:
    """Declare the page."""

    @page('/calendar', title='Deadlines in your calendar')
    async def calendar(visit: Visit) -> Response | None:
        actor = visit.signed_in()
        if not actor.may_learn:  # parents have no deadlines
            return RedirectResponse('/children', status_code=303)
        feed = await database.read(feeds.own, actor)
        found = await database.read(feeds.shown, actor)
        with frame(visit):
            way_back(_('Your account'), '/account')
            title(_('Deadlines in your calendar'))
            said = _('The calendar on your phone or computer can show by when you have to do what.')
            Text('p', said).classes('body')
            CalendarAddress(visit, feed)
            _deadlines(found)
        return None


@router.api_route('/calendar/{token}.ics', methods=['GET', 'HEAD'])
async def calendar_of(request: Request, token: str) -> Response:
    """Return the calendar at a secret address to a program, which has no sign-in."""
    server_log.begin_request()
    try:
        feeds.readings_from.take(network_of(address_of(request)))
        found = await feeds.read(token)
        content = await threads.shared.run(calendar_file.written, found, address=standing_address())
    except DomainError as refusal:
        return PlainTextResponse(str(refusal), status_of(refusal), _PRIVATE)
    headers = {**_PRIVATE, 'etag': calendar_file.tag(content)}
    if has_not_changed(request, headers['etag']):
        return Response(status_code=304, headers=headers)
    headers['content-disposition'] = 'inline; filename="deadlines.ics"'
    return Response(content, media_type=calendar_file.MEDIA_TYPE, headers=headers)


class CalendarAddress:
    """The address: made, shown once, replaced and ended."""

    def __init__(self, visit: Visit, feed: Feed | None) -> None:
        self._request = visit.request
        self._actor = visit.signed_in()
        with ui.element('section').classes('stack-tight').props('aria-live=polite') as self._place:
            pass
        self._draw(feed)

    def _draw(self, feed: Feed | None, token: str = '') -> None:
        self._place.clear()
        with self._place:
            if token:
                self._fresh(token)
            elif feed:
                Text('p', _('Your calendar has an address since {when}.', when=exact(feed.made_at))).classes('body')
                hint(_('It is shown only when it is made. Do you need it again? Make a new one.'))
            with ui.element('div').classes('line'):
                if feed is None:
                    make = ui.button(_('Make an address'), on_click=gesture(self._make)).props('flat no-caps')
                    make.classes('button-primary')
                else:
                    renew = ui.button(_('Make a new address'), on_click=self._ask_to_renew).props('flat no-caps')
                    renew.classes('button-quiet')
                    end = ui.button(_('End the address'), on_click=self._ask_to_end).props('flat no-caps')
                    end.classes('button-quiet button-bare')

    def _fresh(self, token: str) -> None:
        said = _('Copy this address now, and add it to your calendar program as a calendar from the web (URL).')
        Text('p', said).classes('body')
        copy_link(self._request, f'{public_address(self._request)}/calendar/{token}.ics')
        hint(_('Everybody who has the address can read your deadlines. It is shown only now.'))
        hint(_('Calendar programs look again when they like: some each hour, Google about once a day.'))

    async def _make(self) -> None:
        token = await database.write(feeds.make, self._actor)
        self._draw(await database.read(feeds.own, self._actor), token)

    def _ask_to_renew(self) -> None:
        ask(
            _('Make a new address?'),
            _('The address that you have ends at once; programs that use it find nothing there.'),
            yes=_('Make a new address'),
            then=self._make,
        )

    def _ask_to_end(self) -> None:
        ask(
            _('End the address?'),
            _('Programs that use it find nothing there any more. You can make a new one whenever you like.'),
            yes=_('End the address'),
            then=self._end,
        )

    async def _end(self) -> None:
        await database.write(feeds.end, self._actor)
        tell(_('The address has ended.'))
        self._draw(None)


def _deadlines(found: Sequence[Deadline]) -> None:
    now = clock.now()
    with ui.element('section').classes('stack-tight'):
        heading(_('What is due next'))
        if upcoming := [each for each in found if each.due_at >= now]:
            _list(upcoming)
        else:
            hint(_('Nothing has a date at the moment. What gets one appears here, and in your calendar.'))
    if over := [each for each in reversed(found) if each.due_at < now]:
        with ui.element('section').classes('stack-tight'):
            heading(_('What was due in the last {count} days', count=feeds.SHOWN_FOR.days))
            _list(over)
    if found and (zone := times_are_in()):
        hint(zone)


def _list(deadlines: Sequence[Deadline]) -> None:
    with ui.element('ul').classes('list'):
        for each in deadlines[:MOST_SHOWN]:
            _line(each)
    if len(deadlines) > MOST_SHOWN:
        hint(ngettext('and {count} more', 'and {count} more', len(deadlines) - MOST_SHOWN))


def _line(each: Deadline) -> None:
    with ui.element('li'), ui.element('div').classes('grow'):
        with ui.element('div').classes('line'):
            ui.link(each.title, f'/courses/{each.course_id}/learn/{each.checkpoint_id}').props('dir=auto')
            if each.is_done:
                Text('span', _('done')).classes('chip')
            elif each.was_before:
                Text('span', _('before you joined')).classes('chip')
        with ui.element('p').classes('hint'):
            Text('span', short(each.due_at))
            Text('span', ' · ')
            Text('span', each.course).props('dir=auto')


_PRIVATE = {
    'cache-control': 'private, no-cache',
    'x-robots-tag': 'noindex, nofollow',
}
"""for everything at a secret address"""
