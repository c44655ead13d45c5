"""The clock of the browser: in which zone its reader lives, if they have not chosen one yet.

Quasar's own time picker, which nobody sees, is asked to set itself to now; what it answers is the time on the wall
where the browser is. Together with the country that the browser names this is a zone, or else the page says how
to choose one (docs/decisions/0021-time-zones.md).
"""

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


class BrowserClock:
    """Asks the browser once what time it is, on a page of a person without a zone of their own."""

    def __init__(self, visit: Visit, actor: Actor) -> None:
        self._actor = actor
        self._region = languages.region(visit.request.headers.get('accept-language', ''))
        self._said = ui.element('div').props('aria-live=polite')
        ask = ui.time(mask='YYYY-MM-DD HH:mm:ss', on_change=gesture(self._answered)).classes('hidden')
        ask.run_method('setNow')

    async def _answered(self, answer: ValueChangeEventArguments[str | None]) -> None:
        try:
            on_the_wall = datetime.strptime(answer.value or '', AS_SET).replace(tzinfo=UTC)
        except ValueError:
            return
        offset = zones.nearest_offset(on_the_wall - clock.now())
        if offset == zones.in_zone(zones.school(), clock.now()).utcoffset():
            return
        zone = zones.of_region(self._region, offset, clock.now())
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
