"""What learners are told while their class is paused."""

from services.core.phrases import Phrase, phrase


def pause_sentence(reason: str) -> Phrase:
    """Return the sentence that everybody is shown during a pause."""
    if not reason:
        return phrase('The class is paused.')
    if reason[-1] in '.!?…':
        return phrase('The class is paused: {reason}', reason=reason)
    return phrase('The class is paused: {reason}.', reason=reason)
