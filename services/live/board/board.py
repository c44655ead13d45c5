"""The board: the grid of one course in memory, loaded once and moved by events.

Old board + events = fresh board; a property test proves it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from models import Verb
from services.core.events import (
    ClassChanged,
    CourseChanged,
    Event,
    ExtraTimeGiven,
    HelperNamed,
    LearnerGrouped,
    LearnerSeated,
    LiveQuestionAnswered,
    LiveQuestionMoved,
    PersonHidden,
    PersonNamed,
    Recorded,
)
from services.live.board.aliases import alias, first_name, initials, row_key
from services.live.board.help_queue import STUCK, HelpQueue, Moved
from services.live.board.learner import LIVE, OWN, Learner, bits_after, full_names, new_learner
from services.live.board.views import Column, LearnerCheckpoint, Names
from services.live.questions import standing
from services.live.questions.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One column of the board, with what only learners are shown of it."""

    column: Column
    checkpoints: tuple[LearnerCheckpoint, ...]
    """how a learner sees it, by mark; made once, because it is shown a thousand times"""


@dataclass(slots=True, kw_only=True)
class Touched:
    """What events moved, for the code that turns it into changes of screens."""

    cells: set[tuple[int, int]]
    """(user id, index of the column)"""
    learners: set[int]
    """new, renamed, newly joined, or with another seat"""
    helped: set[int] = field(default_factory=set)
    """whose own page says something else about help"""
    own: set[int] = field(default_factory=set)
    """whose own page says something else about time"""
    help: bool = False
    """the help queue has moved"""
    question: bool = False
    """a question was opened, closed or shown, or is not shown any more"""
    answered: set[int] = field(default_factory=set)
    """who answered the question in class"""
    everything: bool = False
    """the class was started, steered or ended"""
    reload: bool = False
    """the course has another shape: load a fresh board"""


