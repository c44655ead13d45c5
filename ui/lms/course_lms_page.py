"""`/courses/{course_id}/lms`: where a course is linked from, the class lists there, and which grades have arrived."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.errors import DomainError
from services.live import course_head
from services.lms import drift, milestones, roster, scores, sending, sent_grades
from services.lms.drift import LinkReport
from services.lms.milestones import Sending
from services.lms.roster import Comparison, CourseLink
from services.lms.sent_grades import SentGrade
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, heading, hint, title
from ui.kit.time_format import exact
from ui.lms.drift_list import DriftList
from ui.lms.milestone_list import MilestoneList
from ui.shell.course_frame import Tab, course_frame
from ui.shell.frame import way_back
from ui.shell.page import page
from ui.shell.request import Visit

MOST_NAMED = 30


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/lms', title='Learning systems')
    async def lms(visit: Visit, course_id: int) -> Response | None:
        found = await database.read(roster.of_course, visit.actor, course_id)
        reports = {each.link_id: each for each in await database.read(drift.of_course, visit.actor, course_id) if found}
        sent = {each.link_id: each for each in await database.read(milestones.of_course, visit.actor, course_id)}
        actor = visit.signed_in()
        head = await database.read(course_head.of_course, actor, course_id)
        with course_frame(visit, head, Tab.PEOPLE, title=_('Learning systems')):
            way_back(_('People'), f'/courses/{course_id}/people')
            title(_('Learning systems'))
            if not found:
                Text('p', _('No link of a learning management system leads to this course yet.')).classes('body')
                hint(_('In Moodle, Canvas or Open edX, add Waymark to a course, and choose what it opens.'))
                return None
            for link in found:
                _Link(actor, course_id, link, reports.get(link.link_id), sent.get(link.link_id))
        return None


class _Link:
    """One link: what it opens, its class list, and the grades that arrived there."""

    def __init__(
        self, actor: Actor, course_id: int, link: CourseLink, report: LinkReport | None, sent: Sending | None
    ) -> None:
        self._actor, self._course_id, self._link = actor, course_id, link
        heading(link.context_title or link.platform).props('translate=no')
        hint(
            _(
                '{platform} opens {what}, last on {when}',
                platform=link.platform,
                what=_what(link),
                when=exact(link.seen_at),
            )
        )
        with ui.element('div').classes('line'):
            if link.has_grades:
                self._button(_('Grades there'), self._grades)
                self._button(_('Send all grades again'), self._send)
            if link.has_roster:
                self._button(_('Compare the class list'), self._compare)
        self._place = ui.element('div').classes('stack-tight').props('aria-live=polite')
        if sent:
            MilestoneList(actor, course_id, sent)
        if report:
            DriftList(actor, course_id, report)

    def _button(self, words: str, do: Callable[[], Awaitable[None]]) -> None:
        ui.button(words, on_click=gesture(do)).props('flat no-caps').classes('button-quiet')

    async def _grades(self) -> None:
        found = await database.read(sent_grades.of_course, self._actor, self._course_id, link_id=self._link.link_id)
        self._place.clear()
        with self._place:
            if not found:
                hint(_('Nobody has come from there yet.'))
                return
            with ui.element('ul').classes('list'):
                for each in found:
                    _sent(each)

    async def _send(self) -> None:
        count = await database.write(scores.touch_all, self._actor, self._course_id)
        sending.hurry()
        tell(ngettext('{count} grade is compared and sent.', '{count} grades are compared and sent.', count))

    async def _compare(self) -> None:
        compared = await self._read(partial(roster.compare, self._actor, self._course_id, link_id=self._link.link_id))
        if compared is None:
            return
        with self._place:
            _compared(compared)
            if compared.new or compared.left:
                with ui.element('div').classes('line'):
                    self._button(_('Take the list over'), self._take_over)

    async def _take_over(self) -> None:
        done = await self._read(partial(roster.take_over, self._actor, self._course_id, link_id=self._link.link_id))
        if done is not None:
            with self._place:
                Text('p', ngettext('{count} learner is new here.', '{count} learners are new here.', len(done.new)))

    async def _read(self, ask: Callable[[], Awaitable[Comparison]]) -> Comparison | None:
        """Ask the platform; why it did not answer is shown."""
        self._place.clear()
        try:
            return await ask()
        except DomainError as refusal:
            with self._place:
                Text('p', say(refusal)).classes('field-problem')
            return None


def _what(link: CourseLink) -> str:
    if link.in_class:
        return _('the class')
    return f'“{link.checkpoint_title}”' if link.checkpoint_title else _('the whole course')


def _sent(each: SentGrade) -> None:
    with ui.element('li'), ui.element('div').classes('grow'):
        Text('span', each.name).classes('name').props('translate=no')
        if each.problem:
            Text('p', say(each.problem)).classes('field-problem')
        if each.sent_at and each.score is not None:
            hint(_('{score} of 100, sent {when}', score=f'{each.score:g}', when=exact(each.sent_at)))
        elif each.sent_at:
            hint(_('sent {when}, without a grade', when=exact(each.sent_at)))
        elif not each.is_waiting:
            hint(_('nothing to send yet'))
        if each.is_waiting:
            hint(_('waits to be sent'))


def _compared(found: Comparison) -> None:
    Text('p', ngettext('{count} learner is on both lists.', '{count} learners are on both lists.', found.here)).classes(
        'body'
    )
    if found.new:
        hint(_('New here: {names}', names=_named(found.new)))
    if found.left:
        hint(_('Not on the list now: {names}. They stay here, and are marked.', names=_named(found.left)))
    if not found.new and not found.left:
        hint(_('There is nothing to take over.'))


def _named(names: Sequence[str]) -> str:
    """Return the first names of a list, which may be that of a whole school, and how many more there are."""
    shown, more = ', '.join(names[:MOST_NAMED]), len(names) - MOST_NAMED
    if more <= 0:
        return shown
    return ngettext('{names} and {count} more', '{names} and {count} more', more, names=shown)
