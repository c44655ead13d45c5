"""Hands what was committed to the watchers of a course, in this process and on the event loop."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from services.core import server_log
from services.core.events import Event

Watcher = Callable[[Sequence[Event]], None]

_watchers: defaultdict[int, list[Watcher]] = defaultdict(list)
_everywhere: list[Watcher] = []


def watch(course_id: int, watcher: Watcher) -> Callable[[], None]:
    """Call `watcher` with every batch of events of a course; returns the way to stop it."""
    _watchers[course_id].append(watcher)

    def stop() -> None:
        _watchers[course_id].remove(watcher)
        if not _watchers[course_id]:
            del _watchers[course_id]

    return stop


def watch_everywhere(watcher: Watcher) -> Callable[[], None]:
    """Call `watcher` with every batch of events of each course; returns the way to stop it."""
    _everywhere.append(watcher)
    return lambda: _everywhere.remove(watcher)


def publish(events: Sequence[Event]) -> None:
    """Hand committed events on, in the order in which they were committed."""
    by_course: defaultdict[int, list[Event]] = defaultdict(list)
    for event in events:
        if event.course_id is not None:
            by_course[event.course_id].append(event)
    for course_id, its_events in by_course.items():
        for watcher in (*_watchers.get(course_id, ()), *_everywhere):
            try:
                watcher(its_events)
            except Exception as error:  # noqa: BLE001 - it must not keep the receipts from those who wait for them
                server_log.write_problem('watcher failed', error)
