"""How long a piece of work may take, in seconds of the reference machine; slower machines get more.

Only the processor's time of this thread counts, so that neither other processes nor the threads that another test has
left behind matter. A yardstick is measured right beside it, in the same process: it makes as many small objects as
reading a file does, so that it becomes slower for the same reasons, a slow machine and a large heap.
"""

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
    began = time.thread_time()
    yield
    took = time.thread_time() - began
    if took > seconds:
        allowed = seconds * slowness()
        assert took <= allowed, f'{took:.2f} s, where {allowed:.2f} s are allowed on this machine'


def slowness() -> float:
    """Return how many times as long as on the reference machine work takes here and now, at least 1."""
    began = time.thread_time()
    yaml.compose(ORDINARY, getattr(yaml, 'CSafeLoader', yaml.SafeLoader))
    return max(1.0, (time.thread_time() - began) / REFERENCE)
