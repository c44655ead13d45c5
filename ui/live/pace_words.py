"""The words for what learners say about the pace."""

from services.core.phrases import Phrase, phrase
from services.live.pace_signals import PaceSignal

SAYS = {
    PaceSignal.TOO_FAST: phrase('Too fast'),
    PaceSignal.JUST_RIGHT: phrase('Just right'),
    PaceSignal.TOO_SLOW: phrase('Too slow'),
}


def share(signal: PaceSignal, percent: int) -> Phrase:
    """Return how many of the class say something."""
    return phrase('{signal}: {percent} %', signal=SAYS[signal], percent=percent)


def hint(signal: PaceSignal, percent: int) -> Phrase:
    """Return the sentence by which the instructor notices that many say the same."""
    if signal is PaceSignal.TOO_FAST:
        return phrase('{percent} % of those who are here find it too fast.', percent=percent)
    return phrase('{percent} % of those who are here find it too slow.', percent=percent)
