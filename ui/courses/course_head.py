"""The title of a course and what is said about it, changed in place."""

from dataclasses import replace

from services.core import database
from services.courses import catalog
from services.courses.catalog import CourseFacts
from ui.courses.editor_context import Desk
from ui.kit.editable import Editable
from ui.kit.language import _
from ui.kit.text import Text


class CourseHead:
    """Title, subject and description."""

    def __init__(self, desk: Desk, facts: CourseFacts) -> None:
        self._desk = desk
        self._heading = Text('h1', facts.title).classes('visually-hidden')
        self._title = Editable(_('Title of the course'), facts.title, self._retitle, look='editable-title')
        self._subject = Editable(_('Subject'), facts.subject, self._resubject, placeholder=_('Add a subject'))
        self._description = Editable(
            _('Description'),
            facts.description,
            self._redescribe,
            placeholder=_('Add a description'),
            lines=True,
        )

    def show(self, facts: CourseFacts) -> None:
        """Show the course as it is now."""
        self._heading.set_text(facts.title)
        self._title.show(facts.title)
        self._subject.show(facts.subject)
        self._description.show(facts.description)

    async def _retitle(self, title: str) -> None:
        await self._edit(replace(await self._facts(), title=title))

    async def _resubject(self, subject: str) -> None:
        await self._edit(replace(await self._facts(), subject=subject))

    async def _redescribe(self, description: str) -> None:
        await self._edit(replace(await self._facts(), description=description))

    async def _facts(self) -> CourseFacts:
        """Somebody else may have changed the other texts meanwhile."""
        return await database.read(catalog.facts, self._desk.actor, self._desk.course_id)

    async def _edit(self, facts: CourseFacts) -> None:
        await self._desk.change(
            catalog.edit,
            facts.course_id,
            title=facts.title,
            description=facts.description,
            subject=facts.subject,
        )
        self._desk.say(_('Saved'))
