"""Commands that take long, beside a class: taps go first."""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

BEHIND = 5
"""of a priority, from 0 to 19"""
OF_SESSION = Path('/proc/self/autogroup')
ENDINGS = signal.SIGINT, signal.SIGTERM, signal.SIGHUP


def let_taps_go_first() -> None:
    """Go on as a child of this process that others go before.

    Linux shares the processor between sessions first (`sched_autogroup_enabled`), and the priority of a process counts
    only beside those of its own. So the child has a session, and that is what is lowered: this one may be the
    operator's, and the server may be in it.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)  # what comes before all is in place is handed on as well
    child = os.fork()
    if child:
        _be_in_front_of(child)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
    os.setsid()
    os.nice(BEHIND)
    with suppress(OSError):  # a system that knows no priority of sessions
        OF_SESSION.write_text(str(BEHIND))


def _be_in_front_of(child: int) -> None:
    """Hand on what ends it, and end as it does."""
    for ending in ENDINGS:
        signal.signal(ending, lambda number, _: os.kill(child, number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    sys.exit(code if code >= 0 else 128 - code)
