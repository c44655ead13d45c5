"""`/class/{course_id}`: a learner in class."""

from collections.abc import Callable
from functools import partial
from html import escape
from itertools import count

from fastapi.responses import RedirectResponse, Response
from nicegui import Client, background_tasks, ui

from services.access import Actor
from services.accounts import guest_upgrade, profiles
from services.content.prose import prepare
from services.core import database
from services.live import class_access, joining, rooms
from services.live.board.views import Presence
from services.live.room import Room
from services.live.stay import Stay
from ui.kit.handlers import gesture
from ui.kit.language import _, for_reader, say
from ui.kit.raw_element import Piece
from ui.live.own_class import OwnClass
from ui.live.own_code import own_code
from ui.live.own_material import MakeDrawer
from ui.shell.browser_clock import ask_zone
from ui.shell.command_search import quiet_search_button
from ui.shell.frame import KEEP, KEEP_ALOUD, keep_address, title_page
from ui.shell.moments import Moments
from ui.shell.page import page
from ui.shell.request import Visit


def create(make_drawer: MakeDrawer) -> None:
    """Declare the page; `make_drawer` returns what draws videos and texts on it."""

    @page('/class/{course_id:id}', title='Class')
    async def own_class(visit: Visit, course_id: int) -> Response | None:
        actor = visit.signed_in()
        place = await database.read(class_access.place, actor, course_id)
        if not place.learns:
            return RedirectResponse(f'/courses/{course_id}/live', status_code=303)
        room = await rooms.enter(course_id)
        await prepare(*(checkpoint.description for checkpoint in room.own_view(actor.user_id).checkpoints))
        title_page(_('Class'), room.board.title)
        _header(room, actor, is_guest=bool(place.rejoin_code))
        draw = make_drawer(visit.request, actor, course_id)
        # the server was started again, or they were away for long
        was_lost = room.presences.shown(actor.user_id) is Presence.LOST
        below = partial(own_code, visit.request, place.rejoin_code)
        tells_time = partial(_ask_clock, visit, actor)
        own = OwnClass(room, actor, draw, below=below, tells_time=tells_time, was_lost=was_lost)
        Moments(actor, path=visit.request.url.path, at_once=False)  # thousands may come at the same moment
        _connect(room, actor, own)
        return None


def _header(room: Room, actor: Actor, *, is_guest: bool) -> None:
    """Draw the bar on top, of few elements; guests find the way to an account there."""
    keep = _keep_html(room.board.course_id) if is_guest and guest_upgrade.is_open() else ''
    drawn = (
        '<a class="wordmark" href="/">Waymark</a>'
        f'<span class="frame-title" dir="auto">{escape(room.board.title)}</span>'
        f'<span class="frame-actions"><bdi class="own-name" translate="no">{escape(actor.name)}</bdi>'
        f'{keep}<a class="icon-button icon-help" href="/help" target="_blank" aria-label="{escape(_("Help"))}"></a>'
        '</span>'
    )
    with Piece('header', 'frame-header'):
        Piece('div').draw({'innerHTML': drawn}, classes='frame-drawn')
        quiet_search_button(actor)


def _keep_html(course_id: int) -> str:
    address = escape(keep_address(f'/class/{course_id}'))
    return f'<a class="keep-link" href="{address}" aria-label="{escape(say(KEEP_ALOUD))}">{escape(say(KEEP))}</a>'


def _ask_clock(visit: Visit, actor: Actor) -> None:
    """Ask the browser of somebody without a zone for its clock, as a time of day is shown; few classes do that."""

    async def answered(zone: str) -> None:
        if zone:
            await database.write(profiles.live_in, actor, time_zone=zone)
            ui.navigate.reload()

    if not actor.time_zone:
        ask_zone(visit, answered)


def _connect(room: Room, actor: Actor, own: OwnClass) -> None:
    """Let the class move this page, and this page count as being here while it is open."""
    client = ui.context.client
    stay = Stay(room, actor.user_id)
    connections = count(1)

    @gesture
    async def connected() -> None:
        if next(connections) > 1:
            own.come_back()
        is_new_page = not stay.is_here
        if stay.connect():
            await joining.come(room, actor)
        if is_new_page:
            own.refresh()

    def look_again() -> None:
        own.refresh()
        if room.board.is_running and not room.board.learners[actor.user_id].joined and stay.is_here:
            background_tasks.create(joining.come(room, actor))

    look = for_reader(_unless_out(room, actor, look_again))
    stop = room.screens.watch_own(actor.user_id, look, for_reader(own.show_figure))

    def gone() -> None:
        stop()
        if stay.leave():
            background_tasks.create(joining.go(room, actor))

    client.on_connect(connected)
    client.on_disconnect(lambda: _lose(stay, client))
    client.on_delete(gone)


def _lose(stay: Stay, client: Client) -> None:
    # a phone that changes its network may be back before its old connection is given up
    if not client.has_socket_connection:
        stay.lose()


def _unless_out(room: Room, actor: Actor, look_again: Callable[[], None]) -> Callable[[], None]:
    """Load the page again for a learner who has left the board: it says why, or shows who they are now."""
    client = ui.context.client

    def look() -> None:
        if actor.user_id in room.board.learners:
            look_again()
            return
        with client:
            ui.navigate.reload()

    return look