@dataclass(slots=True, kw_only=True)
class Board:
    """One course with its learners, and the class that is running or was the last."""

    course_id: int
    title: str
    code: str
    code_open: bool
    is_archived: bool = False
    places: tuple[Place, ...]
    session: ClassChanged | None
    learners: dict[int, Learner]
    version: int
    """the id of the last activity that is in the board"""
    shares: list[int]
    """how many of those who joined are done, by column"""
    joined: int
    shown_shares: list[int]
    """as `shares`, but of those alone whom the projector shows"""
    shown: int = 0
    """how many joined and are not hidden"""
    hidden: set[int] = field(default_factory=set)
    """who keeps off the projector, joined or not"""
    taken: dict[Names, set[str]]
    """the names that screens of this class show already"""
    classmates_help: bool = False
    help: HelpQueue = field(default_factory=HelpQueue)
    """the open requests for help"""
    question: Standing | None = None
    """the question that the class is shown"""
    steered: int = 0
    """moves when the class is started, steered or ended, and with every fresh board"""

    @property
    def is_running(self) -> bool:
        """Whether a class is on."""
        return self.session is not None and self.session.ended_at is None

    @property
    def percent(self) -> int:
        """How far those who joined are, all together."""
        return 100 * sum(self.shares) // max(1, self.joined * len(self.places))

    def percent_of(self, learner: Learner) -> int:
        """How far one learner is."""
        return 100 * learner.done // max(1, len(self.places))

    def learner(self, user_id: int) -> Learner:
        """Return the row of somebody; an empty one for a learner who was taken out while their page is open."""
        found = self.learners.get(user_id)
        return found or new_learner(user_id, '', len(self.places), self.session)

    def index_of(self, checkpoint_id: int | None) -> int | None:
        """Return the column of a checkpoint."""
        for index, place in enumerate(self.places):
            if place.column.checkpoint_id == checkpoint_id:
                return index
        return None

    def has_done(self, user_id: int, checkpoint_id: int) -> bool:
        """Tell whether a learner is done with a checkpoint, in class or before it."""
        index = self.index_of(checkpoint_id)
        return index is not None and bool(self.learner(user_id).cells[index] & (LIVE | OWN))

    def apply(self, events: Iterable[Event]) -> Touched:
        """Move the board by events that were committed after it was loaded."""
        touched = Touched(cells=set(), learners=set())
        columns = {place.column.checkpoint_id: index for index, place in enumerate(self.places)}
        for event in events:
            match event:
                case Recorded():
                    self._record(event, columns, touched)
                case HelperNamed():
                    self.help.helpers[event.user_id] = event.name
                case PersonNamed() | PersonHidden() | ExtraTimeGiven() | LearnerGrouped() | LearnerSeated():
                    self._know(event, touched)
                case ClassChanged():
                    self._steer(event)
                    touched.everything = True
                case LiveQuestionMoved() | LiveQuestionAnswered():
                    self._ask(event, touched)
                case CourseChanged():
                    touched.reload = True
        return touched

    def _know(
        self, event: PersonNamed | PersonHidden | ExtraTimeGiven | LearnerGrouped | LearnerSeated, touched: Touched
    ) -> None:
        match event:
            case PersonNamed():
                self._name(event, touched)
            case PersonHidden():
                self._hide(event, touched)
            case ExtraTimeGiven():
                self._give_time(event, touched)
            case LearnerGrouped():
                self._group(event, touched)
            case LearnerSeated():
                if learner := self.learners.get(event.user_id):
                    learner.seat = event.seat
                    touched.learners.add(event.user_id)

    def _record(self, activity: Recorded, columns: dict[int, int], touched: Touched) -> None:
        if activity.id <= self.version:
            return
        self.version = activity.id
        if moved := self.help.apply(activity, self.learners):
            self._show_help(moved, touched)
        if (learner := self.learners.get(activity.user_id)) is None:
            return
        if activity.verb is Verb.JOINED:
            if self.session and activity.session_id == self.session.session_id and not learner.joined:
                self.join(learner)
                touched.learners.add(learner.user_id)
        elif activity.verb is Verb.ALIAS_SWAPPED:
            if self.session and activity.session_id == self.session.session_id and learner.joined:
                self.swap_alias(learner)
                touched.learners.add(learner.user_id)
        elif activity.checkpoint_id in columns:
            index = columns[activity.checkpoint_id]
            if self.mark(learner, index, bits_after(learner.cells[index], activity)):
                touched.cells.add((learner.user_id, index))

    def _show_help(self, moved: Moved, touched: Touched) -> None:
        """Let the cell and the pages of learners follow the help queue."""
        user_id = moved.after.user_id
        index = self.index_of(moved.after.checkpoint_id)
        if index is not None and self.mark_stuck(user_id, index, stuck=moved.after.resolved_at is None):
            touched.cells.add((user_id, index))
        touched.help = True
        behind = self.help.behind(moved.after) & self.learners.keys()
        for who in {user_id} | behind | self._helping(moved):
            self.learners[who].version += 1
            touched.helped.add(who)

    def mark_stuck(self, user_id: int, index: int, *, stuck: bool) -> bool:
        """Let a cell say whether its learner waits for help; returns whether that changes anything."""
        learner = self.learners[user_id]
        bits = learner.cells[index]
        return self.mark(learner, index, bits | STUCK if stuck else bits & ~STUCK)

    def _helping(self, moved: Moved) -> set[int]:
        """Return the classmates to whom a request is, or was, offered."""
        named = moved.before.helper_id, moved.after.helper_id
        helpers = {user_id for user_id in self.learners if user_id in named}
        if self.classmates_help:
            helpers |= {user_id for user_id in self.learners if self.has_done(user_id, moved.after.checkpoint_id)}
        return helpers

    def mark(self, learner: Learner, index: int, bits: int) -> bool:
        """Let a cell have other bits; tells whether that changes anything."""
        before = learner.cells[index]
        if bits == before:
            return False
        learner.cells[index] = bits
        learner.version += 1
        moved = bool(bits & (LIVE | OWN)) - bool(before & (LIVE | OWN))
        learner.done += moved
        if learner.joined:
            self.shares[index] += moved
            self.shown_shares[index] += 0 if learner.is_hidden else moved
        return True

    def join(self, learner: Learner) -> None:
        """Let a learner take part in the class of this board."""
        learner.joined = True
        learner.version += 1
        self.joined += 1
        learner.place = self.joined
        for index, bits in enumerate(learner.cells):
            self.shares[index] += bool(bits & (LIVE | OWN))
        if not learner.is_hidden:
            self._count_shown(learner, 1)
        self._show(learner)

    def _count_shown(self, learner: Learner, by: int) -> None:
        self.shown += by
        for index, bits in enumerate(learner.cells):
            self.shown_shares[index] += by * bool(bits & (LIVE | OWN))

    def _show(self, learner: Learner) -> None:
        """Give a learner who joined the key and the names by which the screens of this class know them."""
        session_id = self.session.session_id if self.session else 0
        learner.key = row_key(session_id, learner.user_id)
        learner.shown_as = full_names(learner.name)
        self._give_alias(learner)
        self._shorten(learner)

    def _give_alias(self, learner: Learner) -> None:
        session_id = self.session.session_id if self.session else 0
        learner.shown_as[Names.ALIAS] = alias(session_id, learner.user_id, self.taken[Names.ALIAS])
        self.taken[Names.ALIAS].add(learner.shown_as[Names.ALIAS])

    def swap_alias(self, learner: Learner) -> None:
        """Give a learner another alias; the one before is given to nobody again in this class."""
        self._give_alias(learner)
        learner.version += 1

    def _shorten(self, learner: Learner) -> None:
        """Give a learner short names that are free; hidden ones take none, so that nobody else's tells of them."""
        if learner.is_hidden:
            return
        for names, shorten in _SHORT:
            learner.shown_as[names] = shorten(learner.name, self.taken[names])
            self.taken[names].add(learner.shown_as[names])

    def _shorten_all(self) -> None:
        for names, _ in _SHORT:
            self.taken[names] = set()
            for learner in self.learners.values():
                learner.shown_as.pop(names, None)
        joined = (learner for learner in self.learners.values() if learner.joined)
        for learner in sorted(joined, key=lambda who: who.place):
            self._shorten(learner)

    def _hide(self, event: PersonHidden, touched: Touched) -> None:
        learner = self.learners.get(event.user_id)
        if learner is None or learner.is_hidden is event.hidden:
            return
        learner.is_hidden = event.hidden
        learner.version += 1
        (self.hidden.add if event.hidden else self.hidden.discard)(event.user_id)
        if learner.joined:
            self._count_shown(learner, -1 if event.hidden else 1)
        self._shorten_all()
        touched.everything = True  # screens are given a new whole: to name the row that goes would tell of it

    def _give_time(self, event: ExtraTimeGiven, touched: Touched) -> None:
        if learner := self.learners.get(event.user_id):
            learner.extra_percent = event.percent
            learner.version += 1
            touched.own.add(event.user_id)

    def _group(self, event: LearnerGrouped, touched: Touched) -> None:
        learner = self.learners.get(event.user_id)
        if learner and learner.group != event.group:
            learner.group = event.group
            touched.everything = True  # screens of either group are given a new whole

    def _name(self, event: PersonNamed, touched: Touched) -> None:
        learner = self.learners.get(event.user_id)
        if learner is None:
            learner = new_learner(event.user_id, event.name, len(self.places), self.session)
            self.learners[event.user_id] = learner
        learner.name = event.name
        learner.shown_as |= full_names(event.name)
        learner.version += 1
        if learner.joined:
            self._shorten_all()
            touched.everything = True
        touched.learners.add(event.user_id)

    def _ask(self, event: LiveQuestionMoved | LiveQuestionAnswered, touched: Touched) -> None:
        if isinstance(event, LiveQuestionAnswered):
            if self.question and standing.answered(self.question, event):
                touched.answered.add(event.user_id)
        elif self.session and event.session_id == self.session.session_id:
            self.question = standing.moved(self.question, event)
            touched.question = True

    def _steer(self, event: ClassChanged) -> None:
        if self.session and event.session_id < self.session.session_id:
            return  # what a fresh board knows already may be told once more
        is_new = self.session is None or self.session.session_id != event.session_id
        self.session = event
        self.steered += 1
        if is_new or event.ended_at is not None:
            self.question = None
        if is_new:
            self.joined = self.shown = 0
            self.taken = nothing_taken()
            self.shares, self.shown_shares = [0] * len(self.places), [0] * len(self.places)
            for learner in self.learners.values():
                learner.joined = False
                learner.key = row_key(event.session_id, learner.user_id)
                learner.shown_as = full_names(learner.name)


def nothing_taken() -> dict[Names, set[str]]:
    """Return that no name is taken on any screen yet."""
    return {Names.ALIAS: set(), Names.FIRST_NAME: set(), Names.INITIALS: set()}


_SHORT = ((Names.FIRST_NAME, first_name), (Names.INITIALS, initials))
