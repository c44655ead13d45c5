"""How a class stands, in words, for clients: those who teach are told all of it, a learner their own part."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from models import CheckpointKind, NameDisplay
from services.live import pacing
from services.live.board import help_views, view_builders
from services.live.board.board import Board
from services.live.board.learner import MARK_OF, Learner
from services.live.board.public_stats import class_percent
from services.live.board.views import Column, Headcount, Mark, Names, Presence
from services.live.pace_signals import PaceShares
from services.live.presence import Presences

MarkWord = Literal['not_yet', 'working', 'done', 'done_before', 'stuck']
"""The state of one learner at one checkpoint; `done_before` is on their own, outside of a class."""

PresenceWord = Literal['not_yet', 'working', 'idle', 'lost']
"""Where a learner is while a class runs."""

MARK_WORDS: dict[Mark, MarkWord] = {
    Mark.NOT_YET: 'not_yet',
    Mark.WORKING: 'working',
    Mark.DONE: 'done',
    Mark.DONE_BEFORE: 'done_before',
    Mark.STUCK: 'stuck',
}
PRESENCE_WORDS: dict[Presence, PresenceWord] = {
    Presence.NOT_YET: 'not_yet',
    Presence.WORKING: 'working',
    Presence.IDLE: 'idle',
    Presence.LOST: 'lost',
}
WORD_OF = tuple(MARK_WORDS[mark] for mark in MARK_OF)
"""by what is known of a cell, as the board has it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionState:
    """How the class that is on stands, or how the last one ended."""

    session_id: int
    started_at: datetime
    ended_at: datetime | None
    """null while it is on"""
    current_checkpoint_id: int | None
    """to which everybody is led; null while each goes at their own pace"""
    led_since: datetime | None
    until: datetime | None
    """when the time of the class is over: set by hand, or else the estimate of that checkpoint; null in a pause"""
    paused_at: datetime | None
    pause: str | None
    """the sentence that everybody is told in a pause"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerState:
    """One learner as those who teach see them; the marks are in the order of the columns."""

    user_id: int
    name: str
    joined: bool
    """whether they have joined the class that is on"""
    hidden: bool
    """whether they keep off the projector"""
    group: str
    """empty where they are in none"""
    marks: tuple[MarkWord, ...]
    percent: int
    presence: PresenceWord | None
    """null while no class is on"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpState:
    """How it stands with those who need help."""

    waiting: int
    """how many have nobody yet"""
    helped: int
    """to how many somebody is on the way"""
    since: datetime | None
    """when the one who has waited for longest asked"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassState:
    """A class for those who teach it. Shares and percent are of those who joined."""

    view: Literal['teacher'] = 'teacher'
    version: str
    activity_id: int
    """the last activity of the log that is in it"""
    course_id: int
    title: str
    code: str
    """with which learners join"""
    code_open: bool
    names: NameDisplay | None
    """which names the projector shows"""
    is_running: bool
    session: SessionState | None
    """null if the course never had a class"""
    columns: tuple[Column, ...]
    learners: tuple[LearnerState, ...]
    """everybody who is enrolled"""
    shares: tuple[int, ...]
    """how many percent are done, by column"""
    percent: int
    headcount: Headcount
    help: HelpState
    pace: PaceShares | None
    """what those who are here say about the pace; null while nobody says anything, and for fewer than five"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCheckpoint:
    """One checkpoint, and how it stands with the learner who asks."""

    checkpoint_id: int
    number: int
    title: str
    kind: CheckpointKind
    minutes: int | None
    mark: MarkWord


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnState:
    """A class for one learner: nothing in it is of anybody else, but for the figure of all."""

    view: Literal['learner'] = 'learner'
    version: str
    course_id: int
    title: str
    is_running: bool
    session: SessionState | None
    joined: bool
    hidden: bool
    """whether one keeps off the projector"""
    checkpoints: tuple[OwnCheckpoint, ...]
    next_checkpoint_id: int | None
    """what to do now; null when all is done"""
    percent: int
    class_percent: int | None
    """how far those who joined are, all together; null for fewer than five"""


def class_state(board: Board, presences: Presences, version: str, pace: PaceShares | None = None) -> ClassState:
    """Return how a class stands for those who teach it."""
    return ClassState(
        version=version,
        activity_id=board.version,
        course_id=board.course_id,
        title=board.title,
        code=board.code,
        code_open=board.code_open,
        names=board.session.names if board.session else None,
        is_running=board.is_running,
        session=_session(board),
        columns=tuple(place.column for place in board.places),
        learners=tuple(_learner(board, learner, presences) for learner in board.learners.values()),
        shares=view_builders.shares(board),
        percent=board.percent,
        headcount=view_builders.headcount(board, Names.TEACHER, presences),
        help=_help(board),
        pace=pace,
    )


def own_state(board: Board, user_id: int, version: str) -> OwnState:
    """Return how a class stands for one learner."""
    learner = board.learner(user_id)
    return OwnState(
        version=version,
        course_id=board.course_id,
        title=board.title,
        is_running=board.is_running,
        session=_session(board, learner.extra_percent),
        joined=learner.joined,
        hidden=learner.is_hidden,
        checkpoints=tuple(
            OwnCheckpoint(
                checkpoint_id=place.column.checkpoint_id,
                number=place.column.number,
                title=place.column.title,
                kind=place.checkpoints[0].kind,
                minutes=place.checkpoints[0].minutes,
                mark=WORD_OF[bits],
            )
            for place, bits in zip(board.places, learner.cells, strict=True)
        ),
        next_checkpoint_id=view_builders.current_checkpoint(board, user_id),
        percent=board.percent_of(learner),
        class_percent=class_percent(board),
    )


def _session(board: Board, extra: int = 0) -> SessionState | None:
    session = board.session
    if session is None:
        return None
    pause = pacing.pause_of(board)
    return SessionState(
        session_id=session.session_id,
        started_at=session.started_at,
        ended_at=session.ended_at,
        current_checkpoint_id=session.current_checkpoint_id,
        led_since=session.led_since,
        until=pacing.until(board, extra),
        paused_at=session.paused_at,
        pause=None if pause is None else str(pause),
    )


def _learner(board: Board, learner: Learner, presences: Presences) -> LearnerState:
    return LearnerState(
        user_id=learner.user_id,
        name=learner.name,
        joined=learner.joined,
        hidden=learner.is_hidden,
        group=learner.group,
        marks=tuple([WORD_OF[bits] for bits in learner.cells]),
        percent=board.percent_of(learner),
        presence=PRESENCE_WORDS[presences.shown(learner.user_id)] if board.is_running else None,
    )


def _help(board: Board) -> HelpState:
    queue = help_views.queue(board)
    waiting = [request.asked_at for request in queue if request.helper_id is None]
    return HelpState(waiting=len(waiting), helped=len(queue) - len(waiting), since=min(waiting, default=None))
