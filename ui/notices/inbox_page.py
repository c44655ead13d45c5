"""`/inbox`: what the person was notified of, newest first, grouped by day; each notice leads to its place."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import groupby

from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from services.access import Actor
from services.core import audience, clock, database
from services.core.events import Event, NoticesChanged
from services.notices import inbox
from services.notices.inbox import PAGE, Inbox, OwnNotice
from ui.kit import time_format
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext, say
from ui.kit.refreshing import Refreshing
from ui.kit.text import Text, named, title
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import Visit, local_path

PAUSE = 0.2
"""seconds within which all that comes is one look, so that a thousand notices in a minute do not keep a page busy"""


def create() -> None:
    """Declare the pages."""

    @page('/inbox', title='Inbox')
    async def own_inbox(visit: Visit) -> Response | None:
        actor = visit.signed_in()
        if not actor.may_learn:  # nothing comes to the inbox of a parent
            return RedirectResponse('/children', status_code=303)
        found = await database.read(inbox.look, actor)
        with frame(visit):
            way_back(_('To the start page'), '/')
            with ui.element('div').classes('spread'):
                title(_('Inbox'))
                ui.link(_('Choose what you get'), '/inbox/settings').classes('button-quiet')
            InboxPage(actor, found)
        return None

    @page('/inbox/{notice_id:id}', title='Inbox')
    async def open_notice(visit: Visit, notice_id: int) -> Response | None:
        address = await database.write(inbox.open_notice, visit.signed_in(), notice_id)
        return RedirectResponse(local_path(address), status_code=303)


class InboxPage:
    """A search field, a filter, and the notices that match; they change while the page is open."""

    def __init__(self, actor: Actor, found: Inbox) -> None:
        self._actor = actor
        self._limit = PAGE
        self._newest = 0
        self._tools = ui.element('div').classes('inbox-tools')
        with self._tools:
            self._search = ui.input(_('Search in your inbox'), on_change=gesture(self._look_anew))
            self._search.props(f'outlined debounce=250 type=search clearable maxlength={inbox.LONGEST_TYPED}')
            self._unread_only = ui.checkbox(_('Only unread'), on_change=gesture(self._look_anew))
            self._all = ui.button(_('Mark all as read'), on_click=gesture(self._mark_all)).props('flat no-caps')
            self._all.classes('button-quiet')
        self._said = Text('p').classes('hint').props('role=status')
        self._list = ui.element('div').classes('stack')
        self._more = ui.button(_('Show older ones'), on_click=gesture(self._show_more)).props('flat no-caps')
        self._more.classes('button-quiet')
        self.refresh(found)
        self._refreshing = Refreshing(self._read, self.refresh)
        self._refreshing.follow(audience.of_person(actor.user_id), _is_shown, pause=PAUSE)

    def refresh(self, found: Inbox) -> None:
        """Show the notices that match."""
        is_chosen = bool(self._search.value or self._unread_only.value)
        self._newest = max([self._newest, *(each.notice_id for each in found.notices)])
        self._all.set_enabled(found.unread > 0)
        self._tools.set_visibility(is_chosen or bool(found.notices))
        self._said.set_text(_count(found, is_chosen=is_chosen))
        self._more.set_visibility(found.has_more)
        self._list.clear()
        with self._list:
            if not found.notices and not is_chosen:
                _nothing_yet()
            for day, of_day in groupby(found.notices, key=_day):
                self._draw_day(day, tuple(of_day))

    def _draw_day(self, day: date, notices: Sequence[OwnNotice]) -> None:
        with ui.element('section').classes('stack-tight'):
            Text('h2', _named(day)).classes('heading')
            with ui.element('ul').classes('list'):
                for notice in notices:
                    _draw(notice, self._marking(notice))

    def _marking(self, notice: OwnNotice) -> Callable[[], object]:
        @gesture
        async def mark() -> None:
            is_read = notice.read_at is None
            await database.write(inbox.mark, self._actor, [notice.notice_id], is_read=is_read)

        return mark

    async def _mark_all(self) -> None:
        await database.write(inbox.mark_all, self._actor, until=self._newest)

    async def _look_anew(self) -> None:
        self._limit = PAGE
        await self._refreshing.look_again()

    async def _show_more(self) -> None:
        self._limit += PAGE
        await self._refreshing.look_again()

    async def _read(self) -> Inbox:
        return await database.read(
            inbox.look,
            self._actor,
            typed=self._search.value or '',
            unread_only=bool(self._unread_only.value),
            limit=self._limit,
        )


def _draw(notice: OwnNotice, mark: Callable[[], object]) -> None:
    is_new = notice.read_at is None
    said = str(say(notice.title))
    with ui.element('li').classes('notice' + (' notice-new' if is_new else '')):
        with ui.element('div').classes('notice-text'):
            ui.link(said, f'/inbox/{notice.notice_id}').classes('notice-title').props('dir=auto')
            with ui.element('p').classes('hint'):
                if is_new:
                    Text('span', _('New')).classes('notice-mark')
                if notice.body:
                    Text('span', str(say(notice.body)))
                time_format.ago(notice.written_at)
        label = _('Mark as read') if is_new else _('Mark as unread')
        button = ui.button(label, on_click=mark).props('flat no-caps').classes('button-quiet button-bare')
        named(button, f'{label}: {said}')


def _count(found: Inbox, *, is_chosen: bool) -> str:
    if not is_chosen:
        return ngettext('{count} unread', '{count} unread', found.unread) if found.notices else ''
    number = len(found.notices)
    if not number:
        return _('Nothing found')
    if found.has_more:
        return _('{count} or more found', count=number)
    return ngettext('{count} found', '{count} found', number)


def _named(day: date) -> str:
    today = time_format.local(clock.now()).date()
    names = {today: _('Today'), today - timedelta(days=1): _('Yesterday')}
    return names.get(day) or time_format.short_day(day)


def _day(notice: OwnNotice) -> date:
    return time_format.local(notice.written_at).date()


def _is_shown(event: Event) -> bool:
    return isinstance(event, NoticesChanged)


def _nothing_yet() -> None:
    with ui.element('div').classes('empty'):
        Text('h2', _('Nothing yet')).classes('heading')
        Text('p', _('Here you read when work comes back to you, when a deadline is near and when something is done.'))
        ui.link(_('To the start page'), '/').classes('button-primary')
