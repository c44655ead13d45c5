"""How long a piece of work may take, in seconds of the reference machine; slower machines get more.

Only the processor's time of this thread counts, so that neither other processes nor the threads that another test has
left behind matter. What other tests have left in memory does not count either: it is frozen, as in a running server, so
that nobody looks through it for garbage here. A yardstick is measured right beside the work, in the same process: it
makes as many small objects as reading a file does.
"""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

import yaml  # type: ignore[import-untyped]

ORDINARY = '- {title: a, minutes: 1}\n' * 8_000
REFERENCE = 0.1
"""seconds that the yardstick takes on the reference machine, in a process of its own"""


@contextmanager
def work_of_at_most(seconds: float) -> Iterator[None]:
    """Fail if what happens inside takes more work than so many seconds of the reference machine."""
    with frozen_memory():
        began = time.thread_time()
        yield
        took = time.thread_time() - began
        if took > seconds:
            allowed = seconds * slowness()
            assert took <= allowed, f'{took:.2f} s, where {allowed:.2f} s are allowed on this machine'


@contextmanager
def frozen_memory() -> Iterator[None]:
    """Keep the collector of garbage to what is made inside. What was there stays frozen, as modules are anyway
    (tests/conftest.py): to ask what is takes longer than most of the work.
    """
    gc.freeze()
    yield


def slowness() -> float:
    """Return how many times as long as on the reference machine work takes here and now, at least 1."""
    with frozen_memory():
        began = time.thread_time()
        yaml.compose(ORDINARY, getattr(yaml, 'CSafeLoader', yaml.SafeLoader))
        return max(1.0, (time.thread_time() - began) / REFERENCE)
