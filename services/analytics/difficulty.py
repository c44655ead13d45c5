"""How hard a checkpoint is, as a weighted mean of parts that a teacher can recount. Pure rules."""

from dataclasses import dataclass
from enum import StrEnum

from services.core.phrases import Phrase, phrase, plural

FEWEST = 3
"""learners who have begun a checkpoint, so that anything can be said of it"""
TWICE = 2.0
"""as long as planned is as hard as time can show; as long as planned is not hard at all"""
MANY_PERCENT = 30
"""of those who began: if as many asked for help, or stopped, that part is at its most"""
GOOD_SCORE = 85
"""a mean score from which on the checkpoint is not hard"""


class Sign(StrEnum):
    """What can show that a checkpoint is hard."""

    TIME = 'time'
    HELP = 'help'
    STOPPED = 'stopped'
    SCORE = 'score'


WEIGHTS = {Sign.TIME: 3, Sign.HELP: 3, Sign.STOPPED: 2, Sign.SCORE: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the difficulty of a checkpoint."""

    sign: Sign
    score: int
    """0 to 100"""
    weight: int
    words: Phrase
    """the evidence"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difficulty:
    """How hard a checkpoint is: 0 (easy) to 100 (hard), and of which parts that is made."""

    score: int
    parts: tuple[Part, ...]

    @property
    def reasons(self) -> tuple[Phrase, ...]:
        """The evidence of those parts that make it hard, the strongest first."""
        strong = sorted((part for part in self.parts if part.score >= 30), key=lambda part: -part.score * part.weight)
        return tuple(part.words for part in strong)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What is known of a checkpoint."""

    begun: int
    """learners who have started or completed it"""
    helped: int
    stopped: int
    time_ratio: float | None
    """usual against planned time"""
    mean_score: float | None


def of_checkpoint(signs: Signs) -> Difficulty | None:
    """Return how hard a checkpoint is; None where too few learners have begun it."""
    if signs.begun < FEWEST:
        return None
    parts = (*_time(signs), *_shares(signs), *_score(signs))
    weights = sum(part.weight for part in parts)
    return Difficulty(score=round(sum(part.score * part.weight for part in parts) / weights), parts=parts)


def _time(signs: Signs) -> tuple[Part, ...]:
    if signs.time_ratio is None:
        return ()
    score = _clamped(100 * (signs.time_ratio - 1) / (TWICE - 1))
    words = phrase('takes {times} × the plan', times=f'{signs.time_ratio:.1f}')
    return (_part(Sign.TIME, score, words),)


def _shares(signs: Signs) -> tuple[Part, ...]:
    helped = plural('1 of {begun} asked for help', '{count} of {begun} asked for help', signs.helped, begun=signs.begun)
    stopped = plural('1 of {begun} stopped here', '{count} of {begun} stopped here', signs.stopped, begun=signs.begun)
    return (
        _part(Sign.HELP, _clamped(100 * 100 * signs.helped / signs.begun / MANY_PERCENT), helped),
        _part(Sign.STOPPED, _clamped(100 * 100 * signs.stopped / signs.begun / MANY_PERCENT), stopped),
    )


def _score(signs: Signs) -> tuple[Part, ...]:
    if signs.mean_score is None:
        return ()
    score = _clamped(100 * (GOOD_SCORE - signs.mean_score) / (GOOD_SCORE / 2))
    return (_part(Sign.SCORE, score, phrase('mean score {score}', score=round(signs.mean_score))),)


def _part(sign: Sign, score: int, words: Phrase) -> Part:
    return Part(sign=sign, score=score, weight=WEIGHTS[sign], words=words)


def _clamped(number: float) -> int:
    return max(0, min(100, round(number)))
