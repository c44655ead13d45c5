"""`/courses/{course_id}/grades`: a learner's own grades, with the same explanation that their teachers see."""

from collections.abc import Sequence
from typing import TypeAlias

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.core import audience, database
from services.core.events import CourseChanged, Event, ExtraTimeGiven, GradingChanged, Recorded
from services.core.transaction import Transaction
from services.grades import gradebook
from services.grades.book import OwnGrades
from services.quizzes import skills, spacing
from services.quizzes.skills import SkillShown
from services.quizzes.spacing import InCourse, ToReview
from ui.grades.grade_words import total
from ui.grades.gradebook_page import MOVES
from ui.grades.why import draw_grades, draw_sum
from ui.kit.language import _
from ui.kit.refreshing import Refreshing
from ui.kit.skill_list import draw_due_in, draw_skills
from ui.kit.text import Text, heading, hint, title
from ui.shell.frame import frame, title_page, way_back
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/grades', title='Your grades')
    async def own_grades(visit: Visit, course_id: int) -> Response | None:
        actor = visit.signed_in()
        shown = await database.read(_read, actor, course_id)
        found = shown[0]
        title_page(_('Your grades'), found.title)
        with frame(visit, name=found.title):
            way_back(found.title, f'/courses/{course_id}/learn')
            title(_('Your grades'))
            OwnGradesPage(actor, course_id, shown)
        return None


_Shown: TypeAlias = tuple[OwnGrades, Sequence[SkillShown], Sequence[ToReview]]


def _read(tx: Transaction, actor: Actor, course_id: int) -> _Shown:
    found = gradebook.own(tx, actor, course_id)
    known = skills.of_learner(tx, actor, course_id, actor.user_id)
    return found, known, spacing.due(tx, actor, course_id, actor.user_id)


class OwnGradesPage:
    """The total, how it comes about, each grade, and the skills."""

    def __init__(self, actor: Actor, course_id: int, shown: _Shown) -> None:
        self._actor = actor
        self._course_id = course_id
        self._body = ui.element('div').classes('stack')
        self._show(shown)
        theirs = audience.of_learner(course_id, actor.user_id)
        Refreshing(self._read, self._show).follow(theirs, self._is_shown)

    async def _read(self) -> _Shown:
        return await database.read(_read, self._actor, self._course_id)

    def _show(self, shown: _Shown) -> None:
        found, known, due = shown
        self._body.clear()
        with self._body:
            self._draw_grades(found)
            draw_due_in([InCourse(course_id=self._course_id, title=found.title, skill=each) for each in due])
            draw_skills(known)

    def _draw_grades(self, found: OwnGrades) -> None:
        if not found.things:
            hint(_('Nothing is graded in this course yet.'))
            return
        Text('p', total(found.row.explanation)).classes('grade-total number')
        draw_sum(found)
        heading(_('Grades'))
        draw_grades(found, is_own=True)

    def _is_shown(self, event: Event) -> bool:
        if isinstance(event, Recorded):
            return event.verb in MOVES and self._actor.user_id in event.people
        return isinstance(event, CourseChanged | ExtraTimeGiven | GradingChanged)
