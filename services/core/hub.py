"""Publishes what was committed to those who listen, in this process and on the event loop.

Who may know of an event is decided in `services.core.audience`; here it is only delivered.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from services.core import audience, watchers
from services.core.audience import Channel, Interest
from services.core.events import CourseChanged, Event, NoticesChanged, ParentsChanged

Watcher = Callable[[Sequence[Event]], None]


@dataclass(frozen=True, slots=True, eq=False)
class _Subscription:
    watcher: Watcher
    course_id: int | None


_subscriptions: defaultdict[Channel, list[_Subscription]] = defaultdict(list)
_everywhere: list[Watcher] = []


def watch(interest: Interest, watcher: Watcher) -> Callable[[], None]:
    """Call `watcher` with every batch of events of an interest; returns the way to stop it."""
    subscription = _Subscription(watcher, interest.course_id)
    for channel in interest.channels:
        _subscriptions[channel].append(subscription)

    def stop() -> None:
        for channel in interest.channels:
            if subscription in _subscriptions.get(channel, ()):
                _subscriptions[channel].remove(subscription)
                if not _subscriptions[channel]:
                    del _subscriptions[channel]

    return stop


def watch_everywhere(watcher: Watcher) -> Callable[[], None]:
    """Call `watcher` with all events, for work of the server itself; returns the way to stop it."""
    return watchers.add(_everywhere, watcher)


def publish(events: Sequence[Event]) -> None:
    """Deliver committed events, in the order in which they were committed, each once to each watcher."""
    batches: dict[_Subscription, list[Event]] = {}
    for event in events:
        for channel in audience.channels(event):
            for subscription in _subscriptions.get(channel, ()):
                if subscription.course_id in (None, event.course_id):
                    batch = batches.setdefault(subscription, [])
                    if not batch or batch[-1] is not event:
                        batch.append(event)
    for subscription, batch in batches.items():
        watchers.tell([subscription.watcher], batch, who='watcher')
    if events:
        watchers.tell(_everywhere, events, who='watcher')


def look_again(among: Collection[int] | None = None) -> int:
    """Let everything that shows a course load it anew, because something was missed; returns how many courses.

    With `among`, only courses of these.
    """
    watched = {each.course_id for listening in _subscriptions.values() for each in listening if each.course_id}
    courses = watched if among is None else watched.intersection(among)
    publish([CourseChanged(course_id=course_id) for course_id in sorted(courses)])
    return len(courses)


def people() -> tuple[int, ...]:
    """Return the ids of the people who have a page open of what is theirs outside of courses, such as their notices."""
    mine = (
        audience.person_of(channel) for channel, each in _subscriptions.items() if any(not a.course_id for a in each)
    )
    return tuple(person for person in mine if person is not None)


def look_again_for(people: Sequence[int]) -> None:
    """Let the pages of people load anew what is theirs outside of courses."""
    if people:
        publish([*(NoticesChanged(user_id=person) for person in people), ParentsChanged(people=tuple(people))])


def forget_all() -> None:
    """Forget all pages and rooms that listen, as when the process stops."""
    _subscriptions.clear()
