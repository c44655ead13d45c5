"""What is asked and shown about one learner."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from fastapi import Request
from nicegui import ui

from services.core.errors import Invalid
from services.people.participants import Participant
from ui.accounts.reset_link import reset_link
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text


def ask_for_name(name: str, save: Callable[[str], Awaitable[None]]) -> None:
    """Ask for another name of a guest."""
    _ask_for_words(_('Rename {person}', person=name), _('Full name'), name, _('Save'), save)


def ask_for_group(whose: str, group: str, save: Callable[[str], Awaitable[None]]) -> None:
    """Ask for the group of a learner; none is a good answer."""
    title = _('Group of {person}', person=whose)
    _ask_for_words(title, _('Name of the group, or nothing'), group, _('Save'), save)


def ask_for_group_of_several(count: int, save: Callable[[str], Awaitable[None]]) -> None:
    """Ask for the group of several learners."""
    title = ngettext('Group of {count} learner', 'Group of {count} learners', count)
    _ask_for_words(title, _('Name of the group, or nothing'), '', _('Save'), save)


def ask_for_extra_time(whose: str, percent: int, save: Callable[[int], Awaitable[None]]) -> None:
    """Ask how much more time a learner has than others."""
    title = _('Extra time for {person}', person=whose)
    _ask_for_words(title, _('Percent more than others'), str(percent), _('Save'), partial(_keep_percent, save))


def ask_for_extra_time_of_several(count: int, save: Callable[[int], Awaitable[None]]) -> None:
    """Ask how much more time several learners have than others."""
    title = ngettext('Extra time for {count} learner', 'Extra time for {count} learners', count)
    _ask_for_words(title, _('Percent more than others'), '', _('Save'), partial(_keep_percent, save))


async def _keep_percent(save: Callable[[int], Awaitable[None]], words: str) -> None:
    digits = words.strip().removesuffix('%').strip() or '0'
    if not digits.isdecimal() or len(digits) > 4:
        raise Invalid('Type a number of percent, like 25.')
    await save(int(digits))


def ask_for_printed_name(whose: str, printed: str, save: Callable[[str], Awaitable[None]]) -> None:
    """Ask how a name is to be printed on a certificate."""
    title = _('New certificate for {person}', person=whose)
    _ask_for_words(title, _('Name, as it is printed'), printed, _('Issue again'), save)


def _ask_for_words(title: str, label: str, words: str, done: str, save: Callable[[str], Awaitable[None]]) -> None:
    async def keep() -> None:
        typed.error = None
        try:
            await save(typed.value or '')
        except Invalid as refusal:
            typed.error = say(refusal)
        else:
            dialog.close()

    with ui.dialog(value=True) as dialog, ui.card():
        Text('h2', title).classes('heading')
        typed = ui.input(label, value=words).props('outlined autofocus dir=auto')
        typed.on('keydown.enter', gesture(keep), args=[[]])
        with ui.element('div').classes('line'):
            ui.button(done, on_click=gesture(keep)).props('flat no-caps').classes('button-primary')
            ui.button(_('Cancel'), on_click=dialog.close).props('flat no-caps').classes('button-quiet button-bare')
    dialog.props['aria-label'] = title
    dialog.on('hide', dialog.delete)


def ask_who_it_is(guest: Participant, others: Sequence[Participant], save: Callable[[int], Awaitable[None]]) -> None:
    """Ask which of the others a guest has turned out to be."""

    async def keep() -> None:
        if who.value is None:
            who.error = _('Choose who it is.')
            return
        dialog.close()
        await save(who.value)

    names = {other.user_id: f'{other.name} ({other.email or _("guest")})' for other in others}
    title = _('Who is {person}?', person=guest.name)
    with ui.dialog(value=True) as dialog, ui.card():
        Text('h2', title).classes('heading')
        explained = _('What both did counts together from then on. You can separate them again at any time.')
        Text('p', explained).classes('body')
        who = ui.select(names, label=_('The same person as'), with_input=True)
        who.props('outlined').classes('button-wide')
        with ui.element('div').classes('line'):
            ui.button(_('Merge'), on_click=gesture(keep)).props('flat no-caps').classes('button-primary')
            ui.button(_('Cancel'), on_click=dialog.close).props('flat no-caps').classes('button-quiet button-bare')
    dialog.props['aria-label'] = title
    dialog.on('hide', dialog.delete)


def show_reset_link(request: Request, link: str, name: str) -> None:
    """Show a link for a new password, until it is closed."""
    with ui.dialog(value=True).props('no-backdrop-dismiss') as dialog, ui.card().classes('dialog-wide'):
        Text('h2', _('Link for a new password')).classes('heading')
        reset_link(request, link, name)
        ui.button(_('Close'), on_click=dialog.close).props('flat no-caps').classes('button-quiet')
    dialog.props['aria-label'] = _('Link for a new password')
    dialog.on('hide', dialog.delete)


def ask_for_fields(
    name: str, fields: Mapping[str, str], save: Callable[[Sequence[tuple[str, str]]], Awaitable[None]]
) -> None:
    """Ask what is to be noted about a learner, in fields that the school names itself."""

    async def keep() -> None:
        problem.set_text('')
        try:
            await save([(label.value or '', text.value or '') for label, text in rows])
        except Invalid as refusal:
            problem.set_text(say(refusal))
        else:
            dialog.close()

    def add(label: str = '', text: str = '') -> None:
        with place, ui.element('div').classes('field-row'):
            number = len(rows) + 1
            field = ui.input(_('Field {number}', number=number), value=label)
            value = ui.input(_('Value {number}', number=number), value=text)
            field.props('outlined dir=auto maxlength=40')
            rows.append((field, value.props('outlined dir=auto maxlength=200')))

    rows: list[tuple[ui.input, ui.input]] = []
    title = _('Fields of {person}', person=name)
    with ui.dialog(value=True) as dialog, ui.card().classes('dialog-wide'):
        Text('h2', title).classes('heading')
        Text('p', _('Those who teach this course see them, and they are in the downloaded list.')).classes('body')
        place = ui.element('div').classes('stack-tight')
        for label, text in (fields or {'': ''}).items():
            add(label, text)
        problem = Text('p').classes('field-problem').props('role=alert')
        problem.bind_visibility_from(problem, 'text', backward=bool)
        ui.button(_('Add a field'), on_click=lambda: add()).props('flat no-caps').classes('button-quiet')
        with ui.element('div').classes('line'):
            ui.button(_('Save'), on_click=gesture(keep)).props('flat no-caps').classes('button-primary')
            ui.button(_('Cancel'), on_click=dialog.close).props('flat no-caps').classes('button-quiet button-bare')
    dialog.props['aria-label'] = title
    dialog.on('hide', dialog.delete)
