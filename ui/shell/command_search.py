"""The search of every page: by a button, by `/` or by Ctrl+K; it leads to courses, checkpoints, people and pages.

The field keeps the focus and says by `aria-activedescendant` which result the arrow keys have reached.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from nicegui import ui
from nicegui.events import KeyEventArguments

from services import search
from services.access import Actor
from services.core import database
from services.search import Found
from ui.kit.handlers import gesture
from ui.kit.keys import on_key
from ui.kit.language import _, ngettext, say
from ui.kit.raw_element import Piece
from ui.kit.text import Text, hint, named
from ui.shell.places import PLACES

WAIT = 150
"""milliseconds without a key until what was typed is looked for"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One line of what was found."""

    name: str
    what: str
    """what kind of thing it is"""
    where: str
    """the course to which it belongs"""
    address: str


def search_button(actor: Actor) -> None:
    """Draw the button of the search, and listen to its keys."""

    def pressed(event: KeyEventArguments) -> None:
        asks = event.key.name == '/' and not (event.modifiers.ctrl or event.modifiers.meta or event.modifiers.alt)
        if asks or (event.key.name.lower() == 'k' and (event.modifiers.ctrl or event.modifiers.meta)):
            open_search()

    keys = {'aria-keyshortcuts': '/ Control+K', 'title': _('Search: / or Ctrl+K')}
    open_search = quiet_search_button(actor, keys)
    on_key(pressed)


def quiet_search_button(actor: Actor, more: Mapping[str, object] | None = None) -> Callable[[], None]:
    """Draw the button alone, for a page of which a thousand are open at once; returns what opens the search."""
    opened: list[CommandSearch] = []
    around = ui.context.slot

    def open_search() -> None:
        if not opened:
            with around:
                opened.append(CommandSearch(actor, opened.clear))

    button = Piece('button')
    props = {'type': 'button', 'aria-haspopup': 'dialog', 'aria-label': _('Search'), **(more or {})}
    button.draw(props, classes='icon-button icon-search')
    button.on('click', open_search, args=[[]])
    return open_search


class CommandSearch:
    """The dialog: a field, and below it what is found."""

    def __init__(self, actor: Actor, closed: Callable[[], object]) -> None:
        self._actor = actor
        self._results: list[Result] = []
        self._options: list[ui.element] = []
        self._at = 0
        self._searches = 0
        self._place = Piece('div', 'search-place')
        with self._place, ui.dialog(value=True).props('position=top') as self._dialog, ui.card().classes('search-card'):
            self._field = ui.input(placeholder=_('Course, step, person or page'), on_change=gesture(self._search))
            named(self._field.props(f'outlined autofocus debounce={WAIT} autocomplete=off'), _('Search'))
            self._list = named(ui.element('ul').classes('search-list').props('role=listbox'), _('What is found'))
            self._said = hint('').props('role=status')
            hint(_('↑ ↓ choose · Enter opens · Esc closes')).classes('keys-hint')
        self._field.props('role=combobox aria-expanded=true aria-autocomplete=list')
        self._field.props['aria-controls'] = self._list.html_id
        self._field.on('keydown.down.prevent', lambda: self._move(1), args=[[]])
        self._field.on('keydown.up.prevent', lambda: self._move(-1), args=[[]])
        self._field.on('keydown.enter.prevent', self._open_chosen, args=[[]])
        named(self._dialog, _('Search'))
        self._dialog.on('hide', self._close, args=[[]])
        self._closed = closed
        with self._place:
            ui.timer(0, gesture(self._search), once=True)

    def _close(self) -> None:
        self._place.delete()
        self._closed()

    async def _search(self) -> None:
        self._searches += 1
        turn, typed = self._searches, self._field.value or ''
        found = await database.read(search.find, self._actor, typed=typed)
        if turn == self._searches and not self._list.is_deleted:
            self._show(list(results(self._actor, found, typed)))

    def _show(self, found: list[Result]) -> None:
        self._results, self._options = found, []
        self._list.clear()
        with self._list:
            for index, each in enumerate(found):
                self._options.append(self._draw(index, each))
        number = ngettext('{count} found', '{count} found', len(found))
        self._said.set_text(number if found else _('Nothing is called like this.'))
        self._choose(0)

    def _draw(self, index: int, found: Result) -> ui.element:
        option = ui.element('li').classes('search-option').props('role=option')
        with option:
            Text('span', found.name).classes('search-name')
            Text('span', found.what).classes('hint')
            if found.where:
                Text('bdi', found.where).classes('hint search-where')
        option.on('click', lambda: self._open(index), args=[[]])
        return option

    def _move(self, by: int) -> None:
        if self._options:
            self._choose((self._at + by) % len(self._options))

    def _choose(self, index: int) -> None:
        self._at = index
        for place, option in enumerate(self._options):
            is_chosen = 'true' if place == index else 'false'
            if option.props.get('aria-selected') != is_chosen:
                option.props['aria-selected'] = is_chosen
        if self._options:
            self._field.props['aria-activedescendant'] = self._options[index].html_id
            self._options[index].run_method('scrollIntoView', {'block': 'nearest'})
        else:
            self._field.props.pop('aria-activedescendant', None)

    def _open_chosen(self) -> None:
        if self._results:
            self._open(self._at)

    def _open(self, index: int) -> None:
        address = self._results[index].address
        self._dialog.close()
        ui.navigate.to(address)


def results(actor: Actor, found: Found, typed: str) -> Iterator[Result]:
    """Yield what was found as lines: pages first where something was typed, else the courses."""
    pages = _pages(actor, typed)
    if typed.strip():
        yield from pages
    for course in found.courses:
        end = '' if course.teaches else '/learn'
        address = f'/courses/{course.course_id}{end}'
        yield Result(name=course.title, what=_('Course'), where='', address=address)
    for person in found.people:
        address = f'/courses/{person.course_id}/people/{person.user_id}/time'
        if person.course_id is None:
            address = f'/?find={quote(person.name)}'
        yield Result(name=person.name, what=_('Person'), where=person.course, address=address)
    for checkpoint in found.checkpoints:
        address = f'/courses/{checkpoint.course_id}/learn/{checkpoint.checkpoint_id}'
        if checkpoint.teaches:
            address = f'/courses/{checkpoint.course_id}?step={checkpoint.checkpoint_id}'
        yield Result(name=checkpoint.title, what=_('Step'), where=checkpoint.course, address=address)
    if not typed.strip():
        yield from pages


def _pages(actor: Actor, typed: str) -> list[Result]:
    words = typed.casefold().split()
    named_pages = ((say(place.name), place.address) for place in PLACES if place.may_open(actor))
    return [
        Result(name=name, what=_('Page'), where='', address=address)
        for name, address in named_pages
        if all(word in name.casefold() for word in words)
    ]
