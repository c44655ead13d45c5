"""Who needs the teacher: sentences with their evidence, a message that is ready, and a way to dismiss them."""

from collections.abc import Mapping, Sequence
from functools import partial
from urllib.parse import quote, urlencode

from nicegui import ui

from services.access import Actor
from services.analytics import watch
from services.analytics.attention import Why
from services.analytics.watch import WHY, Watched
from services.core import database
from services.enums import RiskBand
from ui.kit.copy_link import may_copy
from ui.kit.handlers import gesture, tell
from ui.kit.language import Spoken, _, ngettext, say
from ui.kit.menu import opens_menu
from ui.kit.text import Text, heading, hint

MOST = 5
"""as many as a teacher can act upon; the others are one click away"""
BANDS: Mapping[RiskBand, str] = Spoken(
    {
        RiskBand.HIGH: lambda: _('high risk'),
        RiskBand.MEDIUM: lambda: _('medium risk'),
        RiskBand.LOW: lambda: _('low risk'),
    }
)


class NeedList:
    """The list of learners who need a look, the most urgent first."""

    def __init__(self, actor: Actor, course_id: int) -> None:
        self._actor = actor
        self._course_id = course_id
        self._shows_all = False
        self._needs: Sequence[Watched] | None = None
        with ui.element('section').classes('stack-tight needs') as section:
            with ui.element('div').classes('line'):
                self._title = heading(_('Who needs you'))
                self._count = Text('span').classes('chip number')
            self._nobody = hint(_('Nobody at the moment: all are on their way.'))
            self._list = ui.element('ul').classes('needs-list')
            self._more = ui.button(on_click=self._switch).props('flat no-caps').classes('button-quiet button-bare')
            self._dialogs = ui.element('div')
        section.props['aria-label'] = _('Who needs you')

    def show(self, needs: Sequence[Watched]) -> None:
        """Show who needs a look now; a menu that is open stays so where nothing has changed."""
        if needs == self._needs:
            return
        self._needs = needs
        self._draw_all(needs)

    def _draw_all(self, needs: Sequence[Watched]) -> None:
        self._count.set_text(str(len(needs)))
        self._count.set_visibility(bool(needs))
        self._nobody.set_visibility(not needs)
        self._list.clear()
        with self._list:
            for need in needs if self._shows_all else needs[:MOST]:
                self._draw(need)
        rest = len(needs) - MOST
        self._more.set_visibility(rest > 0)
        if rest > 0:
            self._more.set_text(_('Show fewer') if self._shows_all else ngettext('{count} more', '{count} more', rest))

    def _switch(self) -> None:
        self._shows_all = not self._shows_all
        self._draw_all(self._needs or ())

    def _draw(self, need: Watched) -> None:
        with ui.element('li').classes('need') as item:
            with ui.element('div').classes('need-words'):
                self._draw_who(need)
                if need.grounds:
                    Text('p', ' · '.join(say(ground.words) for ground in need.grounds)).classes('need-why')
                if need.also:
                    Text('p', ' '.join(map(say, need.also))).classes('need-why')
                if need.helps:
                    Text('p', _('What would help: {step}', step=need.helps)).classes('need-why need-help')
                if need.contested is not None:
                    contested = _('{name} does not agree: {words}', name=need.name, words=need.contested or '–')
                    Text('p', contested).classes('need-why')
            with ui.element('div').classes('need-deeds'):
                write = ui.button(_('Write'), on_click=partial(self._write, need)).props('flat no-caps')
                write.classes('button-quiet').props['aria-label'] = _('Write to {name}', name=need.name)
                button = ui.button(_('Not a problem')).props('flat no-caps aria-haspopup=menu')
                button.classes('button-quiet button-bare')
                choices = [(say(words), gesture(partial(self._dismiss, need, why, item))) for why, words in WHY.items()]
                opens_menu(button, lambda: choices)
                button.props['aria-label'] = _('{name} is not a problem', name=need.name)
                if need.band is RiskBand.HIGH:
                    button.props['title'] = _('{name} can read the reason, and that it is yours.', name=need.name)

    def _draw_who(self, need: Watched) -> None:
        with ui.element('p').classes('need-who'):
            where = f'/courses/{self._course_id}/people/{need.user_id}/progress'
            ui.link(need.name, where).classes('name').props('translate=no dir=auto')
            if need.band:
                why = ' '.join(map(say, need.reasons)) or _('The facts together raise it; none stands out.')
                band = Text('span', BANDS[need.band]).classes(f'risk risk-{need.band} defined').props('tabindex=0')
                band.props['aria-description'] = why
            if need.group:
                Text('span', need.group).classes('hint').props('translate=no')

    async def _dismiss(self, need: Watched, why: Why, item: ui.element) -> None:
        """Record it; the page follows what is recorded, and draws the list anew a moment later."""
        await database.write(
            watch.dismiss,
            self._actor,
            self._course_id,
            user_id=need.user_id,
            reasons=[ground.reason for ground in need.grounds],
            risk=need.band is RiskBand.HIGH,
            why=why,
        )
        tell(_('{name} is not shown for two weeks, unless something new comes up.', name=need.name))
        item.set_visibility(False)

    def _write(self, need: Watched) -> None:
        with self._dialogs, ui.dialog(value=True) as dialog, ui.card().classes('stack-tight need-message'):
            Text('h2', _('Write to {name}', name=need.name)).classes('heading')
            words = ui.textarea(_('Message'), value=say(need.message)).props('outlined autogrow autofocus dir=auto')
            with ui.element('div').classes('line'):
                if may_copy(ui.context.client.request):
                    copy = ui.button(_('Copy'), on_click=lambda: _copy(words.value)).props('flat no-caps')
                    copy.classes('button-primary')
                mail = ui.link(_('Open in my mail program'), _mail_to(words.value)).classes('button-quiet')
                words.on_value_change(lambda: mail.props.update(href=_mail_to(words.value)))
                ui.button(_('Close'), on_click=dialog.close).props('flat no-caps').classes('button-quiet button-bare')
        dialog.props['aria-label'] = _('Write to {name}', name=need.name)
        dialog.on('hide', dialog.delete)


def _copy(words: str) -> None:
    ui.clipboard.write(words)
    tell(_('The message is copied.'))


def _mail_to(words: str) -> str:
    return f'mailto:?{urlencode({"body": words}, quote_via=quote)}'
