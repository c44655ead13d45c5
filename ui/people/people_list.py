"""The learners of a course as a list: found by name, renamed, taken out and brought back."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape

from nicegui import ui

from services.accounts import resets
from services.certificates.holders import Holder
from services.core import database, school
from services.core.name_order import by_surname
from services.core.secrets import spell_code
from services.people import custom_fields, groups, guest_codes, merging, participants
from services.people.guest_codes import GuestCode
from services.people.participants import Participant, People
from ui.courses.editor_context import Desk
from ui.kit.enrollment_states import STATES
from ui.kit.group_filter import GroupFilter
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext
from ui.kit.menu import Choice, more_button, opens_menu
from ui.kit.text import Text, named
from ui.kit.time_format import exact, how_long_ago, short
from ui.people.guest_codes_page import show_guest_code
from ui.people.people_certificates import PeopleCertificates
from ui.people.people_dialogs import (
    ask_for_extra_time,
    ask_for_fields,
    ask_for_group,
    ask_for_name,
    ask_who_it_is,
    show_reset_link,
)
from ui.people.several_people import SeveralPeople
from ui.shell.address import public_address

AT_ONCE = 100
"""How many rows are drawn before somebody asks for more; the search looks through all."""

EVERYBODY, NEVER_HERE = '', 'never here'

ORDERS: Mapping[str, Callable[[Participant], tuple[int | str, ...]]] = {
    'surname': lambda person: by_surname(person.name),
    'progress': lambda person: (person.percent,),
}
"""the orders besides that by name, in which the people come"""


class PeopleList:
    """Everybody who learns in a course, and below them those who were taken out."""

    def __init__(self, desk: Desk, groups: Sequence[str], group: str) -> None:
        """`groups` are those of the course, `group` the one of which alone the learners are shown."""
        self._desk = desk
        self._people: People | None = None
        self._limit = AT_ONCE
        self._search = ui.input(_('Search by name, e-mail or group'), on_change=self._draw)
        self._search.props('outlined debounce=200 type=search clearable')
        with ui.element('div').classes('line'):
            self._group = GroupFilter(f'/courses/{desk.course_id}/people', groups, group, lambda _group: self._draw())
            self._draw_choices()
        self._count = Text('p').classes('hint').props('role=status')
        several = ui.element('div')
        self._list = ui.element('ul').classes('list')
        self._all = ui.button(_('Show all'), on_click=self._show_all).props('flat no-caps').classes('button-quiet')
        self._empty = ui.element('div').classes('empty')
        with ui.element('details').classes('quiet-details') as self._out:
            self._out_summary = Text('summary')
            self._out_list = ui.element('ul').classes('list')
        self._dialogs = ui.element('div')  # a menu takes what is opened inside it along when it closes
        self._certificates = PeopleCertificates(desk, self._dialogs)
        with several:
            self._several = SeveralPeople(desk, self._dialogs, self._draw)

    def _draw_choices(self) -> None:
        orders = {'name': _('By name'), 'surname': _('By surname'), 'progress': _('By progress')}
        usual = 'surname' if school.current().by_surname else 'name'
        self._which = ui.select({EVERYBODY: _('Everybody')}, value=EVERYBODY, on_change=self._draw)
        named(self._which.props('outlined dense options-dense').classes('group-filter'), _('Which learners'))
        self._order = ui.toggle(orders, value=usual, on_change=self._draw)
        named(self._order.classes('choice').props('flat no-caps'), _('Order'))

    def show(self, people: People, certified: Mapping[int, Holder]) -> None:
        """Show the people as they are now, and who of them has a certificate."""
        if (people, certified) != (self._people, self._certificates.certified):
            self._people, self._certificates.certified = people, certified
            self._draw()

    def _draw(self) -> None:
        if self._people is None:
            return
        wanted = ' '.join((self._search.value or '').casefold().split())
        self._group.offer(self._people.groups)
        everybody = self._people.of_group(self._group.group).learners
        here = [person for person in everybody if not person.is_removed]
        out = [person for person in everybody if person.is_removed]
        which = self._offer_which(here)
        found = [
            person
            for person in here
            if wanted in f'{person.name} {person.email or ""} {person.group}'.casefold()
            and which in (EVERYBODY, _which(person))
        ]
        if key := ORDERS.get(self._order.value or ''):
            found.sort(key=key)
        self._search.visible = self._count.visible = bool(here)
        self._order.visible = len(here) > 1
        self._count.set_text(_count(len(found), len(here)))
        self._several.offer({person.user_id for person in here}, [person.user_id for person in found])
        self._fill(self._list, found[: self._limit], self._row)
        self._all.visible = len(found) > self._limit
        self._invite(self._people, is_empty=all(person.is_removed for person in self._people.learners))
        self._out.visible = bool(out)
        self._out_summary.set_text(_('Not in the list ({count})', count=len(out)))
        self._fill(self._out_list, out, self._row_out)

    def _offer_which(self, here: Sequence[Participant]) -> str:
        """Offer the kinds of learners that there are now, and return the one that is chosen."""
        kinds = {NEVER_HERE: _('never here'), **{state.value: word for state, word in STATES.items()}}
        there = {_which(person) for person in here}
        options = {EVERYBODY: _('Everybody'), **{kind: word for kind, word in kinds.items() if kind in there}}
        chosen = self._which.value if self._which.value in options else EVERYBODY
        if options != self._which.options:
            self._which.set_options(options, value=chosen)
        self._which.visible = len(there) > 1
        return chosen

    def _fill(self, place: ui.element, people: Sequence[Participant], draw: Callable[[Participant], None]) -> None:
        place.visible = bool(people)
        place.clear()
        with place:
            for person in people:
                draw(person)

    def _row(self, person: Participant) -> None:
        with ui.element('li').classes('person'):
            if self._several.is_on:
                self._several.draw_box(person)
            _who(person)
            if person.group:
                Text('span', person.group).classes('chip').props('translate=no')
            if person.extra_percent:
                Text('span', _('+{percent} % time', percent=person.extra_percent)).classes('chip')
            self._certificates.chip(person)
            Text('span', STATES[person.state]).classes('hint')
            Text('span', f'{person.percent} %').classes('number')
            more = more_button()
            more.props['aria-label'] = _('More for {person}', person=person.name)
            opens_menu(more, lambda: self._choices(person))

    def _row_out(self, person: Participant) -> None:
        with ui.element('li').classes('person'):
            _who(person)
            if person.merged_into:
                apart = ui.button(_('Separate'), on_click=partial(gesture(self._separate), person))
                aloud = _('Separate {person} from {other}', person=person.name, other=person.merged_into)
                named(apart.props('flat no-caps').classes('button-quiet'), aloud)
                return
            back = ui.button(_('Bring back'), on_click=partial(gesture(self._bring_back), person))
            back = back.props('flat no-caps').classes('button-quiet')
            named(back, _('Bring {person} back', person=person.name))

    def _choices(self, person: Participant) -> list[Choice]:
        own: list[Choice] = (
            [
                (_('Link for a new password'), partial(gesture(self._reset), person)),
                (_('Parents'), lambda: ui.navigate.to(f'/people/{person.user_id}/parents')),
            ]
            if person.email
            else [
                (_('Code to come back'), partial(gesture(self._show_code), person)),
                (_('Link to come back'), partial(gesture(self._reset), person)),
                (_('Rename'), partial(self._ask_for_name, person)),
                (_('Same person as …'), partial(self._ask_who_it_is, person)),
            ]
        )
        return [
            *own,
            (_('Study time'), partial(self._show_time, person)),
            (_('Group'), partial(self._ask_for_group, person)),
            (_('Extra time'), partial(self._ask_for_extra_time, person)),
            (_('Fields'), partial(self._ask_for_fields, person)),
            *self._certificates.choices(person),
            (_('Take out of the course'), partial(gesture(self._remove), person)),
        ]

    def _invite(self, people: People, *, is_empty: bool) -> None:
        self._empty.visible = is_empty
        self._empty.clear()
        with self._empty:
            Text('h2', _('Nobody is here yet')).classes('heading')
            address = public_address(self._desk.request).partition('://')[2]
            code = f'<b class="number" translate="no">{spell_code(people.code)}</b>'
            how = _(
                'Learners open {address} and type {code}. They appear here as they join.',
                address=escape(address),
                code=code,
            )
            ui.html(how, sanitize=False, tag='p')
            ui.link(_('How do learners get in?'), '/help')

    def _show_all(self) -> None:
        self._limit = 1_000_000
        self._draw()

    def _show_time(self, person: Participant) -> None:
        ui.navigate.to(f'/courses/{self._desk.course_id}/people/{person.user_id}/time')

    def _ask_for_name(self, person: Participant) -> None:
        with self._dialogs:
            ask_for_name(person.name, partial(self._rename, person))

    def _ask_for_group(self, person: Participant) -> None:
        with self._dialogs:
            ask_for_group(person.name, person.group, partial(self._put, person))

    async def _put(self, person: Participant, group: str) -> None:
        await self._desk.change(groups.put, self._desk.course_id, user_id=person.user_id, name=group)
        if name := group.strip():
            self._desk.say(_('{person} is in the group {group}', person=person.name, group=name))
        else:
            self._desk.say(_('{person} is in no group', person=person.name))

    def _ask_for_fields(self, person: Participant) -> None:
        assert self._people
        known = dict.fromkeys((name for other in self._people.learners for name in other.custom), '')
        with self._dialogs:
            ask_for_fields(person.name, known | person.custom, partial(self._fill_in, person))

    async def _fill_in(self, person: Participant, fields: Sequence[tuple[str, str]]) -> None:
        await self._desk.change(custom_fields.fill, self._desk.course_id, user_id=person.user_id, fields=fields)
        self._desk.say(_('Noted for {person}', person=person.name))

    def _ask_for_extra_time(self, person: Participant) -> None:
        with self._dialogs:
            ask_for_extra_time(person.name, person.extra_percent, partial(self._give_time, person))

    async def _give_time(self, person: Participant, percent: int) -> None:
        await self._desk.change(groups.give_extra_time, self._desk.course_id, user_id=person.user_id, percent=percent)
        self._desk.say(
            _('{person} has {percent} % more time', person=person.name, percent=percent)
            if percent
            else _('{person} has the usual time', person=person.name)
        )

    def _ask_who_it_is(self, person: Participant) -> None:
        assert self._people
        others = [other for other in self._people.learners if not other.is_removed and other != person]
        with self._dialogs:
            ask_who_it_is(person, others, partial(self._merge, person))

    async def _merge(self, person: Participant, into_id: int) -> None:
        ids = {'guest_id': person.user_id, 'into_id': into_id}
        await self._desk.change(merging.merge, self._desk.course_id, **ids)
        said = _('{person} is one person with them now', person=person.name)
        self._desk.snackbar.show(said, partial(self._separate, person))

    async def _separate(self, person: Participant) -> None:
        await self._desk.change(merging.unmerge, self._desk.course_id, guest_id=person.user_id)
        self._desk.say(_('{person} is a person of their own again', person=person.name))

    async def _rename(self, person: Participant, name: str) -> None:
        await self._desk.change(participants.rename, self._desk.course_id, user_id=person.user_id, name=name)
        said = _('{person} has a new name', person=person.name)
        self._desk.snackbar.show(said, partial(self._name_again, person))

    async def _name_again(self, person: Participant) -> None:
        await self._desk.change(participants.rename, self._desk.course_id, user_id=person.user_id, name=person.name)

    async def _remove(self, person: Participant) -> None:
        await self._desk.change(participants.remove, self._desk.course_id, user_id=person.user_id)
        said = _('{person} is out of the course', person=person.name)
        self._desk.snackbar.show(said, partial(self._bring_back, person))

    async def _bring_back(self, person: Participant) -> None:
        await self._desk.change(participants.bring_back, self._desk.course_id, user_id=person.user_id)
        self._desk.say(_('{person} is back, with everything they did', person=person.name))

    async def _show_code(self, person: Participant) -> None:
        found = await database.read(guest_codes.one, self._desk.actor, self._desk.course_id, user_id=person.user_id)
        with self._dialogs:
            show_guest_code(self._desk.request, found, partial(self._renew_code, person))

    async def _renew_code(self, person: Participant) -> GuestCode:
        return await database.write(guest_codes.renew, self._desk.actor, self._desk.course_id, user_id=person.user_id)

    async def _reset(self, person: Participant) -> None:
        link = await self._desk.change(resets.make_link, user_id=person.user_id)
        with self._dialogs:
            show_reset_link(self._desk.request, link, person.name)


def _which(person: Participant) -> str:
    """Return the kind of learner that somebody is: their state, or that they have not come yet."""
    return person.state.value if person.has_been_here else NEVER_HERE


def _who(person: Participant) -> None:
    with ui.element('div').classes('grow'):
        Text('span', person.name).classes('person-name name').props('translate=no')
        with ui.element('p').classes('hint'):
            Text('span', person.email or _('guest')).props('dir=ltr')
            if person.has_been_here:
                Text('span', _(' · here since {day}', day=short(person.since)))
            else:
                Text('span', _(' · on the list, never here'))
            if person.custom:
                Text('span', ''.join(f' · {name}: {value}' for name, value in person.custom.items()))
            if person.merged_into:
                Text('span', _(' · counts as {other}', other=person.merged_into))
            elif person.last_active:
                active = Text('span', _(' · last active {when}', when=how_long_ago(person.last_active)))
                active.props['title'] = exact(person.last_active)


def _count(found: int, all_: int) -> str:
    if found == all_:
        return ngettext('{count} learner', '{count} learners', all_)
    return ngettext('{found} of {count} learner', '{found} of {count} learners', all_, found=found)
