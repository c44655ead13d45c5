"""What is asked and shown about one learner."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from fastapi import Request
from nicegui import ui

from services.core.errors import Invalid
from services.people.participants import Participant
from ui.accounts.reset_link import reset_link
from ui.kit.handlers import gesture
from ui.kit.text import Text


def ask_for_name(name: str, save: Callable[[str], Awaitable[None]]) -> None:
    """Ask for another name of a guest."""
    _ask_for_words(f'Rename {name}', 'Full name', name, 'Save', save)


def ask_for_group(whose: str, group: str, save: Callable[[str], Awaitable[None]]) -> None:
    """Ask for the group of a learner; none is a good answer."""
    _ask_for_words(f'Group of {whose}', 'Name of the group, or nothing', group, 'Save', save)


def ask_for_extra_time(whose: str, percent: int, save: Callable[[int], Awaitable[None]]) -> None:
    """Ask how much more time a learner has than others."""

    async def keep(words: str) -> None:
        digits = words.strip().removesuffix('%').strip() or '0'
        if not digits.isdecimal() or len(digits) > 4:
            raise Invalid('Type a number of percent, like 25.')
        await save(int(digits))

    _ask_for_words(f'Extra time for {whose}', 'Percent more than others', str(percent), 'Save', keep)


def ask_for_printed_name(whose: str, printed: str, save: Callable[[str], Awaitable[None]]) -> None:
    """Ask how a name is to be printed on a certificate."""
    _ask_for_words(f'New certificate for {whose}', 'Name, as it is printed', printed, 'Issue again', save)


def _ask_for_words(title: str, label: str, words: str, done: str, save: Callable[[str], Awaitable[None]]) -> None:
    async def keep() -> None:
        typed.error = None
        try:
            await save(typed.value or '')
        except Invalid as refusal:
            typed.error = str(refusal)
        else:
            dialog.close()

    with ui.dialog(value=True) as dialog, ui.card():
        Text('h2', title).classes('heading')
        typed = ui.input(label, value=words).props('outlined autofocus dir=auto')
        typed.on('keydown.enter', gesture(keep), args=[[]])
        with ui.element('div').classes('line'):
            ui.button(done, on_click=gesture(keep)).props('flat no-caps').classes('button-primary')
            ui.button('Cancel', on_click=dialog.close).props('flat no-caps').classes('button-quiet button-bare')
    dialog.props['aria-label'] = title
    dialog.on('hide', dialog.delete)


def ask_who_it_is(guest: Participant, others: Sequence[Participant], save: Callable[[int], Awaitable[None]]) -> None:
    """Ask which of the others a guest has turned out to be."""

    async def keep() -> None:
        if who.value is None:
            who.error = 'Choose who it is.'
            return
        dialog.close()
        await save(who.value)

    names = {other.user_id: f'{other.name} ({other.email or "guest"})' for other in others}
    with ui.dialog(value=True) as dialog, ui.card():
        Text('h2', f'Who is {guest.name}?').classes('heading')
        Text('p', 'What both did counts together from then on. You can separate them again at any time.').classes(
            'body'
        )
        who = ui.select(names, label='The same person as', with_input=True).props('outlined').classes('button-wide')
        with ui.element('div').classes('line'):
            ui.button('Put together', on_click=gesture(keep)).props('flat no-caps').classes('button-primary')
            ui.button('Cancel', on_click=dialog.close).props('flat no-caps').classes('button-quiet button-bare')
    dialog.props['aria-label'] = f'Who is {guest.name}?'
    dialog.on('hide', dialog.delete)


def show_reset_link(request: Request, link: str, name: str) -> None:
    """Show a link for a new password, until it is closed."""
    with ui.dialog(value=True).props('no-backdrop-dismiss') as dialog, ui.card().classes('dialog-wide'):
        Text('h2', 'Link for a new password').classes('heading')
        reset_link(request, link, name)
        ui.button('Close', on_click=dialog.close).props('flat no-caps').classes('button-quiet')
    dialog.props['aria-label'] = 'Link for a new password'
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
            problem.set_text(str(refusal))
        else:
            dialog.close()

    def add(label: str = '', text: str = '') -> None:
        with place, ui.element('div').classes('field-row'):
            number = len(rows) + 1
            named = ui.input(f'Field {number}', value=label).props('outlined dir=auto maxlength=40')
            rows.append((named, ui.input(f'Value {number}', value=text).props('outlined dir=auto maxlength=200')))

    rows: list[tuple[ui.input, ui.input]] = []
    with ui.dialog(value=True) as dialog, ui.card().classes('dialog-wide'):
        Text('h2', f'Fields of {name}').classes('heading')
        Text('p', 'Whoever teaches this course sees them, and they are in the downloaded list.').classes('body')
        place = ui.element('div').classes('stack-tight')
        for label, text in (fields or {'': ''}).items():
            add(label, text)
        problem = Text('p').classes('field-problem').props('role=alert')
        problem.bind_visibility_from(problem, 'text', backward=bool)
        ui.button('Add a field', on_click=lambda: add()).props('flat no-caps').classes('button-quiet')
        with ui.element('div').classes('line'):
            ui.button('Save', on_click=gesture(keep)).props('flat no-caps').classes('button-primary')
            ui.button('Cancel', on_click=dialog.close).props('flat no-caps').classes('button-quiet button-bare')
    dialog.props['aria-label'] = f'Fields of {name}'
    dialog.on('hide', dialog.delete)
