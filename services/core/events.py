"""What has happened, as it is handed from a committed transaction to its watchers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from models import Mode, NameDisplay, Verb

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
    def is_by_another(self) -> bool:
        """Tell whether an instructor did it for the learner: `by` in the details names them."""
        return bool(self.details and 'by' in self.details)

    @property
    def of_course(self) -> int:
        """The id of the course; only for an activity that belongs to one."""
        assert self.course_id is not None
        return self.course_id


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNamed:
    """Somebody is enrolled, or has a new name."""

    course_id: int
    user_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperNamed:
    """Somebody is about to help; told before the activity that says so."""

    course_id: int
    user_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonHidden:
    """Somebody chose whether they are shown on the projector."""

    course_id: int
    user_id: int
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerNoted:
    """Those who teach put a learner into another group, or noted something else about them; no board shows it."""

    course_id: int
    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraTimeGiven:
    """A learner has more time than others from now on, in percent; 0 is what everybody has."""

    course_id: int
    user_id: int
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseChanged:
    """Checkpoints were added, edited, moved, deleted or restored, or the course itself was."""

    course_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassChanged:
    """A class was started, steered or ended; this is how it stands now."""

    course_id: int
    session_id: int
    started_at: datetime
    ended_at: datetime | None
    current_checkpoint_id: int | None
    led_since: datetime | None = None
    paused_at: datetime | None = None
    pause_reason: str = ''
    names: NameDisplay


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePrinted:
    """A certificate is there to be downloaded."""

    course_id: int
    user_id: int
    serial: str


Event = (
    Recorded
    | PersonNamed
    | PersonHidden
    | HelperNamed
    | LearnerNoted
    | ExtraTimeGiven
    | CourseChanged
    | ClassChanged
    | CertificatePrinted
)
