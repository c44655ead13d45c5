"""`/school/privacy`: who asks to be erased, and whose data must be kept, for admins."""

from collections.abc import Sequence
from functools import partial

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.phrases import Phrase
from services.privacy import erasure_requests, holds, retention
from services.privacy.erasure_requests import Asking
from services.privacy.holds import Hold
from services.privacy.retention import Due
from services.upkeep import archiving
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, heading, hint, title
from ui.kit.time_format import exact, month
from ui.school.erasure_dialogs import ask_to_erase
from ui.school.person_menu import ROLES
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the page."""

    @page('/school/privacy', title='Privacy')
    async def privacy(visit: Visit) -> Response | None:
        actor = visit.actor
        asked = await database.read(erasure_requests.of_school, actor)
        kept = await database.read(holds.of_school, actor)
        due = await database.read(retention.preview, actor)
        with frame(visit):
            way_back(_('Your school'), '/school')
            title(_('Privacy'))
            assert actor is not None
            _Asked(actor, asked)
            _Kept(actor, kept)
            _tonight(due)
            _archived_tonight(await database.read(archiving.preview, actor))
        return None


def _tonight(found: Sequence[Due]) -> None:
    heading(_('Goes tonight'))
    hint(_('What was kept for long enough is deleted between 1 and 5 o’clock; of some, only the details are.'))
    if not found:
        Text('p', _('Nothing does.')).classes('body')
        return
    with ui.element('ul').classes('list') as listed:
        listed.props['aria-label'] = _('Goes tonight')
        for each in found:
            with ui.element('li'), ui.element('div').classes('grow'):
                Text('div', say(Phrase(one=each.what))).classes('capital')
                rows = ngettext('{count} row', '{count} rows', each.number)
                days = ngettext('kept for {count} day', 'kept for {count} days', each.days)
                hint(f'{rows} · {days}')


def _archived_tonight(found: archiving.Due) -> None:
    if not found.months:
        return
    heading(_('Archived tonight'))
    hint(_('Old activities leave the database for compressed files, and are read there. Nothing is lost.'))
    with ui.element('ul').classes('list') as listed:
        listed.props['aria-label'] = _('Archived tonight')
        for first_day, number in found.numbers:
            with ui.element('li'), ui.element('div').classes('grow'):
                Text('div', month(first_day)).classes('capital')
                hint(ngettext('{count} activity', '{count} activities', number))
    if more := found.months - len(found.numbers):
        hint(ngettext('and {count} more month', 'and {count} more months', more))


class _Asked:
    """Those who ask to be erased."""

    def __init__(self, actor: Actor, found: Sequence[Asking]) -> None:
        self._actor = actor
        heading(_('People who ask to be erased'))
        hint(_('The law gives you a month. To erase somebody who has not asked here, find them among the people.'))
        self._place = ui.element('div').classes('stack-tight').props('aria-live=polite')
        self._draw(found)

    async def _look_again(self) -> None:
        self._draw(await database.read(erasure_requests.of_school, self._actor))

    def _draw(self, found: Sequence[Asking]) -> None:
        self._place.clear()
        with self._place:
            if not found:
                Text('p', _('Nobody asks.')).classes('body')
                return
            with ui.element('ul').classes('list'):
                for each in found:
                    self._person(each)

    def _person(self, each: Asking) -> None:
        with ui.element('li'):
            with ui.element('div').classes('grow'):
                with ui.element('div').classes('line'):
                    Text('span', each.name).classes('name').props('translate=no')
                    Text('span', ROLES[each.role]).classes('chip')
                hint(_('since {when}', when=exact(each.since)))
            erase = ui.button(
                _('Erase'), on_click=partial(ask_to_erase, self._actor, each.user_id, each.name, self._look_again)
            )
            erase.props('flat no-caps').classes('button-danger')
            erase.props['aria-label'] = _('Erase {person}', person=each.name)


class _Kept:
    """Those whose data a law asks for."""

    def __init__(self, actor: Actor, found: Sequence[Hold]) -> None:
        self._actor = actor
        heading(_('Data that must be kept'))
        hint(_('Nobody can erase these people before the day. You add one in the menu beside a person.'))
        self._place = ui.element('div').classes('stack-tight').props('aria-live=polite')
        self._draw(found)

    def _draw(self, found: Sequence[Hold]) -> None:
        self._place.clear()
        with self._place:
            if not found:
                Text('p', _('There are none.')).classes('body')
                return
            with ui.element('ul').classes('list'):
                for each in found:
                    self._hold(each)

    def _hold(self, each: Hold) -> None:
        with ui.element('li'):
            with ui.element('div').classes('grow'):
                with ui.element('div').classes('line'):
                    Text('span', each.name).classes('name').props('translate=no')
                    Text('span', _('until {day}', day=each.until.isoformat())).classes('chip')
                hint(each.reason)
            end = ui.button(_('End'), on_click=partial(gesture(self._end), each)).props('flat no-caps')
            end.classes('button-quiet').props['aria-label'] = _('End the hold on {person}', person=each.name)

    async def _end(self, each: Hold) -> None:
        await database.write(holds.release, self._actor, each.hold_id)
        tell(_('{person} can be erased again.', person=each.name))
        self._draw(await database.read(holds.of_school, self._actor))
