"""What learners are told while their class is paused."""


def pause_sentence(reason: str) -> str:
    """Return the sentence that everybody is shown during a pause."""
    if not reason:
        return 'The class is paused.'
    return f'The class is paused: {reason}{"" if reason[-1] in ".!?…" else "."}'
