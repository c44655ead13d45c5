"""Who is linked to a child, the open codes, who is blocked, and who has looked; each with what can be done about it."""

from collections.abc import Callable
from functools import partial

from nicegui import ui

from services.access import Actor
from services.accounts import parent_codes
from services.accounts.parent_codes import OpenCode
from services.core import audience, database
from services.core.events import ParentsChanged
from services.core.secrets import spell_code
from services.parents import links
from services.parents.links import LinkedParent, Parents
from services.parents.looks import LookDay
from ui.kit.confirm import ask
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, ngettext
from ui.kit.refreshing import Refreshing
from ui.kit.text import Text, heading, hint
from ui.kit.time_format import day, exact, short, short_day


class ParentLists:
    """The lists of one child; for the child they follow what parents and the school do."""

    def __init__(self, actor: Actor, found: Parents, *, is_own: bool) -> None:
        self._actor, self._child_id, self._is_own = actor, found.child_id, is_own
        self._refreshing = Refreshing(self._read, self._show)
        self._place = ui.element('div').classes('stack')
        self._dialogs = ui.element('div')
        self._show(found)

    def follow(self) -> None:
        """Show what changes while the page is open."""
        interest = audience.of_person(self._child_id)
        self._refreshing.follow(interest, lambda event: isinstance(event, ParentsChanged))

    async def _read(self) -> Parents:
        return await database.read(links.of_child, self._actor, child_id=self._child_id, again=True)

    def _show(self, found: Parents) -> None:
        self._place.clear()
        with self._place:
            self._draw_linked(found)
            self._draw_codes(found)
            self._draw_blocked(found)
            _draw_looks(found)

    def _draw_linked(self, found: Parents) -> None:
        with ui.element('section').classes('stack-tight'):
            heading(_('Linked'))
            if not found.linked:
                hint(_('No parent is linked.'))
            with ui.element('ul').classes('list'):
                for parent in found.linked:
                    self._draw_parent(parent, _('since {day}', day=day(parent.since)), self._linked_buttons)

    def _draw_parent(self, parent: LinkedParent, about: str, buttons: Callable[[LinkedParent], None]) -> None:
        with ui.element('li').classes('spread'):
            with ui.element('div').classes('grow'):
                Text('span', parent.name).classes('person-name').props('translate=no')
                hint(about)
            buttons(parent)

    def _linked_buttons(self, parent: LinkedParent) -> None:
        aloud = _('End the link to {person}', person=parent.name)
        _button(_('End the link'), aloud, partial(self._ask_to_end, parent))
        if not self._is_own:
            _button(_('Block'), _('Block {person}', person=parent.name), partial(self._ask_to_block, parent))

    def _draw_codes(self, found: Parents) -> None:
        with ui.element('section').classes('stack-tight'):
            heading(_('Codes'))
            if found.may_make_code:
                hint(_('A code is good for one parent, once, for a week. They enter it where they register.'))
            else:
                hint(_('Your school hands out the codes for your parents. Ask there for one.'))
            if found.codes:
                with ui.element('ul').classes('list'):
                    for code in found.codes:
                        self._draw_code(code)
            if found.may_make_code:
                with ui.element('div').classes('line'):
                    make = ui.button(_('Make a code'), on_click=gesture(self._make)).props('flat no-caps')
                make.classes('button-primary')

    def _draw_code(self, code: OpenCode) -> None:
        with ui.element('li').classes('spread'):
            with ui.element('div').classes('grow'):
                Text('span', spell_code(code.code)).classes('number person-name').props('translate=no')
                hint(_('good until {when}', when=short(code.expires_at)) if code.by_child else self._of_school(code))
            aloud = _('Take the code {code} back', code=spell_code(code.code))
            _button(_('Take back'), aloud, partial(gesture(self._take_back), code))

    def _of_school(self, code: OpenCode) -> str:
        return _('made by the school, good until {when}', when=short(code.expires_at))

    def _draw_blocked(self, found: Parents) -> None:
        if not found.blocked:
            return
        with ui.element('section').classes('stack-tight'):
            heading(_('Blocked'))
            hint(_('They cannot be linked. Only the school makes codes for this child now.'))
            with ui.element('ul').classes('list'):
                for parent in found.blocked:
                    buttons = self._blocked_buttons if found.may_unblock else _no_buttons
                    self._draw_parent(parent, _('blocked since {day}', day=day(parent.since)), buttons)

    def _blocked_buttons(self, parent: LinkedParent) -> None:
        aloud = _('Let {person} in again', person=parent.name)
        _button(_('Let in again'), aloud, partial(gesture(self._unblock), parent))

    def _ask_to_end(self, parent: LinkedParent) -> None:
        with self._dialogs:
            ask(
                _('End the link to {person}?', person=parent.name),
                _('They see nothing from now on. For a new link they need another code.'),
                yes=_('End the link'),
                then=partial(self._end, parent),
            )

    def _ask_to_block(self, parent: LinkedParent) -> None:
        with self._dialogs:
            ask(
                _('Block {person}?', person=parent.name),
                _('Their link and all open codes end. From now on only the school makes codes for this child.'),
                yes=_('Block'),
                then=partial(self._block, parent),
            )

    async def _make(self) -> None:
        made = await database.write(parent_codes.make, self._actor, child_id=self._child_id)
        await self._refreshing.look_again()
        tell(_('The code is {code}. Hand it to one person.', code=spell_code(made.code)))

    async def _take_back(self, code: OpenCode) -> None:
        await database.write(parent_codes.take_back, self._actor, child_id=self._child_id, code_id=code.code_id)
        await self._refreshing.look_again()

    async def _end(self, parent: LinkedParent) -> None:
        await database.write(links.end, self._actor, child_id=self._child_id, parent_id=parent.parent_id)
        await self._refreshing.look_again()

    async def _block(self, parent: LinkedParent) -> None:
        await database.write(links.block, self._actor, child_id=self._child_id, parent_id=parent.parent_id)
        await self._refreshing.look_again()

    async def _unblock(self, parent: LinkedParent) -> None:
        await database.write(links.unblock, self._actor, child_id=self._child_id, parent_id=parent.parent_id)
        await self._refreshing.look_again()


def _button(words: str, aloud: str, pressed: Callable[[], object]) -> None:
    button = ui.button(words, on_click=pressed).props('flat no-caps').classes('button-quiet')
    button.props['aria-label'] = aloud


def _no_buttons(parent: LinkedParent) -> None:
    """Draw nothing: only an admin lets a person in again."""


def _draw_looks(found: Parents) -> None:
    with ui.element('section').classes('stack-tight'):
        heading(_('Who has looked'))
        if not found.looks:
            hint(_('Nobody yet.'))
        with ui.element('ul').classes('child-list'):
            for look in found.looks:
                Text('li', look_words(look)).classes('hint').props['title'] = exact(look.last_at)


def look_words(look: LookDay) -> str:
    """Return who has looked on a day, and how often."""
    return ngettext(
        '{person}, {day}: {count} look',
        '{person}, {day}: {count} looks',
        look.count,
        person=look.name,
        day=short_day(look.day),
    )
