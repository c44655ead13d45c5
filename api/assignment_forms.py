"""Assignments as programs send them and are answered: rules, the work of a learner, and what lies on the desk."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field

from api.rubric_forms import ChoiceForm, CriterionForm, MarkSeen
from api.types import Body, IdField, SaidOrNot, Shape
from services.assignments.grading import BEST
from services.assignments.rules import MOST_FILES, Rules
from services.assignments.submissions import LONGEST_TEXT
from services.core.text import LONGEST_TEXT as LONGEST_FEEDBACK
from services.enums import FileKind, SubmissionState
from services.rubrics import MOST_CRITERIA


def _seconds(given: object) -> object:
    return int(given.total_seconds()) if isinstance(given, timedelta) else given


def _in_order(given: object) -> object:
    return [kind for kind in FileKind if kind in given] if isinstance(given, frozenset) else given


Seconds = Annotated[int, BeforeValidator(_seconds)]


class AssignmentForm(Body):
    """How work is handed in and graded."""

    model_config = ConfigDict(from_attributes=True)

    takes_text: bool = True
    most_files: int = Field(default=3, ge=0, le=MOST_FILES)
    file_kinds: Annotated[tuple[FileKind, ...], Field(max_length=len(FileKind)), BeforeValidator(_in_order)] = (
        *FileKind,
    )
    takes_late: bool = True
    is_graded: bool = True
    passing_percent: int = Field(default=60, ge=0, le=100)
    may_resubmit: bool = False
    hides_names: bool = Field(default=False, description='whether those who grade see no names until they ask')
    rubric: tuple[CriterionForm, ...] = Field(
        default=(), max_length=MOST_CRITERIA, description='empty where a grade is given without one'
    )

    def rules(self) -> Rules:
        """Return them as the services take them."""
        plain = self.model_dump(exclude={'file_kinds', 'rubric'})
        rubric = tuple(each.criterion() for each in self.rubric)
        return Rules(**plain, file_kinds=frozenset(self.file_kinds), rubric=rubric)


class AssignmentSeen(Shape):
    """An assignment as those see it who teach its course."""

    checkpoint_id: int
    course_id: int
    title: str
    due_at: datetime | None
    rules: AssignmentForm


class FileSeen(Shape):
    """A file that was handed in, or came back; `GET /submission-files/{file_id}` hands it out."""

    file_id: int
    name: str
    kind: FileKind
    size: int = Field(description='in bytes')
    pages: int | None


class TrySeen(Shape):
    """One try of the learner; its grade and what came back are null or empty until it is returned."""

    submission_id: int
    number: int
    state: SubmissionState
    text: str
    saved_at: datetime | None
    submitted_at: datetime | None
    late_seconds: Seconds = Field(validation_alias='late')
    files: tuple[FileSeen, ...]
    grade: int | None
    feedback: str
    marks: tuple[MarkSeen, ...]
    files_back: tuple[FileSeen, ...]
    returned_at: datetime | None


class WorkSeen(Shape):
    """An assignment as its learner meets it, with all their tries, the newest first."""

    checkpoint_id: int
    course_id: int
    title: str
    description: str
    due_at: datetime | None = Field(description='for this learner')
    rules: AssignmentForm
    tries: tuple[TrySeen, ...]
    problem: SaidOrNot = Field(description='why nothing can be handed in now')
    can_take_back: bool


class LineSeen(Shape):
    """One learner of an assignment, with their newest try."""

    user_id: int
    name: str
    submission_id: int | None = Field(description='null while names are hidden and the work is not returned')
    number: int
    state: SubmissionState | None
    submitted_at: datetime | None
    late_seconds: Seconds = Field(validation_alias='late')
    grade: int | None
    is_overdue: bool
    was_before: bool = Field(
        description='whether it was due before the learner joined, so that it is not asked of them'
    )


class DeskSeen(Shape):
    """One work as those see it who grade it; without a name and times where names are hidden."""

    submission_id: int
    checkpoint_id: int
    course_id: int
    user_id: int | None
    name: str
    number: int
    state: SubmissionState
    text: str
    files: tuple[FileSeen, ...]
    files_back: tuple[FileSeen, ...]
    submitted_at: datetime | None
    late_seconds: Seconds = Field(validation_alias='late')
    grade: int | None
    feedback: str
    choices: tuple[ChoiceForm, ...]
    graded_at: datetime | None
    fingerprint: str = Field(description='of the text and the files: its learner may take it back and change it')
    graded_by: int | None
    graded: int = Field(description='how many works of this assignment are graded')
    in_all: int = Field(description='how many were handed in')
    next_id: int | None = Field(description='the next work that waits')


class WorkGradeForm(Body):
    """What work is worth, and what is said of it."""

    grade: int | None = Field(
        default=None, ge=0, le=BEST, examples=[85], description='left out where a rubric makes it'
    )
    choices: tuple[ChoiceForm, ...] = Field(
        default=(), max_length=MOST_CRITERIA, description='for each criterion of the rubric, in its order'
    )
    feedback: str = Field(default='', max_length=LONGEST_FEEDBACK, examples=['Say *why*.'])
    seen: AwareDatetime | None = Field(
        default=None, description='its `graded_at` as you know it: refused if it was graded meanwhile'
    )
    seen_work: str | None = Field(
        default=None, max_length=64, description='its `fingerprint` as you know it: refused if its learner changed it'
    )
    returns: bool = Field(default=False, description='whether the learner gets it back at once')


class TextForm(Body):
    """The text of a draft."""

    text: str = Field(max_length=LONGEST_TEXT, examples=['Sandy, and **dry**.'])
    seen: AwareDatetime | None = Field(
        default=None, description='its `saved_at` as you know it: refused if another device has saved it meanwhile'
    )


class DueForm(Body):
    """A later due date for one learner or one group; null for the usual one."""

    user_id: IdField | None = None
    group_id: IdField | None = None
    due_at: AwareDatetime | None = Field(default=None, examples=['2030-01-31T09:30:00Z'])


class DueSeen(Shape):
    """A group or a learner, with the later date that was agreed on."""

    user_id: int | None
    group_id: int | None
    name: str
    due_at: datetime | None = Field(description='null where the usual date holds')
