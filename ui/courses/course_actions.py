"""What is done with a course as a whole: copied, archived, deleted."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from services.content.course_archive.packing import pack
from services.core import database
from services.courses import catalog
from services.courses.catalog import CourseFacts
from services.progress import counters
from services.progress.counters import Repair
from ui.courses.course_files import address_of
from ui.courses.due_dates_dialog import DueDatesDialog
from ui.courses.editor_context import Desk
from ui.kit.confirm import ask
from ui.kit.handlers import gesture, tell_problem
from ui.kit.language import _, language, ngettext
from ui.kit.text import Text, heading, hint, named


class CourseActions:
    """Duplicate, export, move the due dates, count again, archive, delete."""

    def __init__(self, desk: Desk, facts: CourseFacts) -> None:
        self._desk = desk
        self._facts = facts
        with named(ui.element('section').classes('stack-tight'), _('The course as a whole')):
            heading(_('This course'))
            self._offer(
                _('Duplicate'),
                _('A new course with the same steps, videos, documents and questions, without its people.'),
                self._duplicate,
            )
            self._offer(
                _('Export'),
                _('One file with all steps, videos, documents and questions, to keep or to bring in elsewhere.'),
                self._export,
            )
            self._offer(
                _('Move the due dates'),
                _('All of them by some days, because the course begins later, or a week was missed.'),
                self._move_due_dates,
            )
            self._offer(
                _('Count again'),
                _('Does a percentage look wrong? All of them are counted again from what each learner has done.'),
                self._recalculate,
            )
            self._archive, self._archive_hint = self._offer('', '', self._archive_or_bring_back)
            self._delete, self._delete_hint = self._offer(
                _('Delete'),
                _('It is gone for learners, too. It waits under “Deleted courses” on your start page.'),
                self._ask_to_delete,
            )
            self._delete.classes('button-danger', remove='button-quiet')
        self.show(facts)

    def show(self, facts: CourseFacts) -> None:
        """Show what can be done now."""
        self._facts = facts
        self._archive.set_text(_('Bring back') if facts.is_archived else _('Archive'))
        self._archive_hint.set_text(
            _('Classes can be held and learners can go on again.')
            if facts.is_archived
            else _(
                'No classes and no marks until you bring it back. Learners can read on, and all that was done is kept.'
            )
        )
        self._delete.visible = self._delete_hint.visible = facts.owns

    def _offer(self, name: str, what_happens: str, then: Callable[[], Awaitable[None]]) -> tuple[ui.button, Text]:
        """Draw a button, and beside it what it does."""
        with ui.element('div').classes('course-action'):
            button = ui.button(name, on_click=gesture(then)).props('flat no-caps').classes('button-quiet')
            return button, hint(what_happens)

    async def _duplicate(self) -> None:
        copy_id = await database.write(catalog.duplicate, self._desk.actor, self._desk.course_id, language=language())
        ui.navigate.to(f'/courses/{copy_id}')

    async def _export(self) -> None:
        missing = (await database.read(pack, self._desk.actor, self._desk.course_id)).missing
        ui.download.from_url(address_of(self._desk.course_id))
        if missing:
            tell_problem(
                ngettext(
                    '{count} file of this course is missing on the server and does not come along.',
                    '{count} files of this course are missing on the server and do not come along.',
                    missing,
                )
            )
        self._desk.say(_('Exported with its videos and documents'))

    async def _move_due_dates(self) -> None:
        await DueDatesDialog(self._desk).look()

    async def _recalculate(self) -> None:
        repair = await counters.recalculate(self._desk.actor, self._desk.course_id)
        self._desk.say(_told(repair))

    async def _archive_or_bring_back(self) -> None:
        archived = not self._facts.is_archived
        await self._desk.change(catalog.archive, self._desk.course_id, archived=archived)
        self._desk.say(_('Archived') if archived else _('Brought back'))

    async def _ask_to_delete(self) -> None:
        ask(
            _('Delete “{title}”?', title=self._facts.title),
            _('Then learners cannot open it. You can take this back right afterwards.'),
            yes=_('Delete the course'),
            then=self._do_delete,
        )

    async def _do_delete(self) -> None:
        await database.write(catalog.delete, self._desk.actor, self._desk.course_id)
        ui.navigate.to(f'/?deleted={self._desk.course_id}')


def _told(repair: Repair) -> str:
    """Say what a recalculation has found."""
    if not repair.learners:
        return _('Nobody learns here yet, so there was nothing to recalculate')
    if not repair.changed:
        return ngettext(
            'Recalculated for one learner: every percentage was right',
            'Recalculated for {count} learners: every percentage was right',
            repair.learners,
        )
    return ngettext(
        'Recalculated for one learner: {changed} put right',
        'Recalculated for {count} learners: {changed} put right',
        repair.learners,
        changed=repair.changed,
    )
