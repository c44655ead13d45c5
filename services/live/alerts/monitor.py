"""Keeps watch over a class: follows its activities, and tells who needs a look once that has held for a moment."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import func, select
from sqlmodel import col

from models import Activity, Course, Enrollment, LiveSession, Verb
from services import access
from services.access import Actor
from services.activity import recording
from services.activity.log import Entry
from services.core import clock, database, jobs, watchers
from services.core.errors import Invalid, NotFound, Refused
from services.core.events import ClassChanged, CourseChanged, Event, ExtraTimeGiven, Recorded
from services.core.transaction import Transaction
from services.live.alerts import rules
from services.live.alerts.rules import Concern, Facts, Reason, Thresholds
from services.live.board.board import Board

PASS = 3.0
"""seconds between two looks at everybody"""
HELD = timedelta(seconds=6)
"""for which somebody must need a look, or need none, until it is announced: no flicker"""
ASKED = 30.0
"""seconds for which watch is kept after a client has asked"""

_REASONS = {reason.value: reason for reason in Reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Somebody who needs a look."""

    user_id: int
    name: str
    concern: Concern


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the database knows of one class that the board does not."""

    session_id: int
    thresholds: Thresholds
    heard: dict[int, datetime]
    dismissed: set[tuple[int, Reason]]
    extra: dict[int, int] = field(default_factory=dict)
    """learner → how much more time they have, in percent"""


def dismiss(tx: Transaction, actor: Actor | None, course_id: int, user_id: int, reason: str) -> None:
    """Hide a learner who is listed for this reason, until the class ends."""
    access.taught_course(tx, actor, course_id)
    if reason not in _REASONS:
        raise Invalid('There is no such reason.', field='reason')
    running = select(col(LiveSession.id)).where(
        col(LiveSession.course_id) == course_id, col(LiveSession.ended_at).is_(None)
    )
    session_id = tx.execute(running).scalar()
    if actor is None or session_id is None:
        raise Refused('No class is running in this course. What was done stays.')
    learns = col(Enrollment.course_id) == course_id, col(Enrollment.user_id) == user_id
    if not tx.execute(select(col(Enrollment.id)).where(*learns)).first():
        raise NotFound('This person is not in the course now.')
    if (user_id, _REASONS[reason]) in _dismissed(tx, session_id):
        return
    entry = Entry(
        user_id=actor.user_id,
        tap_id=uuid4().hex,
        verb=Verb.ATTENTION_DISMISSED,
        course_id=course_id,
        session_id=session_id,
        about_id=user_id,
        words=reason,
        zone=actor.time_zone,
    )
    recording.record(tx, [entry])
    tx.note('attention dismissed', course=course_id, session=session_id, about=user_id, reason=reason)


def of_group(board: Board, looks: Sequence[Look], group: str) -> tuple[Look, ...]:
    """Return those of one group; everybody for an empty name."""
    return tuple(look for look in looks if not group or board.learner(look.user_id).group == group)


def load(tx: Transaction, course_id: int, session_id: int) -> Known:
    """Return what is known of a class."""
    course = tx.session.get_one(Course, course_id)
    last = select(col(Activity.user_id), func.max(col(Activity.id))).where(col(Activity.session_id) == session_id)
    latest = last.group_by(col(Activity.user_id)).subquery()
    heard = select(col(Activity.user_id), col(Activity.at)).join(latest, col(Activity.id) == latest.c[1])
    extra = select(col(Enrollment.user_id), col(Enrollment.extra_percent)).where(
        col(Enrollment.course_id) == course_id, col(Enrollment.extra_percent) > 0
    )
    return Known(
        session_id=session_id,
        thresholds=Thresholds(percent=course.lag_percent, checkpoints=course.lag_steps, minutes=course.lag_minutes),
        heard=dict(tx.execute(heard).all()),
        dismissed=_dismissed(tx, session_id),
        extra=dict(tx.execute(extra).all()),
    )


def _dismissed(tx: Transaction, session_id: int) -> set[tuple[int, Reason]]:
    query = select(col(Activity.about_id), col(Activity.words)).where(
        col(Activity.session_id) == session_id, col(Activity.verb) == Verb.ATTENTION_DISMISSED
    )
    return {(about, _REASONS[words]) for about, words in tx.execute(query) if about and words in _REASONS}


@dataclass(slots=True, kw_only=True)
class _Shown:
    """Somebody who needs a look, or did just now."""

    concern: Concern
    since: datetime
    needed: datetime
    """when they last needed one"""
    is_told: bool = False


@dataclass(slots=True)
class Watch:
    """The state of one watch; `look` is one pass over everybody."""

    known: Known
    behind_since: dict[int, datetime] = field(default_factory=dict)
    _shown: dict[int, _Shown] = field(default_factory=dict)
    _looked: datetime | None = None

    def go_on(self, known: Known) -> None:
        """Take what is known by now: thresholds are others, or nobody has watched for a while.

        A pause has moved the times that were known; whatever was heard later goes before them.
        """
        before = self.known.heard
        heard = {user_id: max(at, before.get(user_id, at)) for user_id, at in known.heard.items()}
        self.known = replace(known, heard=heard)

    def follow(self, event: Event) -> bool:
        """Take note of an event; tells whether who needs a look may be others now."""
        if isinstance(event, ExtraTimeGiven):
            self.known.extra[event.user_id] = event.percent
            return True
        if not isinstance(event, Recorded) or event.session_id != self.known.session_id:
            return False
        if event.verb is Verb.ATTENTION_DISMISSED:
            if event.about_id and event.words in _REASONS:
                self.known.dismissed.add((event.about_id, _REASONS[event.words]))
                return True
        else:
            self.known.heard[event.user_id] = event.at
        return False

    def look(self, board: Board, now: datetime) -> tuple[Look, ...]:
        """Return who needs a look: the order stays, and who is new comes last."""
        if board.session is None or not board.is_running or board.session.session_id != self.known.session_id:
            return ()
        if board.session.paused_at:
            self._wait(now - (self._looked or board.session.paused_at), now)
        self._looked = now
        far_behind = rules.behind(board, self.known.thresholds)
        self.behind_since = {user_id: self.behind_since.get(user_id, now) for user_id in far_behind}
        facts = Facts(
            now=now,
            heard=self.known.heard,
            behind_since=self.behind_since,
            dismissed=self.known.dismissed,
            thresholds=self.known.thresholds,
            extra=self.known.extra,
        )
        self._hold(dict(rules.concerns(board, facts)), now)
        return tuple(
            Look(user_id=user_id, name=board.learners[user_id].name, concern=shown.concern)
            for user_id, shown in self._shown.items()
            if shown.is_told and user_id in board.learners
        )

    def _wait(self, passed: timedelta, now: datetime) -> None:
        """A pause counts for nobody: all that is timed moves along with it."""
        for times in self.known.heard, self.behind_since:
            times.update({user_id: min(now, at + passed) for user_id, at in times.items()})

    def _hold(self, found: dict[int, Concern], now: datetime) -> None:
        for user_id, concern in found.items():
            shown = self._shown.setdefault(user_id, _Shown(concern=concern, since=now, needed=now))
            shown.concern, shown.needed = concern, now
        for user_id, shown in list(self._shown.items()):
            is_dismissed = (user_id, shown.concern.reason) in self.known.dismissed
            if user_id not in found and (is_dismissed or not shown.is_told or now - shown.needed >= HELD):
                del self._shown[user_id]
            elif not shown.is_told and now - shown.since >= HELD:
                # Told from now on, and so the last in the order.
                shown.is_told = True
                self._shown[user_id] = self._shown.pop(user_id)


class AlertMonitor:
    """The watch over the class of one room, for as long as somebody looks at who needs a look."""

    def __init__(self, board: Callable[[], Board]) -> None:
        """`board` returns the board as it is now."""
        self._board = board
        self.looks: tuple[Look, ...] = ()
        self._screens: list[Callable[[], None]] = []
        self._watch: Watch | None = None
        self._is_stale = True
        self._early: list[Event] | None = None
        self._task: asyncio.Task[None] | None = None
        self._stop_asked: Callable[[], None] | None = None
        self._unasked: asyncio.TimerHandle | None = None

    def watch(self, screen: Callable[[], None]) -> Callable[[], None]:
        """Tell a screen when to look at `looks` again; returns the way to stop it."""
        leave = watchers.add(self._screens, screen)
        if self._task is None:
            self._is_stale = True
            self._task = jobs.every(PASS, 'alerts', self._pass)

        def stop() -> None:
            leave()
            if not self._screens and self._task:
                self._task.cancel()
                self._task = None

        return stop

    async def ask(self) -> tuple[Look, ...]:
        """Return who needs a look, and keep watch for a while: clients ask again and again."""
        if self._unasked:
            self._unasked.cancel()
        self._unasked = asyncio.get_running_loop().call_later(ASKED, self._nobody_asks)
        if self._stop_asked is None:
            self._stop_asked = self.watch(lambda: None)
            if self._is_stale:
                await self._load()
        return self.looks

    def _nobody_asks(self) -> None:
        if self._stop_asked:
            self._stop_asked()
        self._stop_asked = self._unasked = None

    def close(self) -> None:
        """Stop watching."""
        if self._unasked:
            self._unasked.cancel()
        if self._task:
            self._task.cancel()

    def follow(self, events: Sequence[Event]) -> None:
        """Take note of what was committed."""
        if self._task is None:
            return
        if self._early is not None:
            self._early.extend(events)
        moved = [self._watch.follow(event) for event in events] if self._watch else []
        if any(isinstance(event, ClassChanged | CourseChanged) for event in events):
            self._is_stale = True
        if any(moved):
            self._look()

    async def _pass(self) -> None:
        if self._is_stale:
            await self._load()
        self._look()

    async def _load(self) -> None:
        if self._early is not None:
            return  # somebody else loads just now; if that was too early, the next pass loads again
        session = self._board().session
        if session is None or session.ended_at:
            self._watch = None
            return
        self._is_stale, self._early = False, []
        try:
            known = await database.read(load, self._board().course_id, session.session_id)
        except Exception:
            self._is_stale = True
            raise
        finally:
            early, self._early = self._early, None
        if self._watch and self._watch.known.session_id == known.session_id:
            self._watch.go_on(known)
        else:
            self._watch = Watch(known)
        for event in early:
            self._watch.follow(event)

    def _look(self) -> None:
        looks = self._watch.look(self._board(), clock.now()) if self._watch else ()
        if looks == self.looks:
            return
        self.looks = looks
        watchers.tell(self._screens)
