"""The pace of a class: how much time there is, set by hand or for the current checkpoint, and when to move on."""

from datetime import datetime, timedelta
from typing import Literal

from services.activity.class_pauses import pause_sentence
from services.core.events import ClassChanged
from services.core.phrases import Phrase, phrase
from services.live import sessions
from services.live.board.board import Board
from services.live.board.views import Column
from services.progress.extra_time import longer

ENOUGH = 80
"""percent of those who joined: when so many are done with the current checkpoint, the class can move on"""


def remaining(session: ClassChanged, minutes: int | None, now: datetime, extra: int = 0) -> timedelta | None:
    """Return how much time is left, negative when it is over; it stands still in a pause.

    It is the time that was set by hand, or else the estimate of the current checkpoint, in minutes. `extra` is how much
    more time a learner has, in percent. None if neither was set.
    """
    if (planned := _planned(session, minutes)) is None:
        return None
    since, length = planned
    spent = (max(session.paused_at, since) if session.paused_at else now) - since
    return longer(length, extra) - spent


def time_left(board: Board, now: datetime, extra: int = 0) -> timedelta | None:
    """Return how much time there is for the class now; None where there is no such time.

    It is the time of the class, or of a learner who has so much more, in percent.
    """
    if board.session is None or not board.is_running:
        return None
    return remaining(board.session, _minutes(board), now, extra)


def until(board: Board, extra: int = 0) -> datetime | None:
    """Return when that time is over; None in a pause, when nobody can tell.

    It is the time of the class, or of a learner who has so much more, in percent.
    """
    session = board.session
    if session is None or session.paused_at or not board.is_running:
        return None
    if (planned := _planned(session, _minutes(board))) is None:
        return None
    since, length = planned
    return since + longer(length, extra)


def has_set_time(board: Board) -> bool:
    """Tell whether the instructor has set a time by hand."""
    return board.is_running and board.session is not None and board.session.timer_since is not None


def _minutes(board: Board) -> int | None:
    """Return the estimate of the current checkpoint; None where nobody is led, or where it has none."""
    index = board.index_of(board.session.current_checkpoint_id if board.session else None)
    return None if index is None else board.places[index].checkpoints[0].minutes


def _planned(session: ClassChanged, minutes: int | None) -> tuple[datetime, timedelta] | None:
    """Return since when the time runs, and how long it is."""
    if session.timer_since and session.timer_seconds:
        return session.timer_since, timedelta(seconds=session.timer_seconds)
    if session.led_since is None or not minutes:
        return None
    return session.led_since, timedelta(minutes=minutes)


def pause_of(board: Board) -> Phrase | None:
    """Return what everybody is told while the class is paused; None while it is not."""
    session = board.session
    return pause_sentence(session.pause_reason) if session and session.paused_at and board.is_running else None


def countdown(left: timedelta, *, paused: bool = False) -> Phrase:
    """Return time that is left, or gone over, as it is shown."""
    seconds = round(left.total_seconds())
    shown = f'{abs(seconds) // 60}:{abs(seconds) % 60:02}'
    if paused:
        over, left_ = phrase('over time by {time} · paused', time=shown), phrase('{time} left · paused', time=shown)
    else:
        over, left_ = phrase('over time by {time}', time=shown), phrase('{time} left', time=shown)
    return left_ if seconds >= 0 else over


def checkpoint_beside(board: Board, by: Literal[-1, 1]) -> Column | None:
    """Return the checkpoint before or after the current one."""
    index = board.index_of(board.session.current_checkpoint_id if board.session else None)
    target = sessions.beside(len(board.places), index, by)
    return None if target is None else board.places[target].column


def share_done(board: Board) -> int | None:
    """Return how many percent are done with the current checkpoint, once they are enough to move on to the next one."""
    index = board.index_of(board.session.current_checkpoint_id if board.session else None)
    if index is None or not board.joined or checkpoint_beside(board, 1) is None:
        return None
    share = 100 * board.shares[index] // board.joined
    return share if share >= ENOUGH else None
