"""What an admin lands on: whether all is well, then people and courses of the school, with a search for each."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from nicegui import ui

from services import health
from services.access import Actor
from services.accounts import administration
from services.accounts.administration import Account
from services.core import database, school
from services.courses import school_list
from services.courses.school_list import SchoolCourse
from services.enums import Agreement
from services.health import Fact
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext, say
from ui.kit.refreshing import Refreshing
from ui.kit.text import Text, heading, hint, title
from ui.kit.time_format import ago, short
from ui.school.person_menu import ROLES, PersonMenu

SHOWN = 20


async def overview(actor: Actor, find: str = '') -> Callable[[], None] | None:
    """Look at the school; returns what draws it, or None for a school without courses, which has a next step.

    `find` is what is looked for among the people at first.
    """
    facts = await database.read(health.of_school, actor)
    people = await database.read(administration.people, actor, search=find, limit=SHOWN + 1)
    courses = await database.read(school_list.courses, actor, limit=SHOWN + 1)

    if not courses:
        return None

    def draw() -> None:
        with ui.element('div').classes('spread'):
            title(school.current().name)
            with ui.element('div').classes('line'):
                ui.link(_('Figures'), '/school/analytics').classes('button-quiet')
                ui.link(_('Invitations and settings'), '/school').classes('button-quiet')
        _health(facts)
        PeopleSearch(actor, people, find)
        CourseSearch(actor, courses)

    return draw


async def missing(actor: Actor) -> Callable[[], None] | None:
    """Look at what is not set up in a school without courses; returns what draws it, or None if nothing is missing."""
    facts = await database.read(health.of_school, actor)
    open_ = [fact for fact in facts if fact.mend or not fact.is_well]
    return partial(_facts, _('Still to be done'), open_) if open_ else None


def _health(facts: Sequence[Fact]) -> None:
    is_well = all(fact.is_well for fact in facts)
    _facts(_('All is well') if is_well else _('Something needs you'), facts)


def _facts(name: str, facts: Sequence[Fact]) -> None:
    with ui.element('section').classes('stack-tight'):
        heading(name)
        with ui.element('dl').classes('school-facts'):
            for fact in facts:
                with ui.element('div').classes('' if fact.is_well else 'school-trouble'):
                    Text('dt', say(fact.name)).classes('hint')
                    Text('dd', say(fact.found))
                    if fact.mend:
                        with ui.element('dd'):
                            go = ui.link(_('See to it') if not fact.is_well else _('Set it up'), fact.mend)
                        go.props['aria-label'] = _('{what}: see to it', what=say(fact.name))


class _Search(ABC):
    """A list with a field above it that narrows it down."""

    def __init__(self, actor: Actor, name: str, ask: str, typed: str = '') -> None:
        self.actor = actor
        with ui.element('section').classes('stack-tight'):
            heading(name)
            self._field = ui.input(ask, value=typed).props('outlined clearable dense debounce=250 type=search')
            self._field.on_value_change(gesture(self.look_again))
            self._place = ui.element('div').classes('stack-tight').props('aria-live=polite')

    @property
    def typed(self) -> str:
        """What the admin looks for."""
        return self._field.value or ''

    @abstractmethod
    async def look_again(self) -> None:
        """Show what is found now."""

    def show(self, rows: Sequence[Callable[[], None]]) -> None:
        """Draw the rows, or say that there are none or more."""
        self._place.clear()
        with self._place:
            if not rows:
                hint(_('Nothing is called like this.'))
                return
            with ui.element('ul').classes('list'):
                for row in rows[:SHOWN]:
                    row()
            if len(rows) > SHOWN:
                hint(_('There are more. Type a part of the name.'))


class PeopleSearch(_Search):
    """The people of the school, each with a menu of what an admin does."""

    def __init__(self, actor: Actor, found: Sequence[Account], typed: str = '') -> None:
        super().__init__(actor, _('People'), _('Name or e-mail address'), typed)
        self._refreshing = Refreshing(self._read, self._show)
        self._show(found)

    async def look_again(self) -> None:
        """Show who is found now."""
        await self._refreshing.look_again()

    async def _read(self) -> Sequence[Account]:
        return await database.read(administration.people, self.actor, search=self.typed, limit=SHOWN + 1)

    def _show(self, found: Sequence[Account]) -> None:
        self.show([partial(_person, self.actor, each, self.look_again) for each in found])


class CourseSearch(_Search):
    """The courses of the school."""

    def __init__(self, actor: Actor, found: Sequence[SchoolCourse]) -> None:
        super().__init__(actor, _('Courses'), _('Title, subject or teacher'))
        self._refreshing = Refreshing(self._read, self._show)
        self._show(found)

    async def look_again(self) -> None:
        """Show which courses are found now."""
        await self._refreshing.look_again()

    async def _read(self) -> Sequence[SchoolCourse]:
        return await database.read(school_list.courses, self.actor, search=self.typed, limit=SHOWN + 1)

    def _show(self, found: Sequence[SchoolCourse]) -> None:
        self.show([partial(_course, each) for each in found])


def _person(actor: Actor, person: Account, changed: Callable[[], Awaitable[None]]) -> None:
    with ui.element('li'):
        with ui.element('div').classes('grow'):
            with ui.element('div').classes('line'):
                Text('span', person.name).classes('name').props('translate=no')
                Text('span', _('guest') if person.is_guest else ROLES[person.role]).classes('chip')
                if person.is_erased:
                    Text('span', _('erased')).classes('chip')
                elif person.is_disabled:
                    Text('span', _('switched off')).classes('chip')
                if person.agreement is Agreement.PARENTS:
                    Text('span', _('parents have agreed')).classes('chip')
            with ui.element('p').classes('hint'):
                if person.email:
                    Text('span', person.email).props('dir=ltr')
                    Text('span', ' · ')
                if person.last_seen_at:
                    Text('span', f'{_("last here")} ')
                    ago(person.last_seen_at)
                else:
                    Text('span', _('not signed in'))
        if not person.is_erased:
            PersonMenu(actor, person, changed)


def _course(course: SchoolCourse) -> None:
    with ui.element('li').classes('course-row'):
        with ui.element('div').classes('course-name'):
            ui.link(course.title, f'/courses/{course.course_id}').classes('course-link').props('dir=auto')
            learners = ngettext('{count} learner', '{count} learners', course.learners)
            last = (
                _('last class {when}', when=short(course.last_class_at)) if course.last_class_at else _('no class yet')
            )
            with ui.element('p').classes('hint'):
                Text('span', course.owner)
                Text('span', f' · {learners} · {last}')
        if course.is_running:
            Text('span', _('live')).classes('chip chip-live')
        if course.is_archived:
            Text('span', _('archived')).classes('chip')
