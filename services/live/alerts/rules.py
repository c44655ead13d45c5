"""Who needs a look, and why: what the board and the log say about each learner who joined. Pure; see `monitor`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from services.core.phrases import Phrase, phrase, plural
from services.live.board.board import Board
from services.live.board.learner import LIVE, OWN, Learner
from services.progress.extra_time import longer


class Reason(StrEnum):
    """Why somebody needs a look, the most telling first."""

    BEHIND = 'behind'
    BELOW = 'below'
    SILENT = 'silent'


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When somebody needs a look, as the course has it."""

    percent: int = 70
    """of the average of the class"""
    checkpoints: int = 2
    """behind the median of the class"""
    minutes: int = 5
    """for which somebody is behind, or silent"""

    @property
    def span(self) -> timedelta:
        """For how long somebody may be behind, or silent."""
        return timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One reason, in words that follow the name of the learner."""

    reason: Reason
    words: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known besides the board."""

    now: datetime
    heard: Mapping[int, datetime]
    """learner → their last activity in this class"""
    behind_since: Mapping[int, datetime]
    """learner → since when they are as far behind as matters"""
    dismissed: Collection[tuple[int, Reason]] = ()
    """for the rest of this class"""
    thresholds: Thresholds
    extra: Mapping[int, int] = field(default_factory=dict)
    """learner → how much more time they have, in percent"""

    def span(self, learner: Learner) -> timedelta:
        """For how long this learner may be behind, or silent."""
        return longer(self.thresholds.span, self.extra.get(learner.user_id, 0))


def concerns(board: Board, facts: Facts) -> list[tuple[int, Concern]]:
    """Return who needs a look, in the order in which they are enrolled, each with the most telling reason."""
    joined = [learner for learner in board.learners.values() if learner.joined]
    if not joined or not board.places:
        return []
    middle = median(learner.done for learner in joined)
    total = sum(learner.done for learner in joined)
    led_to = board.index_of(board.session.current_checkpoint_id if board.session else None)
    # a learner who waits for help is in the queue, and silent for a good reason
    busy = [
        learner
        for learner in joined
        if learner.user_id not in board.help.requests and _has_to_do(learner, len(board.places), led_to)
    ]
    silent = _silent(busy, facts)
    found: list[tuple[int, Concern]] = []
    for learner in joined:
        candidates = (
            _behind(learner, middle, facts),
            _below(learner, total, len(joined), facts.thresholds),
            silent.get(learner.user_id),
        )
        for concern in candidates:
            if concern and (learner.user_id, concern.reason) not in facts.dismissed:
                found.append((learner.user_id, concern))
                break
    return found


def behind(board: Board, thresholds: Thresholds) -> set[int]:
    """Return the learners who are as far behind the median of the class as matters."""
    joined = [learner for learner in board.learners.values() if learner.joined]
    if not joined:
        return set()
    most = median(learner.done for learner in joined) - thresholds.checkpoints
    return {learner.user_id for learner in joined if learner.done <= most}


def _behind(learner: Learner, middle: float, facts: Facts) -> Concern | None:
    since = facts.behind_since.get(learner.user_id)
    checkpoints = int(middle) - learner.done
    if since is None or middle - learner.done < facts.thresholds.checkpoints or facts.now - since < facts.span(learner):
        return None
    words = plural(
        '{count} step behind the middle of the class for {minutes} min',
        '{count} steps behind the middle of the class for {minutes} min',
        checkpoints,
        minutes=_minutes(facts.now - since),
    )
    return Concern(reason=Reason.BEHIND, words=words)


def _below(learner: Learner, total: int, joined: int, thresholds: Thresholds) -> Concern | None:
    """Below a share of the average; before the class has done one checkpoint on average, that says nothing yet."""
    if total < joined or 100 * learner.done * joined >= thresholds.percent * total:
        return None
    average = _tenths(total, joined)
    words = (
        phrase('{done} done, the class {average} on average', done=learner.done, average=average)
        if learner.done
        else phrase('nothing done yet, the class {average} on average', average=average)
    )
    return Concern(reason=Reason.BELOW, words=words)


def _silent(busy: list[Learner], facts: Facts) -> dict[int, Concern]:
    """Of those who have something to do, return who is silent while at least half of them are not."""
    silent: dict[int, Concern] = {}
    for learner in busy:
        silence = facts.now - facts.heard.get(learner.user_id, facts.now)
        if silence >= facts.span(learner):
            words = phrase('nothing heard for {minutes} min', minutes=_minutes(silence))
            silent[learner.user_id] = Concern(reason=Reason.SILENT, words=words)
    return silent if 2 * len(silent) <= len(busy) else {}


def _has_to_do(learner: Learner, places: int, led_to: int | None) -> bool:
    """Tell whether something is left of all, or of that to which the instructor has led the class."""
    if learner.done >= places:
        return False
    return led_to is None or not learner.cells[led_to] & (LIVE | OWN)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _tenths(total: int, count: int) -> str:
    whole, tenth = divmod(10 * total // count, 10)
    return f'{whole}.{tenth}' if tenth else f'{whole}'
