"""What has happened, as it is handed from a committed transaction to its watchers.

Each event says who may know of it (`audience`) and whom it is about (`people`); `services.core.audience` turns both
into channels.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from models import TRAITS, Audience, LiveQuestionState, Mode, NameDisplay, Verb

Detail = int | str | bool
"""what the small details of an activity may hold"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One row of the activity log."""

    id: int
    user_id: int
    tap_id: str
    verb: Verb
    course_id: int | None
    checkpoint_id: int | None
    session_id: int | None
    mode: Mode | None
    about_id: int | None = None
    words: str = ''
    seconds: int | None = None
    score: int | None = None
    details: Mapping[str, Detail] | None = None
    at: datetime
    happened_at: datetime
    local_date: date
    local_hour: int = 0

    @property
    def audience(self) -> Audience:
        """Who may know of it, as the traits of its verb say."""
        return TRAITS[self.verb].audience

    @property
    def people(self) -> tuple[int, ...]:
        """Who did it, and the other person whom it is about."""
        return (self.user_id,) if self.about_id in (None, self.user_id) else (self.user_id, self.about_id)

    @property
    def is_by_another(self) -> bool:
        """Tell whether an instructor did it for the learner: `by` in the details names them."""
        return bool(self.details and 'by' in self.details)

    @property
    def is_sign_of_life(self) -> bool:
        """Tell whether the person did it themselves at the moment at which it was recorded, and not before."""
        return TRAITS[self.verb].is_sign_of_life and not self.is_by_another and self.happened_at >= self.at

    @property
    def of_course(self) -> int:
        """The id of the course; only for an activity that belongs to one."""
        assert self.course_id is not None
        return self.course_id


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutPerson:
    """What is about one person in a course."""

    course_id: int
    user_id: int

    @property
    def people(self) -> tuple[int, ...]:
        """The id of the person."""
        return (self.user_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutCourse:
    """What is about a course and no person in it."""

    people: ClassVar[tuple[int, ...]] = ()
    course_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNamed(AboutPerson):
    """Somebody is enrolled, or has a new name."""

    audience: ClassVar[Audience] = Audience.STAFF
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperNamed(AboutPerson):
    """Somebody is about to help; told before the activity that says so."""

    audience: ClassVar[Audience] = Audience.STAFF
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonHidden(AboutPerson):
    """Somebody chose whether they are shown on the projector."""

    audience: ClassVar[Audience] = Audience.STAFF_AND_SELF
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerGrouped(AboutPerson):
    """Those who teach put a learner into a group, or took them out of theirs (`group` is empty)."""

    audience: ClassVar[Audience] = Audience.STAFF
    course_id: int
    user_id: int
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerSeated(AboutPerson):
    """Those who teach gave a learner a seat, or none (`seat` is empty)."""

    audience: ClassVar[Audience] = Audience.STAFF
    course_id: int
    user_id: int
    seat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerNoted(AboutPerson):
    """Those who teach noted something about a learner; no board shows it."""

    audience: ClassVar[Audience] = Audience.STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraTimeGiven(AboutPerson):
    """A learner has more time than others from now on, in percent; 0 is what everybody has."""

    audience: ClassVar[Audience] = Audience.STAFF
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkMarked(AboutPerson):
    """A teacher graded handed-in work, or gave a file back with it; the learner knows once it is returned."""

    audience: ClassVar[Audience] = Audience.STAFF
    submission_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseChanged(AboutCourse):
    """Checkpoints were added, edited, moved, deleted or restored, or the course itself was."""

    audience: ClassVar[Audience] = Audience.COURSE


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingChanged(AboutCourse):
    """Those who teach changed how totals are made: categories, letters, what counts; no board shows it."""

    audience: ClassVar[Audience] = Audience.COURSE


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassChanged(AboutCourse):
    """A class was started, steered or ended; this is how it stands now."""

    audience: ClassVar[Audience] = Audience.COURSE
    session_id: int
    started_at: datetime
    ended_at: datetime | None
    current_checkpoint_id: int | None
    led_since: datetime | None = None
    timer_since: datetime | None = None
    timer_seconds: int | None = None
    paused_at: datetime | None = None
    pause_reason: str = ''
    names: NameDisplay


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveQuestionMoved(AboutCourse):
    """A question in class was opened, closed or shown; it has its key in it, and so only rooms are given it."""

    audience: ClassVar[Audience] = Audience.STAFF
    session_id: int
    live_question_id: int
    question_id: int
    version_id: int
    number: int
    state: LiveQuestionState | None
    """None once no screen shows it"""
    shown: tuple[int, ...]
    content: str
    """JSON, as the bank keeps it"""
    closes_at: datetime | None = None
    shows_live: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveQuestionAnswered(AboutPerson):
    """A learner answered a question in class, or changed their answer; told before the activity that says so."""

    audience: ClassVar[Audience] = Audience.STAFF_AND_SELF
    live_question_id: int
    answer: str | None
    """JSON; None where they took it back"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePrinted(AboutPerson):
    """A certificate is there to be downloaded."""

    audience: ClassVar[Audience] = Audience.STAFF_AND_SELF
    serial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesChanged:
    """A person has a new notice, or read one on one of their devices."""

    audience: ClassVar[Audience] = Audience.SELF
    course_id: ClassVar[None] = None
    user_id: int

    @property
    def people(self) -> tuple[int, ...]:
        """The id of the person."""
        return (self.user_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentsChanged:
    """A parent was linked to a child, or a link ended; or the codes for the parents of a child changed."""

    audience: ClassVar[Audience] = Audience.SELF
    course_id: ClassVar[None] = None
    people: tuple[int, ...]


Event = (
    Recorded
    | PersonNamed
    | PersonHidden
    | HelperNamed
    | LearnerGrouped
    | LearnerSeated
    | LearnerNoted
    | ExtraTimeGiven
    | WorkMarked
    | CourseChanged
    | GradingChanged
    | ClassChanged
    | LiveQuestionMoved
    | LiveQuestionAnswered
    | CertificatePrinted
    | NoticesChanged
    | ParentsChanged
)
