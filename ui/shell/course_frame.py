"""The frame around every page of a course that is for those who teach it: the bar, one row of tabs, and the page."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum

from nicegui import ui

from services.access import Actor
from services.core import audience, database
from services.core.events import ClassChanged, CourseChanged, Event, Recorded
from services.core.secrets import spell_code
from services.enums import TRAITS, Verb
from services.live import course_head
from services.live.course_head import CourseHead
from ui.kit.language import Spoken, _, ngettext
from ui.kit.refreshing import Refreshing
from ui.kit.text import Text, named
from ui.shell.frame import account, bar, body, title_page
from ui.shell.request import Visit


class Tab(StrEnum):
    """The pages of a course, each with the end of its address."""

    CHECKPOINTS = ''
    LIVE = '/live'
    QUESTIONS = '/questions'
    PEOPLE = '/people'
    GRADEBOOK = '/gradebook'
    ATTENDANCE = '/attendance'
    ANALYTICS = '/analytics'
    CLASSES = '/classes'


WORDS: Mapping[Tab, str] = Spoken(
    {
        Tab.CHECKPOINTS: lambda: _('Steps'),
        Tab.LIVE: lambda: _('Live'),
        Tab.QUESTIONS: lambda: _('Questions'),
        Tab.PEOPLE: lambda: _('People'),
        Tab.GRADEBOOK: lambda: _('Gradebook'),
        Tab.ATTENDANCE: lambda: _('Attendance'),
        Tab.ANALYTICS: lambda: _('Analytics'),
        Tab.CLASSES: lambda: _('Classes'),
    }
)
SHOWS_THE_CODE = Tab.CHECKPOINTS
"""the page that shows the class code itself, large and in sight"""


@contextmanager
def course_frame(
    visit: Visit, head: CourseHead, tab: Tab, *, wide: bool = False, title: str | None = None
) -> Iterator[None]:
    """Draw the bar and the tabs of a course, and name the page; the page itself goes inside.

    `title` is what a page below a tab is called; without it, the page is called as its tab. All of them begin at the
    same edge; those that are not `wide` have one column.
    """
    title_page(WORDS[tab] if title is None else title, head.title)
    top = CourseTop(visit, head, tab, lambda: account(visit), is_below=title is not None)
    top.follow(visit.signed_in())
    with body('page-wide' if wide else 'page-wide page-column'):
        yield


class CourseTop:
    """The bar and the tabs; they show the course as it is now."""

    def __init__(
        self,
        visit: Visit,
        head: CourseHead,
        tab: Tab,
        actions: Callable[[], object],
        *,
        is_below: bool = False,
        tag: str = 'span',
    ) -> None:
        """`actions` draws what stands at the end of the bar; `is_below` is true for a page that a tab leads to."""
        self._course_id = head.course_id
        self._tab = tab
        self._is_below = is_below
        self._shown = head
        self._title = bar(visit, actions, name=head.title, tag=tag)
        with ui.element('div').classes('tabs'):
            with named(ui.element('nav').classes('tabs-back'), _('Your courses')):
                ui.link(_('Your courses'), '/')
            with named(ui.element('nav').classes('tabs-row'), _('This course')):
                self._links = {each: self._draw_tab(each) for each in Tab}
            self._code = Text('span').classes('tabs-code number').props('translate=no')
        with self._links[Tab.LIVE]:
            self._waiting = Text('span').classes('tab-count')
        self.show(head)

    def _draw_tab(self, tab: Tab) -> ui.link:
        link = ui.link(target=f'/courses/{self._course_id}{tab}').classes('tab')
        with link:
            Text('span', WORDS[tab])
        if tab is self._tab:
            link.props['aria-current'] = 'true' if self._is_below else 'page'
        return link

    def show(self, head: CourseHead) -> None:
        """Show the course as it is now."""
        self._shown = head
        self.show_title(head.title)
        self._links[Tab.LIVE].classes(**({'add': 'tab-live'} if head.is_running else {'remove': 'tab-live'}))
        self._code.set_text(spell_code(head.code) if head.code and self._tab is not SHOWS_THE_CODE else '')
        self._code.set_visibility(bool(self._code.text))
        self.show_waiting(head.waiting)

    def show_title(self, title: str) -> None:
        """Show what the course is called."""
        if self._title:
            self._title.set_text(title)

    def show_waiting(self, waiting: int) -> None:
        """Show how many wait for help."""
        self._waiting.set_text(str(waiting) if waiting else '')
        self._waiting.set_visibility(waiting > 0)
        if waiting:
            aloud = ngettext('Live, {count} waits for help', 'Live, {count} wait for help', waiting)
            self._links[Tab.LIVE].props['aria-label'] = aloud
        else:
            self._links[Tab.LIVE].props.pop('aria-label', None)

    def follow(self, actor: Actor) -> None:
        """Show what happens in the course while the page is open."""

        async def read() -> CourseHead:
            return await database.read(course_head.of_course, actor, self._course_id)

        Refreshing(read, self.show).follow(audience.of_staff(self._course_id), self._is_moved_by)

    def _is_moved_by(self, event: Event) -> bool:
        if isinstance(event, Recorded):
            # a checkpoint that is done ends the wait for help with it; a class does thousands of them
            may_end_a_wait = self._shown.waiting > 0 or event.verb is not Verb.COMPLETED
            return may_end_a_wait and TRAITS[event.verb].moves_help
        return isinstance(event, ClassChanged | CourseChanged)
