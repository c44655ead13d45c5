"""`/inbox/settings`: of what the person is notified, on which channel, and when."""

from collections.abc import Callable

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.core import database
from services.enums import Channel, Rhythm
from services.notices import channels, choosing
from services.notices.choosing import RHYTHMS, Choice, Wish, Wishes
from services.notices.quiet_hours import QuietHours
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, say
from ui.kit.text import Text, heading, hint, named, title
from ui.kit.time_format import times_are_in
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the page."""

    @page('/inbox/settings', title='What you are notified of')
    async def choices(visit: Visit) -> Response | None:
        actor = visit.signed_in()
        wishes = await database.read(choosing.own, actor)
        with frame(visit):
            if actor.may_learn:
                way_back(_('Inbox'), '/inbox')
            else:  # nothing comes to the inbox of a parent
                way_back(_('Your children'), '/children')
            title(_('What you are notified of'))
            if wishes.choices:
                ChoicesTable(actor, wishes)
                if wishes.here - {Channel.IN_APP}:
                    Times(actor, wishes)
            else:
                hint(
                    _(
                        'Your school sends no mails yet. Once it does, a summary of your child’s week comes by mail, '
                        'and here you choose whether you want it.'
                    )
                )
        return None


class ChoicesTable:
    """A table of kinds and of the channels that the school has; each tick is saved at once."""

    def __init__(self, actor: Actor, wishes: Wishes) -> None:
        self._actor = actor
        self._boxes: dict[tuple[str, Channel], ui.checkbox] = {}
        self._channels = [channel for channel in Channel if channel in wishes.here]
        with ui.element('div'):
            for sentence in _what_is_off(wishes):
                hint(sentence)
        with named(ui.element('table').classes('notice-choices'), _('What you are notified of')):
            with ui.element('thead'), ui.element('tr'):
                Text('th', _('What')).props('scope=col')
                for channel in self._channels:
                    Text('th', say(channels.NAMES[channel])).props('scope=col')
            with ui.element('tbody'):
                for choice in wishes.choices:
                    self._draw(choice)
        if self._channels == [Channel.IN_APP]:
            return
        nothing = ui.button(_('Send me nothing, only fill the inbox'), on_click=gesture(self._stay_in_app))
        nothing.props('flat no-caps').classes('button-quiet')

    def _draw(self, choice: Choice) -> None:
        name = say(choice.name)
        with ui.element('tr'):
            Text('th', name).props('scope=row')
            for channel in self._channels:
                with ui.element('td'):
                    box = ui.checkbox(value=choice.is_on[channel])
                    named(box, _('{what}: {channel}', what=name, channel=say(channels.NAMES[channel])))
                    box.on_value_change(self._saving(choice, channel, box))
                    self._boxes[choice.kind, channel] = box

    def _saving(self, choice: Choice, channel: Channel, box: ui.checkbox) -> Callable[[], object]:
        @gesture
        async def save() -> None:
            wish = Wish(kind=choice.kind, channel=channel, is_on=bool(box.value))
            await database.write(choosing.choose, self._actor, [wish])

        return save

    async def _stay_in_app(self) -> None:
        wishes = await database.write(choosing.stay_in_app, self._actor)
        for choice in wishes.choices:
            for channel in self._channels:
                self._boxes[choice.kind, channel].set_value(choice.is_on[channel])
        tell(_('From now on nothing is sent to you. Your inbox has it all.'))


class Times:
    """Quiet hours, and how often notices are sent."""

    def __init__(self, actor: Actor, wishes: Wishes) -> None:
        self._actor = actor
        with ui.element('section').classes('stack-tight'):
            heading(_('When it is sent'))
            choices = {rhythm.value: say(name) for rhythm, name in RHYTHMS.items()}
            self._rhythm = ui.select(choices, value=wishes.rhythm.value, label=_('How often')).props('outlined')
            with ui.element('div').classes('field-row'):
                self._since = _time_field(_('Quiet from'), wishes.quiet.since if wishes.quiet else None)
                self._until = _time_field(_('Quiet until'), wishes.quiet.until if wishes.quiet else None)
            hint(
                _('In these hours nothing is sent but what you wait for. The inbox fills all the same.')
                + times_are_in()
            )
            with ui.element('div').classes('line'):
                button = ui.button(_('Save'), on_click=gesture(self._save)).props('flat no-caps')
                button.classes('button-primary')

    async def _save(self) -> None:
        quiet: QuietHours | None = choosing.read_quiet(self._since.value, self._until.value)
        rhythm = Rhythm(self._rhythm.value)
        await database.write(choosing.set_times, self._actor, quiet=quiet, rhythm=rhythm)
        tell(_('Saved'))


def _time_field(label: str, minutes: int | None) -> ui.input:
    value = '' if minutes is None else choosing.spelled(minutes)
    return ui.input(label, value=value).props('outlined type=time stack-label clearable')


def _what_is_off(wishes: Wishes) -> list[str]:
    """Return what does not work here, or for this person."""
    found = []
    if Channel.E_MAIL not in wishes.here:
        found.append(_('Your school sends no notices by mail.'))
    elif wishes.is_refused:
        found.append(_('Mails to your address came back, so none are sent. Look at it on your account page.'))
    elif not wishes.has_address:
        found.append(_('Mails reach you once you have an e-mail address on your account page and have confirmed it.'))
    if Channel.PUSH not in wishes.here:
        found.append(_('Your school sends no notices to devices.'))
    return found
