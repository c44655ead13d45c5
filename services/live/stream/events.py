"""What clients are told as it happens: one value for each event, with its audience."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from models import TRAITS, Audience, LiveQuestionState, Mode, Status, Verb
from services.core.events import AboutCourse, AboutPerson, LiveQuestionMoved, Recorded
from services.live import pacing
from services.live.board import view_builders
from services.live.board.board import Board
from services.live.board.public_stats import Figures, figures
from services.live.board.views import Change, Headcount, Names
from services.live.presence import Presences
from services.live.stream.snapshots import PRESENCE_WORDS, ClassState, OwnState, PresenceWord


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressUpdate(AboutPerson):
    """A learner has started or completed a checkpoint, or taken it back; `status` is how it stands in this mode now."""

    audience: ClassVar[Audience] = Audience.STAFF_AND_SELF
    version: int
    checkpoint_id: int
    status: Status
    mode: Mode
    session_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _CameOrWent(AboutPerson):
    audience: ClassVar[Audience] = Audience.STAFF
    version: int
    name: str
    session_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentJoined(_CameOrWent):
    """A learner is in class, for the first time or again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentLeft(_CameOrWent):
    """A learner has left the class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentNamed(AboutPerson):
    """Somebody is enrolled in the course, or has a new name."""

    audience: ClassVar[Audience] = Audience.STAFF
    version: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceChanged(AboutPerson):
    """A learner is at work, idle, cut off, or not in class."""

    audience: ClassVar[Audience] = Audience.STAFF
    version: int
    presence: PresenceWord


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassChanged(AboutCourse):
    """A class was started, led, paused or ended; this is how it stands now."""

    audience: ClassVar[Audience] = Audience.COURSE
    version: int
    session_id: int
    is_running: bool
    started_at: datetime
    ended_at: datetime | None
    current_checkpoint_id: int | None
    """to which everybody is led; null while each goes at their own pace"""
    until: datetime | None
    """when the time for that checkpoint is over; null in a pause, and where it has no estimate"""
    paused_at: datetime | None
    pause: str | None
    """the sentence that everybody is told in a pause"""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionChanged(AboutCourse):
    """A question in class was opened, closed or shown, or is not shown now; what it says is asked for by itself."""

    audience: ClassVar[Audience] = Audience.COURSE
    version: int
    session_id: int
    live_question_id: int
    number: int
    state: LiveQuestionState | None
    """null once no screen of the class shows it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How many percent of those who joined have completed a checkpoint; null where that would show a person."""

    checkpoint_id: int
    percent: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStats:
    """The figures of a class. Learners are told none that would show a person, as on the projector."""

    course_id: int
    version: int
    session_id: int | None
    completion_rates: tuple[Rate, ...]
    percent: int | None
    headcount: Headcount


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that a client may know of a class at this moment; what it is told later is newer."""

    course_id: int
    version: int
    state: ClassState | OwnState


Happened = ProgressUpdate | StudentJoined | StudentLeft | StudentNamed | PresenceChanged
"""What is sent once, so that a client that missed it gets it later."""

Stands = ClassChanged | QuestionChanged | SessionStats | Snapshot
"""What tells how it stands: of several only the last one matters."""

News = Happened | Stands


def of_activity(board: Board, activity: Recorded) -> Happened | None:
    """Return what is told of an activity; None where there is nothing, or the person has ceased to be a learner."""
    learner = board.learners.get(activity.user_id)
    if learner is None:
        return None
    status = TRAITS[activity.verb].status
    if status and activity.checkpoint_id and activity.mode:
        return ProgressUpdate(
            course_id=activity.of_course,
            version=activity.id,
            user_id=activity.user_id,
            checkpoint_id=activity.checkpoint_id,
            status=status,
            mode=activity.mode,
            session_id=activity.session_id,
            at=activity.at,
        )
    if activity.verb in _CAME_OR_WENT and activity.session_id:
        return _CAME_OR_WENT[activity.verb](
            course_id=activity.of_course,
            version=activity.id,
            user_id=activity.user_id,
            name=learner.name,
            session_id=activity.session_id,
            at=activity.at,
        )
    return None


def of_presence(board: Board, change: Change, version: int) -> list[PresenceChanged]:
    """Return what is told of a tick about who is there."""
    if not (change.presence or change.rows):
        return []
    of_key = {learner.key: learner.user_id for learner in board.learners.values()}
    return [
        PresenceChanged(
            course_id=board.course_id, version=version, user_id=of_key[key], presence=PRESENCE_WORDS[presence]
        )
        for key, presence in (*change.presence, *((row.key, row.presence) for row in change.rows))
        if key in of_key
    ]


def of_class(board: Board, version: int) -> ClassChanged | None:
    """Return how the class that is on, or was the last, stands; None if there never was one."""
    session = board.session
    if session is None:
        return None
    pause = pacing.pause_of(board)
    return ClassChanged(
        course_id=board.course_id,
        version=version,
        session_id=session.session_id,
        is_running=board.is_running,
        started_at=session.started_at,
        ended_at=session.ended_at,
        current_checkpoint_id=session.current_checkpoint_id,
        until=pacing.until(board),
        paused_at=session.paused_at,
        pause=None if pause is None else str(pause),
    )


def of_question(event: LiveQuestionMoved, version: int) -> QuestionChanged:
    """Return what is told of a question in class: never what it asks, or what is right."""
    return QuestionChanged(
        course_id=event.course_id,
        version=version,
        session_id=event.session_id,
        live_question_id=event.live_question_id,
        number=event.number,
        state=event.state,
    )


def current_question(board: Board, version: int) -> QuestionChanged | None:
    """Return the question that the class is shown; None where there is none."""
    if (asked := board.question) is None:
        return None
    return QuestionChanged(
        course_id=board.course_id,
        version=version,
        session_id=asked.session_id,
        live_question_id=asked.live_question_id,
        number=asked.number,
        state=asked.state,
    )


def stats(board: Board, presences: Presences, version: int, *, teaches: bool) -> SessionStats:
    """Return the figures of a class, for those who teach it or for its learners."""
    told = Figures(shares=view_builders.shares(board), percent=board.percent) if teaches else figures(board)
    return SessionStats(
        course_id=board.course_id,
        version=version,
        session_id=board.session.session_id if board.session else None,
        completion_rates=tuple(
            Rate(checkpoint_id=place.column.checkpoint_id, percent=share)
            for place, share in zip(board.places, told.shares, strict=True)
        ),
        percent=told.percent,
        headcount=view_builders.headcount(board, Names.TEACHER if teaches else Names.ALIAS, presences),
    )


_CAME_OR_WENT: dict[Verb, type[StudentJoined] | type[StudentLeft]] = {
    Verb.JOINED: StudentJoined,
    Verb.LEFT: StudentLeft,
}
