"""The clock of the browser: in which zone its reader lives, if they have not chosen one yet.

Quasar's own time picker, which nobody sees, is asked to set itself to now; what it answers is the time on the wall
where the browser is. Together with the country that the browser names this is a zone, or else the page says how
to choose one (docs/decisions/0021-time-zones.md).
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from services.access import Actor
from services.accounts import profiles
from services.core import clock, database, languages, zones
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.text import Text
from ui.shell.request import Visit

AS_SET = '%Y-%m-%d %H:%M:%S'


def ask_zone(visit: Visit, answered: Callable[[str], Awaitable[None]]) -> None:
    """Ask the browser once what time it is; `answered` is given its zone where the clock is not that of the school.

    The zone is empty where the clock and the country do not tell it.
    """
    region = languages.region(visit.request.headers.get('accept-language', ''))

    async def told(answer: ValueChangeEventArguments[str | None]) -> None:
        try:
            on_the_wall = datetime.strptime(answer.value or '', AS_SET).replace(tzinfo=UTC)
        except ValueError:
            return
        offset = zones.nearest_offset(on_the_wall - clock.now())
        if offset != zones.in_zone(zones.school(), clock.now()).utcoffset():
            await answered(zones.of_region(region, offset, clock.now()))

    ask = ui.time(mask='YYYY-MM-DD HH:mm:ss', on_change=gesture(told)).classes('hidden')
    ask.run_method('setNow')


class BrowserClock:
    """What is said of the clock of the browser, on a page of a person without a zone of their own."""

    def __init__(self, visit: Visit, actor: Actor) -> None:
        self._actor = actor
        self._said = ui.element('div').props('aria-live=polite')
        ask_zone(visit, self._answered)

    async def _answered(self, zone: str) -> None:
        if zone:
            await database.write(profiles.live_in, self._actor, time_zone=zone)
        self._said.clear()
        with self._said, ui.element('p').classes('notice'), ui.element('span'):
            Text('span', f'{_what(zone)} ')
            ui.link(_('Choose your time zone'), '/account')


def _what(zone: str) -> str:
    if zone:
        return _('Times are shown in the time of {zone} from now on.', zone=zone.replace('_', ' '))
    return _('Your clock is not that of the school, and times are shown in the time of the school.')
