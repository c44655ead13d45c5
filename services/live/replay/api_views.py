"""Classes that are over, for clients: how each checkpoint went, what moved when, and the grid at any moment."""

from dataclasses import dataclass

from services.access import Actor
from services.core.transaction import Transaction
from services.live.board.learner import LIVE, OWN
from services.live.board.views import Column, Mark, Presence
from services.live.questions.past import PastQuestion
from services.live.replay import classes
from services.live.replay.checkpoint_times import CheckpointTimes
from services.live.replay.classes import Held, Replay
from services.live.stream.snapshots import MARK_WORDS, WORD_OF, MarkWord


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCheckpoint:
    """How one checkpoint of a class went; all times are in seconds."""

    checkpoint_id: int
    number: int
    title: str
    planned: int | None
    half_done_after: int | None
    """since the class began; null if it never was"""
    nine_tenths_done_after: int | None
    quarters: tuple[int, int, int] | None
    """a quarter, half, and three quarters of those who did it took no more than that"""
    took: tuple[int, ...]
    """from start to done, of each who did it, the quickest first"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastClass:
    """One class that is over."""

    title: str
    held: Held
    steps: tuple[PastCheckpoint, ...]
    questions: tuple[PastQuestion, ...]
    """that were asked in it, with how many answered what"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLearner:
    """One learner at one moment; the marks are in the order of the columns."""

    user_id: int
    name: str
    joined: bool
    marks: tuple[MarkWord, ...]
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PastGrid:
    """The grid as it was so many seconds after the class began. Shares and percent are of those who had joined."""

    second: int
    columns: tuple[Column, ...]
    learners: tuple[PastLearner, ...]
    shares: tuple[int | None, ...]
    percent: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMove:
    """At one moment a mark became another one; without a checkpoint, somebody joined."""

    second: int
    user_id: int
    checkpoint_id: int | None
    mark: MarkWord | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMoves:
    """A class from its beginning to its end: who took part, what was done before, and all that moved, in order."""

    seconds: int
    columns: tuple[Column, ...]
    learners: tuple[PastLearner, ...]
    """as they were when it began"""
    moves: tuple[PastMove, ...]


def of_class(tx: Transaction, actor: Actor | None, course_id: int, session_id: int, *, group: str = '') -> PastClass:
    """Return how a class went that is over: with everybody, or with one group."""
    told = classes.of_class(tx, actor, course_id, session_id, group=group)
    return PastClass(
        title=told.title,
        held=told.held,
        steps=tuple(_past_checkpoint(checkpoint) for checkpoint in told.times),
        questions=told.questions,
    )


def grid(
    tx: Transaction, actor: Actor | None, course_id: int, session_id: int, second: int, *, group: str = ''
) -> PastGrid:
    """Return the grid of a class that is over as it was at one moment, of everybody or of one group."""
    told = classes.of_class(tx, actor, course_id, session_id, group=group)
    view = told.at(second)
    return PastGrid(
        second=second,
        columns=view.columns,
        learners=tuple(
            PastLearner(
                user_id=int(row.key),
                name=row.name,
                joined=row.presence is not Presence.NOT_YET,
                marks=tuple(MARK_WORDS[Mark(mark)] for mark in row.marks),
                percent=row.percent,
            )
            for row in view.rows
        ),
        shares=view.shares,
        percent=view.percent,
    )


def moves(tx: Transaction, actor: Actor | None, course_id: int, session_id: int, *, group: str = '') -> PastMoves:
    """Return all that moved in a class that is over, of everybody or of one group."""
    told = classes.of_class(tx, actor, course_id, session_id, group=group)
    return PastMoves(
        seconds=told.held.seconds,
        columns=told.columns,
        learners=tuple(_before(told, user_id, name) for user_id, name in told.names.items()),
        moves=tuple(
            PastMove(second=move.second, user_id=move.user_id, checkpoint_id=None, mark=None)
            if move.index is None
            else PastMove(
                second=move.second,
                user_id=move.user_id,
                checkpoint_id=told.columns[move.index].checkpoint_id,
                mark=WORD_OF[move.bits],
            )
            for move in told.moves
        ),
    )


def _before(told: Replay, user_id: int, name: str) -> PastLearner:
    cells = told.before[user_id]
    done = sum(bool(bits & (LIVE | OWN)) for bits in cells)
    return PastLearner(
        user_id=user_id,
        name=name,
        joined=False,
        marks=tuple(WORD_OF[bits] for bits in cells),
        percent=100 * done // max(1, len(cells)),
    )


def _past_checkpoint(checkpoint: CheckpointTimes) -> PastCheckpoint:
    half, nine_tenths = checkpoint.reached
    return PastCheckpoint(
        checkpoint_id=checkpoint.column.checkpoint_id,
        number=checkpoint.column.number,
        title=checkpoint.column.title,
        planned=checkpoint.planned,
        half_done_after=half,
        nine_tenths_done_after=nine_tenths,
        quarters=checkpoint.quarters,
        took=checkpoint.took,
    )
