"""What this process counts while it works, for Prometheus. Names and meanings: docs/operations.md.

Every line of the server log is counted by its event, so that what is logged can be watched without being named twice.
"""

from collections import deque

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15)
"""upper bounds in seconds: a tap is saved within a few milliseconds, and a writer that waits for 15 is stuck"""
MOST_KEPT = 1_000
"""of the latest durations, so that shares of them are exact"""
SIZES = (1, 2, 5, 10, 20, 50, 100, 200)

disable_created_metrics()  # type: ignore[no-untyped-call]  # when a counter began again is seen by its value
registry = CollectorRegistry()
ProcessCollector(registry=registry)
GCCollector(registry=registry)

_lines = Counter('waymark_events', 'Lines of the server log, by their event.', ['event'], registry=registry)
_refusals = Counter('waymark_refused_taps', 'Taps that were refused, by the reason.', ['reason'], registry=registry)
_repeated = Counter('waymark_repeated_taps', 'Taps that had been saved before.', registry=registry)
_untold = Counter(
    'waymark_untold_messages',
    'Messages that other processes were not sent, as Redis did not take them.',
    registry=registry,
)
_written = Histogram(
    'waymark_write_seconds', 'From a write to its receipt.', ['what'], buckets=QUICK, registry=registry
)
_commits = Histogram(
    'waymark_commit_seconds', 'The transaction of some writes with its commit.', buckets=QUICK, registry=registry
)
_shared = Histogram('waymark_commit_writes', 'Writes that share a commit.', buckets=SIZES, registry=registry)
_lag = Histogram(
    'waymark_loop_lag_seconds', 'By how much the event loop was late, once a second.', buckets=QUICK, registry=registry
)
_pauses = Histogram(
    'waymark_collector_pause_seconds', 'How long a garbage collection took.', buckets=QUICK, registry=registry
)
_recalculations = Histogram(
    'waymark_recalculation_seconds', 'How long a recalculation of percentages took.', buckets=QUICK, registry=registry
)
_latest_recalculations: deque[float] = deque(maxlen=MOST_KEPT)
_events: dict[str, Counter] = {}
_of_batches, _of_others = _written.labels('tap'), _written.labels('other')


def line(event: str) -> None:
    """Count a line of the server log."""
    counter = _events.get(event)
    if counter is None:
        counter = _events[event] = _lines.labels(event)
    counter.inc()


def repeated(taps: int) -> None:
    """Count taps that had been saved before and got the same receipt again."""
    _repeated.inc(taps)


def untold(messages: int) -> None:
    """Count messages that could not be sent to the other processes."""
    _untold.inc(messages)


def refused(reason: str) -> None:
    """Count a tap that was refused; the reason is the kind of its error."""
    _refusals.labels(reason).inc()


def written(seconds: float, *, in_batch: bool) -> None:
    """Measure how long somebody has waited for a receipt."""
    (_of_batches if in_batch else _of_others).observe(seconds)


def committed(seconds: float, writes: int) -> None:
    """Measure a transaction of the writer."""
    _commits.observe(seconds)
    _shared.observe(writes)


def loop_was_late(seconds: float) -> None:
    """Measure by how much the event loop was late."""
    _lag.observe(max(0.0, seconds))


def collector_paused(seconds: float) -> None:
    """Measure a garbage collection."""
    _pauses.observe(seconds)


def recalculated(seconds: float) -> None:
    """Measure a recalculation."""
    _recalculations.observe(seconds)
    _latest_recalculations.append(seconds)


def latest_recalculations() -> list[float]:
    """Return how long the latest recalculations of this process took, in seconds, the quickest first."""
    return sorted(_latest_recalculations)
