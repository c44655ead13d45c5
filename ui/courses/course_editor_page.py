"""`/courses/{course_id}`: where an instructor builds a course; learners are led to their own page of it."""

from collections.abc import Sequence

from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from services.access import Actor
from services.core import audience, database
from services.core.events import ClassChanged, CourseChanged, Event
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.courses import catalog, checkpoints, modules, outline, trash
from services.courses.catalog import CourseFacts
from services.courses.outline import Section
from services.courses.trash import Deleted, Trashed
from services.live import course_head
from services.live.course_head import Door
from ui.courses.alert_thresholds import CourseAttention
from ui.courses.course_actions import CourseActions
from ui.courses.course_code import CourseCode
from ui.courses.course_head import CourseHead
from ui.courses.course_mastery import CourseMastery
from ui.courses.course_switch import CourseSwitch
from ui.courses.editor_context import Desk
from ui.courses.instructors import CoursePeople
from ui.courses.outline_editor import OutlineEditor
from ui.courses.outside import outside
from ui.courses.trash_list import TrashList
from ui.kit.announcer import Saying
from ui.kit.key_sheet import key_sheet
from ui.kit.language import _, say
from ui.kit.refreshing import Refreshing
from ui.kit.snackbar import Snackbar
from ui.kit.text import Text, hint
from ui.shell.course_frame import Tab, course_frame
from ui.shell.page import page
from ui.shell.request import Visit

HOW_TO_MOVE = phrase('Drag a step by its handle, or press Alt with ↑ or ↓ while it has the focus.')
ARCHIVED = phrase('This course is archived. Bring it back to hold a class or to let learners go on.')


LEARNERS = {Door.CLASS: '/class/{course_id}', Door.LEARN: '/courses/{course_id}/learn'}
"""where a learner is led who opens the address that stands above the pages of their teacher"""


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}', title='Course')
    async def course_editor(visit: Visit, course_id: int) -> Response | None:
        actor = visit.signed_in()
        way = await database.read(course_head.door, actor, course_id)
        if way is Door.OUTSIDE:
            outside(visit)
            return None
        if way is not Door.CHECKPOINTS:
            return RedirectResponse(LEARNERS[way].format(course_id=course_id), status_code=303)
        head = await database.read(course_head.of_course, actor, course_id)
        facts, sections, trashed = await database.read(_read, actor, course_id)
        with course_frame(visit, head, Tab.CHECKPOINTS, wide=True), ui.element('div').classes('editor'):
            editor = CourseEditor(visit, actor, facts)
            await editor.follow(facts, sections, trashed)
            editor.invite()
            editor.find(visit.request.query_params.get('step', ''))
        return None


