"""`/api/courses/{course_id}/attendance`: who came to which class of a course, and for how long."""

from dataclasses import dataclass
from datetime import datetime

from api.auth import Person
from api.paging import Page, Paging, page_of
from api.paper import PDF, Document, Size, document, language_of
from api.subject import Subject
from api.types import Group, Id
from services.core import database
from services.core.typesetting import Paper
from services.enums import RollMark
from services.live.attendance import report, sheet
from services.live.attendance.report import ClassRoll, HeldClass, LearnerRoll

router = Subject(prefix='/courses/{course_id}/attendance', tags=['attendance'])


@dataclass(frozen=True, slots=True, kw_only=True)
class ThatClass:
    """One class for one learner."""

    session_id: int
    started_at: datetime
    minutes: int | None
    """null where nothing was seen of them"""
    mark: RollMark | None
    """what those who teach say; it goes before the minutes"""
    counts: bool
    """whether it was held while they were enrolled, and they are not excused"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerAttendance:
    """One learner in all classes of a course, the oldest first."""

    user_id: int
    name: str
    attended: int
    held: int
    """while they were enrolled, but for those from which they are excused"""
    excused: int
    rate: int | None
    """the share of those that they came to, in percent; null if there was none"""
    classes: tuple[ThatClass, ...]


@router.get('')
async def of_course(course_id: Id, actor: Person, place: Paging, group: Group = '') -> Page[LearnerAttendance]:
    """Everybody who is or was enrolled, with all classes of the course."""
    roll = await database.read(report.of_course, actor, course_id, group=group)
    page = page_of(roll.learners, place, by=lambda learner: learner.user_id)
    return Page[LearnerAttendance](items=[_learner(each, roll.classes) for each in page.items], next=page.next)


@router.get('/{session_id}')
async def of_class(course_id: Id, session_id: Id, actor: Person, group: Group = '') -> ClassRoll:
    """Who came to one class, in the order in which they came, and who did not."""
    return await database.read(report.of_class, actor, course_id, session_id, group=group)


@router.get('/{session_id}/sheet', response_class=Document, responses=PDF)
async def sheet_of_class(
    course_id: Id, session_id: Id, actor: Person, group: Group = '', paper: Size = 'a4'
) -> Document:
    """The roll of one class as PDF, to be printed and signed."""
    found = await database.read(sheet.of_class, actor, course_id, session_id, group=group)
    pdf = await sheet.make_pdf(found, paper=Paper(paper), language=language_of(actor))
    return document(pdf, name=f'attendance-{course_id}-{session_id}')


def _learner(learner: LearnerRoll, classes: tuple[HeldClass, ...]) -> LearnerAttendance:
    return LearnerAttendance(
        user_id=learner.user_id,
        name=learner.name,
        attended=learner.attended,
        held=learner.held,
        excused=learner.excused,
        rate=learner.rate,
        classes=tuple(
            ThatClass(session_id=each.session_id, started_at=each.started_at, minutes=minutes, mark=mark, counts=counts)
            for each, minutes, mark, counts in zip(classes, learner.minutes, learner.marks, learner.counts, strict=True)
        ),
    )
