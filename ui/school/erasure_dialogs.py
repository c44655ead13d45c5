"""What an admin is asked before a person is erased, or kept from being erased."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.errors import Invalid
from services.goals.personal import read_day
from services.privacy import erasing, holds
from ui.kit.confirm import ask
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, say
from ui.kit.text import Text


def ask_to_erase(actor: Actor, user_id: int, name: str, changed: Callable[[], Awaitable[None]]) -> None:
    """Ask once, and erase a person for good."""

    async def erase() -> None:
        await erasing.erase(actor, user_id)
        tell(_('{person} is erased.', person=name))
        await changed()

    ask(
        _('Erase {person} for good?', person=name),
        _(
            'Name, address, notes, answers and files go, and nobody can bring them back. '
            'Figures of courses and grades stay, under a made-up name.'
        ),
        yes=_('Erase for good'),
        then=erase,
    )


def ask_for_hold(actor: Actor, user_id: int, name: str) -> None:
    """Ask which law keeps the data of a person from being erased, and until when."""

    async def keep() -> None:
        problem.set_text('')
        try:
            until = read_day(day.value)
            if until is None:
                raise Invalid('Choose a day that is to come.', field='until')
            await database.write(holds.hold, actor, user_id=user_id, reason=reason.value or '', until=until)
        except Invalid as refusal:
            problem.set_text(say(refusal))
        else:
            dialog.close()
            tell(_('The data of {person} are kept. The page “Privacy” of your school lists it.', person=name))

    label = _('Keep the data of {person} by law', person=name)
    with ui.dialog(value=True) as dialog, ui.card().classes('dialog-wide'):
        Text('h2', label).classes('heading')
        Text('p', _('Until that day nobody can erase them, whatever they ask for.')).classes('body')
        reason = ui.input(_('Which law or proceedings ask for it?')).props('outlined autofocus dir=auto maxlength=280')
        day = ui.input(_('Until which day?')).props('outlined type=date stack-label')
        problem = Text('p').classes('hint').props('role=alert')
        with ui.element('div').classes('line'):
            ui.button(_('Save'), on_click=gesture(keep)).props('flat no-caps').classes('button-primary')
            ui.button(_('Cancel'), on_click=dialog.close).props('flat no-caps').classes('button-quiet button-bare')
    dialog.props['aria-label'] = label
    dialog.on('hide', dialog.delete)