class CourseEditor:
    """Everything on the page; each part shows the course as it is now."""

    def __init__(self, visit: Visit, actor: Actor, facts: CourseFacts) -> None:
        self._refreshing = Refreshing(self._read, lambda found: self._show(*found))
        self._sought: int | None = None
        with ui.element('div').classes('editor-head stack-tight'):
            self._desk = Desk(
                request=visit.request,
                actor=actor,
                course_id=facts.course_id,
                snackbar=Snackbar(),
                say=Saying().say,
                look_again=self._refreshing.look_again,
            )
            self._archived = Text('p', say(ARCHIVED)).classes('notice')
            self._head = CourseHead(self._desk, facts)
        with ui.element('div').classes('editor-side stack'):
            self._code = CourseCode(self._desk, facts)
            with ui.element('details').classes('quiet-details'):
                Text('summary', _('Settings'))
                self._people = CoursePeople(self._desk, facts)
                self._attention = CourseAttention(self._desk, facts)
                self._help, self._certificates = _helping(self._desk, facts), _certifying(self._desk, facts)
                self._mastery = CourseMastery(self._desk, facts)
                self._actions = CourseActions(self._desk, facts)
        with ui.element('div').classes('editor-outline stack-tight'):
            with ui.element('div').classes('spread only-screen'):
                self._how_to_move = hint(say(HOW_TO_MOVE))
                with ui.element('div').classes('line'):
                    self._as_learner = ui.link(_('See it as a learner'), f'/courses/{facts.course_id}/learn')
                    self._as_learner.classes('button-quiet button-bare')
                    key_sheet(key_rows)
            self._outline = OutlineEditor(self._desk)
            self._trash = TrashList(_('Deleted'), self._restore)

    def invite(self) -> None:
        """Where there are no checkpoints yet, open the box for them."""
        self._outline.invite()

    def find(self, checkpoint: str) -> None:
        """Put the focus on the checkpoint that the address names, as soon as the page is there."""
        if checkpoint.isascii() and checkpoint.isdecimal() and len(checkpoint) < 10:
            self._sought = int(checkpoint)
            ui.context.client.on_connect(self._focus_sought)

    def _focus_sought(self) -> None:
        sought, self._sought = self._sought, None
        if sought:
            self._outline.focus_checkpoint(sought)

    async def follow(self, facts: CourseFacts, sections: tuple[Section, ...], trashed: list[Trashed]) -> None:
        """Show the course, and what others change while the page is drawn and open."""
        of_staff = audience.of_staff(self._desk.course_id)
        self._refreshing.follow(of_staff, _is_shown, is_changing=lambda: self._desk.changing > 0)
        await self._refreshing.begin((facts, sections, trashed))

    async def _read(self) -> tuple[CourseFacts, tuple[Section, ...], list[Trashed]]:
        return await database.read(_read, self._desk.actor, self._desk.course_id)

    async def _restore(self, each: Trashed) -> None:
        verb = modules.restore if each.what is Deleted.MODULE else checkpoints.restore
        await self._desk.change(verb, each.id)
        self._desk.say(_('Restored: {title}', title=each.title))

    async def _show(self, facts: CourseFacts, sections: Sequence[Section], trashed: Sequence[Trashed]) -> None:
        is_empty = not any(section.checkpoints for section in sections)
        self._archived.visible = facts.is_archived
        self._how_to_move.visible = self._as_learner.visible = not is_empty
        self._head.show(facts)
        self._code.show(facts, is_empty=is_empty)
        await self._outline.show(sections)
        self._trash.show(trashed)
        self._people.show(facts)
        self._attention.show(facts)
        self._help.show(facts.classmates_help)
        self._certificates.show(facts.gives_certificates)
        self._mastery.show(facts)
        self._actions.show(facts)


def _helping(desk: Desk, facts: CourseFacts) -> CourseSwitch:
    return CourseSwitch(
        desk,
        catalog.let_classmates_help,
        name='allowed',
        is_on=facts.classmates_help,
        title=_('Help in class'),
        label=_('Classmates may help each other'),
        about=_('Who has done a step is offered to help somebody who is stuck at it.'),
        saved_on=_('Saved: classmates help each other'),
        saved_off=_('Saved: only instructors help'),
    )


def _certifying(desk: Desk, facts: CourseFacts) -> CourseSwitch:
    return CourseSwitch(
        desk,
        catalog.give_certificates,
        name='given',
        is_on=facts.gives_certificates,
        title=_('Certificates'),
        label=_('Learners who complete this course get a certificate'),
        about=_('What was given stays. Switched on again, those who completed it meanwhile get theirs.'),
        saved_on=_('Saved: this course gives certificates'),
        saved_off=_('Saved: no more certificates'),
    )


def key_rows() -> list[tuple[str, str]]:
    """Return the keys of the editor, for the sheet of keys."""
    return [
        ('Alt ↑', _('Move the step that has the focus up')),
        ('Alt ↓', _('Move the step that has the focus down')),
        ('Ctrl Enter', _('Add the steps that are typed')),
        ('/', _('Search')),
        ('?', _('Show these keys')),
    ]


def _read(tx: Transaction, actor: Actor, course_id: int) -> tuple[CourseFacts, tuple[Section, ...], list[Trashed]]:
    sections = outline.sections(tx, actor, course_id)
    return catalog.facts(tx, actor, course_id), sections, trash.of_course(tx, actor, course_id)


def _is_shown(event: Event) -> bool:
    return isinstance(event, CourseChanged | ClassChanged)
