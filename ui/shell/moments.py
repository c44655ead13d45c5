"""Moments: a quiet card that congratulates a learner, once, on the device that they look at."""

from collections.abc import Sequence

from nicegui import background_tasks, ui

from services.access import Actor
from services.core import audience, database, hub
from services.core.events import Event, Recorded
from services.enums import AchievementKind, BadgeIcon, Role
from services.motivation import icons, moments
from services.motivation.achievements import KINDS
from services.motivation.moments import Moment
from ui.kit.handlers import gesture
from ui.kit.language import _, for_reader, ngettext, say
from ui.kit.raw_element import Piece
from ui.kit.text import Text

PICTURES = {
    AchievementKind.LEVEL: BadgeIcon.STAR,
    AchievementKind.STREAK: BadgeIcon.FLAME,
    AchievementKind.CERTIFICATE: BadgeIcon.CROWN,
}
MOST_AT_ONCE = 4
"""after a long time away there can be many"""


class Moments:
    """Empty until there is something to congratulate the learner on: now, or since they were here last."""

    def __init__(self, actor: Actor, *, path: str, at_once: bool = True) -> None:
        self._actor = actor
        self._path = path
        self._shown: list[Moment] = []
        self._place = Piece('div')
        self._place.draw({'role': 'status', 'aria-live': 'polite'}, classes='moments')
        client = self._place.client
        client.on_delete(hub.watch(audience.of_person(actor.user_id), for_reader(self._happened)))
        if at_once:
            client.on_connect(gesture(self._look))

    def _happened(self, events: Sequence[Event]) -> None:
        if any(isinstance(event, Recorded) and event.verb in KINDS for event in events):
            background_tasks.create(gesture(self._look)(), name='moments', context=self._place.client)

    async def _look(self) -> None:
        if not self._place.client.has_socket_connection or not await database.read(moments.are_there, self._actor):
            return
        new = await database.write(moments.take, self._actor)
        self._shown += [each for each in new if not self._is_said_here(each)]
        self._draw()

    def _is_said_here(self, moment: Moment) -> bool:
        """Tell whether the page congratulates by itself: that of the course that is completed."""
        is_certificate = moment.kind is AchievementKind.CERTIFICATE
        return is_certificate and self._path == f'/courses/{moment.number}/learn'

    def _draw(self) -> None:
        self._place.clear()
        if not self._shown:
            return
        with self._place, ui.element('div').classes('moment-card'):
            for moment in self._shown[-MOST_AT_ONCE:]:
                with ui.element('div').classes('moment-line'):
                    picture = icons.svg(moment.icon or PICTURES.get(moment.kind, BadgeIcon.STAR))
                    Piece('span').draw_html(picture, classes='badge-picture')
                    Text('p', words(moment)).props('dir=auto')
            if (more := len(self._shown) - MOST_AT_ONCE) > 0:
                Text('p', ngettext('and {count} more', 'and {count} more', more)).classes('hint')
            with ui.element('div').classes('line'):
                ui.link(_('What you have achieved'), '/goals').classes('button-quiet')
                close = ui.button(_('Close'), on_click=self._close).props('flat no-caps')
                close.classes('button-quiet button-bare').props['aria-label'] = _('Close: congratulations')

    def _close(self) -> None:
        self._shown.clear()
        self._draw()


def for_learner(actor: Actor | None, path: str) -> None:
    """Draw the place for moments on a page of a learner; those who teach have none, and neither has a projector."""
    if actor is not None and actor.role is Role.STUDENT:
        Moments(actor, path=path)


def words(moment: Moment) -> str:
    """Return what a learner has reached."""
    name = say(moment.name)
    match moment.kind:
        case AchievementKind.BADGE:
            return _('You have earned a badge: {name}', name=name)
        case AchievementKind.LEVEL:
            return _('You have reached a level: {name}', name=name)
        case AchievementKind.STREAK:
            return ngettext(
                'You have learned on {count} day in a row', 'You have learned on {count} days in a row', moment.number
            )
        case _:
            return _('You have completed a course: {name}', name=name)
