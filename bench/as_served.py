"""What a process that is measured has in common with the server: when it collects, and how its threads take turns."""

from services.core import threads
from ui.shell import gc_tuning


def tune() -> None:
    """Collect and take turns as the server does, from now on."""
    gc_tuning.tune()
    threads.take_short_turns()
